/* SPDX-License-Identifier: MIT */
/* accept.c - AcceptSecurityContext; and the two functions for tokens outside of
 * the exchange, which no package here needs. The course of a call is leg.c's. */

#include "config.h"

#include <gssapi/gssapi_ext.h>

#include "buffer.h"
#include "flags.h"
#include "leg.h"
#include "negotiate.h"
#include "status.h"

static SECURITY_STATUS begin(struct context *context, const struct leg *leg)
{
    (void)leg;
    return context->credential->acceptor_status;
}

/* Negotiate's server may speak first, when nothing came from the client. */
static bool speaks_first(const struct context *context, const struct leg *leg,
                         const gss_buffer_desc *input)
{
    return context->stage == CONTEXT_NEW && context->package->id == PACKAGE_NEGOTIATE &&
           input->length == 0 && (!leg->input || buffer_find(leg->input, SECBUFFER_TOKEN));
}

/* Is a first token for this package at all? GSSAPI goes by the token alone, and
 * would miss a credential where the caller meant another package. */
static bool is_ours(const struct context *context, const gss_buffer_desc *input)
{
    const struct package *package = negotiate_package_of(input);

    return package &&
           (package == context->package || context->package->id == PACKAGE_NEGOTIATE);
}

/* ASC_REQ_PROXY_BINDINGS: the client's channel ends at a proxy, whose bindings
 * nobody here knows; there is nothing to compare with. */
static SECURITY_STATUS read_bindings(struct context *context, const struct leg *leg,
                                     struct gss_channel_bindings_struct *bindings,
                                     bool *compare)
{
    SECURITY_STATUS status = buffer_bindings(leg->input, bindings, compare);

    if (leg->requested & ASC_REQ_PROXY_BINDINGS)
        *compare = false;
    if (status == SEC_E_OK && *compare)
        context->bound = true;
    return status;
}

/* Whom the mechanism let in and the caller does not want. A mechanism refuses
 * bindings that differ; those that are missing are a matter of policy. */
static SECURITY_STATUS judge(const struct context *context)
{
    OM_uint32 allowed = flags_from_asc(context->requested);

    if (context->bound && !(context->gss_flags & GSS_C_CHANNEL_BOUND_FLAG) &&
        !(context->requested & ASC_REQ_ALLOW_MISSING_BINDINGS))
        return SEC_E_BAD_BINDINGS;
    if (context->gss_flags & ~allowed & GSS_C_ANON_FLAG)
        return SEC_E_LOGON_DENIED;
    return SEC_E_OK;
}

static void note_package(struct context *context, SECURITY_STATUS status,
                         const gss_buffer_desc *token)
{
    const struct package *picked;
    gss_OID mech = GSS_C_NO_OID;
    OM_uint32 minor;

    gss_inquire_context(&minor, context->gss, NULL, NULL, NULL, &mech, NULL, NULL, NULL);
    picked = package_of_mech(mech);
    if (status != SEC_E_OK && picked == package_of(PACKAGE_NEGOTIATE))
        picked = negotiate_pick(token);
    if (picked)
        context->chosen = picked;
}

/* In DCE's style MIT's Kerberos does not delegate, yet makes the credential and
 * loses its memory: there it is not asked for. */
static bool can_delegate(const gss_buffer_desc *input)
{
    return !negotiate_is_bare(input);
}

/* It is for whoever impersonates the client. That there is one is only said when
 * there is. Takes over *delegated. */
