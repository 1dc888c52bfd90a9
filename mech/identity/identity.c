/* SPDX-License-Identifier: MIT */
/* identity.c - a user's name with the hashes of the password, or with winbind, which
 * has the password. */

#include "config.h"

#include "identity/identity.h"

#include <stdlib.h>
#include <string.h>

#include <unistr.h>

#include "identity/object.h"
#include "ntlm/filetime.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"
#include "support/failure.h"
#include "support/hex.h"
#include "support/host.h"
#include "support/system.h"
#include "winbind/user.h"

enum ntlm_error identity_new(const char *user, const char *domain, struct identity **made)
{
    struct identity *identity = calloc(1, sizeof(*identity));

    *made = NULL;
    if (!identity)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    atomic_init(&identity->references, 1);
    identity->user = strdup(user);
    identity->domain = strdup(domain ? domain : "");
    if (!identity->user || !identity->domain) {
        identity_release(identity);
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    }
    *made = identity;
    return NTLM_OK;
}

static bool is_utf8(const char *text)
{
    return u8_check((const uint8_t *)text, strlen(text)) == NULL;
}

static enum ntlm_error check_names(const char *user, const char *domain)
{
    if (!user || !*user)
        return fail(NTLM_ERR_NO_IDENTITY, "no user is named");
    if (!is_utf8(user) || (domain && !is_utf8(domain)))
        return fail(NTLM_ERR_BAD_NAME, "\"%.128s\" is not UTF-8 text", user);
    return NTLM_OK;
}

static enum ntlm_error hash_password(struct identity *identity, const char *password,
                                     size_t len)
{
    enum ntlm_error error = ntlm_nt_hash(password, len, identity->nt_hash);

    if (error)
        return error;
    error = ntlm_lm_hash(password, len, identity->lm_hash);
    identity->has_lm_hash = !error;
    return error == NTLM_ERR_NO_LM_HASH ? NTLM_OK : error;
}

enum ntlm_error identity_make_ntowfv2(struct identity *identity)
{
    enum ntlm_error error = ntlm_identity_ntowfv2(identity->nt_hash, identity->user,
                                                  identity->domain, &identity->ntowfv2);

    identity->has_ntowfv2 = !error;
    return error;
}

enum ntlm_error identity_from_password(const char *user, const char *domain,
                                       const char *password, size_t password_len,
                                       struct identity **identity)
{
    enum ntlm_error error = check_names(user, domain);

    *identity = NULL;
    if (!error)
        error = identity_new(user, domain, identity);
    if (error)
        return error;
    error = hash_password(*identity, password_len ? password : "", password_len);
    if (!error)
        error = identity_make_ntowfv2(*identity);
    if (!error)
        return NTLM_OK;
    identity_release(*identity);
    *identity = NULL;
    return fail(error, "for user \"%.128s\"", user);
}

enum ntlm_error identity_from_nt_hash(const char *user, const char *domain, const char *hex,
                                      struct identity **identity)
{
    enum ntlm_error error = check_names(user, domain);

    *identity = NULL;
    if (!error)
        error = identity_new(user, domain, identity);
    if (error)
        return error;
    error =
        hex_decode(hex, (*identity)->nt_hash, NTLM_HASH_SIZE) ? NTLM_OK : NTLM_ERR_BAD_NT_HASH;
    if (!error)
        error = identity_make_ntowfv2(*identity);
    if (!error)
        return NTLM_OK;
    identity_release(*identity);
    *identity = NULL;
    return fail(error, "for user \"%.128s\"", user);
}

struct identity *identity_ref(struct identity *identity)
{
    atomic_fetch_add(&identity->references, 1);
    return identity;
}

void identity_release(struct identity *identity)
{
    if (!identity || atomic_fetch_sub(&identity->references, 1) != 1)
        return;
    free(identity->user);
    free(identity->domain);
    free(identity->target);
    ntlm_cleanse(identity, sizeof(*identity));
    free(identity);
}

const char *identity_user(const struct identity *identity)
{
    return identity->user;
}

const char *identity_domain(const struct identity *identity)
{
    return identity->domain;
}

bool identity_is_login(const struct identity *identity)
{
    return identity->target != NULL;
}

uint32_t identity_lifetime(const struct identity *identity)
{
    uint64_t now = system_now(), seconds;

    if (identity->expires == 0)
        return UINT32_MAX;
    if (identity->expires <= now)
        return 0;
    seconds = (identity->expires - now) / NTLM_FILETIME_SECOND;
    return seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX - 1;
}

enum ntlm_error identity_check_time(const struct identity *identity)
{
    if (identity->expires && identity_lifetime(identity) == 0)
        return fail(NTLM_ERR_LOGIN_EXPIRED, "%.128s", identity->user);
    return NTLM_OK;
}

enum ntlm_error identity_check_host(const struct identity *identity, const char *host)
{
    enum ntlm_error error = identity_check_time(identity);
    char *upper;
    bool matches;

    if (error || !identity->target)
        return error;
    error = ntlm_text_upper(host, &upper);
    if (error)
        return fail(error, NULL);
    matches = host_matches(identity->target, upper);
    free(upper);
    return matches ? NTLM_OK
                   : fail(NTLM_ERR_NO_IDENTITY, "%.128s is logged in for %.128s",
                          identity->user, identity->target);
}

static enum ntlm_error respond_by_winbind(const void *arg, struct ntlm_bytes negotiate,
                                          struct ntlm_bytes challenge,
                                          struct ntlm_writer *authenticate,
                                          uint8_t session_key[16])
{
    const struct identity *identity = arg;

    return winbind_user_respond(identity->winbind_timeout, identity->user, identity->domain,
                                negotiate, challenge, authenticate, session_key);
}

void identity_secret(const struct identity *identity, struct ntlm_secret *secret)
{
    *secret = (struct ntlm_secret){.user = identity->user, .domain = identity->domain};
    if (identity->winbind_timeout > 0) {
        secret->respond = respond_by_winbind;
        secret->arg = identity;
    } else {
        secret->nt_hash = identity->nt_hash;
        secret->ntowfv2 = identity->has_ntowfv2 ? &identity->ntowfv2 : NULL;
        secret->lm_hash = identity->has_lm_hash ? identity->lm_hash : NULL;
    }
}
