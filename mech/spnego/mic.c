/* SPDX-License-Identifier: MIT */
/* mic.c - making and checking mechListMICs. */

#include "config.h"

#include "spnego/mic.h"

#include <string.h>

#include "spnego/oids.h"
#include "spnego/status.h"
#include "support/trace.h"

/* NTLM's values for the option that resets a cipher state. */
enum direction { SENDING = 0, RECEIVING = 1 };

OM_uint32 mic_ask_mechanism(OM_uint32 *minor, struct context *context)
{
    gss_buffer_set_t answer = GSS_C_NO_BUFFER_SET;
    OM_uint32 ignored, major, said;

    /* it has no such question */
    if (oid_is_kerberos(&context->mech) || !context->inner)
        return GSS_S_COMPLETE;
    major = gss_inquire_sec_context_by_oid(&said, context->inner, oid_in(&oid_require_mic),
                                           &answer);
    if (major == GSS_S_COMPLETE && answer && answer->count == 1 &&
        answer->elements[0].length == 1 && *(const char *)answer->elements[0].value == 1)
        context->mic_wanted = true;
    gss_release_buffer_set(&ignored, &answer);
    /* NTLM knows the question: it could not answer. Others may not know it. */
    if (major != GSS_S_FAILURE || !oid_same(&context->mech, &oid_ntlmssp))
        return GSS_S_COMPLETE;
    *minor = said;
    return major;
}

/* NTLM's cipher state would otherwise not be the peer's for the first message. A
 * mechanism that knows no such thing needs none. */
static OM_uint32 reset(OM_uint32 *minor, struct context *context, enum direction direction)
{
    OM_uint32 number = direction, major;
    gss_buffer_desc value = {sizeof(number), &number};

    if (!oid_same(&context->mech, &oid_ntlmssp))
        return GSS_S_COMPLETE;
    major =
        gss_set_sec_context_option(minor, &context->inner, oid_in(&oid_reset_crypto), &value);
    return major == GSS_S_UNAVAILABLE ? GSS_S_COMPLETE : major;
}

OM_uint32 mic_verify(OM_uint32 *minor, struct context *context, struct der_bytes mic)
{
    gss_buffer_desc list = bytes_buffer(context_mech_types(context));
    gss_buffer_desc token = bytes_buffer(mic);
    OM_uint32 major;

    if (context->mic_verified)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_MIC_UNEXPECTED,
                           "there was one before");
    major = gss_verify_mic(minor, context->inner, &list, &token, NULL);
    if (major != GSS_S_COMPLETE)
        return status_fail(minor, GSS_ERROR(major) ? major : GSS_S_BAD_SIG,
                           SPNEGO_ERR_MIC_WRONG, NULL);
    context->mic_verified = true;
    context->mic_wanted = true;
    if (trace_on())
        trace("SPNEGO: the peer's mechListMIC is right");
    return reset(minor, context, RECEIVING);
}

OM_uint32 mic_make(OM_uint32 *minor, struct context *context, gss_buffer_t mic)
{
    gss_buffer_desc list = bytes_buffer(context_mech_types(context));
    OM_uint32 major;

    major = gss_get_mic(minor, context->inner, GSS_C_QOP_DEFAULT, &list, mic);
    if (major != GSS_S_COMPLETE)
        return major;
    context->mic_sent = true;
    return reset(minor, context, SENDING);
}