static SECURITY_STATUS keep(struct context *context, gss_cred_id_t *delegated)
{
    if (*delegated == GSS_C_NO_CREDENTIAL || !context->chosen) {
        context->gss_flags &= ~(OM_uint32)GSS_C_DELEG_FLAG;
        return SEC_E_OK;
    }
    context->delegation = delegation_new(context->chosen, delegated);
    return context->delegation ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS call_gss(struct context *context, const struct leg *leg,
                                gss_channel_bindings_t bindings, gss_buffer_t input,
                                gss_buffer_t token)
{
    gss_cred_id_t delegated = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, minor, lifetime = 0;
    SECURITY_STATUS status;

    major = gss_accept_sec_context(&minor, &context->gss, context->credential->acceptor, input,
                                   bindings, NULL, NULL, token, &context->gss_flags, &lifetime,
                                   can_delegate(input) ? &delegated : NULL);
    status = status_of(major, minor, context->package->mech);
    if (!FAILED(status))
        note_package(context, status, token);
    if (status == SEC_E_OK) {
        status = judge(context);
        if (status == SEC_E_OK)
            status = keep(context, &delegated);
        if (FAILED(status))
            gss_release_buffer(&minor, token); /* it says yes */
    }
    if (!FAILED(status)) {
        context->attributes = flags_to_asc(context->gss_flags, leg->requested);
        leg_set_expiry(context, status, lifetime);
    }
    gss_release_cred(&minor, &delegated);
    return status;
}

static SECURITY_STATUS step(struct context *context, const struct leg *leg, gss_buffer_t token)
{
    struct gss_channel_bindings_struct bindings;
    gss_buffer_desc input;
    SECURITY_STATUS status;
    OM_uint32 minor;
    bool compare, hints;

    leg_input(leg, &input);
    hints = speaks_first(context, leg, &input);
    if (!hints &&
        (input.length == 0 || (context->gss == GSS_C_NO_CONTEXT && !is_ours(context, &input))))
        return SEC_E_INVALID_TOKEN;
    status = read_bindings(context, leg, &bindings, &compare);
    if (status != SEC_E_OK)
        return status;
    status =
        call_gss(context, leg, compare ? &bindings : GSS_C_NO_CHANNEL_BINDINGS, &input, token);
    /* The offer was a hint: the client's first token may be of any kind, and
     * begins a context of GSSAPI's by itself. */
    if (hints)
        gss_delete_sec_context(&minor, &context->gss, GSS_C_NO_BUFFER);
    return status;
}

static const struct leg_side acceptor = {false, ASC_REQ_EXTENDED_ERROR, begin, step};

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq,
                                                ULONG TargetDataRep, PCtxtHandle phNewContext,
                                                PSecBufferDesc pOutput, ULONG *pfContextAttr,
                                                PTimeStamp ptsExpiry)
{
    struct leg leg = {phCredential, phContext,     phNewContext, fContextReq, pInput,
                      pOutput,      pfContextAttr, ptsExpiry,    NULL};

    (void)TargetDataRep; /* no difference for these packages */
    return leg_run(&acceptor, &leg);
}

/* No package here answers SEC_I_COMPLETE_NEEDED. Who calls this all the same
 * gets what the mechanism says, and success where it has nothing to complete. */
SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc pToken)
{
    struct context *context = context_enter(phContext);
    SecBuffer *buffer = buffer_find(pToken, SECBUFFER_TOKEN);
    SECURITY_STATUS status = SEC_E_INVALID_HANDLE;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;

    if (!context || context->stage == CONTEXT_DEAD)
        goto out;
    status = SEC_E_INVALID_TOKEN;
    if (!buffer)
        goto out;
    if (buffer->pvBuffer) {
        token.length = buffer->cbBuffer;
        token.value = buffer->pvBuffer;
    }
    status = SEC_E_OK;
    if (context->gss != GSS_C_NO_CONTEXT) {
        major = gss_complete_auth_token(&minor, context->gss, &token);
        if (major != GSS_S_UNAVAILABLE)
            status = status_of(major, minor, context->package->mech);
    }
out:
    context_leave(context);
    return status;
}

/* For packages that shut down or renegotiate a stream: TLS. */
SECURITY_STATUS SEC_ENTRY ApplyControlToken(PCtxtHandle phContext, PSecBufferDesc pInput)
{
    struct context *context = context_enter(phContext);
    SECURITY_STATUS status = context && context->stage != CONTEXT_DEAD
                                 ? SEC_E_UNSUPPORTED_FUNCTION
                                 : SEC_E_INVALID_HANDLE;

    (void)pInput;
    context_leave(context);
    return status;
}
