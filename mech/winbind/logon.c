/* SPDX-License-Identifier: MIT */
/* logon.c - passes a logon request to a domain controller ([MS-APDS] 3.1.5.2). */

#include "config.h"

#include "winbind/logon.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "support/failure.h"
#include "winbind/request.h"

struct logon_request {
    struct winbind_request base;
    /* the request's own copies: it may outlive the caller's */
    char *user, *domain, *workstation;
    uint8_t challenge[8];
    uint8_t *nt_response, *lm_response;
    size_t nt_len, lm_len;
    /* the answer */
    struct wbcAuthUserInfo *info;
    struct wbcAuthErrorInfo *refusal;
    bool forbidden; /* winbind runs, but does not take logons from this process */
};

/* [MS-ERREF] 2.3. Those about the domain controller, the trust in it or the
 * connection to it are NTLM_ERR_NO_AUTHORITY. */
static const struct {
    uint32_t status;
    enum ntlm_error error;
} refusals[] = {
    {0xc000006a, NTLM_ERR_LOGON_DENIED},     /* WRONG_PASSWORD */
    {0xc000006d, NTLM_ERR_LOGON_DENIED},     /* LOGON_FAILURE */
    {0xc0000072, NTLM_ERR_ACCOUNT_DISABLED}, /* ACCOUNT_DISABLED */
    {0xc0000193, NTLM_ERR_ACCOUNT_EXPIRED},  /* ACCOUNT_EXPIRED */
    {0xc0000234, NTLM_ERR_ACCOUNT_LOCKED},   /* ACCOUNT_LOCKED_OUT */
    {0xc0000071, NTLM_ERR_PASSWORD_EXPIRED}, /* PASSWORD_EXPIRED */
    {0xc0000224, NTLM_ERR_PASSWORD_EXPIRED}, /* PASSWORD_MUST_CHANGE */
    {0xc0000022, NTLM_ERR_NO_AUTHORITY},     /* ACCESS_DENIED, to this machine */
    {0xc000005e, NTLM_ERR_NO_AUTHORITY},     /* NO_LOGON_SERVERS */
    {0xc00000b5, NTLM_ERR_NO_AUTHORITY},     /* IO_TIMEOUT */
    {0xc00000be, NTLM_ERR_NO_AUTHORITY},     /* BAD_NETWORK_PATH */
    {0xc00000da, NTLM_ERR_NO_AUTHORITY},     /* CANT_ACCESS_DOMAIN_INFO */
    {0xc00000dc, NTLM_ERR_NO_AUTHORITY},     /* INVALID_SERVER_STATE */
    {0xc000018a, NTLM_ERR_NO_AUTHORITY},     /* NO_TRUST_LSA_SECRET */
    {0xc000018b, NTLM_ERR_NO_AUTHORITY},     /* NO_TRUST_SAM_ACCOUNT */
    {0xc000018c, NTLM_ERR_NO_AUTHORITY},     /* TRUSTED_DOMAIN_FAILURE */
    {0xc000018d, NTLM_ERR_NO_AUTHORITY},     /* TRUSTED_RELATIONSHIP_FAILURE */
    {0xc000018e, NTLM_ERR_NO_AUTHORITY},     /* TRUST_FAILURE */
    {0xc0000192, NTLM_ERR_NO_AUTHORITY},     /* NETLOGON_NOT_STARTED */
    {0xc000020c, NTLM_ERR_NO_AUTHORITY},     /* CONNECTION_DISCONNECTED */
    {0xc000020d, NTLM_ERR_NO_AUTHORITY},     /* CONNECTION_RESET */
    {0xc0000233, NTLM_ERR_NO_AUTHORITY},     /* DOMAIN_CONTROLLER_NOT_FOUND */
    {0xc0000236, NTLM_ERR_NO_AUTHORITY},     /* CONNECTION_REFUSED */
    {0xc000023c, NTLM_ERR_NO_AUTHORITY},     /* NETWORK_UNREACHABLE */
    {0xc000023d, NTLM_ERR_NO_AUTHORITY},     /* HOST_UNREACHABLE */
    {0xc0020017, NTLM_ERR_NO_AUTHORITY},     /* RPC_NT_SERVER_UNAVAILABLE */
    {0xc002001b, NTLM_ERR_NO_AUTHORITY},     /* RPC_NT_CALL_FAILED */
};

#define STATUS_NO_SUCH_USER 0xc0000064

static enum ntlm_error error_of(uint32_t status)
{
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
        if (refusals[i].status == status)
            return refusals[i].error;
    return NTLM_ERR_LOGON_REFUSED;
}

/* Machine accounts log in like users ([MS-NRPC] 2.2.1.4.15, E and K). */
#define TRUST_ACCOUNTS                                                                         \
    (WBC_MSV1_0_ALLOW_SERVER_TRUST_ACCOUNT | WBC_MSV1_0_ALLOW_WORKSTATION_TRUST_ACCOUNT)

