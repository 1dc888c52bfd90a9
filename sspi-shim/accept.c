/* SPDX-License-Identifier: MIT */
/* accept.c - AcceptSecurityContext, and the two functions for tokens outside of
 * the exchange, CompleteAuthToken and ApplyControlToken, which no package here
 * needs. What accepting shares with InitializeSecurityContext is in
 * establish.c. */

#include "config.h"

#include <gssapi/gssapi_ext.h>

#include "buffer.h"
#include "establish.h"
#include "flags.h"
#include "negotiate.h"
#include "ntlm.h"
#include "status.h"

/* With Negotiate the server may speak first: the call has no token then. */
static bool speaks_first(const struct context *context, const struct establish *call,
                         const gss_buffer_desc *input)
{
    return context->stage == CONTEXT_NEW && context->package->id == PACKAGE_NEGOTIATE &&
           input->length == 0 && (!call->input || buffer_find(call->input, SECBUFFER_TOKEN));
}

/* Is a first token for the caller's package? GSSAPI goes by the token alone, and
 * would only say that it has no credential for another one. */
static bool is_ours(const struct context *context, const gss_buffer_desc *input)
{
    const struct package *package = negotiate_package_of(input);

    return package &&
           (package == context->package || context->package->id == PACKAGE_NEGOTIATE);
}

/* ASC_REQ_PROXY_BINDINGS: the client's channel ends at a proxy, so there are no
 * bindings to compare with. */
static SECURITY_STATUS read_bindings(struct context *context, const struct establish *call,
                                     struct gss_channel_bindings_struct *bindings,
                                     bool *compare)
{
    SECURITY_STATUS status = buffer_bindings(call->input, bindings, compare);

    if (call->requested & ASC_REQ_PROXY_BINDINGS)
        *compare = false;
    if (status == SEC_E_OK && *compare)
        context->bound = true;
    return status;
}

/* What the caller does not accept although the mechanism did. Mechanisms refuse
 * bindings that differ; whether they may be missing is the caller's policy. */
static SECURITY_STATUS check_policy(struct context *context)
{
    OM_uint32 allowed = flags_from_asc(context->requested);

    if (context->bound && !(context->gss_flags & GSS_C_CHANNEL_BOUND_FLAG) &&
        !(context->requested & ASC_REQ_ALLOW_MISSING_BINDINGS)) {
        ntlm_record_refusal(context, "the client sent no channel bindings, and the program "
                                     "asked for no ASC_REQ_ALLOW_MISSING_BINDINGS");
        return SEC_E_BAD_BINDINGS;
    }
    if (context->gss_flags & ~allowed & GSS_C_ANON_FLAG) {
        ntlm_record_refusal(context, "the client is anonymous, and the program asked for no "
                                     "ASC_REQ_ALLOW_NULL_SESSION");
        return SEC_E_LOGON_DENIED;
    }
    return SEC_E_OK;
}

static void note_package(struct context *context, SECURITY_STATUS status,
                         const gss_buffer_desc *token)
{
    const struct package *selected;
    gss_OID mech = GSS_C_NO_OID;
    OM_uint32 minor;

    gss_inquire_context(&minor, context->gss, NULL, NULL, NULL, &mech, NULL, NULL, NULL);
    selected = package_negotiated(mech);
    if (status != SEC_E_OK && selected == package_of(PACKAGE_NEGOTIATE))
        selected = negotiate_selected(token);
    if (selected)
        context->chosen = selected;
}

/* With GSS_C_DCE_STYLE, whose first token is a bare AP-REQ, MIT's Kerberos does not
 * delegate but leaks a credential: it is not asked for one. */
static bool can_delegate(const gss_buffer_desc *input)
{
    return !negotiate_is_ap_req(input);
}

/* Keeps what the client delegated for a thread that impersonates the client.
 * ASC_RET_DELEGATE is only said when there is something. Takes over
 * *delegated. */
