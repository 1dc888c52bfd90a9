/* SPDX-License-Identifier: MIT */
/* acceptor.c - the server's side of an exchange ([MS-NLMP] 3.2.5): the
 * CHALLENGE, and what to make of the AUTHENTICATE. The reasons to refuse one
 * are in policy.c; whether the password is right is asked of accounts/. */

#include "config.h"

#include "acceptor.h"

#include <stdlib.h>
#include <string.h>

#include "avpair.h"
#include "crypto.h"
#include "flags.h"
#include "policy.h"
#include "secret.h"
#include "text.h"

enum acceptor_stage {
    ACCEPTOR_NEW,
    ACCEPTOR_CHALLENGED,
    ACCEPTOR_ASKING, /* accounts/ is looking */
    ACCEPTOR_DONE,
    ACCEPTOR_DEAD
};

struct ntlm_acceptor {
    const struct ntlm_env *host;
    struct ntlm_acceptor_config config;
    uint8_t machine_id[32], version[NTLM_VERSION_SIZE];
    uint8_t bindings[16];
    bool has_bindings;
    enum acceptor_stage stage;
    uint32_t offered;
    uint64_t challenge_time;
    /* the tokens as they went over the wire, for the MIC */
    struct ntlm_writer negotiate, challenge, authenticate;
    struct ntlm_authenticate message; /* points into authenticate */
    struct ntlm_response response;    /* likewise */
    char *user, *domain, *workstation, *target_name;
    uint8_t *user_utf16, *domain_utf16;
    struct ntlm_logon logon;
    struct ntlm_outcome outcome;
};

enum ntlm_error ntlm_acceptor_new(const struct ntlm_env *host,
                                  const struct ntlm_acceptor_config *config,
                                  struct ntlm_acceptor **acceptor)
{
    struct ntlm_acceptor *made = calloc(1, sizeof(*made));

    *acceptor = made;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->host = host;
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
    ntlm_writer_clear(&acceptor->negotiate);
    ntlm_writer_clear(&acceptor->challenge);
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
    acceptor->has_bindings = hash != NULL;
    if (hash)
        memcpy(acceptor->bindings, hash, sizeof(acceptor->bindings));
}

/* Kills the acceptor over an error; every step ends here. */
static enum ntlm_error step_done(struct ntlm_acceptor *acceptor, enum ntlm_error error,
                                 enum acceptor_stage next)
{
    acceptor->stage = error == NTLM_OK ? next : ACCEPTOR_DEAD;
    if (error != NTLM_OK)
        ntlm_cleanse(&acceptor->outcome, sizeof(acceptor->outcome));
    return error;
}

static enum ntlm_error expect_stage(struct ntlm_acceptor *acceptor, enum acceptor_stage stage)
{
    if (acceptor->stage == stage)
        return NTLM_OK;
    return ntlm_fail(acceptor->host,
                     acceptor->stage == ACCEPTOR_DEAD   ? NTLM_ERR_DEAD_CONTEXT
                     : acceptor->stage == ACCEPTOR_DONE ? NTLM_ERR_ALREADY_COMPLETE
                                                        : NTLM_ERR_WRONG_MESSAGE,
                     NULL);
}

/* What we offer to this client (3.2.5.1.1). */
static enum ntlm_error flags_to_offer(const struct ntlm_acceptor *acceptor, uint32_t asked,
                                      uint32_t *offered)
{
    const struct ntlm_acceptor_config *config = &acceptor->config;
    const uint32_t echoed = NTLM_PROTECTION | NTLMSSP_NEGOTIATE_ALWAYS_SIGN |
                            NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                            NTLMSSP_NEGOTIATE_IDENTIFY | NTLMSSP_NEGOTIATE_128 |
                            NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH;
    uint32_t flags = asked & echoed;

    if (!(flags & NTLM_PROTECTION)) /* see initiator.c */
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    if (asked & NTLMSSP_NEGOTIATE_UNICODE)
        flags |= NTLMSSP_NEGOTIATE_UNICODE;
    else if (asked & NTLMSSP_NEGOTIATE_OEM)
        flags |= NTLMSSP_NEGOTIATE_OEM;
    else
        return ntlm_fail(acceptor->host, NTLM_ERR_NO_CHARSET, NULL);
    if (config->lm_compat_level <= 3 && !(flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY))
        flags |= asked & (NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_REQUEST_NON_NT_SESSION_KEY);
    if (config->datagram)
        flags |= NTLMSSP_NEGOTIATE_DATAGRAM;
    if (asked & NTLMSSP_REQUEST_TARGET)
        flags |= NTLMSSP_REQUEST_TARGET | (config->domain_member ? NTLMSSP_TARGET_TYPE_DOMAIN
                                                                 : NTLMSSP_TARGET_TYPE_SERVER);
    if (config->version && (flags & (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_ALWAYS_SIGN)))
        flags |= NTLMSSP_NEGOTIATE_VERSION;
    *offered = flags | NTLMSSP_NEGOTIATE_NTLM | NTLMSSP_NEGOTIATE_TARGET_INFO;
    return NTLM_OK;
}

