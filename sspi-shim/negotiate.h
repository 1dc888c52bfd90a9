/* SPDX-License-Identifier: MIT */
/* negotiate.h - what the shim adds to GSSAPI's SPNEGO: for which package a token
 * is, which package was selected, and which ones an initiator offers. */

#ifndef SHIM_NEGOTIATE_H
#define SHIM_NEGOTIATE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "context.h"
#include "package.h"

/* The package that an initiator's first token is for: Negotiate for a token of
 * SPNEGO, NTLM or Kerberos for one of theirs without SPNEGO. NULL for any other. */
const struct package *negotiate_package_of(const gss_buffer_desc *token);

/* Does the token begin like an AP-REQ of Kerberos without the frame of RFC 2743 3.1, as
 * with GSS_C_DCE_STYLE? */
bool negotiate_is_ap_req(const gss_buffer_desc *token);

/* The package that an acceptor's NegTokenResp selects; NULL when it names none. */
const struct package *negotiate_selected(const gss_buffer_desc *token);

/* Prepares the first call of an initiator. Gives the context a credential of its
 * own (own_cred) where that of its CredHandle would offer too much: more than
 * a server that spoke first has (offer is its token; NULL: it did not), or
 * Kerberos without a target or for a null session. SEC_E_INVALID_TOKEN for an
 * offer that is malformed, SEC_E_SECPKG_NOT_FOUND when both sides have no
 * package in common; else as credential_for. */
SECURITY_STATUS negotiate_limit(struct context *context, const gss_buffer_desc *offer);

#endif
