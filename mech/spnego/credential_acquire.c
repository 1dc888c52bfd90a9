/* SPDX-License-Identifier: MIT */
/* credential_acquire.c - GSSAPI's functions that acquire credentials: with an
 * element for every mechanism that has one. The mechanisms are asked one by one, so
 * that the reason of each that has none is kept. */

#include "config.h"

#include "spnego/credential.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spnego/iakerb.h"
#include "spnego/kerberos.h"
#include "spnego/kerberos_acquire.h"
#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "spnego/status.h"
#include "support/outputs.h"

/* What the caller wants. */
struct request {
    gss_name_t name;   /* the mechglue's; GSS_C_NO_NAME: the default */
    gss_name_t handle; /* the caller's for it */
    OM_uint32 lifetime;
    gss_cred_usage_t usage;
    bool timed; /* it wants to know the lifetime */
    gss_const_key_value_set_t store;
    gss_buffer_t password;      /* NULL: without one */
    gss_cred_id_t impersonator; /* GSS_C_NO_CREDENTIAL: in one's own name */
};

/* What was got so far. */
struct harvest {
    gss_cred_id_t mechs; /* GSS_C_NO_CREDENTIAL: nothing yet */
    OM_uint32 lifetime;  /* the shortest */
    OM_uint32 first_failure;
    char *reasons;
};

/* All that may be negotiated: not SPNEGO itself, nor what is not to be used unless
 * it is asked for. */
static OM_uint32 available_mechs(OM_uint32 *minor, gss_OID_set *out)
{
    gss_OID_desc except[] = {*GSS_C_MA_DEPRECATED, *GSS_C_MA_NOT_DFLT_MECH,
                             *GSS_C_MA_MECH_NEGO};
    gss_OID_set_desc excepted = {sizeof(except) / sizeof(except[0]), except};
    OM_uint32 major, ignored;

    major =
        gss_indicate_mechs_by_attrs(minor, GSS_C_NO_OID_SET, &excepted, GSS_C_NO_OID_SET, out);
    if (major == GSS_S_COMPLETE && iakerb_is_allowed()) {
        major = iakerb_place(minor, out);
        if (major != GSS_S_COMPLETE)
            gss_release_oid_set(&ignored, out);
    }
    return major;
}

static OM_uint32 acquire_one(OM_uint32 *minor, const struct request *request, gss_OID mech,
                             gss_cred_id_t *out, OM_uint32 *lifetime)
{
    gss_OID_set_desc mechs = {1, mech};

    if (request->password)
        return gss_acquire_cred_with_password(minor, request->name, request->password,
                                              request->lifetime, &mechs, request->usage, out,
                                              NULL, lifetime);
    if (request->impersonator)
        return gss_acquire_cred_impersonate_name(minor, request->impersonator, request->name,
                                                 request->lifetime, &mechs, request->usage, out,
                                                 NULL, lifetime);
    return gss_acquire_cred_from(minor, request->name, request->lifetime, &mechs,
                                 request->usage, request->store, out, NULL, lifetime);
}

/* The first element makes the mechglue's credential, further ones join it. Without memory
 * the mechglue can say that all is well and give none, which would be the default one. */
static OM_uint32 acquire_first(OM_uint32 *minor, const struct request *request, gss_OID mech,
                               gss_cred_id_t *out, OM_uint32 *lifetime)
{
    OM_uint32 major = acquire_one(minor, request, mech, out, lifetime);

    return major == GSS_S_COMPLETE && !*out ? status_no_memory(minor) : major;
}

static OM_uint32 acquire_further(OM_uint32 *minor, const struct request *request, gss_OID mech,
                                 gss_cred_id_t mechs, OM_uint32 *initiator, OM_uint32 *acceptor)
{
    OM_uint32 lifetime = request->lifetime;

    if (request->password)
        return gss_add_cred_with_password(minor, mechs, request->name, mech, request->password,
                                          request->usage, lifetime, lifetime, NULL, NULL,
                                          initiator, acceptor);
    if (request->impersonator)
        return gss_add_cred_impersonate_name(minor, mechs, request->impersonator, request->name,
                                             mech, request->usage, lifetime, lifetime, NULL,
                                             NULL, initiator, acceptor);
    return gss_add_cred_from(minor, mechs, request->name, mech, request->usage, lifetime,
                             lifetime, request->store, NULL, NULL, initiator, acceptor);
}

/* The lifetime is asked for only if the caller wants it: Kerberos would get a ticket
 * to know it. */
static void acquire_mech(const struct request *request, gss_OID mech, struct harvest *harvest)
{
    OM_uint32 initiator = GSS_C_INDEFINITE, acceptor = GSS_C_INDEFINITE, major, minor;
    bool timed = request->timed;

    if (harvest->mechs)
        major = acquire_further(&minor, request, mech, harvest->mechs,
                                timed ? &initiator : NULL, timed ? &acceptor : NULL);
    else
        major =
            acquire_first(&minor, request, mech, &harvest->mechs, timed ? &initiator : NULL);
    if (major != GSS_S_COMPLETE) {
        if (!harvest->first_failure)
            harvest->first_failure = major;
        reasons_add(&harvest->reasons, mech, major, minor);
        return;
    }
    if (initiator < harvest->lifetime && request->usage != GSS_C_ACCEPT)
        harvest->lifetime = initiator;
    if (acceptor < harvest->lifetime && request->usage != GSS_C_INITIATE)
        harvest->lifetime = acceptor;
}