static wbcErr ask(struct winbind_request *base, const struct wbclient *library,
                  struct wbcContext *context)
{
    struct logon_request *request = (struct logon_request *)base;
    struct wbcAuthUserParams params = {
        .account_name = request->user,
        .domain_name = request->domain,
        .workstation_name = request->workstation,
        .parameter_control = TRUST_ACCOUNTS,
        .level = WBC_AUTH_USER_LEVEL_RESPONSE,
    };
    wbcErr result;

    memcpy(params.password.response.challenge, request->challenge, sizeof(request->challenge));
    params.password.response.nt_data = request->nt_response;
    params.password.response.nt_length = (uint32_t)request->nt_len;
    params.password.response.lm_data = request->lm_response;
    params.password.response.lm_length = (uint32_t)request->lm_len;
    result =
        library->wbcCtxAuthenticateUserEx(context, &params, &request->info, &request->refusal);
    /* Logons go over a socket for privileged processes only; the ping does not. */
    if (result == WBC_ERR_WINBIND_NOT_AVAILABLE)
        request->forbidden = library->wbcCtxPing(context) == WBC_ERR_SUCCESS;
    return result;
}

static void clear(struct winbind_request *base, const struct wbclient *library)
{
    struct logon_request *request = (struct logon_request *)base;

    free(request->user);
    free(request->domain);
    free(request->workstation);
    free(request->nt_response);
    free(request->lm_response);
    if (request->info) {
        ntlm_cleanse(request->info->user_session_key, sizeof(request->info->user_session_key));
        ntlm_cleanse(request->info->lm_session_key, sizeof(request->info->lm_session_key));
        library->wbcFreeMemory(request->info);
    }
    if (request->refusal)
        library->wbcFreeMemory(request->refusal);
}

/* libwbclient insists on NULL when there are no bytes. */
static bool copy(struct ntlm_bytes from, uint8_t **to, size_t *len)
{
    *to = NULL;
    *len = from.len;
    if (from.len == 0)
        return true;
    *to = malloc(from.len);
    if (*to)
        memcpy(*to, from.data, from.len);
    return *to != NULL;
}

/* The domain controller gets no flags. With NTLMv1 and extended session security it
 * is therefore given the challenge that the response was computed from. */
static enum ntlm_error copy_responses(const struct ntlm_logon *logon,
                                      struct logon_request *request)
{
    struct ntlm_bytes lm_response = logon->lm_response;
    enum ntlm_error error = NTLM_OK;

    memcpy(request->challenge, logon->server_challenge, sizeof(request->challenge));
    if (logon->kind == NTLM_RESPONSE_V1_ESS && lm_response.len >= 8) {
        error = ntlm_v1_ess_challenge(logon->server_challenge, lm_response.data,
                                      request->challenge);
        lm_response.len = 0; /* it holds the client challenge, no response */
    }
    if (!error && (!copy(logon->nt_response, &request->nt_response, &request->nt_len) ||
                   !copy(lm_response, &request->lm_response, &request->lm_len)))
        error = NTLM_ERR_OUT_OF_MEMORY;
    return error;
}

static enum ntlm_error make_request(const struct ntlm_logon *logon, struct logon_request **made)
{
    struct logon_request *request = calloc(1, sizeof(*request));
    enum ntlm_error error;

    *made = NULL;
    if (!request)
        return NTLM_ERR_OUT_OF_MEMORY;
    request->base.ask = ask;
    request->base.clear = clear;
    request->user = strdup(logon->user);
    request->domain = strdup(logon->domain);
    request->workstation = strdup(logon->workstation);
    error = copy_responses(logon, request);
    if (!request->user || !request->domain || !request->workstation)
        error = NTLM_ERR_OUT_OF_MEMORY;
    if (!error) {
        *made = request;
        return NTLM_OK;
    }
    clear(&request->base, NULL);
    free(request);
    return error;
}

static bool has_sid(char *const *sids, const char *text)
{
    for (; *sids; sids++)
        if (strcmp(*sids, text) == 0)
            return true;
    return false;
}

static bool sid_text(const struct wbclient *library, const struct wbcDomainSid *sid,
                     char text[WBC_SID_STRING_BUFLEN])
{
    int len = library->wbcSidToStringBuf(sid, text, WBC_SID_STRING_BUFLEN);

    return len > 0 && len < WBC_SID_STRING_BUFLEN;
}

/* The primary group is listed twice: as such, and among the groups. Not fewer than there
 * are: a group may be one that is denied something. */
