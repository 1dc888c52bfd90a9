/* message.h - how the buffers of a message lie: MakeSignature's and
 * EncryptMessage's SecBufferDesc as GSSAPI's array of iov buffers. */

#ifndef SHIM_MESSAGE_H
#define SHIM_MESSAGE_H

#include <stdbool.h>

#include <gssapi/gssapi_ext.h>

#include <sspi.h>

#include "context.h"

/* More buffers than any SSPI caller has: the array is on the stack, so that no
 * message allocates. SEC_E_INVALID_PARAMETER for more. */
#define MESSAGE_BUFFERS 32

/* The buffers with token as GSS_IOV_BUFFER_TYPE_MIC_TOKEN, all SECBUFFER_DATA as
 * DATA, what is only to be signed as SIGN_ONLY, in the caller's order.
 * SEC_E_INVALID_TOKEN without exactly one SECBUFFER_TOKEN. */
SECURITY_STATUS message_sign_layout(const struct context *context, const SecBufferDesc *message,
                                    gss_iov_buffer_desc iov[MESSAGE_BUFFERS], int *count);

/* The same for gss_wrap_iov and gss_unwrap_iov: token as HEADER (for Kerberos
 * with the TRAILER it carries behind), PADDING and STREAM as they are named. */
SECURITY_STATUS message_seal_layout(const struct context *context, const SecBufferDesc *message,
                                    gss_iov_buffer_desc iov[MESSAGE_BUFFERS], int *count);

#endif
