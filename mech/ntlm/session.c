/* SPDX-License-Identifier: MIT */
/* session.c - the two directions of a conversation: what may be sealed, in
 * what order it arrives, and how a session goes to another process. How one
 * message is sealed and signed is in cipher_state.c. */

#include "config.h"

#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "cipher_state.h"
#include "flags.h"
#include "secret.h"

/* The flags on which a session depends. */
#define SESSION_FLAGS                                                                          \
    (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_DATAGRAM | NTLMSSP_NEGOTIATE_LM_KEY |                 \
     NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |              \
     NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_56)

#define EXPORT_VERSION 0x3153544eu /* "NTS1" */

/* OpenSSL does not give the state of an RC4 stream away, so import makes it
 * again by running a fresh stream to the same place: 0.3 s for this much. */
#define EXPORT_REACH ((uint64_t)1 << 28)

struct ntlm_session {
    uint8_t exported_key[NTLM_KEY_SIZE];
    uint32_t flags; /* of SESSION_FLAGS */
    enum ntlm_role us;
    struct ntlm_cipher_state from[2]; /* by the role that sends: see state_from */
};

/* Without SIGN and SEAL this is every message's signature. */
static const uint8_t dummy_signature[NTLM_SIGNATURE_SIZE] = {1};

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Whether any of these flags was. */
static bool agreed(const struct ntlm_session *session, uint32_t flags)
{
    return (session->flags & flags) != 0;
}