/* A datagram client sends no NEGOTIATE: everything is offered to it. */
#define DATAGRAM_ASKED                                                                         \
    (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET |                    \
     NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |              \
     NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH)

static enum ntlm_error take_negotiate(struct ntlm_acceptor *acceptor, struct ntlm_bytes token,
                                      uint32_t *asked)
{
    struct ntlm_negotiate message;
    enum ntlm_error error;

    if (acceptor->config.datagram && token.len == 0) {
        *asked = DATAGRAM_ASKED;
        return NTLM_OK;
    }
    error = ntlm_negotiate_decode(token, &message);
    if (error != NTLM_OK)
        return ntlm_fail(acceptor->host, error, "in the client's NEGOTIATE");
    *asked = message.flags;
    ntlm_write(&acceptor->negotiate, token.data, token.len);
    return acceptor->negotiate.error;
}

static void write_target_info(struct ntlm_acceptor *acceptor, struct ntlm_writer *out)
{
    const struct ntlm_acceptor_config *config = &acceptor->config;

    ntlm_av_write_text(out, MSV_AV_NB_DOMAIN_NAME, config->netbios_domain);
    ntlm_av_write_text(out, MSV_AV_NB_COMPUTER_NAME, config->netbios_computer);
    if (config->dns_domain)
        ntlm_av_write_text(out, MSV_AV_DNS_DOMAIN_NAME, config->dns_domain);
    if (config->dns_computer)
        ntlm_av_write_text(out, MSV_AV_DNS_COMPUTER_NAME, config->dns_computer);
    ntlm_av_write_timestamp(out, acceptor->challenge_time);
    ntlm_av_write_eol(out);
}

static enum ntlm_error make_challenge(struct ntlm_acceptor *acceptor)
{
    const struct ntlm_acceptor_config *config = &acceptor->config;
    struct ntlm_challenge message = {.flags = acceptor->offered};
    struct ntlm_writer target_info = {0};
    uint8_t *target_name = NULL;
    enum ntlm_error error;

    acceptor->challenge_time = acceptor->host->now(acceptor->host->arg);
    error = acceptor->host->random(acceptor->host->arg, message.server_challenge,
                                   sizeof(message.server_challenge));
    if (error == NTLM_OK && (acceptor->offered & NTLMSSP_REQUEST_TARGET))
        error = ntlm_message_wire(acceptor->offered,
                                  config->domain_member ? config->netbios_domain
                                                        : config->netbios_computer,
                                  &target_name, &message.target_name.len);
    if (error != NTLM_OK)
        goto out;
    message.target_name.data = target_name;
    write_target_info(acceptor, &target_info);
    error = target_info.error;
    if (error != NTLM_OK)
        goto out;
    message.target_info = ntlm_bytes(target_info.data, target_info.len);
    message.has_version = (acceptor->offered & NTLMSSP_NEGOTIATE_VERSION) != 0;
    memcpy(message.version, acceptor->version, sizeof(message.version));
    memcpy(acceptor->logon.server_challenge, message.server_challenge,
           sizeof(message.server_challenge));
    ntlm_challenge_encode(&message, &acceptor->challenge);
    error = acceptor->challenge.error;
out:
    free(target_name);
    ntlm_writer_clear(&target_info);
    return error;
}

