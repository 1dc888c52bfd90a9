/* SPDX-License-Identifier: MIT */
/* cipher_state.c - sealing and signing one message, with and without extended
 * session security ([MS-NLMP] 3.4.3 and 3.4.4). */

#include "config.h"

#include "cipher_state.h"

#include <string.h>
#include <zlib.h>

#include "flags.h"
#include "secret.h"

/* NTLMSSP_MESSAGE_SIGNATURE (2.2.2.9): Version(4), then with extended session
 * security Checksum(8) SeqNum(4), without it RandomPad(4) Checksum(4)
 * SeqNum(4). */
#define SIGNATURE_VERSION 1
#define CHECKSUM_AT 4
#define RANDOM_PAD_AT 4
#define CRC32_AT 8

/* A sender adds the plain text to the checksum and then encrypts it, a
 * receiver decrypts first. */
enum operation { SEAL, UNSEAL };

/* Both are done to a piece of a long message while the processor's nearest
 * cache still holds it, rather than each to the whole. */
#define PIECE ((size_t)32 << 10)

/* What a signature vouches for, as far as it was seen. */
struct checksum {
    bool extended; /* else the CRC is it */
    struct ntlm_hmac hmac;
    uLong crc;
};

static void put32(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static enum ntlm_error restart(struct ntlm_cipher_state *state, const uint8_t *key, size_t len)
{
    state->position = 0;
    return ntlm_rc4_set_key(&state->stream, ntlm_bytes(key, len));
}

static void run(struct ntlm_cipher_state *state, const uint8_t *in, uint8_t *out, size_t len)
{
    ntlm_rc4_crypt(&state->stream, in, out, len);
    state->position += len;
}

/* Datagrams may come in any order, so each is its own stream, under
 * SealingKey' = MD5(SealingKey, SeqNum) (3.4). */
static enum ntlm_error begin_message(struct ntlm_cipher_state *state, uint32_t number)
{
    uint8_t seq_num[4], key[NTLM_KEY_SIZE];
    struct ntlm_bytes parts[] = {
        {state->sealing_key, state->sealing_key_len},
        {seq_num, sizeof(seq_num)},
    };
    enum ntlm_error error;

    if (!state->datagram)
        return NTLM_OK;
    put32(seq_num, number);
    error = ntlm_md5(parts, 2, key);
    if (!error)
        error = restart(state, key, sizeof(key));
    ntlm_cleanse(key, sizeof(key));
    return error;
}

/* The signature as it is before its checksum is known. HMAC_MD5(SigningKey,
 * SeqNum ‖ Message) begins with the number (3.4.4.2), CRC32(Message) does not
 * (3.4.4.1). */
static enum ntlm_error begin_signature(struct ntlm_cipher_state *state, uint32_t number,
                                       struct checksum *sum, uint8_t signature[16])
{
    memset(signature, 0, NTLM_SIGNATURE_SIZE);
    put32(signature, SIGNATURE_VERSION);
    put32(signature + NTLM_SEQ_NUM_AT, number);
    sum->extended = state->extended;
    sum->crc = crc32_z(0, NULL, 0);
    if (!sum->extended)
        return NTLM_OK;
    ntlm_hmac_begin(&sum->hmac, &state->signing);
    return ntlm_hmac_update(&sum->hmac, signature + NTLM_SEQ_NUM_AT, 4);
}

static enum ntlm_error add_plain(struct checksum *sum, const uint8_t *data, size_t len)
{
    if (sum->extended)
        return ntlm_hmac_update(&sum->hmac, data, len);
    sum->crc = crc32_z(sum->crc, data, len);
    return NTLM_OK;
}

static enum ntlm_error end_signature(struct checksum *sum, uint8_t signature[16])
{
    uint8_t mac[16];
    enum ntlm_error error;

    if (!sum->extended) {
        put32(signature + CRC32_AT, (uint32_t)sum->crc);
        return NTLM_OK;
    }
    error = ntlm_hmac_end(&sum->hmac, mac);
    if (!error)
        memcpy(signature + CHECKSUM_AT, mac, 8);
    return error;
}

static enum ntlm_error run_piece(struct ntlm_cipher_state *state, enum operation operation,
                                 struct checksum *sum, const uint8_t *in, uint8_t *out,
                                 size_t len)
{
    enum ntlm_error error = NTLM_OK;

    if (operation == SEAL || !out)
        error = add_plain(sum, in, len);
    if (!error && out)
        run(state, in, out, len);
    if (!error && operation == UNSEAL && out)
        error = add_plain(sum, out, len);
    return error;
}

static enum ntlm_error run_part(struct ntlm_cipher_state *state, enum operation operation,
                                struct checksum *sum, const struct ntlm_part *part)
{
    enum ntlm_error error = NTLM_OK;
    size_t len;

    for (size_t at = 0; at < part->len && !error; at += len) {
        len = part->len - at < PIECE ? part->len - at : PIECE;
        error = run_piece(state, operation, sum, part->in + at,
                          part->out ? part->out + at : NULL, len);
    }
    return error;
}

/* Everything but the encryption of the signature. */
static enum ntlm_error run_message(struct ntlm_cipher_state *state, enum operation operation,
                                   uint32_t number, const struct ntlm_part *parts, size_t count,
                                   uint8_t signature[16])
{
    struct checksum sum;
    enum ntlm_error error = begin_signature(state, number, &sum, signature);

    for (size_t i = 0; i < count && !error; i++)
        error = run_part(state, operation, &sum, &parts[i]);
    if (!error)
        return end_signature(&sum, signature);
    ntlm_cleanse(&sum, sizeof(sum));
    return error;
}

static void encrypt_signature(struct ntlm_cipher_state *state, uint8_t signature[16])
{
    uint8_t *at = signature + CHECKSUM_AT;

    if (!state->checksum_encrypted)
        return;
    run(state, at, at, state->extended ? 8 : 12);
    if (!state->extended)
        memset(signature + RANDOM_PAD_AT, 0, 4); /* sent as zero, but it took its four bytes */
}

/* Runs the stream on to this position. */
static void skip_to(struct ntlm_cipher_state *state, uint64_t position)
{
    uint8_t skipped[4096] = {0};

    while (state->position < position) {
        uint64_t left = position - state->position;
        run(state, skipped, skipped, left < sizeof(skipped) ? (size_t)left : sizeof(skipped));
    }
    ntlm_cleanse(skipped, sizeof(skipped));
}

/* To where the message that has this number begins. */
static enum ntlm_error wind_back(struct ntlm_cipher_state *state, uint32_t number,
                                 uint64_t position)
{
    if (state->datagram)
        return begin_message(state, number);
    if (state->position == position)
        return NTLM_OK;
    if (position > NTLM_REWIND_REACH)
        return NTLM_ERR_BAD_SIGNATURE; /* and no more verifies */
    return ntlm_cipher_state_seek(state, position);
}

static void cleanse_parts(const struct ntlm_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].out)
            ntlm_cleanse(parts[i].out, parts[i].len);
}

