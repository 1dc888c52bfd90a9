/* SPDX-License-Identifier: MIT */
/* attribute.c - QueryContextAttributes and SetContextAttributes. The attributes
 * that need more than the context's own members are in attribute_name.c and
 * attribute_key.c. */

#include "config.h"

#include "attribute.h"

#include "package_query.h"

#include <string.h>

#include <gssapi/gssapi_ext.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct package *package_in_use(const struct context *context)
{
    return context->chosen ? context->chosen : context->package;
}

static SECURITY_STATUS describe(const struct context *context, bool wide, void **info)
{
    PSecPkgInfoW info_w = NULL;
    PSecPkgInfoA info_a = NULL;
    SECURITY_STATUS status = wide ? package_info_w(package_in_use(context), &info_w)
                                  : package_info_a(package_in_use(context), &info_a);

    *info = wide ? (void *)info_w : info_a;
    return status;
}

static SECURITY_STATUS package_info(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_PackageInfoW *package = buffer; /* as …A but for what is pointed to */
    void *info;
    SECURITY_STATUS status = describe(context, wide, &info);

    if (status == SEC_E_OK)
        package->PackageInfo = info;
    return status;
}

static SECURITY_STATUS negotiation_info(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_NegotiationInfoW *negotiation = buffer; /* likewise */
    void *info;
    SECURITY_STATUS status = describe(context, wide, &info);

    if (status == SEC_E_OK) {
        negotiation->PackageInfo = info;
        negotiation->NegotiationState = context->stage == CONTEXT_COMPLETE
                                            ? SECPKG_NEGOTIATION_COMPLETE
                                            : SECPKG_NEGOTIATION_IN_PROGRESS;
    }
    return status;
}

static SECURITY_STATUS lifespan(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_Lifespan *span = buffer;

    (void)wide;
    span->tsStart = context->start;
    span->tsExpiry = context->expiry;
    return SEC_E_OK;
}

static SECURITY_STATUS flags(struct context *context, bool wide, void *buffer)
{
    (void)wide;
    ((SecPkgContext_Flags *)buffer)->Flags = context->attributes;
    return SEC_E_OK;
}

/* Will the client send another token? SPNEGO decides that by the acceptor's
 * reply; Kerberos sends one alone, two in DCE's style, NTLM always two. */
static SECURITY_STATUS last_client_token(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_LastClientTokenStatus *last = buffer;
    bool dce = (context->gss_flags & GSS_C_DCE_STYLE) != 0;

    (void)wide;
    if (!context->initiator)
        return SEC_E_UNSUPPORTED_FUNCTION;
    if (context->stage == CONTEXT_COMPLETE)
        last->LastClientTokenStatus = SecPkgAttrLastClientTokenYes;
    else if (context->package->id == PACKAGE_NEGOTIATE)
        last->LastClientTokenStatus = SecPkgAttrLastClientTokenMaybe;
    else
        last->LastClientTokenStatus = context->package->id == PACKAGE_KERBEROS && !dce
                                          ? SecPkgAttrLastClientTokenYes
                                          : SecPkgAttrLastClientTokenNo;
    return SEC_E_OK;
}

#define WHOLE(type) sizeof(type), sizeof(type)

