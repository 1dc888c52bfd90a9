/* SPDX-License-Identifier: MIT */
/* acceptor.c - the server's side of an exchange ([MS-NLMP] 3.2.5), step by step.
 * The CHALLENGE is made in acceptor_challenge.c and the AUTHENTICATE read in
 * received_authenticate.c; the reasons to refuse it that are policy are in
 * acceptor_policy.c. */

#include "config.h"

#include "acceptor.h"

#include <stdlib.h>
#include <string.h>

#include "acceptor_challenge.h"
#include "acceptor_policy.h"
#include "avpair.h"
#include "flags.h"
#include "rc4.h"
#include "received_authenticate.h"
#include "secret.h"

struct ntlm_acceptor {
    struct ntlm_exchange exchange;
    struct ntlm_acceptor_config config;
    struct ntlm_sent_challenge challenge;
    struct ntlm_received_authenticate received;
    struct ntlm_logon logon;
};

enum ntlm_error ntlm_acceptor_new(const struct ntlm_env *env,
                                  const struct ntlm_acceptor_config *config,
                                  struct ntlm_acceptor **acceptor)
{
    struct ntlm_acceptor *made = calloc(1, sizeof(*made));

    *acceptor = made;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->config = *config;
    ntlm_exchange_begin(&made->exchange, env, &made->config.machine_id, &made->config.version);
    return NTLM_OK;
}

void ntlm_acceptor_free(struct ntlm_acceptor *acceptor)
{
    if (!acceptor)
        return;
    ntlm_exchange_clear(&acceptor->exchange);
    ntlm_writer_clear(&acceptor->challenge.token);
    ntlm_received_authenticate_clear(&acceptor->received);
    ntlm_cleanse(acceptor, sizeof(*acceptor));
    free(acceptor);
}

void ntlm_acceptor_bind(struct ntlm_acceptor *acceptor, const uint8_t hash[16])
{
    ntlm_exchange_bind(&acceptor->exchange, hash);
}

static enum ntlm_error take_negotiate(struct ntlm_acceptor *acceptor, struct ntlm_bytes token,
                                      uint32_t *asked)
{
    struct ntlm_exchange *exchange = &acceptor->exchange;
    struct ntlm_negotiate message;
    enum ntlm_error error;

    if (acceptor->config.datagram && token.len == 0) {
        *asked = NTLM_DATAGRAM_ASKED;
        return NTLM_OK;
    }
    error = ntlm_negotiate_decode(token, &message);
    if (error)
        return ntlm_fail(exchange->env, error, "in the client's NEGOTIATE");
    *asked = message.flags;
    ntlm_write(&exchange->negotiate, token.data, token.len);
    return exchange->negotiate.error;
}

enum ntlm_error ntlm_acceptor_challenge(struct ntlm_acceptor *acceptor,
                                        struct ntlm_bytes negotiate, uint8_t **token,
                                        size_t *token_len)
{
    struct ntlm_exchange *exchange = &acceptor->exchange;
    struct ntlm_sent_challenge *sent = &acceptor->challenge;
    struct ntlm_writer copy = {0};
    uint32_t asked = 0;
    enum ntlm_error error;

    *token = NULL;
    *token_len = 0;
    error = ntlm_exchange_expect(exchange, NTLM_STAGE_NEW);
    if (!error)
        error = take_negotiate(acceptor, negotiate, &asked);
    if (!error)
        error = ntlm_challenge_make(exchange->env, &acceptor->config, asked, sent);
    if (!error) {
        ntlm_write(&copy, sent->token.data, sent->token.len);
        error = ntlm_writer_take(&copy, token, token_len);
    }
    return ntlm_exchange_end_step(exchange, error, NTLM_STAGE_HALF);
}

