/* SPDX-License-Identifier: MIT */
/* initiator.c - the client's side of an exchange ([MS-NLMP] 3.1.5): the
 * NEGOTIATE, and the AUTHENTICATE that answers a CHALLENGE. Its responses are made
 * in respond.c; the reasons to refuse a CHALLENGE are in initiator_policy.c. */

#include "config.h"

#include "initiator.h"

#include <stdlib.h>
#include <string.h>

#include "avpair.h"
#include "external_response.h"
#include "flags.h"
#include "initiator_policy.h"
#include "rc4.h"
#include "respond.h"
#include "secret.h"

/* What usual names and a usual AUTHENTICATE take; longer ones go to the heap. */
#define NAMES_ROOM 512
#define AUTHENTICATE_ROOM 1024

struct ntlm_initiator {
    struct ntlm_exchange exchange;
    struct ntlm_initiator_config config;
    bool carried_by_spnego;
    uint32_t offered; /* NegotiateFlags that we would agree to */
};

/* What we offer. KEY_EXCH is never offered alone: it only counts together
 * with message protection. */
static uint32_t flags_to_offer(const struct ntlm_initiator_config *config)
{
    uint32_t flags = config->default_flags;

    if (flags == 0) {
        flags = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM | NTLMSSP_REQUEST_TARGET |
                NTLMSSP_NEGOTIATE_NTLM | NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_128 |
                NTLMSSP_NEGOTIATE_56;
        flags |= config->lm_compat_level == 0 ? NTLMSSP_NEGOTIATE_LM_KEY
                                              : NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    }
    if (config->oem_only)
        flags = (flags & ~NTLMSSP_NEGOTIATE_UNICODE) | NTLMSSP_NEGOTIATE_OEM;
    if (config->version)
        flags |= NTLMSSP_NEGOTIATE_VERSION;
    if (config->integrity || config->confidentiality || config->detection)
        flags |= NTLMSSP_NEGOTIATE_SIGN;
    if (config->confidentiality)
        flags |= NTLMSSP_NEGOTIATE_SEAL;
    if (flags & NTLM_PROTECTION)
        flags |= NTLMSSP_NEGOTIATE_KEY_EXCH;
    else
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    if (config->identify)
        flags |= NTLMSSP_NEGOTIATE_IDENTIFY;
    if (config->datagram)
        flags |= NTLMSSP_NEGOTIATE_DATAGRAM;
    return flags;
}

enum ntlm_error ntlm_initiator_new(const struct ntlm_env *env,
                                   const struct ntlm_initiator_config *config,
                                   struct ntlm_initiator **initiator)
{
    struct ntlm_initiator *made = calloc(1, sizeof(*made));

    *initiator = made;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->config = *config;
    ntlm_exchange_begin(&made->exchange, env, &made->config.machine_id, &made->config.version);
    made->offered = flags_to_offer(config);
    return NTLM_OK;
}

void ntlm_initiator_free(struct ntlm_initiator *initiator)
{
    if (!initiator)
        return;
    ntlm_exchange_clear(&initiator->exchange);
    ntlm_cleanse(initiator, sizeof(*initiator));
    free(initiator);
}

void ntlm_initiator_bind(struct ntlm_initiator *initiator, const uint8_t hash[16])
{
    ntlm_exchange_bind(&initiator->exchange, hash);
}

void ntlm_initiator_carried_by_spnego(struct ntlm_initiator *initiator)
{
    initiator->carried_by_spnego = true;
}

static enum ntlm_error make_negotiate(struct ntlm_initiator *initiator)
{
    struct ntlm_writer *negotiate = &initiator->exchange.negotiate;
    struct ntlm_negotiate message = {.flags = initiator->offered,
                                     .has_version = initiator->config.version != NULL};

    if (initiator->config.datagram)
        return NTLM_OK;
    memcpy(message.version, initiator->exchange.version, sizeof(message.version));
    ntlm_negotiate_encode(&message, negotiate);
    return negotiate->error;
}

enum ntlm_error ntlm_initiator_negotiate(struct ntlm_initiator *initiator, uint8_t **token,
                                         size_t *token_len)
{
    struct ntlm_exchange *exchange = &initiator->exchange;
    struct ntlm_writer copy = {0};
    enum ntlm_error error = ntlm_exchange_expect(exchange, NTLM_STAGE_NEW);

    *token = NULL;
    *token_len = 0;
    if (!error)
        error = make_negotiate(initiator);
    if (!error) {
        ntlm_write(&copy, exchange->negotiate.data, exchange->negotiate.len);
        error = ntlm_writer_take(&copy, token, token_len);
    }
    return ntlm_exchange_end_step(exchange, error, NTLM_STAGE_HALF);
}