static bool extended(const struct ntlm_session *session)
{
    return agreed(session, NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
}

/* Without extended session security both directions are one (3.4). */
static struct ntlm_cipher_state *state_from(struct ntlm_session *session, enum ntlm_role role)
{
    return &session->from[extended(session) ? role : NTLM_CLIENT];
}

static struct ntlm_cipher_state *ours(struct ntlm_session *session)
{
    return state_from(session, session->us);
}

static struct ntlm_cipher_state *theirs(struct ntlm_session *session)
{
    return state_from(session, session->us == NTLM_CLIENT ? NTLM_SERVER : NTLM_CLIENT);
}

/* The keys of a direction are made for its first message: after many a logon none
 * comes. */
static enum ntlm_error open_state(const struct ntlm_session *session,
                                  struct ntlm_cipher_state *state)
{
    const enum ntlm_role from =
        state == &session->from[NTLM_CLIENT] ? NTLM_CLIENT : NTLM_SERVER;

    return state->opened
               ? NTLM_OK
               : ntlm_cipher_state_open(state, session->flags, session->exported_key, from);
}

static bool any_sealed(const struct ntlm_part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (parts[i].out)
            return true;
    return false;
}

static enum ntlm_error check_protection(const struct ntlm_session *session,
                                        const struct ntlm_part *parts, size_t count)
{
    bool enough = any_sealed(parts, count)
                      ? ntlm_session_protects(session)
                      : agreed(session, NTLM_PROTECTION | NTLMSSP_NEGOTIATE_ALWAYS_SIGN);

    return enough ? NTLM_OK : NTLM_ERR_NO_PROTECTION;
}

/* Where in its direction a message stands. Numbers wrap around. */
static int order_of(uint32_t number, uint32_t expected)
{
    if (number == expected)
        return 0;
    return number - expected < 0x80000000u ? 1 : -1;
}

/* Takes a cipher state up where export left it. One that this kind of session
 * does not use is all zeros. */
static enum ntlm_error import_state(struct ntlm_session *session, enum ntlm_role from,
                                    struct ntlm_reader *in)
{
    struct ntlm_cipher_state *state = &session->from[from];
    bool used = agreed(session, NTLM_PROTECTION) && state_from(session, from) == state;
    uint32_t sequence = ntlm_read32(in);
    uint64_t position = ntlm_read64(in);
    enum ntlm_error error = NTLM_OK;

    if (in->error || position > EXPORT_REACH)
        return NTLM_ERR_BAD_EXPORT;
    if (!used)
        return sequence == 0 && position == 0 ? NTLM_OK : NTLM_ERR_BAD_EXPORT;
    state->sequence = sequence;
    if (position > 0)
        error = open_state(session, state);
    return error || position == 0 ? error : ntlm_cipher_state_seek(state, position);
}

static enum ntlm_error verify_dummy(const uint8_t signature[16], struct ntlm_order *order)
{
    order->verified = ntlm_equal(signature, dummy_signature, NTLM_SIGNATURE_SIZE);
    return order->verified ? NTLM_OK : NTLM_ERR_BAD_SIGNATURE;
}

enum ntlm_error ntlm_session_new(const uint8_t exported_key[16], uint32_t flags,
                                 enum ntlm_role us, struct ntlm_session **session)
{
    struct ntlm_session *made = calloc(1, sizeof(*made));

    *session = made;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    memcpy(made->exported_key, exported_key, NTLM_KEY_SIZE);
    made->flags = flags & SESSION_FLAGS;
    made->us = us;
    return NTLM_OK;
}

void ntlm_session_free(struct ntlm_session *session)
{
    if (!session)
        return;
    ntlm_cleanse(session, sizeof(*session));
    free(session);
}

enum ntlm_error ntlm_session_seal(struct ntlm_session *session, const struct ntlm_part *parts,
                                  size_t count, uint8_t signature[16])
{
    struct ntlm_cipher_state *state = ours(session);
    enum ntlm_error error = check_protection(session, parts, count);

    if (error)
        return error;
    if (!agreed(session, NTLM_PROTECTION)) {
        memcpy(signature, dummy_signature, NTLM_SIGNATURE_SIZE);
        return NTLM_OK;
    }
    error = open_state(session, state);
    if (!error)
        error = ntlm_cipher_state_seal(state, state->sequence, parts, count, signature);
    if (!error)
        state->sequence++;
    return error;
}

enum ntlm_error ntlm_session_unseal(struct ntlm_session *session, const struct ntlm_part *parts,
                                    size_t count, const uint8_t signature[16],
                                    struct ntlm_order *order)
{
    struct ntlm_cipher_state *state = theirs(session);
    uint32_t number = state->sequence;
    enum ntlm_error error = check_protection(session, parts, count);

    *order = (struct ntlm_order){0};
    if (error)
        return error;
    if (!agreed(session, NTLM_PROTECTION))
        return verify_dummy(signature, order);
    error = open_state(session, state);
    if (error)
        return error;

    if (extended(session)) /* else the number is encrypted, and part of what is verified */
        number = get32(signature + NTLM_SEQ_NUM_AT);
    if (!agreed(session, NTLMSSP_NEGOTIATE_DATAGRAM))
        order->gap = order_of(number, state->sequence);
    if (order->gap != 0 && (state->checksum_encrypted || any_sealed(parts, count)))
        return NTLM_ERR_OUT_OF_SEQUENCE;

    error = ntlm_cipher_state_unseal(state, number, parts, count, signature);
    if (error)
        return error;
    order->verified = true;
    if (order->gap != 0)
        return NTLM_ERR_OUT_OF_SEQUENCE;
    state->sequence = number + 1;
    return NTLM_OK;
}

enum ntlm_error ntlm_session_reset(struct ntlm_session *session, bool receiving)
{
    struct ntlm_cipher_state *state = receiving ? theirs(session) : ours(session);

    return state->opened ? ntlm_cipher_state_seek(state, 0) : NTLM_OK;
}

enum ntlm_error ntlm_session_set_sequence(struct ntlm_session *session, uint32_t sequence)
{
    if (!agreed(session, NTLMSSP_NEGOTIATE_DATAGRAM))
        return NTLM_ERR_NOT_DATAGRAM;
    if (!agreed(session, NTLM_PROTECTION)) /* the dummy signature has no number */
        return NTLM_OK;
    ours(session)->sequence = sequence; /* and theirs where both are one */
    return NTLM_OK;
}

/* Datagrams are encrypted with extended session security only (3.4.3). */
bool ntlm_session_protects(const struct ntlm_session *session)
{
    return agreed(session, NTLM_PROTECTION) &&
           (extended(session) || !agreed(session, NTLMSSP_NEGOTIATE_DATAGRAM));
}

unsigned ntlm_session_ssf(const struct ntlm_session *session)
{
    if (!agreed(session, NTLM_PROTECTION))
        return 0;
    if (!agreed(session, NTLMSSP_NEGOTIATE_SEAL) || !ntlm_session_protects(session))
        return 1;
    /* LM_KEY cuts the key to 56 bits at most (3.4.5.3). */
    if (agreed(session, NTLMSSP_NEGOTIATE_128) &&
        (extended(session) || !agreed(session, NTLMSSP_NEGOTIATE_LM_KEY)))
        return 64;
    return agreed(session, NTLMSSP_NEGOTIATE_56) ? 56 : 40;
}

void ntlm_session_export(const struct ntlm_session *session, struct ntlm_writer *out)
{
    ntlm_write32(out, EXPORT_VERSION);
    ntlm_write32(out, session->flags);
    ntlm_write32(out, (uint32_t)session->us);
    ntlm_write(out, session->exported_key, NTLM_KEY_SIZE);
    for (int i = 0; i < 2; i++) {
        if (session->from[i].position > EXPORT_REACH)
            ntlm_writer_fail(out, NTLM_ERR_EXPORT_TOO_LATE);
        ntlm_write32(out, session->from[i].sequence);
        ntlm_write64(out, session->from[i].position);
    }
}

enum ntlm_error ntlm_session_import(struct ntlm_reader *in, struct ntlm_session **session)
{
    uint32_t version = ntlm_read32(in), flags = ntlm_read32(in), us = ntlm_read32(in);
    uint8_t exported_key[NTLM_KEY_SIZE];
    struct ntlm_session *made = NULL;
    enum ntlm_error error = NTLM_ERR_BAD_EXPORT;

    *session = NULL;
    ntlm_read_copy(in, exported_key, sizeof(exported_key));
    if (in->error || version != EXPORT_VERSION || (flags & ~SESSION_FLAGS) != 0 ||
        us > NTLM_SERVER)
        goto out;
    error = ntlm_session_new(exported_key, flags, (enum ntlm_role)us, &made);
    for (int i = 0; i < 2 && !error; i++)
        error = import_state(made, (enum ntlm_role)i, in);
    if (!error) {
        *session = made;
        made = NULL;
    }
out:
    ntlm_session_free(made);
    ntlm_cleanse(exported_key, sizeof(exported_key));
    return error;
}
