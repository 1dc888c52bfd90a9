/* SPDX-License-Identifier: MIT */
/* name.c - SPNEGO's names are the mechglue's: a mechanism takes from one what it
 * needs. Only an exported one is SPNEGO's own. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/context.h"
#include "spnego/module.h"
#include "spnego/oids.h"
#include "spnego/status.h"

/* RFC 2743 3.2: an exported name begins so, where the mechanism is SPNEGO; then come
 * the text's length in four bytes, and the text. */
static const uint8_t export_header[] = {0x04, 0x01, 0x00, 0x08, 0x06, 0x06,
                                        0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};
#define LENGTH_SIZE 4

static bool is_exported(gss_buffer_t name, gss_OID type)
{
    return oid_same(type, GSS_C_NT_EXPORT_NAME) && name->length >= sizeof(export_header) &&
           memcmp(name->value, export_header, sizeof(export_header)) == 0;
}

/* The text is imported without a type, as MIT's mechglue does it for mechanisms that
 * have no exported form of their own. */
static OM_uint32 import_exported(OM_uint32 *minor, gss_buffer_t exported, gss_name_t *out)
{
    const uint8_t *length = (const uint8_t *)exported->value + sizeof(export_header);
    size_t left = exported->length - sizeof(export_header), len = 0;
    gss_buffer_desc text;

    if (left >= LENGTH_SIZE)
        len = (size_t)length[0] << 24 | (size_t)length[1] << 16 | (size_t)length[2] << 8 |
              length[3];
    if (left < LENGTH_SIZE || len != left - LENGTH_SIZE)
        return status_fail(minor, GSS_S_BAD_NAME, SPNEGO_ERR_BAD_NAME, NULL);
    text = (gss_buffer_desc){len, (void *)(uintptr_t)(length + LENGTH_SIZE)};
    return gss_import_name(minor, &text, GSS_C_NO_OID, out);
}

EXPORTED OM_uint32 gssi_import_name(OM_uint32 *minor, gss_buffer_t text, gss_OID type,
                                    gss_name_t *out)
{
    if (is_exported(text, type))
        return import_exported(minor, text, out);
    return gss_import_name(minor, text, type, out);
}

/* The same bytes that MIT's gives, or access lists that hold them would change their
 * meaning: SPNEGO's identifier, and the text that is shown. */
EXPORTED OM_uint32 gssi_export_name(OM_uint32 *minor, gss_name_t name, gss_buffer_t out)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 major = gss_display_name(minor, name, &text, NULL), ignored;
    size_t size = sizeof(export_header) + LENGTH_SIZE + text.length;
    uint8_t *made, *at;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (major != GSS_S_COMPLETE)
        return major;
    made = malloc(size);
    if (made) {
        memcpy(made, export_header, sizeof(export_header));
        at = made + sizeof(export_header);
        for (int shift = 24; shift >= 0; shift -= 8)
            *at++ = (uint8_t)(text.length >> shift);
        if (text.length > 0)
            memcpy(at, text.value, text.length);
        *out = (gss_buffer_desc){size, made};
    }
    gss_release_buffer(&ignored, &text);
    return made ? GSS_S_COMPLETE : status_no_memory(minor);
}

EXPORTED OM_uint32 gssi_release_name(OM_uint32 *minor, gss_name_t *name)
{
    return gss_release_name(minor, name);
}

EXPORTED OM_uint32 gssi_duplicate_name(OM_uint32 *minor, const gss_name_t name, gss_name_t *out)
{
    return gss_duplicate_name(minor, name, out);
}

EXPORTED OM_uint32 gssi_compare_name(OM_uint32 *minor, gss_name_t one, gss_name_t other,
                                     int *equal)
{
    return gss_compare_name(minor, one, other, equal);
}

EXPORTED OM_uint32 gssi_display_name(OM_uint32 *minor, gss_name_t name, gss_buffer_t text,
                                     gss_OID *type)
{
    return gss_display_name(minor, name, text, type);
}

EXPORTED OM_uint32 gssi_display_name_ext(OM_uint32 *minor, gss_name_t name, gss_OID as_type,
                                         gss_buffer_t text)
{
    return gss_display_name_ext(minor, name, as_type, text);
}

EXPORTED OM_uint32 gssi_inquire_name(OM_uint32 *minor, gss_name_t name, int *is_mech_name,
                                     gss_OID *mech, gss_buffer_set_t *attributes)
{
    return gss_inquire_name(minor, name, is_mech_name, mech, attributes);
}

EXPORTED OM_uint32 gssi_get_name_attribute(OM_uint32 *minor, gss_name_t name,
                                           gss_buffer_t attribute, int *authenticated,
                                           int *complete, gss_buffer_t value,
                                           gss_buffer_t shown, int *more)
{
    return gss_get_name_attribute(minor, name, attribute, authenticated, complete, value, shown,
                                  more);
}

EXPORTED OM_uint32 gssi_set_name_attribute(OM_uint32 *minor, gss_name_t name, int complete,
                                           gss_buffer_t attribute, gss_buffer_t value)
{
    return gss_set_name_attribute(minor, name, complete, attribute, value);
}

EXPORTED OM_uint32 gssi_delete_name_attribute(OM_uint32 *minor, gss_name_t name,
                                              gss_buffer_t attribute)
{
    return gss_delete_name_attribute(minor, name, attribute);
}

EXPORTED OM_uint32 gssi_export_name_composite(OM_uint32 *minor, gss_name_t name,
                                              gss_buffer_t out)
{
    return gss_export_name_composite(minor, name, out);
}

EXPORTED OM_uint32 gssi_map_name_to_any(OM_uint32 *minor, gss_name_t name, int authenticated,
                                        gss_buffer_t type, gss_any_t *out)
{
    return gss_map_name_to_any(minor, name, authenticated, type, out);
}

EXPORTED OM_uint32 gssi_release_any_name_mapping(OM_uint32 *minor, gss_name_t name,
                                                 gss_buffer_t type, gss_any_t *mapping)
{
    return gss_release_any_name_mapping(minor, name, type, mapping);
}

EXPORTED OM_uint32 gssi_localname(OM_uint32 *minor, const gss_name_t name, gss_const_OID mech,
                                  gss_buffer_t out)
{
    (void)mech; /* SPNEGO; the name knows its own */
    return gss_localname(minor, name, GSS_C_NO_OID, out);
}

/* By the rules of the name's own mechanism. */
EXPORTED OM_uint32 gssi_authorize_localname(OM_uint32 *minor, const gss_name_t name,
                                            gss_const_buffer_t user, gss_const_OID user_type)
{
    gss_buffer_desc text = *user;
    gss_name_t user_name;
    OM_uint32 major, ignored;

    major = gss_import_name(minor, &text, oid_in(user_type), &user_name);
    if (major != GSS_S_COMPLETE)
        return major;
    major = gss_authorize_localname(minor, name, user_name);
    gss_release_name(&ignored, &user_name);
    return major;
}
