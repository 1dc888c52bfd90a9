/* SPDX-License-Identifier: MIT */
/* spnego_token.h - reading the tokens of SPNEGO (RFC 4178, [MS-SPNG]) and of the
 * mechanisms in it, as far as the shim must: which mechanism a token is for,
 * which ones are offered, which one was selected. Only bytes are read here;
 * what follows from them is in negotiate.c. The tokens come from the network:
 * nothing is read beyond their end. Object identifiers point into the token. */

#ifndef SHIM_SPNEGO_TOKEN_H
#define SHIM_SPNEGO_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gssapi/gssapi.h>

/* The mechanism in the header of an initiator's first token (RFC 2743 3.1). False
 * when the token has no such header. */
bool spnego_initial_mech(const gss_buffer_desc *token, gss_OID_desc *mech);

/* Does the token begin like an AP-REQ of Kerberos without that header, as with
 * GSS_C_DCE_STYLE? */
bool spnego_is_ap_req(const gss_buffer_desc *token);

/* Does the token begin like a message of NTLM ([MS-NLMP] 2.2.1)? */
bool spnego_is_ntlmssp(const gss_buffer_desc *token);

/* The supportedMech of a NegTokenResp (RFC 4178 4.2.2). False when the token is
 * none, or has no such field. */
bool spnego_supported_mech(const gss_buffer_desc *token, gss_OID_desc *mech);

/* The mechTypes of a NegTokenInit, also of a NegTokenInit2 ([MS-SPNG] 2.2.1),
 * that are not read yet. */
struct spnego_mech_types {
    const uint8_t *at;
    size_t left;
};

/* False when the token is no NegTokenInit with mechTypes. */
bool spnego_mech_types(const gss_buffer_desc *token, struct spnego_mech_types *types);

/* Takes the next one while types->left is not 0. False when it is malformed. */
bool spnego_next_mech(struct spnego_mech_types *types, gss_OID_desc *mech);

#endif
