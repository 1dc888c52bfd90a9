/* SPDX-License-Identifier: MIT */
/* record_refusal.h - for the administrator's record: a login that NTLM let in and that the
 * negotiation refuses. */

#ifndef SPNEGO_RECORD_REFUSAL_H
#define SPNEGO_RECORD_REFUSAL_H

#include "spnego/context.h"

/* Records it, if this is such a failure of an acceptor's context; before the context goes.
 * minor: the failure's. Keeps the thread's details of failures. */
void record_refusal(const struct context *context, OM_uint32 minor);

#endif
