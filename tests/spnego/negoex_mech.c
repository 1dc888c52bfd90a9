/* SPDX-License-Identifier: MIT */
/* negoex_mech.c - a mechanism module that negotiates by NegoEx, and does nothing but
 * send a first token. */

#include "config.h"

#include <string.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#define EXPORTED __attribute__((visibility("default")))

static char something;

/* No header has it. */
OM_uint32 gssspi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *credential,
                                 const gss_OID option, const gss_buffer_t value);

EXPORTED OM_uint32 gss_acquire_cred(OM_uint32 *minor, gss_name_t name, OM_uint32 lifetime,
                                    gss_OID_set mechs, gss_cred_usage_t usage,
                                    gss_cred_id_t *out, gss_OID_set *actual, OM_uint32 *rec)
{
    (void)name, (void)lifetime, (void)mechs, (void)usage, (void)actual;
    *minor = 0;
    *out = (gss_cred_id_t)(void *)&something;
    if (rec)
        *rec = GSS_C_INDEFINITE;
    return GSS_S_COMPLETE;
}

EXPORTED OM_uint32 gss_release_cred(OM_uint32 *minor, gss_cred_id_t *credential)
{
    *minor = 0;
    *credential = GSS_C_NO_CREDENTIAL;
    return GSS_S_COMPLETE;
}

/* Its own, or the mechglue would find the library's function of this name. */
EXPORTED OM_uint32 gssspi_set_cred_option(OM_uint32 *minor, gss_cred_id_t *credential,
                                          const gss_OID option, const gss_buffer_t value)
{
    (void)credential, (void)option, (void)value;
    *minor = 0;
    return GSS_S_UNAVAILABLE;
}

EXPORTED OM_uint32 gss_import_name(OM_uint32 *minor, gss_buffer_t text, gss_OID type,
                                   gss_name_t *out)
{
    (void)text, (void)type;
    *minor = 0;
    *out = (gss_name_t)(void *)&something;
    return GSS_S_COMPLETE;
}

EXPORTED OM_uint32 gss_release_name(OM_uint32 *minor, gss_name_t *name)
{
    *minor = 0;
    *name = GSS_C_NO_NAME;
    return GSS_S_COMPLETE;
}

EXPORTED OM_uint32 gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential,
                                        gss_ctx_id_t *context, gss_name_t target, gss_OID mech,
                                        OM_uint32 flags, OM_uint32 lifetime,
                                        gss_channel_bindings_t bindings, gss_buffer_t in,
                                        gss_OID *actual, gss_buffer_t out,
                                        OM_uint32 *actual_flags, OM_uint32 *actual_lifetime)
{
    (void)credential, (void)target, (void)mech, (void)flags, (void)lifetime, (void)bindings;
    (void)in, (void)actual, (void)actual_flags, (void)actual_lifetime;
    *minor = 0;
    *context = (gss_ctx_id_t)(void *)&something;
    *out = (gss_buffer_desc){5, strdup("hello")};
    return GSS_S_CONTINUE_NEEDED;
}

EXPORTED OM_uint32 gss_delete_sec_context(OM_uint32 *minor, gss_ctx_id_t *context,
                                          gss_buffer_t out)
{
    (void)out;
    *minor = 0;
    *context = GSS_C_NO_CONTEXT;
    return GSS_S_COMPLETE;
}

EXPORTED OM_uint32 gss_inquire_attrs_for_mech(OM_uint32 *minor, gss_const_OID mech,
                                              gss_OID_set *attributes, gss_OID_set *known)
{
    (void)mech, (void)known;
    return attributes ? gss_create_empty_oid_set(minor, attributes) : GSS_S_COMPLETE;
}

/* What makes it one of NegoEx'. */
EXPORTED OM_uint32 gssspi_query_mechanism_info(OM_uint32 *minor, gss_const_OID mech,
                                               unsigned char scheme[16])
{
    (void)mech;
    *minor = 0;
    memset(scheme, 7, 16);
    return GSS_S_COMPLETE;
}