static void fill_logon(struct ntlm_acceptor *acceptor)
{
    const struct ntlm_received_authenticate *received = &acceptor->received;
    struct ntlm_logon *logon = &acceptor->logon;

    logon->kind = received->response.kind;
    logon->flags = received->flags;
    logon->user = received->user;
    logon->domain = received->domain;
    logon->workstation = received->workstation;
    logon->user_utf16 = received->user_utf16;
    logon->domain_utf16 = received->domain_utf16;
    logon->server_name = acceptor->config.netbios_computer;
    logon->server_domain = acceptor->config.netbios_domain;
    memcpy(logon->server_challenge, acceptor->challenge.server_challenge,
           sizeof(logon->server_challenge));
    logon->lm_response = received->message.lm_response;
    logon->nt_response = received->message.nt_response;
}

static struct ntlm_policy_facts facts_of(const struct ntlm_acceptor *acceptor)
{
    return (struct ntlm_policy_facts){
        .flags = acceptor->exchange.outcome.flags,
        .response = &acceptor->received.response,
        .target_name = acceptor->received.target_name,
        .bindings = acceptor->exchange.has_bindings ? acceptor->exchange.bindings : NULL,
        .now = acceptor->exchange.env->now(acceptor->exchange.env->arg),
    };
}

static enum ntlm_error take_authenticate(struct ntlm_acceptor *acceptor,
                                         struct ntlm_bytes token)
{
    const struct ntlm_env *env = acceptor->exchange.env;
    struct ntlm_policy_facts facts;
    enum ntlm_error error = ntlm_received_authenticate_read(env, acceptor->challenge.flags,
                                                            token, &acceptor->received);

    if (acceptor->received.named)
        fill_logon(acceptor);
    if (error)
        return ntlm_fail(env, error, "in the client's AUTHENTICATE");
    acceptor->exchange.outcome.flags = acceptor->received.flags;
    facts = facts_of(acceptor);
    return ntlm_policy_before_logon(env, &acceptor->config, &facts);
}

enum ntlm_error ntlm_acceptor_authenticate(struct ntlm_acceptor *acceptor,
                                           struct ntlm_bytes authenticate,
                                           const struct ntlm_logon **logon)
{
    enum ntlm_error error = ntlm_exchange_expect(&acceptor->exchange, NTLM_STAGE_HALF);

    *logon = NULL;
    if (!error)
        error = take_authenticate(acceptor, authenticate);
    if (!error)
        *logon = &acceptor->logon;
    return ntlm_exchange_end_step(&acceptor->exchange, error, NTLM_STAGE_LOGON);
}

static enum ntlm_error find_session_key(struct ntlm_acceptor *acceptor,
                                        const struct ntlm_logon_keys *keys)
{
    static const uint8_t no_key[NTLM_KEY_SIZE];
    struct ntlm_outcome *outcome = &acceptor->exchange.outcome;
    const struct ntlm_bytes *encrypted = &acceptor->received.message.session_key;
    uint8_t exchange_key[NTLM_KEY_SIZE];
    struct ntlm_kxkey_input input = {
        .flags = outcome->flags,
        .v2 = acceptor->received.response.kind == NTLM_RESPONSE_V2 || !keys,
        .base_key = keys ? keys->base_key : no_key,
        .lm_key = keys && keys->has_lm_key ? keys->lm_key : NULL,
        .lm_response = acceptor->received.message.lm_response,
        .server_challenge = acceptor->challenge.server_challenge,
    };
    enum ntlm_error error = ntlm_kxkey(&input, exchange_key);

    if (error)
        ntlm_fail(acceptor->exchange.env, error, "while making the session's key");
    else if (!(outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH))
        memcpy(outcome->session_key, exchange_key, sizeof(exchange_key));
    else if (encrypted->len != NTLM_KEY_SIZE)
        error = ntlm_fail(acceptor->exchange.env, NTLM_ERR_BAD_RESPONSE,
                          "a session key of %zu bytes with KEY_EXCH", encrypted->len);
    else
        error = ntlm_rc4k(ntlm_bytes(exchange_key, sizeof(exchange_key)), encrypted->data,
                          outcome->session_key, NTLM_KEY_SIZE);
    ntlm_cleanse(exchange_key, sizeof(exchange_key));
    return error;
}

/* A client that got no timestamp makes no MIC, so taking it out of the
 * CHALLENGE would leave the exchange unprotected. But a response gives the
 * CHALLENGE's AV pairs back (3.1.5.1.2), and these are under its proof. */