enum ntlm_error ntlm_acceptor_challenge(struct ntlm_acceptor *acceptor,
                                        struct ntlm_bytes negotiate, uint8_t **token,
                                        size_t *token_len)
{
    struct ntlm_writer copy = {0};
    uint32_t asked = 0;
    enum ntlm_error error;

    *token = NULL;
    *token_len = 0;
    error = expect_stage(acceptor, ACCEPTOR_NEW);
    if (error == NTLM_OK)
        error = take_negotiate(acceptor, negotiate, &asked);
    if (error == NTLM_OK)
        error = flags_to_offer(acceptor, asked, &acceptor->offered);
    if (error == NTLM_OK)
        error = make_challenge(acceptor);
    if (error == NTLM_OK) {
        ntlm_write(&copy, acceptor->challenge.data, acceptor->challenge.len);
        error = ntlm_writer_take(&copy, token, token_len);
    }
    return step_done(acceptor, error, ACCEPTOR_CHALLENGED);
}

/* The flags in force: what the client says, less what we did not offer. The
 * character set is ours to say (2.2.2.5). */
static uint32_t agreed_flags(const struct ntlm_acceptor *acceptor)
{
    const uint32_t charset = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM;
    uint32_t flags = acceptor->offered;

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
    uint32_t flags = acceptor->outcome.flags;
    enum ntlm_error error = ntlm_message_text(flags, message->user, &acceptor->user);

    if (error == NTLM_OK)
        error = ntlm_message_text(flags, message->domain, &acceptor->domain);
    if (error == NTLM_OK)
        error = ntlm_message_text(flags, message->workstation, &acceptor->workstation);
    if (error == NTLM_OK && acceptor->response.has_target)
        error = ntlm_text_from_utf16(acceptor->response.target, &acceptor->target_name);
    if (error == NTLM_OK)
        error = ntlm_text_to_utf16(acceptor->user, strlen(acceptor->user),
                                   &acceptor->user_utf16, &logon->user_utf16.len);
    if (error == NTLM_OK)
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
    logon->flags = acceptor->outcome.flags;
    logon->user = acceptor->user;
    logon->domain = acceptor->domain;
    logon->workstation = acceptor->workstation;
    logon->server_name = acceptor->config.netbios_computer;
    logon->server_domain = acceptor->config.netbios_domain;
    logon->lm_response = acceptor->message.lm_response;
    logon->nt_response = acceptor->message.nt_response;
}

static struct ntlm_policy_facts facts_of(const struct ntlm_acceptor *acceptor)
{
    return (struct ntlm_policy_facts){
        .flags = acceptor->outcome.flags,
        .response = &acceptor->response,
        .target_name = acceptor->target_name,
        .bindings = acceptor->has_bindings ? acceptor->bindings : NULL,
        .now = acceptor->host->now(acceptor->host->arg),
    };
}

static enum ntlm_error take_authenticate(struct ntlm_acceptor *acceptor,
                                         struct ntlm_bytes token)
{
    bool ess = (acceptor->offered & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) != 0;
    struct ntlm_policy_facts facts;
    enum ntlm_error error;