/* What tells credentials apart that have tickets of other KDCs. NULL: nothing, or no
 * memory. */
static char *client_of(const struct request *request)
{
    char *client = NULL, *longer;

    if (request->name || !request->store)
        return name_realm(request->name);
    for (OM_uint32 i = 0; i < request->store->count; i++) {
        const gss_key_value_element_desc *element = &request->store->elements[i];

        if (strcmp(element->key, "ccache") != 0 && strcmp(element->key, "client_keytab") != 0)
            continue;
        if (asprintf(&longer, "%s%s=%s ", client ? client : "", element->key, element->value) <
            0)
            break;
        free(client);
        client = longer;
    }
    return client;
}

static void acquire_from(const struct request *request, gss_OID_set mechs, size_t first,
                         struct harvest *harvest)
{
    for (size_t i = first; i < mechs->count; i++)
        acquire_mech(request, &mechs->elements[i], harvest);
}

/* Kerberos within its time, and then those that can go on without it. */
static void acquire_bounded(const struct request *request, gss_OID_set mechs, unsigned seconds,
                            struct harvest *others, struct harvest *harvest)
{
    char *client = client_of(request);
    const struct kerberos_request kerberos = {.name = request->handle,
                                              .client = client,
                                              .password = request->password,
                                              .store = request->store,
                                              .lifetime = request->lifetime,
                                              .usage = request->usage};
    OM_uint32 lifetime = GSS_C_INDEFINITE, major, minor, ignored;

    major = kerberos_acquire(&minor, &kerberos, seconds, &harvest->mechs,
                             request->timed ? &lifetime : NULL, &harvest->reasons);
    free(client);
    if (major == GSS_S_COMPLETE) { /* they join it, one by one */
        harvest->lifetime = lifetime;
        gss_release_cred(&ignored, &others->mechs);
        acquire_from(request, mechs, 1, harvest);
        return;
    }
    harvest->first_failure = major;
    harvest->mechs = others->mechs;
    harvest->lifetime = others->lifetime;
    if (others->reasons)
        reasons_join(&harvest->reasons, others->reasons);
}

/* Kerberos' key for a password in a credential store. */
static bool has_password(const struct request *request)
{
    if (request->password)
        return true;
    for (OM_uint32 i = 0; request->store && i < request->store->count; i++)
        if (strcmp(request->store->elements[i].key, "password") == 0)
            return true;
    return false;
}

/* With a password Kerberos asks its KDC, for so long as kerberos_timeout says where
 * another mechanism has a credential. */
static void harvest_mechs(const struct request *request, gss_OID_set mechs,
                          struct harvest *harvest)
{
    bool asks = has_password(request) && request->usage != GSS_C_ACCEPT && mechs->count > 1 &&
                oid_is_kerberos(&mechs->elements[0]);
    unsigned seconds = asks ? kerberos_timeout() : 0;
    struct harvest others = {.lifetime = GSS_C_INDEFINITE};

    if (seconds > 0)
        acquire_from(request, mechs, 1, &others);
    if (others.mechs)
        acquire_bounded(request, mechs, seconds, &others, harvest);
    else
        acquire_from(request, mechs, 0, harvest);
    free(others.reasons);
}

/* The credential has all that `mechs` give; *lifetime may be NULL. */
static OM_uint32 acquire(OM_uint32 *minor, const struct request *request, gss_OID_set mechs,
                         struct credential **out, OM_uint32 *lifetime)
{
    struct harvest harvest = {.lifetime = GSS_C_INDEFINITE};
    OM_uint32 major;

    *out = NULL;
    harvest_mechs(request, mechs, &harvest);
    if (!harvest.mechs) {
        major =
            status_fail(minor, harvest.first_failure ? harvest.first_failure : GSS_S_NO_CRED,
                        SPNEGO_ERR_NO_CREDENTIAL, "%s",
                        harvest.reasons ? harvest.reasons : "no mechanism was asked for");
        free(harvest.reasons);
        return major;
    }
    major = credential_new(minor, harvest.mechs, out);
    if (major != GSS_S_COMPLETE) {
        free(harvest.reasons);
        return major;
    }
    (*out)->reasons = harvest.reasons;
    if (oid_some_may_be_negoex((*out)->negotiable)) { /* which MIT's SPNEGO speaks */
        major = acquire_first(minor, request, module_mit_spnego(), &(*out)->mit, NULL);
        if (major != GSS_S_COMPLETE) {
            credential_drop(*out);
            *out = NULL;
            return major;
        }
    }
    (*out)->client = client_of(request);
    if (lifetime)
        *lifetime = harvest.lifetime;
    return GSS_S_COMPLETE;
}