static SECURITY_STATUS keep_delegated(struct context *context, gss_cred_id_t *delegated)
{
    if (*delegated == GSS_C_NO_CREDENTIAL || !context->chosen) {
        context->gss_flags &= ~(OM_uint32)GSS_C_DELEG_FLAG;
        return SEC_E_OK;
    }
    context->delegation = delegation_new(context->chosen, delegated);
    return context->delegation ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

static SECURITY_STATUS call_gss(struct context *context, const struct establish *call,
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
        status = check_policy(context);
        if (status == SEC_E_OK)
            status = keep_delegated(context, &delegated);
        if (FAILED(status))
            gss_release_buffer(&minor, token); /* it says that the client is accepted */
    }
    if (!FAILED(status)) {
        context->attributes = flags_to_asc(context->gss_flags, call->requested);
        context_set_expiry(context, status, lifetime);
    }
    gss_release_cred(&minor, &delegated);
    return status;
}

static SECURITY_STATUS step(struct context *context, const struct establish *call,
                            gss_buffer_t token)
{
    struct gss_channel_bindings_struct bindings;
    gss_buffer_desc input;
    SECURITY_STATUS status;
    OM_uint32 minor;
    bool compare, hints;

    buffer_token(call->input, &input);
    hints = speaks_first(context, call, &input);
    if (!hints &&
        (input.length == 0 || (context->gss == GSS_C_NO_CONTEXT && !is_ours(context, &input))))
        return SEC_E_INVALID_TOKEN;
    status = read_bindings(context, call, &bindings, &compare);
    if (status != SEC_E_OK)
        return status;
    status =
        call_gss(context, call, compare ? &bindings : GSS_C_NO_CHANNEL_BINDINGS, &input, token);
    /* NegTokenInit2 is only a hint: the client's first token may be of any mechanism,
     * and begins a new context of GSSAPI. */
    if (hints)
        gss_delete_sec_context(&minor, &context->gss, GSS_C_NO_BUFFER);
    return status;
}

/* A call, from its arguments to its results. */
static SECURITY_STATUS accept(struct establish *call)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = establish_enter(call);

    if (status != SEC_E_OK)
        return status;
    if (call->context->stage == CONTEXT_NEW)
        status = call->context->credential->acceptor_status;
    if (status == SEC_E_OK && !call->repeated)
        status = step(call->context, call, &token);
    return establish_leave(call, status, &token);
}

SECURITY_STATUS SEC_ENTRY AcceptSecurityContext(PCredHandle phCredential, PCtxtHandle phContext,
                                                PSecBufferDesc pInput, ULONG fContextReq,
                                                ULONG TargetDataRep, PCtxtHandle phNewContext,
                                                PSecBufferDesc pOutput, ULONG *pfContextAttr,
                                                PTimeStamp ptsExpiry)
{
    struct establish call = {.initiator = false,
                             .extended_error = ASC_REQ_EXTENDED_ERROR,
                             .credential_handle = phCredential,
                             .context_handle = phContext,
                             .new_context_handle = phNewContext,
                             .requested = fContextReq,
                             .input = pInput,
                             .output = pOutput,
                             .attributes = pfContextAttr,
                             .expiry = ptsExpiry};

    (void)TargetDataRep; /* no difference for these packages */
    establish_begin(&call);
    return accept(&call);
}

/* No package here returns SEC_I_COMPLETE_NEEDED. A caller that calls this all the
 * same gets the mechanism's status, or success where the mechanism has nothing to
 * complete. */
SECURITY_STATUS SEC_ENTRY CompleteAuthToken(PCtxtHandle phContext, PSecBufferDesc pToken)
{
    struct context *context = context_enter(phContext);
    SECURITY_STATUS status = SEC_E_INVALID_HANDLE;
    gss_buffer_desc token;
    OM_uint32 major, minor;

    if (!context || context->stage == CONTEXT_DEAD)
        goto out;
    status = SEC_E_INVALID_TOKEN;
    if (!buffer_find(pToken, SECBUFFER_TOKEN))
        goto out;
    buffer_token(pToken, &token);
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
