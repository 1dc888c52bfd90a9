/* SPDX-License-Identifier: MIT */
/* initiate.c - InitializeSecurityContext. What it shares with
 * AcceptSecurityContext is in establish.c. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "credential_acquire.h"
#include "establish.h"
#include "flags.h"
#include "negotiate.h"
#include "status.h"
#include "target.h"
#include "unicode.h"

/* Is an identity's structure, whose first word says which one it is, entirely
 * in the buffer? Its strings may be elsewhere. */
static bool holds_identity(const SecBuffer *buffer)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 ex2;
    ULONG kind;

    if (!buffer || !buffer->pvBuffer || buffer->cbBuffer < sizeof(kind))
        return false;
    memcpy(&kind, buffer->pvBuffer, sizeof(kind));
    if (kind == SEC_WINNT_AUTH_IDENTITY_VERSION)
        return buffer->cbBuffer >= sizeof(SEC_WINNT_AUTH_IDENTITY_EXW);
    if (kind != SEC_WINNT_AUTH_IDENTITY_VERSION_2)
        return buffer->cbBuffer >= sizeof(SEC_WINNT_AUTH_IDENTITY_W);
    if (buffer->cbBuffer < sizeof(ex2))
        return false;
    memcpy(&ex2, buffer->pvBuffer, sizeof(ex2));
    return ex2.cbStructureLength <= buffer->cbBuffer;
}

/* ISC_REQ_USE_SUPPLIED_CREDS: the package is the CredHandle's, the identity is
 * in the input. */
static SECURITY_STATUS use_supplied(struct context *context, const struct establish *call)
{
    const SecBuffer *params = buffer_find(call->input, SECBUFFER_PKG_PARAMS);
    struct credential *credential = NULL;
    struct identity *identity = NULL;
    SECURITY_STATUS status = SEC_E_NO_CREDENTIALS;

    if (!params)
        return status;
    status = holds_identity(params) ? identity_read(params->pvBuffer, &identity)
                                    : SEC_E_UNKNOWN_CREDENTIALS;
    if (status == SEC_E_OK)
        status = credential_make(context->package, NULL, SECPKG_CRED_OUTBOUND, identity,
                                 &credential);
    if (status == SEC_E_OK) {
        context_set_credential(context, credential);
        object_release(&credential->object);
    }
    identity_release(identity);
    return status;
}

static SECURITY_STATUS set_target(struct context *context, const char *target)
{
    if (target) {
        unicode_free(context->target);
        context->target = strdup(target);
        if (!context->target)
            return SEC_E_INSUFFICIENT_MEMORY;
    }
    return !context->target && context->package->id == PACKAGE_KERBEROS ? SEC_E_TARGET_UNKNOWN
                                                                        : SEC_E_OK;
}

/* Only with Negotiate a server may speak first. */
static SECURITY_STATUS read_offer(struct context *context, const struct establish *call)
{
    gss_buffer_desc offer;

    if (!buffer_token(call->input, &offer))
        return negotiate_limit(context, NULL);
    return context->package->id == PACKAGE_NEGOTIATE ? negotiate_limit(context, &offer)
                                                     : SEC_E_INVALID_TOKEN;
}

static SECURITY_STATUS begin(struct context *context, const struct establish *call,
                             const char *target)
{
    bool anonymous = (call->requested & ISC_REQ_NULL_SESSION) != 0;
    SECURITY_STATUS status;
    OM_uint32 ignored;

    status = flags_from_isc(call->requested, context->package->id, &ignored);
    if (status == SEC_E_OK && !(context->credential->use & SECPKG_CRED_OUTBOUND))
        status = SEC_E_NO_CREDENTIALS;
    if (status == SEC_E_OK && (call->requested & ISC_REQ_USE_SUPPLIED_CREDS))
        status = use_supplied(context, call);
    if (status == SEC_E_OK && !anonymous)
        status = context->credential->initiator_status;
    if (status == SEC_E_OK)
        status = set_target(context, target);
    return status == SEC_E_OK ? read_offer(context, call) : status;
}

/* The package that was negotiated. It is known when the context is complete, and
 * before that when there is no choice or the acceptor has selected it. */
static void note_package(struct context *context, SECURITY_STATUS status,
                         const gss_buffer_desc *input)
{
    const struct package *selected = NULL;
    OM_uint32 minor;
    gss_OID mech;

    if (context->package->id != PACKAGE_NEGOTIATE)
        selected = context->package;
    else if (status != SEC_E_OK)
        selected = negotiate_selected(input);
    else if (gss_inquire_context(&minor, context->gss, NULL, NULL, NULL, &mech, NULL, NULL,
                                 NULL) == GSS_S_COMPLETE)
        selected = package_negotiated(mech);
    if (selected)
        context->chosen = selected;
}

static SECURITY_STATUS call_gss(struct context *context, const struct establish *call,
                                gss_name_t target, gss_channel_bindings_t bindings,
                                gss_buffer_t input, gss_buffer_t token)
{
    gss_OID mech = (gss_OID)(uintptr_t)context->package->mech;
    gss_cred_id_t cred = context->own_cred ? context->own_cred : context->credential->initiator;
    bool answered = context->gss != GSS_C_NO_CONTEXT;
    OM_uint32 major, minor, asked, lifetime = 0;
    SECURITY_STATUS status = flags_from_isc(call->requested, context->package->id, &asked);

    if (status != SEC_E_OK)
        return status;
    major = gss_init_sec_context(&minor, cred, &context->gss, target, mech, asked, 0, bindings,
                                 input, NULL, token, &context->gss_flags, &lifetime);
    status = answered ? status_of_answer(major, minor, mech) : status_of(major, minor, mech);
    /* Nothing but the user's tickets can expire before there is a context. */
    if (status == SEC_E_CONTEXT_EXPIRED && !answered)
        status = SEC_E_NO_CREDENTIALS;
    /* Whatever the mechanism makes of it: MIT's SPNEGO lets an anonymous login pass. */
    if (status == SEC_E_OK &&
        (asked & ~context->gss_flags & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)))
        status = SEC_E_UNSUPPORTED_FUNCTION;
    if (!FAILED(status)) {
        context->attributes = flags_to_isc(context->gss_flags, call->requested);
        context_set_expiry(context, status, lifetime);
        note_package(context, status, input);
    }
    return status;
}

