/* SPDX-License-Identifier: MIT */
/* name_api.c - the GSSAPI functions of names (RFC 2743 2.4, RFC 6680). What a
 * name is lives in name.c; mapping it to a local account in localname.c.
 *
 * Left out on purpose: setting and deleting attributes (a name's attributes
 * are what the logon said, nobody asserts others; the mechglue answers
 * GSS_S_UNAVAILABLE), gss_map_name_to_any (there is no other type to map to)
 * and gssspi_import_name_by_mech (there is one mechanism here). */

#include "config.h"

#include "gss/localname.h"
#include "gss/module.h"
#include "gss/name.h"
#include "gss/status.h"
#include "support/outputs.h"

#include <stdlib.h>
#include <string.h>

#include "support/failure.h"

static OM_uint32 give_name(OM_uint32 *minor, enum ntlm_error error, struct name *name,
                           gss_name_t *out)
{
    *out = (gss_name_t)name;
    return status_of(minor, error);
}

/* Takes the text over. MIT's gss_release_buffer frees nothing that has no length. */
static OM_uint32 give_text(OM_uint32 *minor, char *text, gss_buffer_t out)
{
    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (!text)
        return status_of(minor, fail(NTLM_ERR_OUT_OF_MEMORY, NULL));
    if (*text)
        *out = (gss_buffer_desc){.length = strlen(text), .value = text};
    else
        free(text);
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_import_name(OM_uint32 *minor, gss_buffer_t text, gss_OID type,
                                   gss_name_t *out)
{
    struct name *name;
    enum ntlm_error error;

    EMPTY(out);
    if (!text || !out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    error = name_import(text->value, text->length, type, &name);
    return give_name(minor, error, name, out);
}

EXPORTED OM_uint32 gss_release_name(OM_uint32 *minor, gss_name_t *input)
{
    if (input) {
        name_free((struct name *)*input);
        *input = GSS_C_NO_NAME;
    }
    return status_of(minor, NTLM_OK);
}

EXPORTED OM_uint32 gss_duplicate_name(OM_uint32 *minor, const gss_name_t input, gss_name_t *out)
{
    EMPTY(out);
    if (!input || !out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    return give_name(minor, NTLM_OK, name_ref((const struct name *)input), out);
}

EXPORTED OM_uint32 gss_compare_name(OM_uint32 *minor, gss_name_t a, gss_name_t b, int *equal)
{
    EMPTY(equal);
    if (!a || !b || !equal)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ,
                               "a name to compare is NULL");
    *equal = name_same((const struct name *)a, (const struct name *)b);
    return status_of(minor, NTLM_OK);
}

/* The type is always given: the mechglue hands it on to SPNEGO's callers, some
 * of which look at it without asking whether it is there. */
EXPORTED OM_uint32 gss_display_name(OM_uint32 *minor, gss_name_t input, gss_buffer_t out,
                                    gss_OID *type)
{
    const struct name *name = (const struct name *)input;
    OM_uint32 major;

    EMPTY(out);
    EMPTY(type);
    if (!name || !out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    major = give_text(minor, name_text(name), out);
    if (type && major == GSS_S_COMPLETE)
        *type = oid_out(name_type(name));
    return major;
}

EXPORTED OM_uint32 gss_display_name_ext(OM_uint32 *minor, gss_name_t input, gss_OID type,
                                        gss_buffer_t out)
{
    const struct name *name = (const struct name *)input;

    EMPTY(out);
    if (!name || !out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    if (oid_same(type, name_type(name)))
        return give_text(minor, name_text(name), out);
    if (oid_same(type, &oid_nt_krb5_principal) && name->kind != NAME_ANONYMOUS)
        return give_text(minor, name_spn(name), out);
    return status_as(minor, GSS_S_UNAVAILABLE, fail(NTLM_ERR_BAD_NAME_TYPE, NULL));
}

static OM_uint32 export_as(OM_uint32 *minor, const gss_name_t input, bool composite,
                           gss_buffer_t out)
{
    uint8_t *token;
    size_t len;
    enum ntlm_error error;

    EMPTY(out);
    if (!input || !out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    error = name_export((const struct name *)input, composite, &token, &len);
    *out = (gss_buffer_desc){len, token};
    return status_of(minor, error);
}

EXPORTED OM_uint32 gss_export_name(OM_uint32 *minor, const gss_name_t input, gss_buffer_t out)
{
    return export_as(minor, input, false, out);
}

EXPORTED OM_uint32 gss_export_name_composite(OM_uint32 *minor, gss_name_t input,
                                             gss_buffer_t out)
{
    return export_as(minor, input, true, out);
}

EXPORTED OM_uint32 gss_inquire_names_for_mech(OM_uint32 *minor, gss_OID mech, gss_OID_set *out)
{
    static const gss_OID_desc *const types[] = {
        &oid_nt_user_name,         &oid_nt_machine_uid_name,    &oid_nt_string_uid_name,
        &oid_nt_hostbased_service, &oid_nt_hostbased_service_x, &oid_nt_anonymous,
        &oid_nt_export_name,       &oid_nt_composite_export,    &oid_nt_krb5_principal,
        &oid_nt_krb5_enterprise,
    };

    EMPTY(out);
    if (!out)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the pointer for the name types is NULL");
    if (mech && !oid_same(mech, &oid_ntlmssp))
        return status_as(minor, GSS_S_BAD_MECH, NTLM_OK);
    if (oid_set_of(out, types, sizeof(types) / sizeof(types[0])) != GSS_S_COMPLETE)
        return status_of(minor, fail(NTLM_ERR_OUT_OF_MEMORY, NULL));
    return status_of(minor, NTLM_OK);
}

/* Each attribute's name once. False when memory runs out. */
static bool list_attributes(const struct name *name, gss_buffer_set_t *attributes)
{
    *attributes = calloc(1, sizeof(**attributes));
    if (!*attributes)
        return false;
    for (size_t i = 0; i < name->attribute_count; i++) {
        const char *attribute = name->attributes[i].attribute;
        if (i && strcmp(attribute, name->attributes[i - 1].attribute) == 0)
            continue;
        if (buffer_set_add(*attributes, attribute, strlen(attribute)) != GSS_S_COMPLETE) {
            buffer_set_free(attributes);
            return false;
        }
    }
    return true;
}

EXPORTED OM_uint32 gss_inquire_name(OM_uint32 *minor, gss_name_t input, int *is_mn,
                                    gss_OID *mech, gss_buffer_set_t *attributes)
{
    const struct name *name = (const struct name *)input;

    EMPTY(is_mn);
    EMPTY(mech);
    EMPTY(attributes);
    if (!name)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ, "the name is NULL");
    if (attributes && !list_attributes(name, attributes))
        return status_of(minor, fail(NTLM_ERR_OUT_OF_MEMORY, NULL));
    if (is_mn)
        *is_mn = 1;
    if (mech)
        *mech = oid_out(&oid_ntlmssp);
    return status_of(minor, NTLM_OK);
}

static bool is_text(gss_buffer_t buffer, const char *text)
{
    return buffer->length == strlen(text) &&
           (buffer->length == 0 || memcmp(buffer->value, text, buffer->length) == 0);
}

/* The index of the first value at `from` or behind it; -1: there is none. */
static int find_value(const struct name *name, gss_buffer_t wanted, int from)
{
    for (int i = from; (size_t)i < name->attribute_count; i++)
        if (is_text(wanted, name->attributes[i].attribute))
            return i;
    return -1;
}

/* Either buffer may be NULL. */
static OM_uint32 give_value(const struct name_attribute *found, gss_buffer_t value,
                            gss_buffer_t display)
{
    const char *text = found->display ? found->display : "";

    if (value && buffer_of(value, found->value, found->value_len) != GSS_S_COMPLETE)
        return GSS_S_FAILURE;
    if (!display || buffer_of(display, text, strlen(text)) == GSS_S_COMPLETE)
        return GSS_S_COMPLETE;
    if (value) {
        free(value->value);
        *value = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    }
    return GSS_S_FAILURE;
}

/* When gss_localname fails, the mechglue takes this attribute for the local account,
 * and returns the status of asking for it. So no name has the attribute, whatever an
 * imported token says, and the status is gss_localname's. */
#define LOCAL_LOGIN_USER "local-login-user"

static OM_uint32 give_no_value(OM_uint32 *minor, const struct name *name, gss_buffer_t wanted)
{
    enum ntlm_error error;

    if (!is_text(wanted, LOCAL_LOGIN_USER))
        return status_of(minor, fail(NTLM_ERR_NO_ATTRIBUTE, NULL));
    error = local_name_refusal(name);
    return error == NTLM_ERR_NO_LOCAL_USER ? status_as(minor, GSS_S_UNAVAILABLE, error)
                                           : status_of(minor, error);
}

/* *more says where to go on: -1 for the first value, 0 for "there are no more". It
 * is 0 after a failure too, or the mechglue, when it copies attributes to another
 * mechanism's name, would ask again for ever. */
EXPORTED OM_uint32 gss_get_name_attribute(OM_uint32 *minor, gss_name_t input,
                                          gss_buffer_t attribute, int *authenticated,
                                          int *complete, gss_buffer_t value,
                                          gss_buffer_t display, int *more)
{
    const struct name *name = (const struct name *)input;
    int index, next, from = more && *more > 0 ? *more : 0;

    EMPTY(authenticated);
    EMPTY(complete);
    EMPTY(value);
    EMPTY(display);
    EMPTY(more);
    if (!name || !buffer_readable(attribute) || !more)
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_READ,
                               "the name, the attribute or the counter is NULL");
    index = find_value(name, attribute, from);
    if (index < 0 || is_text(attribute, LOCAL_LOGIN_USER))
        return give_no_value(minor, name, attribute);
    if (give_value(&name->attributes[index], value, display) != GSS_S_COMPLETE)
        return status_of(minor, fail(NTLM_ERR_OUT_OF_MEMORY, NULL));
    if (authenticated)
        *authenticated = name->attributes[index].authenticated;
    if (complete)
        *complete = name->attributes[index].complete;
    next = find_value(name, attribute, index + 1);
    if (next > 0)
        *more = next;
    return status_of(minor, NTLM_OK);
}
