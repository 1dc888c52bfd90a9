/* SPDX-License-Identifier: MIT */
/* userfile_fixture.h - an account file in the scratch directory: writing it in this
 * way or that, asking it, and counting what was traced of it. */

#ifndef USERFILE_FIXTURE_H
#define USERFILE_FIXTURE_H

#include "userfile_query.h"

extern const char *accounts; /* its path */

/* Writes it whole. */
void begin(const char *text);
/* As mv does, of a file beside it. */
void rename_over(const char *text);
/* Opens the file that is there, for writing from its start or, with these flags
 * of open, at its end or without what it has. */
int open_in_place(int flags);
void put(int fd, const char *text);
void write_in_place(int flags, const char *text);
/* As if nobody had written to it for a minute. */
void let_time_pass(void);

/* Whether DOM\user of this file has this password. */
bool has(const char *path, const char *user, const char *password);
/* What comes of looking for DOM\user. */
enum ntlm_error error_of(const char *user);
bool knows(const char *user);

/* Begins a new log; how often this part of a line is in it. */
void begin_trace(void);
int count_traced(const char *part);

#endif
