/* SPDX-License-Identifier: MIT */
/* initiator.c - the client's side of an exchange ([MS-NLMP] 3.1.5): the
 * NEGOTIATE, and the AUTHENTICATE that answers a CHALLENGE. What the answer
 * consists of, byte by byte, is in answer.c. */

#include "config.h"

#include "initiator.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "avpair.h"
#include "crypto.h"
#include "external_response.h"
#include "flags.h"
#include "secret.h"

enum initiator_stage { INITIATOR_NEW, INITIATOR_NEGOTIATED, INITIATOR_DONE, INITIATOR_DEAD };

struct ntlm_initiator {
    const struct ntlm_env *host;
    struct ntlm_initiator_config config;
    uint8_t machine_id[32], version[NTLM_VERSION_SIZE];
    uint8_t bindings[16];
    bool bound;
    enum initiator_stage stage;
    uint32_t offered;             /* NegotiateFlags that we would agree to */
    struct ntlm_writer negotiate; /* as sent, for the MIC */
    struct ntlm_outcome outcome;
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
    if (config->integrity || config->confidentiality)
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

enum ntlm_error ntlm_initiator_new(const struct ntlm_env *host,
                                   const struct ntlm_initiator_config *config,
                                   struct ntlm_initiator **initiator)
{
    struct ntlm_initiator *made = calloc(1, sizeof(*made));

    *initiator = made;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->host = host;
    made->config = *config;
    if (config->machine_id)
        made->config.machine_id =
            memcpy(made->machine_id, config->machine_id, sizeof(made->machine_id));
    if (config->version)
        made->config.version = memcpy(made->version, config->version, sizeof(made->version));
    made->offered = flags_to_offer(config);
    return NTLM_OK;
}

void ntlm_initiator_free(struct ntlm_initiator *initiator)
{
    if (!initiator)
        return;
    ntlm_writer_clear(&initiator->negotiate);
    ntlm_cleanse(initiator, sizeof(*initiator));
    free(initiator);
}

void ntlm_initiator_bind(struct ntlm_initiator *initiator, const uint8_t hash[16])
{
    initiator->bound = hash != NULL;
    if (hash)
        memcpy(initiator->bindings, hash, sizeof(initiator->bindings));
}

static enum ntlm_error expect_stage(const struct ntlm_initiator *initiator,
                                    enum initiator_stage stage)
{
    if (initiator->stage == stage)
        return NTLM_OK;
    return ntlm_fail(initiator->host,
                     initiator->stage == INITIATOR_DEAD   ? NTLM_ERR_DEAD_CONTEXT
                     : initiator->stage == INITIATOR_DONE ? NTLM_ERR_ALREADY_COMPLETE
                                                          : NTLM_ERR_WRONG_MESSAGE,
                     NULL);
}

/* Kills the initiator over an error; every step ends here. */
static enum ntlm_error step_done(struct ntlm_initiator *initiator, enum ntlm_error error,
                                 enum initiator_stage next)
{
    initiator->stage = error == NTLM_OK ? next : INITIATOR_DEAD;
    if (error != NTLM_OK)
        ntlm_cleanse(&initiator->outcome, sizeof(initiator->outcome));
    return error;
}

static enum ntlm_error make_negotiate(struct ntlm_initiator *initiator)
{
    struct ntlm_negotiate message = {.flags = initiator->offered,
                                     .has_version = initiator->config.version != NULL};

