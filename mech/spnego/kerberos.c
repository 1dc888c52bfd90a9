/* SPDX-License-Identifier: MIT */
/* kerberos.c - Kerberos' first token within a time. What is in the thread's hands is
 * its own: copies of the bindings, and references to the credential and the target.
 * Default credentials were found before, by the caller's thread: which they are may
 * differ by thread. */

#include "config.h"

#include "spnego/kerberos.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "settings/settings.h"
#include "spnego/bounded.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "spnego/silent.h"
#include "spnego/status.h"
#include "support/trace.h"

/* How far the thread has come. The caller's, too, when the attempt is not any more. */
struct progress {
    atomic_uint references;
    atomic_bool
        named; /* DNS has said all that it is asked of the target, and the KDC is next */
};

struct attempt {
    struct progress *progress;
    struct credential *credential;
    gss_name_t target, target_glue; /* as in the context */
    OM_uint32 flags, lifetime;
    struct gss_channel_bindings_struct bindings;
    bool has_bindings;

    /* what came of it */
    bool remembered; /* the realm's KDC: it was not asked */
    OM_uint32 major, minor, actual_flags, actual_lifetime;
    gss_ctx_id_t context;
    gss_name_t mech_target; /* as in the context */
    gss_OID mech;
    gss_buffer_desc token;
    char *reason;
};

unsigned kerberos_timeout(void)
{
    const struct settings *settings;
    unsigned seconds;

    /* that the settings cannot be read is for NTLM to say: Kerberos has none */
    if (settings_get(&settings))
        return 0;
    seconds = settings->kerberos_timeout;
    settings_put(settings);
    return seconds;
}

static bool copy_bytes(gss_buffer_desc from, gss_buffer_t to)
{
    *to = (gss_buffer_desc){from.length, NULL};
    if (from.length == 0)
        return true;
    to->value = malloc(from.length);
    if (to->value)
        memcpy(to->value, from.value, from.length);
    return to->value;
}

static bool copy_bindings(struct attempt *attempt, gss_channel_bindings_t bindings)
{
    struct gss_channel_bindings_struct *copy = &attempt->bindings;

    attempt->has_bindings = bindings;
    if (!bindings)
        return true;
    copy->initiator_addrtype = bindings->initiator_addrtype;
    copy->acceptor_addrtype = bindings->acceptor_addrtype;
    return copy_bytes(bindings->initiator_address, &copy->initiator_address) &&
           copy_bytes(bindings->acceptor_address, &copy->acceptor_address) &&
           copy_bytes(bindings->application_data, &copy->application_data);
}

static void drop_progress(struct progress *progress)
{
    if (progress && atomic_fetch_sub(&progress->references, 1) == 1)
        free(progress);
}

static void free_attempt(void *arg)
{
    struct attempt *attempt = arg;
    OM_uint32 ignored;

    drop_progress(attempt->progress);
    name_drop(attempt->target);
    if (attempt->mech_target)
        gss_release_name(&ignored, &attempt->mech_target);
    gss_delete_sec_context(&ignored, &attempt->context, GSS_C_NO_BUFFER);
    gss_release_buffer(&ignored, &attempt->token);
    credential_drop(attempt->credential);
    free(attempt->bindings.initiator_address.value);
    free(attempt->bindings.acceptor_address.value);
    free(attempt->bindings.application_data.value);
    free(attempt->reason);
    free(attempt);
}

static void free_late_attempt(void *arg)
{
    struct attempt *attempt = arg;

    credential_thread_ends(attempt->credential);
    free_attempt(attempt);
}

static struct attempt *new_attempt(const struct context *context, const struct call *call,
                                   OM_uint32 flags)
{
    struct attempt *attempt = malloc(sizeof(*attempt));

    if (!attempt)
        return NULL;
    *attempt = (struct attempt){
        .credential = credential_hold(context->credential),
        .target = name_hold(context->target),
        .target_glue = context->target_glue,
        .flags = flags,
        .lifetime = call->lifetime,
        .progress = malloc(sizeof(*attempt->progress)),
    };
    if (attempt->progress)
        *attempt->progress = (struct progress){.references = 1};
    if (!attempt->progress || !copy_bindings(attempt, call->bindings)) {
        free_attempt(attempt);
        return NULL;
    }
    return attempt;
}