static enum ntlm_error copy_sids(const struct wbclient *library,
                                 const struct wbcAuthUserInfo *info, char ***copied)
{
    char text[WBC_SID_STRING_BUFLEN];
    size_t count = 0;
    char **sids;

    if (info->num_sids > 0 && !info->sids)
        return NTLM_ERR_NO_AUTHORITY;
    *copied = sids = calloc((size_t)info->num_sids + 1, sizeof(*sids));
    for (size_t i = 0; sids && i < info->num_sids; i++) {
        if (!sid_text(library, &info->sids[i].sid, text))
            return NTLM_ERR_NO_AUTHORITY;
        if (has_sid(sids, text))
            continue;
        sids[count] = strdup(text);
        if (!sids[count++])
            return NTLM_ERR_OUT_OF_MEMORY;
    }
    return sids ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

static void copy_keys(const struct wbcAuthUserInfo *info, struct ntlm_logon_keys *keys)
{
    memcpy(keys->base_key, info->user_session_key, sizeof(keys->base_key));
    memcpy(keys->lm_key, info->lm_session_key, sizeof(keys->lm_key));
    keys->has_lm_key = !ntlm_is_zero(keys->lm_key, sizeof(keys->lm_key));
}

/* A guest logon succeeds with any password, and its session key is known to
 * everybody. */
static enum ntlm_error read_account(const struct logon_request *request,
                                    const struct ntlm_logon *logon,
                                    struct winbind_account *account)
{
    const struct wbcAuthUserInfo *info = request->info;
    enum ntlm_error error;

    if (!wbclient_told(info->account_name) || !wbclient_told(info->domain_name))
        return fail(NTLM_ERR_NO_AUTHORITY,
                    "winbind does not tell the account name of \"%.128s%s%.128s\"",
                    NTLM_LOGON_NAME(logon));
    if ((info->user_flags & WBC_AUTH_USER_INFO_GUEST) ||
        ntlm_is_zero(info->user_session_key, sizeof(info->user_session_key)))
        return fail(NTLM_ERR_LOGON_DENIED,
                    "the domain lets \"%.128s%s%.128s\" in as a guest only",
                    NTLM_LOGON_NAME(logon));
    copy_keys(info, &account->keys);
    account->user = strdup(info->account_name);
    account->domain = strdup(info->domain_name);
    error = copy_sids(request->base.library, info, &account->sids);
    if (!account->user || !account->domain)
        error = NTLM_ERR_OUT_OF_MEMORY;
    if (error == NTLM_ERR_NO_AUTHORITY)
        return fail(error, "winbind does not tell the groups of \"%.128s%s%.128s\"",
                    NTLM_LOGON_NAME(logon));
    return error ? fail(error, NULL) : NTLM_OK;
}

static enum ntlm_error unknown_user(const struct ntlm_logon *logon, bool *unknown)
{
    *unknown = true;
    return fail(NTLM_ERR_LOGON_DENIED, "unknown user \"%.128s%s%.128s\" (winbind)",
                NTLM_LOGON_NAME(logon));
}

static enum ntlm_error refuse(const struct wbcAuthErrorInfo *refusal,
                              const struct ntlm_logon *logon, bool *unknown)
{
    enum ntlm_error error;

    if (refusal->nt_status == STATUS_NO_SUCH_USER)
        return unknown_user(logon, unknown);
    error = error_of(refusal->nt_status);
    return fail(error, "\"%.128s%s%.128s\": %s", NTLM_LOGON_NAME(logon),
                wbclient_told(refusal->nt_string) ? refusal->nt_string : "no reason given");
}

static enum ntlm_error read_answer(const struct logon_request *request,
                                   const struct ntlm_logon *logon,
                                   struct winbind_account *account, bool *unknown)
{
    if (request->base.result == WBC_ERR_SUCCESS && request->info)
        return read_account(request, logon, account);
    if (request->base.result == WBC_ERR_AUTH_ERROR && request->refusal)
        return refuse(request->refusal, logon, unknown);
    if (request->forbidden)
        return fail(NTLM_ERR_NO_AUTHORITY,
                    "winbind takes logons only from root and members of the group "
                    "winbindd_priv: add this process's user to it");
    return winbind_failed(&request->base);
}

void winbind_account_clear(struct winbind_account *account)
{
    free(account->user);
    free(account->domain);
    for (char **sid = account->sids; sid && *sid; sid++)
        free(*sid);
    free(account->sids);
    ntlm_cleanse(account, sizeof(*account));
}

enum ntlm_error winbind_logon(unsigned seconds, const struct ntlm_logon *logon,
                              struct winbind_account *account, bool *unknown)
{
    struct logon_request *request;
    enum ntlm_error error;

    *account = (struct winbind_account){0};
    *unknown = false;
    if (strlen(logon->user) >= WBCLIENT_NAME_SIZE ||
        strlen(logon->domain) >= WBCLIENT_NAME_SIZE)
        return unknown_user(logon, unknown);
    error = make_request(logon, &request);
    if (error)
        return fail(error, NULL);
    error = winbind_ask(&request->base, seconds);
    if (error)
        return error;
    error = read_answer(request, logon, account, unknown);
    winbind_release(&request->base);
    if (error)
        winbind_account_clear(account);
    return error;
}
