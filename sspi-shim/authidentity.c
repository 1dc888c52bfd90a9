/* SPDX-License-Identifier: MIT */
/* authidentity.c - the functions that handle identities for a caller. To it
 * they are opaque: what these functions give out is a context buffer of identity_pack,
 * what they take is any form (identity.h). */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>

#include "context_buffer.h"
#include "identity.h"
#include "support/outputs.h"
#include "unicode.h"

/* Any form, from the caller, packed as EX2, in a context buffer. */
static SECURITY_STATUS repack(const void *auth_data, void **packed, ULONG *size)
{
    struct identity *identity;
    SECURITY_STATUS status;

    *packed = NULL;
    if (!auth_data)
        return SEC_E_INVALID_PARAMETER;
    status = identity_read(auth_data, &identity);
    if (status != SEC_E_OK)
        return status;
    status = identity_pack(identity, packed, size);
    identity_release(identity);
    return status;
}

static ULONG length_of(PCWSTR text)
{
    ULONG length = 0;

    while (text && text[length])
        length++;
    return length;
}

SECURITY_STATUS SEC_ENTRY SspiEncodeStringsAsAuthIdentity(
    PCWSTR pszUserName, PCWSTR pszDomainName, PCWSTR pszPackedCredentialsString,
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppAuthIdentity)
{
    SEC_WINNT_AUTH_IDENTITY_W words = {.User = (USHORT *)(uintptr_t)pszUserName,
                                       .UserLength = length_of(pszUserName),
                                       .Domain = (USHORT *)(uintptr_t)pszDomainName,
                                       .DomainLength = length_of(pszDomainName),
                                       .Password =
                                           (USHORT *)(uintptr_t)pszPackedCredentialsString,
                                       .PasswordLength = length_of(pszPackedCredentialsString),
                                       .Flags = SEC_WINNT_AUTH_IDENTITY_UNICODE};
    ULONG size;

    /* As on Windows: then the pointer stays as it was. */
    if (!ppAuthIdentity || (!pszUserName && !pszDomainName && !pszPackedCredentialsString))
        return SEC_E_INVALID_TOKEN;
    *ppAuthIdentity = NULL;
    if (unicode_note_short(pszUserName, "the name of a user") && words.PasswordLength <= 1 &&
        words.DomainLength <= 1)
        return SEC_E_INVALID_PARAMETER;
    return repack(&words, ppAuthIdentity, &size);
}

/* A context buffer; nothing for a caller who does not want it, NULL for no text. */
static SECURITY_STATUS give_text(const char *utf8, PCWSTR *text)
{
    WCHAR *wide = NULL;
    SECURITY_STATUS status = SEC_E_OK;

    if (text && utf8)
        status = unicode_buffer_w(utf8, strlen(utf8), &wide);
    if (text)
        *text = wide;
    return status;
}

static void take_back(PCWSTR *text)
{
    if (!text)
        return;
    context_buffer_free((void *)(uintptr_t)*text);
    *text = NULL;
}

SECURITY_STATUS SEC_ENTRY SspiEncodeAuthIdentityAsStrings(
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE pAuthIdentity, PCWSTR *ppszUserName, PCWSTR *ppszDomainName,
    PCWSTR *ppszPackedCredentialsString)
{
    PCWSTR *const texts[] = {ppszUserName, ppszDomainName, ppszPackedCredentialsString};
    struct identity *identity;
    SECURITY_STATUS status;

    for (size_t i = 0; i < 3; i++)
        if (texts[i])
            *texts[i] = NULL;
    if (!pAuthIdentity || identity_is_encrypted(pAuthIdentity))
        return SEC_E_INVALID_PARAMETER;
    status = identity_read(pAuthIdentity, &identity);
    if (status != SEC_E_OK)
        return status;
    status = give_text(identity->user, ppszUserName);
    if (status == SEC_E_OK)
        status = give_text(identity->domain, ppszDomainName);
    if (status == SEC_E_OK)
        status = give_text(identity->password, ppszPackedCredentialsString);
    identity_release(identity);
    for (size_t i = 0; status != SEC_E_OK && i < 3; i++)
        take_back(texts[i]);
    return status;
}

