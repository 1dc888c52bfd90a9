/* SPDX-License-Identifier: MIT */
/* buffer.h - reading a caller's SecBufferDesc, and giving a token back in one.
 * Nothing here keeps a caller's pointer. */

#ifndef SHIM_BUFFER_H
#define SHIM_BUFFER_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

/* A buffer's type without the attributes beside it (SECBUFFER_READONLY…). */
ULONG buffer_type(const SecBuffer *buffer);

/* The first buffer of this type; NULL when there is none, or no descriptor. */
SecBuffer *buffer_find(const SecBufferDesc *message, ULONG type);

/* The token in a message's SECBUFFER_TOKEN, in the caller's memory. False, and an
 * empty token, when there is no such buffer or it is empty. */
bool buffer_token(const SecBufferDesc *message, gss_buffer_t token);

/* The SECBUFFER_CHANNEL_BINDINGS among them (a SEC_CHANNEL_BINDINGS, or an _EX
 * by its magic number) for GSSAPI. *bindings points into the caller's memory.
 * *given is false when there is no such buffer. SEC_E_INVALID_PARAMETER when
 * an offset or a length leaves the buffer: SEC_E_BAD_BINDINGS is for bindings
 * that are well-formed and differ. */
SECURITY_STATUS buffer_bindings(const SecBufferDesc *input,
                                struct gss_channel_bindings_struct *bindings, bool *given);

/* Could a token be put there? SEC_E_BUFFER_TOO_SMALL without a descriptor or
 * without a SECBUFFER_TOKEN, SEC_E_INTERNAL_ERROR when the buffer has a NULL
 * address and nothing is to be allocated. */
SECURITY_STATUS buffer_can_give(const SecBufferDesc *output, bool allocate);

/* Puts the token into output's SECBUFFER_TOKEN: copied to the caller's
 * memory, or into a context buffer when `allocate` (NULL for an empty token).
 * Sets cbBuffer. Errors as above; SEC_E_BUFFER_TOO_SMALL, with cbBuffer
 * unchanged, when the caller's memory is too small; SEC_E_INSUFFICIENT_MEMORY. */
SECURITY_STATUS buffer_give(const SecBufferDesc *output, bool allocate,
                            const gss_buffer_desc *token);

#endif
