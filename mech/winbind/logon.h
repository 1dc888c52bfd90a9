/* SPDX-License-Identifier: MIT */
/* logon.h - logons that a domain controller decides, through winbind. */

#ifndef WINBIND_LOGON_H
#define WINBIND_LOGON_H

#include "ntlm/logon.h"

/* The account of a logon that succeeded. */
struct winbind_account {
    struct ntlm_logon_keys keys; /* secret */
    char *user, *domain;         /* as the domain writes them */
    char **sids;                 /* the account's, then its groups', as text;
                                  * NULL-terminated */
};

/* Asks, and waits `seconds` at most. NTLM_ERR_LOGON_DENIED, with *unknown set if
 * the domain has no such user; NTLM_ERR_ACCOUNT_DISABLED and the like as the
 * domain controller says; NTLM_ERR_LOGON_REFUSED for its reasons that have no
 * error of their own here; NTLM_ERR_NO_AUTHORITY when it cannot be asked;
 * NTLM_ERR_OUT_OF_MEMORY; recorded. On NTLM_OK the caller clears *account. Safe
 * from any thread. */
enum ntlm_error winbind_logon(unsigned seconds, const struct ntlm_logon *logon,
                              struct winbind_account *account, bool *unknown);
void winbind_account_clear(struct winbind_account *account); /* cleanses and frees */

#endif
