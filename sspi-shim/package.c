/* SPDX-License-Identifier: MIT */
/* package.c - the packages, and the functions that describe them. */

#include "config.h"

#include "package.h"

#include <stdint.h>
#include <string.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "context_buffer.h"
#include "unicode.h"

/* GSSAPI's elements are not const, though nobody writes to them. */
#define OID(length, elements)                                                                  \
    {                                                                                          \
        length, (void *)(uintptr_t)elements                                                    \
    }

/* 1.3.6.1.5.5.2, 1.2.840.113554.1.2.2, 1.3.6.1.4.1.311.2.2.10 */
static const gss_OID_desc mech_negotiate = OID(6, "\x2b\x06\x01\x05\x05\x02");
static const gss_OID_desc mech_kerberos = OID(9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");
static const gss_OID_desc mech_ntlm = OID(10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");

/* Sizes, comments and capabilities are those of the Windows packages. */
static const struct package packages[PACKAGE_COUNT] = {
    {PACKAGE_NEGOTIATE, "Negotiate", "Microsoft Package Negotiator", &mech_negotiate,
     RPC_C_AUTHN_GSS_NEGOTIATE, 48256,
     SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_CONNECTION |
         SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_EXTENDED_ERROR | SECPKG_FLAG_IMPERSONATION |
         SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_GSS_COMPATIBLE |
         SECPKG_FLAG_LOGON | SECPKG_FLAG_RESTRICTED_TOKENS},
    {PACKAGE_KERBEROS, "Kerberos", "Microsoft Kerberos V1.0", &mech_kerberos,
     RPC_C_AUTHN_GSS_KERBEROS, 48000,
     SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_TOKEN_ONLY |
         SECPKG_FLAG_DATAGRAM | SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED |
         SECPKG_FLAG_EXTENDED_ERROR | SECPKG_FLAG_IMPERSONATION |
         SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_GSS_COMPATIBLE |
         SECPKG_FLAG_LOGON | SECPKG_FLAG_MUTUAL_AUTH | SECPKG_FLAG_DELEGATION |
         SECPKG_FLAG_READONLY_WITH_CHECKSUM | SECPKG_FLAG_RESTRICTED_TOKENS},
    {PACKAGE_NTLM, "NTLM", "NTLM Security Package", &mech_ntlm, RPC_C_AUTHN_WINNT, 2888,
     SECPKG_FLAG_INTEGRITY | SECPKG_FLAG_PRIVACY | SECPKG_FLAG_TOKEN_ONLY |
         SECPKG_FLAG_CONNECTION | SECPKG_FLAG_MULTI_REQUIRED | SECPKG_FLAG_IMPERSONATION |
         SECPKG_FLAG_ACCEPT_WIN32_NAME | SECPKG_FLAG_NEGOTIABLE | SECPKG_FLAG_LOGON |
         SECPKG_FLAG_RESTRICTED_TOKENS},
};

const struct package *package_of(enum package_id id)
{
    return &packages[id];
}

const struct package *package_of_mech(gss_const_OID mech)
{
    for (size_t i = 0; mech && i < PACKAGE_COUNT; i++)
        if (gss_oid_equal(mech, packages[i].mech))
            return &packages[i];
    return NULL;
}

/* The one question to GSSAPI about a mechanism that is answered for each it
 * can load, whatever that mechanism implements, and for no other. */
bool package_present(const struct package *package)
{
    gss_OID_set attributes = GSS_C_NO_OID_SET, known = GSS_C_NO_OID_SET;
    OM_uint32 major, minor;

    major = gss_inquire_attrs_for_mech(&minor, package->mech, &attributes, &known);
    gss_release_oid_set(&minor, &attributes);
    gss_release_oid_set(&minor, &known);
    return major == GSS_S_COMPLETE;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Not strcasecmp: its answer depends on the program's locale. */
static bool same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return *a == *b;
}

SECURITY_STATUS package_find_a(const char *name, const struct package **package)
{
    for (size_t i = 0; name && i < PACKAGE_COUNT; i++) {
        if (!same_name(name, packages[i].name))
            continue;
        if (!package_present(&packages[i]))
            break;
        *package = &packages[i];
        return SEC_E_OK;
    }
    return SEC_E_SECPKG_NOT_FOUND;
}

SECURITY_STATUS package_find_w(const WCHAR *name, const struct package **package)
{
    char *utf8;
    SECURITY_STATUS status = unicode_name_to_utf8(name, "the name of a package", &utf8);

    if (status == SEC_E_INSUFFICIENT_MEMORY)
        return status;
    status = package_find_a(utf8, package);
    unicode_free(utf8);
    return status;
}

/* The strings behind the structures, in the order of the packages: all of
 * them are ASCII, so a character of a name is a unit of either kind. */
static size_t text_units(const struct package *package)
{
    return strlen(package->name) + 1 + strlen(package->comment) + 1;
}

static char *put_a(char *at, const char *text, SEC_CHAR **where)
{
    size_t size = strlen(text) + 1;

    *where = memcpy(at, text, size);
    return at + size;
}

static WCHAR *put_w(WCHAR *at, const char *text, SEC_WCHAR **where)
{
    *where = at;
    do
        *at++ = (unsigned char)*text;
    while (*text++);
    return at;
}

#define FILL(info, package)                                                                    \
    do {                                                                                       \
        (info)->fCapabilities = (package)->capabilities;                                       \
        (info)->wVersion = 1;                                                                  \
        (info)->wRPCID = (package)->rpc_id;                                                    \
        (info)->cbMaxToken = (package)->max_token;                                             \
    } while (0)

static SECURITY_STATUS describe_a(const struct package *const *list, size_t count,
                                  PSecPkgInfoA *infos)
{
    size_t units = 0;
    char *at;

    for (size_t i = 0; i < count; i++)
        units += text_units(list[i]);
    *infos = context_buffer_alloc(count * sizeof(**infos) + units);
    if (!*infos)
        return SEC_E_INSUFFICIENT_MEMORY;
    at = (char *)(*infos + count);
    for (size_t i = 0; i < count; i++) {
        FILL(*infos + i, list[i]);
        at = put_a(at, list[i]->name, &(*infos)[i].Name);
        at = put_a(at, list[i]->comment, &(*infos)[i].Comment);
    }
    return SEC_E_OK;
}

static SECURITY_STATUS describe_w(const struct package *const *list, size_t count,
                                  PSecPkgInfoW *infos)
{
    size_t units = 0;
    WCHAR *at;

    for (size_t i = 0; i < count; i++)
        units += text_units(list[i]);
    *infos = context_buffer_alloc(count * sizeof(**infos) + units * sizeof(WCHAR));
    if (!*infos)
        return SEC_E_INSUFFICIENT_MEMORY;
    at = (WCHAR *)(*infos + count);
    for (size_t i = 0; i < count; i++) {
        FILL(*infos + i, list[i]);
        at = put_w(at, list[i]->name, &(*infos)[i].Name);
        at = put_w(at, list[i]->comment, &(*infos)[i].Comment);
    }
    return SEC_E_OK;
}

SECURITY_STATUS package_info_a(const struct package *package, PSecPkgInfoA *info)
{
    return describe_a(&package, 1, info);
}

SECURITY_STATUS package_info_w(const struct package *package, PSecPkgInfoW *info)
{
    return describe_w(&package, 1, info);
}

static size_t list_present(const struct package **list)
{
    size_t count = 0;

    for (size_t i = 0; i < PACKAGE_COUNT; i++)
        if (package_present(&packages[i]))
            list[count++] = &packages[i];
    return count;
}

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesA(ULONG *pcPackages,
                                                     PSecPkgInfoA *ppPackageInfo)
{
    const struct package *list[PACKAGE_COUNT];
    size_t count;

    if (!pcPackages || !ppPackageInfo)
        return SEC_E_INVALID_PARAMETER;
    count = list_present(list);
    *pcPackages = (ULONG)count;
    return describe_a(list, count, ppPackageInfo);
}

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesW(ULONG *pcPackages,
                                                     PSecPkgInfoW *ppPackageInfo)
{
    const struct package *list[PACKAGE_COUNT];
    size_t count;

    if (!pcPackages || !ppPackageInfo)
        return SEC_E_INVALID_PARAMETER;
    count = list_present(list);
    *pcPackages = (ULONG)count;
    return describe_w(list, count, ppPackageInfo);
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoA(LPSTR pszPackageName,
                                                    PSecPkgInfoA *ppPackageInfo)
{
    const struct package *package;
    SECURITY_STATUS status;

    if (!ppPackageInfo)
        return SEC_E_INVALID_PARAMETER;
    status = package_find_a(pszPackageName, &package);
    return status == SEC_E_OK ? package_info_a(package, ppPackageInfo) : status;
}

SECURITY_STATUS SEC_ENTRY QuerySecurityPackageInfoW(LPWSTR pszPackageName,
                                                    PSecPkgInfoW *ppPackageInfo)
{
    const struct package *package;
    SECURITY_STATUS status;

    if (!ppPackageInfo)
        return SEC_E_INVALID_PARAMETER;
    status = package_find_w(pszPackageName, &package);
    return status == SEC_E_OK ? package_info_w(package, ppPackageInfo) : status;
}
