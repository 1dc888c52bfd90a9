/* SPDX-License-Identifier: MIT */
/* initiate.c - InitializeSecurityContext. The course of a call is leg.c's. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buffer.h"
#include "flags.h"
#include "leg.h"
#include "negotiate.h"
#include "status.h"
#include "target.h"
#include "unicode.h"

/* Does a structure that says its kind in its first word fit into the buffer?
 * Its strings are elsewhere, wherever it points. */
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

/* ISC_REQ_USE_SUPPLIED_CREDS: the CredHandle says which package, the buffer
 * who logs in. */
static SECURITY_STATUS use_supplied(struct context *context, const struct leg *leg)
{
    const SecBuffer *params = buffer_find(leg->input, SECBUFFER_PKG_PARAMS);
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
        leg_use(context, credential);
        object_release(&credential->object);
    }
    identity_release(identity);
    return status;
}

static SECURITY_STATUS check_target(struct context *context, const struct leg *leg)
{
    if (leg->target) {
        unicode_free(context->target);
        context->target = strdup(leg->target);
        if (!context->target)
            return SEC_E_INSUFFICIENT_MEMORY;
    }
    return !context->target && context->package->id == PACKAGE_KERBEROS ? SEC_E_TARGET_UNKNOWN
                                                                        : SEC_E_OK;
}

/* Only Negotiate has servers that speak first. */
static SECURITY_STATUS read_offer(struct context *context, const struct leg *leg)
{
    gss_buffer_desc offer;

    if (!leg_input(leg, &offer))
        return negotiate_limit(context, NULL);
    return context->package->id == PACKAGE_NEGOTIATE ? negotiate_limit(context, &offer)
                                                     : SEC_E_INVALID_TOKEN;
}

static SECURITY_STATUS begin(struct context *context, const struct leg *leg)
{
    bool nobody = (leg->requested & ISC_REQ_NULL_SESSION) != 0;
    SECURITY_STATUS status;
    OM_uint32 ignored;

    status = flags_from_isc(leg->requested, context->package->id, &ignored);
    if (status == SEC_E_OK && !(context->credential->use & SECPKG_CRED_OUTBOUND))
        status = SEC_E_NO_CREDENTIALS;
    if (status == SEC_E_OK && (leg->requested & ISC_REQ_USE_SUPPLIED_CREDS))
        status = use_supplied(context, leg);
    if (status == SEC_E_OK && !nobody)
        status = context->credential->initiator_status;
    if (status == SEC_E_OK)
        status = check_target(context, leg);
    return status == SEC_E_OK ? read_offer(context, leg) : status;
}

/* The package that does the work: known when all is done, and before that when
 * there is no choice or the acceptor has said. */
static void note_package(struct context *context, SECURITY_STATUS status,
                         const gss_buffer_desc *input)
{
    const struct package *picked = NULL;
    OM_uint32 minor;
    gss_OID mech;

    if (context->package->id != PACKAGE_NEGOTIATE)
        picked = context->package;
    else if (status != SEC_E_OK)
        picked = negotiate_pick(input);
    else if (gss_inquire_context(&minor, context->gss, NULL, NULL, NULL, &mech, NULL, NULL,
                                 NULL) == GSS_S_COMPLETE)
        picked = package_of_mech(mech);
    if (picked)
        context->chosen = picked;
}

static SECURITY_STATUS call_gss(struct context *context, const struct leg *leg,
                                gss_name_t target, gss_channel_bindings_t bindings,
                                gss_buffer_t input, gss_buffer_t token)
{
    gss_OID mech = (gss_OID)(uintptr_t)context->package->mech;
    gss_cred_id_t cred = context->own ? context->own : context->credential->initiator;
    bool answered = context->gss != GSS_C_NO_CONTEXT;
    OM_uint32 major, minor, asked, lifetime = 0;
    SECURITY_STATUS status = flags_from_isc(leg->requested, context->package->id, &asked);

    if (status != SEC_E_OK)
        return status;
    major = gss_init_sec_context(&minor, cred, &context->gss, target, mech, asked, 0, bindings,
                                 input, NULL, token, &context->gss_flags, &lifetime);
    status = answered ? status_of_answer(major, minor, mech) : status_of(major, minor, mech);
    /* What expired before there was a context is the user's tickets. */
    if (status == SEC_E_CONTEXT_EXPIRED && !answered)
        status = SEC_E_NO_CREDENTIALS;
    if (!FAILED(status)) {
        context->attributes = flags_to_isc(context->gss_flags, leg->requested);
        leg_set_expiry(context, status, lifetime);
        note_package(context, status, input);
    }
    return status;
}

