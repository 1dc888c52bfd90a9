/* SPDX-License-Identifier: MIT */
/* kerberos.c - Kerberos' first token within a time. What is in the thread's hands is
 * its own: copies of the target and the bindings, and a reference to the credential.
 * Default credentials were found before, by the caller's thread: which they are may
 * differ by thread. */

#include "config.h"

#include "spnego/kerberos.h"

#include <stdlib.h>
#include <string.h>

#include "settings/settings.h"
#include "spnego/bounded.h"
#include "spnego/oids.h"
#include "spnego/silent.h"
#include "spnego/status.h"
#include "support/trace.h"

struct attempt {
    struct credential *credential;
    gss_name_t target;
    OM_uint32 flags, lifetime;
    struct gss_channel_bindings_struct bindings;
    bool has_bindings;
    struct silent_kdc *kdc; /* who is asked; the caller's as well */

    /* what came of it */
    OM_uint32 major, minor, actual_flags, actual_lifetime;
    gss_ctx_id_t context;
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

static void free_attempt(void *arg)
{
    struct attempt *attempt = arg;
    OM_uint32 ignored;

    gss_release_name(&ignored, &attempt->target);
    gss_delete_sec_context(&ignored, &attempt->context, GSS_C_NO_BUFFER);
    gss_release_buffer(&ignored, &attempt->token);
    credential_drop(attempt->credential);
    silent_kdc_drop(attempt->kdc);
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
    struct attempt *attempt = calloc(1, sizeof(*attempt));
    OM_uint32 ignored;

    if (!attempt)
        return NULL;
    attempt->credential = credential_hold(context->credential);
    attempt->flags = flags;
    attempt->lifetime = call->lifetime;
    attempt->kdc = silent_kdc_new(context->credential->client, context->target);
    if (!attempt->kdc || !copy_bindings(attempt, call->bindings) ||
        gss_duplicate_name(&ignored, context->target, &attempt->target) != GSS_S_COMPLETE) {
        free_attempt(attempt);
        return NULL;
    }
    return attempt;
}

/* In the thread. The texts of libkrb5's statuses are a thread's own, too. */
static void run(void *arg)
{
    struct attempt *attempt = arg;

    silent_find_realm(attempt->kdc, attempt->target);
    if (silent_is_remembered(attempt->kdc)) {
        attempt->major = GSS_S_FAILURE;
        return;
    }
    attempt->major = gss_init_sec_context(
        &attempt->minor, attempt->credential->mechs, &attempt->context, attempt->target,
        oid_in(&oid_krb5), attempt->flags, attempt->lifetime,
        attempt->has_bindings ? &attempt->bindings : GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER,
        &attempt->mech, &attempt->token, &attempt->actual_flags, &attempt->actual_lifetime);
    if (GSS_ERROR(attempt->major))
        reasons_add(&attempt->reason, &oid_krb5, attempt->major, attempt->minor);
}

/* To the context, and from the attempt. */
static OM_uint32 take_over(struct context *context, struct attempt *attempt, OM_uint32 *minor,
                           gss_buffer_t out)
{
    *minor = attempt->minor;
    *out = attempt->token;
    if (attempt->reason)
        reasons_join(&context->reasons, attempt->reason);
    context->inner = attempt->context;
    context->actual_mech = attempt->mech;
    context->flags = attempt->actual_flags;
    context->lifetime = attempt->actual_lifetime;
    attempt->token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    attempt->context = GSS_C_NO_CONTEXT;
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
                      late[] = "its KDC did not answer in time (kerberos_timeout)";
    struct attempt *attempt = new_attempt(context, call, flags);
    struct silent_kdc *kdc;
    OM_uint32 major;

    if (!attempt)
        return status_no_memory(minor);
    if (silent_is_remembered(attempt->kdc)) {
        free_attempt(attempt);
        return skip(minor, context, remembered);
    }
    kdc = silent_kdc_hold(attempt->kdc);
    credential_thread_begins(context->credential);
    switch (bounded_run(seconds, run, free_late_attempt, attempt)) {
    case BOUNDED_LATE: /* all of the attempt is the thread's now */
        silent_remember(kdc);
        silent_kdc_drop(kdc);
        return skip(minor, context, late);
    case BOUNDED_TOO_MANY:
        credential_thread_ends(context->credential);
        silent_kdc_drop(kdc);
        free_attempt(attempt);
        return skip(minor, context, too_many);
    case BOUNDED_NO_THREAD:
        run(attempt);
        break;
    case BOUNDED_DONE:
        break;
    }
    silent_kdc_drop(kdc);
    credential_thread_ends(context->credential);
    if (silent_is_remembered(attempt->kdc)) {
        free_attempt(attempt);
        return skip(minor, context, remembered);
    }
    major = take_over(context, attempt, minor, out);
    free_attempt(attempt);
    return major;
}
