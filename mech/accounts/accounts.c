/* accounts.c - picks the source that answers logons, and answers them from
 * the account file. How an account is found in there is file.h's. */

#include "accounts/accounts.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "accounts/file.h"
#include "failure.h"
#include "ntlm/crypto.h"
#include "ntlm/keys.h"
#include "trace.h"

/* For "%.128s%s%.128s": DOMAIN\user as the peer gave it, or user. */
#define PEER_NAME(logon) (logon)->domain, *(logon)->domain ? "\\" : "", (logon)->user

struct accounts {
    atomic_uint references;
    enum ntlm_error (*answer)(const struct accounts *accounts, const struct ntlm_logon *logon,
                              struct account_reply *reply);
    char *file; /* the account file's name */
};

/* Checks the response for nothing: a name that is unknown, or has no password,
 * takes as long as a wrong password. */
static enum ntlm_error check_nobody(const struct ntlm_logon *logon)
{
    static const uint8_t hash[NTLM_HASH_SIZE];
    struct ntlm_logon_keys keys;
    enum ntlm_error error = ntlm_logon_check(logon, hash, hash, &keys);

    ntlm_cleanse(&keys, sizeof(keys));
    return error == NTLM_OK ? NTLM_ERR_LOGON_DENIED : error;
}

static enum ntlm_error deny(const struct accounts *accounts, const struct ntlm_logon *logon,
                            bool known)
{
    enum ntlm_error error = check_nobody(logon);

    if (error != NTLM_ERR_LOGON_DENIED)
        return fail(error, NULL);
    return fail(error, "%s \"%.128s%s%.128s\" (account file %s)",
                known ? "no password for" : "unknown user", PEER_NAME(logon), accounts->file);
}

static enum ntlm_error check_account(const struct account *account,
                                     const struct ntlm_logon *logon,
                                     struct ntlm_logon_keys *keys)
{
    enum ntlm_error error = ntlm_logon_check(
        logon, account->nt_hash, account->has_lm_hash ? account->lm_hash : NULL, keys);

    if (error == NTLM_ERR_LOGON_DENIED)
        return fail(error, "wrong password for \"%.128s%s%.128s\"", PEER_NAME(logon));
    if (!error && account->disabled)
        return fail(NTLM_ERR_ACCOUNT_DISABLED, "\"%.128s%s%.128s\" gave the right password",
                    PEER_NAME(logon));
    return error ? fail(error, NULL) : NTLM_OK;
}

/* The account's names go over to the reply. */
static void take_names(struct account *account, struct account_reply *reply)
{
    reply->user = account->user;
    reply->domain = account->domain;
    account->user = account->domain = NULL;
}

static enum ntlm_error answer_from_file(const struct accounts *accounts,
                                        const struct ntlm_logon *logon,
                                        struct account_reply *reply)
{
    struct account account;
    enum ntlm_error error =
        account_file_find(accounts->file, logon->user, logon->domain, &account);

    if (error == NTLM_ERR_NO_SUCH_LINE)
        return deny(accounts, logon, false);
    if (error)
        return error;
    error = account.has_nt_hash ? check_account(&account, logon, &reply->keys)
                                : deny(accounts, logon, true);
    if (!error)
        take_names(&account, reply);
    account_clear(&account);
    return error;
}

enum ntlm_error accounts_open(const struct settings *settings, const char *file,
                              struct accounts **accounts)
{
    const char *name = file ? file : settings->account_file;
    enum ntlm_error error;
    struct accounts *made;

    *accounts = NULL;
    if (!name)
        return fail(NTLM_ERR_NO_ACCOUNTS, NULL);
    error = account_file_check(name);
    if (error)
        return error;
    made = calloc(1, sizeof(*made));
    if (made)
        made->file = strdup(name);
    if (!made || !made->file) {
        free(made);
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    }
    atomic_init(&made->references, 1);
    made->answer = answer_from_file;
    *accounts = made;
    return NTLM_OK;
}

struct accounts *accounts_ref(struct accounts *accounts)
{
    atomic_fetch_add(&accounts->references, 1);
    return accounts;
}

void accounts_close(struct accounts *accounts)
{
    if (!accounts || atomic_fetch_sub(&accounts->references, 1) != 1)
        return;
    free(accounts->file);
    free(accounts);
}

enum ntlm_error accounts_logon(struct accounts *accounts, const struct ntlm_logon *logon,
                               struct account_reply *reply)
{
    enum ntlm_error error;

    memset(reply, 0, sizeof(*reply));
    error = accounts->answer(accounts, logon, reply);
    if (error)
        account_reply_clear(reply);
    else
        trace("accounts: \"%s%s%s\" is let in", reply->domain, *reply->domain ? "\\" : "",
              reply->user);
    return error;
}

void account_reply_clear(struct account_reply *reply)
{
    free(reply->user);
    free(reply->domain);
    ntlm_cleanse(reply, sizeof(*reply));
}
