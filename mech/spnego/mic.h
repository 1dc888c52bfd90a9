/* SPDX-License-Identifier: MIT */
/* mic.h - the mechListMICs (RFC 4178 5): each side's proof that the list of
 * mechanisms came over as it was sent. */

#ifndef SPNEGO_MIC_H
#define SPNEGO_MIC_H

#include "spnego/context.h"

/* Asks the mechanism whether the peer will want a mechListMIC ([MS-SPNG] 3.3.5.1:
 * NTLM, when its AUTHENTICATE has a MIC), and so lets it know that there can be one.
 * To be called after each call to the mechanism. Its error, where it cannot tell. */
OM_uint32 mic_ask_mechanism(OM_uint32 *minor, struct context *context);

/* Checks the peer's, and makes ours; afterwards the mechanism is as if there had
 * been none, but for its sequence numbers. The mechanism is complete and has
 * integrity. */
OM_uint32 mic_verify(OM_uint32 *minor, struct context *context, struct der_bytes mic);
OM_uint32 mic_make(OM_uint32 *minor, struct context *context, gss_buffer_t mic);

#endif
