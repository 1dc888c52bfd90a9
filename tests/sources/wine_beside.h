/* SPDX-License-Identifier: MIT */
/* wine_beside.h - what Wine's tests of secur32 use of the Local Security Authority,
 * of access tokens and of cryptography, which is not SSPI's: it fails. */

#ifndef SOURCES_WINE_BESIDE_H
#define SOURCES_WINE_BESIDE_H

#include <secext.h>
#include <stdlib.h>
#include <windows.h>

#define CALG_RC4 0x6801
#define CRED_TYPE_DOMAIN_PASSWORD 2
#define lstrcmpA strcmp
#define lstrlenA strlen
#define lstrlenW wcslen
#define HeapSize(heap, flags, memory) ((SIZE_T)-1 >> 1) /* not to be known */
#define lstrcmpW wcscmp
#define GetProcessHeap() NULL
#define HEAP_ZERO_MEMORY 8
#define HeapAlloc(heap, flags, size) calloc(1, (size))
#define HeapFree(heap, flags, memory) free(memory)
#define wine_dbgstr_wn(text, length) ((void)(text), (void)(length), "")

#define TOKEN_QUERY 8
typedef struct {
    LUID AuthenticationId;
} TOKEN_STATISTICS;
typedef struct {
    ULONG Size;
    LUID LogonId;
    UNICODE_STRING AuthenticationPackage;
} SECURITY_LOGON_SESSION_DATA;
enum { TokenStatistics };
#define GetCurrentProcess() NULL
#define OpenProcessToken(process, access, token) (*(token) = NULL, FALSE)
#define GetTokenInformation(token, what, data, size, length) FALSE
#define CloseHandle(handle) ((void)(handle))
#define LsaGetLogonSessionData(id, data) (-1)

#define LSA_NOT_HERE ((NTSTATUS)0xC0000002) /* STATUS_NOT_IMPLEMENTED */
enum { KerbQueryTicketCacheMessage = 1 };
typedef struct {
    int MessageType;
} KERB_QUERY_TKT_CACHE_REQUEST;
typedef struct {
    UNICODE_STRING ServerName, RealmName;
    LONG EncryptionType;
    ULONG TicketFlags;
} KERB_TICKET_CACHE_INFO;
typedef struct {
    int MessageType;
    ULONG CountOfTickets;
    KERB_TICKET_CACHE_INFO Tickets[1];
} KERB_QUERY_TKT_CACHE_RESPONSE;
typedef struct {
    char *Buffer;
} LSA_STRING;
#define LsaConnectUntrusted(lsa) (*(lsa) = NULL, LSA_NOT_HERE)
#define RtlInitAnsiString(name, text) ((name)->Buffer = (char *)(text))
#define LsaLookupAuthenticationPackage(lsa, name, package) (*(package) = 0, LSA_NOT_HERE)
static KERB_QUERY_TKT_CACHE_RESPONSE no_tickets;
#define LsaCallAuthenticationPackage(lsa, package, request, size, response, length, status)    \
    (*(response) = &no_tickets, LSA_NOT_HERE)
#define LsaFreeReturnBuffer(buffer) ((void)(buffer))
#define LsaDeregisterLogonProcess(lsa) ((void)(lsa))

#endif
