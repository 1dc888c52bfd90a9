/* SPDX-License-Identifier: MIT */
/* attribute_name.c - the attributes that are names: who is at either end. */

#include "config.h"

#include "attribute.h"

#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "context_buffer.h"
#include "package.h"
#include "status.h"
#include "unicode.h"

/* What SecPkgContext_DceInfo's pPac is: the client's name (rpcdce.h). */
#define RPC_C_AUTHZ_NAME 1

static SECURITY_STATUS to_block(const char *utf8, size_t length, bool wide, void **text)
{
    char *narrow = NULL;
    WCHAR *units = NULL;
    SECURITY_STATUS status =
        wide ? unicode_buffer_w(utf8, length, &units) : unicode_buffer_a(utf8, length, &narrow);

    *text = wide ? (void *)units : narrow;
    return status;
}

SECURITY_STATUS attribute_text(const char *utf8, bool wide, void **text)
{
    return to_block(utf8, strlen(utf8), wide, text);
}

/* gss-ntlmssp counts the terminator. */
static size_t text_length(const gss_buffer_desc *text)
{
    size_t length = text->length;

    while (length > 0 && !((const char *)text->value)[length - 1])
        length--;
    return length;
}

SECURITY_STATUS attribute_name(gss_name_t name, bool wide, void **text)
{
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;
    SECURITY_STATUS status;

    *text = NULL;
    if (name == GSS_C_NO_NAME)
        return attribute_text("", wide, text);
    major = gss_display_name(&minor, name, &shown, NULL);
    status = status_of(major, minor, GSS_C_NO_OID);
    if (status == SEC_E_OK)
        status = to_block(shown.value ? shown.value : "", text_length(&shown), wide, text);
    gss_release_buffer(&minor, &shown);
    return status;
}

static SECURITY_STATUS client_name(const struct context *context, bool wide, void **text)
{
    gss_name_t client = GSS_C_NO_NAME;
    SECURITY_STATUS status = context_names(context, &client, NULL);
    OM_uint32 minor;

    *text = NULL;
    if (status == SEC_E_OK)
        status = attribute_name(client, wide, text);
    gss_release_name(&minor, &client);
    return status;
}

SECURITY_STATUS attribute_names(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_NamesW *names = buffer; /* as NamesA but for what is pointed to */
    void *text;
    SECURITY_STATUS status = client_name(context, wide, &text);

    if (status == SEC_E_OK)
        names->sUserName = text;
    return status;
}

SECURITY_STATUS attribute_native_names(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_NativeNamesW *names = buffer; /* likewise */
    gss_name_t client = GSS_C_NO_NAME, server = GSS_C_NO_NAME;
    void *client_text = NULL, *server_text = NULL;
    SECURITY_STATUS status = context_names(context, &client, &server);
    OM_uint32 minor;

    if (status == SEC_E_OK)
        status = attribute_name(client, wide, &client_text);
    if (status == SEC_E_OK)
        status = attribute_name(server, wide, &server_text);
    if (status == SEC_E_OK) {
        names->sClientName = client_text;
        names->sServerName = server_text;
    } else {
        context_buffer_free(client_text);
    }
    gss_release_name(&minor, &client);
    gss_release_name(&minor, &server);
    return status;
}

SECURITY_STATUS attribute_dce_info(struct context *context, bool wide, void *buffer)
{
    SecPkgContext_DceInfo *info = buffer;
    void *text;
    SECURITY_STATUS status = client_name(context, wide, &text);

    if (status == SEC_E_OK) {
        info->AuthzSvc = RPC_C_AUTHZ_NAME;
        info->pPac = text;
    }
    return status;
}

/* The SPN in a service's principal, `service/host@REALM`. */
static void cut_realm(gss_buffer_t principal)
{
    const char *text = principal->value;
    size_t at = principal->length;

    while (at > 0 && text[at - 1] != '@')
        at--;
    if (at > 0 && memchr(text, '/', at))
        principal->length = at - 1;
}

/* The ticket says which service the client meant, whatever name of ours the
 * key was under. */
static SECURITY_STATUS ticket_target(const struct context *context, WCHAR **text)
{
    gss_buffer_desc shown = GSS_C_EMPTY_BUFFER;
    gss_name_t server = GSS_C_NO_NAME;
    SECURITY_STATUS status = context_names(context, NULL, &server);
    OM_uint32 major, minor;

    if (status == SEC_E_OK && server != GSS_C_NO_NAME) {
        major = gss_display_name(&minor, server, &shown, NULL);
        status = status_of(major, minor, GSS_C_NO_OID);
    }
    if (status == SEC_E_OK && shown.length == 0)
        status = SEC_E_TARGET_UNKNOWN;
    if (status == SEC_E_OK) {
        cut_realm(&shown);
        status = unicode_buffer_w(shown.value, shown.length, text);
    }
    gss_release_buffer(&minor, &shown);
    gss_release_name(&minor, &server);
    return status;
}

/* NTLM's AUTHENTICATE says it, and the module that took it has it as an
 * attribute of the client's name (RFC 6680). */
static SECURITY_STATUS name_target(const struct context *context, WCHAR **text)
{
    static char target_name[] = "target-name";
    gss_buffer_desc attribute = {sizeof(target_name) - 1, target_name};
    gss_buffer_desc value = GSS_C_EMPTY_BUFFER;
    gss_name_t client = GSS_C_NO_NAME;
    SECURITY_STATUS status = context_names(context, &client, NULL);
    OM_uint32 major, minor;
    int more = -1;

    if (status == SEC_E_OK) {
        major =
            gss_get_name_attribute(&minor, client, &attribute, NULL, NULL, &value, NULL, &more);
        status = status_of(major, minor, package_of(PACKAGE_NTLM)->mech);
        if (status == SEC_E_OK)
            status = unicode_buffer_w(value.value, value.length, text);
        else if (status != SEC_E_INSUFFICIENT_MEMORY)
            status = SEC_E_TARGET_UNKNOWN;
    }
    gss_release_buffer(&minor, &value);
    gss_release_name(&minor, &client);
    return status;
}

SECURITY_STATUS attribute_client_specified_target(struct context *context, bool wide,
                                                  void *buffer)
{
    SecPkgContext_ClientSpecifiedTarget *target = buffer;
    WCHAR *text = NULL;
    SECURITY_STATUS status;

    (void)wide; /* the structure has one form */
    if (context->initiator && !context->target)
        return SEC_E_TARGET_UNKNOWN;
    if (context->initiator)
        status = unicode_buffer_w(context->target, strlen(context->target), &text);
    else if (context->stage != CONTEXT_COMPLETE)
        status = SEC_E_INVALID_HANDLE;
    else if (context->chosen == package_of(PACKAGE_NTLM))
        status = name_target(context, &text);
    else
        status = ticket_target(context, &text);
    if (status == SEC_E_OK)
        target->sTargetName = text;
    return status;
}
