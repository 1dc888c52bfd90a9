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

/* The room that a name takes at most in UTF-8, and in UTF-16LE if it is sent in OEM. */
static size_t room_for(uint32_t flags, struct ntlm_bytes wire)
{
    return flags & NTLMSSP_NEGOTIATE_UNICODE ? ntlm_text_room(wire) : wire.len * 5 + 1;
}

/* Puts a name where *room begins, and moves that behind it. *name is left alone by an
 * error: what was put there until then has no end. */
static enum ntlm_error put_name(uint32_t flags, struct ntlm_bytes wire, char **room,
                                const char **name)
{
    char *text = NULL;
    enum ntlm_error error;

    wire = ntlm_message_name(flags, wire);
    if (flags & NTLMSSP_NEGOTIATE_UNICODE) {
        error = ntlm_text_put_from_utf16(wire, *room);
    } else {
        error = ntlm_text_from_oem(wire, &text);
        if (!error)
            strcpy(*room, text);
        free(text);
    }
    if (error)
        return error;
    *name = *room;
    *room += strlen(*room) + 1;
    return NTLM_OK;
}

/* A name in UTF-16LE: as it was sent, or made from its UTF-8. */
static enum ntlm_error put_utf16(uint32_t flags, struct ntlm_bytes wire, const char *name,
                                 char **room, struct ntlm_bytes *utf16)
{
    uint8_t *made;
    size_t len;
    enum ntlm_error error;

    if (flags & NTLMSSP_NEGOTIATE_UNICODE) {
        *utf16 = ntlm_message_name(flags, wire);
        return NTLM_OK;
    }
    error = ntlm_text_to_utf16(name, strlen(name), &made, &len);
    if (error)
        return error;
    *utf16 = ntlm_bytes(memcpy(*room, made, len), len);
    *room += len;
    free(made);
    return NTLM_OK;
}

/* A client says what it likes about its workstation, and nothing depends on it:
 * what is no name is none. */
static enum ntlm_error put_workstation(const struct ntlm_env *env,
                                       struct ntlm_received_authenticate *received, char **room)
{
    struct ntlm_bytes wire = received->message.workstation;
    enum ntlm_error error = NTLM_OK;

    received->workstation = "";
    if (too_long(received->flags, wire, NTLM_MAX_HOST_NAME))
        return NTLM_OK;
    error = put_name(received->flags, wire, room, &received->workstation);
    if (error != NTLM_ERR_BAD_TEXT)
        return error;
    ntlm_note(env, "the client's workstation name is not valid text");
    return NTLM_OK;
}

/* The names, in UTF-8 for people and accounts, in UTF-16LE for NTOWFv2. */
static enum ntlm_error read_names(const struct ntlm_env *env,
                                  struct ntlm_received_authenticate *received)
{
    const struct ntlm_authenticate *message = &received->message;
    const struct ntlm_bytes target = received->response.target;
    uint32_t flags = received->flags;
    char *room = malloc(room_for(flags, message->user) + room_for(flags, message->domain) +
                        room_for(flags, message->workstation) + ntlm_text_room(target));
    enum ntlm_error error;

    received->names = room;
    if (!room)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = put_name(flags, message->user, &room, &received->user);
    if (!error)
        error = put_name(flags, message->domain, &room, &received->domain);
    if (!error)
        error = put_workstation(env, received, &room);
    received->named = !error;
    if (!error && received->response.has_target)
        error = put_name(NTLMSSP_NEGOTIATE_UNICODE, target, &room, &received->target_name);
    if (!error)
        error = put_utf16(flags, message->user, received->user, &room, &received->user_utf16);
    if (!error)
        error =
            put_utf16(flags, message->domain, received->domain, &room, &received->domain_utf16);
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
    received->flags = agreed_flags(received, offered);
    if (!error && (too_long(received->flags, message->user, NTLM_MAX_USER_NAME) ||
                   too_long(received->flags, message->domain, NTLM_MAX_HOST_NAME)))
        return NTLM_ERR_NAME_TOO_LONG;
    return error;
}

enum ntlm_error ntlm_received_authenticate_read(const struct ntlm_env *env, uint32_t offered,
                                                struct ntlm_bytes token,
                                                struct ntlm_received_authenticate *received)
{
    struct ntlm_writer *kept = &received->token;
    enum ntlm_error error, of_names = NTLM_OK;

    if (token.len > NTLM_MAX_AUTHENTICATE) /* is not worth a copy */
        return decode(token, offered, received);
    ntlm_write(kept, token.data, token.len);
    if (kept->error)
        return kept->error;
    error = decode(ntlm_bytes(kept->data, kept->len), offered, received);
    if (!error || error == NTLM_ERR_BAD_RESPONSE || error == NTLM_ERR_NAME_TOO_LONG)
        of_names = read_names(env, received);
    return error ? error : of_names;
}

void ntlm_received_authenticate_clear(struct ntlm_received_authenticate *received)
{
    ntlm_writer_clear(&received->token);
    free(received->names);
}
