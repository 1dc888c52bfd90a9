/* SPDX-License-Identifier: MIT */
/* user.c - winbind's credential cache, which holds the passwords of users who
 * logged in through winbind. */

#include "config.h"

#include "winbind/user.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"
#include "support/failure.h"
#include "winbind/request.h"

struct user_request {
    struct winbind_request base;
    char *user, *domain;                     /* user NULL: not known yet */
    struct ntlm_writer negotiate, challenge; /* empty: only ask for the password */
    struct wbcCredentialCacheInfo *info;
};

/* Those of an account without a name, or whose domain is not told, are nobody's. */
static wbcErr copy_names(struct user_request *request, const char *domain, const char *user)
{
    if (!domain || !wbclient_told(user))
        return WBC_ERR_UNKNOWN_USER;
    free(request->domain);
    request->domain = strdup(domain);
    request->user = strdup(user);
    return request->domain && request->user ? WBC_ERR_SUCCESS : WBC_ERR_NO_MEMORY;
}

/* The domain's account with this process's user id, by which winbind decides, too,
 * whose password a process may use. */
static wbcErr find_own_user(struct user_request *request, const struct wbclient *library,
                            struct wbcContext *context)
{
    struct wbcDomainSid sid = {.sid_rev_num = 0};
    enum wbcSidType type = WBC_SID_NAME_UNKNOWN;
    char *domain = NULL, *user = NULL;
    wbcErr result = library->wbcCtxUidToSid(context, geteuid(), &sid);

    if (result == WBC_ERR_SUCCESS && sid.sid_rev_num == 0)
        result = WBC_ERR_INVALID_RESPONSE;
    if (result == WBC_ERR_SUCCESS)
        result = library->wbcCtxLookupSid(context, &sid, &domain, &user, &type);
    if (result == WBC_ERR_SUCCESS)
        result = copy_names(request, domain, user);
    if (result == WBC_ERR_SUCCESS && type != WBC_SID_NAME_USER)
        result = WBC_ERR_UNKNOWN_USER;
    if (domain)
        library->wbcFreeMemory(domain);
    if (user)
        library->wbcFreeMemory(user);
    return result;
}

/* winbind keeps passwords by the domain's NetBIOS name. */
static wbcErr find_own_domain(struct user_request *request, const struct wbclient *library,
                              struct wbcContext *context)
{
    struct wbcInterfaceDetails *details = NULL;
    wbcErr result = library->wbcCtxInterfaceDetails(context, &details);
    char *own = NULL;

    if (result == WBC_ERR_SUCCESS && !details)
        result = WBC_ERR_INVALID_RESPONSE;
    if (result == WBC_ERR_SUCCESS && details->netbios_domain &&
        (!*request->domain ||
         (details->dns_domain && ntlm_text_same(request->domain, details->dns_domain)))) {
        own = strdup(details->netbios_domain);
        result = own ? WBC_ERR_SUCCESS : WBC_ERR_NO_MEMORY;
    }
    if (details)
        library->wbcFreeMemory(details);
    if (own) {
        free(request->domain);
        request->domain = own;
    }
    return result;
}

static wbcErr add_blob(const struct wbclient *library, struct wbcCredentialCacheParams *params,
                       const char *name, const struct ntlm_writer *token)
{
    if (token->len == 0)
        return WBC_ERR_SUCCESS;
    return library->wbcAddNamedBlob(&params->num_blobs, &params->blobs, name, 0, token->data,
                                    token->len);
}

static wbcErr ask_for_response(struct user_request *request, const struct wbclient *library,
                               struct wbcContext *context)
{
    struct wbcCredentialCacheParams params = {.account_name = request->user,
                                              .domain_name = request->domain,
                                              .level = WBC_CREDENTIAL_CACHE_LEVEL_NTLMSSP};
    struct wbcAuthErrorInfo *refusal = NULL;
    wbcErr result = add_blob(library, &params, "negotiate_blob", &request->negotiate);

    if (result == WBC_ERR_SUCCESS)
        result = add_blob(library, &params, "challenge_blob", &request->challenge);
    if (result == WBC_ERR_SUCCESS)
        result = library->wbcCtxCredentialCache(context, &params, &request->info, &refusal);
    if (refusal)
        library->wbcFreeMemory(refusal);
    if (params.blobs)
        library->wbcFreeMemory(params.blobs);
    return result;
}

/* winbind is asked for "DOMAIN\\user". */
static bool is_too_long(const struct user_request *request)
{
    return strlen(request->domain) + 1 + strlen(request->user) >= WBCLIENT_NAME_SIZE;
}

static wbcErr ask(struct winbind_request *base, const struct wbclient *library,
                  struct wbcContext *context)
{
    struct user_request *request = (struct user_request *)base;
    wbcErr result = WBC_ERR_SUCCESS;

    if (!request->user)
        result = find_own_user(request, library, context);
    if (result == WBC_ERR_SUCCESS && (!*request->domain || strchr(request->domain, '.')))
        result = find_own_domain(request, library, context);
    if (result == WBC_ERR_SUCCESS && is_too_long(request))
        result = WBC_ERR_INVALID_PARAM;
    return result == WBC_ERR_SUCCESS ? ask_for_response(request, library, context) : result;
}

