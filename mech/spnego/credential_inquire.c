/* SPDX-License-Identifier: MIT */
/* credential_inquire.c - what a credential answers. No handle stands for the
 * default credential. */

#include "config.h"

#include "spnego/credential.h"
#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "support/outputs.h"

/* The caller drops it. */
static OM_uint32 find(OM_uint32 *minor, gss_cred_id_t handle, struct credential **out)
{
    if (!handle)
        return credential_default(minor, GSS_C_BOTH, out);
    *out = credential_hold(credential_of_handle(handle));
    return GSS_S_COMPLETE;
}

/* Kerberos' element is locked by a thread that waits for a KDC. So another mechanism
 * is asked: by default the mechglue asks the first, which Kerberos is. */
static bool is_locked(struct credential *credential)
{
    return atomic_load(&credential->late) > 0 && credential->negotiable->count > 1 &&
           oid_is_kerberos(&credential->negotiable->elements[0]);
}

static OM_uint32 inquire_other(OM_uint32 *minor, struct credential *credential,
                               gss_name_t *name, OM_uint32 *lifetime, gss_cred_usage_t *usage,
                               gss_OID_set *mechs)
{
    OM_uint32 initiator = 0, acceptor = 0, major, ignored;
    gss_cred_usage_t its_usage;

    major =
        gss_inquire_cred_by_mech(minor, credential->mechs, &credential->negotiable->elements[1],
                                 name, &initiator, &acceptor, &its_usage);
    if (major != GSS_S_COMPLETE)
        return major;
    if (lifetime)
        *lifetime = its_usage == GSS_C_ACCEPT ? acceptor : initiator;
    if (usage)
        *usage = its_usage;
    if (!mechs)
        return GSS_S_COMPLETE;
    major = gss_inquire_cred(minor, credential->mechs, NULL, NULL, NULL, mechs);
    if (major != GSS_S_COMPLETE && name)
        gss_release_name(&ignored, name);
    return major;
}

EXPORTED OM_uint32 gssi_inquire_cred(OM_uint32 *minor, gss_cred_id_t handle, gss_name_t *name,
                                     OM_uint32 *lifetime, gss_cred_usage_t *usage,
                                     gss_OID_set *mechs)
{
    struct credential *credential;
    OM_uint32 major = find(minor, handle, &credential), ignored;

    EMPTY(name);
    EMPTY(lifetime);
    EMPTY(usage);
    EMPTY(mechs);
    if (major != GSS_S_COMPLETE)
        return major;
    if (is_locked(credential))
        major = inquire_other(minor, credential, name, lifetime, usage, mechs);
    else
        major = gss_inquire_cred(minor, credential->mechs, name, lifetime, usage, mechs);
    major = name_hand_out(minor, major, name);
    if (major != GSS_S_COMPLETE && mechs)
        gss_release_oid_set(&ignored, mechs);
    credential_drop(credential);
    return major;
}

/* Of the first mechanism, as gss_inquire_cred answers. */
EXPORTED OM_uint32 gssi_inquire_cred_by_mech(OM_uint32 *minor, gss_cred_id_t handle,
                                             gss_OID mech, gss_name_t *name,
                                             OM_uint32 *initiator_lifetime,
                                             OM_uint32 *acceptor_lifetime,
                                             gss_cred_usage_t *usage)
{
    struct credential *credential;
    OM_uint32 major = find(minor, handle, &credential);
    gss_OID asked;

    (void)mech; /* SPNEGO */
    EMPTY(name);
    EMPTY(initiator_lifetime);
    EMPTY(acceptor_lifetime);
    EMPTY(usage);
    if (major != GSS_S_COMPLETE)
        return major;
    asked = &credential->negotiable->elements[is_locked(credential) ? 1 : 0];
    major = gss_inquire_cred_by_mech(minor, credential->mechs, asked, name, initiator_lifetime,
                                     acceptor_lifetime, usage);
    major = name_hand_out(minor, major, name);
    credential_drop(credential);
    return major;
}

EXPORTED OM_uint32 gssi_inquire_cred_by_oid(OM_uint32 *minor, const gss_cred_id_t handle,
                                            const gss_OID object, gss_buffer_set_t *data)
{
    return gss_inquire_cred_by_oid(minor, credential_mechs(handle), object, data);
}
