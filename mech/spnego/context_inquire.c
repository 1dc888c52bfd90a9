/* SPDX-License-Identifier: MIT */
/* context_inquire.c - what a context answers, and its options: the mechanism's, as
 * soon as there is one. */

#include "config.h"

#include "spnego/context.h"
#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "support/outputs.h"

/* Both, or none. */
static OM_uint32 hand_out_names(OM_uint32 *minor, gss_name_t *source, gss_name_t *target)
{
    OM_uint32 major = name_hand_out(minor, GSS_S_COMPLETE, source), ignored;

    if (major != GSS_S_COMPLETE) {
        if (target)
            gss_release_name(&ignored, target);
        return major;
    }
    major = name_hand_out(minor, GSS_S_COMPLETE, target);
    if (major != GSS_S_COMPLETE && source && *source)
        gssi_release_name(&ignored, source);
    return major;
}

/* Until the negotiation is complete, the mechanism is SPNEGO. */
EXPORTED OM_uint32 gssi_inquire_context(OM_uint32 *minor, gss_ctx_id_t handle,
                                        gss_name_t *source, gss_name_t *target,
                                        OM_uint32 *lifetime, gss_OID *mech, OM_uint32 *flags,
                                        int *initiator, int *open)
{
    const struct context *context = context_of_handle(handle);
    OM_uint32 major = GSS_S_COMPLETE;

    *minor = 0;
    EMPTY(source);
    EMPTY(target);
    EMPTY(lifetime);
    EMPTY(mech);
    EMPTY(flags);
    EMPTY(initiator);
    EMPTY(open);
    if (context->inner)
        major = gss_inquire_context(minor, context->inner, source, target, lifetime, mech, NULL,
                                    NULL, NULL);
    if (major == GSS_S_COMPLETE)
        major = hand_out_names(minor, source, target);
    if (major != GSS_S_COMPLETE) {
        EMPTY(lifetime);
        EMPTY(mech);
        return major;
    }
    if (mech && !context->complete)
        *mech = oid_in(&oid_spnego);
    if (flags)
        *flags = context_flags(context);
    if (initiator)
        *initiator = context->initiator;
    if (open)
        *open = context->complete;
    return GSS_S_COMPLETE;
}

EXPORTED OM_uint32 gssi_inquire_sec_context_by_oid(OM_uint32 *minor, const gss_ctx_id_t handle,
                                                   const gss_OID object, gss_buffer_set_t *data)
{
    const struct context *context = context_of_handle(handle);

    EMPTY(data);
    if (!context || !context->inner) {
        *minor = 0;
        return GSS_S_UNAVAILABLE;
    }
    return gss_inquire_sec_context_by_oid(minor, context->inner, object, data);
}

/* No option makes a context here. */
EXPORTED OM_uint32 gssi_set_sec_context_option(OM_uint32 *minor, gss_ctx_id_t *handle,
                                               const gss_OID option, const gss_buffer_t value)
{
    struct context *context = context_of_handle(*handle);

    if (!context || !context->inner) {
        *minor = 0;
        return GSS_S_UNAVAILABLE;
    }
    return gss_set_sec_context_option(minor, &context->inner, option, value);
}

EXPORTED OM_uint32 gssi_complete_auth_token(OM_uint32 *minor, const gss_ctx_id_t handle,
                                            gss_buffer_t input)
{
    const struct context *context = context_of_handle(handle);

    if (!context || !context->inner) {
        *minor = 0;
        return GSS_S_UNAVAILABLE;
    }
    return gss_complete_auth_token(minor, context->inner, input);
}
