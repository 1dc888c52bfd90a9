/* SPDX-License-Identifier: MIT */
/* credential_acquire.h - acquiring credentials of GSSAPI for an identity. */

#ifndef SHIM_CREDENTIAL_ACQUIRE_H
#define SHIM_CREDENTIAL_ACQUIRE_H

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "credential.h"
#include "identity.h"
#include "package.h"

/* Acquires what `use` asks for. The caller has the one reference; identity and
 * principal may be NULL. SEC_E_INSUFFICIENT_MEMORY; any other failure is kept in
 * initiator_status and acceptor_status. */
SECURITY_STATUS credential_make(const struct package *package, const char *principal, ULONG use,
                                const struct identity *identity,
                                struct credential **credential);

/* An initiator's credential of the same user for one context. mech is the
 * package's mechanism, or for Negotiate one that it negotiates. offered (may be
 * NULL) limits SPNEGO, as gss_set_neg_mechs does, which changes the credential
 * it is given: therefore not the shared one. SEC_E_NO_CREDENTIALS when nothing is
 * left that the identity allows. The caller releases *cred. */
SECURITY_STATUS credential_for(const struct credential *credential, gss_const_OID mech,
                               gss_OID_set offered, gss_cred_id_t *cred);

#endif
