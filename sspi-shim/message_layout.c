/* SPDX-License-Identifier: MIT */
/* message_layout.c - from a SecBufferDesc to GSSAPI's iov buffers and back. */

#include "config.h"

#include "message_layout.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "buffer.h"
#include "ntlm.h"

static SECURITY_STATUS make_room(struct message *message, ULONG count)
{
    if (count > MESSAGE_BUFFERS) {
        if (count >= INT_MAX)
            return SEC_E_INVALID_PARAMETER;
        message->iov = calloc((size_t)count + 1, sizeof(*message->iov));
        if (!message->iov)
            return SEC_E_INSUFFICIENT_MEMORY;
    }
    message->count = (int)count;
    return SEC_E_OK;
}

static OM_uint32 type_of_data(const SecBuffer *buffer, bool readonly_signed)
{
    if (buffer->BufferType & SECBUFFER_READONLY_WITH_CHECKSUM)
        return GSS_IOV_BUFFER_TYPE_SIGN_ONLY;
    if (!(buffer->BufferType & SECBUFFER_READONLY))
        return GSS_IOV_BUFFER_TYPE_DATA;
    return readonly_signed ? GSS_IOV_BUFFER_TYPE_SIGN_ONLY : GSS_IOV_BUFFER_TYPE_EMPTY;
}

/* Whether one of them is marked READONLY, which is NTLM's to ask about. */
static bool has_readonly(const SecBufferDesc *buffers)
{
    for (ULONG i = 0; i < buffers->cBuffers; i++)
        if (buffers->pBuffers[i].BufferType & SECBUFFER_READONLY)
            return true;
    return false;
}

static OM_uint32 type_of(const SecBuffer *buffer, enum message_use use, bool readonly_signed)
{
    switch (buffer_type(buffer)) {
    case SECBUFFER_TOKEN:
        return use == MESSAGE_SIGN || use == MESSAGE_INTEGRITY ? GSS_IOV_BUFFER_TYPE_MIC_TOKEN
                                                               : GSS_IOV_BUFFER_TYPE_HEADER;
    case SECBUFFER_DATA:
        return type_of_data(buffer, readonly_signed);
    case SECBUFFER_PADDING:
        return use == MESSAGE_SIGN ? GSS_IOV_BUFFER_TYPE_EMPTY : GSS_IOV_BUFFER_TYPE_PADDING;
    case SECBUFFER_STREAM:
        return use == MESSAGE_OPEN ? GSS_IOV_BUFFER_TYPE_STREAM : GSS_IOV_BUFFER_TYPE_EMPTY;
    default:
        return GSS_IOV_BUFFER_TYPE_EMPTY;
    }
}

/* Keeps a buffer of which there may be one. */
static SECURITY_STATUS keep_one(gss_iov_buffer_desc **kept, gss_iov_buffer_desc *iov)
{
    if (*kept)
        return SEC_E_INVALID_TOKEN;
    *kept = iov;
    return SEC_E_OK;
}

static SECURITY_STATUS add(struct message *message, gss_iov_buffer_desc *iov, size_t *data)
{
    switch (iov->type) {
    case GSS_IOV_BUFFER_TYPE_STREAM:
        message->stream = true;
        return keep_one(&message->token, iov);
    case GSS_IOV_BUFFER_TYPE_HEADER:
    case GSS_IOV_BUFFER_TYPE_MIC_TOKEN:
        return keep_one(&message->token, iov);
    case GSS_IOV_BUFFER_TYPE_PADDING:
        return keep_one(&message->padding, iov);
    case GSS_IOV_BUFFER_TYPE_SIGN_ONLY:
        message->sign_only = true;
        return SEC_E_OK;
    case GSS_IOV_BUFFER_TYPE_DATA:
        ++*data;
        return SEC_E_OK;
    default:
        return SEC_E_OK;
    }
}

/* What the buffers hold. DATA beside a stream has nothing yet, whatever the
 * caller left there. */
static SECURITY_STATUS fill(struct message *message)
{
    for (int i = 0; i < message->count; i++) {
        const SecBuffer *buffer = &message->buffers->pBuffers[i];
        gss_iov_buffer_desc *iov = &message->iov[i];

        if (iov->type == GSS_IOV_BUFFER_TYPE_EMPTY ||
            (message->stream && iov->type == GSS_IOV_BUFFER_TYPE_DATA))
            continue;
        if (!buffer->pvBuffer && buffer->cbBuffer > 0)
            return SEC_E_INVALID_PARAMETER;
        iov->buffer = (gss_buffer_desc){buffer->cbBuffer, buffer->pvBuffer};
    }
    return SEC_E_OK;
}

SECURITY_STATUS message_lay_out(struct message *message, const struct context *context,
                                const SecBufferDesc *buffers, enum message_use use)
{
    bool readonly_signed = false;
    SECURITY_STATUS status;
    size_t data = 0;

    *message = (struct message){.buffers = buffers};
    message->iov = message->inlined;
    if (!buffers || !buffers->pBuffers)
        return SEC_E_INVALID_TOKEN;
    status = make_room(message, buffers->cBuffers);
    if (status == SEC_E_OK && has_readonly(buffers))
        status = ntlm_has_extended_security(context, &readonly_signed);
    for (int i = 0; status == SEC_E_OK && i < message->count; i++) {
        message->iov[i].type = type_of(&buffers->pBuffers[i], use, readonly_signed);
        status = add(message, &message->iov[i], &data);
    }
    if (status == SEC_E_OK && (!message->token || (message->stream && data != 1)))
        status = SEC_E_INVALID_TOKEN;
    if (status == SEC_E_OK)
        status = fill(message);
    if (status == SEC_E_OK && use == MESSAGE_SEAL && !message->padding) {
        message->padding = &message->iov[message->count++];
        message->padding->type = GSS_IOV_BUFFER_TYPE_PADDING;
    }
    return status;
}

void message_clear(struct message *message)
{
    if (message->iov != message->inlined)
        free(message->iov);
}

void message_give_back(const struct message *message, enum message_use use)
{
    for (ULONG i = 0; i < message->buffers->cBuffers; i++) {
        SecBuffer *buffer = &message->buffers->pBuffers[i];
        const gss_iov_buffer_desc *iov = &message->iov[i];
        bool data = iov->type == GSS_IOV_BUFFER_TYPE_DATA;
        bool padding = iov->type == GSS_IOV_BUFFER_TYPE_PADDING;

        if (padding && use == MESSAGE_INTEGRITY)
            buffer->cbBuffer = 0;
        else if (padding || (use == MESSAGE_OPEN ? data : iov == message->token))
            buffer->cbBuffer = (ULONG)iov->buffer.length;
        if (message->stream && data)
            buffer->pvBuffer = iov->buffer.value;
    }
}
