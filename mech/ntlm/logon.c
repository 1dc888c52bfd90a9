/* SPDX-License-Identifier: MIT */
/* logon.c - whether responses are an account's. Every way in which they could
 * be is computed, whatever came of the one before, and the answer is picked
 * without a branch: the time taken tells nothing. */

#include "config.h"

#include "logon.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
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

/* Takes this domain's NTOWFv2 into *matching if the response was made by it. */
static enum ntlm_error check_v2_domain(const struct ntlm_logon *logon,
                                       const struct ntlm_v2_response *response,
                                       const uint8_t nt_hash[16], struct ntlm_bytes domain,
                                       unsigned *same, uint8_t matching[16])
{
    uint8_t ntowfv2[NTLM_HASH_SIZE], expected[NTLM_HASH_SIZE];
    enum ntlm_error error = ntlm_ntowfv2(nt_hash, logon->user_utf16, domain, ntowfv2);

    if (!error)
        error = ntlm_v2_proof(ntowfv2, logon->server_challenge, response->proved, expected);
    if (!error) {
        unsigned matches = ntlm_equal(expected, response->proof.data, sizeof(expected));

        copy_if(matches, matching, ntowfv2, NTLM_HASH_SIZE);
        *same |= matches;
    }
    ntlm_cleanse(ntowfv2, sizeof(ntowfv2));
    ntlm_cleanse(expected, sizeof(expected));
    return error;
}

/* With the domain as sent, empty, and upper-cased (3.2.5.1.2). */
static enum ntlm_error check_v2(const struct ntlm_logon *logon, const uint8_t nt_hash[16],
                                unsigned *same, uint8_t base_key[16])
{
    size_t len = logon->domain_utf16.len;
    struct ntlm_v2_response response;
    uint8_t matching[NTLM_HASH_SIZE] = {0};
    uint8_t *upper = NULL;
    enum ntlm_error error = NTLM_OK;

    *same = 0;
    if (ntlm_v2_response_decode(logon->nt_response, &response))
        return NTLM_OK;
    upper = malloc(len ? len : 1);
    if (!upper)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (len)
        memcpy(upper, logon->domain_utf16.data, len);
    ntlm_utf16_upper(upper, len);
    const struct ntlm_bytes domains[] = {logon->domain_utf16, {NULL, 0}, {upper, len}};
    /* Those that would only repeat one: what was sent decides that, and no secret. */
    size_t count = len == 0 ? 1 : memcmp(upper, logon->domain_utf16.data, len) == 0 ? 2 : 3;

    for (size_t i = 0; i < count && !error; i++)
        error = check_v2_domain(logon, &response, nt_hash, domains[i], same, matching);
    if (!error)
        error = ntlm_v2_base_key(matching, response.proof.data, base_key);
    ntlm_cleanse(matching, sizeof(matching));
    free(upper);
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