static OM_uint32 acquire_available(OM_uint32 *minor, const struct request *request,
                                   struct credential **out, OM_uint32 *lifetime)
{
    gss_OID_set mechs;
    OM_uint32 major = available_mechs(minor, &mechs), ignored;

    *out = NULL;
    if (major != GSS_S_COMPLETE)
        return major;
    major = acquire(minor, request, mechs, out, lifetime);
    gss_release_oid_set(&ignored, &mechs);
    return major;
}

OM_uint32 credential_default(OM_uint32 *minor, gss_cred_usage_t usage, struct credential **out)
{
    const struct request request = {.lifetime = GSS_C_INDEFINITE, .usage = usage};

    return acquire_available(minor, &request, out, NULL);
}

/* Ends a function that acquires: gives the caller the handle and says which
 * mechanisms it has. */
static OM_uint32 hand_out(OM_uint32 *minor, OM_uint32 major, struct credential *credential,
                          gss_cred_id_t *handle, gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    *handle = GSS_C_NO_CREDENTIAL;
    if (actual_mechs)
        *actual_mechs = GSS_C_NO_OID_SET;
    if (major == GSS_S_COMPLETE && actual_mechs)
        major = gss_inquire_cred(minor, credential->mechs, NULL, NULL, NULL, actual_mechs);
    if (major == GSS_S_COMPLETE)
        *handle = credential_handle(credential);
    else
        credential_drop(credential);
    if (major != GSS_S_COMPLETE)
        EMPTY(time_rec);
    return major;
}

EXPORTED OM_uint32 gssi_acquire_cred_from(OM_uint32 *minor, gss_name_t name, OM_uint32 lifetime,
                                          gss_OID_set mechs, gss_cred_usage_t usage,
                                          gss_const_key_value_set_t store, gss_cred_id_t *out,
                                          gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    struct request request = {.handle = name,
                              .lifetime = lifetime,
                              .usage = usage,
                              .timed = time_rec,
                              .store = store};
    struct credential *credential = NULL;
    OM_uint32 major = name_glue(minor, name, &request.name);

    (void)mechs; /* SPNEGO */
    if (major == GSS_S_COMPLETE)
        major = acquire_available(minor, &request, &credential, time_rec);
    return hand_out(minor, major, credential, out, actual_mechs, time_rec);
}

EXPORTED OM_uint32 gssi_acquire_cred(OM_uint32 *minor, gss_name_t name, OM_uint32 lifetime,
                                     gss_OID_set mechs, gss_cred_usage_t usage,
                                     gss_cred_id_t *out, gss_OID_set *actual_mechs,
                                     OM_uint32 *time_rec)
{
    return gssi_acquire_cred_from(minor, name, lifetime, mechs, usage, GSS_C_NO_CRED_STORE, out,
                                  actual_mechs, time_rec);
}

EXPORTED OM_uint32 gssi_acquire_cred_with_password(OM_uint32 *minor, const gss_name_t name,
                                                   const gss_buffer_t password,
                                                   OM_uint32 lifetime, const gss_OID_set mechs,
                                                   gss_cred_usage_t usage, gss_cred_id_t *out,
                                                   gss_OID_set *actual_mechs,
                                                   OM_uint32 *time_rec)
{
    struct request request = {.handle = name,
                              .lifetime = lifetime,
                              .usage = usage,
                              .timed = time_rec,
                              .password = password};
    struct credential *credential = NULL;
    OM_uint32 major = name_glue(minor, name, &request.name);

    (void)mechs; /* SPNEGO */
    if (major == GSS_S_COMPLETE)
        major = acquire_available(minor, &request, &credential, time_rec);
    return hand_out(minor, major, credential, out, actual_mechs, time_rec);
}

/* With the impersonator's own mechanisms. */
EXPORTED OM_uint32 gssi_acquire_cred_impersonate_name(
    OM_uint32 *minor, const gss_cred_id_t impersonator, const gss_name_t name,
    OM_uint32 lifetime, const gss_OID_set mechs, gss_cred_usage_t usage, gss_cred_id_t *out,
    gss_OID_set *actual_mechs, OM_uint32 *time_rec)
{
    struct credential *own = NULL, *credential = NULL;
    struct request request = {.lifetime = lifetime, .usage = usage, .timed = time_rec};
    OM_uint32 major = name_glue(minor, name, &request.name);

    (void)mechs; /* SPNEGO */
    if (major == GSS_S_COMPLETE && !impersonator)
        major = credential_default(minor, GSS_C_INITIATE, &own);
    if (major == GSS_S_COMPLETE) {
        struct credential *from = own ? own : credential_of_handle(impersonator);

        request.impersonator = from->mechs;
        major = acquire(minor, &request, from->negotiable, &credential, time_rec);
    }
    credential_drop(own);
    return hand_out(minor, major, credential, out, actual_mechs, time_rec);
}
