/* SPDX-License-Identifier: MIT */
/* account.c - the end of an account. */

#include "config.h"

#include "userfile/account.h"

#include <stdlib.h>

#include "ntlm/secret.h"

void account_clear(struct account *account)
{
    free(account->user);
    free(account->domain);
    ntlm_cleanse(account, sizeof(*account));
}