static enum ntlm_error check_echo(const struct ntlm_acceptor *acceptor)
{
    uint64_t echoed;

    if (acceptor->received.response.kind != NTLM_RESPONSE_V2 ||
        (ntlm_av_timestamp(acceptor->received.response.av_pairs, &echoed) &&
         echoed == acceptor->challenge.time))
        return NTLM_OK;
    return ntlm_fail(acceptor->exchange.env, NTLM_ERR_CHALLENGE_ALTERED,
                     "its response lacks our timestamp");
}

/* 3.2.5.1.2: over the three tokens exactly as they went over the wire. */
static enum ntlm_error check_mic(struct ntlm_acceptor *acceptor)
{
    const struct ntlm_writer *authenticate = &acceptor->received.token;
    size_t offset = acceptor->received.message.mic_offset;
    uint8_t mic[NTLM_MIC_SIZE];
    enum ntlm_error error;

    if (!acceptor->received.response.mic_announced)
        return check_echo(acceptor);
    if (offset == 0)
        return ntlm_fail(acceptor->exchange.env, NTLM_ERR_MIC_MISSING, NULL);
    error = ntlm_mic(
        acceptor->exchange.outcome.session_key,
        ntlm_bytes(acceptor->exchange.negotiate.data, acceptor->exchange.negotiate.len),
        ntlm_bytes(acceptor->challenge.token.data, acceptor->challenge.token.len),
        ntlm_bytes(authenticate->data, authenticate->len), offset, mic);
    if (!error && !ntlm_equal(mic, authenticate->data + offset, sizeof(mic)))
        error = ntlm_fail(acceptor->exchange.env, NTLM_ERR_MIC_WRONG, NULL);
    if (!error)
        acceptor->exchange.outcome.mic = true;
    return error;
}

enum ntlm_error ntlm_acceptor_finish(struct ntlm_acceptor *acceptor,
                                     const struct ntlm_logon_keys *keys)
{
    const bool anonymous = acceptor->received.response.kind == NTLM_RESPONSE_ANONYMOUS;
    struct ntlm_policy_facts facts;
    enum ntlm_error error = ntlm_exchange_expect(&acceptor->exchange, NTLM_STAGE_LOGON);

    if (!error && !keys && !anonymous)
        error = ntlm_fail(acceptor->exchange.env, NTLM_ERR_BAD_ARGUMENT,
                          "no keys for a real logon");
    acceptor->exchange.outcome.anonymous = anonymous;
    if (!error)
        error = find_session_key(acceptor, anonymous ? NULL : keys);
    if (!error)
        error = check_mic(acceptor);
    if (!error) {
        facts = facts_of(acceptor);
        error = ntlm_policy_after_logon(acceptor->exchange.env, &acceptor->config, &facts,
                                        &acceptor->exchange.outcome.bound);
    }
    return ntlm_exchange_end_step(&acceptor->exchange, error, NTLM_STAGE_DONE);
}

enum ntlm_error ntlm_acceptor_denied(struct ntlm_acceptor *acceptor, enum ntlm_error error)
{
    uint64_t echoed;

    /* The response carries our AV pairs back, the timestamp among them; the
     * answer to another challenge has another's. Only a denied logon is looked
     * at so: a client that sets its own time is no replay when it is right. */
    if (error == NTLM_ERR_LOGON_DENIED &&
        acceptor->received.response.kind == NTLM_RESPONSE_V2 &&
        ntlm_av_timestamp(acceptor->received.response.av_pairs, &echoed) &&
        echoed != acceptor->challenge.time)
        error = ntlm_fail(acceptor->exchange.env, NTLM_ERR_REPLAY, NULL);
    return ntlm_exchange_end_step(&acceptor->exchange, error, NTLM_STAGE_DEAD);
}

const struct ntlm_logon *ntlm_acceptor_logon(const struct ntlm_acceptor *acceptor)
{
    return acceptor->logon.user ? &acceptor->logon : NULL;
}

