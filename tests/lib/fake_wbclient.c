/* SPDX-License-Identifier: MIT */
/* fake_wbclient.c - see fake_wbclient.h. */

#include "config.h"

#include "fake_wbclient.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

struct wbcContext {
    atomic_bool busy;
};

static struct fake_winbind fake;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool hanging;
static atomic_uint waiting, blocks;

/* How, and how many calls there were since. */
static struct fake_failure failure;
static atomic_uint calls;
static const char *failed;
static bool is_late; /* the one that has begun fails at its end */

struct fake_winbind *fake_winbind(void)
{
    return &fake;
}

__attribute__((constructor)) void fake_winbind_begin(void)
{
    fake = (struct fake_winbind){.account = "Alice",
                                 .domain = "EXAMPLE",
                                 .computer = "BOX",
                                 .dns_domain = "example.test",
                                 .ping_result = WBC_ERR_WINBIND_NOT_AVAILABLE,
                                 .user_session_key = "0123456789abcde",
                                 .sid_count = 4,
                                 .own_user = "alice",
                                 .own_type = WBC_SID_NAME_USER,
                                 .cached_user = "alice",
                                 .answer = "AUTHENTICATE",
                                 .answer_key_len = 16};
    fake_winbind_fail((struct fake_failure){.call = 0});
}

void fake_winbind_fail(struct fake_failure how)
{
    failure = how;
    calls = 0;
    failed = NULL;
}

const char *fake_winbind_failed(void)
{
    return failed;
}

unsigned fake_winbind_blocks(void)
{
    return atomic_load(&blocks);
}

/* Whether this call is to fail. */
static bool fails(const char *name)
{
    if (atomic_fetch_add(&calls, 1) + 1 != failure.call)
        return false;
    failed = name;
    return true;
}

void fake_winbind_hang(bool hang)
{
    atomic_store(&hanging, hang);
}

unsigned fake_winbind_waiting(void)
{
    return atomic_load(&waiting);
}

/* Every question begins and ends here; false: it is to end with failure.result. */
static bool begin(struct wbcContext *context, const char *name)
{
    bool shared = atomic_exchange(&context->busy, true);

    atomic_fetch_add(&waiting, 1);
    while (atomic_load(&hanging))
        usleep(1000);
    atomic_fetch_sub(&waiting, 1);
    pthread_mutex_lock(&lock);
    fake.shared |= shared;
    is_late = fails(name);
    return !is_late || failure.late;
}

static wbcErr end(struct wbcContext *context, wbcErr result)
{
    if (is_late)
        result = failure.result;
    is_late = false;
    pthread_mutex_unlock(&lock);
    atomic_store(&context->busy, false);
    return result;
}

static char *text(const char *from)
{
    return from ? strdup(from) : NULL;
}

/* All memory that is given out begins with where its parts are. */
struct block {
    void (*clear)(void *memory);
    max_align_t memory[];
};

static void *give(size_t size, void (*clear)(void *memory))
{
    struct block *block = calloc(1, sizeof(*block) + size);

    if (!block)
        abort();
    block->clear = clear;
    atomic_fetch_add(&blocks, 1);
    return block->memory;
}

void wbcFreeMemory(void *memory)
{
    struct block *block =
        (struct block *)(void *)((char *)memory - offsetof(struct block, memory));

    block->clear(memory);
    free(block);
    atomic_fetch_sub(&blocks, 1);
}

struct wbcContext *wbcCtxCreate(void)
{
    pthread_mutex_lock(&lock);
    fake.connections++;
    pthread_mutex_unlock(&lock);
    return fails(__func__) ? NULL : calloc(1, sizeof(struct wbcContext));
}

void wbcCtxFree(struct wbcContext *context)
{
    free(context);
}

const char *wbcErrorString(wbcErr error)
{
    if (fake.wordless)
        return NULL;
    return error == WBC_ERR_INVALID_PARAM ? "WBC_ERR_INVALID_PARAM" : "WBC_ERR";
}

wbcErr wbcCtxPing(struct wbcContext *context)
{
    if (!begin(context, __func__))
        return end(context, failure.result);
    return end(context, fake.ping_result);
}

int wbcSidToStringBuf(const struct wbcDomainSid *sid, char *buf, int buflen)
{
    if (fails(__func__))
        return -1;
    return snprintf(buf, (size_t)buflen, "S-%u-5-21-%u", sid->sid_rev_num, sid->sub_auths[0]);
}

