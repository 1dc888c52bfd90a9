/* SPDX-License-Identifier: MIT */
/* firebird_beside.h - what Firebird's AuthSspi.cpp uses of access tokens and security
 * identifiers, which are not SSPI's: there is no token, so none of it is called. */

#ifndef SOURCES_FIREBIRD_BESIDE_H
#define SOURCES_FIREBIRD_BESIDE_H

#include <strings.h>
#include <windows.h>

typedef void *PSID;
typedef struct {
    PSID Sid;
    DWORD Attributes;
} SID_AND_ATTRIBUTES;
typedef struct {
    DWORD GroupCount;
    SID_AND_ATTRIBUTES Groups[1];
} TOKEN_GROUPS;
typedef struct {
    BYTE Value[6];
} SID_IDENTIFIER_AUTHORITY;
enum { TokenGroups = 2 };
enum SID_NAME_USE { SidTypeUnknown = 8 };
#define SECURITY_NT_AUTHORITY                                                                  \
    {                                                                                          \
        0, 0, 0, 0, 0, 5                                                                       \
    }
#define SECURITY_BUILTIN_DOMAIN_RID 0x20
#define DOMAIN_GROUP_RID_ADMINS 0x200
#define DOMAIN_ALIAS_RID_ADMINS 0x220
#define SE_GROUP_ENABLED 4
#define SE_GROUP_USE_FOR_DENY_ONLY 16
#define GetTokenInformation(token, what, data, size, length) FALSE
#define AllocateAndInitializeSid(a, count, b, c, d, e, f, g, h, i, sid) (*(sid) = NULL, FALSE)
#define FreeSid(sid) ((void)(sid))
#define EqualSid(one, other) FALSE
#define LookupAccountSid(system, sid, name, size, domain, domain_size, use) FALSE

#endif
