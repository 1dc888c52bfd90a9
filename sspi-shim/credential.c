/* SPDX-License-Identifier: MIT */
/* credential.c - making credentials and letting them go. The functions that callers
 * see are in credential_handle.c and credential_query.c, what is asked of GSSAPI
 * in credential_acquire.c. */

#include "config.h"

#include "credential.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "credential_acquire.h"
#include "impersonation.h"
#include "timestamp.h"
#include "unicode.h"

static void release_initiator(struct credential *credential)
{
    const struct credential *base = credential->base;
    OM_uint32 minor;

    if (base && credential->initiator == base->initiator)
        return;
    gss_release_cred(&minor, &credential->initiator);
    for (size_t i = 0; i < PACKAGE_COUNT; i++)
        gss_release_cred(&minor, &credential->parts[i]);
}

static void destroy(struct object *object)
{
    struct credential *credential = (struct credential *)object;
    struct credential *base = credential->base;
    OM_uint32 minor;

    release_initiator(credential);
    if (!base || credential->acceptor != base->acceptor)
        gss_release_cred(&minor, &credential->acceptor);
    if (base)
        object_release(&base->object);
    delegation_release(credential->delegation);
    identity_release(credential->identity);
    unicode_free(credential->principal);
    free(credential);
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
    return credential_acquire_initiator(credential, identity);
}

SECURITY_STATUS credential_make(const struct package *package, const char *principal, ULONG use,
                                const struct identity *identity, struct credential **credential)
{
    struct credential *made = calloc(1, sizeof(*made));

    *credential = NULL;
    if (!made)
        return SEC_E_INSUFFICIENT_MEMORY;
    object_init(&made->object, HANDLE_CREDENTIAL, destroy);
    made->package = package;
    made->use = use & SECPKG_CRED_BOTH;
    made->expiry = timestamp_after(GSS_C_INDEFINITE);
    made->initiator_status = made->acceptor_status = SEC_E_NO_CREDENTIALS;
    if (principal && *principal && !(made->principal = strdup(principal))) {
        object_release(&made->object);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    read_identity(made, identity);
    if (use & SECPKG_CRED_OUTBOUND)
        made->initiator_status =
            make_initiator(made, identity, use & SECPKG_CRED_AUTOLOGON_RESTRICTED);
    if (use & SECPKG_CRED_INBOUND)
        made->acceptor_status = credential_acquire_acceptor(made);
    if (made->initiator_status == SEC_E_INSUFFICIENT_MEMORY ||
        made->acceptor_status == SEC_E_INSUFFICIENT_MEMORY) {
        object_release(&made->object);
        return SEC_E_INSUFFICIENT_MEMORY;
    }
    *credential = made;
    return SEC_E_OK;
}

/* All that credential_for needs. */
static SECURITY_STATUS copy_initiator(struct credential *credential,
                                      const struct credential *base)
{
    unicode_free(credential->principal);
    credential->principal = NULL;
    if (base->principal && !(credential->principal = strdup(base->principal)))
        return SEC_E_INSUFFICIENT_MEMORY;
    identity_release(credential->identity);
    credential->identity = base->identity ? identity_retain(base->identity) : NULL;
    credential->has_password = base->has_password;
    credential->is_default = base->is_default;
    memcpy(credential->excluded, base->excluded, sizeof(base->excluded));
    credential->delegation = delegation_retain(base->delegation);
    credential->initiator = base->initiator;
    credential->initiator_status = base->initiator_status;
    memcpy(credential->parts, base->parts, sizeof(base->parts));
    memcpy(credential->part_status, base->part_status, sizeof(base->part_status));
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
