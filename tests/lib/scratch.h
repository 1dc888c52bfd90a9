/* SPDX-License-Identifier: MIT */
/* scratch.h - a directory for the files of one test program, gone when the
 * program ends. The paths returned are the scratch's and stay. */

#ifndef SCRATCH_H
#define SCRATCH_H

/* For main, before the tests run. Once is enough. */
void scratch_begin(void);
/* The path of `name` in the directory, whether or not it is there. */
const char *scratch_path(const char *name);
/* Writes a whole file, mode 0600, and gives its path. */
const char *scratch_write(const char *name, const char *text);
const char *scratch_write_bytes(const char *name, const void *data, unsigned long len);
/* The whole file, terminated; "" when there is none. Until the next call. */
const char *scratch_read(const char *name);

#endif
