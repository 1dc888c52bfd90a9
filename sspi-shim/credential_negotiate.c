/* SPDX-License-Identifier: MIT */
/* credential_negotiate.c - see credential_negotiate.h.
 *
 * For Negotiate with a password Kerberos and NTLM are acquired each by itself, once,
 * and SPNEGO's credential is made of copies of them (cred_copy.h). So the
 * password is needed no longer, it goes to a KDC once, and each mechanism gets the
 * name that it understands. */

#include "config.h"

#include "credential_negotiate.h"

#include <gssapi/gssapi_ext.h>

#include "cred_acquire.h"
#include "cred_copy.h"
#include "cred_iakerb.h"
#include "credential_mech.h"
#include "package_query.h"
#include "status.h"

/* May SPNEGO use the package? list is what it is limited to; NULL: to nothing. */
static bool is_usable(const gss_OID_set_desc *list, enum package_id id)
{
    return !list || credential_mech_is_in(list, package_of(id)->mech);
}

/* Where SPNEGO has only one mechanism to use, that one is acquired first: it says why
 * it has no credential, and SPNEGO would only say that there is none. */
static SECURITY_STATUS try_only_mech(const struct credential *credential,
                                     const struct identity *identity,
                                     const gss_OID_set_desc *list)
{
    const struct package *only = NULL;
    size_t usable = 0;
    SECURITY_STATUS status;
    gss_cred_id_t cred;
    OM_uint32 minor;

    for (enum package_id id = PACKAGE_KERBEROS; id < PACKAGE_COUNT; id++) {
        status = is_usable(list, id) ? package_check(package_of(id)) : SEC_E_SECPKG_NOT_FOUND;
        if (status == SEC_E_INSUFFICIENT_MEMORY)
            return status;
        if (status == SEC_E_OK) {
            only = package_of(id);
            usable++;
        }
    }
    if (usable != 1)
        return usable ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
    status = cred_acquire(credential, identity, only->mech, &cred);
    gss_release_cred(&minor, &cred);
    return status;
}

static SECURITY_STATUS acquire_spnego(const struct credential *credential,
                                      const struct identity *identity,
                                      const gss_OID_set_desc *list, gss_cred_id_t *cred)
{
    SECURITY_STATUS status = try_only_mech(credential, identity, list);

    return status == SEC_E_OK
               ? cred_acquire(credential, identity, credential->package->mech, cred)
               : status;
}

/* While the password is at hand. A KDC that refused it would do so again, and count it. */
static bool may_use_iakerb(const struct credential *credential, const struct identity *identity,
                           const gss_OID_set_desc *list)
{
    return identity && identity->password && is_usable(list, PACKAGE_KERBEROS) &&
           credential->part_status[PACKAGE_KERBEROS] != SEC_E_LOGON_DENIED;
}

/* Of the parts that SPNEGO may use. When there is none, what the first of them came
 * to. A mechanism that exports no credentials (gss-ntlmssp's) cannot be copied: then
 * SPNEGO acquires its own while the password is at hand. */
static SECURITY_STATUS combine_parts(const struct credential *credential,
                                     const struct identity *identity,
                                     const gss_OID_set_desc *list, gss_cred_id_t *cred)
{
    struct cred_part parts[PACKAGE_COUNT];
    SECURITY_STATUS status = SEC_E_NO_CREDENTIALS;
    size_t count = 0;

    for (enum package_id id = PACKAGE_KERBEROS; id < PACKAGE_COUNT; id++) {
        if (!is_usable(list, id))
            continue;
        if (credential->part_status[id] == SEC_E_OK)
            parts[count++] = (struct cred_part){package_of(id), credential->parts[id]};
        else if (status == SEC_E_NO_CREDENTIALS)
            status = credential->part_status[id];
    }
    if (count > 0) {
        status = cred_copy_for_spnego(parts, count, cred);
        if (status == SEC_E_INTERNAL_ERROR && identity && identity->password)
            return acquire_spnego(credential, identity, list, cred);
    }
    if ((status == SEC_E_OK || count == 0) && may_use_iakerb(credential, identity, list)) {
        SECURITY_STATUS added = cred_add_iakerb(credential, identity, cred);

        if (added == SEC_E_OK || added == SEC_E_INSUFFICIENT_MEMORY)
            status = added;
    }
    return status == SEC_E_OK ? cred_no_ci_flags(cred, package_of(PACKAGE_NEGOTIATE)->mech)
                              : status;
}

SECURITY_STATUS credential_negotiate(const struct credential *credential,
                                     const struct identity *identity,
                                     const gss_OID_set_desc *offered, gss_cred_id_t *cred)
{
    gss_OID_set list = GSS_C_NO_OID_SET;
    SECURITY_STATUS status = credential_mech_list(credential, offered, &list);
    OM_uint32 major, minor;

    *cred = GSS_C_NO_CREDENTIAL;
    if (status == SEC_E_OK)
        status = credential->has_password ? combine_parts(credential, identity, list, cred)
                                          : acquire_spnego(credential, identity, list, cred);
    if (status == SEC_E_OK && list) {
        major = gss_set_neg_mechs(&minor, *cred, list);
        status = status_of(major, minor, credential->package->mech);
    }
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    gss_release_oid_set(&minor, &list);
    return status;
}

static SECURITY_STATUS acquire_part(struct credential *credential,
                                    const struct identity *identity, enum package_id id)
{
    gss_cred_id_t *part = &credential->parts[id];

    if (id == PACKAGE_KERBEROS)
        return cred_acquire_kerberos(
            credential, identity, credential->parts[PACKAGE_NTLM] != GSS_C_NO_CREDENTIAL, part);
    return cred_acquire(credential, identity, package_of(id)->mech, part);
}

/* NTLM asks nobody; Kerberos, which does, then knows whether there is another. */
SECURITY_STATUS credential_parts(struct credential *credential, const struct identity *identity)
{
    static const enum package_id order[] = {PACKAGE_NTLM, PACKAGE_KERBEROS};

    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        enum package_id id = order[i];
        SECURITY_STATUS status = SEC_E_SECPKG_NOT_FOUND;

        if (credential_mech_allows(credential, id))
            status = package_check(package_of(id));
        if (status == SEC_E_OK)
            status = acquire_part(credential, identity, id);
        if (status == SEC_E_INSUFFICIENT_MEMORY)
            return status;
        credential->part_status[id] =
            status == SEC_E_SECPKG_NOT_FOUND ? SEC_E_NO_CREDENTIALS : status;
    }
    return SEC_E_OK;
}
