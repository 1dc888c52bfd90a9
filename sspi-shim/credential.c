/* SPDX-License-Identifier: MIT */
/* credential.c - GSSAPI's credentials for a CredHandle, made from an identity.
 * The functions that callers see are in credential_acquire.c and
 * credential_query.c. */

#include "config.h"

#include "credential.h"

#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "impersonation.h"
#include "status.h"
#include "timestamp.h"
#include "unicode.h"

static void destroy(struct object *object)
{
    struct credential *credential = (struct credential *)object;
    struct credential *base = credential->base;
    OM_uint32 minor;

    if (!base || credential->initiator != base->initiator)
        gss_release_cred(&minor, &credential->initiator);
    if (!base || credential->acceptor != base->acceptor)
        gss_release_cred(&minor, &credential->acceptor);
    if (base)
        object_release(&base->object);
    delegation_release(credential->delegation);
    identity_release(credential->identity);
    unicode_free(credential->principal);
    free(credential);
}

/* A name that is none is a credential that is not there: the status table reads
 * it as the target's. */
static SECURITY_STATUS acquired(OM_uint32 major, OM_uint32 minor, gss_const_OID mech)
{
    SECURITY_STATUS status = status_of(major, minor, mech);

    return status == SEC_E_TARGET_UNKNOWN ? SEC_E_NO_CREDENTIALS : status;
}

static SECURITY_STATUS import_name(const char *text, gss_OID type, gss_name_t *name)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    OM_uint32 major, minor;

    major = gss_import_name(&minor, &buffer, type, name);
    return acquired(major, minor, NULL);
}

static SECURITY_STATUS import_user(const struct identity *identity, gss_name_t *name)
{
    char *text;
    SECURITY_STATUS status = identity_name(identity, &text);

    if (status == SEC_E_OK && text)
        status = import_name(text, GSS_C_NT_USER_NAME, name);
    free(text);
    return status;
}

/* pszPrincipal: `service/host` is a service, with a realm a principal of
 * Kerberos'; all else a user, written as in an identity. */
static SECURITY_STATUS import_principal(char *principal, gss_name_t *name)
{
    const char *slash = strchr(principal, '/');
    SECURITY_STATUS status;
    char *service;

    if (!slash)
        return import_user(&(struct identity){.user = principal}, name);
    if (strchr(slash, '@'))
        return import_name(principal, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, name);
    service = strdup(principal);
    if (!service)
        return SEC_E_INSUFFICIENT_MEMORY;
    service[slash - principal] = '@';
    status = import_name(service, GSS_C_NT_HOSTBASED_SERVICE, name);
    free(service);
    return status;
}

/* GSS_C_NO_NAME: the default's. */
static SECURITY_STATUS initiator_name(const struct credential *credential, gss_name_t *name)
{
    const struct identity *identity = credential->identity;
    SECURITY_STATUS status = SEC_E_OK;

    *name = GSS_C_NO_NAME;
    if (identity && identity_is_anonymous(identity))
        return import_name("", GSS_C_NT_ANONYMOUS, name);
    if (identity)
        status = import_user(identity, name);
    if (status == SEC_E_OK && *name == GSS_C_NO_NAME && credential->principal)
        status = import_principal(credential->principal, name);
    return status;
}

static bool allows(const struct credential *credential, enum package_id id)
{
    /* A package list is for Negotiate to choose from, and for nobody else. */
    return credential->package->id != PACKAGE_NEGOTIATE || !credential->identity ||
           credential->identity->allowed[id];
}

static bool contains(const gss_OID_set_desc *set, gss_const_OID mech)
{
    for (size_t i = 0; i < set->count; i++)
        if (gss_oid_equal(&set->elements[i], mech))
            return true;
    return false;
}

/* May a credential of this mechanism do the package's work? list is what
 * SPNEGO is limited to; NULL: to nothing. */
static bool serves(gss_const_OID mech, const gss_OID_set_desc *list, enum package_id id)
{
    gss_const_OID wanted = package_of(id)->mech;

    if (!gss_oid_equal(mech, package_of(PACKAGE_NEGOTIATE)->mech))
        return gss_oid_equal(mech, wanted);
    return !list || contains(list, wanted);
}

#define STORE_KEYS 3

/* What proves the identity, as keys of a credential store. Each mechanism has
 * a key of its own for the password, so that none tries it that is not to: a
 * wrong one counts with the KDC. An empty password is one, too, which
 * gss_acquire_cred_with_password would refuse. */