    if (initiator->config.datagram)
        return NTLM_OK;
    memcpy(message.version, initiator->version, sizeof(message.version));
    ntlm_negotiate_encode(&message, &initiator->negotiate);
    return initiator->negotiate.error;
}

enum ntlm_error ntlm_initiator_negotiate(struct ntlm_initiator *initiator, uint8_t **token,
                                         size_t *token_len)
{
    struct ntlm_writer copy = {0};
    enum ntlm_error error = expect_stage(initiator, INITIATOR_NEW);

    *token = NULL;
    *token_len = 0;
    if (error == NTLM_OK)
        error = make_negotiate(initiator);
    if (error == NTLM_OK) {
        ntlm_write(&copy, initiator->negotiate.data, initiator->negotiate.len);
        error = ntlm_writer_take(&copy, token, token_len);
    }
    return step_done(initiator, error, INITIATOR_NEGOTIATED);
}

/* The flags that both sides agree to ([MS-NLMP] 3.1.5.1.2). */
static enum ntlm_error agree(const struct ntlm_initiator *initiator, uint32_t challenge_flags,
                             uint32_t *agreed)
{
    const struct ntlm_initiator_config *config = &initiator->config;
    uint32_t flags = challenge_flags & initiator->offered;

    if (flags & NTLMSSP_NEGOTIATE_UNICODE)
        flags &= ~NTLMSSP_NEGOTIATE_OEM;
    else if (!(flags & NTLMSSP_NEGOTIATE_OEM))
        return ntlm_fail(initiator->host, NTLM_ERR_NO_CHARSET, NULL);
    if (flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)
        flags &= ~NTLMSSP_NEGOTIATE_LM_KEY;
    if (config->anonymous) /* there is no key to protect anything with */
        flags = (flags & ~NTLM_PROTECTION) | NTLMSSP_ANONYMOUS;
    if (!(flags & NTLM_PROTECTION))
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    if (config->datagram && !(flags & NTLMSSP_NEGOTIATE_DATAGRAM))
        return ntlm_fail(initiator->host, NTLM_ERR_SERVER_FLAGS,
                         "the server does not do datagram NTLM");
    if (flags & NTLM_PROTECTION) {
        if (config->require_128 && !(flags & NTLMSSP_NEGOTIATE_128))
            return ntlm_fail(initiator->host, NTLM_ERR_WEAK_NO_128, "the server left it out");
        if (config->require_ess && config->lm_compat_level > 0 &&
            !(flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY))
            return ntlm_fail(initiator->host, NTLM_ERR_WEAK_NO_ESS, "the server left it out");
    }
    /* Both are set in AUTHENTICATE whatever the CHALLENGE says, as in the
     * specification's own examples (4.2.2.3, 4.2.4.3). */
    *agreed = flags | NTLMSSP_REQUEST_TARGET | NTLMSSP_NEGOTIATE_TARGET_INFO;
    return NTLM_OK;
}

/* KXKEY and the random session key: fills outcome and, with KEY_EXCH, the
 * EncryptedRandomSessionKey. */
static enum ntlm_error make_session_key(struct ntlm_initiator *initiator,
                                        const struct ntlm_answer *answer,
                                        const struct ntlm_challenge *challenge,
                                        uint8_t encrypted[NTLM_KEY_SIZE])
{
    struct ntlm_outcome *outcome = &initiator->outcome;
    uint8_t exchange_key[NTLM_KEY_SIZE];
    enum ntlm_error error = ntlm_answer_exchange_key(answer, outcome->flags,
                                                     challenge->server_challenge, exchange_key);

    if (error == NTLM_OK && (outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH)) {
        error = initiator->host->random(initiator->host->arg, outcome->session_key,
                                        sizeof(outcome->session_key));
        if (error == NTLM_OK)
            error = ntlm_rc4k(ntlm_bytes(exchange_key, sizeof(exchange_key)),
                              outcome->session_key, encrypted, NTLM_KEY_SIZE);
    } else {
        memcpy(outcome->session_key, exchange_key, sizeof(exchange_key));
    }
    ntlm_cleanse(exchange_key, sizeof(exchange_key));
    return error;
}

/* AUTHENTICATE around an answer, MIC and all. */
static enum ntlm_error encode(struct ntlm_initiator *initiator,
                              const struct ntlm_answer *answer, struct ntlm_bytes challenge,
                              const struct ntlm_secret *secret, struct ntlm_bytes session_key,
                              struct ntlm_writer *out)
{
    const struct ntlm_outcome *outcome = &initiator->outcome;
    const char *texts[3] = {secret ? secret->domain : "", secret ? secret->user : "",
                            initiator->config.workstation ? initiator->config.workstation : ""};
    struct ntlm_authenticate message = {0};
    struct ntlm_bytes *fields[3] = {&message.domain, &message.user, &message.workstation};
    uint8_t *wire[3] = {NULL, NULL, NULL};
    enum ntlm_error error = NTLM_OK;

