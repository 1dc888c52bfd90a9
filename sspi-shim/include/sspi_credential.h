/* SPDX-License-Identifier: MIT */
/* sspi_credential.h - what credentials are for, and the attributes they can be
 * asked about. Part of sspi.h, which includes it. */

#ifndef SSPI_SSPI_CREDENTIAL_H
#define SSPI_SSPI_CREDENTIAL_H

#include <sspi_types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SECPKG_CRED_INBOUND 0x1
#define SECPKG_CRED_OUTBOUND 0x2
#define SECPKG_CRED_BOTH 0x3
#define SECPKG_CRED_DEFAULT 0x4
#define SECPKG_CRED_RESERVED 0xF0000000U
#define SECPKG_CRED_AUTOLOGON_RESTRICTED 0x10
#define SECPKG_CRED_PROCESS_POLICY_ONLY 0x20

#define SECPKG_CRED_ATTR_NAMES 1
#define SECPKG_CRED_ATTR_SSI_PROVIDER 2
#define SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS 3
#define SECPKG_CRED_ATTR_CERT 4
#define SECPKG_CRED_ATTR_PAC_BYPASS 5

typedef struct _SecPkgCredentials_NamesW {
    SEC_WCHAR *sUserName;
} SecPkgCredentials_NamesW, *PSecPkgCredentials_NamesW;

typedef struct _SecPkgCredentials_NamesA {
    SEC_CHAR *sUserName;
} SecPkgCredentials_NamesA, *PSecPkgCredentials_NamesA;

#ifdef UNICODE
#define SecPkgCredentials_Names SecPkgCredentials_NamesW
#define PSecPkgCredentials_Names PSecPkgCredentials_NamesW
#else
#define SecPkgCredentials_Names SecPkgCredentials_NamesA
#define PSecPkgCredentials_Names PSecPkgCredentials_NamesA
#endif

typedef struct _SecPkgCredentials_SSIProviderW {
    SEC_WCHAR *sProviderName;
    ULONG ProviderInfoLength;
    char *ProviderInfo;
} SecPkgCredentials_SSIProviderW, *PSecPkgCredentials_SSIProviderW;

typedef struct _SecPkgCredentials_SSIProviderA {
    SEC_CHAR *sProviderName;
    ULONG ProviderInfoLength;
    char *ProviderInfo;
} SecPkgCredentials_SSIProviderA, *PSecPkgCredentials_SSIProviderA;

#ifdef UNICODE
#define SecPkgCredentials_SSIProvider SecPkgCredentials_SSIProviderW
#define PSecPkgCredentials_SSIProvider PSecPkgCredentials_SSIProviderW
#else
#define SecPkgCredentials_SSIProvider SecPkgCredentials_SSIProviderA
#define PSecPkgCredentials_SSIProvider PSecPkgCredentials_SSIProviderA
#endif

#ifdef __cplusplus
}
#endif

#endif
