/* SPDX-License-Identifier: MIT */
/* credential_iakerb.c - IAKERB by a password, in a credential that was made of others. */

#include "config.h"

#include "spnego/credential_iakerb.h"

#include <string.h>

#include "spnego/iakerb.h"
#include "spnego/oids.h"
#include "spnego/status.h"

/* "USER@REALM", NUL, PASSWORD. */
static OM_uint32 read_user(OM_uint32 *minor, gss_buffer_t value, gss_name_t *name,
                           gss_buffer_t password)
{
    const char *end = value && value->value ? memchr(value->value, '\0', value->length) : NULL;
    gss_buffer_desc text;

    if (!end)
        return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME,
                           "a user's name and a password are to be given");
    text = (gss_buffer_desc){(size_t)(end - (const char *)value->value), value->value};
    *password = (gss_buffer_desc){value->length - text.length - 1,
                                  (char *)value->value + text.length + 1};
    return gss_import_name(minor, &text, GSS_C_NT_USER_NAME, name);
}

/* One more element of the credential's, in its place. */
static OM_uint32 join(OM_uint32 *minor, struct credential *credential, gss_name_t name,
                      gss_buffer_t password)
{
    OM_uint32 major;

    major = gss_add_cred_with_password(minor, credential->mechs, name, oid_in(&oid_iakerb),
                                       password, GSS_C_INITIATE, GSS_C_INDEFINITE,
                                       GSS_C_INDEFINITE, NULL, NULL, NULL, NULL);
    return major == GSS_S_COMPLETE ? iakerb_place(minor, &credential->negotiable) : major;
}

static OM_uint32 make(OM_uint32 *minor, gss_name_t name, gss_buffer_t password,
                      struct credential **out)
{
    gss_OID_set_desc iakerb = {1, oid_in(&oid_iakerb)};
    gss_cred_id_t mechs = GSS_C_NO_CREDENTIAL;
    OM_uint32 major;

    major = gss_acquire_cred_with_password(minor, name, password, GSS_C_INDEFINITE, &iakerb,
                                           GSS_C_INITIATE, &mechs, NULL, NULL);
    return major == GSS_S_COMPLETE ? credential_new(minor, mechs, out) : major;
}

OM_uint32 credential_add_iakerb(OM_uint32 *minor, gss_cred_id_t *handle, gss_buffer_t value)
{
    struct credential *credential = credential_of_handle(*handle);
    gss_buffer_desc password;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major, ignored;

    if (!iakerb_is_allowed()) {
        *minor = 0;
        return GSS_S_UNAVAILABLE;
    }
    major = read_user(minor, value, &name, &password);
    if (major == GSS_S_COMPLETE)
        major = credential ? join(minor, credential, name, &password)
                           : make(minor, name, &password, &credential);
    gss_release_name(&ignored, &name);
    if (major == GSS_S_COMPLETE)
        *handle = credential_handle(credential);
    return major;
}
