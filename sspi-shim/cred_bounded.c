/* SPDX-License-Identifier: MIT */
/* cred_bounded.c - see cred_bounded.h. */

#include "config.h"

#include "cred_bounded.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "cred_option.h"
#include "package.h"

/* The module's own option, 1.3.6.1.4.1.32473.4178.2. */
static const gss_OID_desc make_kerberos = {
    11, (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x81\xfd\x59\xa0\x52\x02"};

/* Whether others can go on, the name's type, its text, and the password. False without
 * memory. */
static bool write_wish(gss_const_OID type, const gss_buffer_desc *text, const char *password,
                       bool others, gss_buffer_t out)
{
    size_t type_length = type ? type->length : 0, length = strlen(password);
    uint8_t *at;

    out->length = 1 + 4 + type_length + 4 + text->length + length;
    at = out->value = malloc(out->length);
    if (!at)
        return false;
    *at++ = others;
    at = cred_option_put(at, type ? type->elements : NULL, type_length);
    at = cred_option_put(at, text->value, text->length);
    memcpy(at, password, length);
    return true;
}

/* SPNEGO's exported form is its identifier and a length before those of its mechanisms: so
 * Kerberos' own credential is got out. */
static OM_uint32 take_out(OM_uint32 *minor, gss_cred_id_t spnego, gss_cred_id_t *cred)
{
    size_t header = 4 + package_of(PACKAGE_NEGOTIATE)->mech->length + 4;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER, inner;
    OM_uint32 major = gss_export_cred(minor, spnego, &token), ignored;

    if (major != GSS_S_COMPLETE)
        return major;
    inner = (gss_buffer_desc){token.length - header, (uint8_t *)token.value + header};
    major = token.length > header ? gss_import_cred(minor, &inner, cred) : GSS_S_FAILURE;
    explicit_bzero(token.value, token.length);
    gss_release_buffer(&ignored, &token);
    return major;
}

OM_uint32 cred_bounded(OM_uint32 *minor, gss_name_t name, const char *password, bool others,
                       gss_cred_id_t *cred)
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER, wish = GSS_C_EMPTY_BUFFER;
    gss_cred_id_t spnego = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, ignored;
    gss_OID type;

    *cred = GSS_C_NO_CREDENTIAL;
    major = gss_display_name(minor, name, &text, &type);
    if (major == GSS_S_COMPLETE && !write_wish(type, &text, password, others, &wish)) {
        *minor = ENOMEM;
        major = GSS_S_FAILURE;
    }
    if (major == GSS_S_COMPLETE)
        major = cred_option_import(minor, &make_kerberos, &wish, &spnego);
    if (major == GSS_S_BAD_MECH ||
        major == GSS_S_DEFECTIVE_TOKEN) /* MIT's SPNEGO, which has no such option */
        major = GSS_S_UNAVAILABLE;
    if (major == GSS_S_COMPLETE)
        major = take_out(minor, spnego, cred);
    if (wish.value)
        explicit_bzero(wish.value, wish.length);
    free(wish.value);
    gss_release_buffer(&ignored, &text);
    gss_release_cred(&ignored, &spnego);
    return major;
}
