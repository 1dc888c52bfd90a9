/* SPDX-License-Identifier: MIT */
/* handover.c - what is left to MIT's SPNEGO whole. */

#include "config.h"

#include "spnego/handover.h"

#include "spnego/module.h"
#include "spnego/oids.h"
#include "support/trace.h"

/* Only the mechglue knows whether any other negotiates by NegoEx, and does not tell. */
static bool is_known(const gss_OID_desc *mech)
{
    return oid_is_kerberos(mech) || oid_same(mech, &oid_ntlmssp) || oid_same(mech, &oid_iakerb);
}

bool handover_is_needed(gss_OID_set mechs)
{
    for (size_t i = 0; i < mechs->count; i++)
        if (!is_known(&mechs->elements[i]))
            return true;
    return false;
}

static bool look_for_unknown(void *arg, gss_OID mech)
{
    *(bool *)arg = !is_known(mech);
    return is_known(mech);
}

bool handover_is_due(struct context *context)
{
    bool unknown = false;

    if (context->credential->mit && !context->mech_types)
        credential_each_mech(context->credential, look_for_unknown, &unknown);
    context->handed_over = context->handed_over || unknown;
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
                      minor, context->credential->mit, &context->inner, context->target,
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