    message.flags = outcome->flags;
    message.lm_response = ntlm_bytes(answer->lm_response.data, answer->lm_response.len);
    message.nt_response = ntlm_bytes(answer->nt_response.data, answer->nt_response.len);
    message.session_key = session_key;
    message.has_version = (outcome->flags & NTLMSSP_NEGOTIATE_VERSION) != 0;
    memcpy(message.version, initiator->version, sizeof(message.version));
    message.mic_offset = outcome->mic ? 72 : 0;
    for (int i = 0; i < 3 && error == NTLM_OK; i++) {
        error = ntlm_message_wire(outcome->flags, texts[i], &wire[i], &fields[i]->len);
        fields[i]->data = wire[i];
    }
    if (error == NTLM_OK) {
        ntlm_authenticate_encode(&message, out);
        error = out->error;
    }
    if (error == NTLM_OK && outcome->mic)
        error = ntlm_mic(outcome->session_key,
                         ntlm_bytes(initiator->negotiate.data, initiator->negotiate.len),
                         challenge, ntlm_bytes(out->data, out->len), message.mic_offset,
                         out->data + message.mic_offset);
    for (int i = 0; i < 3; i++)
        free(wire[i]);
    return error;
}

static enum ntlm_error answer(struct ntlm_initiator *initiator,
                              const struct ntlm_question *question, struct ntlm_bytes token,
                              const struct ntlm_secret *secret, struct ntlm_writer *out)
{
    struct ntlm_outcome *outcome = &initiator->outcome;
    struct ntlm_answer made = {0};
    uint8_t encrypted[NTLM_KEY_SIZE];
    enum ntlm_error error = ntlm_answer_make(question, secret, &made);

    if (error == NTLM_OK) {
        /* An answer may give a flag up: without an LM hash there is no LM_KEY. */
        outcome->flags = made.flags;
        outcome->mic = made.mic;
        error = make_session_key(initiator, &made, question->challenge, encrypted);
    }
    if (error == NTLM_OK) {
        bool exchanged = (outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0;
        error = encode(initiator, &made, token, secret,
                       ntlm_bytes(encrypted, exchanged ? sizeof(encrypted) : 0), out);
    }
    ntlm_answer_clear(&made);
    if (error != NTLM_OK)
        ntlm_fail(initiator->host, error, "while answering the server's CHALLENGE");
    return error;
}

/* secret: NULL for an anonymous logon. */
static enum ntlm_error authenticate(struct ntlm_initiator *initiator, struct ntlm_bytes token,
                                    const struct ntlm_secret *secret, struct ntlm_writer *out)
{
    const struct ntlm_tokens tokens = {
        .negotiate = ntlm_bytes(initiator->negotiate.data, initiator->negotiate.len),
        .challenge = token,
    };
    struct ntlm_challenge challenge;
    struct ntlm_question question = {
        .host = initiator->host,
        .config = &initiator->config,
        .challenge = &challenge,
        .bindings = initiator->bound ? initiator->bindings : NULL,
    };
    enum ntlm_error error;

    error = ntlm_challenge_decode(token, &challenge);
    if (error != NTLM_OK)
        return ntlm_fail(initiator->host, error, "in the server's CHALLENGE");
    if (ntlm_av_check(challenge.target_info) != NTLM_OK && challenge.target_info.len > 0)
        return ntlm_fail(initiator->host, NTLM_ERR_BAD_AV_PAIRS, "in the server's CHALLENGE");
    error = agree(initiator, challenge.flags, &question.flags);
    if (error != NTLM_OK)
        return error;
    initiator->outcome.anonymous = !secret;
    if (secret && secret->answer)
        return ntlm_external_respond(&question, &tokens, secret, out, &initiator->outcome);
    return answer(initiator, &question, token, secret, out);
}

enum ntlm_error ntlm_initiator_authenticate(struct ntlm_initiator *initiator,
                                            struct ntlm_bytes challenge,
                                            const struct ntlm_secret *secret, uint8_t **token,
                                            size_t *token_len)
{
    struct ntlm_writer out = {0};
    enum ntlm_error error = expect_stage(initiator, INITIATOR_NEGOTIATED);

    *token = NULL;
    *token_len = 0;
    if (error == NTLM_OK && !secret && !initiator->config.anonymous)
        error = ntlm_fail(initiator->host, NTLM_ERR_NO_IDENTITY, NULL);
    if (error == NTLM_OK)
        error = authenticate(initiator, challenge, initiator->config.anonymous ? NULL : secret,
                             &out);
    if (error == NTLM_OK)
        error = ntlm_writer_take(&out, token, token_len);
    ntlm_writer_clear(&out);
    return step_done(initiator, error, INITIATOR_DONE);
}

const struct ntlm_outcome *ntlm_initiator_outcome(const struct ntlm_initiator *initiator)
{
    return initiator->stage == INITIATOR_DONE ? &initiator->outcome : NULL;
}
