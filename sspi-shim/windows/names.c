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

#include <gssapi/gssapi_ext.h>

#include <secext.h>
#include <winbase.h>

#include "context_buffer.h"
#include "package.h"
#include "unicode.h"

/* Names longer than this are none. */
#define NAME_SIZE 512
#define NETBIOS_LENGTH 15

static DWORD put(char name[NAME_SIZE], const char *first, const char *between,
                 const char *second)
{
    int length = snprintf(name, NAME_SIZE, "%s%s%s", first, between, second);

    return length > 0 && length < NAME_SIZE ? ERROR_SUCCESS : ERROR_NONE_MAPPED;
}

/* The machine's name as Windows has it: the host name's first part. */
static void machine_name(char name[NETBIOS_LENGTH + 1])
{
    char host[NAME_SIZE] = "";
    size_t length;

    (void)gethostname(host, sizeof(host) - 1);
    length = strcspn(host, ".");
    if (length > NETBIOS_LENGTH)
        length = NETBIOS_LENGTH;
    for (size_t i = 0; i < length; i++)
        name[i] = (char)toupper((unsigned char)host[i]);
    name[length] = '\0';
}

/* What GSSAPI calls a name; empty where that fails. Lets go of the name. */
static void show(gss_name_t *shown, char name[NAME_SIZE])
{
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    OM_uint32 minor;

    name[0] = '\0';
    if (*shown && !gss_display_name(&minor, *shown, &text, NULL) && text.length < NAME_SIZE)
        snprintf(name, NAME_SIZE, "%.*s", (int)text.length, (char *)text.value);
    gss_release_buffer(&minor, &text);
    gss_release_name(&minor, shown);
}

/* The Kerberos name of the default credential for this use, or of `service`'s.
 * Without one, an empty one. */
static void kerberos_name(const char *service, gss_cred_usage_t use, char name[NAME_SIZE])
{
    gss_OID_desc mech = *package_of(PACKAGE_KERBEROS)->mech;
    gss_OID_set_desc mechs = {1, &mech};
    gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
    gss_cred_id_t cred = GSS_C_NO_CREDENTIAL;
    gss_name_t wanted = GSS_C_NO_NAME, found = GSS_C_NO_NAME;
    OM_uint32 minor;

    name[0] = '\0';
    if (service) {
        text = (gss_buffer_desc){strlen(service), (void *)(uintptr_t)service};
        if (gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &wanted))
            return;
    }
    if (!gss_acquire_cred(&minor, wanted, GSS_C_INDEFINITE, &mechs, use, &cred, NULL, NULL) &&
        !gss_inquire_cred(&minor, cred, &found, NULL, NULL, NULL))
        show(&found, name);
    gss_release_name(&minor, &wanted);
    gss_release_cred(&minor, &cred);
}

/* The realm of a user who is named without one: krb5.conf's. */
static void default_realm(char name[NAME_SIZE])
{
    gss_buffer_desc text = {1, (char[]){"x"}};
    gss_name_t user = GSS_C_NO_NAME, principal = GSS_C_NO_NAME;
    OM_uint32 minor;

    name[0] = '\0';
    if (!gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &user) &&
        !gss_canonicalize_name(
            &minor, user, (gss_OID)(uintptr_t)package_of(PACKAGE_KERBEROS)->mech, &principal))
        show(&principal, name);
    gss_release_name(&minor, &user);
}