#define EXPORT_VERSION 0x3149544eu /* "NTI1" */

enum ntlm_error ntlm_initiator_export(const struct ntlm_initiator *initiator,
                                      struct ntlm_writer *out)
{
    const struct ntlm_exchange *exchange = &initiator->exchange;
    enum ntlm_error error = ntlm_exchange_expect(exchange, NTLM_STAGE_HALF);

    if (error)
        return error;
    ntlm_write32(out, EXPORT_VERSION);
    ntlm_write32(out, initiator->offered);
    ntlm_write32(out, (uint32_t)exchange->negotiate.len);
    ntlm_write(out, exchange->negotiate.data, exchange->negotiate.len);
    ntlm_write8(out, initiator->carried_by_spnego);
    ntlm_write8(out, exchange->has_bindings);
    ntlm_write(out, exchange->bindings, sizeof(exchange->bindings));
    return out->error;
}

/* Whether this is the NEGOTIATE of these flags; of datagrams there is none. */
static bool is_negotiate(const struct ntlm_initiator *initiator, struct ntlm_bytes token)
{
    struct ntlm_negotiate message;

    if (initiator->config.datagram || token.len == 0)
        return initiator->config.datagram && token.len == 0;
    return !ntlm_negotiate_decode(token, &message) && message.flags == initiator->offered;
}

enum ntlm_error ntlm_initiator_resume(struct ntlm_initiator *initiator, struct ntlm_reader *in)
{
    struct ntlm_exchange *exchange = &initiator->exchange;
    enum ntlm_error error = ntlm_exchange_expect(exchange, NTLM_STAGE_NEW);
    uint32_t version = ntlm_read32(in);
    struct ntlm_bytes negotiate, booleans;

    if (error)
        return error;
    initiator->offered = ntlm_read32(in);
    negotiate = ntlm_read_bytes(in, ntlm_read32(in));
    booleans = ntlm_read_bytes(in, 2);
    ntlm_read_copy(in, exchange->bindings, sizeof(exchange->bindings));
    if (in->error || version != EXPORT_VERSION || booleans.data[0] > 1 ||
        booleans.data[1] > 1 || !is_negotiate(initiator, negotiate))
        return NTLM_ERR_BAD_EXPORT;
    initiator->carried_by_spnego = booleans.data[0];
    exchange->has_bindings = booleans.data[1];
    ntlm_write(&exchange->negotiate, negotiate.data, negotiate.len);
    exchange->stage = NTLM_STAGE_HALF;
    return exchange->negotiate.error;
}

