/* SPDX-License-Identifier: MIT */
/* winbind.c - answers logons with what winbind says of them. */

#include "config.h"

#include "accounts/source.h"
#include "winbind/logon.h"

enum ntlm_error accounts_ask_winbind(const struct account_source_arg *arg,
                                     const struct ntlm_logon *logon,
                                     struct account_reply *reply, bool *unknown)
{
    struct winbind_account account;
    enum ntlm_error error = winbind_logon(arg->winbind_timeout, logon, &account, unknown);

    if (error)
        return error;
    reply->keys = account.keys;
    reply->user = account.user;
    reply->domain = account.domain;
    reply->sids = account.sids;
    account.user = account.domain = NULL; /* these are the reply's now */
    account.sids = NULL;
    winbind_account_clear(&account);
    return NTLM_OK;
}
