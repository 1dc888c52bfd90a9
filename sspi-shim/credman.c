/* SPDX-License-Identifier: MIT */
/* credman.c - for programs that keep or ask for credentials themselves: what to
 * look up in a store and what to put there, as for Windows' CredRead and
 * CredWrite, whose host it is, and whether asking the user would help. The
 * store and the asking are the program's: there is neither here. */

#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "context_buffer.h"
#include "identity.h"
#include "support/outputs.h"
#include "unicode.h"

#define CRED_TYPE_DOMAIN_PASSWORD 2 /* wincred.h */

/* `domain\user`, as the store shows it; malloc'd, NULL for no user. */
static SECURITY_STATUS store_user(const struct identity *identity, char **name)
{
    const char *user = identity->user, *domain = identity->domain;
    size_t domain_length, user_size;

    *name = NULL;
    if (!user || !*user)
        return SEC_E_OK;
    domain_length = domain && !strpbrk(user, "\\@") ? strlen(domain) : 0;
    user_size = strlen(user) + 1;
    *name = malloc(domain_length + 1 + user_size);
    if (!*name)
        return SEC_E_INSUFFICIENT_MEMORY;
    if (domain_length > 0) {
        memcpy(*name, domain, domain_length);
        (*name)[domain_length++] = '\\';
    }
    memcpy(*name + domain_length, user, user_size);
    return SEC_E_OK;
}

static SECURITY_STATUS give(const char *utf8, WCHAR **text)
{
    *text = NULL;
    return utf8 ? unicode_buffer_w(utf8, strlen(utf8), text) : SEC_E_OK;
}

/* The target as it was named; the user's name where it was not. */
static SECURITY_STATUS give_target(PCWSTR target, const char *user, WCHAR **text)
{
    char *utf8;
    SECURITY_STATUS status;

    if (!target)
        return user ? give(user, text) : SEC_E_INVALID_PARAMETER;
    status = unicode_name_to_utf8(target, "the name of a target", &utf8);
    if (status == SEC_E_OK)
        status = give(utf8, text);
    unicode_free(utf8);
    return status;
}

/* What the store keeps of an identity, all of it in context buffers. */
struct entry {
    WCHAR *target, *user, *password;
    ULONG password_size;
};

static void free_entry(struct entry *entry)
{
    context_buffer_free(entry->target);
    context_buffer_free(entry->user);
    context_buffer_free(entry->password);
    *entry = (struct entry){0};
}

static SECURITY_STATUS make_entry(const void *auth_data, PCWSTR target, struct entry *entry)
{
    struct identity *identity;
    char *user = NULL;
    SECURITY_STATUS status;

    *entry = (struct entry){0};
    if (!auth_data)
        return SEC_E_INVALID_PARAMETER;
    status = identity_read(auth_data, &identity);
    if (status != SEC_E_OK)
        return status;
    status = store_user(identity, &user);
    if (status == SEC_E_OK)
        status = give_target(target, user, &entry->target);
    if (status == SEC_E_OK)
        status = give(user, &entry->user);
    if (status == SEC_E_OK)
        status = give(identity->password, &entry->password);
    while (entry->password && entry->password[entry->password_size / sizeof(WCHAR)])
        entry->password_size += (ULONG)sizeof(WCHAR);
    free(user);
    identity_release(identity);
    if (status != SEC_E_OK)
        free_entry(entry);
    return status;
}

SECURITY_STATUS SEC_ENTRY SspiPrepareForCredRead(PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity,
                                                 PCWSTR pszTargetName,
                                                 ULONG *pCredmanCredentialType,
                                                 PCWSTR *ppszCredmanTargetName)
{
    struct entry entry;
    SECURITY_STATUS status;

    EMPTY(pCredmanCredentialType);
    EMPTY(ppszCredmanTargetName);
    if (!pCredmanCredentialType || !ppszCredmanTargetName)
        return SEC_E_INVALID_PARAMETER;
    status = make_entry(AuthIdentity, pszTargetName, &entry);
    if (status != SEC_E_OK)
        return status;
    *pCredmanCredentialType = CRED_TYPE_DOMAIN_PASSWORD;
    *ppszCredmanTargetName = entry.target;
    entry.target = NULL;
    free_entry(&entry);
    return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY SspiPrepareForCredWrite(
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE AuthIdentity, PCWSTR pszTargetName,
    ULONG *pCredmanCredentialType, PCWSTR *ppszCredmanTargetName, PCWSTR *ppszCredmanUserName,
    PUCHAR *ppCredentialBlob, ULONG *pCredentialBlobSize)
{
    struct entry entry;
    SECURITY_STATUS status;

    EMPTY(pCredmanCredentialType);
    EMPTY(ppszCredmanTargetName);
    EMPTY(ppszCredmanUserName);
    EMPTY(ppCredentialBlob);
    EMPTY(pCredentialBlobSize);
    if (!pCredmanCredentialType || !ppszCredmanTargetName || !ppszCredmanUserName ||
        !ppCredentialBlob || !pCredentialBlobSize)
        return SEC_E_INVALID_PARAMETER;
    status = make_entry(AuthIdentity, pszTargetName, &entry);
    if (status != SEC_E_OK)
        return status;
    *pCredmanCredentialType = CRED_TYPE_DOMAIN_PASSWORD;
    *ppszCredmanTargetName = entry.target;
    *ppszCredmanUserName = entry.user;
    *ppCredentialBlob = (PUCHAR)entry.password;
    *pCredentialBlobSize = entry.password_size;
    return SEC_E_OK;
}

/* `host`, `service/host:port`, `service/host/name`; an address of IPv6 stands
 * in brackets, which stay, where a port may follow. */
static char *host_of(char *target)
{
    char *slash = strchr(target, '/'), *host = slash ? slash + 1 : target, *colon;

    host[strcspn(host, "/")] = '\0';
    colon = strrchr(host, ':');
    if (colon && (colon == strchr(host, ':') || colon[-1] == ']'))
        *colon = '\0';
    return host;
}

SECURITY_STATUS SEC_ENTRY SspiGetTargetHostName(PCWSTR pszTargetName, PWSTR *pszHostName)
{
    SECURITY_STATUS status;
    char *target;

    if (!pszHostName)
        return SEC_E_INVALID_PARAMETER;
    *pszHostName = NULL;
    if (!pszTargetName)
        return SEC_E_INVALID_PARAMETER;
    status = unicode_name_to_utf8(pszTargetName, "the name of a target", &target);
    if (status != SEC_E_OK)
        return status;
    status = give(host_of(target), pszHostName);
    unicode_free(target);
    return status;
}

/* Would another user or password help? The statuses are SSPI's, NTSTATUS and
 * Win32 errors alike. */
BOOLEAN SEC_ENTRY SspiIsPromptingNeeded(ULONG ErrorOrNtStatus)
{
    static const ULONG helped[] = {
        (ULONG)SEC_E_NO_CREDENTIALS,
        (ULONG)SEC_E_LOGON_DENIED,
        (ULONG)SEC_E_UNKNOWN_CREDENTIALS,
        0xC000006A, /* STATUS_WRONG_PASSWORD */
        0xC000006D, /* STATUS_LOGON_FAILURE */
        86,         /* ERROR_INVALID_PASSWORD */
        1326,       /* ERROR_LOGON_FAILURE */
    };

    for (size_t i = 0; i < sizeof(helped) / sizeof(helped[0]); i++)
        if (helped[i] == ErrorOrNtStatus)
            return TRUE;
    return FALSE;
}
