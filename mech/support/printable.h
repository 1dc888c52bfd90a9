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

/* The same for a value in double quotes. Besides, quotes and backslashes become \" and
 * \\, and outside of ASCII only letters, digits, and the marks on a letter stay as they
 * are: nothing that turns the line's direction, looks like a quote or a blank, or cannot be
 * seen. What is cut ends with "\...", which no text becomes. out_size: 8 or more. */
size_t printable_quoted(const char *text, char *out, size_t out_size);

#endif
