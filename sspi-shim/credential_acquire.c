/* SPDX-License-Identifier: MIT */
/* credential_acquire.c - see credential_acquire.h. */

#include "config.h"

#include "credential_acquire.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "cred_acquire.h"
#include "cred_copy.h"
#include "credential_mech.h"
#include "credential_name.h"
#include "credential_negotiate.h"
#include "impersonation.h"
#include "status.h"
#include "timestamp.h"

/* How long a default credential lasts is asked of another one, since the question
 * settles which of the user's tickets the credential stands for, and the first
 * context's target is to settle that. */
static void find_expiry(struct credential *credential)
{
    gss_cred_id_t other = GSS_C_NO_CREDENTIAL;
    OM_uint32 lifetime = GSS_C_INDEFINITE, minor;

    if (!credential->is_default)
        gss_inquire_cred(&minor, credential->initiator, NULL, &lifetime, NULL, NULL);
    else if (cred_acquire(credential, credential->identity, credential->package->mech,
                          &other) == SEC_E_OK)
        gss_inquire_cred(&minor, other, NULL, &lifetime, NULL, NULL);
    gss_release_cred(&minor, &other);
    credential->expiry = timestamp_after(lifetime);
}

static SECURITY_STATUS acquire_initiator(struct credential *credential,
                                         const struct identity *identity)
{
    SECURITY_STATUS status = SEC_E_OK;

    if (credential->package->id != PACKAGE_NEGOTIATE) {
        status = cred_acquire(credential, identity, credential->package->mech,
                              &credential->initiator);
    } else {
        if (credential->has_password)
            status = credential_parts(credential, identity);
        if (status == SEC_E_OK)
            status = credential_negotiate(credential, identity, NULL, &credential->initiator);
    }
    if (status == SEC_E_OK)
        find_expiry(credential);
    return status;
}

/* Of several mechanisms the mechglue leaves out those that fail, without a word, and
 * without memory it does not say which there are. The package's own one must be there: when
 * it is not, it is asked for alone and says why. */
static SECURITY_STATUS acquire_accepted(gss_const_OID mech, gss_name_t name, gss_OID_set mechs,
                                        gss_cred_id_t *cred)
{
    gss_OID_set_desc alone = {1, (gss_OID)(uintptr_t)mech};
    gss_OID_set acquired = GSS_C_NO_OID_SET;
    OM_uint32 major, minor, ignored;
    SECURITY_STATUS status;
    bool complete;

    major = gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, mechs, GSS_C_ACCEPT, cred,
                             &acquired, NULL);
    status = credential_name_status(major, minor, mech);
    complete = status != SEC_E_OK || (*cred && credential_mech_is_in(acquired, mech));
    gss_release_oid_set(&ignored, &acquired);
    if (complete)
        return status;
    gss_release_cred(&ignored, cred);
    major = gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, &alone, GSS_C_ACCEPT, cred, NULL,
                             NULL);
    status = credential_name_status(major, minor, mech);
    if (status != SEC_E_OK)
        return status;
    /* Now it can be had: the former failure was a passing one. */
    gss_release_cred(&ignored, cred);
    return SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS acquire_acceptor(struct credential *credential)
{
    gss_const_OID mech = credential->package->mech;
    gss_name_t name = GSS_C_NO_NAME;
    gss_OID_set mechs = GSS_C_NO_OID_SET;
    OM_uint32 major, minor, ignored;
    SECURITY_STATUS status = credential_mech_accepted(credential, &mechs);

    if (status == SEC_E_OK && credential->principal)
        status = credential_name_principal(credential->principal, &name);
    if (status == SEC_E_OK)
        status = acquire_accepted(mech, name, mechs, &credential->acceptor);
    if (status == SEC_E_OK && mechs && credential->package->id == PACKAGE_NEGOTIATE) {
        major = gss_set_neg_mechs(&minor, credential->acceptor, mechs);
        status = status_of(major, minor, mech);
    }
    gss_release_name(&ignored, &name);
    gss_release_oid_set(&ignored, &mechs);
    return status;
}

static void read_identity(struct credential *credential, const struct identity *identity)
{
    bool has_user = identity && identity->user && *identity->user;

    credential->is_default =
        !has_user && !(identity && identity->password) && !credential->principal;
    if (!identity)
        return;
    credential->has_password = identity->password && !identity_is_anonymous(identity);
    if (!credential->has_password)
        credential->identity = identity_retain((struct identity *)(uintptr_t)identity);
    for (size_t i = 0; i < PACKAGE_COUNT; i++)
        credential->excluded[i] = !identity->allowed[i];
}

/* The default of a thread that impersonates a client is what the client
 * delegated. */
static void use_delegation(struct credential *credential)
{
    struct delegation *delegation = impersonation_delegation();

    if (!delegation || !credential->is_default ||
        !delegation_is_for(delegation, credential->package))
        return;
    credential->delegation = delegation_retain(delegation);
    credential->is_default = false;
}

static SECURITY_STATUS make_initiator(struct credential *credential,
                                      const struct identity *identity, bool explicit_only)
{
    if (explicit_only && !identity)
        return SEC_E_NO_CREDENTIALS;
    use_delegation(credential);
    return acquire_initiator(credential, identity);
}

SECURITY_STATUS credential_make(const struct package *package, const char *principal, ULONG use,
                                const struct identity *identity, struct credential **credential)
{
    struct credential *made = credential_new(package, use);

    *credential = NULL;
    if (!made)
        return SEC_E_INSUFFICIENT_MEMORY;
    if (principal && *principal && !(made->principal = strdup(principal))) {
        object_release(&made->object);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    read_identity(made, identity);
    if (use & SECPKG_CRED_OUTBOUND)
        made->initiator_status =
            make_initiator(made, identity, use & SECPKG_CRED_AUTOLOGON_RESTRICTED);
    if (use & SECPKG_CRED_INBOUND)
        made->acceptor_status = acquire_acceptor(made);
    if (made->initiator_status == SEC_E_INSUFFICIENT_MEMORY ||
        made->acceptor_status == SEC_E_INSUFFICIENT_MEMORY) {
        object_release(&made->object);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    *credential = made;
    return SEC_E_OK;
}

static SECURITY_STATUS copy_part(const struct credential *credential, gss_const_OID mech,
                                 gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(mech);
    struct cred_part part;
    SECURITY_STATUS status;

    if (!package)
        return SEC_E_NO_CREDENTIALS;
    if (credential->part_status[package->id] != SEC_E_OK)
        return credential->part_status[package->id];
    part = (struct cred_part){package, credential->parts[package->id]};
    status = cred_copy(&part, cred);
    return status == SEC_E_OK ? cred_no_ci_flags(cred, mech) : status;
}

SECURITY_STATUS credential_for(const struct credential *credential, gss_const_OID mech,
                               gss_OID_set offered, gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(mech);
    SECURITY_STATUS status;
    OM_uint32 minor;

    *cred = GSS_C_NO_CREDENTIAL;
    if (credential->initiator_status != SEC_E_OK)
        return credential->initiator_status;
    if (package && package->id == PACKAGE_NEGOTIATE)
        return credential_negotiate(credential, credential->identity, offered, cred);
    if (!credential_mech_negotiable(credential, mech))
        return SEC_E_NO_CREDENTIALS;
    status = credential->has_password
                 ? copy_part(credential, mech, cred)
                 : cred_acquire(credential, credential->identity, mech, cred);
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    return status;
}