static void clear_details(void *memory)
{
    struct wbcInterfaceDetails *details = memory;

    free(details->netbios_name);
    free(details->netbios_domain);
    free(details->dns_domain);
}

wbcErr wbcCtxInterfaceDetails(struct wbcContext *context, struct wbcInterfaceDetails **details)
{
    if (!begin(context, __func__))
        return end(context, failure.result);
    fake.details++;
    if (fake.result == WBC_ERR_SUCCESS) {
        *details = give(sizeof(**details), clear_details);
        (*details)->netbios_name = text(fake.computer);
        (*details)->netbios_domain = text(fake.domain);
        (*details)->dns_domain = text(fake.dns_domain);
    }
    return end(context, fake.result);
}

static void clear_info(void *memory)
{
    struct wbcAuthUserInfo *info = memory;

    free(info->account_name);
    free(info->domain_name);
    free(info->sids);
}

/* The primary group, the second, is a group again. */
static struct wbcAuthUserInfo *make_info(void)
{
    static const uint32_t sids[FAKE_MAX_SIDS] = {0, 1, 1, 2};
    struct wbcAuthUserInfo *info = give(sizeof(*info), clear_info);

    info->account_name = text(fake.account);
    info->domain_name = text(fake.domain);
    info->user_flags = fake.user_flags;
    memcpy(info->user_session_key, fake.user_session_key, sizeof(info->user_session_key));
    memcpy(info->lm_session_key, fake.lm_session_key, sizeof(info->lm_session_key));
    info->num_sids = fake.sid_count;
    info->sids = calloc(FAKE_MAX_SIDS, sizeof(*info->sids));
    for (uint32_t i = 0; i < fake.sid_count; i++) {
        info->sids[i].sid.sid_rev_num = 1;
        info->sids[i].sid.sub_auths[0] = sids[i];
    }
    return info;
}

static void clear_refusal(void *memory)
{
    free(((struct wbcAuthErrorInfo *)memory)->nt_string);
}

static struct wbcAuthErrorInfo *make_refusal(void)
{
    struct wbcAuthErrorInfo *refusal = give(sizeof(*refusal), clear_refusal);

    refusal->nt_status = fake.nt_status;
    refusal->nt_string = text(fake.nt_string);
    return refusal;
}

static size_t keep(uint8_t *out, const void *data, size_t len)
{
    if (len > FAKE_MAX_BLOB)
        abort();
    if (len)
        memcpy(out, data, len);
    return len;
}

static void keep_question(const struct wbcAuthUserParams *params)
{
    fake.logons++;
    snprintf(fake.asked_account, sizeof(fake.asked_account), "%s", params->account_name);
    snprintf(fake.asked_domain, sizeof(fake.asked_domain), "%s", params->domain_name);
    snprintf(fake.asked_workstation, sizeof(fake.asked_workstation), "%s",
             params->workstation_name);
    fake.level = params->level;
    fake.parameter_control = params->parameter_control;
    memcpy(fake.challenge, params->password.response.challenge, sizeof(fake.challenge));
    fake.nt_len = keep(fake.nt_response, params->password.response.nt_data,
                       params->password.response.nt_length);
    fake.lm_len = keep(fake.lm_response, params->password.response.lm_data,
                       params->password.response.lm_length);
}

static bool is_bytes(const void *data, size_t len)
{
    return (data != NULL) == (len > 0);
}

wbcErr wbcCtxAuthenticateUserEx(struct wbcContext *context,
                                const struct wbcAuthUserParams *params,
                                struct wbcAuthUserInfo **info, struct wbcAuthErrorInfo **error)
{
    if (!begin(context, __func__))
        return end(context, failure.result);
    if (!is_bytes(params->password.response.nt_data, params->password.response.nt_length) ||
        !is_bytes(params->password.response.lm_data, params->password.response.lm_length))
        return end(context, WBC_ERR_INVALID_PARAM);
    keep_question(params);
    if (fake.result == WBC_ERR_SUCCESS)
        *info = make_info();
    if (*info && fake.spoil_account)
        fake.spoil_account(*info);
    if (fake.result == WBC_ERR_AUTH_ERROR)
        *error = make_refusal();
    return end(context, fake.result);
}

/* Blobs lie in an array that is ended by a name of NULL. */
static void clear_blobs(void *memory)
{
    for (struct wbcNamedBlob *blob = memory; blob->name; blob++)
        free(blob->blob.data);
}

