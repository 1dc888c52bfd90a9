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

/* The SECBUFFER_CHANNEL_BINDINGS among them (a SEC_CHANNEL_BINDINGS, or an _EX
 * by its magic number) for GSSAPI. *bindings points into the caller's memory.
 * *given is false when there is no such buffer. SEC_E_INVALID_PARAMETER when
 * an offset or a length leaves the buffer: SEC_E_BAD_BINDINGS is for bindings
 * that are well-formed and differ. */
SECURITY_STATUS buffer_bindings(const SecBufferDesc *input,
                                struct gss_channel_bindings_struct *bindings, bool *given);

/* Can a token be given there at all? Asked before a first leg makes a context:
 * SEC_E_BUFFER_TOO_SMALL without a descriptor or without a SECBUFFER_TOKEN,
 * SEC_E_INTERNAL_ERROR without memory of the caller's or an order to allocate. */
SECURITY_STATUS buffer_can_give(const SecBufferDesc *output, bool allocate);

/* Puts the token into output's SECBUFFER_TOKEN: copied, or in a context
 * buffer when `allocate`, and sets cbBuffer; an empty token that is to be
 * allocated has a NULL pvBuffer. As above, and SEC_E_BUFFER_TOO_SMALL, with
 * cbBuffer untouched, when the caller's memory is too small;
 * SEC_E_INSUFFICIENT_MEMORY. */
SECURITY_STATUS buffer_give(const SecBufferDesc *output, bool allocate,
                            const gss_buffer_desc *token);

#endif