static void fill_store(const struct identity *identity, bool kerberos, bool ntlm,
                       gss_key_value_set_desc *store)
{
    store->count = 0;
    if (!identity || identity_is_anonymous(identity))
        return;
    if (identity->password && kerberos)
        store->elements[store->count++] =
            (gss_key_value_element_desc){"password", identity->password};
    if (identity->password && ntlm)
        store->elements[store->count++] =
            (gss_key_value_element_desc){"ntlmssp_password", identity->password};
    /* The domain of a user that is not named; a named one has it in the name. */
    if (identity->domain && *identity->domain)
        store->elements[store->count++] =
            (gss_key_value_element_desc){"ntlmssp_domain", identity->domain};
}

/* Integrity is asked for by whoever wants it, not by the mechanism: SPNEGO and
 * Kerberos would add it to every context. A mechanism that does not know the
 * option adds nothing. */
static SECURITY_STATUS ask_exactly(gss_cred_id_t *cred, gss_const_OID mech)
{
    gss_buffer_desc empty = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;

    major = gss_set_cred_option(&minor, cred, (gss_OID)GSS_KRB5_CRED_NO_CI_FLAGS_X, &empty);
    return major == GSS_S_UNAVAILABLE ? SEC_E_OK : status_of(major, minor, mech);
}

static SECURITY_STATUS acquire_by_name(const struct credential *credential, gss_const_OID mech,
                                       const gss_OID_set_desc *list, gss_cred_id_t *cred)
{
    gss_key_value_element_desc elements[STORE_KEYS];
    gss_key_value_set_desc store = {0, elements};
    gss_OID_set_desc mechs = {1, (gss_OID)(uintptr_t)mech};
    gss_name_t name;
    OM_uint32 major, minor, ignored;
    SECURITY_STATUS status = initiator_name(credential, &name);

    *cred = GSS_C_NO_CREDENTIAL;
    if (status != SEC_E_OK)
        return status;
    fill_store(credential->identity, serves(mech, list, PACKAGE_KERBEROS),
               serves(mech, list, PACKAGE_NTLM), &store);
    major = gss_acquire_cred_from(&minor, name, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE,
                                  store.count ? &store : GSS_C_NO_CRED_STORE, cred, NULL, NULL);
    gss_release_name(&ignored, &name);
    return acquired(major, minor, mech);
}

static SECURITY_STATUS acquire_initiator(const struct credential *credential,
                                         gss_const_OID mech, const gss_OID_set_desc *list,
                                         gss_cred_id_t *cred)
{
    SECURITY_STATUS status = credential->delegation
                                 ? delegation_copy(credential->delegation, mech, cred)
                                 : acquire_by_name(credential, mech, list, cred);
    OM_uint32 minor;

    if (status == SEC_E_OK)
        status = ask_exactly(cred, mech);
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    return status;
}

static OM_uint32 add_mech(gss_const_OID mech, OM_uint32 *minor, gss_OID_set *set)
{
    if (contains(*set, mech))
        return GSS_S_COMPLETE;
    return gss_add_oid_set_member(minor, (gss_OID)(uintptr_t)mech, set);
}

/* Without a package list whatever the machine's SPNEGO has may be negotiated,
 * packages of ours or not. */
static bool is_restricted(const struct credential *credential)
{
    return !allows(credential, PACKAGE_KERBEROS) || !allows(credential, PACKAGE_NTLM);
}

/* The mechanism as it is negotiated, NULL when it may not be. Kerberos has old
 * names, which servers offer too. */
static gss_const_OID negotiable(const struct credential *credential, gss_const_OID mech)
{
    const struct package *package;

    if (gss_oid_equal(mech, gss_mech_krb5_old) || gss_oid_equal(mech, gss_mech_krb5_wrong))
        mech = package_of(PACKAGE_KERBEROS)->mech;
    package = package_of_mech(mech);
    if (package ? allows(credential, package->id) : !is_restricted(credential))
        return mech;
    return NULL;
}

/* What SPNEGO may choose from: what the peer offered (NULL: it did not say) and
 * the package list allows. GSS_C_NO_OID_SET when neither limits it. */
static SECURITY_STATUS list_negotiable(const struct credential *credential,
                                       const gss_OID_set_desc *offered, gss_OID_set *list)
{
    gss_OID_desc ours[] = {*package_of(PACKAGE_KERBEROS)->mech,
                           *package_of(PACKAGE_NTLM)->mech};
    const gss_OID_set_desc all = {2, ours};
    OM_uint32 major, minor;

    *list = GSS_C_NO_OID_SET;
    if (!offered && !is_restricted(credential))
        return SEC_E_OK;
    if (!offered)
        offered = &all;
    major = gss_create_empty_oid_set(&minor, list);
    for (size_t i = 0; major == GSS_S_COMPLETE && i < offered->count; i++) {
        gss_const_OID mech = negotiable(credential, &offered->elements[i]);
        if (mech)
            major = add_mech(mech, &minor, list);
    }
    return status_of(major, minor, NULL);
}

