/* SPDX-License-Identifier: MIT */
/* name.c - the life of a name: from text, to the mechglue's, to bytes and back. What
 * a name answers is in name_inquire.c. */

#include "config.h"

#include "spnego/name.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "spnego/module.h"
#include "spnego/oids.h"
#include "spnego/status.h"

struct name {
    atomic_uint references;
    _Atomic(gss_name_t) glue; /* the mechglue's; not there: it was not needed yet */
    /* What the mechglue makes it of, in the same piece of memory. No text: it was made
     * elsewhere. */
    gss_OID_desc type; /* no bytes: none was given */
    gss_buffer_desc text;
};

/* RFC 2743 3.2: an exported name begins so, where the mechanism is SPNEGO; then come
 * the text's length in four bytes, and the text. */
static const uint8_t export_header[] = {0x04, 0x01, 0x00, 0x08, 0x06, 0x06,
                                        0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};
#define LENGTH_SIZE 4

static struct name *name_of_handle(gss_name_t handle)
{
    return (struct name *)(void *)handle;
}

static gss_name_t name_handle(struct name *name)
{
    return (gss_name_t)(void *)name;
}

static gss_OID type_of(struct name *name)
{
    return name->type.length > 0 ? &name->type : GSS_C_NO_OID;
}

gss_name_t name_hold(gss_name_t handle)
{
    if (handle)
        atomic_fetch_add_explicit(&name_of_handle(handle)->references, 1, memory_order_relaxed);
    return handle;
}

void name_drop(gss_name_t handle)
{
    struct name *name = name_of_handle(handle);
    gss_name_t glue;
    OM_uint32 ignored;

    if (!name || atomic_fetch_sub_explicit(&name->references, 1, memory_order_acq_rel) != 1)
        return;
    glue = atomic_load(&name->glue);
    if (glue)
        gss_release_name(&ignored, &glue);
    free(name);
}

/* ---- to and from the mechglue's ---- */

static OM_uint32 import_text(OM_uint32 *minor, struct name *name, gss_name_t *out)
{
    return gss_import_name(minor, &name->text, type_of(name), out);
}

/* Of two threads that make it at the same time, one throws its own away. */
OM_uint32 name_glue(OM_uint32 *minor, gss_name_t handle, gss_name_t *out)
{
    struct name *name = name_of_handle(handle);
    gss_name_t made, there = GSS_C_NO_NAME;
    OM_uint32 major, ignored;

    *minor = 0;
    *out = name ? atomic_load(&name->glue) : GSS_C_NO_NAME;
    if (!name || *out)
        return GSS_S_COMPLETE;
    major = import_text(minor, name, &made);
    if (major != GSS_S_COMPLETE)
        return major;
    if (atomic_compare_exchange_strong(&name->glue, &there, made)) {
        *out = made;
    } else {
        gss_release_name(&ignored, &made);
        *out = there;
    }
    return GSS_S_COMPLETE;
}

char *name_realm(gss_name_t glue)
{
    gss_buffer_desc text;
    OM_uint32 ignored;
    const char *at;
    char *realm = NULL;

    if (!glue || gss_display_name(&ignored, glue, &text, NULL) != GSS_S_COMPLETE)
        return NULL;
    at = memrchr(text.value, '@', text.length);
    if (at)
        realm = strndup(at + 1, text.length - (size_t)(at + 1 - (const char *)text.value));
    gss_release_buffer(&ignored, &text);
    return realm;
}

gss_name_t name_for_mech(gss_name_t glue, gss_const_OID mech)
{
    gss_name_t made = GSS_C_NO_NAME;
    OM_uint32 ignored;

    if (gss_canonicalize_name(&ignored, glue, oid_in(mech), &made) != GSS_S_COMPLETE)
        return GSS_C_NO_NAME;
    return made;
}

OM_uint32 name_hand_out(OM_uint32 *minor, OM_uint32 major, gss_name_t *name)
{
    struct name *made;
    OM_uint32 ignored;

    if (major != GSS_S_COMPLETE || !name || !*name)
        return major;
    made = malloc(sizeof(*made));
    if (!made) {
        gss_release_name(&ignored, name);
        return status_no_memory(minor);
    }
    *made = (struct name){.references = 1, .glue = *name};
    *name = name_handle(made);
    return GSS_S_COMPLETE;
}

static OM_uint32 keep_text(OM_uint32 *minor, gss_buffer_t text, gss_OID type, gss_name_t *out)
{
    size_t type_len = type ? type->length : 0;
    struct name *made = malloc(sizeof(*made) + type_len + text->length + 1);
    char *bytes;

    if (!made)
        return status_no_memory(minor);
    bytes = (char *)(made + 1);
    atomic_init(&made->references, 1);
    atomic_init(&made->glue, GSS_C_NO_NAME);
    made->type = (gss_OID_desc){(OM_uint32)type_len, bytes};
    made->text = (gss_buffer_desc){text->length, bytes + type_len};
    if (type_len > 0)
        memcpy(bytes, type->elements, type_len);
    if (text->length > 0)
        memcpy(bytes + type_len, text->value, text->length);
    *out = name_handle(made);
    return GSS_S_COMPLETE;
}

/* ---- from text, and from and to bytes ---- */

static bool is_exported_here(gss_buffer_t name, gss_OID type)
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
    return keep_text(minor, &text, GSS_C_NO_OID, out);
}

/* Bytes that another mechanism exported may be wrong: that is said at once. */
EXPORTED OM_uint32 gssi_import_name(OM_uint32 *minor, gss_buffer_t text, gss_OID type,
                                    gss_name_t *out)
{
    *minor = 0;
    if (is_exported_here(text, type))
        return import_exported(minor, text, out);
    if (oid_same(type, GSS_C_NT_EXPORT_NAME) || oid_same(type, GSS_C_NT_COMPOSITE_EXPORT))
        return name_hand_out(minor, gss_import_name(minor, text, type, out), out);
    return keep_text(minor, text, type, out);
}

EXPORTED OM_uint32 gssi_duplicate_name(OM_uint32 *minor, const gss_name_t handle,
                                       gss_name_t *out)
{
    struct name *name = name_of_handle(handle);

    *minor = 0;
    if (name->text.value)
        return keep_text(minor, &name->text, type_of(name), out);
    return name_hand_out(minor, gss_duplicate_name(minor, name->glue, out), out);
}

EXPORTED OM_uint32 gssi_release_name(OM_uint32 *minor, gss_name_t *handle)
{
    *minor = 0;
    name_drop(*handle);
    *handle = GSS_C_NO_NAME;
    return GSS_S_COMPLETE;
}

/* The same bytes that MIT's gives, or access lists that hold them would change their
 * meaning: SPNEGO's identifier, and the text that is shown. */
EXPORTED OM_uint32 gssi_export_name(OM_uint32 *minor, gss_name_t name, gss_buffer_t out)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_name_t glue;
    OM_uint32 major = name_glue(minor, name, &glue), ignored;
    uint8_t *made, *at;
    size_t size;

    *out = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    if (major == GSS_S_COMPLETE)
        major = gss_display_name(minor, glue, &text, NULL);
    if (major != GSS_S_COMPLETE)
        return major;
    size = sizeof(export_header) + LENGTH_SIZE + text.length;
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
