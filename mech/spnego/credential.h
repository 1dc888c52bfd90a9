/* SPDX-License-Identifier: MIT */
/* credential.h - SPNEGO's credential: a credential of the mechglue's with an
 * element for each mechanism that can be negotiated, and what was said of how to
 * negotiate. It is shared by the caller and by what uses it: each holds a
 * reference. As with MIT's, changing one (an option, the list of mechanisms) while
 * another thread uses it is the caller's to avoid. */

#ifndef SPNEGO_CREDENTIAL_H
#define SPNEGO_CREDENTIAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

struct credential {
    atomic_uint references;
    gss_cred_id_t mechs;    /* one element for each mechanism */
    gss_cred_id_t mit;      /* MIT's SPNEGO's, where one of them may negotiate by NegoEx */
    gss_OID_set negotiable; /* the mechanisms in it, in the order to offer them */
    gss_OID_set chosen;     /* those of gss_set_neg_mechs that are in it; NULL: all */
    bool no_integrity;      /* GSS_KRB5_CRED_NO_CI_FLAGS_X: ask for what the caller asks
                             * for, and no more */
    char *client;           /* whose KDC Kerberos asks: the realm of the name that it was
                             * acquired for, else the store; NULL: the default one's */
    atomic_uint late;       /* threads that have Kerberos' element, and keep it locked */
    char *reasons;          /* of the mechanisms that have no element; NULL: none */
};

/* Takes over `mechs`, whatever comes of it. Of none there is no credential. */
OM_uint32 credential_new(OM_uint32 *minor, gss_cred_id_t mechs, struct credential **out);

/* The default credential for this usage. */
OM_uint32 credential_default(OM_uint32 *minor, gss_cred_usage_t usage, struct credential **out);

struct credential *credential_hold(struct credential *credential);
void credential_drop(struct credential *credential); /* NULL is fine */

/* A thread calls Kerberos with it, which may take long. */
static inline void credential_thread_begins(struct credential *credential)
{
    atomic_fetch_add(&credential->late, 1);
}

static inline void credential_thread_ends(struct credential *credential)
{
    atomic_fetch_sub(&credential->late, 1);
}

static inline struct credential *credential_of_handle(gss_cred_id_t handle)
{
    return (struct credential *)(void *)handle;
}

static inline gss_cred_id_t credential_handle(struct credential *credential)
{
    return (gss_cred_id_t)(void *)credential;
}

/* What the mechglue knows a handle's mechanisms by; no handle: the default. */
static inline gss_cred_id_t credential_mechs(gss_cred_id_t handle)
{
    return handle ? credential_of_handle(handle)->mechs : GSS_C_NO_CREDENTIAL;
}

/* The mechanisms to negotiate, most wanted first. */
static inline gss_OID_set credential_order(const struct credential *credential)
{
    return credential->chosen ? credential->chosen : credential->negotiable;
}

#endif