static SECURITY_STATUS limit(gss_cred_id_t cred, gss_OID_set list)
{
    OM_uint32 minor, major = gss_set_neg_mechs(&minor, cred, list);

    return status_of(major, minor, package_of(PACKAGE_NEGOTIATE)->mech);
}

/* Where Negotiate has only one package to use, that one is asked first: SPNEGO
 * may have a credential of another, and when it has none its status says no
 * more than that. */
static SECURITY_STATUS ask_the_only_one(const struct credential *credential,
                                        const gss_OID_set_desc *list)
{
    const struct package *only = NULL;
    size_t usable = 0;
    SECURITY_STATUS status;
    gss_cred_id_t cred;
    OM_uint32 minor;

    for (enum package_id id = PACKAGE_KERBEROS; id < PACKAGE_COUNT; id++) {
        if (serves(credential->package->mech, list, id) && package_present(package_of(id))) {
            only = package_of(id);
            usable++;
        }
    }
    if (usable != 1)
        return usable ? SEC_E_OK : SEC_E_NO_CREDENTIALS;
    status = acquire_initiator(credential, only->mech, NULL, &cred);
    gss_release_cred(&minor, &cred);
    return status;
}

static SECURITY_STATUS acquire_negotiate(const struct credential *credential,
                                         const gss_OID_set_desc *offered, gss_cred_id_t *cred)
{
    gss_OID_set list = GSS_C_NO_OID_SET;
    SECURITY_STATUS status = list_negotiable(credential, offered, &list);
    OM_uint32 minor;

    *cred = GSS_C_NO_CREDENTIAL;
    if (status == SEC_E_OK)
        status = ask_the_only_one(credential, list);
    if (status == SEC_E_OK)
        status = acquire_initiator(credential, credential->package->mech, list, cred);
    if (status == SEC_E_OK && list)
        status = limit(*cred, list);
    if (status != SEC_E_OK)
        gss_release_cred(&minor, cred);
    gss_release_oid_set(&minor, &list);
    return status;
}

bool credential_is_default(const struct credential *credential)
{
    const struct identity *identity = credential->identity;

    return !credential->delegation && !credential->principal &&
           (!identity || ((!identity->user || !*identity->user) && !identity->password));
}

/* How long a default credential lasts is asked of another one: the question
 * settles which of the caller's tickets it stands for, and that is for the
 * first context's target to do. */
static void find_expiry(struct credential *credential)
{
    gss_cred_id_t other = GSS_C_NO_CREDENTIAL;
    OM_uint32 lifetime = GSS_C_INDEFINITE, minor;

    if (!credential_is_default(credential))
        gss_inquire_cred(&minor, credential->initiator, NULL, &lifetime, NULL, NULL);
    else if (acquire_initiator(credential, credential->package->mech, NULL, &other) == SEC_E_OK)
        gss_inquire_cred(&minor, other, NULL, &lifetime, NULL, NULL);
    gss_release_cred(&minor, &other);
    credential->expiry = timestamp_after(lifetime);
}

/* Whose thread became a client that delegated a credential logs in with that:
 * its own default is not the client's. */
static void use_delegation(struct credential *credential)
{
    struct delegation *delegation = impersonation_delegation();

    if (delegation && credential_is_default(credential) &&
        delegation_is_for(delegation, credential->package))
        credential->delegation = delegation_retain(delegation);
}

static SECURITY_STATUS make_initiator(struct credential *credential, bool explicit_only)
{
    SECURITY_STATUS status;

    if (explicit_only && !credential->identity)
        return SEC_E_NO_CREDENTIALS;
    use_delegation(credential);
    if (credential->package->id == PACKAGE_NEGOTIATE)
        status = acquire_negotiate(credential, NULL, &credential->initiator);
    else
        status = acquire_initiator(credential, credential->package->mech, NULL,
                                   &credential->initiator);
    if (status == SEC_E_OK)
        find_expiry(credential);
    return status;
}

/* SPNEGO's mechanisms are acquired beside it, for raw tokens of theirs.
 * GSS_C_NO_OID_SET: all there are. */
