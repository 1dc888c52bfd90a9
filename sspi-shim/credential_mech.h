/* SPDX-License-Identifier: MIT */
/* credential_mech.h - which mechanisms a credential is for: the package's one, and
 * for Negotiate those that the identity's package list and the peer allow. */

#ifndef SHIM_CREDENTIAL_MECH_H
#define SHIM_CREDENTIAL_MECH_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "credential.h"

/* Is the mechanism in the set? In none there is nothing. */
bool credential_mech_is_in(const gss_OID_set_desc *set, gss_const_OID mech);

/* May the package be used? A package list is only for Negotiate to choose from. */
bool credential_mech_allows(const struct credential *credential, enum package_id id);

/* The mechanism by the name under which it is negotiated; NULL when it may not be.
 * Kerberos has old names, which servers offer too. */
gss_const_OID credential_mech_negotiable(const struct credential *credential,
                                         gss_const_OID mech);

/* What SPNEGO may choose from: what the peer offered (NULL: it did not say), as far
 * as the package list allows it. GSS_C_NO_OID_SET when neither limits it. The
 * caller releases the list. */
SECURITY_STATUS credential_mech_list(const struct credential *credential,
                                     const gss_OID_set_desc *offered, gss_OID_set *list);

/* What an acceptor's credential is acquired for; GSS_C_NO_OID_SET: all mechanisms
 * there are. For Negotiate also SPNEGO's mechanisms, whose tokens may come without
 * SPNEGO. The caller releases the list. SEC_E_NO_CREDENTIALS for none. */
SECURITY_STATUS credential_mech_accepted(const struct credential *credential,
                                         gss_OID_set *mechs);

#endif
