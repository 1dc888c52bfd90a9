/* SPDX-License-Identifier: MIT */
/* names.c - GetUserNameEx, GetComputerObjectName, TranslateName: what the system's
 * users and Kerberos say. */

#include "config.h"

#include <ctype.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <secext.h>
#include <winbase.h>

#include "context_buffer.h"
#include "principal.h"
#include "unicode.h"

#define NETBIOS_LENGTH 15

static DWORD put(char name[PRINCIPAL_SIZE], const char *first, const char *between,
                 const char *second)
{
    int length = snprintf(name, PRINCIPAL_SIZE, "%s%s%s", first, between, second);

    return length > 0 && length < PRINCIPAL_SIZE ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
}

/* The machine's name as Windows has it: the host name's first part. */
static void machine_name(char name[NETBIOS_LENGTH + 1])
{
    char host[PRINCIPAL_SIZE] = "";
    size_t length;

    (void)gethostname(host, sizeof(host) - 1);
    length = strcspn(host, ".");
    if (length > NETBIOS_LENGTH)
        length = NETBIOS_LENGTH;
    for (size_t i = 0; i < length; i++)
        name[i] = (char)toupper((unsigned char)host[i]);
    name[length] = '\0';
}

/* "realm\user" of a principal; `user` instead of its own, where there is one. */
static DWORD put_realm(char name[PRINCIPAL_SIZE], char principal[PRINCIPAL_SIZE],
                       const char *user)
{
    char *realm = strrchr(principal, '@');

    if (!realm)
        return ERROR_NONE_MAPPED;
    *realm++ = '\0';
    for (char *at = realm; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return put(name, realm, "\\", user ? user : principal);
}

static DWORD put_ticket(EXTENDED_NAME_FORMAT format, char name[PRINCIPAL_SIZE])
{
    char principal[PRINCIPAL_SIZE];

    principal_of_credential(NULL, GSS_C_INITIATE, principal);
    if (!*principal)
        return ERROR_NONE_MAPPED;
    return format == NameDnsDomain ? put_realm(name, principal, NULL)
                                   : put(name, principal, "", "");
}

/* A domain's users are called DOMAIN\user by winbind. */
static DWORD put_account(EXTENDED_NAME_FORMAT format, const struct passwd *user,
                         char name[PRINCIPAL_SIZE])
{
    char machine[NETBIOS_LENGTH + 1], full[PRINCIPAL_SIZE];

    switch (format) {
    case NameSamCompatible:
        machine_name(machine);
        return strchr(user->pw_name, '\\') ? put(name, user->pw_name, "", "")
                                           : put(name, machine, "\\", user->pw_name);
    case NameDisplay:
        snprintf(full, sizeof(full), "%s", user->pw_gecos ? user->pw_gecos : "");
        full[strcspn(full, ",")] = '\0';
        return put(name, full, "", "");
    case NameUserPrincipal:
    case NameDnsDomain:
        return user->pw_uid == geteuid() ? put_ticket(format, name) : ERROR_NONE_MAPPED;
    default:
        return ERROR_NONE_MAPPED;
    }
}

static DWORD user_name(EXTENDED_NAME_FORMAT format, char name[PRINCIPAL_SIZE])
{
    char memory[8192];
    struct passwd entry, *user = NULL;

    if (format == NameUnknown)
        return ERROR_NO_SUCH_USER;
    if (getpwuid_r(geteuid(), &entry, memory, sizeof(memory), &user) || !user)
        return ERROR_NONE_MAPPED;
    return put_account(format, user, name);
}

static DWORD computer_name(EXTENDED_NAME_FORMAT format, char name[PRINCIPAL_SIZE])
{
    char principal[PRINCIPAL_SIZE], machine[NETBIOS_LENGTH + 2];

    if (format == NameUnknown)
        return ERROR_INVALID_PARAMETER;
    if (format != NameServicePrincipal && format != NameDnsDomain)
        return ERROR_CANT_ACCESS_DOMAIN_INFO;
    principal_of_credential("host", GSS_C_ACCEPT, principal);
    if (!strchr(principal, '@'))
        return ERROR_CANT_ACCESS_DOMAIN_INFO;
    if (format == NameServicePrincipal) {
        *strrchr(principal, '@') = '\0';
        return put(name, principal, "", "");
    }
    machine_name(machine);
    strcat(machine, "$");
    principal_in_default_realm(principal);
    return put_realm(name, principal, machine) ? ERROR_CANT_ACCESS_DOMAIN_INFO : ERROR_SUCCESS;
}

static DWORD translate(const char *account, EXTENDED_NAME_FORMAT from, EXTENDED_NAME_FORMAT to,
                       char name[PRINCIPAL_SIZE])
{
    char machine[NETBIOS_LENGTH + 1], local[PRINCIPAL_SIZE], memory[8192];
    struct passwd entry, *user = NULL;
    size_t length;

    if (!account)
        return ERROR_INVALID_PARAMETER;
    machine_name(machine);
    length = strlen(machine);
    if (from == NameUserPrincipal)
        account = principal_local_user(account, local) ? account : NULL;
    else if (from != NameSamCompatible && from != NameUnknown)
        account = NULL;
    else if (strncasecmp(account, machine, length) == 0 && account[length] == '\\')
        account += length + 1;
    else if (from == NameSamCompatible && !strchr(account, '\\'))
        account = NULL;
    if (account && from == NameUserPrincipal)
        account = local;
    if (!account || getpwnam_r(account, &entry, memory, sizeof(memory), &user) || !user)
        return ERROR_NONE_MAPPED;
    return put_account(to, user, name);
}

/* The name's way to the caller, as characters of `width` bytes; or the failure's
 * number. */
static BOOLEAN give(DWORD error, const char *name, DWORD too_small, void *buffer, size_t width,
                    ULONG *size)
{
    WCHAR *wide = NULL;
    ULONG length;

    if (!size)
        error = ERROR_INVALID_PARAMETER;
    length = error ? 0 : (ULONG)strlen(name);
    if (!error && width > 1) {
        if (unicode_buffer_w(name, length, &wide) != SEC_E_OK)
            error = ERROR_NO_UNICODE_TRANSLATION;
        for (length = 0; wide && wide[length];)
            length++;
    }
    if (!error && (!buffer || *size <= length)) {
        *size = length + 1;
        error = too_small;
    }
    if (!error) {
        memcpy(buffer, wide ? (const void *)wide : name, (length + 1) * width);
        *size = length;
    } else {
        SetLastError(error);
    }
    context_buffer_free(wide);
    return error == ERROR_SUCCESS;
}

BOOLEAN SEC_ENTRY GetUserNameExA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer,
                                 ULONG *nSize)
{
    char name[PRINCIPAL_SIZE];

    return give(user_name(NameFormat, name), name, ERROR_MORE_DATA, lpNameBuffer, sizeof(CHAR),
                nSize);
}

