/* SPDX-License-Identifier: MIT */
/* credential_acquire.c - see credential_acquire.h.
 *
 * For Negotiate with a password Kerberos and NTLM are acquired each by itself, once,
 * and SPNEGO's credential is made of copies of them (cred_copy.h). So the
 * password is needed no longer, it goes to a KDC once, and each mechanism gets the
 * name that it understands. */

#include "config.h"

#include "credential_acquire.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "cred_copy.h"
#include "credential_mech.h"
#include "credential_name.h"
#include "impersonation.h"
#include "package_query.h"
#include "status.h"
#include "timestamp.h"

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
    /* The domain of a user who is not named; a named one has it in the name. */
    if (identity->domain && *identity->domain)
        store->elements[store->count++] =
            (gss_key_value_element_desc){"ntlmssp_domain", identity->domain};
}

/* The caller says whether it wants integrity: without this option SPNEGO and Kerberos
 * add it to every context. A mechanism that does not know the option adds
 * nothing. */
static SECURITY_STATUS set_no_ci_flags(gss_cred_id_t *cred, gss_const_OID mech)
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

static struct attempt acquire_name(gss_name_t name, const struct identity *identity,
                                   gss_const_OID mech, gss_cred_id_t *cred)
{
    gss_key_value_element_desc elements[STORE_KEYS];
    gss_key_value_set_desc store = {0, elements};
    gss_OID_set_desc mechs = {1, (gss_OID)(uintptr_t)mech};
    struct attempt attempt = {SEC_E_OK, false, false};
    OM_uint32 major, minor;

    fill_store(identity, mech, &store);
    major = gss_acquire_cred_from(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE,
                                  store.count ? &store : GSS_C_NO_CRED_STORE, cred, NULL, NULL);
    attempt.status = credential_name_status(major, minor, mech);
    if (major != GSS_S_COMPLETE && gss_oid_equal(mech, package_of(PACKAGE_KERBEROS)->mech)) {
        attempt.no_realm = status_is(minor, mech, (OM_uint32)KRB5_REALM_UNKNOWN) ||
                           status_is(minor, mech, (OM_uint32)KRB5KDC_ERR_WRONG_REALM);
        attempt.no_user = status_is(minor, mech, (OM_uint32)KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN);
    }
    return attempt;
}

/* A user with an @, whose suffix is no realm, as an enterprise name of the default
 * realm. When there is no such user either, it is the former failure that says
 * what is wrong. */
static SECURITY_STATUS acquire_enterprise(const struct identity *identity, gss_const_OID mech,
                                          SECURITY_STATUS former, gss_cred_id_t *cred)
{
    struct attempt attempt = {former, false, true};
    gss_name_t name;
    OM_uint32 minor;
    SECURITY_STATUS status = credential_name_enterprise(identity, &name);

    if (status == SEC_E_OK && name != GSS_C_NO_NAME)
        attempt = acquire_name(name, identity, mech, cred);
    gss_release_name(&minor, &name);
    if (status != SEC_E_OK)
        return status;
    return attempt.no_user || attempt.no_realm ? former : attempt.status;
}

static SECURITY_STATUS acquire_by_name(const struct credential *credential,
                                       const struct identity *identity, gss_const_OID mech,
                                       gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(mech);
    enum package_id id = package ? package->id : PACKAGE_NEGOTIATE;
    struct attempt attempt;
    gss_name_t name;
    OM_uint32 minor;
    SECURITY_STATUS status =
        credential_name_initiator(identity, credential->principal, id, &name);

    if (status != SEC_E_OK)
        return status;
    attempt = acquire_name(name, identity, mech, cred);
    gss_release_name(&minor, &name);
    if (attempt.no_realm && identity && identity->password)
        return acquire_enterprise(identity, mech, attempt.status, cred);
    return attempt.status;
}

