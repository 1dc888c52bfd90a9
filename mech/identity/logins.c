/* SPDX-License-Identifier: MIT */
/* logins.c - reading all logins, and choosing one. How one is stored or removed is in
 * logins_store.c. */

#include "config.h"

#include "identity/logins.h"

#include <stdlib.h>
#include <string.h>

#include "identity/object.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"
#include "settings/domain.h"
#include "support/failure.h"
#include "support/host.h"
#include "support/system.h"
#include "support/trace.h"

void logins_clear(struct logins *logins)
{
    for (size_t i = 0; i < logins->count; i++)
        login_clear(&logins->items[i]);
    free(logins->items);
    *logins = (struct logins){.count = 0};
}

static enum ntlm_error read_all(const keyring_serial *keys, size_t count, struct logins *logins)
{
    enum ntlm_error error = NTLM_OK;

    logins->items = calloc(count, sizeof(*logins->items));
    if (!logins->items)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    for (size_t i = 0; i < count && !error; i++) {
        struct login *login = &logins->items[logins->count];
        error = login_read(keys[i], login);
        if (!error && login->user)
            logins->count++;
    }
    return error;
}

enum ntlm_error logins_load(enum login_keyring keyring, struct logins *logins)
{
    keyring_serial ring, *keys = NULL;
    size_t count = 0;
    enum ntlm_error error = keyring_find(keyring, &ring);

    *logins = (struct logins){.count = 0};
    if (!error && ring != 0)
        error = keyring_list(ring, &keys, &count);
    if (!error && count > 0)
        error = read_all(keys, count, logins);
    free(keys);
    if (error)
        logins_clear(logins);
    return error;
}

/* What a login is looked for by. */
struct query {
    const struct settings *settings;
    const char *user, *domain; /* user NULL: any; domain "": any */
    const char *host;          /* upper-cased; NULL: not known */
    uint64_t now;
};

/* "user@realm" is also the user of that domain. */
static bool is_principal(const struct query *query, const struct login *login)
{
    const char *at = strrchr(query->user, '@');
    size_t len = at ? (size_t)(at - query->user) : 0;
    char *user;
    bool is;

    if (!at || *query->domain || !*login->domain || strlen(login->user) != len)
        return false;
    user = strndup(query->user, len);
    is = user && ntlm_text_same(user, login->user) &&
         domain_same(query->settings, at + 1, login->domain);
    free(user);
    return is;
}

/* A login without a domain is good for any, as an account file's line is. */
static bool is_user(const struct query *query, const struct login *login)
{
    if (!query->user)
        return !*query->domain || !*login->domain ||
               domain_same(query->settings, query->domain, login->domain);
    if (!ntlm_text_same(query->user, login->user))
        return is_principal(query, login);
    return !*query->domain || !*login->domain ||
           domain_same(query->settings, query->domain, login->domain);
}

static bool is_expired(const struct query *query, const struct login *login)
{
    return login->expires != 0 && login->expires <= query->now;
}

/* How closely a target is described; a whole name more closely than any pattern. */
static size_t closeness(const struct login *login)
{
    return strchr(login->target, '*') ? strlen(login->target) - 1 : SIZE_MAX;
}

/* A login for this host whose time is over is not passed over: another would be chosen
 * that was not meant for it. */
static bool is_better(const struct query *query, const struct login *a, const struct login *b)
{
    if (query->host && closeness(a) != closeness(b))
        return closeness(a) > closeness(b);
    if (!query->host && is_expired(query, a) != is_expired(query, b))
        return is_expired(query, b);
    if (!query->host && (closeness(a) == 0) != (closeness(b) == 0))
        return closeness(a) == 0;
    return a->rank > b->rank;
}

static const struct login *choose(const struct query *query, const struct logins *logins)
{
    const struct login *best = NULL;

    for (size_t i = 0; i < logins->count; i++) {
        const struct login *login = &logins->items[i];
        if (is_user(query, login) &&
            (!query->host || host_matches(login->target, query->host)) &&
            (!best || is_better(query, login, best)))
            best = login;
    }
    return best;
}

static enum ntlm_error make_identity(const struct query *query, const struct login *login,
                                     const uint8_t nt_hash[NTLM_HASH_SIZE],
                                     struct identity **identity)
{
    enum ntlm_error error =
        identity_new(login->user, *login->domain ? login->domain : query->domain, identity);

    if (error)
        return error;
    memcpy((*identity)->nt_hash, nt_hash, NTLM_HASH_SIZE);
    (*identity)->expires = login->expires;
    (*identity)->target = strdup(login->target);
    error = (*identity)->target ? identity_make_ntowfv2(*identity) : NTLM_ERR_OUT_OF_MEMORY;
    if (error) {
        identity_release(*identity);
        *identity = NULL;
        return fail(error, NULL);
    }
    trace("identity: user \"%s%s%s\", logged in for %s", (*identity)->domain,
          *(*identity)->domain ? "\\" : "", (*identity)->user, login->target);
    return NTLM_OK;
}

static enum ntlm_error expired(const struct login *login)
{
    return fail(NTLM_ERR_LOGIN_EXPIRED, "%.128s%s%.128s for %.128s", login->domain,
                *login->domain ? "\\" : "", login->user, login->target);
}

static enum ntlm_error none_fits(const struct query *query, const struct logins *logins)
{
    if (logins->count == 0)
        return NTLM_ERR_NO_IDENTITY;
    if (query->host && !*query->host)
        return fail(NTLM_ERR_NO_IDENTITY, "the program names no server, and no login is for "
                                          "all of them");
    return fail(NTLM_ERR_NO_IDENTITY, "no login is for %s%s%.128s",
                query->user ? query->user : "", query->user && query->host ? " at " : "",
                query->host ? query->host : "");
}

/* *gone: the login was replaced while it was read. */
static enum ntlm_error find(const struct query *query, struct identity **identity, bool *gone)
{
    struct logins logins;
    const struct login *login = NULL;
    uint8_t nt_hash[NTLM_HASH_SIZE];
    enum ntlm_error error = logins_load(query->settings->login_keyring, &logins);
    bool there = false;

    *gone = false;
    if (!error) {
        login = choose(query, &logins);
        if (!login)
            error = none_fits(query, &logins);
        else if (is_expired(query, login))
            error = expired(login);
        else
            error = login_read_hash(login, nt_hash, &there);
    }
    if (!error && !there) {
        *gone = true;
        error = expired(login);
    }
    if (!error)
        error = make_identity(query, login, nt_hash, identity);
    ntlm_cleanse(nt_hash, sizeof(nt_hash));
    logins_clear(&logins);
    return error;
}

enum ntlm_error logins_find(const struct settings *settings, const char *user,
                            const char *domain, const char *host, struct identity **identity)
{
    struct query query = {
        .settings = settings, .user = user, .domain = domain, .now = system_now()};
    enum ntlm_error error = NTLM_OK;
    char *upper = NULL;
    bool gone;

    *identity = NULL;
    if (host)
        error = ntlm_text_upper(host, &upper);
    if (error)
        return fail(error, NULL);
    query.host = upper;
    error = find(&query, identity, &gone);
    if (gone)
        error = find(&query, identity, &gone);
    free(upper);
    return error;
}
