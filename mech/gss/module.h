/* SPDX-License-Identifier: MIT */
/* module.h - the functions that MIT's mechglue looks up in this module by
 * name, exported whatever the default visibility is. Each has the contract of
 * RFC 2744 (or of gssapi_ext.h); mech_ntlmssp(8) says which are left out, and why. */

#ifndef GSS_MODULE_H
#define GSS_MODULE_H

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#define EXPORTED __attribute__((visibility("default")))

/* Looked up by the mechglue, but in no public header. */

/* Whether the local account `user` (a GSS_C_NT_USER_NAME, or no type) is this
 * name's: GSS_S_COMPLETE or GSS_S_UNAUTHORIZED. */
OM_uint32 gssspi_authorize_localname(OM_uint32 *minor, const gss_name_t name,
                                     gss_const_buffer_t user, gss_const_OID user_type);

/* Whether *oid is one of our static objects, which must not be freed: then
 * *oid becomes NULL and the answer is GSS_S_COMPLETE, else it is
 * GSS_S_CONTINUE_NEEDED. */
OM_uint32 gss_internal_release_oid(OM_uint32 *minor, gss_OID *oid);

/* gss_acquire_cred_with_password. */
OM_uint32 gssspi_acquire_cred_with_password(OM_uint32 *minor, const gss_name_t desired_name,
                                            const gss_buffer_t password, OM_uint32 time_req,
                                            const gss_OID_set desired_mechs, int usage,
                                            gss_cred_id_t *out, gss_OID_set *actual_mechs,
                                            OM_uint32 *time_rec);

/* gss_set_cred_option. */
OM_uint32 gssspi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *handle, const gss_OID option,
                                 const gss_buffer_t value);

#endif
