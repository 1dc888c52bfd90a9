/* SPDX-License-Identifier: MIT */
/* cred_bounded.h - Kerberos' credential by a password, within mech_spnego.so's
 * kerberos_timeout. */

#ifndef SHIM_CRED_BOUNDED_H
#define SHIM_CRED_BOUNDED_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

/* The same as gss_acquire_cred_from with a store of this password; the minor status of a
 * failure is SPNEGO's. `others`: another mechanism can go on without Kerberos. The caller
 * releases *cred. GSS_S_UNAVAILABLE: there is no bound, and no KDC was asked. */
OM_uint32 cred_bounded(OM_uint32 *minor, gss_name_t name, const char *password, bool others,
                       gss_cred_id_t *cred);

#endif
