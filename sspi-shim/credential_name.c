/* SPDX-License-Identifier: MIT */
/* credential_name.c - see credential_name.h. */

#include "config.h"

#include "credential_name.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "status.h"

SECURITY_STATUS credential_name_status(OM_uint32 major, OM_uint32 minor, gss_const_OID mech)
{
    SECURITY_STATUS status = status_of(major, minor, mech);

    return status == SEC_E_TARGET_UNKNOWN ? SEC_E_NO_CREDENTIALS : status;
}

static SECURITY_STATUS import_name(const char *text, gss_OID type, gss_name_t *name)
{
    gss_buffer_desc buffer = {strlen(text), (void *)(uintptr_t)text};
    OM_uint32 major, minor;

    major = gss_import_name(&minor, &buffer, type, name);
    return credential_name_status(major, minor, GSS_C_NO_OID);
}

static SECURITY_STATUS import_user(const struct identity *identity, enum package_id package,
                                   gss_name_t *name)
{
    char *text;
    SECURITY_STATUS status = package == PACKAGE_NTLM ? identity_ntlm_name(identity, &text)
                                                     : identity_name(identity, &text);

    if (status == SEC_E_OK && text)
        status = import_name(text, GSS_C_NT_USER_NAME, name);
    free(text);
    return status;
}

SECURITY_STATUS credential_name_principal(const char *principal, gss_name_t *name)
{
    const char *slash = strchr(principal, '/');
    SECURITY_STATUS status;
    char *service;

    *name = GSS_C_NO_NAME;
    if (!slash)
        return import_user(&(struct identity){.user = (char *)(uintptr_t)principal},
                           PACKAGE_KERBEROS, name);
    if (strchr(slash, '@'))
        return import_name(principal, (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME, name);
    service = strdup(principal);
    if (!service)
        return SEC_E_INSUFFICIENT_MEMORY;
    service[slash - principal] = '@';
    status = import_name(service, GSS_C_NT_HOSTBASED_SERVICE, name);
    free(service);
    return status;
}

SECURITY_STATUS credential_name_initiator(const struct identity *identity,
                                          const char *principal, enum package_id package,
                                          gss_name_t *name)
{
    SECURITY_STATUS status = SEC_E_OK;

    *name = GSS_C_NO_NAME;
    if (identity && identity_is_anonymous(identity))
        return import_name("", GSS_C_NT_ANONYMOUS, name);
    if (identity)
        status = import_user(identity, package, name);
    if (status == SEC_E_OK && *name == GSS_C_NO_NAME && principal)
        status = credential_name_principal(principal, name);
    return status;
}

SECURITY_STATUS credential_name_enterprise(const struct identity *identity, gss_name_t *name)
{
    char *text;
    SECURITY_STATUS status = identity_upn(identity, &text);

    *name = GSS_C_NO_NAME;
    if (status != SEC_E_OK || !text)
        return status;
    free(text);
    status = identity_name(identity, &text);
    if (status == SEC_E_OK)
        status = import_name(text, (gss_OID)GSS_KRB5_NT_ENTERPRISE_NAME, name);
    free(text);
    return status;
}
