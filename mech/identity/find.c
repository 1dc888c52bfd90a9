/* SPDX-License-Identifier: MIT */
/* find.c - looks for an identity in the sources: the user's file, the logins of the
 * keyring, and winbind for who logged in through it. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "identity/logins.h"
#include "identity/object.h"
#include "settings/domain.h"
#include "settings/sources.h"
#include "support/failure.h"
#include "support/trace.h"
#include "support/username.h"
#include "userfile/userfile.h"
#include "winbind/user.h"
#include "winbind/winbind.h"

/* A line without a domain is good for any: the identity gets the one that was asked
 * for. */
static enum ntlm_error from_account(const struct account *account, const char *domain,
                                    const char *path, struct identity **identity)
{
    enum ntlm_error error;

    if (!account->has_nt_hash)
        return fail(NTLM_ERR_NO_IDENTITY, "\"%.128s\" has no password in %s", account->user,
                    path);
    error = identity_new(account->user, *account->domain ? account->domain : domain, identity);
    if (error)
        return error;
    memcpy((*identity)->nt_hash, account->nt_hash, NTLM_HASH_SIZE);
    memcpy((*identity)->lm_hash, account->lm_hash, NTLM_HASH_SIZE);
    (*identity)->has_lm_hash = account->has_lm_hash;
    error = identity_make_ntowfv2(*identity);
    if (error) {
        identity_release(*identity);
        *identity = NULL;
        return fail(error, NULL);
    }
    trace("identity: user \"%s%s%s\" of %s", (*identity)->domain,
          *(*identity)->domain ? "\\" : "", (*identity)->user, path);
    return NTLM_OK;
}

/* What the sources are asked for. */
struct request {
    const struct settings *settings;
    const char *file;          /* the caller's, which is then the only source; NULL: none */
    const char *user, *domain; /* NULL: our own; "": any */
    const char *host;          /* NULL: not known */
};

/* LM hashes are needed for responses older than NTLMv2. */
static enum ntlm_error find_account(const struct request *request, const char *path,
                                    struct account *account)
{
    const struct settings *settings = request->settings;
    struct domain_names names;
    enum ntlm_error error = NTLM_OK;

    *account = (struct account){.user = NULL};
    if (!domain_names_of_login(settings, request->user, request->domain, &names))
        error = fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    if (!error) {
        const struct account_query query = {.user = request->user,
                                            .domain = request->domain,
                                            .same_domains =
                                                *request->domain ? names.domains : NULL,
                                            .same_realms = names.realms,
                                            .lm = settings->lm_compat_level < 3};
        error = userfile_find(path, &query, account);
    }
    domain_names_free(&names);
    return error;
}

static enum ntlm_error from_file(const struct request *request, const char *path,
                                 struct identity **identity)
{
    struct account account;
    enum ntlm_error error = find_account(request, path, &account);

    if (error == NTLM_ERR_NO_SUCH_LINE)
        error = userfile_no_such_line(path, request->user, request->domain);
    if (!error)
        error = from_account(&account, request->domain, path, identity);
    account_clear(&account);
    return error;
}

static enum ntlm_error from_winbind(const struct request *request, struct identity **identity)
{
    unsigned timeout = request->settings->winbind_timeout;
    char *user, *domain;
    enum ntlm_error error =
        winbind_user_find(timeout, request->user, request->domain, &user, &domain);

    if (!error)
        error = identity_new(user, domain, identity);
    if (!error) {
        (*identity)->winbind_timeout = timeout;
        trace("identity: user \"%s\\%s\", with the password that winbind has", domain, user);
    }
    free(user);
    free(domain);
    return error;
}

static enum ntlm_error from_source(const struct request *request, enum account_source source,
                                   struct identity **identity)
{
    switch (source) {
    case ACCOUNTS_IN_WINBIND:
        return from_winbind(request, identity);
    case ACCOUNTS_IN_KEYRING:
        return logins_find(request->settings, request->user, request->domain, request->host,
                           identity);
    case ACCOUNTS_IN_FILE:
    case ACCOUNT_SOURCE_COUNT:
        break;
    }
    return from_file(request, request->settings->user_file, identity);
}

static bool is_unknown(enum ntlm_error error)
{
    return error == NTLM_ERR_NO_IDENTITY || error == NTLM_ERR_NO_SUCH_LINE;
}

/* From the first source that has the user. A keyring in which he is not says nothing of
 * why he was not found before. */
static enum ntlm_error from_sources(const struct request *request, struct identity **identity)
{
    const struct settings *settings = request->settings;
    struct source_order order;
    enum ntlm_error error;

    if (request->file)
        return from_file(request, request->file, identity);
    order = settings_identity_sources(settings, winbind_is_there);
    error = order.count > 0 ? NTLM_ERR_NO_IDENTITY : fail(NTLM_ERR_NO_IDENTITY, NULL);
    for (size_t i = 0; i < order.count && is_unknown(error); i++) {
        enum ntlm_error found = from_source(request, order.sources[i], identity);
        if (order.sources[i] != ACCOUNTS_IN_KEYRING || !is_unknown(found))
            error = found;
    }
    return error;
}

static enum ntlm_error find_parsed(const struct request *request, enum username_split split,
                                   struct identity **identity)
{
    struct request parsed = *request;
    struct username own;
    enum ntlm_error error = username_parse(request->settings->user, split, &own);

    if (error)
        return error;
    parsed.user = own.user;
    if (!*parsed.domain)
        parsed.domain = own.domain;
    error = from_sources(&parsed, identity);
    free(own.memory);
    return error;
}

/* NTLMUSER, in the domain that was asked for, or else in the one that it names. A
 * user@suffix that is not found as it is read may be meant the other way. */
static enum ntlm_error find_own(const struct request *request, struct identity **identity)
{
    const enum username_split split = (enum username_split)request->settings->split_user_at;
    enum ntlm_error error = find_parsed(request, split, identity);

    if (is_unknown(error) && !username_is_plain(request->settings->user))
        error = find_parsed(request, USERNAME_SPLIT_ALWAYS, identity);
    if (is_unknown(error) && !username_is_plain(request->settings->user))
        error = find_parsed(request, USERNAME_SPLIT_NEVER, identity);
    return error;
}

static enum ntlm_error find(const struct request *request, struct identity **identity)
{
    *identity = NULL;
    if (!request->user && request->settings->user)
        return find_own(request, identity);
    return from_sources(request, identity);
}

enum ntlm_error identity_find(const struct settings *settings, const char *file,
                              const char *user, const char *domain, struct identity **identity)
{
    const struct request request = {
        .settings = settings, .file = file, .user = user, .domain = domain ? domain : ""};

    return find(&request, identity);
}

enum ntlm_error identity_find_for_host(const struct settings *settings, const char *user,
                                       const char *domain, const char *host,
                                       struct identity **identity)
{
    const struct request request = {
        .settings = settings, .user = user, .domain = domain ? domain : "", .host = host};

    return find(&request, identity);
}
