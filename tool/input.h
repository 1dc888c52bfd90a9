/* SPDX-License-Identifier: MIT */
/* input.h - reads standard input, or a file, whole. */

#ifndef TOOL_INPUT_H
#define TOOL_INPUT_H

#include <stddef.h>

#include "output.h"

#define INPUT_MAX ((size_t)16 << 20) /* bytes */

/* Reads fd to its end. The caller frees *data in any case; it has a NUL behind it.
 * `name` is for the error texts about what cannot be read and about more than INPUT_MAX. */
enum exit_status input_read(int fd, const char *name, char **data, size_t *len);

#endif