/* What is not listed is TLS' or Windows' own: SEC_E_UNSUPPORTED_FUNCTION. */
static const struct attribute {
    ULONG id;
    bool early; /* a half-made context answers, too */
    size_t size;
    size_t emptied; /* so many bytes are zeros after a failure: what is behind them is a
                     * state, of which 0 says that the login is complete */
    attribute_query *query;
} attributes[] = {
    {SECPKG_ATTR_SIZES, false, WHOLE(SecPkgContext_Sizes), attribute_sizes},
    {SECPKG_ATTR_NAMES, false, WHOLE(SecPkgContext_NamesW), attribute_names},
    {SECPKG_ATTR_LIFESPAN, true, WHOLE(SecPkgContext_Lifespan), lifespan},
    {SECPKG_ATTR_DCE_INFO, false, WHOLE(SecPkgContext_DceInfo), attribute_dce_info},
    {SECPKG_ATTR_KEY_INFO, false, WHOLE(SecPkgContext_KeyInfoW), attribute_key_info},
    {SECPKG_ATTR_SESSION_KEY, false, WHOLE(SecPkgContext_SessionKey), attribute_session_key},
    {SECPKG_ATTR_PACKAGE_INFO, true, WHOLE(SecPkgContext_PackageInfoW), package_info},
    {SECPKG_ATTR_NEGOTIATION_INFO, true, sizeof(SecPkgContext_NegotiationInfoW),
     sizeof(PSecPkgInfoW), negotiation_info},
    {SECPKG_ATTR_NATIVE_NAMES, false, WHOLE(SecPkgContext_NativeNamesW),
     attribute_native_names},
    {SECPKG_ATTR_FLAGS, true, WHOLE(SecPkgContext_Flags), flags},
    {SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, true, WHOLE(SecPkgContext_ClientSpecifiedTarget),
     attribute_client_specified_target},
    {SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, true, sizeof(SecPkgContext_LastClientTokenStatus), 0,
     last_client_token},
};

static const struct attribute *find(ULONG id)
{
    for (size_t i = 0; i < COUNT(attributes); i++)
        if (attributes[i].id == id)
            return &attributes[i];
    return NULL;
}

static SECURITY_STATUS ask(struct context *context, const struct attribute *attribute,
                           bool wide, void *buffer, size_t size)
{
    if (!attribute)
        return SEC_E_UNSUPPORTED_FUNCTION;
    if (!attribute->early && context->stage != CONTEXT_COMPLETE)
        return SEC_E_INVALID_HANDLE;
    if (!buffer)
        return SEC_E_INVALID_PARAMETER;
    if (size < attribute->size)
        return SEC_E_BUFFER_TOO_SMALL;
    return attribute->query(context, wide, buffer);
}

static SECURITY_STATUS query(const SecHandle *handle, ULONG id, bool wide, void *buffer,
                             size_t size)
{
    const struct attribute *attribute = find(id);
    struct context *context = context_enter(handle);
    SECURITY_STATUS status = SEC_E_INVALID_HANDLE;

    if (attribute && buffer && size >= attribute->size)
        memset(buffer, 0, attribute->emptied);
    if (context && context->stage != CONTEXT_DEAD)
        status = ask(context, attribute, wide, buffer, size);
    context_leave(context);
    return status;
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute,
                                                  void *pBuffer)
{
    return query(phContext, ulAttribute, true, pBuffer, SIZE_MAX);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute,
                                                  void *pBuffer)
{
    return query(phContext, ulAttribute, false, pBuffer, SIZE_MAX);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesExW(PCtxtHandle phContext, ULONG ulAttribute,
                                                    void *pBuffer, ULONG cbBuffer)
{
    return query(phContext, ulAttribute, true, pBuffer, cbBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryContextAttributesExA(PCtxtHandle phContext, ULONG ulAttribute,
                                                    void *pBuffer, ULONG cbBuffer)
{
    return query(phContext, ulAttribute, false, pBuffer, cbBuffer);
}

/* There is nothing to set: what Windows' packages let callers set is TLS' and
 * Windows' own. */
static SECURITY_STATUS set(const SecHandle *handle)
{
    struct context *context = context_enter(handle);
    SECURITY_STATUS status = context && context->stage != CONTEXT_DEAD
                                 ? SEC_E_UNSUPPORTED_FUNCTION
                                 : SEC_E_INVALID_HANDLE;

    context_leave(context);
    return status;
}

SECURITY_STATUS SEC_ENTRY SetContextAttributesW(PCtxtHandle phContext, ULONG ulAttribute,
                                                void *pBuffer, ULONG cbBuffer)
{
    (void)ulAttribute, (void)pBuffer, (void)cbBuffer;
    return set(phContext);
}

SECURITY_STATUS SEC_ENTRY SetContextAttributesA(PCtxtHandle phContext, ULONG ulAttribute,
                                                void *pBuffer, ULONG cbBuffer)
{
    (void)ulAttribute, (void)pBuffer, (void)cbBuffer;
    return set(phContext);
}