enum ntlm_channel ntlm_acceptor_channel(const struct ntlm_acceptor *acceptor)
{
    const struct ntlm_received_response *response = &acceptor->received.response;
    const struct ntlm_bytes theirs = response->bindings;

    if (response->kind == NTLM_RESPONSE_V2 && !response->av_pairs.data)
        return NTLM_CHANNEL_UNKNOWN;
    if (!acceptor->exchange.has_bindings)
        return theirs.len > 0 ? NTLM_CHANNEL_NOT_CHECKED : NTLM_CHANNEL_NONE;
    if (theirs.len == 0)
        return NTLM_CHANNEL_MISSING;
    return ntlm_equal(theirs.data, acceptor->exchange.bindings, NTLM_HASH_SIZE)
               ? NTLM_CHANNEL_MATCHES
               : NTLM_CHANNEL_DIFFERS;
}

#define EXPORT_VERSION 0x3141544eu /* "NTA1" */

enum ntlm_error ntlm_acceptor_export(const struct ntlm_acceptor *acceptor,
                                     struct ntlm_writer *out)
{
    const struct ntlm_exchange *exchange = &acceptor->exchange;
    enum ntlm_error error = ntlm_exchange_expect(exchange, NTLM_STAGE_HALF);

    if (error)
        return error;
    ntlm_write32(out, EXPORT_VERSION);
    ntlm_write32(out, (uint32_t)exchange->negotiate.len);
    ntlm_write(out, exchange->negotiate.data, exchange->negotiate.len);
    ntlm_write32(out, (uint32_t)acceptor->challenge.token.len);
    ntlm_write(out, acceptor->challenge.token.data, acceptor->challenge.token.len);
    ntlm_write8(out, exchange->has_bindings);
    ntlm_write(out, exchange->bindings, sizeof(exchange->bindings));
    return out->error;
}

/* All that is to be known of the exchange is in its two tokens. */
static enum ntlm_error import(struct ntlm_acceptor *made, struct ntlm_reader *in)
{
    struct ntlm_exchange *exchange = &made->exchange;
    uint32_t version = ntlm_read32(in);
    struct ntlm_bytes negotiate = ntlm_read_bytes(in, ntlm_read32(in));
    struct ntlm_bytes challenge = ntlm_read_bytes(in, ntlm_read32(in));
    struct ntlm_bytes has_bindings = ntlm_read_bytes(in, 1);
    struct ntlm_negotiate message;
    enum ntlm_error error;

    ntlm_read_copy(in, exchange->bindings, sizeof(exchange->bindings));
    if (in->error || version != EXPORT_VERSION || has_bindings.data[0] > 1)
        return NTLM_ERR_BAD_EXPORT;
    exchange->has_bindings = has_bindings.data[0];
    error = ntlm_challenge_resume(challenge, &made->challenge);
    if (error)
        return error;
    made->config.datagram = made->challenge.flags & NTLMSSP_NEGOTIATE_DATAGRAM;
    if (!(made->config.datagram && negotiate.len == 0) &&
        ntlm_negotiate_decode(negotiate, &message))
        return NTLM_ERR_BAD_EXPORT;
    ntlm_write(&exchange->negotiate, negotiate.data, negotiate.len);
    exchange->stage = NTLM_STAGE_HALF;
    return exchange->negotiate.error;
}

enum ntlm_error ntlm_acceptor_import(const struct ntlm_env *env,
                                     const struct ntlm_acceptor_config *config,
                                     struct ntlm_reader *in, struct ntlm_acceptor **acceptor)
{
    struct ntlm_acceptor *made;
    enum ntlm_error error = ntlm_acceptor_new(env, config, &made);

    *acceptor = NULL;
    if (error)
        return error;
    error = import(made, in);
    if (error)
        ntlm_acceptor_free(made);
    else
        *acceptor = made;
    return error;
}

const struct ntlm_outcome *ntlm_acceptor_outcome(const struct ntlm_acceptor *acceptor)
{
    return ntlm_exchange_outcome(&acceptor->exchange);
}

const char *ntlm_acceptor_target_name(const struct ntlm_acceptor *acceptor)
{
    return acceptor->received.target_name;
}
