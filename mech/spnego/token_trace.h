/* SPDX-License-Identifier: MIT */
/* token_trace.h - SPNEGO's tokens in the trace, in readable lines. The mechanisms'
 * own tokens in them are theirs to show. */

#ifndef SPNEGO_TOKEN_TRACE_H
#define SPNEGO_TOKEN_TRACE_H

#include "spnego/token.h"

/* `what` says who does what: "SPNEGO initiator sends". Nothing for no bytes. */
void token_trace(const char *what, struct der_bytes token);

#endif
