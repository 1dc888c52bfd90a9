/* SPDX-License-Identifier: MIT */
/* message_layout.h - how the buffers of a message lie: MakeSignature's and
 * EncryptMessage's SecBufferDesc as GSSAPI's array of iov buffers. */

#ifndef SHIM_MESSAGE_LAYOUT_H
#define SHIM_MESSAGE_LAYOUT_H

#include <stdbool.h>

#include <gssapi/gssapi_ext.h>

#include <sspi.h>

#include "context.h"

/* Callers have two to five buffers. So many are on the stack, so that no
 * message allocates; more come from the heap. */
#define MESSAGE_BUFFERS 16

enum message_use {
    MESSAGE_SIGN,      /* and verify */
    MESSAGE_INTEGRITY, /* SECQOP_WRAP_NO_ENCRYPT by NTLM: signed, as by MakeSignature */
    MESSAGE_SEAL,
    MESSAGE_OPEN
};

struct message {
    const SecBufferDesc *buffers; /* the caller's */
    gss_iov_buffer_desc inlined[MESSAGE_BUFFERS + 1];
    /* One for each of the caller's, in the caller's order, of type EMPTY where
     * it takes no part; and behind them what `padding` says. */
    gss_iov_buffer_desc *iov;
    int count;
    gss_iov_buffer_desc *token; /* the SECBUFFER_TOKEN, or the SECBUFFER_STREAM */
    /* To seal there is always one: pre-RFC 4121 Kerberos fails without. When
     * the caller has none it is ours, without room. Else NULL without. */
    gss_iov_buffer_desc *padding;
    bool stream;    /* one SECBUFFER_STREAM, one SECBUFFER_DATA that will point into it */
    bool sign_only; /* some is signed and not encrypted */
};

/* TOKEN becomes MIC_TOKEN or HEADER (which for Kerberos then carries the
 * trailer too: a caller has one buffer for both), DATA is DATA, or SIGN_ONLY
 * when marked READONLY_WITH_CHECKSUM. What is marked READONLY is signed by NTLM
 * with extended session security and by nothing else ([MS-NLMP] 3.4.6).
 *
 * SEC_E_INVALID_TOKEN without exactly one SECBUFFER_TOKEN (to open also one
 * SECBUFFER_STREAM and one SECBUFFER_DATA), or with more than one
 * SECBUFFER_PADDING; SEC_E_INVALID_PARAMETER for a buffer that has a length and
 * no memory; SEC_E_INSUFFICIENT_MEMORY. message_clear follows in any case. */
SECURITY_STATUS message_lay_out(struct message *message, const struct context *context,
                                const SecBufferDesc *buffers, enum message_use use);
void message_clear(struct message *message);

/* How much room was used, back into the caller's buffers: of TOKEN and PADDING
 * after sealing; of DATA and PADDING, and where DATA lies, after opening. */
void message_give_back(const struct message *message, enum message_use use);

#endif
