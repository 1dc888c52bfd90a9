/* SPDX-License-Identifier: MIT */
/* credential_option.c - gss_set_cred_option: an option of ours, and those that are passed
 * to the mechanisms. */

#include "config.h"

#include "spnego/credential_iakerb.h"
#include "spnego/module.h"
#include "spnego/oids.h"

/* As with MIT's: an option for a handle that is not there yet may make one. */
EXPORTED OM_uint32 gssi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *handle,
                                        const gss_OID option, const gss_buffer_t value)
{
    struct credential *credential = credential_of_handle(*handle);
    gss_cred_id_t mechs = credential_mechs(*handle);
    OM_uint32 major, ignored;

    if (oid_same(option, &oid_add_iakerb))
        return credential_add_iakerb(minor, handle, value);
    major = gss_set_cred_option(minor, &mechs, option, value);
    if (credential)
        credential->mechs = mechs;
    else if (mechs && major == GSS_S_COMPLETE)
        major = credential_new(minor, mechs, &credential);
    if (major != GSS_S_COMPLETE)
        return major;
    *handle = credential_handle(credential);
    if (credential && credential->mit)
        gss_set_cred_option(&ignored, &credential->mit, option, value);
    if (credential && oid_same(option, &oid_no_ci_flags))
        credential->no_integrity = true;
    return GSS_S_COMPLETE;
}
