/* SPDX-License-Identifier: MIT */
/* acceptor.c - the server's side of an exchange ([MS-NLMP] 3.2.5): the
 * checks of the AUTHENTICATE. The CHALLENGE is made in acceptor_challenge.c; the
 * reasons to refuse an AUTHENTICATE that are policy are in acceptor_policy.c. */

#include "config.h"

#include "acceptor.h"

#include <stdlib.h>
#include <string.h>

#include "acceptor_challenge.h"
#include "acceptor_policy.h"
#include "avpair.h"
#include "crypto.h"
#include "flags.h"
#include "received_response.h"
#include "secret.h"
#include "text.h"

struct ntlm_acceptor {
    struct ntlm_exchange exchange;
    struct ntlm_acceptor_config config;
    uint8_t machine_id[32], version[NTLM_VERSION_SIZE];
    struct ntlm_sent_challenge challenge;
    struct ntlm_writer authenticate;        /* as it came over the wire, for the MIC */
    struct ntlm_authenticate message;       /* points into authenticate */
    struct ntlm_received_response response; /* likewise */
    char *user, *domain, *workstation, *target_name;
    uint8_t *user_utf16, *domain_utf16;
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
    made->exchange.env = env;
    made->config = *config;
    if (config->machine_id)
        made->config.machine_id =
            memcpy(made->machine_id, config->machine_id, sizeof(made->machine_id));
    if (config->version)
        made->config.version = memcpy(made->version, config->version, sizeof(made->version));
    return NTLM_OK;
}

