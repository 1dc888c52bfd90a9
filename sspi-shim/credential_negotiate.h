/* SPDX-License-Identifier: MIT */
/* credential_negotiate.h - Negotiate's credential of an initiator: SPNEGO's, limited to
 * the packages that the identity allows. */

#ifndef SHIM_CREDENTIAL_NEGOTIATE_H
#define SHIM_CREDENTIAL_NEGOTIATE_H

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "credential.h"
#include "identity.h"

/* With a password: acquires each package's own credential into credential->parts, and
 * keeps in part_status what that came to. That one of them has none is no failure;
 * SEC_E_INSUFFICIENT_MEMORY is. */
SECURITY_STATUS credential_parts(struct credential *credential,
                                 const struct identity *identity);

/* SPNEGO's credential, with a password made of the parts. offered (may be NULL) limits
 * it further. The caller releases *cred, which is GSS_C_NO_CREDENTIAL after an error. */
SECURITY_STATUS credential_negotiate(const struct credential *credential,
                                     const struct identity *identity,
                                     const gss_OID_set_desc *offered, gss_cred_id_t *cred);

#endif
