/* SPDX-License-Identifier: MIT */
/* buffer.c - callers' buffers. */

#include "config.h"

#include "buffer.h"

#include <string.h>

#include "context_buffer.h"

ULONG buffer_type(const SecBuffer *buffer)
{
    return buffer->BufferType & ~SECBUFFER_ATTRMASK;
}

SecBuffer *buffer_find(const SecBufferDesc *message, ULONG type)
{
    if (!message || !message->pBuffers)
        return NULL;
    for (ULONG i = 0; i < message->cBuffers; i++)
        if (buffer_type(&message->pBuffers[i]) == type)
            return &message->pBuffers[i];
    return NULL;
}

bool buffer_token(const SecBufferDesc *message, gss_buffer_t token)
{
    const SecBuffer *buffer = buffer_find(message, SECBUFFER_TOKEN);

    *token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (!buffer || !buffer->pvBuffer || buffer->cbBuffer == 0)
        return false;
    *token = (gss_buffer_desc){buffer->cbBuffer, buffer->pvBuffer};
    return true;
}

/* A part of the buffer that holds the bindings, by offset and length. */
static bool part(const SecBuffer *buffer, ULONG offset, ULONG length, gss_buffer_t value)
{
    if (length == 0)
        return true;
    if (offset > buffer->cbBuffer || length > buffer->cbBuffer - offset)
        return false;
    value->length = length;
    value->value = (char *)buffer->pvBuffer + offset;
    return true;
}

/* Both structures have the same eight words, the newer one after a header. */
static bool read_header(const SecBuffer *buffer, SEC_CHANNEL_BINDINGS *header)
{
    SEC_CHANNEL_BINDINGS_EX extended;
    const char *at = buffer->pvBuffer;
    size_t skip = 0;

    if (!at || buffer->cbBuffer < sizeof(*header))
        return false;
    if (buffer->cbBuffer >= sizeof(extended)) {
        memcpy(&extended, at, sizeof(extended));
        if (extended.magicNumber == SEC_CHANNEL_BINDINGS_EX_MAGIC)
            skip = offsetof(SEC_CHANNEL_BINDINGS_EX, dwInitiatorAddrType);
    }
    memcpy(header, at + skip, sizeof(*header));
    return true;
}

SECURITY_STATUS buffer_bindings(const SecBufferDesc *input,
                                struct gss_channel_bindings_struct *bindings, bool *given)
{
    const SecBuffer *buffer = buffer_find(input, SECBUFFER_CHANNEL_BINDINGS);
    SEC_CHANNEL_BINDINGS header;

    memset(bindings, 0, sizeof(*bindings));
    *given = buffer != NULL;
    if (!buffer)
        return SEC_E_OK;
    if (!read_header(buffer, &header) ||
        !part(buffer, header.dwInitiatorOffset, header.cbInitiatorLength,
              &bindings->initiator_address) ||
        !part(buffer, header.dwAcceptorOffset, header.cbAcceptorLength,
              &bindings->acceptor_address) ||
        !part(buffer, header.dwApplicationDataOffset, header.cbApplicationDataLength,
              &bindings->application_data))
        return SEC_E_INVALID_PARAMETER;
    bindings->initiator_addrtype = header.dwInitiatorAddrType;
    bindings->acceptor_addrtype = header.dwAcceptorAddrType;
    return SEC_E_OK;
}

SECURITY_STATUS buffer_can_give(const SecBufferDesc *output, bool allocate)
{
    const SecBuffer *where = buffer_find(output, SECBUFFER_TOKEN);

    if (!where)
        return SEC_E_BUFFER_TOO_SMALL;
    return allocate || where->pvBuffer ? SEC_E_OK : SEC_E_INTERNAL_ERROR;
}

SECURITY_STATUS buffer_give(const SecBufferDesc *output, bool allocate,
                            const gss_buffer_desc *token)
{
    SecBuffer *where = buffer_find(output, SECBUFFER_TOKEN);
    SECURITY_STATUS status = buffer_can_give(output, allocate);

    if (status != SEC_E_OK)
        return status;
    if (allocate) {
        where->pvBuffer = NULL;
        where->cbBuffer = 0;
    }
    if (token->length > UINT32_MAX || (!allocate && token->length > where->cbBuffer))
        return SEC_E_BUFFER_TOO_SMALL;
    if (allocate) {
        if (token->length > 0 &&
            !(where->pvBuffer = context_buffer_copy(token->value, token->length)))
            return SEC_E_INSUFFICIENT_MEMORY;
    } else if (token->length > 0) {
        memcpy(where->pvBuffer, token->value, token->length);
    }
    where->cbBuffer = (ULONG)token->length;
    return SEC_E_OK;
}
