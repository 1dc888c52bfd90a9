/* SPDX-License-Identifier: MIT */
/* accounts.h - the accounts that may log in to an acceptor. A logon (ntlm/logon.h)
 * is answered by the first source that knows the user: the account file, or a
 * domain controller through winbind, in the order of settings/sources.h. An
 * `accounts` object is immutable and may serve many contexts and threads at once.
 * Failures are recorded with their detail (failure.h). */

#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "accounts/reply.h"
#include "ntlm/logon.h"
#include "settings/settings.h"
#include "winbind/domain.h"

struct accounts;

/* Opens the sources: the account file `file` when not NULL; else those of
 * settings/sources.h. NTLM_ERR_NO_ACCOUNTS (quiet and fast) when there is none,
 * NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_FILE_INSECURE, with the file's name. */
enum ntlm_error accounts_open(const struct settings *settings, const char *file,
                              struct accounts **accounts);
struct accounts *accounts_ref(struct accounts *accounts);
void accounts_close(struct accounts *accounts); /* drops a reference; NULL is fine */

/* The domain of the domain controller that decides; NULL when none does, or winbind
 * cannot be asked. A reference, for winbind_domain_put. */
const struct winbind_domain *accounts_domain(const struct accounts *accounts);

/* Answers the request. The settings say which names are one domain's and whether a
 * password may be empty. NTLM_ERR_LOGON_DENIED for an unknown user as for a
 * wrong password, in the same time (the detail tells the server's
 * administrator which); NTLM_ERR_ACCOUNT_DISABLED and the like only after the
 * right password. On NTLM_OK the caller clears *reply; after an error only its source
 * is there. */
enum ntlm_error accounts_logon(struct accounts *accounts, const struct settings *settings,
                               const struct ntlm_logon *logon, struct account_reply *reply);

#endif
