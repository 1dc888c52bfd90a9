/* SPDX-License-Identifier: MIT */
/* cred_iakerb.h - IAKERB in a credential of SPNEGO's, as far as mech_spnego.so is registered
 * and its negotiate_iakerb allows it. MIT's SPNEGO does not know the option. */

#ifndef SHIM_CRED_IAKERB_H
#define SHIM_CRED_IAKERB_H

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "credential.h"
#include "identity.h"

/* Adds it, by the identity's password; where there is no credential (*cred) makes one of
 * it alone. SEC_E_OK: it is there. SEC_E_INSUFFICIENT_MEMORY; any other status: it cannot
 * be used. Without it *cred is as it was. */
SECURITY_STATUS cred_add_iakerb(const struct credential *credential,
                                const struct identity *identity, gss_cred_id_t *cred);

#endif
