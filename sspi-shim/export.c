/* SPDX-License-Identifier: MIT */
/* export.c - ExportSecurityContext and ImportSecurityContext: a complete
 * context moves to another process, or is copied. What is packed is GSSAPI's
 * own token (RFC 2744 5.8), so a GSSAPI program can take it over, too. It holds
 * the session's keys, and not what the client delegated. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi.h>

#include "context.h"
#include "context_buffer.h"
#include "flags.h"
#include "package_query.h"
#include "status.h"
#include "support/outputs.h"
#include "timestamp.h"

#define EXPORT_FLAGS (SECPKG_CONTEXT_EXPORT_RESET_NEW | SECPKG_CONTEXT_EXPORT_DELETE_OLD)

static SECURITY_STATUS may_export(const struct context *context, ULONG flags)
{
    if (flags & ~(ULONG)EXPORT_FLAGS) /* SECPKG_CONTEXT_EXPORT_TO_KERNEL */
        return SEC_E_UNSUPPORTED_FUNCTION;
    /* GSSAPI exports the state as it is: the initial one only before the first
     * message. */
    if ((flags & SECPKG_CONTEXT_EXPORT_RESET_NEW) && context->used)
        return SEC_E_UNSUPPORTED_FUNCTION;
    return SEC_E_OK;
}

/* GSSAPI's export takes the context away. MIT's mechglue loses a mechanism's minor
 * status here, and memory is all that a complete context's export can be short of. */
static SECURITY_STATUS take_token(struct context *context, gss_buffer_t token)
{
    OM_uint32 minor, major = gss_export_sec_context(&minor, &context->gss, token);
    SECURITY_STATUS status = status_of(major, minor, context->package->mech);

    if (GSS_ROUTINE_ERROR(major) == GSS_S_FAILURE && minor == 0)
        status = SEC_E_INSUFFICIENT_MEMORY;
    if (context->gss == GSS_C_NO_CONTEXT)
        context->stage = CONTEXT_DEAD;
    if (status == SEC_E_OK && token->length > UINT32_MAX)
        status = SEC_E_INTERNAL_ERROR;
    return status;
}

static SECURITY_STATUS put_back(struct context *context, gss_buffer_t token)
{
    OM_uint32 minor, major = gss_import_sec_context(&minor, token, &context->gss);

    if (major == GSS_S_COMPLETE)
        context->stage = CONTEXT_COMPLETE;
    return status_of(major, minor, context->package->mech);
}

static SECURITY_STATUS export(struct context *context, bool keep, PSecBuffer packed)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = take_token(context, &token);
    OM_uint32 minor;
    void *copy = NULL;

    if (status == SEC_E_OK && !(copy = context_buffer_copy(token.value, token.length)))
        status = SEC_E_INSUFFICIENT_MEMORY;
    if (token.length > 0 && (keep || status != SEC_E_OK)) {
        SECURITY_STATUS back = put_back(context, &token);
        status = status == SEC_E_OK ? back : status;
    }
    if (status == SEC_E_OK) {
        packed->cbBuffer = (ULONG)token.length;
        packed->pvBuffer = copy;
    } else {
        context_buffer_free(copy);
    }
    if (token.value)
        explicit_bzero(token.value, token.length);
    gss_release_buffer(&minor, &token);
    return status;
}

SECURITY_STATUS SEC_ENTRY ExportSecurityContext(PCtxtHandle phContext, ULONG fFlags,
                                                PSecBuffer pPackedContext, void **pToken)
{
    bool keep = !(fFlags & SECPKG_CONTEXT_EXPORT_DELETE_OLD);
    struct context *context;
    SECURITY_STATUS status;

    EMPTY(pToken); /* there are no access tokens here */
    if (!pPackedContext)
        return SEC_E_INVALID_PARAMETER;
    pPackedContext->cbBuffer = 0;
    pPackedContext->pvBuffer = NULL;
    status = context_enter_complete(phContext, &context);
    if (status == SEC_E_OK)
        status = may_export(context, fFlags);
    if (status == SEC_E_OK)
        status = export(context, keep, pPackedContext);
    context_leave(context);
    if (status == SEC_E_OK && !keep)
        handle_close(phContext, HANDLE_CONTEXT);
    return status;
}

/* What libsspi keeps of a context, as far as GSSAPI knows it. */
static SECURITY_STATUS describe(struct context *context)
{
    OM_uint32 major, minor, lifetime;
    gss_OID mech;
    int initiator, open;

    /* Of an expired context MIT's mechglue does not tell the mechanism. */
    major = gss_inquire_context(&minor, context->gss, NULL, NULL, &lifetime, &mech,
                                &context->gss_flags, &initiator, &open);
    if (major != GSS_S_COMPLETE)
        return status_of(major, minor, context->package->mech);
    context->chosen = package_negotiated(mech);
    context->initiator = initiator;
    if (!initiator) /* what the client delegated stays behind */
        context->gss_flags &= ~(OM_uint32)GSS_C_DELEG_FLAG;
    context->attributes =
        initiator ? flags_to_isc(context->gss_flags, 0) : flags_to_asc(context->gss_flags, 0);
    context->expiry = timestamp_after(lifetime);
    context->stage = CONTEXT_COMPLETE;
    context->used = true; /* for all that is known here */
    if (!open ||
        (context->package->id != PACKAGE_NEGOTIATE && context->chosen != context->package))
        return SEC_E_INVALID_TOKEN;
    return SEC_E_OK;
}

static SECURITY_STATUS import(const struct package *package, const SecBuffer *packed,
                              PCtxtHandle handle)
{
    gss_buffer_desc token;
    struct context *context;
    SECURITY_STATUS status;

    if (!packed || !handle)
        return SEC_E_INVALID_PARAMETER;
    if (!packed->pvBuffer || packed->cbBuffer == 0)
        return SEC_E_INVALID_TOKEN;
    context = context_new(false, package, NULL);
    if (!context)
        return SEC_E_INSUFFICIENT_MEMORY;
    token = (gss_buffer_desc){packed->cbBuffer, packed->pvBuffer};
    status = put_back(context, &token);
    if (status == SEC_E_OK)
        status = describe(context);
    else if (status != SEC_E_INSUFFICIENT_MEMORY)
        status = SEC_E_INVALID_TOKEN; /* mechanisms call it this and that */
    if (status == SEC_E_OK)
        status = handle_open(handle, &context->object);
    if (status != SEC_E_OK)
        object_release(&context->object);
    return status;
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextA(LPSTR pszPackage, PSecBuffer pPackedContext,
                                                 void *Token, PCtxtHandle phContext)
{
    const struct package *package;
    SECURITY_STATUS status = package_find_a(pszPackage, &package);

    (void)Token;
    return status == SEC_E_OK ? import(package, pPackedContext, phContext) : status;
}

SECURITY_STATUS SEC_ENTRY ImportSecurityContextW(LPWSTR pszPackage, PSecBuffer pPackedContext,
                                                 void *Token, PCtxtHandle phContext)
{
    const struct package *package;
    SECURITY_STATUS status = package_find_w(pszPackage, &package);

    (void)Token;
    return status == SEC_E_OK ? import(package, pPackedContext, phContext) : status;
}
