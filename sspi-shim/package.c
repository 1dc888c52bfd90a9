/* SPDX-License-Identifier: MIT */
/* package.c - the table of packages. */

#include "config.h"

#include "package.h"

#include <stdint.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

/* GSSAPI's elements are not const, though nobody writes to them. */
#define OID(length, elements)                                                                  \
    {                                                                                          \
        length, (void *)(uintptr_t)elements                                                    \
    }

/* 1.3.6.1.5.5.2, 1.2.840.113554.1.2.2, 1.3.6.1.4.1.311.2.2.10 */
static const gss_OID_desc mech_negotiate = OID(6, "\x2b\x06\x01\x05\x05\x02");
static const gss_OID_desc mech_kerberos = OID(9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02");
static const gss_OID_desc mech_ntlm = OID(10, "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a");

const gss_OID_desc package_iakerb = OID(6, "\x2b\x06\x01\x05\x02\x05");

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

const struct package *package_negotiated(gss_const_OID mech)
{
    return package_of_mech(gss_oid_equal(mech, &package_iakerb) ? &mech_kerberos : mech);
}