void ntlm_acceptor_free(struct ntlm_acceptor *acceptor)
{
    if (!acceptor)
        return;
    ntlm_exchange_clear(&acceptor->exchange);
    ntlm_writer_clear(&acceptor->challenge.token);
    ntlm_writer_clear(&acceptor->authenticate);
    free(acceptor->user);
    free(acceptor->domain);
    free(acceptor->workstation);
    free(acceptor->target_name);
    free(acceptor->user_utf16);
    free(acceptor->domain_utf16);
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

/* The flags in force: what the client says, less what we did not offer. The
 * character set is ours to say (2.2.2.5). */
static uint32_t agreed_flags(const struct ntlm_acceptor *acceptor)
{
    const uint32_t charset = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM;
    uint32_t flags = acceptor->challenge.flags;

    if (acceptor->message.has_flags)
        flags &= acceptor->message.flags | charset;
    if (!(flags & NTLM_PROTECTION) || !acceptor->message.has_flags)
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    if (acceptor->response.kind == NTLM_RESPONSE_ANONYMOUS)
        flags = (flags & ~(NTLM_PROTECTION | NTLMSSP_NEGOTIATE_KEY_EXCH)) | NTLMSSP_ANONYMOUS;
    return flags;
}

/* The names, in UTF-8 for people and accounts, in UTF-16LE for NTOWFv2. */
static enum ntlm_error read_names(struct ntlm_acceptor *acceptor)
{
    const struct ntlm_authenticate *message = &acceptor->message;
    struct ntlm_logon *logon = &acceptor->logon;
    uint32_t flags = acceptor->exchange.outcome.flags;
    enum ntlm_error error = ntlm_message_text(flags, message->user, &acceptor->user);

    if (!error)
        error = ntlm_message_text(flags, message->domain, &acceptor->domain);
    if (!error)
        error = ntlm_message_text(flags, message->workstation, &acceptor->workstation);
    if (!error && acceptor->response.has_target)
        error = ntlm_text_from_utf16(acceptor->response.target, &acceptor->target_name);
    if (!error)
        error = ntlm_text_to_utf16(acceptor->user, strlen(acceptor->user),
                                   &acceptor->user_utf16, &logon->user_utf16.len);
    if (!error)
        error = ntlm_text_to_utf16(acceptor->domain, strlen(acceptor->domain),
                                   &acceptor->domain_utf16, &logon->domain_utf16.len);
    logon->user_utf16.data = acceptor->user_utf16;
    logon->domain_utf16.data = acceptor->domain_utf16;
    return error;
}

static void fill_logon(struct ntlm_acceptor *acceptor)
{
    struct ntlm_logon *logon = &acceptor->logon;

    logon->kind = acceptor->response.kind;
    logon->flags = acceptor->exchange.outcome.flags;
    logon->user = acceptor->user;
    logon->domain = acceptor->domain;
    logon->workstation = acceptor->workstation;
    logon->server_name = acceptor->config.netbios_computer;
    logon->server_domain = acceptor->config.netbios_domain;
    memcpy(logon->server_challenge, acceptor->challenge.server_challenge,
           sizeof(logon->server_challenge));
    logon->lm_response = acceptor->message.lm_response;
    logon->nt_response = acceptor->message.nt_response;
}

static struct ntlm_policy_facts facts_of(const struct ntlm_acceptor *acceptor)
{
    return (struct ntlm_policy_facts){
        .flags = acceptor->exchange.outcome.flags,
        .response = &acceptor->response,
        .target_name = acceptor->target_name,
        .bindings = acceptor->exchange.has_bindings ? acceptor->exchange.bindings : NULL,
        .now = acceptor->exchange.env->now(acceptor->exchange.env->arg),
    };
}

static enum ntlm_error take_authenticate(struct ntlm_acceptor *acceptor,
                                         struct ntlm_bytes token)
{
    bool ess = (acceptor->challenge.flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) != 0;
    struct ntlm_policy_facts facts;
    enum ntlm_error error;

    if (token.len > NTLM_MAX_TOKEN)
        return ntlm_fail(acceptor->exchange.env, NTLM_ERR_TOO_LARGE, "%zu bytes", token.len);
    ntlm_write(&acceptor->authenticate, token.data, token.len);
    if (acceptor->authenticate.error)
        return acceptor->authenticate.error;
    error = ntlm_authenticate_decode(
        ntlm_bytes(acceptor->authenticate.data, acceptor->authenticate.len),
        &acceptor->message);
    if (!error && acceptor->message.has_flags)
        ess = ess && (acceptor->message.flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    if (!error)
        error = ntlm_received_response_decode(&acceptor->message, ess, &acceptor->response);
    if (!error) {
        acceptor->exchange.outcome.flags = agreed_flags(acceptor);
        error = read_names(acceptor);
    }
    if (error)
        return ntlm_fail(acceptor->exchange.env, error, "in the client's AUTHENTICATE");
    fill_logon(acceptor);
    facts = facts_of(acceptor);
    return ntlm_policy_before_logon(acceptor->exchange.env, &acceptor->config, &facts);
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
    const struct ntlm_bytes *encrypted = &acceptor->message.session_key;
    uint8_t exchange_key[NTLM_KEY_SIZE];
    struct ntlm_kxkey_input input = {
        .flags = outcome->flags,
        .v2 = acceptor->response.kind == NTLM_RESPONSE_V2 || !keys,
        .base_key = keys ? keys->base_key : no_key,
        .lm_key = keys && keys->has_lm_key ? keys->lm_key : NULL,
        .lm_response = acceptor->message.lm_response,
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

    if (acceptor->response.kind != NTLM_RESPONSE_V2 ||
        (ntlm_av_timestamp(acceptor->response.av_pairs, &echoed) &&
         echoed == acceptor->challenge.time))
        return NTLM_OK;
    return ntlm_fail(acceptor->exchange.env, NTLM_ERR_CHALLENGE_ALTERED,
                     "its response lacks our timestamp");
}

/* 3.2.5.1.2: over the three tokens exactly as they went over the wire. */
static enum ntlm_error check_mic(struct ntlm_acceptor *acceptor)
{
    const struct ntlm_writer *authenticate = &acceptor->authenticate;
    size_t offset = acceptor->message.mic_offset;
    uint8_t mic[NTLM_MIC_SIZE];
    enum ntlm_error error;

    if (!acceptor->response.mic_announced)
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
    const bool anonymous = acceptor->response.kind == NTLM_RESPONSE_ANONYMOUS;
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
    if (error == NTLM_ERR_LOGON_DENIED && acceptor->response.kind == NTLM_RESPONSE_V2 &&
        ntlm_av_timestamp(acceptor->response.av_pairs, &echoed) &&
        echoed != acceptor->challenge.time)
        error = ntlm_fail(acceptor->exchange.env, NTLM_ERR_REPLAY, NULL);
    return ntlm_exchange_end_step(&acceptor->exchange, error, NTLM_STAGE_DEAD);
}

const struct ntlm_outcome *ntlm_acceptor_outcome(const struct ntlm_acceptor *acceptor)
{
    return ntlm_exchange_outcome(&acceptor->exchange);
}

const char *ntlm_acceptor_target_name(const struct ntlm_acceptor *acceptor)
{
    return acceptor->target_name;
}
