/* SPDX-License-Identifier: MIT */
/* credential_move.c - credentials as bytes, and in stores. */

#include "config.h"

#include <string.h>

#include "spnego/credential_iakerb.h"
#include "spnego/credential_kerberos.h"
#include "spnego/module.h"
#include "spnego/oids.h"
#include "support/outputs.h"

static size_t read_length(const uint8_t *at)
{
    return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

EXPORTED OM_uint32 gssi_export_cred(OM_uint32 *minor, gss_cred_id_t handle, gss_buffer_t token)
{
    return gss_export_cred(minor, credential_mechs(handle), token);
}

/* An option's identifier after its length, and its value after that one's: what makes a
 * credential of one mechanism alone. Nobody exports it. */
static bool is_option(gss_buffer_t token, const gss_OID_desc *option, gss_buffer_t value)
{
    const uint8_t *bytes = token->value;
    size_t header = 4 + option->length + 4;

    if (token->length < header || read_length(bytes) != option->length ||
        memcmp(bytes + 4, option->elements, option->length) != 0 ||
        read_length(bytes + header - 4) != token->length - header)
        return false;
    *value = (gss_buffer_desc){token->length - header, (uint8_t *)token->value + header};
    return true;
}

EXPORTED OM_uint32 gssi_import_cred(OM_uint32 *minor, gss_buffer_t token, gss_cred_id_t *handle)
{
    struct credential *credential = NULL;
    gss_buffer_desc value;
    gss_cred_id_t mechs;
    OM_uint32 major;

    *handle = GSS_C_NO_CREDENTIAL;
    if (is_option(token, &oid_add_iakerb, &value))
        return credential_add_iakerb(minor, handle, &value);
    if (is_option(token, &oid_make_kerberos, &value))
        return credential_make_kerberos(minor, &value, handle);
    major = gss_import_cred(minor, token, &mechs);
    if (major == GSS_S_COMPLETE)
        major = credential_new(minor, mechs, &credential);
    *handle = credential_handle(credential);
    return major;
}

EXPORTED OM_uint32 gssi_store_cred_into(OM_uint32 *minor, gss_cred_id_t handle,
                                        gss_cred_usage_t usage, const gss_OID mech,
                                        OM_uint32 overwrite, OM_uint32 make_default,
                                        gss_const_key_value_set_t store, gss_OID_set *stored,
                                        gss_cred_usage_t *stored_usage)
{
    (void)mech; /* SPNEGO itself: all that is in the credential */
    EMPTY(stored);
    EMPTY(stored_usage);
    return gss_store_cred_into(minor, credential_mechs(handle), usage, GSS_C_NO_OID, overwrite,
                               make_default, store, stored, stored_usage);
}

EXPORTED OM_uint32 gssi_store_cred(OM_uint32 *minor, gss_cred_id_t handle,
                                   gss_cred_usage_t usage, const gss_OID mech,
                                   OM_uint32 overwrite, OM_uint32 make_default,
                                   gss_OID_set *stored, gss_cred_usage_t *stored_usage)
{
    return gssi_store_cred_into(minor, handle, usage, mech, overwrite, make_default,
                                GSS_C_NO_CRED_STORE, stored, stored_usage);
}
