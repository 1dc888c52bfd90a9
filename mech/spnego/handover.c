/* SPDX-License-Identifier: MIT */
/* handover.c - what is left to MIT's SPNEGO whole. */

#include "config.h"

#include "spnego/handover.h"

#include "spnego/module.h"
#include "spnego/oids.h"
#include "support/trace.h"

bool handover_is_due(struct context *context)
{
    if (context->credential->mit && !context->mech_types)
        context->handed_over = context->handed_over ||
                               oid_some_may_be_negoex(credential_order(context->credential));
    return context->handed_over;
}

static OM_uint32 settle(struct context *context, OM_uint32 major)
{
    context->complete = context->mech_complete = major == GSS_S_COMPLETE;
    return major;
}

OM_uint32 handover_init(OM_uint32 *minor, struct context *context, const struct call *call,
                        struct der_bytes token, gss_buffer_t out)
{
    gss_buffer_desc in = bytes_buffer(token);

    if (trace_on() && !context->inner)
        trace("SPNEGO: left to MIT's, since one of the mechanisms may negotiate by NegoEx");
    context->asked |= GSS_C_INTEG_FLAG; /* MIT's tells what there is */
    return settle(context,
                  gss_init_sec_context(
                      minor, context->credential->mit, &context->inner, context->target_glue,
                      module_mit_spnego(), call->flags, call->lifetime, call->bindings, &in,
                      &context->actual_mech, out, &context->flags, &context->lifetime));
}

OM_uint32 handover_accept(OM_uint32 *minor, struct context *context, const struct call *call,
                          struct der_bytes token, gss_buffer_t out)
{
    gss_buffer_desc in = bytes_buffer(token);

    return settle(context, gss_accept_sec_context(
                               minor, &context->inner, context->credential->mit, &in,
                               call->bindings, &context->source, &context->actual_mech, out,
                               &context->flags, &context->lifetime, &context->delegated));
}
