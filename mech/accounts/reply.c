/* SPDX-License-Identifier: MIT */
/* reply.c - the end of a reply. */

#include "config.h"

#include "accounts/reply.h"

#include <stdlib.h>

#include "ntlm/secret.h"

void account_reply_clear(struct account_reply *reply)
{
    free(reply->user);
    free(reply->domain);
    for (char **sid = reply->sids; sid && *sid; sid++)
        free(*sid);
    free(reply->sids);
    ntlm_cleanse(reply, sizeof(*reply));
}
