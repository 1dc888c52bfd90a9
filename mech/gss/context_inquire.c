/* SPDX-License-Identifier: MIT */
/* context_inquire.c - what a context says of itself (RFC 2744 5.4, 5.9, 5.21;
 * gssapi_ext.h), and its end. Works on both sides and at every stage. */

#include "config.h"

#include <stdatomic.h>

#include "gss/context.h"
#include "gss/module.h"
#include "gss/status.h"
#include "support/outputs.h"
#include "support/trace.h"

EXPORTED OM_uint32 gss_inquire_context(OM_uint32 *minor, gss_ctx_id_t handle,
                                       gss_name_t *source, gss_name_t *target,
                                       OM_uint32 *lifetime, gss_OID *mech_type,
                                       OM_uint32 *flags, int *locally_initiated, int *open)
{
    const struct context *context = (const struct context *)handle;

    EMPTY(source);
    EMPTY(target);
    EMPTY(lifetime);
    EMPTY(mech_type);
    EMPTY(flags);
    EMPTY(locally_initiated);
    EMPTY(open);
    if (!context || context->stage == STAGE_DEAD)
        return status_of(minor, NTLM_ERR_DEAD_CONTEXT);
    if (source)
        *source = (gss_name_t)name_ref(context->source);
    if (target)
        *target = (gss_name_t)name_ref(context->target);
    if (lifetime)
        *lifetime = context->stage == STAGE_COMPLETE ? GSS_C_INDEFINITE : 0;
    if (mech_type)
        *mech_type = oid_out(&oid_ntlmssp);
    if (flags)
        *flags = context->flags;
    if (locally_initiated)
        *locally_initiated = context->initiator;
    if (open)
        *open = context->stage == STAGE_COMPLETE;
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_context_time(OM_uint32 *minor, gss_ctx_id_t handle, OM_uint32 *time_rec)
{
    enum ntlm_error error = context_established((const struct context *)handle);

    EMPTY(time_rec);
    if (!error && time_rec)
        *time_rec = GSS_C_INDEFINITE;
    return status_of(minor, error);
}

EXPORTED OM_uint32 gss_delete_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                          gss_buffer_t output)
{
    EMPTY(output);
    if (handle) {
        context_free((struct context *)*handle);
        *handle = GSS_C_NO_CONTEXT;
    }
    return status_of(minor, NTLM_OK);
}

static enum ntlm_error put(gss_buffer_set_t *set, const void *data, size_t len)
{
    return buffer_set_of(set, data, len) == GSS_S_COMPLETE ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

/* GSS_C_SEC_CONTEXT_SASL_SSF: four bytes, the highest first. */
static enum ntlm_error put_ssf(const struct context *context, gss_buffer_set_t *set)
{
    const uint8_t ssf[4] = {0, 0, 0, (uint8_t)ntlm_session_ssf(context->session)};

    return put(set, ssf, sizeof(ssf));
}

/* Once a process. What becomes of the login, SPNEGO does not tell us. */
static void trace_fault_of_spnego(void)
{
#ifdef SPNEGO_LOSES_MICS
    static atomic_flag told = ATOMIC_FLAG_INIT;

    if (trace_on() && !atomic_flag_test_and_set(&told))
        trace("Negotiate: this release of MIT Kerberos loses the peer's mechListMIC, and a"
              " login that signs or seals fails; where mech_spnego.so is registered it does"
              " not (mech_spnego(8))");
#endif
}

EXPORTED OM_uint32 gss_inquire_sec_context_by_oid(OM_uint32 *minor, const gss_ctx_id_t handle,
                                                  const gss_OID object, gss_buffer_set_t *set)
{
    const struct context *context = (const struct context *)handle;
    enum ntlm_error error = context_established(context);
    uint8_t mic;

    EMPTY(set);
    if (!set)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the pointer for the answer is NULL");
    if (oid_same(object, &oid_spnego_require_mic)) {
        /* SPNEGO asks on the way as well as at the end ([MS-SPNG] 3.3.5.1). */
        if (!context || context->stage == STAGE_DEAD)
            return status_of(minor, NTLM_ERR_DEAD_CONTEXT);
        trace_fault_of_spnego();
        if (context->client)
            ntlm_initiator_carried_by_spnego(context->client);
        mic = context->mic;
        return status_of(minor, put(set, &mic, sizeof(mic)));
    }
    if (oid_same(object, &oid_sspi_session_key)) {
        if (error == NTLM_ERR_NOT_COMPLETE) /* as gss-ntlmssp: programs probe with it */
            return status_as(minor, GSS_S_UNAVAILABLE, error);
        return status_of(minor,
                         error ? error
                               : put(set, context->session_key, sizeof(context->session_key)));
    }
    if (oid_same(object, &oid_set_neg_flags)) /* those agreed, in host order as they are set */
        return status_of(
            minor, error ? error : put(set, &context->neg_flags, sizeof(context->neg_flags)));
    if (oid_same(object, &oid_sasl_ssf))
        return status_of(minor, error ? error : put_ssf(context, set));
    return status_of(minor, NTLM_ERR_UNKNOWN_OPTION);
}
