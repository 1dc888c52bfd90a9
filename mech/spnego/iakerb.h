/* SPDX-License-Identifier: MIT */
/* iakerb.h - whether IAKERB is negotiated, where it stands among the others, and its tokens
 * that are Kerberos' own. */

#ifndef SPNEGO_IAKERB_H
#define SPNEGO_IAKERB_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include "spnego/der.h"

/* What negotiate_iakerb says; false where the settings cannot be read. */
bool iakerb_is_allowed(void);

/* Puts IAKERB into the set: after Kerberos and before all that is weaker. On a failure
 * the set is as it was. */
OM_uint32 iakerb_place(OM_uint32 *minor, gss_OID_set *mechs);

/* Whether a first token is Kerberos' AP-REQ in IAKERB's frame: what an initiator sends that
 * has a ticket already. The acceptor of krb5 before 1.22 then says that it is complete
 * and has no context, so that the next call crashes: it is Kerberos that is to take it. */
bool iakerb_is_ap_req(struct der_bytes mech_token);

/* The token, framed by `from` (RFC 2743 3.1), in a frame of `to`: into *out, which is
 * malloc'd. One that has another frame, or none, is copied. False without memory. */
bool iakerb_reframe(struct der_bytes token, gss_const_OID from, gss_const_OID to,
                    gss_buffer_t out);

#endif
