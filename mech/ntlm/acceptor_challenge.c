/* SPDX-License-Identifier: MIT */
/* acceptor_challenge.c - which flags an acceptor offers, and what it says of
 * itself. */

#include "config.h"

#include "acceptor_challenge.h"

#include <string.h>

#include "avpair.h"
#include "flags.h"

static enum ntlm_error choose_charset(const struct ntlm_env *env, uint32_t asked,
                                      uint32_t *flags)
{
    if (asked & NTLMSSP_NEGOTIATE_UNICODE)
        *flags |= NTLMSSP_NEGOTIATE_UNICODE;
    else if (asked & NTLMSSP_NEGOTIATE_OEM)
        *flags |= NTLMSSP_NEGOTIATE_OEM;
    else
        return ntlm_fail(env, NTLM_ERR_NO_CHARSET, NULL);
    return NTLM_OK;
}

/* What is offered to this client. */
static uint32_t flags_to_offer(const struct ntlm_acceptor_config *config, uint32_t asked)
{
    const uint32_t repeated = NTLM_PROTECTION | NTLMSSP_NEGOTIATE_ALWAYS_SIGN |
                              NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                              NTLMSSP_NEGOTIATE_IDENTIFY | NTLMSSP_NEGOTIATE_128 |
                              NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH;
    uint32_t flags =
        asked & repeated & (config->default_flags ? config->default_flags : repeated);

    if (!(flags & NTLM_PROTECTION)) /* alone it has no meaning */
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    if (config->lm_compat_level <= 3 && !(flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY))
        flags |= asked & (NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_REQUEST_NON_NT_SESSION_KEY);
    if (config->datagram)
        flags |= NTLMSSP_NEGOTIATE_DATAGRAM;
    if (asked & NTLMSSP_REQUEST_TARGET)
        flags |= NTLMSSP_REQUEST_TARGET | (config->domain_member ? NTLMSSP_TARGET_TYPE_DOMAIN
                                                                 : NTLMSSP_TARGET_TYPE_SERVER);
    if (config->version && (flags & (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_ALWAYS_SIGN)))
        flags |= NTLMSSP_NEGOTIATE_VERSION;
    return flags | NTLMSSP_NEGOTIATE_NTLM | NTLMSSP_NEGOTIATE_TARGET_INFO;
}

static void write_target_info(const struct ntlm_acceptor_config *config, uint64_t time,
                              struct ntlm_writer *out)
{
    ntlm_av_write_text(out, MSV_AV_NB_DOMAIN_NAME, config->netbios_domain);
    ntlm_av_write_text(out, MSV_AV_NB_COMPUTER_NAME, config->netbios_computer);
    if (config->dns_domain)
        ntlm_av_write_text(out, MSV_AV_DNS_DOMAIN_NAME, config->dns_domain);
    /* Always: some clients use it without a check that it is there. */
    ntlm_av_write_text(out, MSV_AV_DNS_COMPUTER_NAME,
                       config->dns_computer ? config->dns_computer : config->netbios_computer);
    ntlm_av_write_timestamp(out, time);
    ntlm_av_write_eol(out);
}

/* The TargetName; without REQUEST_TARGET none. */
static void write_target_name(const struct ntlm_acceptor_config *config, uint32_t flags,
                              struct ntlm_writer *out)
{
    if (flags & NTLMSSP_REQUEST_TARGET)
        ntlm_message_write_text(
            flags, config->domain_member ? config->netbios_domain : config->netbios_computer,
            out);
}

static void encode_with(const struct ntlm_acceptor_config *config, struct ntlm_bytes name,
                        struct ntlm_bytes target_info, struct ntlm_sent_challenge *sent)
{
    struct ntlm_challenge message = {.flags = sent->flags,
                                     .target_name = name,
                                     .target_info = target_info,
                                     .has_version =
                                         (sent->flags & NTLMSSP_NEGOTIATE_VERSION) != 0};
    uint8_t room[1024];
    struct ntlm_writer whole;

    ntlm_writer_begin_in(&whole, room, sizeof(room));
    memcpy(message.server_challenge, sent->server_challenge, sizeof(message.server_challenge));
    if (message.has_version)
        memcpy(message.version, config->version, sizeof(message.version));
    ntlm_challenge_encode(&message, &whole);
    if (whole.error)
        sent->token.error = whole.error;
    else /* at once, so that what is kept takes no more than it needs */
        ntlm_write(&sent->token, whole.data, whole.len);
    ntlm_writer_clear(&whole);
}

static enum ntlm_error encode(const struct ntlm_acceptor_config *config,
                              struct ntlm_sent_challenge *sent)
{
    uint8_t room[512]; /* for usual names */
    struct ntlm_writer parts;
    size_t name_len;
    enum ntlm_error error;

    ntlm_writer_begin_in(&parts, room, sizeof(room));
    write_target_name(config, sent->flags, &parts);
    name_len = parts.len;
    write_target_info(config, sent->time, &parts);
    error = parts.error;
    if (!error) {
        encode_with(config, ntlm_bytes(parts.data, name_len),
                    ntlm_bytes(parts.data + name_len, parts.len - name_len), sent);
        error = sent->token.error;
    }
    ntlm_writer_clear(&parts);
    return error;
}

static void begin_token(struct ntlm_sent_challenge *sent)
{
    ntlm_writer_begin_in(&sent->token, sent->token_room, sizeof(sent->token_room));
}

enum ntlm_error ntlm_challenge_make(const struct ntlm_env *env,
                                    const struct ntlm_acceptor_config *config, uint32_t asked,
                                    struct ntlm_sent_challenge *sent)
{
    enum ntlm_error error;

    begin_token(sent);
    sent->flags = flags_to_offer(config, asked);
    error = choose_charset(env, asked, &sent->flags);
    if (error)
        return error;
    sent->time = env->now(env->arg);
    error = env->random(env->arg, sent->server_challenge, sizeof(sent->server_challenge));
    if (!error)
        error = encode(config, sent);
    return error ? ntlm_fail(env, error, "while making the CHALLENGE") : NTLM_OK;
}

enum ntlm_error ntlm_challenge_resume(struct ntlm_bytes token, struct ntlm_sent_challenge *sent)
{
    struct ntlm_challenge message;

    begin_token(sent);
    if (ntlm_challenge_decode(token, &message) || ntlm_av_check(message.target_info) ||
        !ntlm_av_timestamp(message.target_info, &sent->time))
        return NTLM_ERR_BAD_EXPORT;
    sent->flags = message.flags;
    memcpy(sent->server_challenge, message.server_challenge, sizeof(sent->server_challenge));
    ntlm_write(&sent->token, token.data, token.len);
    return sent->token.error;
}
