/* SPDX-License-Identifier: MIT */
/* source.h - the sources of accounts. Each answers a logon as accounts_logon does
 * and sets *unknown if it has no such user, so that accounts.c asks the next one. */

#ifndef ACCOUNTS_SOURCE_H
#define ACCOUNTS_SOURCE_H

#include "accounts/reply.h"

/* What the sources need besides the logon. */
struct account_source_arg {
    const char *file; /* the account file; NULL where it is no source */
    const struct settings *settings;
    unsigned winbind_timeout; /* seconds */
};

/* From the account file. An unknown user gets NTLM_ERR_LOGON_DENIED after the
 * same time as a wrong password. Further errors: userfile.h's. */
enum ntlm_error accounts_ask_file(const struct account_source_arg *arg,
                                  const struct ntlm_logon *logon, struct account_reply *reply,
                                  bool *unknown);

/* From a domain controller through winbind, with at most winbind_timeout
 * seconds to wait. Errors: those of winbind_logon. */
enum ntlm_error accounts_ask_winbind(const struct account_source_arg *arg,
                                     const struct ntlm_logon *logon,
                                     struct account_reply *reply, bool *unknown);

#endif