    if (token.len > NTLM_MAX_TOKEN)
        return ntlm_fail(acceptor->host, NTLM_ERR_TOO_LARGE, "%zu bytes", token.len);
    ntlm_write(&acceptor->authenticate, token.data, token.len);
    if (acceptor->authenticate.error != NTLM_OK)
        return acceptor->authenticate.error;
    error = ntlm_authenticate_decode(
        ntlm_bytes(acceptor->authenticate.data, acceptor->authenticate.len),
        &acceptor->message);
    if (error == NTLM_OK && acceptor->message.has_flags)
        ess = ess && (acceptor->message.flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    if (error == NTLM_OK)
        error = ntlm_response_read(&acceptor->message, ess, &acceptor->response);
    if (error == NTLM_OK) {
        acceptor->outcome.flags = agreed_flags(acceptor);
        error = read_names(acceptor);
    }
    if (error != NTLM_OK)
        return ntlm_fail(acceptor->host, error, "in the client's AUTHENTICATE");
    fill_logon(acceptor);
    facts = facts_of(acceptor);
    return ntlm_policy_before_logon(acceptor->host, &acceptor->config, &facts);
}

enum ntlm_error ntlm_acceptor_authenticate(struct ntlm_acceptor *acceptor,
                                           struct ntlm_bytes authenticate,
                                           const struct ntlm_logon **logon)
{
    enum ntlm_error error = expect_stage(acceptor, ACCEPTOR_CHALLENGED);

    *logon = NULL;
    if (error == NTLM_OK)
        error = take_authenticate(acceptor, authenticate);
    if (error == NTLM_OK)
        *logon = &acceptor->logon;
    return step_done(acceptor, error, ACCEPTOR_ASKING);
}

static enum ntlm_error find_session_key(struct ntlm_acceptor *acceptor,
                                        const struct ntlm_logon_keys *keys)
{
    static const uint8_t no_key[NTLM_KEY_SIZE];
    struct ntlm_outcome *outcome = &acceptor->outcome;
    const struct ntlm_bytes *encrypted = &acceptor->message.session_key;
    uint8_t exchange_key[NTLM_KEY_SIZE];
    struct ntlm_kxkey_input input = {
        .flags = outcome->flags,
        .v2 = acceptor->response.kind == NTLM_RESPONSE_V2 || !keys,
        .base_key = keys ? keys->base_key : no_key,
        .lm_key = keys && keys->has_lm_key ? keys->lm_key : NULL,
        .lm_response = acceptor->message.lm_response,
        .server_challenge = acceptor->logon.server_challenge,
    };
    enum ntlm_error error = ntlm_kxkey(&input, exchange_key);

    if (error != NTLM_OK)
        ntlm_fail(acceptor->host, error, "while making the session's key");
    else if (!(outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH))
        memcpy(outcome->session_key, exchange_key, sizeof(exchange_key));
    else if (encrypted->len != NTLM_KEY_SIZE)
        error = ntlm_fail(acceptor->host, NTLM_ERR_BAD_RESPONSE,
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
         echoed == acceptor->challenge_time))
        return NTLM_OK;
    return ntlm_fail(acceptor->host, NTLM_ERR_CHALLENGE_ALTERED,
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
        return ntlm_fail(acceptor->host, NTLM_ERR_MIC_MISSING, NULL);
    error = ntlm_mic(acceptor->outcome.session_key,
                     ntlm_bytes(acceptor->negotiate.data, acceptor->negotiate.len),
                     ntlm_bytes(acceptor->challenge.data, acceptor->challenge.len),
                     ntlm_bytes(authenticate->data, authenticate->len), offset, mic);
    if (error == NTLM_OK && !ntlm_equal(mic, authenticate->data + offset, sizeof(mic)))
        error = ntlm_fail(acceptor->host, NTLM_ERR_MIC_WRONG, NULL);
    if (error == NTLM_OK)
        acceptor->outcome.mic = true;
    return error;
}

enum ntlm_error ntlm_acceptor_finish(struct ntlm_acceptor *acceptor,
                                     const struct ntlm_logon_keys *keys)
{
    const bool anonymous = acceptor->response.kind == NTLM_RESPONSE_ANONYMOUS;
    struct ntlm_policy_facts facts;
    enum ntlm_error error = expect_stage(acceptor, ACCEPTOR_ASKING);

    if (error == NTLM_OK && !keys && !anonymous)
        error = ntlm_fail(acceptor->host, NTLM_ERR_BAD_ARGUMENT, "no keys for a real logon");
    acceptor->outcome.anonymous = anonymous;
    if (error == NTLM_OK)
        error = find_session_key(acceptor, anonymous ? NULL : keys);
    if (error == NTLM_OK)
        error = check_mic(acceptor);
    if (error == NTLM_OK) {
        facts = facts_of(acceptor);
        error = ntlm_policy_after_logon(acceptor->host, &acceptor->config, &facts,
                                        &acceptor->outcome.bound);
    }
    return step_done(acceptor, error, ACCEPTOR_DONE);
}

enum ntlm_error ntlm_acceptor_denied(struct ntlm_acceptor *acceptor, enum ntlm_error error)
{
    uint64_t echoed;

    /* The response carries our AV pairs back, the timestamp among them; the
     * answer to another challenge has another's. Only a denied logon is looked
     * at so: a client that sets its own time is no replay when it is right. */
    if (error == NTLM_ERR_LOGON_DENIED && acceptor->response.kind == NTLM_RESPONSE_V2 &&
        ntlm_av_timestamp(acceptor->response.av_pairs, &echoed) &&
        echoed != acceptor->challenge_time)
        error = ntlm_fail(acceptor->host, NTLM_ERR_REPLAY, NULL);
    return step_done(acceptor, error, ACCEPTOR_DEAD);
}

const struct ntlm_outcome *ntlm_acceptor_outcome(const struct ntlm_acceptor *acceptor)
{
    return acceptor->stage == ACCEPTOR_DONE ? &acceptor->outcome : NULL;
}

const char *ntlm_acceptor_target_name(const struct ntlm_acceptor *acceptor)
{
    return acceptor->target_name;
}
