/* SPDX-License-Identifier: MIT */
/* sspi_types.h - SSPI's basic types: statuses, time, handles, buffers, channel
 * bindings and packages. Part of sspi.h, which includes it. */

#ifndef SSPI_SSPI_TYPES_H
#define SSPI_SSPI_TYPES_H

#include <windef.h>
#include <winerror.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SEC_ENTRY
#define SEC_FAR
#define ISSP_LEVEL 32
#define ISSP_MODE 1

typedef WCHAR SEC_WCHAR;
typedef CHAR SEC_CHAR;
typedef LONG SECURITY_STATUS;
typedef SEC_CHAR *SECURITY_PSTR;
typedef const SEC_CHAR *SECURITY_PCSTR;

#ifdef UNICODE
#define SEC_TEXT(text) TEXT(text)
#else
#define SEC_TEXT(text) text
#endif

/* 100 ns since 1601, in local time. */
typedef LARGE_INTEGER _SECURITY_INTEGER, SECURITY_INTEGER, *PSECURITY_INTEGER;
typedef SECURITY_INTEGER TimeStamp, *PTimeStamp;
/* A UNICODE_STRING by another tag. */
typedef struct _SECURITY_STRING {
    USHORT Length; /* in bytes, as is MaximumLength */
    USHORT MaximumLength;
    USHORT *Buffer;
} SECURITY_STRING, *PSECURITY_STRING;

/*
 * Handles. Their values mean nothing to a caller, and nothing is read through
 * them: a handle that is not live is SEC_E_INVALID_HANDLE.
 */
typedef struct _SecHandle {
    ULONG_PTR dwLower;
    ULONG_PTR dwUpper;
} SecHandle, *PSecHandle;

typedef SecHandle CredHandle, CtxtHandle;
typedef PSecHandle PCredHandle, PCtxtHandle;

#define SEC_DELETED_HANDLE ((ULONG_PTR)(-2))
#define SecInvalidateHandle(handle)                                                            \
    do {                                                                                       \
        ((PSecHandle)(handle))->dwLower = ((ULONG_PTR)((INT_PTR)-1));                          \
        ((PSecHandle)(handle))->dwUpper = ((ULONG_PTR)((INT_PTR)-1));                          \
    } while (0)
#define SecIsValidHandle(handle)                                                               \
    ((((PSecHandle)(handle))->dwLower != ((ULONG_PTR)((INT_PTR)-1))) &&                        \
     (((PSecHandle)(handle))->dwUpper != ((ULONG_PTR)((INT_PTR)-1))))

/*
 * Buffers
 */
typedef struct _SecBuffer {
    ULONG cbBuffer;
    ULONG BufferType;
    void *pvBuffer;
} SecBuffer, *PSecBuffer;

typedef struct _SecBufferDesc {
    ULONG ulVersion; /* SECBUFFER_VERSION */
    ULONG cBuffers;
    PSecBuffer pBuffers;
} SecBufferDesc, *PSecBufferDesc;

#define SECBUFFER_VERSION 0
#define SECBUFFER_EMPTY 0
#define SECBUFFER_DATA 1
#define SECBUFFER_TOKEN 2
#define SECBUFFER_PKG_PARAMS 3
#define SECBUFFER_MISSING 4
#define SECBUFFER_EXTRA 5
#define SECBUFFER_STREAM_TRAILER 6
#define SECBUFFER_STREAM_HEADER 7
#define SECBUFFER_NEGOTIATION_INFO 8
#define SECBUFFER_PADDING 9
#define SECBUFFER_STREAM 10
#define SECBUFFER_MECHLIST 11
#define SECBUFFER_MECHLIST_SIGNATURE 12
#define SECBUFFER_TARGET 13
#define SECBUFFER_CHANNEL_BINDINGS 14
#define SECBUFFER_CHANGE_PASS_RESPONSE 15
#define SECBUFFER_TARGET_HOST 16
#define SECBUFFER_ALERT 17
#define SECBUFFER_FLAGS 27
#define SECBUFFER_CHANNEL_BINDINGS_RESULT 30

/* beside a type */
#define SECBUFFER_ATTRMASK 0xF0000000U
#define SECBUFFER_READONLY 0x80000000U
#define SECBUFFER_READONLY_WITH_CHECKSUM 0x10000000U
#define SECBUFFER_RESERVED 0x60000000U

typedef struct _SEC_NEGOTIATION_INFO {
    ULONG Size;
    ULONG NameLength;
    SEC_WCHAR *Name;
    void *Reserved;
} SEC_NEGOTIATION_INFO, *PSEC_NEGOTIATION_INFO;

/* The offsets count from the beginning of this structure. */
typedef struct _SEC_CHANNEL_BINDINGS {
    ULONG dwInitiatorAddrType;
    ULONG cbInitiatorLength;
    ULONG dwInitiatorOffset;
    ULONG dwAcceptorAddrType;
    ULONG cbAcceptorLength;
    ULONG dwAcceptorOffset;
    ULONG cbApplicationDataLength;
    ULONG dwApplicationDataOffset;
} SEC_CHANNEL_BINDINGS, *PSEC_CHANNEL_BINDINGS;

#define SEC_CHANNEL_BINDINGS_EX_MAGIC 0x58454243U /* "CBEX" */
#define SEC_CHANNEL_BINDINGS_AUDIT_BINDINGS 0x1
#define SEC_CHANNEL_BINDINGS_VALID_FLAGS SEC_CHANNEL_BINDINGS_AUDIT_BINDINGS

