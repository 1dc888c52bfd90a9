/* SPDX-License-Identifier: MIT */
/* ntlm.h - what SSPI knows of an NTLM context and GSSAPI has no word for: the
 * extensions of NTLM's mechanism modules, by their object identifiers. */

#ifndef SHIM_NTLM_H
#define SHIM_NTLM_H

#include <stdbool.h>

#include "context.h"

/* Does NTLM do the context's work? */
bool ntlm_is(const struct context *context);

/* *has: is it NTLM with extended session security? Where the module cannot be asked
 * yes: nothing else is negotiated by default. Fails with SEC_E_INSUFFICIENT_MEMORY alone. */
SECURITY_STATUS ntlm_has_extended_security(const struct context *context, bool *has);

/* A datagram's number is its sender's to give. Does nothing for contexts that
 * are not of datagrams, for 0 (the caller keeps no numbers), and where the
 * datagram that is received brings its number along. */
SECURITY_STATUS ntlm_number_datagram(struct context *context, ULONG sequence, bool receiving);

/* Has the record of logons say that the server refuses a client which NTLM let in, and why.
 * Does nothing for other packages, and where the module keeps no such record. */
void ntlm_record_refusal(struct context *context, const char *why);

#endif