BOOLEAN SEC_ENTRY GetUserNameExW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer,
                                 ULONG *nSize)
{
    char name[PRINCIPAL_SIZE];

    return give(user_name(NameFormat, name), name, ERROR_MORE_DATA, lpNameBuffer, sizeof(WCHAR),
                nSize);
}

BOOLEAN SEC_ENTRY GetComputerObjectNameA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer,
                                         ULONG *nSize)
{
    char name[PRINCIPAL_SIZE];

    return give(computer_name(NameFormat, name), name, ERROR_INSUFFICIENT_BUFFER, lpNameBuffer,
                sizeof(CHAR), nSize);
}

BOOLEAN SEC_ENTRY GetComputerObjectNameW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer,
                                         ULONG *nSize)
{
    char name[PRINCIPAL_SIZE];

    return give(computer_name(NameFormat, name), name, ERROR_INSUFFICIENT_BUFFER, lpNameBuffer,
                sizeof(WCHAR), nSize);
}

BOOLEAN SEC_ENTRY TranslateNameA(LPCSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
                                 EXTENDED_NAME_FORMAT DesiredNameFormat, LPSTR lpTranslatedName,
                                 ULONG *nSize)
{
    char name[PRINCIPAL_SIZE];
    DWORD error = translate(lpAccountName, AccountNameFormat, DesiredNameFormat, name);

    if (!give(error, name, ERROR_INSUFFICIENT_BUFFER, lpTranslatedName, sizeof(CHAR), nSize))
        return FALSE;
    ++*nSize;
    return TRUE;
}

BOOLEAN SEC_ENTRY TranslateNameW(LPCWSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
                                 EXTENDED_NAME_FORMAT DesiredNameFormat,
                                 LPWSTR lpTranslatedName, ULONG *nSize)
{
    char name[PRINCIPAL_SIZE], *account = NULL;
    DWORD error = ERROR_NO_UNICODE_TRANSLATION;

    (void)unicode_note_short(lpAccountName, "the name of an account");
    if (unicode_to_utf8(lpAccountName, UNICODE_TERMINATED, &account) == SEC_E_OK)
        error = translate(account, AccountNameFormat, DesiredNameFormat, name);
    unicode_free(account);
    if (!give(error, name, ERROR_INSUFFICIENT_BUFFER, lpTranslatedName, sizeof(WCHAR), nSize))
        return FALSE;
    ++*nSize;
    return TRUE;
}
