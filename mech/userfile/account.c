/* SPDX-License-Identifier: MIT */
/* account.c - the flags of an account, and its end. */

#include "config.h"

#include "userfile/account.h"

#include <stdlib.h>

#include "ntlm/secret.h"

/* Databases have these numbers in them: they stay as they are. */
enum { HAS_NT_HASH = 1, HAS_LM_HASH = 2, DISABLED = 4, LOCKED = 8, EMPTY_PASSWORD = 16 };

uint8_t account_flags(const struct account *account)
{
    return (uint8_t)((account->has_nt_hash ? HAS_NT_HASH : 0) |
                     (account->has_lm_hash ? HAS_LM_HASH : 0) |
                     (account->disabled ? DISABLED : 0) | (account->locked ? LOCKED : 0) |
                     (account->empty_password ? EMPTY_PASSWORD : 0));
}

void account_set_flags(struct account *account, uint8_t flags)
{
    account->has_nt_hash = flags & HAS_NT_HASH;
    account->has_lm_hash = flags & HAS_LM_HASH;
    account->disabled = flags & DISABLED;
    account->locked = flags & LOCKED;
    account->empty_password = flags & EMPTY_PASSWORD;
}

void account_clear(struct account *account)
{
    free(account->user);
    free(account->domain);
    ntlm_cleanse(account, sizeof(*account));
}
