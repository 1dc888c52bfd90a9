/* SPDX-License-Identifier: MIT */
/* userfile_lookup.c - asks the file, and looks at the answer. */

#include "config.h"

#include "userfile_lookup.h"

#include <string.h>

#include "ntlm/keys.h"
#include "scratch.h"
#include "suite.h"

const char *file_of(const char *text)
{
    return scratch_write("accounts", text);
}

bool has_password(const struct account *account, const char *password)
{
    uint8_t hash[16];

    ck_assert_int_eq(ntlm_nt_hash(password, strlen(password), hash), NTLM_OK);
    return account->has_nt_hash && memcmp(account->nt_hash, hash, sizeof(hash)) == 0;
}

void finds(const char *path, const char *user, const char *domain, const char *password)
{
    struct account account;

    ck_assert_int_eq(userfile_find(path, &LM_QUERY(user, domain), &account), NTLM_OK);
    ck_assert_msg(has_password(&account, password), "%s\\%s is not the one with %s", domain,
                  user, password);
    account_clear(&account);
}

void finds_none(const char *path, const char *user, const char *domain)
{
    struct account account;

    ck_assert_int_eq(userfile_find(path, &LM_QUERY(user, domain), &account),
                     NTLM_ERR_NO_SUCH_LINE);
    ck_assert(!account.has_nt_hash && !account.has_lm_hash);
    account_clear(&account);
}