static SECURITY_STATUS step(struct context *context, const struct establish *call,
                            gss_buffer_t token)
{
    struct gss_channel_bindings_struct bindings;
    gss_buffer_desc input = GSS_C_EMPTY_BUFFER;
    gss_name_t target = GSS_C_NO_NAME;
    SECURITY_STATUS status;
    OM_uint32 minor;
    bool bound;

    /* The token of a server that spoke first was read in begin, and GSSAPI does not
     * take it. */
    if (context->gss != GSS_C_NO_CONTEXT && !buffer_token(call->input, &input))
        return SEC_E_INVALID_TOKEN;
    status = buffer_bindings(call->input, &bindings, &bound);
    if (status == SEC_E_OK)
        status = target_import(context->target, &target);
    if (status == SEC_E_OK)
        status = call_gss(context, call, target, bound ? &bindings : GSS_C_NO_CHANNEL_BINDINGS,
                          &input, token);
    gss_release_name(&minor, &target);
    return status;
}

/* A call, from its arguments to its results. target is UTF-8; NULL: none. */
static SECURITY_STATUS initiate(struct establish *call, const char *target)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = establish_enter(call);

    if (status != SEC_E_OK)
        return status;
    if (call->context->stage == CONTEXT_NEW)
        status = begin(call->context, call, target);
    if (status == SEC_E_OK && !call->repeated)
        status = step(call->context, call, &token);
    return establish_leave(call, status, &token);
}

/* The SPN in the input's SECBUFFER_TARGET, for callers that give no
 * pszTargetName. */
static SECURITY_STATUS read_target(const SecBufferDesc *input, bool wide, char **target)
{
    const SecBuffer *buffer = buffer_find(input, SECBUFFER_TARGET);
    size_t unit = wide ? sizeof(WCHAR) : 1, length;

    if (!buffer || !buffer->pvBuffer)
        return SEC_E_OK;
    if (buffer->cbBuffer % unit)
        return SEC_E_INVALID_PARAMETER;
    length = buffer->cbBuffer / unit;
    if (wide) {
        const WCHAR *text = buffer->pvBuffer;
        while (length > 0 && !text[length - 1])
            length--;
        return unicode_to_utf8(text, length, target);
    }
    const char *text = buffer->pvBuffer;
    while (length > 0 && !text[length - 1])
        length--;
    return unicode_copy_utf8(text, length, target);
}

/* Takes over the target, which may be NULL; "" is the same. */
static SECURITY_STATUS find_target(struct establish *call, bool wide, char *target)
{
    SECURITY_STATUS status = SEC_E_OK;

    if (!target)
        status = read_target(call->input, wide, &target);
    status = status == SEC_E_OK ? initiate(call, target && *target ? target : NULL)
                                : establish_refuse(call, status);
    unicode_free(target);
    return status;
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(
    PCredHandle phCredential, PCtxtHandle phContext, SEC_WCHAR *pszTargetName,
    ULONG fContextReq, ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput,
    ULONG Reserved2, PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
    PTimeStamp ptsExpiry)
{
    struct establish call = {.initiator = true,
                             .extended_error = ISC_REQ_EXTENDED_ERROR,
                             .credential_handle = phCredential,
                             .context_handle = phContext,
                             .new_context_handle = phNewContext,
                             .requested = fContextReq,
                             .input = pInput,
                             .output = pOutput,
                             .attributes = pfContextAttr,
                             .expiry = ptsExpiry};
    char *target;
    SECURITY_STATUS status =
        unicode_name_to_utf8(pszTargetName, "the name of a target", &target);

    (void)Reserved1, (void)Reserved2; /* ignored, as Windows does */
    (void)TargetDataRep;              /* no difference for these packages */
    establish_begin(&call);
    return status == SEC_E_OK ? find_target(&call, true, target)
                              : establish_refuse(&call, status);
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(
    PCredHandle phCredential, PCtxtHandle phContext, SEC_CHAR *pszTargetName, ULONG fContextReq,
    ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput, ULONG Reserved2,
    PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
    PTimeStamp ptsExpiry)
{
    struct establish call = {.initiator = true,
                             .extended_error = ISC_REQ_EXTENDED_ERROR,
                             .credential_handle = phCredential,
                             .context_handle = phContext,
                             .new_context_handle = phNewContext,
                             .requested = fContextReq,
                             .input = pInput,
                             .output = pOutput,
                             .attributes = pfContextAttr,
                             .expiry = ptsExpiry};
    char *target;
    SECURITY_STATUS status = unicode_copy_utf8(pszTargetName, UNICODE_TERMINATED, &target);

    (void)Reserved1, (void)Reserved2; /* ignored, as Windows does */
    (void)TargetDataRep;              /* no difference for these packages */
    establish_begin(&call);
    return status == SEC_E_OK ? find_target(&call, false, target)
                              : establish_refuse(&call, status);
}
