/* SPDX-License-Identifier: MIT */
/* accept.c - gss_accept_sec_context. */

#include "config.h"

#include "spnego/acceptor.h"
#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/record_refusal.h"
#include "spnego/status.h"
#include "spnego/token_trace.h"
#include "support/outputs.h"

static OM_uint32 run(OM_uint32 *minor, struct context **context, gss_cred_id_t handle,
                     const struct call *call, struct der_bytes input, gss_buffer_t out)
{
    if (*context && (*context)->complete)
        return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_COMPLETE, NULL);
    token_trace("SPNEGO acceptor receives", input);
    if (!*context)
        *context = context_new(false, handle);
    if (!*context)
        return status_no_memory(minor);
    return acceptor_take(minor, *context, call, input, out);
}

/* Once the context is complete, the caller gets the client's name and the delegated
 * credential for its own. */
static OM_uint32 hand_out(OM_uint32 *minor, struct context *context, gss_name_t *source,
                          gss_OID *mech, gss_cred_id_t *delegated)
{
    if (!context->complete)
        return GSS_S_CONTINUE_NEEDED;
    if (source && name_hand_out(minor, GSS_S_COMPLETE, &context->source) != GSS_S_COMPLETE)
        return GSS_S_FAILURE;
    if (mech)
        *mech = context->actual_mech;
    if (source) {
        *source = context->source;
        context->source = GSS_C_NO_NAME;
    }
    if (delegated) {
        *delegated = context->delegated;
        context->delegated = GSS_C_NO_CREDENTIAL;
    }
    return GSS_S_COMPLETE;
}

EXPORTED OM_uint32 gssi_accept_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                           gss_cred_id_t credential, gss_buffer_t input,
                                           gss_channel_bindings_t bindings, gss_name_t *source,
                                           gss_OID *mech, gss_buffer_t output, OM_uint32 *flags,
                                           OM_uint32 *lifetime, gss_cred_id_t *delegated)
{
    const struct call call = {.bindings = bindings};
    struct context *context = context_of_handle(*handle);
    bool was_complete = context && context->complete;
    OM_uint32 major, ignored;

    *minor = 0;
    EMPTY(source);
    EMPTY(mech);
    EMPTY(output);
    EMPTY(flags);
    EMPTY(lifetime);
    EMPTY(delegated);
    major = run(minor, &context, credential, &call, buffer_bytes(input), output);
    token_trace("SPNEGO acceptor sends", buffer_bytes(output));
    if (!GSS_ERROR(major)) {
        major = hand_out(minor, context, source, mech, delegated);
        if (GSS_ERROR(major))
            gss_release_buffer(&ignored, output);
    }
    if (GSS_ERROR(major)) {
        if (!was_complete) {
            record_refusal(context, *minor);
            context_free(context);
            *handle = GSS_C_NO_CONTEXT;
        }
        return major;
    }
    *handle = context_handle(context);
    if (flags)
        *flags = context_flags(context);
    if (lifetime) {
        *lifetime = context->lifetime;
        if (context->complete)
            gss_context_time(&ignored, context->inner, lifetime);
    }
    return major;
}
