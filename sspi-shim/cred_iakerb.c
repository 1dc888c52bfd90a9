/* SPDX-License-Identifier: MIT */
/* cred_iakerb.c - see cred_iakerb.h. MIT's IAKERB exports no credentials, so that it cannot
 * be one of the parts that SPNEGO's is copied from. */

#include "config.h"

#include "cred_iakerb.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "cred_option.h"
#include "credential_name.h"
#include "status.h"

/* The module's own option, 1.3.6.1.4.1.32473.4178.1. */
static const gss_OID_desc add_iakerb = {
    11, (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x01"};

/* "USER@REALM", NUL, PASSWORD; false without memory. */
static bool write_user(const gss_buffer_desc *user, const char *password, gss_buffer_t out)
{
    size_t length = strlen(password);

    out->length = user->length + 1 + length;
    out->value = malloc(out->length + 1);
    if (!out->value)
        return false;
    memcpy(out->value, user->value, user->length);
    memcpy((char *)out->value + user->length, "", 1);
    memcpy((char *)out->value + user->length + 1, password, length + 1);
    return true;
}

static SECURITY_STATUS add(const gss_buffer_desc *user, const char *password,
                           gss_cred_id_t *cred)
{
    gss_buffer_desc value = GSS_C_EMPTY_BUFFER;
    OM_uint32 major, minor;

    if (!write_user(user, password, &value))
        return SEC_E_INSUFFICIENT_MEMORY;
    if (*cred)
        major = gss_set_cred_option(&minor, cred, (gss_OID)(uintptr_t)&add_iakerb, &value);
    else
        major = cred_option_import(&minor, &add_iakerb, &value, cred);
    explicit_bzero(value.value, value.length);
    free(value.value);
    return status_of(major, minor, package_of(PACKAGE_NEGOTIATE)->mech);
}

SECURITY_STATUS cred_add_iakerb(const struct credential *credential,
                                const struct identity *identity, gss_cred_id_t *cred)
{
    gss_buffer_desc user = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    SECURITY_STATUS status;
    OM_uint32 major, minor;

    status =
        credential_name_initiator(identity, credential->principal, PACKAGE_KERBEROS, &name);
    if (status == SEC_E_OK && !name)
        status = SEC_E_NO_CREDENTIALS;
    if (status == SEC_E_OK) {
        major = gss_display_name(&minor, name, &user, NULL);
        status = status_of(major, minor, GSS_C_NO_OID);
    }
    if (status == SEC_E_OK)
        status = add(&user, identity->password, cred);
    gss_release_buffer(&minor, &user);
    gss_release_name(&minor, &name);
    return status;
}
