/* SPDX-License-Identifier: MIT */
/* logon.c - whether responses are an account's. Every way in which they could
 * be is computed, whatever came of the one before, and the answer is picked
 * without a branch: the time taken tells nothing. */

#include "config.h"

#include "logon.h"

#include <string.h>

#include "keys.h"
#include "secret.h"
#include "text.h"
#include "v2_response.h"

#define V1_RESPONSE_SIZE 24

/* Copies in to out where yes is 1, and leaves out as it is where it is 0. */
static void copy_if(unsigned yes, uint8_t *out, const uint8_t *in, size_t len)
{
    uint8_t mask = (uint8_t)(0u - yes);

    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)((out[i] & ~mask) | (in[i] & mask));
}

static enum ntlm_error check_24(const uint8_t hash[16], const uint8_t challenge[8],
                                struct ntlm_bytes response, unsigned *same)
{
    uint8_t expected[V1_RESPONSE_SIZE];
    enum ntlm_error error = ntlm_v1_response(hash, challenge, expected);

    *same = 0;
    if (!error && response.len == sizeof(expected))
        *same = ntlm_equal(expected, response.data, sizeof(expected));
    ntlm_cleanse(expected, sizeof(expected));
    return error;
}

/* Some clients put the NT response into the LM field, so either will do. Where
 * there is no LM hash the NT hash is tried twice, to take as long. */
static enum ntlm_error check_lm(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                const uint8_t *lm_hash, unsigned *same)
{
    unsigned as_nt = 0, as_lm = 0;
    enum ntlm_error error =
        check_24(nt_hash, logon->server_challenge, logon->lm_response, &as_nt);

    if (!error)
        error = check_24(lm_hash ? lm_hash : nt_hash, logon->server_challenge,
                         logon->lm_response, &as_lm);
    *same = as_nt | as_lm;
    return error;
}

static enum ntlm_error check_v1(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                unsigned *same)
{
    return check_24(nt_hash, logon->server_challenge, logon->nt_response, same);
}

/* The client challenge is the first eight bytes of the LM field (3.3.1). */
static enum ntlm_error check_v1_ess(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                    unsigned *same)
{
    uint8_t challenge[8];
    enum ntlm_error error;

    *same = 0;
    if (logon->lm_response.len < 8)
        return NTLM_OK;
    error = ntlm_v1_ess_challenge(logon->server_challenge, logon->lm_response.data, challenge);
    return error ? error : check_24(nt_hash, challenge, logon->nt_response, same);
}

/* The names of a longer domain go to the heap. */
#define DOMAIN_ROOM 512

/* A response under test. */
struct v2_check {
    struct ntlm_v2_response response;
    struct ntlm_hmac_key nt_hash;
    struct ntlm_hmac_key matching; /* the NTOWFv2 that made the response */
    unsigned same;                 /* 1 once there was one */
};

/* Takes this domain's NTOWFv2 for the matching one if the response was made by it. */
static enum ntlm_error check_v2_domain(const struct ntlm_logon *logon, struct v2_check *check,
                                       struct ntlm_bytes domain)
{
    struct ntlm_hmac_key ntowfv2;
    uint8_t expected[NTLM_HASH_SIZE];
    enum ntlm_error error =
        ntlm_ntowfv2_key(&check->nt_hash, logon->user_utf16, domain, &ntowfv2);

    if (!error)
        error =
            ntlm_v2_proof(&ntowfv2, logon->server_challenge, check->response.proved, expected);
    if (!error) {
        unsigned matches = ntlm_equal(expected, check->response.proof.data, sizeof(expected));

        copy_if(matches, (uint8_t *)&check->matching, (const uint8_t *)&ntowfv2,
                sizeof(ntowfv2));
        check->same |= matches;
    }
    ntlm_cleanse(&ntowfv2, sizeof(ntowfv2));
    ntlm_cleanse(expected, sizeof(expected));
    return error;
}

/* With the domain as sent, empty, and upper-cased (3.2.5.1.2): less those that would
 * only repeat one. What was sent decides that, and no secret. */
static enum ntlm_error check_v2_domains(const struct ntlm_logon *logon, struct v2_check *check)
{
    const struct ntlm_bytes sent = logon->domain_utf16;
    uint8_t room[DOMAIN_ROOM];
    struct ntlm_writer upper;
    enum ntlm_error error;

    ntlm_writer_begin_in(&upper, room, sizeof(room));
    ntlm_write(&upper, sent.data, sent.len);
    error = upper.error;
    if (!error) {
        ntlm_utf16_upper(upper.data, upper.len);
        error = check_v2_domain(logon, check, sent);
    }
    if (!error && sent.len > 0)
        error = check_v2_domain(logon, check, ntlm_bytes(NULL, 0));
    if (!error && sent.len > 0 && memcmp(upper.data, sent.data, sent.len) != 0)
        error = check_v2_domain(logon, check, ntlm_bytes(upper.data, upper.len));
    ntlm_writer_clear(&upper);
    return error;
}

static enum ntlm_error check_v2(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                unsigned *same, uint8_t base_key[16])
{
    struct v2_check check = {.same = 0};
    enum ntlm_error error;

    *same = 0;
    if (ntlm_v2_response_decode(logon->nt_response, &check.response))
        return NTLM_OK;
    error = ntlm_hmac_set_key(&check.nt_hash, nt_hash);
    if (!error)
        error = check_v2_domains(logon, &check);
    if (!error)
        error = ntlm_v2_base_key(&check.matching, check.response.proof.data, base_key);
    *same = check.same;
    ntlm_cleanse(&check, sizeof(check));
    return error;
}

enum ntlm_error ntlm_logon_check(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                 const uint8_t *lm_hash, struct ntlm_logon_keys *keys)
{
    unsigned same = 0;
    enum ntlm_error error = NTLM_OK;

    memset(keys, 0, sizeof(*keys));
    switch (logon->kind) {
    case NTLM_RESPONSE_ANONYMOUS:
        break; /* is no account's */
    case NTLM_RESPONSE_LM:
        error = check_lm(logon, nt_hash, lm_hash, &same);
        break;
    case NTLM_RESPONSE_V1:
        error = check_v1(logon, nt_hash, &same);
        break;
    case NTLM_RESPONSE_V1_ESS:
        error = check_v1_ess(logon, nt_hash, &same);
        break;
    case NTLM_RESPONSE_V2:
        error = check_v2(logon, nt_hash, &same, keys->base_key);
        break;
    }
    if (!error && logon->kind != NTLM_RESPONSE_V2)
        error = ntlm_v1_base_key(nt_hash, keys->base_key);
    if (!error && !same)
        error = NTLM_ERR_LOGON_DENIED;
    if (error) {
        ntlm_cleanse(keys, sizeof(*keys));
        return error;
    }
    if (lm_hash) {
        memcpy(keys->lm_key, lm_hash, sizeof(keys->lm_key));
        keys->has_lm_key = true;
    }
    return NTLM_OK;
}