static SECURITY_STATUS step(struct context *context, const struct leg *leg, gss_buffer_t token)
{
    struct gss_channel_bindings_struct bindings;
    gss_buffer_desc input = GSS_C_EMPTY_BUFFER;
    gss_name_t target = GSS_C_NO_NAME;
    SECURITY_STATUS status;
    OM_uint32 minor;
    bool bound;

    /* A server's offer was read in begin; GSSAPI begins without it. */
    if (context->gss != GSS_C_NO_CONTEXT && !leg_input(leg, &input))
        return SEC_E_INVALID_TOKEN;
    status = buffer_bindings(leg->input, &bindings, &bound);
    if (status == SEC_E_OK)
        status = target_import(context->target, &target);
    if (status == SEC_E_OK)
        status = call_gss(context, leg, target, bound ? &bindings : GSS_C_NO_CHANNEL_BINDINGS,
                          &input, token);
    gss_release_name(&minor, &target);
    return status;
}

static const struct leg_side initiator = {true, ISC_REQ_EXTENDED_ERROR, begin, step};

/* An SPN in the input's SECBUFFER_TARGET, for callers that give none by name. */
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

static SECURITY_STATUS initiate(struct leg *leg, bool wide)
{
    SECURITY_STATUS status = SEC_E_OK;

    if (!leg->target)
        status = read_target(leg->input, wide, &leg->target);
    if (leg->target && !*leg->target) {
        unicode_free(leg->target);
        leg->target = NULL;
    }
    if (status == SEC_E_OK)
        status = leg_run(&initiator, leg);
    unicode_free(leg->target);
    return status;
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextW(
    PCredHandle phCredential, PCtxtHandle phContext, SEC_WCHAR *pszTargetName,
    ULONG fContextReq, ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput,
    ULONG Reserved2, PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
    PTimeStamp ptsExpiry)
{
    struct leg leg = {phCredential, phContext,     phNewContext, fContextReq, pInput,
                      pOutput,      pfContextAttr, ptsExpiry,    NULL};
    SECURITY_STATUS status = unicode_to_utf8(pszTargetName, UNICODE_TERMINATED, &leg.target);

    (void)Reserved1, (void)Reserved2; /* ignored, as Windows does */
    (void)TargetDataRep;              /* no difference for these packages */
    return status == SEC_E_OK ? initiate(&leg, true) : status;
}

SECURITY_STATUS SEC_ENTRY InitializeSecurityContextA(
    PCredHandle phCredential, PCtxtHandle phContext, SEC_CHAR *pszTargetName, ULONG fContextReq,
    ULONG Reserved1, ULONG TargetDataRep, PSecBufferDesc pInput, ULONG Reserved2,
    PCtxtHandle phNewContext, PSecBufferDesc pOutput, ULONG *pfContextAttr,
    PTimeStamp ptsExpiry)
{
    struct leg leg = {phCredential, phContext,     phNewContext, fContextReq, pInput,
                      pOutput,      pfContextAttr, ptsExpiry,    NULL};
    SECURITY_STATUS status = unicode_copy_utf8(pszTargetName, UNICODE_TERMINATED, &leg.target);

    (void)Reserved1, (void)Reserved2; /* ignored, as Windows does */
    (void)TargetDataRep;              /* no difference for these packages */
    return status == SEC_E_OK ? initiate(&leg, false) : status;
}
