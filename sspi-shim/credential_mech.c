/* SPDX-License-Identifier: MIT */
/* credential_mech.c - see credential_mech.h. */

#include "config.h"

#include "credential_mech.h"

#include <stdint.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "status.h"

bool credential_mech_is_in(const gss_OID_set_desc *set, gss_const_OID mech)
{
    for (size_t i = 0; set && i < set->count; i++)
        if (gss_oid_equal(&set->elements[i], mech))
            return true;
    return false;
}

bool credential_mech_allows(const struct credential *credential, enum package_id id)
{
    return credential->package->id != PACKAGE_NEGOTIATE || !credential->excluded[id];
}

/* Without a package list whatever SPNEGO has on this machine may be negotiated, be
 * it a package or not. */
static bool is_restricted(const struct credential *credential)
{
    return !credential_mech_allows(credential, PACKAGE_KERBEROS) ||
           !credential_mech_allows(credential, PACKAGE_NTLM);
}

gss_const_OID credential_mech_negotiable(const struct credential *credential,
                                         gss_const_OID mech)
{
    const struct package *package;

    if (gss_oid_equal(mech, gss_mech_krb5_old) || gss_oid_equal(mech, gss_mech_krb5_wrong))
        mech = package_of(PACKAGE_KERBEROS)->mech;
    package = package_negotiated(mech);
    if (package ? credential_mech_allows(credential, package->id) : !is_restricted(credential))
        return mech;
    return NULL;
}

static OM_uint32 add_mech(gss_const_OID mech, OM_uint32 *minor, gss_OID_set *set)
{
    if (credential_mech_is_in(*set, mech))
        return GSS_S_COMPLETE;
    return gss_add_oid_set_member(minor, (gss_OID)(uintptr_t)mech, set);
}

SECURITY_STATUS credential_mech_list(const struct credential *credential,
                                     const gss_OID_set_desc *offered, gss_OID_set *list)
{
    gss_OID_desc ours[] = {*package_of(PACKAGE_KERBEROS)->mech, package_iakerb,
                           *package_of(PACKAGE_NTLM)->mech};
    const gss_OID_set_desc all = {3, ours};
    OM_uint32 major, minor;

    *list = GSS_C_NO_OID_SET;
    if (!offered && !is_restricted(credential))
        return SEC_E_OK;
    if (!offered)
        offered = &all;
    major = gss_create_empty_oid_set(&minor, list);
    for (size_t i = 0; major == GSS_S_COMPLETE && i < offered->count; i++) {
        gss_const_OID mech = credential_mech_negotiable(credential, &offered->elements[i]);
        if (mech)
            major = add_mech(mech, &minor, list);
    }
    return status_of(major, minor, GSS_C_NO_OID);
}

SECURITY_STATUS credential_mech_accepted(const struct credential *credential,
                                         gss_OID_set *mechs)
{
    gss_OID_desc packages[] = {*package_of(PACKAGE_KERBEROS)->mech,
                               *package_of(PACKAGE_NTLM)->mech};
    const gss_OID_set_desc all = {2, packages};
    OM_uint32 major = GSS_S_COMPLETE, minor = 0;
    SECURITY_STATUS status;

    *mechs = GSS_C_NO_OID_SET;
    if (credential->package->id == PACKAGE_NEGOTIATE) {
        if (!is_restricted(credential))
            return SEC_E_OK;
        status = credential_mech_list(credential, &all, mechs);
        if (status != SEC_E_OK)
            return status;
        if ((*mechs)->count == 0)
            return SEC_E_NO_CREDENTIALS;
    } else {
        major = gss_create_empty_oid_set(&minor, mechs);
    }
    if (major == GSS_S_COMPLETE)
        major = add_mech(credential->package->mech, &minor, mechs);
    return status_of(major, minor, GSS_C_NO_OID);
}
