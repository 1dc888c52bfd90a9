/* SPDX-License-Identifier: MIT */
/* cred_acquire.c - see cred_acquire.h. */

#include "config.h"

#include "cred_acquire.h"

#include <stdint.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "cred_bounded.h"
#include "credential_name.h"
#include "delegation.h"
#include "package.h"
#include "status.h"

#define STORE_KEYS 2

/* The identity as keys of a credential store. Each mechanism has its own key for the
 * password, so that an empty one can be given, which
 * gss_acquire_cred_with_password refuses. */
static void fill_store(const struct identity *identity, gss_const_OID mech,
                       gss_key_value_set_desc *store)
{
    bool kerberos = gss_oid_equal(mech, package_of(PACKAGE_KERBEROS)->mech);

    store->count = 0;
    if (!identity || identity_is_anonymous(identity))
        return;
    if (identity->password)
        store->elements[store->count++] = (gss_key_value_element_desc){
            kerberos ? "password" : "ntlmssp_password", identity->password};
    /* The domain, for a user who is not named; a named one has it in the name. */
    if (identity->domain && *identity->domain)
        store->elements[store->count++] =
            (gss_key_value_element_desc){"ntlmssp_domain", identity->domain};
}

SECURITY_STATUS cred_no_ci_flags(gss_cred_id_t *cred, gss_const_OID mech)
{
    gss_buffer_desc empty = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;

    major = gss_set_cred_option(&minor, cred, (gss_OID)GSS_KRB5_CRED_NO_CI_FLAGS_X, &empty);
    return major == GSS_S_UNAVAILABLE ? SEC_E_OK : status_of(major, minor, mech);
}

/* What an attempt to acquire a credential came to. */
struct attempt {
    SECURITY_STATUS status;
    bool no_realm; /* Kerberos: the name's realm is not known */
    bool no_user;  /* the KDC does not know the user */
};

/* How a credential is acquired. */
struct way {
    gss_const_OID mech;
    bool bounded; /* Kerberos, in SPNEGO's time for it */
    bool others;  /* another mechanism can go on then */
};

static OM_uint32 ask(OM_uint32 *minor, gss_name_t name, const struct identity *identity,
                     gss_const_OID mech, gss_cred_id_t *cred)
{
    gss_key_value_element_desc elements[STORE_KEYS];
    gss_key_value_set_desc store = {0, elements};
    gss_OID_set_desc mechs = {1, (gss_OID)(uintptr_t)mech};

    fill_store(identity, mech, &store);
    return gss_acquire_cred_from(minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE,
                                 store.count ? &store : GSS_C_NO_CRED_STORE, cred, NULL, NULL);
}

static struct attempt acquire_name(gss_name_t name, const struct identity *identity,
                                   const struct way *way, gss_cred_id_t *cred)
{
    struct attempt attempt = {SEC_E_OK, false, false};
    OM_uint32 major = GSS_S_UNAVAILABLE, minor;
    gss_const_OID mech = package_of(PACKAGE_NEGOTIATE)->mech; /* whose status it is */

    if (way->bounded && name && identity && identity->password)
        major = cred_bounded(&minor, name, identity->password, way->others, cred);
    if (major == GSS_S_UNAVAILABLE) {
        mech = way->mech;
        major = ask(&minor, name, identity, mech, cred);
    }
    attempt.status = credential_name_status(major, minor, mech);
    if (major != GSS_S_COMPLETE &&
        gss_oid_equal(way->mech, package_of(PACKAGE_KERBEROS)->mech)) {
        attempt.no_realm = status_is(minor, mech, (OM_uint32)KRB5_REALM_UNKNOWN) ||
                           status_is(minor, mech, (OM_uint32)KRB5KDC_ERR_WRONG_REALM);
        attempt.no_user = status_is(minor, mech, (OM_uint32)KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN);
    }
    return attempt;
}

/* A user with an @ whose suffix is no realm is tried as an enterprise name of the
 * default realm. When there is no such user either, the first failure says what is
 * wrong. */
static SECURITY_STATUS acquire_enterprise(const struct identity *identity,
                                          const struct way *way, SECURITY_STATUS former,
                                          gss_cred_id_t *cred)
{
    struct attempt attempt = {former, false, true};
    gss_name_t name;
    OM_uint32 minor;
    SECURITY_STATUS status = credential_name_enterprise(identity, &name);

    if (status == SEC_E_OK && name != GSS_C_NO_NAME)
        attempt = acquire_name(name, identity, way, cred);
    gss_release_name(&minor, &name);
    if (status != SEC_E_OK)
        return status;
    return attempt.no_user || attempt.no_realm ? former : attempt.status;
}

static SECURITY_STATUS acquire_by_name(const struct credential *credential,
                                       const struct identity *identity, const struct way *way,
                                       gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(way->mech);
    enum package_id id = package ? package->id : PACKAGE_NEGOTIATE;
    struct attempt attempt;
    gss_name_t name;
    OM_uint32 minor;
    SECURITY_STATUS status =
        credential_name_initiator(identity, credential->principal, id, &name);

    if (status != SEC_E_OK)
        return status;
    attempt = acquire_name(name, identity, way, cred);
    gss_release_name(&minor, &name);
    if (attempt.no_realm && identity && identity->password)
        return acquire_enterprise(identity, way, attempt.status, cred);
    return attempt.status;
}

static SECURITY_STATUS acquire(const struct credential *credential,
                               const struct identity *identity, const struct way *way,
                               gss_cred_id_t *cred)
{
    SECURITY_STATUS status;
    OM_uint32 minor;

    *cred = GSS_C_NO_CREDENTIAL;
    status = credential->delegation ? delegation_copy(credential->delegation, way->mech, cred)
                                    : acquire_by_name(credential, identity, way, cred);
    /* Without memory the mechglue can say that all is well and give none, which would be
     * the default one. */
    if (status == SEC_E_OK && *cred == GSS_C_NO_CREDENTIAL)
        status = SEC_E_INSUFFICIENT_MEMORY;
    if (status == SEC_E_OK)
        status = cred_no_ci_flags(cred, way->mech);
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    return status;
}

SECURITY_STATUS cred_acquire(const struct credential *credential,
                             const struct identity *identity, gss_const_OID mech,
                             gss_cred_id_t *cred)
{
    return acquire(credential, identity, &(struct way){.mech = mech}, cred);
}

SECURITY_STATUS cred_acquire_kerberos(const struct credential *credential,
                                      const struct identity *identity, bool others,
                                      gss_cred_id_t *cred)
{
    const struct way way = {package_of(PACKAGE_KERBEROS)->mech, true, others};

    return acquire(credential, identity, &way, cred);
}
