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

#endif
