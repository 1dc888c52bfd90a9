/* SPDX-License-Identifier: MIT */
/* sealed.c - see sealed.h. */

#include "sealed.h"

#include <stdlib.h>
#include <string.h>

static bool send_buffers(struct http *http, const SecBuffer *buffers, size_t count)
{
    BYTE size[4];
    ULONG length = 0;

    for (size_t i = 0; i < count; i++)
        length += buffers[i].cbBuffer;
    for (size_t i = 0; i < 4; i++)
        size[i] = (BYTE)(length >> (24 - 8 * i));
    if (!http_send(http, size, sizeof(size)))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!http_send(http, buffers[i].pvBuffer, buffers[i].cbBuffer))
            return false;
    return true;
}

/* Token, data and padding, encrypted in place and sent one after the other. */
SECURITY_STATUS sealed_send(struct http *http, PCtxtHandle context, const char *text)
{
    SecPkgContext_Sizes sizes;
    SecBuffer buffers[3];
    SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
    ULONG length = (ULONG)strlen(text);
    SECURITY_STATUS status;
    BYTE *memory;

    status = QueryContextAttributes(context, SECPKG_ATTR_SIZES, &sizes);
    if (status != SEC_E_OK)
        return status;
    memory = malloc(sizes.cbSecurityTrailer + length + sizes.cbBlockSize + 1);
    if (!memory)
        return SEC_E_INSUFFICIENT_MEMORY;
    buffers[0] = (SecBuffer){sizes.cbSecurityTrailer, SECBUFFER_TOKEN, memory};
    buffers[1] = (SecBuffer){length, SECBUFFER_DATA, memory + sizes.cbSecurityTrailer};
    buffers[2] = (SecBuffer){sizes.cbBlockSize, SECBUFFER_PADDING,
                             memory + sizes.cbSecurityTrailer + length};
    CopyMemory(buffers[1].pvBuffer, text, length);
    status = EncryptMessage(context, 0, &message, 0);
    if (status == SEC_E_OK && !send_buffers(http, buffers, 3))
        status = SEC_E_INTERNAL_ERROR;
    free(memory);
    return status;
}

/* As one stream, which DecryptMessage takes apart. */
SECURITY_STATUS sealed_receive(struct http *http, PCtxtHandle context, char text[SEALED_MAX])
{
    SecBuffer buffers[2] = {{0, SECBUFFER_STREAM, NULL}, {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status = SEC_E_INTERNAL_ERROR;
    BYTE size[4], *memory;
    ULONG length, qop;

    if (!http_receive(http, size, sizeof(size)))
        return SEC_E_INTERNAL_ERROR;
    length = (ULONG)size[0] << 24 | (ULONG)size[1] << 16 | (ULONG)size[2] << 8 | size[3];
    if (length >= SEALED_MAX || !(memory = malloc(length + 1)))
        return SEC_E_INTERNAL_ERROR;
    if (http_receive(http, memory, length)) {
        buffers[0].cbBuffer = length;
        buffers[0].pvBuffer = memory;
        status = DecryptMessage(context, &message, 0, &qop);
    }
    if (status == SEC_E_OK) {
        CopyMemory(text, buffers[1].pvBuffer, buffers[1].cbBuffer);
        text[buffers[1].cbBuffer] = '\0';
    }
    SecureZeroMemory(memory, length);
    free(memory);
    return status;
}
