/* SPDX-License-Identifier: MIT */
/* credential.c - the life of a credential, and which mechanisms it negotiates. How
 * it is acquired is in credential_acquire.c. */

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
    if (!made) {
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

/* As with MIT's: an option for a handle that is not there yet may make one. */
EXPORTED OM_uint32 gssi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *handle,
                                        const gss_OID option, const gss_buffer_t value)
{
    struct credential *credential = credential_of_handle(*handle);
    gss_cred_id_t mechs = credential_mechs(*handle);
    OM_uint32 major, ignored;

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

EXPORTED OM_uint32 gssi_export_cred(OM_uint32 *minor, gss_cred_id_t handle, gss_buffer_t token)
{
    return gss_export_cred(minor, credential_mechs(handle), token);
}

EXPORTED OM_uint32 gssi_import_cred(OM_uint32 *minor, gss_buffer_t token, gss_cred_id_t *handle)
{
    struct credential *credential = NULL;
    gss_cred_id_t mechs;
    OM_uint32 major = gss_import_cred(minor, token, &mechs);

    if (major == GSS_S_COMPLETE)
        major = credential_new(minor, mechs, &credential);
    *handle = credential_handle(credential);
    return major;
}

EXPORTED OM_uint32 gssi_store_cred_into(OM_uint32 *minor, gss_cred_id_t handle,
                                        gss_cred_usage_t usage, const gss_OID mech,
                                        OM_uint32 overwrite, OM_uint32 make_default,
                                        gss_const_key_value_set_t store, gss_OID_set *stored,
                                        gss_cred_usage_t *stored_usage)
{
    (void)mech; /* SPNEGO itself: all that is in the credential */
    return gss_store_cred_into(minor, credential_mechs(handle), usage, GSS_C_NO_OID, overwrite,
                               make_default, store, stored, stored_usage);
}

EXPORTED OM_uint32 gssi_store_cred(OM_uint32 *minor, gss_cred_id_t handle,
                                   gss_cred_usage_t usage, const gss_OID mech,
                                   OM_uint32 overwrite, OM_uint32 make_default,
                                   gss_OID_set *stored, gss_cred_usage_t *stored_usage)
{
    return gssi_store_cred_into(minor, handle, usage, mech, overwrite, make_default,
                                GSS_C_NO_CRED_STORE, stored, stored_usage);
}
