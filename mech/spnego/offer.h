/* SPDX-License-Identifier: MIT */
/* offer.h - the mechanisms that an initiator offers: context->mech_types, most
 * wanted first. */

#ifndef SPNEGO_OFFER_H
#define SPNEGO_OFFER_H

#include "spnego/context.h"

/* All that the credential negotiates. A server's `hello` (NegTokenInit2; empty:
 * there was none) leaves out what it does not name. */
OM_uint32 offer_make(OM_uint32 *minor, struct context *context, struct der_bytes hello);

/* context->mech becomes the first. */
void offer_first(struct context *context);
bool offer_has_more(const struct context *context);
/* There is a second. */
void offer_drop_first(struct context *context);

#endif
