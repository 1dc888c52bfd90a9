/* SPDX-License-Identifier: MIT */
/* principal.c - the names that Kerberos knows. */

#include "config.h"

#include "principal.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "package.h"

/* The text of a name; empty where there is none. Releases the name. */
static void show(gss_name_t *shown, char name[PRINCIPAL_SIZE])
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;

    name[0] = '\0';
    if (*shown && gss_display_name(&minor, *shown, &text, NULL) == GSS_S_COMPLETE &&
        text.length < PRINCIPAL_SIZE)
        snprintf(name, PRINCIPAL_SIZE, "%.*s", (int)text.length, (char *)text.value);
    gss_release_buffer(&minor, &text);
    gss_release_name(&minor, shown);
}

void principal_of_credential(const char *service, gss_cred_usage_t use,
                             char name[PRINCIPAL_SIZE])
{
    gss_OID_desc mech = *package_of(PACKAGE_KERBEROS)->mech;
    gss_OID_set_desc mechs = {1, &mech};
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_cred_id_t cred = GSS_C_NO_CREDENTIAL;
    gss_name_t wanted = GSS_C_NO_NAME, found = GSS_C_NO_NAME;
    OM_uint32 major = GSS_S_COMPLETE, minor;

    name[0] = '\0';
    if (service) {
        text = (gss_buffer_desc){strlen(service), (void *)(uintptr_t)service};
        major = gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &wanted);
    }
    if (major == GSS_S_COMPLETE)
        major =
            gss_acquire_cred(&minor, wanted, GSS_C_INDEFINITE, &mechs, use, &cred, NULL, NULL);
    if (major == GSS_S_COMPLETE)
        major = gss_inquire_cred(&minor, cred, &found, NULL, NULL, NULL);
    if (major == GSS_S_COMPLETE)
        show(&found, name);
    gss_release_name(&minor, &wanted);
    gss_release_cred(&minor, &cred);
}

void principal_in_default_realm(char name[PRINCIPAL_SIZE])
{
    gss_buffer_desc text = {1, (char[]){"x"}};
    gss_name_t user = GSS_C_NO_NAME, principal = GSS_C_NO_NAME;
    gss_OID mech = (gss_OID)(uintptr_t)package_of(PACKAGE_KERBEROS)->mech;
    OM_uint32 major, minor;

    name[0] = '\0';
    major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &user);
    if (major == GSS_S_COMPLETE)
        major = gss_canonicalize_name(&minor, user, mech, &principal);
    if (major == GSS_S_COMPLETE)
        show(&principal, name);
    gss_release_name(&minor, &user);
}

bool principal_local_user(const char *principal, char user[PRINCIPAL_SIZE])
{
    gss_buffer_desc text = {strlen(principal), (void *)(uintptr_t)principal};
    gss_buffer_desc local = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 major, minor;
    bool found = false;

    major = gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name);
    if (major == GSS_S_COMPLETE)
        major = gss_localname(&minor, name, package_of(PACKAGE_KERBEROS)->mech, &local);
    if (major == GSS_S_COMPLETE && local.length < PRINCIPAL_SIZE) {
        snprintf(user, PRINCIPAL_SIZE, "%.*s", (int)local.length, (char *)local.value);
        found = true;
    }
    gss_release_buffer(&minor, &local);
    gss_release_name(&minor, &name);
    return found;
}