typedef struct _SEC_CHANNEL_BINDINGS_EX {
    ULONG magicNumber;
    ULONG flags;
    ULONG cbHeaderLength;
    ULONG cbStructureLength;
    ULONG dwInitiatorAddrType;
    ULONG cbInitiatorLength;
    ULONG dwInitiatorOffset;
    ULONG dwAcceptorAddrType;
    ULONG cbAcceptorLength;
    ULONG dwAcceptorOffset;
    ULONG cbApplicationDataLength;
    ULONG dwApplicationDataOffset;
} SEC_CHANNEL_BINDINGS_EX, *PSEC_CHANNEL_BINDINGS_EX;

typedef struct _SEC_CHANNEL_BINDINGS_RESULT {
    ULONG flags;
} SEC_CHANNEL_BINDINGS_RESULT, *PSEC_CHANNEL_BINDINGS_RESULT;

#define SEC_CHANNEL_BINDINGS_RESULT_CLIENT_SUPPORT 0x1
#define SEC_CHANNEL_BINDINGS_RESULT_ABSENT 0x2
#define SEC_CHANNEL_BINDINGS_RESULT_NOTVALID_MISMATCH 0x4
#define SEC_CHANNEL_BINDINGS_RESULT_NOTVALID_MISSING 0x8
#define SEC_CHANNEL_BINDINGS_RESULT_VALID_MATCHED 0x10
#define SEC_CHANNEL_BINDINGS_RESULT_VALID_PROXY 0x20
#define SEC_CHANNEL_BINDINGS_RESULT_VALID_MISSING 0x40
#define SEC_CHANNEL_BINDINGS_RESULT_NOTVALID 0xC
#define SEC_CHANNEL_BINDINGS_RESULT_VALID 0x70

typedef struct _SEC_FLAGS {
    ULONGLONG Flags;
} SEC_FLAGS, *PSEC_FLAGS;

#define SECURITY_NATIVE_DREP 0x10
#define SECURITY_NETWORK_DREP 0x0

/*
 * Packages
 */
typedef struct _SecPkgInfoW {
    ULONG fCapabilities;
    USHORT wVersion;
    USHORT wRPCID;
    ULONG cbMaxToken;
    SEC_WCHAR *Name;
    SEC_WCHAR *Comment;
} SecPkgInfoW, *PSecPkgInfoW;

typedef struct _SecPkgInfoA {
    ULONG fCapabilities;
    USHORT wVersion;
    USHORT wRPCID;
    ULONG cbMaxToken;
    SEC_CHAR *Name;
    SEC_CHAR *Comment;
} SecPkgInfoA, *PSecPkgInfoA;

#ifdef UNICODE
#define SecPkgInfo SecPkgInfoW
#define PSecPkgInfo PSecPkgInfoW
#else
#define SecPkgInfo SecPkgInfoA
#define PSecPkgInfo PSecPkgInfoA
#endif

#define SECPKG_FLAG_INTEGRITY 0x1
#define SECPKG_FLAG_PRIVACY 0x2
#define SECPKG_FLAG_TOKEN_ONLY 0x4
#define SECPKG_FLAG_DATAGRAM 0x8
#define SECPKG_FLAG_CONNECTION 0x10
#define SECPKG_FLAG_MULTI_REQUIRED 0x20
#define SECPKG_FLAG_CLIENT_ONLY 0x40
#define SECPKG_FLAG_EXTENDED_ERROR 0x80
#define SECPKG_FLAG_IMPERSONATION 0x100
#define SECPKG_FLAG_ACCEPT_WIN32_NAME 0x200
#define SECPKG_FLAG_STREAM 0x400
#define SECPKG_FLAG_NEGOTIABLE 0x800
#define SECPKG_FLAG_GSS_COMPATIBLE 0x1000
#define SECPKG_FLAG_LOGON 0x2000
#define SECPKG_FLAG_ASCII_BUFFERS 0x4000
#define SECPKG_FLAG_FRAGMENT 0x8000
#define SECPKG_FLAG_MUTUAL_AUTH 0x10000
#define SECPKG_FLAG_DELEGATION 0x20000
#define SECPKG_FLAG_READONLY_WITH_CHECKSUM 0x40000
#define SECPKG_FLAG_RESTRICTED_TOKENS 0x80000
#define SECPKG_FLAG_NEGO_EXTENDER 0x100000
#define SECPKG_FLAG_NEGOTIABLE2 0x200000
#define SECPKG_FLAG_APPCONTAINER_PASSTHROUGH 0x400000
#define SECPKG_FLAG_APPCONTAINER_CHECKS 0x800000
#define SECPKG_FLAG_CREDENTIAL_ISOLATION_ENABLED 0x1000000
#define SECPKG_FLAG_APPLY_LOOPBACK 0x2000000
#define SECPKG_ID_NONE 0xFFFF

#define SECPKG_OPTIONS_TYPE_UNKNOWN 0
#define SECPKG_OPTIONS_TYPE_LSA 1
#define SECPKG_OPTIONS_TYPE_SSPI 2
#define SECPKG_OPTIONS_PERMANENT 0x1

typedef struct _SECURITY_PACKAGE_OPTIONS {
    ULONG Size;
    ULONG Type;
    ULONG Flags;
    ULONG SignatureSize;
    void *Signature;
} SECURITY_PACKAGE_OPTIONS, *PSECURITY_PACKAGE_OPTIONS;

#ifdef __cplusplus
}
#endif

#endif
