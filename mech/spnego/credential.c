/* SPDX-License-Identifier: MIT */
/* credential.c - the life of a credential, and which mechanisms it negotiates. How
 * it is acquired is in credential_acquire.c, how it is kept elsewhere in
 * credential_move.c. */

#include "config.h"

#include "spnego/credential.h"

#include <stdlib.h>

#include "spnego/module.h"
#include "spnego/oids.h"
#include "spnego/status.h"

OM_uint32 credential_new(OM_uint32 *minor, gss_cred_id_t mechs, struct credential **out)
{
    struct credential *made = calloc(1, sizeof(*made));
    OM_uint32 major, ignored;

    *out = NULL;
    if (!made || mechs == GSS_C_NO_CREDENTIAL) { /* which would be the default one */
        free(made);
        gss_release_cred(&ignored, &mechs);
        return status_no_memory(minor);
    }
    atomic_init(&made->references, 1);
    atomic_init(&made->late, 0);
    made->mechs = mechs;
    major = gss_inquire_cred(minor, mechs, NULL, NULL, NULL, &made->negotiable);
    if (major != GSS_S_COMPLETE) {
        credential_drop(made);
        return major;
    }
    *out = made;
    return GSS_S_COMPLETE;
}

struct credential *credential_hold(struct credential *credential)
{
    if (credential)
        atomic_fetch_add_explicit(&credential->references, 1, memory_order_relaxed);
    return credential;
}

void credential_drop(struct credential *credential)
{
    OM_uint32 ignored;

    if (!credential ||
        atomic_fetch_sub_explicit(&credential->references, 1, memory_order_acq_rel) != 1)
        return;
    gss_release_cred(&ignored, &credential->mechs);
    gss_release_cred(&ignored, &credential->mit);
    gss_release_oid_set(&ignored, &credential->negotiable);
    gss_release_oid_set(&ignored, &credential->chosen);
    free(credential->client);
    free(credential->reasons);
    free(credential);
}

static bool has(gss_OID_set set, gss_OID mech)
{
    for (size_t i = 0; i < set->count; i++)
        if (oid_same(&set->elements[i], mech))
            return true;
    return false;
}

EXPORTED OM_uint32 gssi_release_cred(OM_uint32 *minor, gss_cred_id_t *handle)
{
    *minor = 0;
    credential_drop(credential_of_handle(*handle));
    *handle = GSS_C_NO_CREDENTIAL;
    return GSS_S_COMPLETE;
}

/* The mechanisms are told as well: one of them may itself negotiate. */
EXPORTED OM_uint32 gssi_set_neg_mechs(OM_uint32 *minor, gss_cred_id_t handle,
                                      const gss_OID_set mechs)
{
    struct credential *credential = credential_of_handle(handle);
    gss_OID_set copy;
    OM_uint32 major, ignored;

    major = gss_create_empty_oid_set(minor, &copy);
    for (size_t i = 0; i < mechs->count && major == GSS_S_COMPLETE; i++)
        if (has(credential->negotiable, &mechs->elements[i]))
            major = gss_add_oid_set_member(minor, &mechs->elements[i], &copy);
    if (major != GSS_S_COMPLETE) {
        gss_release_oid_set(&ignored, &copy);
        return major;
    }
    gss_release_oid_set(&ignored, &credential->chosen);
    credential->chosen = copy;
    gss_set_neg_mechs(&ignored, credential->mechs, mechs);
    if (credential->mit)
        gss_set_neg_mechs(&ignored, credential->mit, mechs);
    return GSS_S_COMPLETE;
}
