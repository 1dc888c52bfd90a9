/* SPDX-License-Identifier: MIT */
/* message_copy.h - message protection by a mechanism that lacks gss_wrap_iov and its kin
 * (gss-ntlmssp), on copies of the caller's buffers. SEC_E_UNSUPPORTED_FUNCTION for data
 * that is to be signed beside data that is encrypted: gss_wrap cannot do that. */

#ifndef SHIM_MESSAGE_COPY_H
#define SHIM_MESSAGE_COPY_H

#include "context.h"
#include "message_layout.h"

SECURITY_STATUS message_copy_sign(const struct context *context, gss_qop_t qop,
                                  struct message *message);
SECURITY_STATUS message_copy_verify(const struct context *context, struct message *message);
SECURITY_STATUS message_copy_seal(const struct context *context, int conf, gss_qop_t qop,
                                  struct message *message);
SECURITY_STATUS message_copy_open(const struct context *context, int *conf,
                                  struct message *message);

#endif
