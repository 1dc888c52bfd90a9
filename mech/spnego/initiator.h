/* SPDX-License-Identifier: MIT */
/* initiator.h - the initiator's side of the negotiation (RFC 4178 4.2 and 5).
 *
 * Both functions return GSS_S_CONTINUE_NEEDED, GSS_S_COMPLETE or a failure; *out
 * is then the token to send, if it is not empty: after a failure the one that
 * tells the acceptor. A failed context can only be freed. */

#ifndef SPNEGO_INITIATOR_H
#define SPNEGO_INITIATOR_H

#include "spnego/context.h"

/* The first token. A mechanism that cannot make one is left out, and the next is
 * tried. `hello` is the token of a server that has spoken first, or empty. */
OM_uint32 initiator_begin(OM_uint32 *minor, struct context *context, const struct call *call,
                          struct der_bytes hello, gss_buffer_t out);

/* Every further one. No mechanism is tried any more than the acceptor's choice. */
OM_uint32 initiator_continue(OM_uint32 *minor, struct context *context, const struct call *call,
                             struct der_bytes answer, gss_buffer_t out);

#endif
