/* credential_acquire.c - the functions that give a caller its CredHandle and
 * take it back. What stands behind it is made in credential.c. */

#include "credential.h"
#include "unicode.h"

static SECURITY_STATUS open_credential(const struct package *package, const char *principal,
                                       ULONG use, const void *auth_data, PCredHandle handle,
                                       PTimeStamp expiry)
{
    struct credential *credential = NULL;
    struct identity *identity = NULL;
    SECURITY_STATUS status;

    if (!handle || !(use & SECPKG_CRED_BOTH))
        return SEC_E_INVALID_PARAMETER;
    /* It is the answer the caller asks for: that nobody but the user knows. */
    if (use & SECPKG_CRED_PROCESS_POLICY_ONLY)
        return SEC_E_NO_CREDENTIALS;
    if (auth_data) {
        status = identity_read(auth_data, &identity);
        if (status != SEC_E_OK)
            return status;
    }
    status = credential_make(package, principal, use, identity, &credential);
    identity_release(identity);
    if (status != SEC_E_OK)
        return status;
    if (expiry)
        *expiry = credential->expiry;
    status = handle_open(handle, &credential->object);
    if (status != SEC_E_OK)
        object_release(&credential->object);
    return status;
}

/* Whose logon, and where keys come from, are Windows' own affairs:
 * pvLogonId, pGetKeyFn and its argument are ignored by its packages as well. */
SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(LPWSTR pszPrincipal, LPWSTR pszPackage,
                                                    ULONG fCredentialUse, void *pvLogonId,
                                                    void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
                                                    void *pvGetKeyArgument,
                                                    PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry)
{
    const struct package *package;
    char *principal;
    SECURITY_STATUS status;

    (void)pvLogonId;
    (void)pGetKeyFn;
    (void)pvGetKeyArgument;
    status = package_find_w(pszPackage, &package);
    if (status == SEC_E_OK)
        status = unicode_to_utf8(pszPrincipal, UNICODE_TERMINATED, &principal);
    if (status != SEC_E_OK)
        return status;
    status =
        open_credential(package, principal, fCredentialUse, pAuthData, phCredential, ptsExpiry);
    unicode_free(principal);
    return status;
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(LPSTR pszPrincipal, LPSTR pszPackage,
                                                    ULONG fCredentialUse, void *pvLogonId,
                                                    void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
                                                    void *pvGetKeyArgument,
                                                    PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry)
{
    const struct package *package;
    char *principal;
    SECURITY_STATUS status;

    (void)pvLogonId;
    (void)pGetKeyFn;
    (void)pvGetKeyArgument;
    status = package_find_a(pszPackage, &package);
    if (status == SEC_E_OK)
        status = unicode_copy_utf8(pszPrincipal, UNICODE_TERMINATED, &principal);
    if (status != SEC_E_OK)
        return status;
    status =
        open_credential(package, principal, fCredentialUse, pAuthData, phCredential, ptsExpiry);
    unicode_free(principal);
    return status;
}

SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential)
{
    return handle_close(phCredential, HANDLE_CREDENTIAL);
}
