/* SPDX-License-Identifier: MIT */
/* alter.c - see alter.h. */

#include "config.h"

#include "alter.h"

#include <string.h>

#include "suite.h"

/* Where the pairs of an NTLMv2 response begin, behind its proof and its header. */
#define PAIRS_AT 44

static struct ntlm_bytes content(const struct wire *wire)
{
    return ntlm_bytes(wire->bytes, wire->len);
}

static void replace(struct wire *wire, struct ntlm_writer *out)
{
    ck_assert_int_eq(out->error, NTLM_OK);
    ck_assert_uint_le(out->len, sizeof(wire->bytes));
    memcpy(wire->bytes, out->data, out->len);
    wire->len = out->len;
    ntlm_writer_clear(out);
}

void alter_clear_flags(struct wire *wire, enum wire_message which, uint32_t flags)
{
    static const size_t at[WIRE_MESSAGES] = {12, 20, 60};

    ck_assert_uint_ge(wire->len, at[which] + 4);
    for (size_t i = 0; i < 4; i++)
        wire->bytes[at[which] + i] &= (uint8_t) ~(flags >> 8 * i);
}

void alter_authenticate(struct wire *wire, void (*edit)(struct ntlm_authenticate *message))
{
    struct wire before = *wire;
    struct ntlm_authenticate message;
    struct ntlm_writer out = {0};
    size_t mic_at;

    ck_assert_int_eq(ntlm_authenticate_decode(content(&before), &message), NTLM_OK);
    mic_at = message.mic_offset;
    edit(&message);
    ntlm_authenticate_encode(&message, &out);
    if (message.mic_offset && mic_at)
        memcpy(out.data + message.mic_offset, before.bytes + mic_at, NTLM_MIC_SIZE);
    replace(wire, &out);
}

/* The pairs of a list, but for the changes. */
static void write_pairs(struct ntlm_bytes list, uint16_t id, struct ntlm_bytes value,
                        struct ntlm_writer *out)
{
    struct ntlm_av_pair pair;

    if (value.data)
        ntlm_av_write(out, id, value);
    while (ntlm_av_next(&list, &pair))
        if (pair.id != id)
            ntlm_av_write(out, pair.id, pair.value);
    ntlm_av_write_eol(out);
}

static void put_info(struct wire *wire, struct ntlm_writer *pairs)
{
    struct wire before = *wire;
    struct ntlm_challenge message;
    struct ntlm_writer out = {0};

    ck_assert_int_eq(pairs->error, NTLM_OK);
    ck_assert_int_eq(ntlm_challenge_decode(content(&before), &message), NTLM_OK);
    message.target_info = ntlm_bytes(pairs->data, pairs->len);
    ntlm_challenge_encode(&message, &out);
    replace(wire, &out);
    ntlm_writer_clear(pairs);
}

static struct ntlm_bytes info_of(const struct wire *wire)
{
    struct ntlm_challenge message;

    ck_assert_int_eq(ntlm_challenge_decode(content(wire), &message), NTLM_OK);
    return message.target_info;
}

void alter_challenge_pair(struct wire *wire, uint16_t id, struct ntlm_bytes value)
{
    struct ntlm_writer pairs = {0};

    write_pairs(info_of(wire), id, value, &pairs);
    put_info(wire, &pairs);
}

void alter_challenge_more(struct wire *wire, uint16_t id, struct ntlm_bytes value, bool first)
{
    struct ntlm_bytes list = info_of(wire);
    struct ntlm_writer pairs = {0};
    struct ntlm_av_pair pair;

    if (first)
        ntlm_av_write(&pairs, id, value);
    while (ntlm_av_next(&list, &pair))
        ntlm_av_write(&pairs, pair.id, pair.value);
    if (!first)
        ntlm_av_write(&pairs, id, value);
    ntlm_av_write_eol(&pairs);
    put_info(wire, &pairs);
}

/* What put_response puts in. */
static struct ntlm_bytes new_response;

static void put_response(struct ntlm_authenticate *message)
{
    message->nt_response = new_response;
}

void alter_response_pair(struct wire *wire, uint16_t id, struct ntlm_bytes value)
{
    struct ntlm_authenticate message;
    struct ntlm_writer response = {0};
    struct ntlm_bytes list;

    ck_assert_int_eq(ntlm_authenticate_decode(content(wire), &message), NTLM_OK);
    ck_assert_uint_gt(message.nt_response.len, PAIRS_AT);
    list = ntlm_bytes(message.nt_response.data + PAIRS_AT, message.nt_response.len - PAIRS_AT);
    ntlm_write(&response, message.nt_response.data, PAIRS_AT);
    write_pairs(list, id, value, &response);
    ntlm_write(&response, "\0\0\0\0", 4);
    ck_assert_int_eq(response.error, NTLM_OK);
    new_response = ntlm_bytes(response.data, response.len);
    alter_authenticate(wire, put_response);
    ntlm_writer_clear(&response);
}
