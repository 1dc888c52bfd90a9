/* SPDX-License-Identifier: MIT */
/* acceptor.h - the acceptor's side of the negotiation (RFC 4178 4.2 and 5,
 * [MS-SPNG] 3.2.5.2).
 *
 * Returns GSS_S_CONTINUE_NEEDED, GSS_S_COMPLETE or a failure; *out is then the token
 * to send, if it is not empty: after a failure the one that tells the initiator. A
 * failed context can only be freed. */

#ifndef SPNEGO_ACCEPTOR_H
#define SPNEGO_ACCEPTOR_H

#include "spnego/context.h"

/* Takes a token of the initiator's. An empty first one asks us to speak first. */
OM_uint32 acceptor_take(OM_uint32 *minor, struct context *context, const struct call *call,
                        struct der_bytes token, gss_buffer_t out);

#endif
