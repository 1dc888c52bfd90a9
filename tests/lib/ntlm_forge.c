/* SPDX-License-Identifier: MIT */
/* ntlm_forge.c - see forge.h. */

#include "config.h"

#include "ntlm_forge.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "hmac_key.h"
#include "ntlm/avpair.h"
#include "ntlm/keys.h"
#include "ntlm/rc4.h"
#include "ntlm/text.h"

#define PROOF_SIZE 16
#define TIME_AT 24  /* in the response */
#define PAIRS_AT 44 /* likewise */

/* What exchange_edit_authenticate puts in. */
static struct ntlm_bytes new_response;
static uint8_t new_key[NTLM_KEY_SIZE];

static void put_new(struct ntlm_authenticate *message)
{
    message->nt_response = new_response;
    if (message->session_key.len > 0)
        message->session_key = ntlm_bytes(new_key, sizeof(new_key));
}

static void ntowfv2_of(const struct exchange *x, uint8_t out[16])
{
    uint8_t *user, *domain, nt_hash[16];
    size_t user_len, domain_len;

    ck_assert_int_eq(ntlm_nt_hash(x->password, strlen(x->password), nt_hash), NTLM_OK);
    ck_assert_int_eq(ntlm_text_to_utf16(x->user, strlen(x->user), &user, &user_len), NTLM_OK);
    ck_assert_int_eq(ntlm_text_to_utf16(x->domain, strlen(x->domain), &domain, &domain_len),
                     NTLM_OK);
    ck_assert_int_eq(
        ntlm_ntowfv2(nt_hash, ntlm_bytes(user, user_len), ntlm_bytes(domain, domain_len), out),
        NTLM_OK);
    free(user);
    free(domain);
}

/* NTProofStr in front of the response, and the session key under what comes of
 * it. */
static void prove(const struct exchange *x, uint8_t *response, size_t len)
{
    uint8_t ntowfv2[16], base_key[16];

    ntowfv2_of(x, ntowfv2);
    ck_assert_int_eq(ntlm_v2_proof(hmac_key(ntowfv2), x->tokens[CHALLENGE_SENT].data + 24,
                                   ntlm_bytes(response + PROOF_SIZE, len - PROOF_SIZE),
                                   response),
                     NTLM_OK);
    ck_assert_int_eq(ntlm_v2_base_key(hmac_key(ntowfv2), response, base_key), NTLM_OK);
    ck_assert_int_eq(ntlm_rc4k(ntlm_bytes(base_key, sizeof(base_key)),
                               ntlm_initiator_outcome(x->initiator)->session_key, new_key,
                               sizeof(new_key)),
                     NTLM_OK);
}

void forge_response(struct exchange *x, uint64_t time, struct ntlm_bytes pairs)
{
    struct ntlm_writer out = {0};

    ntlm_write(&out, exchange_decoded(x).nt_response.data, TIME_AT);
    ntlm_write64(&out, time);
    ntlm_write(&out, exchange_decoded(x).nt_response.data + out.len, PAIRS_AT - out.len);
    ntlm_write(&out, pairs.data, pairs.len);
    ck_assert_int_eq(out.error, NTLM_OK);
    prove(x, out.data, out.len);
    new_response = ntlm_bytes(out.data, out.len);
    exchange_edit_authenticate(x, put_new);
    ntlm_writer_clear(&out);
    if (exchange_decoded(x).mic_offset)
        forge_mic(x);
}

/* The pairs as they are, less those with this id, and those in `first` before
 * and in `last` behind them. */
static void forge_pairs(struct exchange *x, uint16_t dropped, const struct ntlm_writer *first,
                        const struct ntlm_writer *last)
{
    struct ntlm_bytes list = exchange_pairs(x);
    struct ntlm_writer out = {0};
    struct ntlm_av_pair pair;

    if (first)
        ntlm_write(&out, first->data, first->len);
    while (ntlm_av_next(&list, &pair))
        if (pair.id != dropped)
            ntlm_av_write(&out, pair.id, pair.value);
    if (last)
        ntlm_write(&out, last->data, last->len);
    ntlm_av_write_eol(&out);
    forge_response(x, forge_time_of(x), ntlm_bytes(out.data, out.len));
    ntlm_writer_clear(&out);
}

void forge_time(struct exchange *x, uint64_t time)
{
    forge_response(x, time, exchange_pairs(x));
}

void forge_without(struct exchange *x, uint16_t id)
{
    forge_pairs(x, id, NULL, NULL);
}

void forge_first(struct exchange *x, uint16_t id, struct ntlm_bytes value)
{
    struct ntlm_writer pair = {0};

    ntlm_av_write(&pair, id, value);
    forge_pairs(x, MSV_AV_EOL, &pair, NULL);
    ntlm_writer_clear(&pair);
}

void forge_last(struct exchange *x, uint16_t id, struct ntlm_bytes value)
{
    struct ntlm_writer pair = {0};

    ntlm_av_write(&pair, id, value);
    forge_pairs(x, MSV_AV_EOL, NULL, &pair);
    ntlm_writer_clear(&pair);
}

void forge_mic(struct exchange *x)
{
    const size_t at = exchange_decoded(x).mic_offset;
    uint8_t mic[NTLM_MIC_SIZE];

    ck_assert_int_eq(ntlm_mic(ntlm_initiator_outcome(x->initiator)->session_key,
                              exchange_token(x, NEGOTIATE_SENT),
                              exchange_token(x, CHALLENGE_SENT),
                              exchange_token(x, AUTHENTICATE_SENT), at, mic),
                     NTLM_OK);
    memcpy(x->tokens[AUTHENTICATE_SENT].data + at, mic, sizeof(mic));
}

uint64_t forge_time_of(const struct exchange *x)
{
    struct ntlm_reader in;

    ntlm_reader_init(&in, exchange_decoded(x).nt_response);
    ntlm_read_bytes(&in, TIME_AT);
    return ntlm_read64(&in);
}
