/* SPDX-License-Identifier: MIT */
/* printable.h - text that came from a peer or a file, made fit for a line of
 * a log or an error message. */

#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stddef.h>

/* Copies `text` into out (always terminated, cut where it does not fit).
 * Control characters and what is not valid UTF-8 become \xNN, so that no name
 * can forge a line of a log or steer a terminal. Returns the length. */
size_t printable(const char *text, char *out, size_t out_size);

/* The same for a value in double quotes, of a pair name="value". Besides, quotes,
 * backslashes and equals signs become \", \\ and \=, and outside of ASCII only letters,
 * digits, and the marks on a letter stay as they are: nothing that turns the line's
 * direction, looks like a blank, or cannot be seen. Some letters look like a quote; but
 * without an equals sign no text looks like another pair. What is cut ends with "\...",
 * which no text becomes. out_size: 8 or more. */
size_t printable_quoted(const char *text, char *out, size_t out_size);

#endif