static SECURITY_STATUS list_accepted(const struct credential *credential, gss_OID_set *mechs)
{
    OM_uint32 major = GSS_S_COMPLETE, minor = 0;
    SECURITY_STATUS status;

    *mechs = GSS_C_NO_OID_SET;
    if (credential->package->id == PACKAGE_NEGOTIATE) {
        status = list_negotiable(credential, NULL, mechs);
        if (status != SEC_E_OK || !*mechs)
            return status;
        if ((*mechs)->count == 0)
            return SEC_E_NO_CREDENTIALS;
    } else {
        major = gss_create_empty_oid_set(&minor, mechs);
    }
    if (major == GSS_S_COMPLETE)
        major = add_mech(credential->package->mech, &minor, mechs);
    return status_of(major, minor, NULL);
}

static SECURITY_STATUS make_acceptor(struct credential *credential)
{
    gss_name_t name = GSS_C_NO_NAME;
    gss_OID_set mechs = GSS_C_NO_OID_SET;
    OM_uint32 major, minor, ignored;
    SECURITY_STATUS status = list_accepted(credential, &mechs);

    if (status == SEC_E_OK && credential->principal)
        status = import_principal(credential->principal, &name);
    if (status == SEC_E_OK) {
        major = gss_acquire_cred(&minor, name, GSS_C_INDEFINITE, mechs, GSS_C_ACCEPT,
                                 &credential->acceptor, NULL, NULL);
        status = acquired(major, minor, credential->package->mech);
    }
    if (status == SEC_E_OK && mechs && credential->package->id == PACKAGE_NEGOTIATE)
        status = limit(credential->acceptor, mechs);
    gss_release_name(&ignored, &name);
    gss_release_oid_set(&ignored, &mechs);
    return status;
}

SECURITY_STATUS credential_for(const struct credential *credential, gss_const_OID mech,
                               gss_OID_set offered, gss_cred_id_t *cred)
{
    const struct package *package = package_of_mech(mech);

    *cred = GSS_C_NO_CREDENTIAL;
    if (credential->initiator_status != SEC_E_OK)
        return credential->initiator_status;
    if (package && package->id == PACKAGE_NEGOTIATE)
        return acquire_negotiate(credential, offered, cred);
    if (!negotiable(credential, mech))
        return SEC_E_NO_CREDENTIALS;
    return acquire_initiator(credential, mech, NULL, cred);
}

SECURITY_STATUS credential_make(const struct package *package, const char *principal, ULONG use,
                                struct identity *identity, struct credential **credential)
{
    struct credential *made = calloc(1, sizeof(*made));

    *credential = NULL;
    if (!made)
        return SEC_E_INSUFFICIENT_MEMORY;
    object_init(&made->object, HANDLE_CREDENTIAL, destroy);
    made->package = package;
    made->use = use & SECPKG_CRED_BOTH;
    made->identity = identity ? identity_retain(identity) : NULL;
    made->expiry = timestamp_after(GSS_C_INDEFINITE);
    made->initiator_status = made->acceptor_status = SEC_E_NO_CREDENTIALS;
    if (principal && *principal && !(made->principal = strdup(principal))) {
        object_release(&made->object);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    if (use & SECPKG_CRED_OUTBOUND)
        made->initiator_status = make_initiator(made, use & SECPKG_CRED_AUTOLOGON_RESTRICTED);
    if (use & SECPKG_CRED_INBOUND)
        made->acceptor_status = make_acceptor(made);
    if (made->initiator_status == SEC_E_INSUFFICIENT_MEMORY ||
        made->acceptor_status == SEC_E_INSUFFICIENT_MEMORY) {
        object_release(&made->object);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    *credential = made;
    return SEC_E_OK;
}

/* Identity, principal and delegation are the initiator's: credential_for needs
 * them. */
static SECURITY_STATUS copy_initiator(struct credential *credential,
                                      const struct credential *base)
{
    unicode_free(credential->principal);
    credential->principal = NULL;
    if (base->principal && !(credential->principal = strdup(base->principal)))
        return SEC_E_INSUFFICIENT_MEMORY;
    identity_release(credential->identity);
    credential->identity = base->identity ? identity_retain(base->identity) : NULL;
    credential->delegation = delegation_retain(base->delegation);
    credential->initiator = base->initiator;
    credential->initiator_status = base->initiator_status;
    credential->expiry = base->expiry;
    return SEC_E_OK;
}

SECURITY_STATUS credential_add_side(struct credential *credential, struct credential *base)
{
    SECURITY_STATUS status = SEC_E_OK;

    object_retain(&base->object);
    credential->base = base;
    if (!(credential->use & SECPKG_CRED_INBOUND)) {
        credential->acceptor = base->acceptor;
        credential->acceptor_status = base->acceptor_status;
    }
    if (!(credential->use & SECPKG_CRED_OUTBOUND))
        status = copy_initiator(credential, base);
    credential->use |= base->use;
    return status;
}
