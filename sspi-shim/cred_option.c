/* SPDX-License-Identifier: MIT */
/* cred_option.c - see cred_option.h. */

#include "config.h"

#include "cred_option.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "package.h"

uint8_t *cred_option_put_number(uint8_t *at, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        *at++ = (uint8_t)(number >> shift);
    return at;
}

uint8_t *cred_option_put(uint8_t *at, const void *bytes, size_t length)
{
    at = cred_option_put_number(at, length);
    if (length > 0)
        memcpy(at, bytes, length);
    return at + length;
}

OM_uint32 cred_option_import(OM_uint32 *minor, gss_const_OID option,
                             const gss_buffer_desc *value, gss_cred_id_t *cred)
{
    gss_const_OID spnego = package_of(PACKAGE_NEGOTIATE)->mech;
    size_t inner = 4 + option->length + 4 + value->length;
    gss_buffer_desc token = {4 + spnego->length + 4 + inner, NULL};
    OM_uint32 major;
    uint8_t *at;

    *cred = GSS_C_NO_CREDENTIAL;
    token.value = malloc(token.length);
    if (!token.value) {
        *minor = ENOMEM;
        return GSS_S_FAILURE;
    }
    at = cred_option_put(token.value, spnego->elements, spnego->length);
    at = cred_option_put_number(at, inner);
    at = cred_option_put(at, option->elements, option->length);
    cred_option_put(at, value->value, value->length);
    major = gss_import_cred(minor, &token, cred);
    if (major == GSS_S_COMPLETE && *cred == GSS_C_NO_CREDENTIAL) {
        *minor = ENOMEM;
        major = GSS_S_FAILURE;
    }
    explicit_bzero(token.value, token.length);
    free(token.value);
    return major;
}