/* "realm\user" of a principal; `user` instead of its own, where there is one. */
static DWORD put_realm(char name[NAME_SIZE], char principal[NAME_SIZE], const char *user)
{
    char *realm = strrchr(principal, '@');

    if (!realm)
        return ERROR_NONE_MAPPED;
    *realm++ = '\0';
    for (char *at = realm; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return put(name, realm, "\\", user ? user : principal);
}

static DWORD put_ticket(EXTENDED_NAME_FORMAT format, char name[NAME_SIZE])
{
    char principal[NAME_SIZE];

    kerberos_name(NULL, GSS_C_INITIATE, principal);
    if (!*principal)
        return ERROR_NONE_MAPPED;
    return format == NameDnsDomain ? put_realm(name, principal, NULL)
                                   : put(name, principal, "", "");
}

/* A domain's users are called DOMAIN\user by winbind. */
static DWORD put_account(EXTENDED_NAME_FORMAT format, const struct passwd *user,
                         char name[NAME_SIZE])
{
    char machine[NETBIOS_LENGTH + 1], full[NAME_SIZE];

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

static DWORD user_name(EXTENDED_NAME_FORMAT format, char name[NAME_SIZE])
{
    char memory[8192];
    struct passwd entry, *user = NULL;

    if (format == NameUnknown)
        return ERROR_NO_SUCH_USER;
    if (getpwuid_r(geteuid(), &entry, memory, sizeof(memory), &user) || !user)
        return ERROR_NONE_MAPPED;
    return put_account(format, user, name);
}

static DWORD computer_name(EXTENDED_NAME_FORMAT format, char name[NAME_SIZE])
{
    char principal[NAME_SIZE], machine[NETBIOS_LENGTH + 2];

    if (format == NameUnknown)
        return ERROR_INVALID_PARAMETER;
    if (format != NameServicePrincipal && format != NameDnsDomain)
        return ERROR_CANT_ACCESS_DOMAIN_INFO;
    kerberos_name("host", GSS_C_ACCEPT, principal);
    if (!strchr(principal, '@'))
        return ERROR_CANT_ACCESS_DOMAIN_INFO;
    if (format == NameServicePrincipal) {
        *strrchr(principal, '@') = '\0';
        return put(name, principal, "", "");
    }
    machine_name(machine);
    strcat(machine, "$");
    default_realm(principal);
    return put_realm(name, principal, machine) ? ERROR_CANT_ACCESS_DOMAIN_INFO : ERROR_SUCCESS;
}

/* The local user's name of a Kerberos principal. */
static bool local_user(const char *principal, char user[NAME_SIZE])
{
    gss_buffer_desc text = {strlen(principal), (void *)(uintptr_t)principal};
    gss_buffer_desc local = GSS_C_EMPTY_BUFFER;
    gss_name_t name = GSS_C_NO_NAME;
    OM_uint32 minor;
    bool found = false;

    if (!gss_import_name(&minor, &text, GSS_C_NT_USER_NAME, &name) &&
        !gss_localname(&minor, name, package_of(PACKAGE_KERBEROS)->mech, &local) &&
        local.length < NAME_SIZE) {
        snprintf(user, NAME_SIZE, "%.*s", (int)local.length, (char *)local.value);
        found = true;
    }
    gss_release_buffer(&minor, &local);
    gss_release_name(&minor, &name);
    return found;
}

static DWORD translate(const char *account, EXTENDED_NAME_FORMAT from, EXTENDED_NAME_FORMAT to,
                       char name[NAME_SIZE])
{
    char machine[NETBIOS_LENGTH + 1], local[NAME_SIZE], memory[8192];
    struct passwd entry, *user = NULL;
    size_t length;

    machine_name(machine);
    length = strlen(machine);
    if (from == NameUserPrincipal)
        account = local_user(account, local) ? account : NULL;
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
    ULONG length = error ? 0 : (ULONG)strlen(name);
    WCHAR *wide = NULL;

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
    char name[NAME_SIZE];

    return give(user_name(NameFormat, name), name, ERROR_MORE_DATA, lpNameBuffer, sizeof(CHAR),
                nSize);
}

BOOLEAN SEC_ENTRY GetUserNameExW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer,
                                 ULONG *nSize)
{
    char name[NAME_SIZE];

    return give(user_name(NameFormat, name), name, ERROR_MORE_DATA, lpNameBuffer, sizeof(WCHAR),
                nSize);
}

BOOLEAN SEC_ENTRY GetComputerObjectNameA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer,
                                         ULONG *nSize)
{
    char name[NAME_SIZE];

    return give(computer_name(NameFormat, name), name, ERROR_INSUFFICIENT_BUFFER, lpNameBuffer,
                sizeof(CHAR), nSize);
}

BOOLEAN SEC_ENTRY GetComputerObjectNameW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer,
                                         ULONG *nSize)
{
    char name[NAME_SIZE];

    return give(computer_name(NameFormat, name), name, ERROR_INSUFFICIENT_BUFFER, lpNameBuffer,
                sizeof(WCHAR), nSize);
}

BOOLEAN SEC_ENTRY TranslateNameA(LPCSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
                                 EXTENDED_NAME_FORMAT DesiredNameFormat, LPSTR lpTranslatedName,
                                 ULONG *nSize)
{
    char name[NAME_SIZE];
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
    char name[NAME_SIZE], *account = NULL;
    DWORD error = ERROR_NO_UNICODE_TRANSLATION;

    if (unicode_to_utf8(lpAccountName, UNICODE_TERMINATED, &account) == SEC_E_OK && account)
        error = translate(account, AccountNameFormat, DesiredNameFormat, name);
    unicode_free(account);
    if (!give(error, name, ERROR_INSUFFICIENT_BUFFER, lpTranslatedName, sizeof(WCHAR), nSize))
        return FALSE;
    ++*nSize;
    return TRUE;
}
