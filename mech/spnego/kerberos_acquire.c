/* SPDX-License-Identifier: MIT */
/* kerberos_acquire.c - Kerberos' credential by a password within a time. What is in the
 * thread's hands is its own: a reference to the name, and a copy of the password. */

#include "config.h"

#include "spnego/kerberos_acquire.h"

#include <stdbool.h>
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
    gss_buffer_desc password;
    OM_uint32 asked_lifetime;
    gss_cred_usage_t usage;
    bool timed;

    /* what came of it */
    OM_uint32 major, minor, lifetime;
    gss_cred_id_t credential;
    char *reason;
};

static void free_acquiring(void *arg)
{
    struct acquiring *acquiring = arg;
    OM_uint32 ignored;

    name_drop(acquiring->name);
    if (acquiring->password.value)
        explicit_bzero(acquiring->password.value, acquiring->password.length);
    free(acquiring->password.value);
    gss_release_cred(&ignored, &acquiring->credential);
    free(acquiring->reason);
    free(acquiring);
}

/* NULL without memory. */
static struct acquiring *new_acquiring(const struct kerberos_request *request, bool timed)
{
    struct acquiring *acquiring = calloc(1, sizeof(*acquiring));
    OM_uint32 ignored;

    if (!acquiring)
        return NULL;
    acquiring->name = name_hold(request->name);
    acquiring->password.length = request->password->length;
    acquiring->password.value = malloc(request->password->length + 1);
    acquiring->asked_lifetime = request->lifetime;
    acquiring->usage = request->usage;
    acquiring->timed = timed;
    if (!acquiring->password.value ||
        name_glue(&ignored, request->name, &acquiring->name_glue) != GSS_S_COMPLETE) {
        free_acquiring(acquiring);
        return NULL;
    }
    memcpy(acquiring->password.value, request->password->value, request->password->length);
    return acquiring;
}

/* In the thread. The texts of libkrb5's statuses are a thread's own. */
static void run(void *arg)
{
    struct acquiring *acquiring = arg;
    gss_OID_set_desc kerberos = {1, oid_in(&oid_krb5)};

    acquiring->major = gss_acquire_cred_with_password(
        &acquiring->minor, acquiring->name_glue, &acquiring->password,
        acquiring->asked_lifetime, &kerberos, acquiring->usage, &acquiring->credential, NULL,
        acquiring->timed ? &acquiring->lifetime : NULL);
    if (acquiring->major != GSS_S_COMPLETE)
        reasons_add(&acquiring->reason, &oid_krb5, acquiring->major, acquiring->minor);
}

static OM_uint32 leave_out(const char *why, char **reasons)
{
    if (trace_on())
        trace("SPNEGO leaves Kerberos out: %s", why);
    reasons_add_text(reasons, &oid_krb5, why);
    return GSS_S_FAILURE;
}

static OM_uint32 take_over(struct acquiring *acquiring, gss_cred_id_t *out, OM_uint32 *lifetime,
                           char **reasons)
{
    *out = acquiring->credential;
    acquiring->credential = GSS_C_NO_CREDENTIAL;
    if (lifetime)
        *lifetime = acquiring->lifetime;
    if (acquiring->reason)
        reasons_join(reasons, acquiring->reason);
    return acquiring->major;
}

OM_uint32 kerberos_acquire(const struct kerberos_request *request, unsigned seconds,
                           gss_cred_id_t *out, OM_uint32 *lifetime, char **reasons)
{
    struct acquiring *acquiring;
    OM_uint32 major;

    *out = GSS_C_NO_CREDENTIAL;
    if (silent_has_client(request->client))
        return leave_out("its KDC was silent less than a minute ago", reasons);
    acquiring = new_acquiring(request, lifetime != NULL);
    if (!acquiring)
        return leave_out("there is not enough memory", reasons);
    switch (bounded_run(seconds * 1000, run, free_acquiring, acquiring)) {
    case BOUNDED_LATE: /* all of it is the thread's now */
        silent_remember_client(request->client);
        return leave_out("its KDC did not answer in time (kerberos_timeout)", reasons);
    case BOUNDED_TOO_MANY:
        free_acquiring(acquiring);
        return leave_out("too many logins wait for KDCs that are silent", reasons);
    case BOUNDED_NO_THREAD:
        run(acquiring);
        break;
    case BOUNDED_DONE:
        break;
    }
    major = take_over(acquiring, out, lifetime, reasons);
    free_acquiring(acquiring);
    return major;
}