static SECURITY_STATUS acquire_mech(const struct credential *credential,
                                    const struct identity *identity, gss_const_OID mech,
                                    gss_cred_id_t *cred)
{
    SECURITY_STATUS status;
    OM_uint32 minor;

    *cred = GSS_C_NO_CREDENTIAL;
    status = credential->delegation ? delegation_copy(credential->delegation, mech, cred)
                                    : acquire_by_name(credential, identity, mech, cred);
    if (status == SEC_E_OK)
        status = set_no_ci_flags(cred, mech);
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    return status;
}

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
    status = acquire_mech(credential, identity, only->mech, &cred);
    gss_release_cred(&minor, &cred);
    return status;
}

static SECURITY_STATUS acquire_spnego(const struct credential *credential,
                                      const struct identity *identity,
                                      const gss_OID_set_desc *list, gss_cred_id_t *cred)
{
    SECURITY_STATUS status = try_only_mech(credential, identity, list);

    return status == SEC_E_OK
               ? acquire_mech(credential, identity, credential->package->mech, cred)
               : status;
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
    if (count == 0)
        return status;
    status = cred_copy_for_spnego(parts, count, cred);
    if (status == SEC_E_INTERNAL_ERROR && identity && identity->password)
        return acquire_spnego(credential, identity, list, cred);
    return status == SEC_E_OK ? set_no_ci_flags(cred, package_of(PACKAGE_NEGOTIATE)->mech)
                              : status;
}

static SECURITY_STATUS acquire_negotiate(const struct credential *credential,
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

/* Each package's own credential. That one of them has none is no failure. */
static SECURITY_STATUS acquire_parts(struct credential *credential,
                                     const struct identity *identity)
{
    for (enum package_id id = PACKAGE_KERBEROS; id < PACKAGE_COUNT; id++) {
        SECURITY_STATUS status = SEC_E_SECPKG_NOT_FOUND;

        if (credential_mech_allows(credential, id))
            status = package_check(package_of(id));
        if (status == SEC_E_OK)
            status = acquire_mech(credential, identity, package_of(id)->mech,
                                  &credential->parts[id]);
        if (status == SEC_E_INSUFFICIENT_MEMORY)
            return status;
        credential->part_status[id] =
            status == SEC_E_SECPKG_NOT_FOUND ? SEC_E_NO_CREDENTIALS : status;
    }
    return SEC_E_OK;
}

/* How long a default credential lasts is asked of another one, since the question
 * settles which of the user's tickets the credential stands for, and the first
 * context's target is to settle that. */
static void find_expiry(struct credential *credential)
{
    gss_cred_id_t other = GSS_C_NO_CREDENTIAL;
    OM_uint32 lifetime = GSS_C_INDEFINITE, minor;

    if (!credential->is_default)
        gss_inquire_cred(&minor, credential->initiator, NULL, &lifetime, NULL, NULL);
    else if (acquire_mech(credential, credential->identity, credential->package->mech,
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
        status = acquire_mech(credential, identity, credential->package->mech,
                              &credential->initiator);
    } else {
        if (credential->has_password)
            status = acquire_parts(credential, identity);
        if (status == SEC_E_OK)
            status = acquire_negotiate(credential, identity, NULL, &credential->initiator);
    }
    if (status == SEC_E_OK)
        find_expiry(credential);
    return status;
}

/* Of several mechanisms the mechglue leaves out those that fail, without a word. The
 * package's own one must be there: when it is not, it is asked for alone and says
 * why. */
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
    complete = status != SEC_E_OK || credential_mech_is_in(acquired, mech);
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
    return status == SEC_E_OK ? set_no_ci_flags(cred, mech) : status;
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
        return acquire_negotiate(credential, credential->identity, offered, cred);
    if (!credential_mech_negotiable(credential, mech))
        return SEC_E_NO_CREDENTIALS;
    status = credential->has_password
                 ? copy_part(credential, mech, cred)
                 : acquire_mech(credential, credential->identity, mech, cred);
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    return status;
}
