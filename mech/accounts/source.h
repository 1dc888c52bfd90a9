/* SPDX-License-Identifier: MIT */
/* source.h - the sources of accounts, each of which answers a logon as
 * accounts_logon does and says whether it knows the user at all. For
 * accounts.c alone. */

#ifndef ACCOUNTS_SOURCE_H
#define ACCOUNTS_SOURCE_H

#include "accounts/accounts.h"

/* For "%.128s%s%.128s": DOMAIN\user as the peer gave it, or user. */
#define PEER_NAME(logon) (logon)->domain, *(logon)->domain ? "\\" : "", (logon)->user

/* From the account file (file.h). For a user who is not there *unknown is set
 * beside NTLM_ERR_LOGON_DENIED, after the same time. */
enum ntlm_error file_logon(const char *file, const struct ntlm_logon *logon,
                           struct account_reply *reply, bool *unknown);

/* From a domain controller, through winbind, within that many seconds.
 * NTLM_ERR_ACCOUNT_DISABLED and kin as it has them, NTLM_ERR_LOGON_REFUSED for
 * its reasons that have no error of their own here, NTLM_ERR_NO_AUTHORITY when
 * it cannot be asked. */
enum ntlm_error winbind_logon(unsigned seconds, const struct ntlm_logon *logon,
                              struct account_reply *reply, bool *unknown);

#endif
