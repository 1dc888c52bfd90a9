/* SPDX-License-Identifier: MIT */
/* userfile.c - answers logons from the account file. How an account is found in
 * it is userfile.h's. */

#include "config.h"

#include "accounts/source.h"

#include <stdlib.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "support/failure.h"
#include "userfile/userfile.h"

/* Checks the response in vain, so that an unknown user, or one without a password,
 * takes as long as a wrong password. */
static enum ntlm_error check_nobody(const struct ntlm_logon *logon)
{
    static const uint8_t hash[NTLM_HASH_SIZE];
    struct ntlm_logon_keys keys;
    enum ntlm_error error = ntlm_logon_check(logon, hash, hash, &keys);

    ntlm_cleanse(&keys, sizeof(keys));
    return error ? error : NTLM_ERR_LOGON_DENIED;
}

static enum ntlm_error deny(const char *file, const struct ntlm_logon *logon, bool known)
{
    enum ntlm_error error = check_nobody(logon);

    if (error != NTLM_ERR_LOGON_DENIED)
        return fail(error, NULL);
    return fail(error, "%s \"%.128s%s%.128s\" (account file %s)",
                known ? "no password for" : "unknown user", NTLM_LOGON_NAME(logon), file);
}

static enum ntlm_error check_account(const char *file, const struct account *account,
                                     const struct ntlm_logon *logon,
                                     struct ntlm_logon_keys *keys)
{
    enum ntlm_error error = ntlm_logon_check(
        logon, account->nt_hash, account->has_lm_hash ? account->lm_hash : NULL, keys);

    if (error == NTLM_ERR_LOGON_DENIED)
        return fail(error, "wrong password for \"%.128s%s%.128s\" (account file %s)",
                    NTLM_LOGON_NAME(logon), file);
    if (error)
        return fail(error, NULL);
    if (account->disabled || account->locked)
        return fail(account->disabled ? NTLM_ERR_ACCOUNT_DISABLED : NTLM_ERR_ACCOUNT_LOCKED,
                    "\"%.128s%s%.128s\" gave the right password", NTLM_LOGON_NAME(logon));
    return NTLM_OK;
}

/* Moves the account's names to the reply. */
static void take_names(struct account *account, struct account_reply *reply)
{
    reply->user = account->user;
    reply->domain = account->domain;
    account->user = account->domain = NULL;
}

enum ntlm_error accounts_ask_file(const char *file, const struct ntlm_logon *logon,
                                  struct account_reply *reply, bool *unknown)
{
    bool lm = logon->kind != NTLM_RESPONSE_V2; /* NTLMv2 needs no LM hash */
    struct account account;
    enum ntlm_error error =
        (lm ? userfile_find : userfile_find_nt)(file, logon->user, logon->domain, &account);

    *unknown = false;
    if (error == NTLM_ERR_NO_SUCH_LINE) {
        error = deny(file, logon, false);
        *unknown = error == NTLM_ERR_LOGON_DENIED;
    }
    if (error)
        return error;
    error = account.has_nt_hash ? check_account(file, &account, logon, &reply->keys)
                                : deny(file, logon, true);
    if (!error)
        take_names(&account, reply);
    account_clear(&account);
    return error;
}
