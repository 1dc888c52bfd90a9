/* SPDX-License-Identifier: MIT */
/* reply.h - what a source of accounts says of a logon that succeeded. */

#ifndef ACCOUNTS_REPLY_H
#define ACCOUNTS_REPLY_H

#include "ntlm/logon.h"

struct account_reply {
    const char *source;          /* which source answered, for people: static; after an
                                  * error too, NULL if none was asked */
    struct ntlm_logon_keys keys; /* secret */
    char *user, *domain;         /* the account's own names; domain may be "" */
    char **sids;                 /* the account's and then its groups', NULL-terminated; NULL
                                  * when the source has none */
};

void account_reply_clear(struct account_reply *reply); /* cleanses and frees */

#endif
