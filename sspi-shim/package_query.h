/* SPDX-License-Identifier: MIT */
/* package_query.h - finding packages and describing them. Whether the machine has a
 * package is asked of GSSAPI each time, so that a mechanism that is installed or
 * removed while a program runs counts. */

#ifndef SHIM_PACKAGE_QUERY_H
#define SHIM_PACKAGE_QUERY_H

#include <sspi.h>

#include "package.h"

/* By name, in any case, UTF-8 or UTF-16. SEC_E_SECPKG_NOT_FOUND when there is
 * none of that name, when the machine does not have it, or for NULL. */
SECURITY_STATUS package_find_a(const char *name, const struct package **package);
SECURITY_STATUS package_find_w(const WCHAR *name, const struct package **package);

/* Does the machine's GSSAPI have it, and can it be loaded? SEC_E_SECPKG_NOT_FOUND,
 * SEC_E_INSUFFICIENT_MEMORY. */
SECURITY_STATUS package_check(const struct package *package);

/* One context buffer with its strings inside. SEC_E_INSUFFICIENT_MEMORY. */
SECURITY_STATUS package_info_a(const struct package *package, PSecPkgInfoA *info);
SECURITY_STATUS package_info_w(const struct package *package, PSecPkgInfoW *info);

#endif
