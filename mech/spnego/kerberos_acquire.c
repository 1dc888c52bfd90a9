/* SPDX-License-Identifier: MIT */
/* kerberos_acquire.c - Kerberos' credential by a password within a time. What is in the
 * thread's hands is its own: a reference to the name, and copies of the password and of the
 * credential store. */

#include "config.h"

#include "spnego/kerberos_acquire.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "spnego/bounded.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "spnego/silent.h"
#include "spnego/status.h"
#include "support/trace.h"

struct acquiring {
    gss_name_t name, name_glue;
    bool by_store;            /* the password is in it */
    gss_buffer_desc password; /* else */
    gss_key_value_set_desc store;
    OM_uint32 asked_lifetime;
    gss_cred_usage_t usage;
    bool timed;

    /* what came of it */
    OM_uint32 major, minor, lifetime;
    gss_cred_id_t credential;
    char *reason;
};

static void cleanse(void *bytes, size_t len)
{
    if (bytes)
        explicit_bzero(bytes, len);
    free(bytes);
}

static void free_store(gss_key_value_set_desc *store)
{
    for (OM_uint32 i = 0; i < store->count; i++) {
        char *value = (char *)(uintptr_t)store->elements[i].value;

        free((char *)(uintptr_t)store->elements[i].key);
        cleanse(value, value ? strlen(value) : 0);
    }
    free(store->elements);
}

static void free_acquiring(void *arg)
{
    struct acquiring *acquiring = arg;
    OM_uint32 ignored;

    name_drop(acquiring->name);
    cleanse(acquiring->password.value, acquiring->password.length);
    free_store(&acquiring->store);
    gss_release_cred(&ignored, &acquiring->credential);
    free(acquiring->reason);
    free(acquiring);
}

static bool copy_password(gss_buffer_t from, gss_buffer_t to)
{
    to->length = from->length;
    to->value = malloc(from->length + 1);
    if (!to->value)
        return false;
    memcpy(to->value, from->value, from->length);
    return true;
}

static bool copy_store(gss_const_key_value_set_t from, gss_key_value_set_desc *to)
{
    to->elements = calloc(from->count, sizeof(to->elements[0]));
    if (!to->elements)
        return false;
    for (; to->count < from->count; to->count++) {
        gss_key_value_element_desc *copy = &to->elements[to->count];

        copy->key = strdup(from->elements[to->count].key);
        copy->value = strdup(from->elements[to->count].value);
        if (!copy->key || !copy->value) {
            to->count++; /* for free_store */
            return false;
        }
    }
    return true;
}

/* NULL without memory. */
static struct acquiring *new_acquiring(const struct kerberos_request *request, bool timed)
{
    struct acquiring *acquiring = calloc(1, sizeof(*acquiring));
    OM_uint32 ignored;
    bool copied;

    if (!acquiring)
        return NULL;
    acquiring->name = name_hold(request->name);
    acquiring->by_store = !request->password;
    acquiring->asked_lifetime = request->lifetime;
    acquiring->usage = request->usage;
    acquiring->timed = timed;
    copied = acquiring->by_store ? copy_store(request->store, &acquiring->store)
                                 : copy_password(request->password, &acquiring->password);
    if (!copied ||
        name_glue(&ignored, request->name, &acquiring->name_glue) != GSS_S_COMPLETE) {
        free_acquiring(acquiring);
        return NULL;
    }
    return acquiring;
}

/* In the thread. The texts of libkrb5's statuses are a thread's own. */
static void run(void *arg)
{
    struct acquiring *acquiring = arg;
    gss_OID_set_desc kerberos = {1, oid_in(&oid_krb5)};
    OM_uint32 *lifetime = acquiring->timed ? &acquiring->lifetime : NULL;

    if (acquiring->by_store)
        acquiring->major = gss_acquire_cred_from(
            &acquiring->minor, acquiring->name_glue, acquiring->asked_lifetime, &kerberos,
            acquiring->usage, &acquiring->store, &acquiring->credential, NULL, lifetime);
    else
        acquiring->major = gss_acquire_cred_with_password(
            &acquiring->minor, acquiring->name_glue, &acquiring->password,
            acquiring->asked_lifetime, &kerberos, acquiring->usage, &acquiring->credential,
            NULL, lifetime);
    if (acquiring->major != GSS_S_COMPLETE)
        reasons_add(&acquiring->reason, &oid_krb5, acquiring->major, acquiring->minor);
}

static OM_uint32 leave_out(OM_uint32 *minor, const char *why, char **reasons)
{
    if (trace_on())
        trace("SPNEGO leaves Kerberos out: %s", why);
    reasons_add_text(reasons, &oid_krb5, why);
    *minor = SPNEGO_ERR_KDC_SILENT;
    return GSS_S_FAILURE;
}

static OM_uint32 take_over(OM_uint32 *minor, struct acquiring *acquiring, gss_cred_id_t *out,
                           OM_uint32 *lifetime, char **reasons)
{
    *minor = acquiring->minor;
    *out = acquiring->credential;
    acquiring->credential = GSS_C_NO_CREDENTIAL;
    if (lifetime)
        *lifetime = acquiring->lifetime;
    if (acquiring->reason)
        reasons_join(reasons, acquiring->reason);
    return acquiring->major;
}

OM_uint32 kerberos_acquire(OM_uint32 *minor, const struct kerberos_request *request,
                           unsigned seconds, gss_cred_id_t *out, OM_uint32 *lifetime,
                           char **reasons)
{
    struct acquiring *acquiring;
    OM_uint32 major;

    *out = GSS_C_NO_CREDENTIAL;
    if (silent_has_client(request->client))
        return leave_out(minor, "its KDC was silent less than a minute ago", reasons);
    acquiring = new_acquiring(request, lifetime != NULL);
    if (!acquiring) {
        leave_out(minor, "there is not enough memory", reasons);
        return status_no_memory(minor);
    }
    switch (bounded_run(seconds * 1000, run, free_acquiring, acquiring)) {
    case BOUNDED_LATE: /* all of it is the thread's now */
        silent_remember_client(request->client);
        return leave_out(minor, "its KDC did not answer in time (kerberos_timeout)", reasons);
    case BOUNDED_TOO_MANY:
        free_acquiring(acquiring);
        return leave_out(minor, "too many logins wait for KDCs that are silent", reasons);
    case BOUNDED_NO_THREAD:
        run(acquiring);
        break;
    case BOUNDED_DONE:
        break;
    }
    major = take_over(minor, acquiring, out, lifetime, reasons);
    free_acquiring(acquiring);
    return major;
}
