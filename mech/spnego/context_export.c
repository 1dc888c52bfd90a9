/* SPDX-License-Identifier: MIT */
/* context_export.c - contexts to another process and back, in the form that MIT's
 * SPNEGO has: the mechanism's context, exported by the mechglue. The mechglue gives
 * what was exported here to MIT's to import, and what MIT's exported to us. */

#include "config.h"

#include "spnego/context.h"
#include "spnego/module.h"
#include "spnego/status.h"

EXPORTED OM_uint32 gssi_export_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                           gss_buffer_t token)
{
    struct context *context = context_of_handle(*handle);
    OM_uint32 major;

    if (!context->complete)
        return status_fail(minor, GSS_S_UNAVAILABLE, SPNEGO_ERR_NOT_COMPLETE, NULL);
    major = gss_export_sec_context(minor, &context->inner, token);
    if (!context->inner) {
        context_free(context);
        *handle = GSS_C_NO_CONTEXT;
    }
    return major;
}

EXPORTED OM_uint32 gssi_import_sec_context(OM_uint32 *minor, gss_buffer_t token,
                                           gss_ctx_id_t *handle)
{
    gss_ctx_id_t inner = GSS_C_NO_CONTEXT;
    struct context *context;
    int initiator = 0, open = 0;
    OM_uint32 major, flags = 0, ignored;
    gss_OID mech;

    *handle = GSS_C_NO_CONTEXT;
    major = gss_import_sec_context(minor, token, &inner);
    if (major == GSS_S_COMPLETE)
        major = gss_inquire_context(minor, inner, NULL, NULL, NULL, &mech, &flags, &initiator,
                                    &open);
    if (major == GSS_S_COMPLETE && !open)
        major = status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_NOT_COMPLETE, NULL);
    if (major == GSS_S_COMPLETE) {
        context = context_new(initiator != 0, GSS_C_NO_CREDENTIAL);
        if (!context)
            major = status_no_memory(minor);
    }
    if (major != GSS_S_COMPLETE) {
        gss_delete_sec_context(&ignored, &inner, GSS_C_NO_BUFFER);
        return major;
    }
    context->inner = inner;
    context->actual_mech = mech;
    context->flags = flags;
    context->asked = flags; /* all that is known */
    context->complete = context->mech_complete = true;
    *handle = context_handle(context);
    return GSS_S_COMPLETE;
}
