/* SPDX-License-Identifier: MIT */
/* credential_query.c - what a CredHandle can be asked, and what it cannot be
 * told: its attributes, and passwords to change. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "attribute.h"
#include "credential_acquire.h"
#include "status.h"

static SECURITY_STATUS inquire(gss_cred_id_t cred, gss_const_OID mech, gss_name_t *name)
{
    OM_uint32 minor, major = gss_inquire_cred(&minor, cred, name, NULL, NULL, NULL);

    return status_of(major, minor, mech);
}

/* Of a default credential another one is asked: the question settles which of the
 * user's tickets the credential stands for, and the first context's target is to
 * settle that. */
static SECURITY_STATUS name_initiator(const struct credential *credential, gss_name_t *name)
{
    gss_const_OID mech = credential->package->mech;
    gss_cred_id_t other;
    OM_uint32 minor;
    SECURITY_STATUS status;

    if (!credential->is_default)
        return inquire(credential->initiator, mech, name);
    status = credential_for(credential, mech, GSS_C_NO_OID_SET, &other);
    if (status == SEC_E_OK)
        status = inquire(other, mech, name);
    gss_release_cred(&minor, &other);
    return status;
}

static SECURITY_STATUS names(const struct credential *credential, bool wide, void *buffer)
{
    SecPkgCredentials_NamesW *answer = buffer; /* as NamesA but for what is pointed to */
    gss_name_t name = GSS_C_NO_NAME;
    void *text = NULL;
    OM_uint32 minor;
    SECURITY_STATUS status = credential->initiator_status;

    if (status == SEC_E_OK)
        status = name_initiator(credential, &name);
    else if (credential->acceptor_status == SEC_E_OK)
        status = inquire(credential->acceptor, credential->package->mech, &name);
    if (status == SEC_E_OK)
        status = attribute_name(name, wide, &text);
    if (status == SEC_E_OK)
        answer->sUserName = text;
    gss_release_name(&minor, &name);
    return status;
}

/* All other attributes are TLS' or Windows' own. */
static SECURITY_STATUS query(const SecHandle *handle, ULONG id, bool wide, void *buffer,
                             size_t size)
{
    struct credential *credential = credential_get(handle);
    SECURITY_STATUS status;

    if (id == SECPKG_CRED_ATTR_NAMES && buffer && size >= sizeof(SecPkgCredentials_NamesW))
        memset(buffer, 0, sizeof(SecPkgCredentials_NamesW)); /* as a failure leaves it */
    if (!credential)
        return SEC_E_INVALID_HANDLE;
    if (id != SECPKG_CRED_ATTR_NAMES)
        status = SEC_E_UNSUPPORTED_FUNCTION;
    else if (!buffer)
        status = SEC_E_INVALID_PARAMETER;
    else if (size < sizeof(SecPkgCredentials_NamesW))
        status = SEC_E_BUFFER_TOO_SMALL;
    else
        status = names(credential, wide, buffer);
    object_release(&credential->object);
    return status;
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesW(PCredHandle phCredential,
                                                      ULONG ulAttribute, void *pBuffer)
{
    return query(phCredential, ulAttribute, true, pBuffer, SIZE_MAX);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesA(PCredHandle phCredential,
                                                      ULONG ulAttribute, void *pBuffer)
{
    return query(phCredential, ulAttribute, false, pBuffer, SIZE_MAX);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExW(PCredHandle phCredential,
                                                        ULONG ulAttribute, void *pBuffer,
                                                        ULONG cbBuffer)
{
    return query(phCredential, ulAttribute, true, pBuffer, cbBuffer);
}

SECURITY_STATUS SEC_ENTRY QueryCredentialsAttributesExA(PCredHandle phCredential,
                                                        ULONG ulAttribute, void *pBuffer,
                                                        ULONG cbBuffer)
{
    return query(phCredential, ulAttribute, false, pBuffer, cbBuffer);
}

/* What could be set (a KDC's proxy, a client's certificate) is not GSSAPI's. */
static SECURITY_STATUS set(const SecHandle *handle)
{
    struct credential *credential = credential_get(handle);

    if (!credential)
        return SEC_E_INVALID_HANDLE;
    object_release(&credential->object);
    return SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesW(PCredHandle phCredential, ULONG ulAttribute,
                                                    void *pBuffer, ULONG cbBuffer)
{
    (void)ulAttribute, (void)pBuffer, (void)cbBuffer;
    return set(phCredential);
}

SECURITY_STATUS SEC_ENTRY SetCredentialsAttributesA(PCredHandle phCredential, ULONG ulAttribute,
                                                    void *pBuffer, ULONG cbBuffer)
{
    (void)ulAttribute, (void)pBuffer, (void)cbBuffer;
    return set(phCredential);
}

/* GSSAPI changes no passwords. */
SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordW(
    SEC_WCHAR *pszPackageName, SEC_WCHAR *pszDomainName, SEC_WCHAR *pszAccountName,
    SEC_WCHAR *pszOldPassword, SEC_WCHAR *pszNewPassword, BOOLEAN bImpersonating,
    ULONG dwReserved, PSecBufferDesc pOutput)
{
    (void)pszPackageName, (void)pszDomainName, (void)pszAccountName, (void)pszOldPassword;
    (void)pszNewPassword, (void)bImpersonating, (void)dwReserved, (void)pOutput;
    return SEC_E_UNSUPPORTED_FUNCTION;
}

SECURITY_STATUS SEC_ENTRY ChangeAccountPasswordA(
    SEC_CHAR *pszPackageName, SEC_CHAR *pszDomainName, SEC_CHAR *pszAccountName,
    SEC_CHAR *pszOldPassword, SEC_CHAR *pszNewPassword, BOOLEAN bImpersonating,
    ULONG dwReserved, PSecBufferDesc pOutput)
{
    (void)pszPackageName, (void)pszDomainName, (void)pszAccountName, (void)pszOldPassword;
    (void)pszNewPassword, (void)bImpersonating, (void)dwReserved, (void)pOutput;
    return SEC_E_UNSUPPORTED_FUNCTION;
}
