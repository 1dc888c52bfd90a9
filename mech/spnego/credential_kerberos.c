/* SPDX-License-Identifier: MIT */
/* credential_kerberos.c - a credential of Kerberos' alone by a password, within a time. */

#include "config.h"

#include "spnego/credential_kerberos.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/iakerb.h"
#include "spnego/kerberos.h"
#include "spnego/kerberos_acquire.h"
#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/status.h"

struct wish {
    bool others; /* another mechanism can go on */
    gss_OID_desc type;
    gss_buffer_desc text;
    char *password; /* malloc'd */
};

/* A length and so many bytes, of which nothing is copied. */
static bool read_part(const uint8_t **at, size_t *left, gss_buffer_t part)
{
    const uint8_t *bytes = *at;
    size_t len;

    if (*left < 4)
        return false;
    len = (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
    if (len > *left - 4)
        return false;
    *part = (gss_buffer_desc){len, (uint8_t *)(uintptr_t)(bytes + 4)};
    *at = bytes + 4 + len;
    *left -= 4 + len;
    return true;
}

static OM_uint32 read_wish(OM_uint32 *minor, gss_buffer_t value, struct wish *wish)
{
    const uint8_t *at = value->value;
    size_t left = value->length;
    gss_buffer_desc type;

    if (left > 0) {
        wish->others = *at++;
        left--;
    }
    if (!read_part(&at, &left, &type) || !read_part(&at, &left, &wish->text) ||
        memchr(at, '\0', left))
        return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_BAD_NAME,
                           "a user's name and a password are to be given");
    wish->type = (gss_OID_desc){(OM_uint32)type.length, type.value};
    wish->password = strndup((const char *)at, left);
    return wish->password ? GSS_S_COMPLETE : status_no_memory(minor);
}

/* By a credential store: it may have an empty password. */
static OM_uint32 acquire(OM_uint32 *minor, const struct wish *wish, gss_name_t name,
                         unsigned seconds, gss_cred_id_t *handle)
{
    gss_key_value_element_desc element = {"password", wish->password};
    const gss_key_value_set_desc store = {1, &element};
    struct kerberos_request request = {
        .name = name, .store = &store, .lifetime = GSS_C_INDEFINITE, .usage = GSS_C_INITIATE};
    struct credential *credential = NULL;
    gss_cred_id_t mechs = GSS_C_NO_CREDENTIAL;
    char *client = NULL, *reasons = NULL;
    gss_name_t glue;
    OM_uint32 major = name_glue(minor, name, &glue);

    if (major == GSS_S_COMPLETE) {
        client = name_realm(glue);
        request.client = client;
        major = kerberos_acquire(minor, &request, seconds, &mechs, NULL, &reasons);
    }
    if (major == GSS_S_COMPLETE)
        major = credential_new(minor, mechs, &credential);
    *handle = credential_handle(credential);
    free(client);
    free(reasons);
    return major;
}

OM_uint32 credential_make_kerberos(OM_uint32 *minor, gss_buffer_t value, gss_cred_id_t *handle)
{
    struct wish wish = {.password = NULL};
    unsigned seconds = kerberos_timeout();
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major, ignored;

    *minor = 0;
    *handle = GSS_C_NO_CREDENTIAL;
    major = read_wish(minor, value, &wish);
    if (major == GSS_S_COMPLETE && (seconds == 0 || !(wish.others || iakerb_is_allowed())))
        major = GSS_S_UNAVAILABLE;
    if (major == GSS_S_COMPLETE)
        major = gssi_import_name(minor, &wish.text, &wish.type, &name);
    if (major == GSS_S_COMPLETE)
        major = acquire(minor, &wish, name, seconds, handle);
    if (name)
        gssi_release_name(&ignored, &name);
    if (wish.password)
        explicit_bzero(wish.password, strlen(wish.password));
    free(wish.password);
    return major;
}
