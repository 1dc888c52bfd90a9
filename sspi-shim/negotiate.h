/* SPDX-License-Identifier: MIT */
/* negotiate.h - what the shim itself must know of SPNEGO (RFC 4178,
 * [MS-SPNG]), beside GSSAPI's: which package a token is for, what a server that
 * speaks first has, and which mechanism was picked on the way. Reads tokens of
 * a stranger's, never past their end. */

#ifndef SHIM_NEGOTIATE_H
#define SHIM_NEGOTIATE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "context.h"
#include "package.h"

/* The package that an acceptor's first token is for: Negotiate for SPNEGO's,
 * NTLM or Kerberos for one of theirs. NULL for what none of them sends. */
const struct package *negotiate_package_of(const gss_buffer_desc *token);

/* Is it a Kerberos initiator's first token without a frame, as DCE's style (and
 * nobody else) has it? */
bool negotiate_is_bare(const gss_buffer_desc *token);

/* The package that a NegTokenResp picks (supportedMech), which only an acceptor
 * sends; NULL when it does not say. */
const struct package *negotiate_pick(const gss_buffer_desc *token);

/* Gives an initiator's context a credential of its own where that of its
 * CredHandle would offer too much: not more than the server that spoke first
 * (offer, its token; NULL: it did not), nor Kerberos without a target or for a
 * null session. SEC_E_INVALID_TOKEN for an offer that is none,
 * SEC_E_SECPKG_NOT_FOUND when both sides have nothing in common. */
SECURITY_STATUS negotiate_limit(struct context *context, const gss_buffer_desc *offer);

#endif