/* The flags that both sides agree to ([MS-NLMP] 3.1.5.1.2). */
static enum ntlm_error agree(const struct ntlm_initiator *initiator, uint32_t challenge_flags,
                             uint32_t *agreed)
{
    const struct ntlm_env *env = initiator->exchange.env;
    uint32_t flags = challenge_flags & initiator->offered;

    if (flags & NTLMSSP_NEGOTIATE_UNICODE)
        flags &= ~NTLMSSP_NEGOTIATE_OEM;
    else if (!(flags & NTLMSSP_NEGOTIATE_OEM))
        return ntlm_fail(env, NTLM_ERR_NO_CHARSET, NULL);
    if (flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
        flags &= ~NTLMSSP_NEGOTIATE_LM_KEY;
    if (initiator->config.anonymous) /* there is no key to protect anything with */
        flags = (flags & ~NTLM_PROTECTION) | NTLMSSP_ANONYMOUS;
    if (!(flags & NTLM_PROTECTION))
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    /* Both are set in AUTHENTICATE whatever the CHALLENGE says, as in the
     * specification's own examples (4.2.2.3, 4.2.4.3). */
    *agreed = flags | NTLMSSP_REQUEST_TARGET | NTLMSSP_NEGOTIATE_TARGET_INFO;
    return ntlm_initiator_check_flags(env, &initiator->config, initiator->carried_by_spnego,
                                      flags);
}

/* Whether the MIC is left out although the CHALLENGE has a timestamp: see
 * ntlm_initiator_carried_by_spnego. Nowhere else: a man in the middle who takes
 * SIGN and SEAL out must break the MIC. */
static bool omit_mic(const struct ntlm_initiator *initiator, uint32_t agreed)
{
    const struct ntlm_initiator_config *config = &initiator->config;

    return initiator->carried_by_spnego && !config->integrity && !config->confidentiality &&
           !(agreed & NTLM_PROTECTION);
}

/* KXKEY and the random session key: fills outcome and, with KEY_EXCH, the
 * EncryptedRandomSessionKey. */
static enum ntlm_error make_session_key(struct ntlm_exchange *exchange,
                                        const struct ntlm_response *response,
                                        const uint8_t server_challenge[8],
                                        uint8_t encrypted[NTLM_KEY_SIZE])
{
    struct ntlm_outcome *outcome = &exchange->outcome;
    uint8_t exchange_key[NTLM_KEY_SIZE];
    enum ntlm_error error =
        ntlm_response_exchange_key(response, server_challenge, exchange_key);

    if (error)
        goto done;
    if (!(outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH)) {
        memcpy(outcome->session_key, exchange_key, sizeof(exchange_key));
        goto done;
    }
    error = exchange->env->random(exchange->env->arg, outcome->session_key,
                                  sizeof(outcome->session_key));
    if (!error)
        error = ntlm_rc4k(ntlm_bytes(exchange_key, sizeof(exchange_key)), outcome->session_key,
                          encrypted, NTLM_KEY_SIZE);
done:
    ntlm_cleanse(exchange_key, sizeof(exchange_key));
    return error;
}

/* Encodes the message with these names, which are UTF-8. */
static enum ntlm_error encode_with_names(struct ntlm_authenticate *message,
                                         const char *const names[3], struct ntlm_writer *out)
{
    struct ntlm_bytes *const fields[3] = {&message->domain, &message->user,
                                          &message->workstation};
    uint8_t room[NAMES_ROOM];
    struct ntlm_writer wire;
    size_t ends[4] = {0};
    enum ntlm_error error;

    ntlm_writer_begin_in(&wire, room, sizeof(room));
    for (int i = 0; i < 3; i++) {
        ntlm_message_write_text(message->flags, names[i], &wire);
        ends[i + 1] = wire.len;
    }
    error = wire.error;
    if (!error) {
        for (int i = 0; i < 3; i++)
            *fields[i] = ntlm_bytes(wire.data + ends[i], ends[i + 1] - ends[i]);
        ntlm_authenticate_encode(message, out);
        error = out->error;
    }
    ntlm_writer_clear(&wire);
    return error;
}

/* AUTHENTICATE around a response, MIC and all. */
static enum ntlm_error encode(struct ntlm_initiator *initiator,
                              const struct ntlm_response *response, struct ntlm_bytes challenge,
                              const struct ntlm_secret *secret, struct ntlm_bytes session_key,
                              struct ntlm_writer *out)
{
    const struct ntlm_outcome *outcome = &initiator->exchange.outcome;
    const struct ntlm_writer *negotiate = &initiator->exchange.negotiate;
    const char *workstation = initiator->config.workstation;
    const char *const names[3] = {secret ? secret->domain : "", secret ? secret->user : "",
                                  workstation ? workstation : ""};
    struct ntlm_authenticate message = {
        .flags = outcome->flags,
        .lm_response = ntlm_bytes(response->lm_response.data, response->lm_response.len),
        .nt_response = ntlm_bytes(response->nt_response.data, response->nt_response.len),
        .session_key = session_key,
        .has_version = (outcome->flags & NTLMSSP_NEGOTIATE_VERSION) != 0,
        .mic_offset = outcome->mic ? 72 : 0,
    };
    enum ntlm_error error;

    memcpy(message.version, initiator->exchange.version, sizeof(message.version));
    error = encode_with_names(&message, names, out);
    if (!error && outcome->mic)
        error = ntlm_mic(outcome->session_key, ntlm_bytes(negotiate->data, negotiate->len),
                         challenge, ntlm_bytes(out->data, out->len), message.mic_offset,
                         out->data + message.mic_offset);
    return error;
}

static enum ntlm_error respond(struct ntlm_initiator *initiator,
                               const struct ntlm_response_request *request,
                               struct ntlm_bytes token, const struct ntlm_secret *secret,
                               struct ntlm_writer *out)
{
    struct ntlm_outcome *outcome = &initiator->exchange.outcome;
    struct ntlm_response response = {0};
    uint8_t encrypted[NTLM_KEY_SIZE];
    enum ntlm_error error = ntlm_respond(request, secret, &response);

    if (!error) {
        /* A response may give a flag up: without an LM hash there is no LM_KEY. */
        outcome->flags = response.flags;
        outcome->mic = response.mic;
        error = make_session_key(&initiator->exchange, &response,
                                 request->challenge->server_challenge, encrypted);
    }
    if (!error) {
        bool exchanged = (outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;

        error = encode(initiator, &response, token, secret,
                       ntlm_bytes(encrypted, exchanged ? sizeof(encrypted) : 0), out);
    }
    ntlm_response_clear(&response);
    if (error)
        ntlm_fail(request->env, error, "while answering the server's CHALLENGE");
    return error;
}

/* Decodes the CHALLENGE, and checks it as far as no secret is needed. */
static enum ntlm_error take_challenge(const struct ntlm_initiator *initiator,
                                      struct ntlm_bytes token, struct ntlm_challenge *challenge,
                                      uint32_t *agreed)
{
    const struct ntlm_env *env = initiator->exchange.env;
    enum ntlm_error error = ntlm_challenge_decode(token, challenge);

    if (!error && challenge->target_info.len > 0)
        error = ntlm_av_check(challenge->target_info);
    if (error)
        return ntlm_fail(env, error, "in the server's CHALLENGE");
    return agree(initiator, challenge->flags, agreed);
}

/* secret: NULL for an anonymous logon. */
static enum ntlm_error authenticate(struct ntlm_initiator *initiator, struct ntlm_bytes token,
                                    const struct ntlm_secret *secret, struct ntlm_writer *out)
{
    struct ntlm_exchange *exchange = &initiator->exchange;
    const struct ntlm_tokens tokens = {
        .negotiate = ntlm_bytes(exchange->negotiate.data, exchange->negotiate.len),
        .challenge = token,
    };
    struct ntlm_challenge challenge;
    struct ntlm_response_request request = {
        .env = exchange->env,
        .config = &initiator->config,
        .challenge = &challenge,
        .bindings = exchange->has_bindings ? exchange->bindings : NULL,
    };
    enum ntlm_error error = take_challenge(initiator, token, &challenge, &request.flags);

    if (error)
        return error;
    request.omit_mic = omit_mic(initiator, request.flags);
    exchange->outcome.anonymous = !secret;
    if (secret && secret->respond)
        return ntlm_external_respond(&request, &tokens, secret, out, &exchange->outcome);
    if (initiator->config.lm_compat_level >= 3)
        error = ntlm_initiator_check_names(exchange->env, &initiator->config,
                                           challenge.target_info);
    return error ? error : respond(initiator, &request, token, secret, out);
}

/* A datagram client sends no NEGOTIATE, so it need not have been asked for one. */
static enum ntlm_error expect_challenge(const struct ntlm_initiator *initiator)
{
    if (initiator->config.datagram && initiator->exchange.stage == NTLM_STAGE_NEW)
        return NTLM_OK;
    return ntlm_exchange_expect(&initiator->exchange, NTLM_STAGE_HALF);
}

enum ntlm_error ntlm_initiator_authenticate(struct ntlm_initiator *initiator,
                                            struct ntlm_bytes challenge,
                                            const struct ntlm_secret *secret, uint8_t **token,
                                            size_t *token_len)
{
    bool anonymous = initiator->config.anonymous;
    uint8_t room[AUTHENTICATE_ROOM];
    struct ntlm_writer out;
    enum ntlm_error error = expect_challenge(initiator);

    *token = NULL;
    *token_len = 0;
    ntlm_writer_begin_in(&out, room, sizeof(room));
    if (!error && !secret && !anonymous)
        error = ntlm_fail(initiator->exchange.env, NTLM_ERR_NO_IDENTITY, NULL);
    if (!error)
        error = authenticate(initiator, challenge, anonymous ? NULL : secret, &out);
    if (!error)
        error = ntlm_writer_take(&out, token, token_len);
    ntlm_writer_clear(&out);
    return ntlm_exchange_end_step(&initiator->exchange, error, NTLM_STAGE_DONE);
}

const struct ntlm_outcome *ntlm_initiator_outcome(const struct ntlm_initiator *initiator)
{
    return ntlm_exchange_outcome(&initiator->exchange);
}
