/* SPDX-License-Identifier: MIT */
/* package_query.c - see package_query.h, and the functions that describe packages to
 * callers. */

#include "config.h"

#include "package_query.h"

#include <string.h>

#include <gssapi/gssapi_ext.h>

#include "context_buffer.h"
#include "status.h"
#include "support/outputs.h"
#include "unicode.h"

/* The one question about a mechanism that GSSAPI answers for each one that it can load,
 * whatever that mechanism implements, and for no other. */
SECURITY_STATUS package_check(const struct package *package)
{
    gss_OID_set attributes = GSS_C_NO_OID_SET, known = GSS_C_NO_OID_SET;
    OM_uint32 major, minor, ignored;
    SECURITY_STATUS status;

    major = gss_inquire_attrs_for_mech(&minor, package->mech, &attributes, &known);
    status = status_of(major, minor, package->mech);
    gss_release_oid_set(&ignored, &attributes);
    gss_release_oid_set(&ignored, &known);
    return status == SEC_E_OK || status == SEC_E_INSUFFICIENT_MEMORY ? status
                                                                     : SEC_E_SECPKG_NOT_FOUND;
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
    for (enum package_id i = 0; name && i < PACKAGE_COUNT; i++) {
        if (!same_name(name, package_of(i)->name))
            continue;
        *package = package_of(i);
        return package_check(package_of(i));
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

static SECURITY_STATUS list_present(const struct package **list, size_t *count)
{
    *count = 0;
    for (enum package_id i = 0; i < PACKAGE_COUNT; i++) {
        SECURITY_STATUS status = package_check(package_of(i));

        if (status == SEC_E_INSUFFICIENT_MEMORY)
            return status;
        if (status == SEC_E_OK)
            list[(*count)++] = package_of(i);
    }
    return SEC_E_OK;
}

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesA(ULONG *pcPackages,
                                                     PSecPkgInfoA *ppPackageInfo)
{
    const struct package *list[PACKAGE_COUNT];
    SECURITY_STATUS status;
    size_t count;

    EMPTY(pcPackages);
    EMPTY(ppPackageInfo);
    if (!pcPackages || !ppPackageInfo)
        return SEC_E_INVALID_PARAMETER;
    status = list_present(list, &count);
    if (status == SEC_E_OK)
        status = describe_a(list, count, ppPackageInfo);
    if (status == SEC_E_OK)
        *pcPackages = (ULONG)count;
    return status;
}

SECURITY_STATUS SEC_ENTRY EnumerateSecurityPackagesW(ULONG *pcPackages,
                                                     PSecPkgInfoW *ppPackageInfo)
{
    const struct package *list[PACKAGE_COUNT];
    SECURITY_STATUS status;
    size_t count;

    EMPTY(pcPackages);
    EMPTY(ppPackageInfo);
    if (!pcPackages || !ppPackageInfo)
        return SEC_E_INVALID_PARAMETER;
    status = list_present(list, &count);
    if (status == SEC_E_OK)
        status = describe_w(list, count, ppPackageInfo);
    if (status == SEC_E_OK)
        *pcPackages = (ULONG)count;
    return status;
}

/* As on Windows: a package that is not there leaves the pointer as it was. */
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
