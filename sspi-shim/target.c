/* SPDX-License-Identifier: MIT */
/* target.c - target names for GSSAPI. */

#include "config.h"

#include "target.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_krb5.h>

#include "status.h"

static SECURITY_STATUS import(char *text, gss_const_OID type, gss_name_t *name)
{
    gss_buffer_desc buffer = {strlen(text), text};
    OM_uint32 minor, major = gss_import_name(&minor, &buffer, (gss_OID)(uintptr_t)type, name);

    return status_of(major, minor, GSS_C_NO_OID);
}

/* `service/host` and `service/host:port`. As a hostbased name it gets the realm
 * of its host; a port stays where it is. */
static bool is_hostbased(const char *text)
{
    const char *slash = strchr(text, '/');

    return slash && !strchr(slash + 1, '/') && !strchr(text, '@') && !strchr(text, '\\');
}

/* `DOMAIN\user` */
static bool is_account(const char *text)
{
    const char *backslash = strchr(text, '\\');

    return backslash && backslash != text && !strchr(backslash + 1, '\\') &&
           !strpbrk(text, "/@");
}

static char *hostbased(const char *target)
{
    char *text = strdup(target);

    if (text)
        *strchr(text, '/') = '@';
    return text;
}

/* Kerberos writes `user@DOMAIN`; a backslash would escape what follows. */
static char *principal(const char *target)
{
    size_t domain = strcspn(target, "\\"), size = strlen(target) + 1;
    char *text = malloc(size);

    if (text)
        snprintf(text, size, "%s@%.*s", target + domain + 1, (int)domain, target);
    return text;
}

/* Whatever is not `service/host` is the name of a principal: an account
 * (`user@REALM`, `host`), or a service of more parts (`service/host/name`).
 * A bare `host` must not become hostbased, for that is a service of this
 * very machine (RFC 2743 4.1). */
SECURITY_STATUS target_import(const char *target, gss_name_t *name)
{
    gss_const_OID type = GSS_KRB5_NT_PRINCIPAL_NAME;
    SECURITY_STATUS status;
    char *text;

    *name = GSS_C_NO_NAME;
    if (!target || !*target) {
        text = strdup("");
        type = GSS_C_NT_ANONYMOUS;
    } else if (is_hostbased(target)) {
        text = hostbased(target);
        type = GSS_C_NT_HOSTBASED_SERVICE;
    } else {
        text = is_account(target) ? principal(target) : strdup(target);
    }
    status = text ? import(text, type, name) : SEC_E_INSUFFICIENT_MEMORY;
    free(text);
    return status;
}
