/* SPDX-License-Identifier: MIT */
/* package.h - the security packages, each a mechanism of GSSAPI's. What is
 * here is static; whether the machine has a package is asked of GSSAPI each
 * time, so a mechanism installed or removed while a program runs counts. */

#ifndef SHIM_PACKAGE_H
#define SHIM_PACKAGE_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

enum package_id { PACKAGE_NEGOTIATE, PACKAGE_KERBEROS, PACKAGE_NTLM, PACKAGE_COUNT };

struct package {
    enum package_id id;
    const char *name, *comment;
    gss_const_OID mech;
    USHORT rpc_id;
    ULONG max_token;
    ULONG capabilities;
};

/* Never NULL, whether the machine has it or not. */
const struct package *package_of(enum package_id id);

/* The package of a context's mechanism; NULL for NULL and for what none is. */
const struct package *package_of_mech(gss_const_OID mech);

/* By name, in any case, UTF-8 or UTF-16. SEC_E_SECPKG_NOT_FOUND when there is
 * none of that name, when the machine does not have it, or for NULL. */
SECURITY_STATUS package_find_a(const char *name, const struct package **package);
SECURITY_STATUS package_find_w(const WCHAR *name, const struct package **package);

/* Does the machine's GSSAPI have it, loadable? */
bool package_present(const struct package *package);

/* One context buffer with its strings inside. SEC_E_INSUFFICIENT_MEMORY. */
SECURITY_STATUS package_info_a(const struct package *package, PSecPkgInfoA *info);
SECURITY_STATUS package_info_w(const struct package *package, PSecPkgInfoW *info);

#endif
