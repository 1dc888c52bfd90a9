/* SPDX-License-Identifier: MIT */
/* name_inquire.c - what a name answers, and its attributes: the mechglue's name does,
 * and asks the mechanism that the name is of. */

#include "config.h"

#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "support/outputs.h"

/* A function whose first parameters are minor and handle, and the same of the
 * mechglue's name. The outputs are emptied where it fails. The arguments are the further
 * parameters' names. */
#define PASS(function, parameters, outputs, ...)                                               \
    EXPORTED OM_uint32 gssi_##function parameters                                              \
    {                                                                                          \
        gss_name_t name;                                                                       \
        OM_uint32 major = name_glue(minor, handle, &name);                                     \
                                                                                               \
        if (major == GSS_S_COMPLETE)                                                           \
            major = gss_##function(minor, name, __VA_ARGS__);                                  \
        if (GSS_ERROR(major))                                                                  \
            outputs;                                                                           \
        return major;                                                                          \
    }

PASS(display_name, (OM_uint32 * minor, gss_name_t handle, gss_buffer_t text, gss_OID *type),
     (EMPTY(text), EMPTY(type)), text, type)

PASS(display_name_ext,
     (OM_uint32 * minor, gss_name_t handle, gss_OID as_type, gss_buffer_t text), (EMPTY(text)),
     as_type, text)

PASS(inquire_name,
     (OM_uint32 * minor, gss_name_t handle, int *is_mech_name, gss_OID *mech,
      gss_buffer_set_t *attributes),
     (EMPTY(is_mech_name), EMPTY(mech), EMPTY(attributes)), is_mech_name, mech, attributes)

PASS(get_name_attribute,
     (OM_uint32 * minor, gss_name_t handle, gss_buffer_t attribute, int *authenticated,
      int *complete, gss_buffer_t value, gss_buffer_t shown, int *more),
     (EMPTY(authenticated), EMPTY(complete), EMPTY(value), EMPTY(shown), EMPTY(more)),
     attribute, authenticated, complete, value, shown, more)

PASS(set_name_attribute,
     (OM_uint32 * minor, gss_name_t handle, int complete, gss_buffer_t attribute,
      gss_buffer_t value),
     (void)0, complete, attribute, value)

PASS(delete_name_attribute, (OM_uint32 * minor, gss_name_t handle, gss_buffer_t attribute),
     (void)0, attribute)

PASS(export_name_composite, (OM_uint32 * minor, gss_name_t handle, gss_buffer_t out),
     (EMPTY(out)), out)

PASS(map_name_to_any,
     (OM_uint32 * minor, gss_name_t handle, int authenticated, gss_buffer_t type,
      gss_any_t *out),
     (EMPTY(out)), authenticated, type, out)

PASS(release_any_name_mapping,
     (OM_uint32 * minor, gss_name_t handle, gss_buffer_t type, gss_any_t *mapping), (void)0,
     type, mapping)

/* The mechanism that the caller names is SPNEGO; the name knows its own. */
PASS(localname,
     (OM_uint32 * minor, const gss_name_t handle, gss_const_OID mech __attribute__((unused)),
      gss_buffer_t out),
     (EMPTY(out)), GSS_C_NO_OID, out)

EXPORTED OM_uint32 gssi_compare_name(OM_uint32 *minor, gss_name_t handle,
                                     gss_name_t other_handle, int *equal)
{
    gss_name_t name, other;
    OM_uint32 major = name_glue(minor, handle, &name);

    EMPTY(equal);
    if (major == GSS_S_COMPLETE)
        major = name_glue(minor, other_handle, &other);
    return major == GSS_S_COMPLETE ? gss_compare_name(minor, name, other, equal) : major;
}

/* By the rules of the name's own mechanism. */
EXPORTED OM_uint32 gssi_authorize_localname(OM_uint32 *minor, const gss_name_t handle,
                                            gss_const_buffer_t user, gss_const_OID user_type)
{
    gss_buffer_desc text = *user;
    gss_name_t name, user_name;
    OM_uint32 major = name_glue(minor, handle, &name), ignored;

    if (major == GSS_S_COMPLETE)
        major = gss_import_name(minor, &text, oid_in(user_type), &user_name);
    if (major != GSS_S_COMPLETE)
        return major;
    major = gss_authorize_localname(minor, name, user_name);
    gss_release_name(&ignored, &user_name);
    return major;
}
