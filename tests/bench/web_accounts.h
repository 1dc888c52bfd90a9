/* SPDX-License-Identifier: MIT */
/* web_accounts.h - who logs in to the servers of web.c, with what must come of it, and each
 * server's account file, which changes meanwhile. What cannot be set up ends the program.
 *
 * A file has the same users always, and CHANGING_USER, whose password is another one after
 * each change. A login of that user that begins after a change is over, and ends before the
 * next one begins, has to go by the new password. */

#ifndef WEB_ACCOUNTS_H
#define WEB_ACCOUNTS_H

#include <gssapi/gssapi.h>

_Noreturn void die(const char *what);

extern gss_OID_desc web_ntlm, web_spnego;

enum verdict { LET_IN, REFUSED, EITHER };

struct attempt {
    gss_cred_id_t credential; /* the accounts' own */
    const char *user;         /* without a domain */
    enum verdict expected;    /* if no change comes between */
    unsigned state;           /* what changes when one does; 0: does not matter */
};

/* How a file is changed: by a new one that is renamed onto it, or that in turn with
 * `gss-negotiate account add --replace`. A database: by that and `account import`. */
enum change { CHANGE_NEVER, CHANGE_BY_RENAME, CHANGE_IN_TURN, CHANGE_DATABASE };

struct accounts;

/* tool: gss-negotiate; path: the account file, which is written at once. */
struct accounts *accounts_open(const char *tool, const char *path, enum change how);
void accounts_close(struct accounts *accounts);

/* Changes the file every second, in a thread of its own, until told to stop. */
void accounts_start(struct accounts *accounts);
void accounts_stop(struct accounts *accounts);
unsigned accounts_changes(const struct accounts *accounts);

/* The attempt of this number. One in eight has a wrong password, one in 16 an unknown user;
 * one in eight is CHANGING_USER's, half of them with the password before. */
struct attempt accounts_attempt(const struct accounts *accounts, unsigned number);

/* What must have come of it, at its end. */
enum verdict accounts_verdict(const struct accounts *accounts, const struct attempt *attempt);

#endif
