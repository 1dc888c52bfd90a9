/* SPDX-License-Identifier: MIT */
/* login.h - logins of users of a large account file, for accounts.c and stores.c. What goes
 * wrong in setting one up ends the program. */

#ifndef LOGIN_H
#define LOGIN_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* User `number` of so many, and its password. */
#define ACCOUNT_FORMAT "EXAMPLE%cuser%07lu"
#define PASSWORD_FORMAT "secret%07lu"

_Noreturn void die(const char *what);

/* A file with the lines of the users 0 to count - 1. */
void write_text(const char *path, unsigned long count);

/* An acceptor's credential whose accounts are in this file, which is not yet read. */
gss_cred_id_t server_with(const char *path);

/* One login of this user; *taken is the acceptor's time for it, in seconds of this clock
 * (clock.h). False: the acceptor refused it. */
bool log_in(gss_cred_id_t server, unsigned long number, double (*clock)(void), double *taken);

#endif
