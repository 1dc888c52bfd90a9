/* SPDX-License-Identifier: MIT */
/* message_copy.c - message protection by a mechanism that has only gss_wrap and
 * gss_get_mic: the buffers are copied into one for the call, and the
 * result back into the caller's.
 *
 * A wrapped message is put where Windows' callers expect it: as many bytes as it is
 * longer than the data (NTLM: the signature) in TOKEN, the rest in DATA. Read again
 * in this order, it is the message that gss_wrap made. */

#include "config.h"

#include "message_copy.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "message_status.h"

/* Which buffers belong to one text. */
#define BIT(type) (1u << (type))
#define SIGNED (BIT(GSS_IOV_BUFFER_TYPE_DATA) | BIT(GSS_IOV_BUFFER_TYPE_SIGN_ONLY))
#define SEALED BIT(GSS_IOV_BUFFER_TYPE_DATA)

static bool is_in(const gss_iov_buffer_desc *iov, unsigned types)
{
    return types & BIT(iov->type);
}

static size_t length_of(const struct message *message, unsigned types)
{
    size_t length = 0;

    for (int i = 0; i < message->count; i++)
        if (is_in(&message->iov[i], types))
            length += message->iov[i].buffer.length;
    return length;
}

static char *append(char *at, const gss_buffer_desc *buffer)
{
    if (buffer->length > 0)
        memcpy(at, buffer->value, buffer->length);
    return at + buffer->length;
}

/* Gathers `first` (may be NULL) and the buffers behind it. malloc'd. */
static SECURITY_STATUS gather(const struct message *message, const gss_buffer_desc *first,
                              unsigned types, gss_buffer_t text)
{
    size_t length = (first ? first->length : 0) + length_of(message, types);
    char *at = malloc(length + 1);

    *text = (gss_buffer_desc){length, at};
    if (!at)
        return SEC_E_INSUFFICIENT_MEMORY;
    if (first)
        at = append(at, first);
    for (int i = 0; i < message->count; i++)
        if (is_in(&message->iov[i], types))
            at = append(at, &message->iov[i].buffer);
    return SEC_E_OK;
}

/* Its parts back to the DATA buffers. */
static void spread(const struct message *message, const char *text)
{
    for (int i = 0; i < message->count; i++) {
        const gss_buffer_desc *buffer = &message->iov[i].buffer;

        if (!is_in(&message->iov[i], SEALED) || buffer->length == 0)
            continue;
        memcpy(buffer->value, text, buffer->length);
        text += buffer->length;
    }
}

static void drop(gss_buffer_t text)
{
    if (text->value)
        explicit_bzero(text->value, text->length);
    free(text->value);
}

static SECURITY_STATUS put_token(struct message *message, const void *token, size_t length)
{
    gss_buffer_t room = &message->token->buffer;

    if (length > room->length)
        return SEC_E_BUFFER_TOO_SMALL;
    memcpy(room->value, token, length);
    room->length = length;
    return SEC_E_OK;
}

SECURITY_STATUS message_copy_sign(const struct context *context, gss_qop_t qop,
                                  struct message *message)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER, mic = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = gather(message, NULL, SIGNED, &text);
    OM_uint32 major, minor;

    if (status == SEC_E_OK) {
        major = gss_get_mic(&minor, context->gss, qop, &text, &mic);
        status = message_status(context, major, minor);
    }
    if (status == SEC_E_OK)
        status = put_token(message, mic.value, mic.length);
    gss_release_buffer(&minor, &mic);
    drop(&text);
    return status;
}

SECURITY_STATUS message_copy_verify(const struct context *context, struct message *message)
{
    gss_buffer_desc text;
    SECURITY_STATUS status = gather(message, NULL, SIGNED, &text);
    OM_uint32 major, minor;

    if (status == SEC_E_OK) {
        major = gss_verify_mic(&minor, context->gss, &text, &message->token->buffer, NULL);
        status = message_status(context, major, minor);
    }
    drop(&text);
    return status;
}

/* The token's room is checked before gss_wrap, which cannot be undone:
 * gss_wrap_size_limit says how much it adds. */
static SECURITY_STATUS has_room(const struct context *context, int conf, gss_qop_t qop,
                                const struct message *message)
{
    OM_uint32 major, minor, fits = 0;
    size_t length = length_of(message, SEALED), room = message->token->buffer.length + length;

    if (room > UINT32_MAX)
        return SEC_E_INVALID_PARAMETER;
    major = gss_wrap_size_limit(&minor, context->gss, conf, qop, (OM_uint32)room, &fits);
    if (major != GSS_S_COMPLETE)
        return message_status(context, major, minor);
    return length <= fits ? SEC_E_OK : SEC_E_BUFFER_TOO_SMALL;
}

SECURITY_STATUS message_copy_seal(const struct context *context, int conf, gss_qop_t qop,
                                  struct message *message)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER, wrapped = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status;
    OM_uint32 major, minor;
    size_t added;

    if (message->sign_only)
        return SEC_E_UNSUPPORTED_FUNCTION;
    status = has_room(context, conf, qop, message);
    if (status == SEC_E_OK)
        status = gather(message, NULL, SEALED, &text);
    if (status == SEC_E_OK) {
        major = gss_wrap(&minor, context->gss, conf, qop, &text, NULL, &wrapped);
        status = message_status(context, major, minor);
    }
    if (status == SEC_E_OK) {
        added = wrapped.length - text.length;
        status = wrapped.length < text.length ? SEC_E_INTERNAL_ERROR
                                              : put_token(message, wrapped.value, added);
    }
    if (status == SEC_E_OK) {
        spread(message, (const char *)wrapped.value + added);
        message->padding->buffer.length = 0;
    }
    gss_release_buffer(&minor, &wrapped);
    drop(&text);
    return status;
}

/* Where in a stream the text will lie: at its end. */
static void point_into_stream(const struct message *message, size_t length)
{
    const gss_buffer_desc *stream = &message->token->buffer;

    for (int i = 0; i < message->count; i++)
        if (is_in(&message->iov[i], SEALED))
            message->iov[i].buffer =
                (gss_buffer_desc){length, (char *)stream->value + (stream->length - length)};
}

SECURITY_STATUS message_copy_open(const struct context *context, int *conf,
                                  struct message *message)
{
    gss_buffer_desc wrapped = GSS_C_EMPTY_BUFFER, text = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status;
    OM_uint32 major, minor;
    size_t expected;

    if (message->sign_only)
        return SEC_E_UNSUPPORTED_FUNCTION;
    status = gather(message, &message->token->buffer, SEALED, &wrapped);
    if (status == SEC_E_OK) {
        major = gss_unwrap(&minor, context->gss, &wrapped, &text, conf, NULL);
        status = message_status(context, major, minor);
    }
    if (status == SEC_E_OK) {
        expected = message->stream ? text.length : length_of(message, SEALED);
        status = text.length == expected && text.length <= wrapped.length ? SEC_E_OK
                                                                          : SEC_E_INVALID_TOKEN;
    }
    if (status == SEC_E_OK && message->stream)
        point_into_stream(message, text.length);
    if (status == SEC_E_OK)
        spread(message, text.value);
    if (text.value)
        explicit_bzero(text.value, text.length);
    gss_release_buffer(&minor, &text);
    drop(&wrapped);
    return status;
}
