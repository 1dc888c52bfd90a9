/* SPDX-License-Identifier: MIT */
/* userfile.c - answers logons from the account file. How an account is found in
 * it is userfile.h's.
 *
 * A client must not learn from the time which users there are. So the same work is
 * done for an unknown user as for a wrong password: userfile_find gives an account
 * of nobody's, the response is checked against it, and the reason is put into words
 * of the same length. */

#include "config.h"

#include "accounts/source.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/secret.h"
#include "settings/domain.h"
#include "support/failure.h"
#include "userfile/userfile.h"

/* Why a logon is denied, each text as long as the others. */
#define UNKNOWN_USER "unknown user named"
#define WRONG_PASSWORD "wrong password for"
#define EMPTY_PASSWORD "empty password for" /* allow_empty_passwords */
#define NO_PASSWORD "missing NT hash of"

static enum ntlm_error find(const struct account_source_arg *arg,
                            const struct ntlm_logon *logon, struct account *account)
{
    struct domain_names names;
    enum ntlm_error error = NTLM_OK;

    *account = (struct account){.user = NULL};
    if (!domain_names_of_login(arg->settings, logon->user, logon->domain, &names))
        error = fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    if (!error) {
        const struct account_query query = {.user = logon->user,
                                            .domain = logon->domain,
                                            .same_domains = names.domains,
                                            .same_realms = names.realms,
                                            .lm = logon->kind != NTLM_RESPONSE_V2};
        error = userfile_find(arg->file, &query, account);
    }
    domain_names_free(&names);
    return error;
}

/* Why nobody can log in to this account; NULL: somebody can. */
static const char *why_unusable(const struct account *account, bool unknown, bool allow_empty)
{
    if (unknown)
        return UNKNOWN_USER;
    if (!account->has_nt_hash)
        return NO_PASSWORD;
    return account->empty_password && !allow_empty ? EMPTY_PASSWORD : NULL;
}

static enum ntlm_error check(const struct account_source_arg *arg,
                             const struct ntlm_logon *logon, const struct account *account,
                             bool unknown, struct ntlm_logon_keys *keys)
{
    const char *why = why_unusable(account, unknown, arg->settings->allow_empty_passwords);
    enum ntlm_error error = ntlm_logon_check(
        logon, account->nt_hash, account->has_lm_hash ? account->lm_hash : NULL, keys);

    if (error && error != NTLM_ERR_LOGON_DENIED)
        return fail(error, NULL);
    if (error || why)
        return fail(NTLM_ERR_LOGON_DENIED, "%s \"%.128s%s%.128s\" (account file %s)",
                    why ? why : WRONG_PASSWORD, NTLM_LOGON_NAME(logon), arg->file);
    if (account->disabled || account->locked)
        return fail(account->disabled ? NTLM_ERR_ACCOUNT_DISABLED : NTLM_ERR_ACCOUNT_LOCKED,
                    "\"%.128s%s%.128s\" gave the right password", NTLM_LOGON_NAME(logon));
    return NTLM_OK;
}

/* Moves the account's names to the reply. A local account's domain is the computer. */
static enum ntlm_error take_names(struct account *account, const struct ntlm_logon *logon,
                                  struct account_reply *reply)
{
    if (strcmp(account->domain, ".") == 0) {
        free(account->domain);
        account->domain = strdup(logon->server_name);
        if (!account->domain)
            return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    }
    reply->user = account->user;
    reply->domain = account->domain;
    account->user = account->domain = NULL;
    return NTLM_OK;
}

enum ntlm_error accounts_ask_file(const struct account_source_arg *arg,
                                  const struct ntlm_logon *logon, struct account_reply *reply,
                                  bool *unknown)
{
    struct account account;
    enum ntlm_error error = find(arg, logon, &account);

    *unknown = error == NTLM_ERR_NO_SUCH_LINE;
    if (!error || *unknown)
        error = check(arg, logon, &account, *unknown, &reply->keys);
    if (!error)
        error = take_names(&account, logon, reply);
    account_clear(&account);
    *unknown = *unknown && error == NTLM_ERR_LOGON_DENIED;
    return error;
}
