/* SPDX-License-Identifier: MIT */
/* secext.h - names of users and of the machine, as Windows' secur32.dll knows
 * them. They come from the system's users (with winbind in nsswitch.conf a
 * domain's, too), from the Kerberos ticket of who runs the program, and from the
 * machine's keytab; a directory is not asked. security.h includes this.
 *
 * The symbols begin with sspi_: WinPR has functions of these names. */

#ifndef SSPI_SECEXT_H
#define SSPI_SECEXT_H

#include <sspi.h>
#include <windef.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* Where there is one of these forms:
 *   NameSamCompatible    DOMAIN\user, where winbind calls a domain's user so; of any
 *                        other user of the system MACHINE\user
 *   NameDisplay          the full name of the system's account
 *   NameUserPrincipal    user@REALM, of the Kerberos ticket
 *   NameDnsDomain        realm\user, the realm in lower case
 *   NameServicePrincipal host/name, of the machine's key in the keytab
 * The others are a directory's. */
typedef enum {
    NameUnknown = 0,
    NameFullyQualifiedDN = 1,
    NameSamCompatible = 2,
    NameDisplay = 3,
    NameUniqueId = 6,
    NameCanonical = 7,
    NameUserPrincipal = 8,
    NameCanonicalEx = 9,
    NameServicePrincipal = 10,
    NameDnsDomain = 12,
    NameGivenName = 13,
    NameSurname = 14
} EXTENDED_NAME_FORMAT,
    *PEXTENDED_NAME_FORMAT;

/* All three give FALSE and set the last error when they fail. *nSize is the
 * buffer's size in characters; then the name's length, of TranslateName with the
 * NUL; when it was too small the size that is needed, with ERROR_MORE_DATA
 * (GetUserNameEx) or ERROR_INSUFFICIENT_BUFFER (the others). Without an nSize or an
 * account's name: ERROR_INVALID_PARAMETER. A form that the name
 * does not have: ERROR_NONE_MAPPED; of the machine: ERROR_CANT_ACCESS_DOMAIN_INFO. */

/* Who runs the program. NameUnknown: ERROR_NO_SUCH_USER. */
BOOLEAN SEC_ENTRY GetUserNameExA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer,
                                 ULONG *nSize) SSPI_SYMBOL(GetUserNameExA);
BOOLEAN SEC_ENTRY GetUserNameExW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer,
                                 ULONG *nSize) SSPI_SYMBOL(GetUserNameExW);

/* The machine, when its keytab has a key of host/NAME: NameServicePrincipal and
 * NameDnsDomain (realm\MACHINE$). NameUnknown: ERROR_INVALID_PARAMETER. */
BOOLEAN SEC_ENTRY GetComputerObjectNameA(EXTENDED_NAME_FORMAT NameFormat, LPSTR lpNameBuffer,
                                         ULONG *nSize) SSPI_SYMBOL(GetComputerObjectNameA);
BOOLEAN SEC_ENTRY GetComputerObjectNameW(EXTENDED_NAME_FORMAT NameFormat, LPWSTR lpNameBuffer,
                                         ULONG *nSize) SSPI_SYMBOL(GetComputerObjectNameW);

/* A user of the system's, from NameSamCompatible (or NameUnknown: the user's name
 * alone will do) or NameUserPrincipal (whom krb5.conf says a principal is). To
 * NameSamCompatible and NameDisplay; for who runs the program to each form that
 * GetUserNameEx has. */
BOOLEAN SEC_ENTRY TranslateNameA(LPCSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
                                 EXTENDED_NAME_FORMAT DesiredNameFormat, LPSTR lpTranslatedName,
                                 ULONG *nSize) SSPI_SYMBOL(TranslateNameA);
BOOLEAN SEC_ENTRY TranslateNameW(LPCWSTR lpAccountName, EXTENDED_NAME_FORMAT AccountNameFormat,
                                 EXTENDED_NAME_FORMAT DesiredNameFormat,
                                 LPWSTR lpTranslatedName, ULONG *nSize)
    SSPI_SYMBOL(TranslateNameW);

#pragma GCC visibility pop

#ifdef UNICODE
#define GetUserNameEx GetUserNameExW
#define GetComputerObjectName GetComputerObjectNameW
#define TranslateName TranslateNameW
#else
#define GetUserNameEx GetUserNameExA
#define GetComputerObjectName GetComputerObjectNameA
#define TranslateName TranslateNameA
#endif

#ifdef __cplusplus
}
#endif

#endif
