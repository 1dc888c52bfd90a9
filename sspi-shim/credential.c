/* SPDX-License-Identifier: MIT */
/* credential.c - the life of a credential. Acquiring is in credential_acquire.c, the
 * functions that callers see are in credential_handle.c and credential_query.c. */

#include "config.h"

#include "credential.h"

#include <stdlib.h>
#include <string.h>

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

struct credential *credential_new(const struct package *package, ULONG use)
{
    struct credential *made = calloc(1, sizeof(*made));

    if (!made)
        return NULL;
    object_init(&made->object, HANDLE_CREDENTIAL, destroy);
    made->package = package;
    made->use = use & SECPKG_CRED_BOTH;
    made->expiry = timestamp_after(GSS_C_INDEFINITE);
    made->initiator_status = made->acceptor_status = SEC_E_NO_CREDENTIALS;
    return made;
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