SECURITY_STATUS SEC_ENTRY SspiValidateAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData)
{
    struct identity *identity;
    SECURITY_STATUS status;

    if (!AuthData)
        return SEC_E_INVALID_PARAMETER;
    status = identity_read(AuthData, &identity);
    identity_release(identity);
    return status;
}

SECURITY_STATUS SEC_ENTRY SspiCopyAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData,
                                               PSEC_WINNT_AUTH_IDENTITY_OPAQUE *AuthDataCopy)
{
    ULONG size;

    return AuthDataCopy ? repack(AuthData, AuthDataCopy, &size) : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS SEC_ENTRY SspiMarshalAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                                  ULONG *AuthIdentityLength,
                                                  char **AuthIdentityByteArray)
{
    SECURITY_STATUS status;
    void *packed;
    ULONG size;

    EMPTY(AuthIdentityLength);
    EMPTY(AuthIdentityByteArray);
    if (!AuthIdentityLength || !AuthIdentityByteArray)
        return SEC_E_INVALID_PARAMETER;
    status = repack(AuthIdentity, &packed, &size);
    if (status != SEC_E_OK)
        return status;
    *AuthIdentityLength = size;
    *AuthIdentityByteArray = packed;
    return SEC_E_OK;
}

/* The bytes may come from elsewhere: no length or offset in them is trusted. */
SECURITY_STATUS SEC_ENTRY
SspiUnmarshalAuthIdentity(ULONG AuthIdentityLength, char *AuthIdentityByteArray,
                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppAuthIdentity)
{
    SEC_WINNT_AUTH_IDENTITY_EX2 ex2;
    ULONG size;

    if (!ppAuthIdentity)
        return SEC_E_INVALID_PARAMETER;
    *ppAuthIdentity = NULL;
    if (!AuthIdentityByteArray || AuthIdentityLength < sizeof(ex2))
        return SEC_E_INVALID_PARAMETER;
    memcpy(&ex2, AuthIdentityByteArray, sizeof(ex2));
    if (ex2.Version != SEC_WINNT_AUTH_IDENTITY_VERSION_2 ||
        ex2.cbStructureLength > AuthIdentityLength)
        return SEC_E_INVALID_PARAMETER;
    return repack(AuthIdentityByteArray, ppAuthIdentity, &size);
}

/* Only Negotiate has several to choose from, and of those only the two are in
 * a list; to leave out another one changes nothing. */
SECURITY_STATUS SEC_ENTRY SspiExcludePackage(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                             PCWSTR pszPackageName,
                                             PSEC_WINNT_AUTH_IDENTITY_OPAQUE *ppNewAuthIdentity)
{
    SEC_WINNT_AUTH_IDENTITY_A nobody = {.Flags = SEC_WINNT_AUTH_IDENTITY_ANSI};
    struct identity *identity = NULL;
    SECURITY_STATUS status;
    char *name = NULL;
    ULONG size;

    if (!ppNewAuthIdentity)
        return SEC_E_INVALID_PARAMETER;
    *ppNewAuthIdentity = NULL;
    if (!pszPackageName)
        return SEC_E_INVALID_PARAMETER;
    status = unicode_name_to_utf8(pszPackageName, "the name of a package", &name);
    if (status == SEC_E_OK)
        status = identity_read(AuthIdentity ? AuthIdentity : &nobody, &identity);
    if (status == SEC_E_OK) {
        identity_exclude(identity, name);
        status = identity_pack(identity, ppNewAuthIdentity, &size);
    }
    identity_release(identity);
    unicode_free(name);
    return status;
}

static bool is_same_text(const char *a, const char *b)
{
    int order = 1;

    if (!a || !b)
        return a == b;
    return u8_casecmp((const uint8_t *)a, strlen(a), (const uint8_t *)b, strlen(b), NULL, NULL,
                      &order) == 0 &&
           order == 0;
}

/* Takes the same time however much is equal. */
static bool is_same_secret(const char *a, const char *b)
{
    unsigned char difference = 0;
    size_t length;

    if (!a || !b)
        return a == b;
    length = strlen(a);
    if (length != strlen(b))
        return false;
    for (size_t i = 0; i < length; i++)
        difference |= (unsigned char)(a[i] ^ b[i]);
    return difference == 0;
}

