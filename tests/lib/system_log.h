/* SPDX-License-Identifier: MIT */
/* system_log.h - the system's log, as a test plays it: a socket at some path, and what came
 * in there. In a mount namespace of the program's own it can be the journal's or syslog's
 * very path. */

#ifndef SYSTEM_LOG_H
#define SYSTEM_LOG_H

#include <stdbool.h>

/* For main, as its first act, while there is one thread: an empty /run, and a /dev in which
 * sockets can be made, for this program alone. False when that needs rights that it
 * has not. */
bool system_log_begin(void);

/* Listens there, with a socket of this type; the descriptor is the caller's. What was
 * there is removed. */
int system_log_listen(const char *path, int type);

/* The next record that came in, its NULs as newlines; "" when there is none. Until the
 * next call. */
const char *system_log_next(int fd);

#endif