static void add_blob(size_t *count, struct wbcNamedBlob **blobs, const char *name,
                     const void *data, size_t length)
{
    struct wbcNamedBlob *all = give((*count + 2) * sizeof(*all), clear_blobs);

    if (*blobs) {
        memcpy(all, *blobs, *count * sizeof(*all));
        (*blobs)[0].name = NULL;
        wbcFreeMemory(*blobs);
    }
    all[*count] = (struct wbcNamedBlob){.name = name};
    all[*count].blob.data = malloc(length + 1);
    all[*count].blob.length = keep(all[*count].blob.data, data, length);
    (*count)++;
    *blobs = all;
}

wbcErr wbcAddNamedBlob(size_t *count, struct wbcNamedBlob **blobs, const char *name,
                       uint32_t flags, uint8_t *data, size_t length)
{
    (void)flags;
    if (fails(__func__))
        return failure.result;
    add_blob(count, blobs, name, data, length);
    return WBC_ERR_SUCCESS;
}

static void clear_cache_info(void *memory)
{
    struct wbcCredentialCacheInfo *info = memory;

    if (info->blobs)
        wbcFreeMemory(info->blobs);
}

static struct wbcCredentialCacheInfo *make_cache_info(void)
{
    struct wbcCredentialCacheInfo *info = give(sizeof(*info), clear_cache_info);

    if (!fake.answer)
        return info;
    add_blob(&info->num_blobs, &info->blobs, "auth_blob", fake.answer, strlen(fake.answer));
    add_blob(&info->num_blobs, &info->blobs, "session_key", fake.user_session_key,
             fake.answer_key_len);
    return info;
}

static void keep_blobs(const struct wbcCredentialCacheParams *params)
{
    fake.negotiate_len = fake.asked_challenge_len = 0;
    for (size_t i = 0; i < params->num_blobs; i++) {
        const struct wbcNamedBlob *blob = &params->blobs[i];

        if (strcmp(blob->name, "negotiate_blob") == 0)
            fake.negotiate_len = keep(fake.negotiate, blob->blob.data, blob->blob.length);
        if (strcmp(blob->name, "challenge_blob") == 0)
            fake.asked_challenge_len =
                keep(fake.asked_challenge, blob->blob.data, blob->blob.length);
    }
}

wbcErr wbcCtxCredentialCache(struct wbcContext *context,
                             struct wbcCredentialCacheParams *params,
                             struct wbcCredentialCacheInfo **info,
                             struct wbcAuthErrorInfo **error)
{
    wbcErr result = fake.result;

    if (!begin(context, __func__))
        return end(context, failure.result);
    fake.cache_questions++;
    snprintf(fake.asked_account, sizeof(fake.asked_account), "%s", params->account_name);
    snprintf(fake.asked_domain, sizeof(fake.asked_domain), "%s", params->domain_name);
    keep_blobs(params);
    if (result == WBC_ERR_SUCCESS &&
        (!fake.cached_user || strcasecmp(fake.cached_user, params->account_name) != 0 ||
         strcasecmp(fake.domain, params->domain_name) != 0))
        result = WBC_ERR_DOMAIN_NOT_FOUND;
    if (result == WBC_ERR_SUCCESS)
        *info = make_cache_info();
    if (*info && fake.spoil_cached)
        fake.spoil_cached(*info);
    if (result != WBC_ERR_SUCCESS)
        *error = make_refusal();
    return end(context, result);
}

wbcErr wbcCtxUidToSid(struct wbcContext *context, uid_t uid, struct wbcDomainSid *sid)
{
    if (!begin(context, __func__))
        return end(context, failure.result);
    memset(sid, 0, sizeof(*sid));
    sid->sid_rev_num = 1;
    sid->sub_auths[0] = uid;
    return end(context, fake.own_user ? fake.result : WBC_ERR_DOMAIN_NOT_FOUND);
}

static void clear_nothing(void *memory)
{
    (void)memory;
}

static char *give_text(const char *from)
{
    return strcpy(give(strlen(from) + 1, clear_nothing), from);
}

wbcErr wbcCtxLookupSid(struct wbcContext *context, const struct wbcDomainSid *sid,
                       char **domain, char **name, enum wbcSidType *type)
{
    if (!begin(context, __func__))
        return end(context, failure.result);
    if (sid->sub_auths[0] != geteuid())
        return end(context, WBC_ERR_UNKNOWN_USER);
    *domain = give_text(fake.own_domain ? fake.own_domain : fake.domain);
    *name = give_text(fake.own_user);
    *type = fake.own_type;
    return end(context, WBC_ERR_SUCCESS);
}