/* In the thread. The texts of libkrb5's statuses are a thread's own, too. */
static void run(void *arg)
{
    struct attempt *attempt = arg;

    attempt->remembered = silent_has_realm(attempt->credential->client, attempt->target_glue);
    if (attempt->remembered) {
        attempt->major = GSS_S_FAILURE;
        return;
    }
    attempt->mech_target = name_for_mech(attempt->target_glue, &oid_krb5);
    atomic_store(&attempt->progress->named, true);
    attempt->major = gss_init_sec_context(
        &attempt->minor, attempt->credential->mechs, &attempt->context,
        attempt->mech_target ? attempt->mech_target : attempt->target_glue, oid_in(&oid_krb5),
        attempt->flags, attempt->lifetime,
        attempt->has_bindings ? &attempt->bindings : GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER,
        &attempt->mech, &attempt->token, &attempt->actual_flags, &attempt->actual_lifetime);
    if (GSS_ERROR(attempt->major))
        reasons_add(&attempt->reason, &oid_krb5, attempt->major, attempt->minor);
}

/* ---- a silent KDC ---- */

/* So long, in milliseconds, a late login waits for the realm to be known. */
#define REALM_TIMEOUT 500

struct finding {
    struct credential *credential;
    gss_name_t target, target_glue;
};

static void find_realm(void *arg)
{
    struct finding *finding = arg;

    silent_remember_realm(finding->credential->client, finding->target_glue);
}

static void free_finding(void *arg)
{
    struct finding *finding = arg;

    credential_drop(finding->credential);
    name_drop(finding->target);
    free(finding);
}

/* The server at once. Its realm is for DNS to say where [domain_realm] does not, and
 * that may be silent as well. Where it was DNS that kept the attempt, which is the server's
 * own, the KDC was not asked yet: no other server's login is to suffer for that. */
static void remember(const struct context *context, bool named)
{
    struct finding *finding = named ? malloc(sizeof(*finding)) : NULL;

    silent_remember_server(context->credential->client, context->target_glue);
    if (!finding)
        return;
    *finding = (struct finding){credential_hold(context->credential),
                                name_hold(context->target), context->target_glue};
    if (bounded_run(REALM_TIMEOUT, find_realm, free_finding, finding) != BOUNDED_LATE)
        free_finding(finding);
}

/* ---- the attempt ---- */

/* To the context, and from the attempt. */
static OM_uint32 take_over(struct context *context, struct attempt *attempt, OM_uint32 *minor,
                           gss_buffer_t out)
{
    *minor = attempt->minor;
    *out = attempt->token;
    if (attempt->reason)
        reasons_join(&context->reasons, attempt->reason);
    context->inner = attempt->context;
    context->mech_target = attempt->mech_target;
    context->actual_mech = attempt->mech;
    context->flags = attempt->actual_flags;
    context->lifetime = attempt->actual_lifetime;
    attempt->token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    attempt->context = GSS_C_NO_CONTEXT;
    attempt->mech_target = GSS_C_NO_NAME;
    return attempt->major;
}

static OM_uint32 skip(OM_uint32 *minor, struct context *context, const char *why)
{
    if (trace_on())
        trace("SPNEGO leaves Kerberos out: %s", why);
    reasons_add_text(&context->reasons, &oid_krb5, why);
    *minor = SPNEGO_ERR_KDC_SILENT;
    return GSS_S_FAILURE;
}

OM_uint32 kerberos_begin(OM_uint32 *minor, struct context *context, const struct call *call,
                         OM_uint32 flags, unsigned seconds, gss_buffer_t out)
{
    static const char remembered[] = "its KDC was silent less than a minute ago",
                      too_many[] = "too many logins wait for KDCs that are silent",
                      late[] = "its KDC did not answer in time (kerberos_timeout)",
                      nameless[] = "DNS did not tell the server's name in time "
                                   "(kerberos_timeout)";
    struct progress *progress;
    struct attempt *attempt;
    OM_uint32 major;
    bool named;

    if (silent_has_client(context->credential->client) ||
        silent_has_server(context->credential->client, context->target_glue))
        return skip(minor, context, remembered);
    attempt = new_attempt(context, call, flags);
    if (!attempt)
        return status_no_memory(minor);
    progress = attempt->progress;
    atomic_fetch_add(&progress->references, 1);
    credential_thread_begins(context->credential);
    switch (bounded_run(seconds * 1000, run, free_late_attempt, attempt)) {
    case BOUNDED_LATE: /* all of the attempt is the thread's now */
        named = atomic_load(&progress->named);
        drop_progress(progress);
        remember(context, named);
        return skip(minor, context, named ? late : nameless);
    case BOUNDED_TOO_MANY:
        drop_progress(progress);
        credential_thread_ends(context->credential);
        free_attempt(attempt);
        return skip(minor, context, too_many);
    case BOUNDED_NO_THREAD:
        run(attempt);
        break;
    case BOUNDED_DONE:
        break;
    }
    drop_progress(progress);
    credential_thread_ends(context->credential);
    major = attempt->remembered ? skip(minor, context, remembered)
                                : take_over(context, attempt, minor, out);
    free_attempt(attempt);
    return major;
}
