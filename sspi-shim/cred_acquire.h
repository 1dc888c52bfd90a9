/* SPDX-License-Identifier: MIT */
/* cred_acquire.h - an initiator's credential of one mechanism, acquired from GSSAPI. */

#ifndef SHIM_CRED_ACQUIRE_H
#define SHIM_CRED_ACQUIRE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "credential.h"
#include "identity.h"

/* For the identity (NULL: the machine's default), the credential's principal, or what a
 * client delegated to it. The caller releases *cred, which is GSS_C_NO_CREDENTIAL after
 * an error. */
SECURITY_STATUS cred_acquire(const struct credential *credential,
                             const struct identity *identity, gss_const_OID mech,
                             gss_cred_id_t *cred);

/* For Kerberos as a part of Negotiate: a KDC is waited for as long as mech_spnego.so says,
 * where it is registered, and if another mechanism can go on (`others`). */
SECURITY_STATUS cred_acquire_kerberos(const struct credential *credential,
                                      const struct identity *identity, bool others,
                                      gss_cred_id_t *cred);

/* Leaves it to the caller whether it wants integrity: without this option SPNEGO and
 * Kerberos add it to every context. A mechanism that does not know the option adds
 * nothing, so that is no error. */
SECURITY_STATUS cred_no_ci_flags(gss_cred_id_t *cred, gss_const_OID mech);

#endif