/* Of those that are there. */
static size_t count_blobs(const struct wbcCredentialCacheInfo *info)
{
    return info->blobs ? info->num_blobs : 0;
}

static void clear(struct winbind_request *base, const struct wbclient *library)
{
    struct user_request *request = (struct user_request *)base;

    free(request->user);
    free(request->domain);
    ntlm_writer_clear(&request->negotiate);
    ntlm_writer_clear(&request->challenge);
    if (!request->info)
        return;
    for (size_t i = 0; i < count_blobs(request->info); i++) {
        const struct wbcBlob *blob = &request->info->blobs[i].blob;

        if (blob->data)
            ntlm_cleanse(blob->data, blob->length);
    }
    library->wbcFreeMemory(request->info);
}

static enum ntlm_error make_request(const char *user, const char *domain,
                                    struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                                    struct user_request **made)
{
    struct user_request *request = calloc(1, sizeof(*request));

    *made = NULL;
    if (!request)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    request->base.ask = ask;
    request->base.clear = clear;
    request->base.local = true;
    request->user = user ? strdup(user) : NULL;
    request->domain = strdup(domain ? domain : "");
    ntlm_write(&request->negotiate, negotiate.data, negotiate.len);
    ntlm_write(&request->challenge, challenge.data, challenge.len);
    if ((!user || request->user) && request->domain && !request->negotiate.error &&
        !request->challenge.error) {
        *made = request;
        return NTLM_OK;
    }
    clear(&request->base, NULL);
    free(request);
    return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
}

/* The reason why there is no password. */
static enum ntlm_error not_kept(const struct user_request *request)
{
    if (request->base.result == WBC_ERR_WINBIND_NOT_AVAILABLE ||
        request->base.result == WBC_ERR_NO_MEMORY)
        return winbind_failed(&request->base);
    if (!request->user)
        return fail(NTLM_ERR_NO_IDENTITY, "this process does not run as a user of the domain");
    if (is_too_long(request))
        return fail(NTLM_ERR_NO_IDENTITY, "\"%.128s\\%.128s\" is too long a name for winbind",
                    request->domain, request->user);
    return fail(NTLM_ERR_NO_IDENTITY,
                "winbind has no password of \"%.128s\\%.128s\" for this process",
                request->domain, request->user);
}

/* Without tokens winbind only tells whether it has the password. */
static enum ntlm_error ask_winbind(unsigned seconds, const char *user, const char *domain,
                                   struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                                   struct user_request **answered)
{
    struct user_request *request;
    enum ntlm_error error = make_request(user, domain, negotiate, challenge, &request);

    *answered = NULL;
    if (!error)
        error = winbind_ask(&request->base, seconds);
    if (error)
        return error;
    if (request->base.result == WBC_ERR_SUCCESS && request->info) {
        *answered = request;
        return NTLM_OK;
    }
    error = not_kept(request);
    winbind_release(&request->base);
    return error;
}

enum ntlm_error winbind_user_find(unsigned seconds, const char *user, const char *domain,
                                  char **user_found, char **domain_found)
{
    const struct ntlm_bytes nothing = {NULL, 0};
    struct user_request *request;
    enum ntlm_error error = ask_winbind(seconds, user, domain, nothing, nothing, &request);

    *user_found = *domain_found = NULL;
    /* Most users have no password there; a winbind that fails is not their error. */
    if (error == NTLM_ERR_NO_AUTHORITY)
        return fail(NTLM_ERR_NO_IDENTITY, "%s", failure_detail(error));
    if (error)
        return error;
    *user_found = request->user;
    *domain_found = request->domain;
    request->user = request->domain = NULL;
    winbind_release(&request->base);
    return NTLM_OK;
}

/* NULL: there is none, or nothing in it. */
static const struct wbcBlob *find_blob(const struct wbcCredentialCacheInfo *info,
                                       const char *name)
{
    for (size_t i = 0; i < count_blobs(info); i++) {
        const struct wbcNamedBlob *blob = &info->blobs[i];

        if (blob->name && strcmp(blob->name, name) == 0)
            return blob->blob.data && blob->blob.length > 0 ? &blob->blob : NULL;
    }
    return NULL;
}

enum ntlm_error winbind_user_respond(unsigned seconds, const char *user, const char *domain,
                                     struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                                     struct ntlm_writer *authenticate, uint8_t session_key[16])
{
    const struct wbcBlob *answer, *key;
    struct user_request *request;
    enum ntlm_error error = ask_winbind(seconds, user, domain, negotiate, challenge, &request);

    if (error)
        return error;
    answer = find_blob(request->info, "auth_blob");
    key = find_blob(request->info, "session_key");
    /* A key of zeros is known to everybody. */
    if (answer && key && key->length == NTLM_KEY_SIZE &&
        !ntlm_is_zero(key->data, NTLM_KEY_SIZE)) {
        ntlm_write(authenticate, answer->data, answer->length);
        memcpy(session_key, key->data, NTLM_KEY_SIZE);
        error = authenticate->error;
    } else {
        error = fail(NTLM_ERR_NO_AUTHORITY, "winbind gave no response for \"%.128s\\%.128s\"",
                     domain, user);
    }
    winbind_release(&request->base);
    return error;
}
