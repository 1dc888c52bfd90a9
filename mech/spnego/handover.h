/* SPDX-License-Identifier: MIT */
/* handover.h - what is left to MIT's SPNEGO whole: contexts for which a mechanism is
 * negotiated that may do so by NegoEx, which we do not speak. That may be any but
 * Kerberos, IAKERB and NTLM. */

#ifndef SPNEGO_HANDOVER_H
#define SPNEGO_HANDOVER_H

#include "spnego/context.h"

/* Whether this context is MIT's. Decided once, by what is negotiated. */
bool handover_is_due(struct context *context);

/* A call to MIT's SPNEGO, whose context is context->inner then. As the functions of
 * initiator.h and acceptor.h. */
OM_uint32 handover_init(OM_uint32 *minor, struct context *context, const struct call *call,
                        struct der_bytes token, gss_buffer_t out);
OM_uint32 handover_accept(OM_uint32 *minor, struct context *context, const struct call *call,
                          struct der_bytes token, gss_buffer_t out);

#endif
