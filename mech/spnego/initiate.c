/* SPDX-License-Identifier: MIT */
/* initiate.c - gss_init_sec_context. */

#include "config.h"

#include "settings/settings.h"
#include "spnego/initiator.h"
#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/status.h"
#include "spnego/token_trace.h"
#include "support/outputs.h"

/* What client_require_sign and client_require_seal add to what the caller asks for. NTLM
 * asks the server for it by itself. */
static OM_uint32 required_flags(OM_uint32 asked)
{
    const struct settings *settings;
    OM_uint32 flags = 0;

    /* that the settings cannot be read is for NTLM to say */
    if ((asked & GSS_C_INTEG_FLAG) || settings_get(&settings))
        return 0;
    if (settings->client_require_sign || settings->client_require_seal)
        flags = GSS_C_INTEG_FLAG;
    settings_put(settings);
    return flags;
}

static OM_uint32 run(OM_uint32 *minor, struct context **context, gss_cred_id_t handle,
                     gss_name_t target, const struct call *call, struct der_bytes input,
                     gss_buffer_t out)
{
    OM_uint32 major;

    if (*context && (*context)->complete)
        return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_COMPLETE, NULL);
    token_trace("SPNEGO initiator receives", input);
    if (*context)
        return initiator_continue(minor, *context, call, input, out);
    *context = context_new(true, handle);
    if (!*context)
        return status_no_memory(minor);
    (*context)->asked = call->flags;
    (*context)->required = required_flags(call->flags);
    (*context)->target = name_hold(target);
    major = name_glue(minor, target, &(*context)->target_glue);
    if (major != GSS_S_COMPLETE)
        return major;
    return initiator_begin(minor, *context, call, input, out);
}

EXPORTED OM_uint32 gssi_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential,
                                         gss_ctx_id_t *handle, gss_name_t target, gss_OID mech,
                                         OM_uint32 flags, OM_uint32 lifetime,
                                         gss_channel_bindings_t bindings, gss_buffer_t input,
                                         gss_OID *actual_mech, gss_buffer_t output,
                                         OM_uint32 *actual_flags, OM_uint32 *actual_lifetime)
{
    const struct call call = {.flags = flags, .lifetime = lifetime, .bindings = bindings};
    struct context *context = context_of_handle(*handle);
    bool was_complete = context && context->complete;
    struct der_bytes in = {NULL, 0};
    OM_uint32 major, ignored;

    (void)mech; /* SPNEGO */
    *minor = 0;
    EMPTY(output);
    EMPTY(actual_mech);
    EMPTY(actual_flags);
    EMPTY(actual_lifetime);
    if (input)
        in = buffer_bytes(input);
    major = run(minor, &context, credential, target, &call, in, output);
    token_trace("SPNEGO initiator sends", buffer_bytes(output));
    if (GSS_ERROR(major)) {
        if (!was_complete) {
            context_free(context);
            *handle = GSS_C_NO_CONTEXT;
        }
        return major;
    }
    *handle = context_handle(context);
    if (context->complete)
        context_forget_target(context);
    if (actual_mech)
        *actual_mech = context->complete ? context->actual_mech : GSS_C_NO_OID;
    if (actual_flags)
        *actual_flags = context_flags(context);
    if (actual_lifetime) {
        *actual_lifetime = context->lifetime;
        if (context->complete)
            gss_context_time(&ignored, context->inner, actual_lifetime);
    }
    return major;
}