/* Encrypts again what was decrypted where it lay. */
static void restore_parts(struct ntlm_cipher_state *state, const struct ntlm_part *parts,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].out)
            run(state, parts[i].out, parts[i].out, parts[i].len);
}

static bool in_place(const struct ntlm_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].out && parts[i].out != parts[i].in)
            return false;
    return true;
}

/* `whole`: all of the message was run, and its signature is wrong. */
static void undo(struct ntlm_cipher_state *state, uint32_t number, uint64_t position,
                 const struct ntlm_part *parts, size_t count, bool whole)
{
    enum ntlm_error error = wind_back(state, number, position);

    if (error || !whole || !in_place(parts, count))
        cleanse_parts(parts, count);
    else
        restore_parts(state, parts, count);
    if (!error)
        (void)wind_back(state, number, position); /* should it fail, no more verifies */
}

enum ntlm_error ntlm_cipher_state_open(struct ntlm_cipher_state *state, uint32_t flags,
                                       const uint8_t exported_key[16], enum ntlm_role from)
{
    bool extended = flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    uint8_t signing_key[NTLM_KEY_SIZE];
    enum ntlm_error error;

    state->extended = extended;
    state->datagram = flags & NTLMSSP_NEGOTIATE_DATAGRAM;
    state->checksum_encrypted = !extended || flags & NTLMSSP_NEGOTIATE_KEY_EXCH;
    error = ntlm_sealing_key(flags, exported_key, from, state->sealing_key,
                             &state->sealing_key_len);
    if (!error)
        error = restart(state, state->sealing_key, state->sealing_key_len);
    if (!error && extended) {
        error = ntlm_signing_key(exported_key, from, signing_key);
        if (!error)
            error = ntlm_hmac_set_key(&state->signing, signing_key);
        ntlm_cleanse(signing_key, sizeof(signing_key));
    }
    ntlm_cleanse_stack();
    state->opened = !error;
    return error;
}

enum ntlm_error ntlm_cipher_state_seek(struct ntlm_cipher_state *state, uint64_t position)
{
    enum ntlm_error error = restart(state, state->sealing_key, state->sealing_key_len);

    if (!error)
        skip_to(state, position);
    return error;
}

enum ntlm_error ntlm_cipher_state_seal(struct ntlm_cipher_state *state, uint32_t number,
                                       const struct ntlm_part *parts, size_t count,
                                       uint8_t signature[16])
{
    enum ntlm_error error = begin_message(state, number);

    if (!error)
        error = run_message(state, SEAL, number, parts, count, signature);
    if (!error)
        encrypt_signature(state, signature);
    return error;
}

enum ntlm_error ntlm_cipher_state_unseal(struct ntlm_cipher_state *state, uint32_t number,
                                         const struct ntlm_part *parts, size_t count,
                                         const uint8_t signature[16])
{
    uint8_t expected[NTLM_SIGNATURE_SIZE];
    enum ntlm_error error = begin_message(state, number);
    uint64_t position = state->position;

    if (!error)
        error = run_message(state, UNSEAL, number, parts, count, expected);
    if (!error)
        encrypt_signature(state, expected);
    if (!state->extended) /* RandomPad may be anything */
        memcpy(expected + RANDOM_PAD_AT, signature + RANDOM_PAD_AT, 4);
    if (!error && !ntlm_equal(expected, signature, NTLM_SIGNATURE_SIZE))
        error = NTLM_ERR_BAD_SIGNATURE;
    if (error)
        undo(state, number, position, parts, count, error == NTLM_ERR_BAD_SIGNATURE);
    ntlm_cleanse(expected, sizeof(expected));
    return error;
}
