/* SPDX-License-Identifier: MIT */
/* credential_handle.c - AcquireCredentialsHandle, AddCredentials and
 * FreeCredentialsHandle. */

#include "config.h"

#include "credential_acquire.h"

#include "lock.h"
#include "package_query.h"
#include "support/outputs.h"
#include "unicode.h"

/* What Acquire and Add have in common, after the strings became UTF-8. Whose
 * logon it is (pvLogonId) and where keys come from (pGetKeyFn) are Windows' own
 * affairs, and its packages ignore them as well. */
struct credential_request {
    const struct package *package;
    char *principal;
    ULONG use;
    const void *auth_data;
    TimeStamp *expiry;
};

static SECURITY_STATUS make(const struct credential_request *request,
                            struct credential **credential)
{
    struct identity *identity = NULL;
    SECURITY_STATUS status;

    if (!(request->use & SECPKG_CRED_BOTH))
        return SEC_E_INVALID_PARAMETER;
    /* Only what Windows' policies let it use: there are none here. */
    if (request->use & SECPKG_CRED_PROCESS_POLICY_ONLY)
        return SEC_E_NO_CREDENTIALS;
    if (request->auth_data) {
        status = identity_read(request->auth_data, &identity);
        if (status != SEC_E_OK)
            return status;
    }
    status = credential_make(request->package, request->principal, request->use, identity,
                             credential);
    identity_release(identity);
    return status;
}

static SECURITY_STATUS acquire(const struct credential_request *request, PCredHandle handle)
{
    struct credential *credential;
    SECURITY_STATUS status;

    if (!handle)
        return SEC_E_INVALID_PARAMETER;
    status = make(request, &credential);
    if (status != SEC_E_OK)
        return status;
    status = handle_open(handle, &credential->object);
    if (status != SEC_E_OK)
        object_release(&credential->object);
    else if (request->expiry)
        *request->expiry = credential->expiry;
    return status;
}

/* The sides that the handle can be used for already. */
static ULONG sides_of(const struct credential *credential)
{
    return (credential->initiator_status == SEC_E_OK ? SECPKG_CRED_OUTBOUND : 0) |
           (credential->acceptor_status == SEC_E_OK ? SECPKG_CRED_INBOUND : 0);
}

/* A credential has each side once: one that is there and works is not replaced. */
static SECURITY_STATUS add_to(const SecHandle *handle, struct credential *present,
                              struct credential *added)
{
    SECURITY_STATUS status;

    if (present->package != added->package || (sides_of(present) & added->use))
        return SEC_E_UNSUPPORTED_FUNCTION;
    status = credential_add_side(added, present);
    if (status != SEC_E_OK)
        return status;
    object_retain(&added->object);
    status = handle_replace(handle, &added->object);
    if (status != SEC_E_OK)
        object_release(&added->object);
    return status;
}

static SECURITY_STATUS add(const struct credential_request *request, const SecHandle *handle)
{
    struct credential *present = credential_get(handle), *added;
    SECURITY_STATUS status;
    TimeStamp expiry;

    if (!present)
        return SEC_E_INVALID_HANDLE;
    object_release(&present->object);
    status = make(request, &added);
    if (status != SEC_E_OK)
        return status;
    expiry = added->expiry;
    pthread_mutex_lock(&lock_of_additions);
    present = credential_get(handle);
    status = present ? add_to(handle, present, added) : SEC_E_INVALID_HANDLE;
    pthread_mutex_unlock(&lock_of_additions);
    if (status == SEC_E_OK && request->expiry)
        *request->expiry = expiry;
    if (present)
        object_release(&present->object);
    object_release(&added->object);
    return status;
}

static SECURITY_STATUS read_w(PCWSTR principal, PCWSTR package,
                              struct credential_request *request)
{
    SECURITY_STATUS status = package_find_w(package, &request->package);

    (void)unicode_note_short(principal, "the name of a principal");
    return status == SEC_E_OK
               ? unicode_to_utf8(principal, UNICODE_TERMINATED, &request->principal)
               : status;
}

static SECURITY_STATUS read_a(PCSTR principal, PCSTR package,
                              struct credential_request *request)
{
    SECURITY_STATUS status = package_find_a(package, &request->package);

    return status == SEC_E_OK
               ? unicode_copy_utf8(principal, UNICODE_TERMINATED, &request->principal)
               : status;
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleW(LPWSTR pszPrincipal, LPWSTR pszPackage,
                                                    ULONG fCredentialUse, void *pvLogonId,
                                                    void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
                                                    void *pvGetKeyArgument,
                                                    PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry)
{
    struct credential_request request = {
        .use = fCredentialUse, .auth_data = pAuthData, .expiry = ptsExpiry};
    SECURITY_STATUS status = read_w(pszPrincipal, pszPackage, &request);

    (void)pvLogonId, (void)pGetKeyFn, (void)pvGetKeyArgument;
    EMPTY(ptsExpiry);
    if (status == SEC_E_OK)
        status = acquire(&request, phCredential);
    unicode_free(request.principal);
    return status;
}

SECURITY_STATUS SEC_ENTRY AcquireCredentialsHandleA(LPSTR pszPrincipal, LPSTR pszPackage,
                                                    ULONG fCredentialUse, void *pvLogonId,
                                                    void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
                                                    void *pvGetKeyArgument,
                                                    PCredHandle phCredential,
                                                    PTimeStamp ptsExpiry)
{
    struct credential_request request = {
        .use = fCredentialUse, .auth_data = pAuthData, .expiry = ptsExpiry};
    SECURITY_STATUS status = read_a(pszPrincipal, pszPackage, &request);

    (void)pvLogonId, (void)pGetKeyFn, (void)pvGetKeyArgument;
    EMPTY(ptsExpiry);
    if (status == SEC_E_OK)
        status = acquire(&request, phCredential);
    unicode_free(request.principal);
    return status;
}

SECURITY_STATUS SEC_ENTRY AddCredentialsW(PCredHandle hCredentials, LPWSTR pszPrincipal,
                                          LPWSTR pszPackage, ULONG fCredentialUse,
                                          void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
                                          void *pvGetKeyArgument, PTimeStamp ptsExpiry)
{
    struct credential_request request = {
        .use = fCredentialUse, .auth_data = pAuthData, .expiry = ptsExpiry};
    SECURITY_STATUS status = read_w(pszPrincipal, pszPackage, &request);

    (void)pGetKeyFn, (void)pvGetKeyArgument;
    EMPTY(ptsExpiry);
    if (status == SEC_E_OK)
        status = add(&request, hCredentials);
    unicode_free(request.principal);
    return status;
}

SECURITY_STATUS SEC_ENTRY AddCredentialsA(PCredHandle hCredentials, LPSTR pszPrincipal,
                                          LPSTR pszPackage, ULONG fCredentialUse,
                                          void *pAuthData, SEC_GET_KEY_FN pGetKeyFn,
                                          void *pvGetKeyArgument, PTimeStamp ptsExpiry)
{
    struct credential_request request = {
        .use = fCredentialUse, .auth_data = pAuthData, .expiry = ptsExpiry};
    SECURITY_STATUS status = read_a(pszPrincipal, pszPackage, &request);

    (void)pGetKeyFn, (void)pvGetKeyArgument;
    EMPTY(ptsExpiry);
    if (status == SEC_E_OK)
        status = add(&request, hCredentials);
    unicode_free(request.principal);
    return status;
}

SECURITY_STATUS SEC_ENTRY FreeCredentialsHandle(PCredHandle phCredential)
{
    return handle_close(phCredential, HANDLE_CREDENTIAL);
}
