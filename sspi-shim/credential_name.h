/* SPDX-License-Identifier: MIT */
/* credential_name.h - the name that a GSSAPI credential is acquired for. The caller
 * releases each. SEC_E_NO_CREDENTIALS and SEC_E_UNKNOWN_CREDENTIALS for what is
 * not a name; SEC_E_INSUFFICIENT_MEMORY. */

#ifndef SHIM_CREDENTIAL_NAME_H
#define SHIM_CREDENTIAL_NAME_H

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "identity.h"
#include "package.h"

/* As status_of, for calls that acquire a credential. There a name that does not
 * exist is the user's and not the target's: SEC_E_NO_CREDENTIALS in place of
 * SEC_E_TARGET_UNKNOWN. */
SECURITY_STATUS credential_name_status(OM_uint32 major, OM_uint32 minor, gss_const_OID mech);

/* An initiator's, of an identity and a pszPrincipal, each of which may be NULL.
 * GSS_C_NO_NAME: the default. For NTLM a user with an @ is one name, with the
 * identity's domain beside it. */
SECURITY_STATUS credential_name_initiator(const struct identity *identity,
                                          const char *principal, enum package_id package,
                                          gss_name_t *name);

/* The user with an @ as an enterprise name of Kerberos (RFC 6806 section 5), whose suffix
 * need not be a realm. GSS_C_NO_NAME when the identity has no such user. */
SECURITY_STATUS credential_name_enterprise(const struct identity *identity, gss_name_t *name);

/* A pszPrincipal: `service/host` is a service, and with a realm a principal of
 * Kerberos; anything else is a user, written as in an identity. */
SECURITY_STATUS credential_name_principal(const char *principal, gss_name_t *name);

#endif