static SECURITY_STATUS is_same_user(const struct identity *a, const struct identity *b,
                                    bool *same)
{
    char *a_name = NULL, *b_name = NULL;
    SECURITY_STATUS status = identity_name(a, &a_name);

    if (status == SEC_E_OK)
        status = identity_name(b, &b_name);
    *same = status == SEC_E_OK && is_same_text(a_name, b_name) &&
            identity_is_anonymous(a) == identity_is_anonymous(b);
    free(a_name);
    free(b_name);
    return status;
}

/* A user is the same in whatever form it is written, and in any case. */
SECURITY_STATUS SEC_ENTRY
SspiCompareAuthIdentities(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity1,
                          PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity2,
                          BOOLEAN *SameSuppliedUser, BOOLEAN *SameSuppliedIdentity)
{
    struct identity *a = NULL, *b = NULL;
    bool same_user = false, same = false;
    SECURITY_STATUS status = SEC_E_INVALID_PARAMETER;

    if (AuthIdentity1 && AuthIdentity2)
        status = identity_read(AuthIdentity1, &a);
    if (status == SEC_E_OK)
        status = identity_read(AuthIdentity2, &b);
    if (status == SEC_E_OK)
        status = is_same_user(a, b, &same_user);
    if (status == SEC_E_OK)
        same = same_user && is_same_secret(a->password, b->password) &&
               memcmp(a->allowed, b->allowed, sizeof(a->allowed)) == 0;
    if (SameSuppliedUser)
        *SameSuppliedUser = same_user;
    if (SameSuppliedIdentity)
        *SameSuppliedIdentity = same;
    identity_release(a);
    identity_release(b);
    return status;
}

/* A key that lies in the same memory hides nothing, and nobody else is here to
 * keep one. */
SECURITY_STATUS SEC_ENTRY SspiEncryptAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData)
{
    return AuthData ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS SEC_ENTRY
SspiDecryptAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData)
{
    if (!EncryptedAuthData)
        return SEC_E_INVALID_PARAMETER;
    return identity_is_encrypted(EncryptedAuthData) ? SEC_E_UNSUPPORTED_FUNCTION : SEC_E_OK;
}

BOOLEAN SEC_ENTRY SspiIsAuthIdentityEncrypted(PSEC_WINNT_AUTH_IDENTITY_OPAQUE EncryptedAuthData)
{
    return EncryptedAuthData && identity_is_encrypted(EncryptedAuthData);
}

static void zero_text(void *text, ULONG length, ULONG flags)
{
    size_t unit = flags & SEC_WINNT_AUTH_IDENTITY_ANSI ? sizeof(char) : sizeof(WCHAR);

    if (text)
        explicit_bzero(text, length * unit);
}

/* The texts, and the structure itself. */
void SEC_ENTRY SspiZeroAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData)
{
    SEC_WINNT_AUTH_IDENTITY_INFO *info = AuthData;
    SEC_WINNT_AUTH_IDENTITY_EXA *ex;
    SEC_WINNT_AUTH_IDENTITY_A *plain;

    if (!info)
        return;
    switch (info->AuthIdEx2.Version) {
    case SEC_WINNT_AUTH_IDENTITY_VERSION_2:
        explicit_bzero(info, info->AuthIdEx2.cbStructureLength);
        break;
    case SEC_WINNT_AUTH_IDENTITY_VERSION:
        ex = &info->AuthIdExa;
        zero_text(ex->User, ex->UserLength, ex->Flags);
        zero_text(ex->Domain, ex->DomainLength, ex->Flags);
        zero_text(ex->Password, ex->PasswordLength, ex->Flags);
        explicit_bzero(info, sizeof(*ex));
        break;
    default:
        plain = &info->AuthId_a;
        zero_text(plain->User, plain->UserLength, plain->Flags);
        zero_text(plain->Domain, plain->DomainLength, plain->Flags);
        zero_text(plain->Password, plain->PasswordLength, plain->Flags);
        explicit_bzero(info, sizeof(*plain));
    }
}

void SEC_ENTRY SspiFreeAuthIdentity(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthData)
{
    context_buffer_free(AuthData);
}

void SEC_ENTRY SspiLocalFree(PVOID DataBuffer)
{
    context_buffer_free(DataBuffer);
}
