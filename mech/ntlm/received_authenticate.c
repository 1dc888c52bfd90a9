/* SPDX-License-Identifier: MIT */
/* received_authenticate.c - an AUTHENTICATE is read and kept: the flags that it
 * leaves in force, and its names. The message's layout is authenticate.c's, that of
 * the responses received_response.c's. */

#include "config.h"

#include "received_authenticate.h"

#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "text.h"

/* The flags in force: what the client says, less what we did not offer. The
 * character set is ours to say (2.2.2.5). */
static uint32_t agreed_flags(const struct ntlm_received_authenticate *received,
                             uint32_t offered)
{
    const uint32_t charset = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM;
    uint32_t flags = offered;

    if (received->message.has_flags)
        flags &= received->message.flags | charset;
    if (!(flags & NTLM_PROTECTION) || !received->message.has_flags)
        flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
    if (received->response.kind == NTLM_RESPONSE_ANONYMOUS)
        flags = (flags & ~(NTLM_PROTECTION | NTLMSSP_NEGOTIATE_KEY_EXCH)) | NTLMSSP_ANONYMOUS;
    return flags;
}

/* Whether a name is longer than Windows allows, in the character set of the
 * message. */
static bool too_long(uint32_t flags, struct ntlm_bytes name, size_t limit)
{
    return name.len > (flags & NTLMSSP_NEGOTIATE_UNICODE ? 2 * limit : limit);
}

/* A client says what it likes about its workstation, and nothing depends on it:
 * what is no name is none. */
static enum ntlm_error read_workstation(const struct ntlm_env *env,
                                        struct ntlm_received_authenticate *received)
{
    const struct ntlm_bytes none = ntlm_bytes(NULL, 0);
    struct ntlm_bytes wire = received->message.workstation;
    enum ntlm_error error;

    if (too_long(received->flags, wire, NTLM_MAX_HOST_NAME))
        wire = none;
    error = ntlm_message_text(received->flags, wire, &received->workstation);
    if (error != NTLM_ERR_BAD_TEXT)
        return error;
    ntlm_note(env, "the client's workstation name is not valid text");
    return ntlm_message_text(received->flags, none, &received->workstation);
}

/* The names, in UTF-8 for people and accounts, in UTF-16LE for NTOWFv2. */
static enum ntlm_error read_names(const struct ntlm_env *env,
                                  struct ntlm_received_authenticate *received)
{
    const struct ntlm_authenticate *message = &received->message;
    uint32_t flags = received->flags;
    enum ntlm_error error = ntlm_message_text(flags, message->user, &received->user);

    if (!error)
        error = ntlm_message_text(flags, message->domain, &received->domain);
    if (!error)
        error = read_workstation(env, received);
    if (!error && received->response.has_target)
        error = ntlm_message_text(NTLMSSP_NEGOTIATE_UNICODE, received->response.target,
                                  &received->target_name);
    if (!error)
        error = ntlm_text_to_utf16(received->user, strlen(received->user),
                                   &received->user_utf16, &received->user_utf16_len);
    if (!error)
        error = ntlm_text_to_utf16(received->domain, strlen(received->domain),
                                   &received->domain_utf16, &received->domain_utf16_len);
    return error;
}

/* Everything that can be said of a message by looking at it. */
static enum ntlm_error decode(struct ntlm_bytes token, uint32_t offered,
                              struct ntlm_received_authenticate *received)
{
    struct ntlm_authenticate *message = &received->message;
    bool ess = (offered & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) != 0;
    enum ntlm_error error = ntlm_authenticate_decode(token, message);

    if (error)
        return error;
    if (message->has_flags)
        ess = ess && (message->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    error = ntlm_received_response_decode(message, ess, &received->response);
    if (error)
        return error;
    received->flags = agreed_flags(received, offered);
    if (too_long(received->flags, message->user, NTLM_MAX_USER_NAME) ||
        too_long(received->flags, message->domain, NTLM_MAX_HOST_NAME))
        return NTLM_ERR_NAME_TOO_LONG;
    return NTLM_OK;
}

enum ntlm_error ntlm_received_authenticate_read(const struct ntlm_env *env, uint32_t offered,
                                                struct ntlm_bytes token,
                                                struct ntlm_received_authenticate *received)
{
    struct ntlm_writer *kept = &received->token;
    enum ntlm_error error = decode(token, offered, received);

    if (error)
        return error;
    ntlm_write(kept, token.data, token.len);
    if (kept->error)
        return kept->error;
    error = decode(ntlm_bytes(kept->data, kept->len), offered, received);
    return error ? error : read_names(env, received);
}

void ntlm_received_authenticate_clear(struct ntlm_received_authenticate *received)
{
    ntlm_writer_clear(&received->token);
    free(received->user);
    free(received->domain);
    free(received->workstation);
    free(received->target_name);
    free(received->user_utf16);
    free(received->domain_utf16);
}
