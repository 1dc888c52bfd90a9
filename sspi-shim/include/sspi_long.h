/* SPDX-License-Identifier: MIT */
/* sspi_long.h - for sources that say "unsigned long" where SSPI has ULONG. On
 * Windows both are 32 bits; here a long has 64 on most machines, of which a
 * function would set half and leave the rest as it was. So by default a pointer to
 * an unsigned long is an error, on 32-bit machines too. With SSPI_UNSIGNED_LONG
 * defined the calls of sspi.h's functions that give numbers out take it, and set the
 * whole; secext.h's do not. In C only: in C++ it remains an error. Part of sspi.h,
 * which includes it. */

#ifndef SSPI_SSPI_LONG_H
#define SSPI_SSPI_LONG_H

#ifndef __cplusplus

#pragma GCC diagnostic error "-Wincompatible-pointer-types"

#ifdef SSPI_UNSIGNED_LONG

#include <sspi_types.h>

/* Clears the upper half of a number, if it has one, and gives where the lower is. */
static inline ULONG *sspi_lower_half(void *number)
{
    ULONG *halves = (ULONG *)number;

#if __SIZEOF_LONG__ == 4
    return halves;
#elif __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    halves[0] = 0;
    return &halves[1];
#else
    halves[1] = 0;
    return &halves[0];
#endif
}

#define SSPI_ULONG(number)                                                                     \
    _Generic((number), unsigned long * : sspi_lower_half((void *)(number)), default : (number))

/* Also called through the function table, whose members have these names. */
#define EnumerateSecurityPackagesA(count, packages)                                            \
    EnumerateSecurityPackagesA(SSPI_ULONG(count), packages)
#define EnumerateSecurityPackagesW(count, packages)                                            \
    EnumerateSecurityPackagesW(SSPI_ULONG(count), packages)
#define InitializeSecurityContextA(cred, context, target, req, one, rep, in, two, made, out,   \
                                   attributes, expiry)                                         \
    InitializeSecurityContextA(cred, context, target, req, one, rep, in, two, made, out,       \
                               SSPI_ULONG(attributes), expiry)
#define InitializeSecurityContextW(cred, context, target, req, one, rep, in, two, made, out,   \
                                   attributes, expiry)                                         \
    InitializeSecurityContextW(cred, context, target, req, one, rep, in, two, made, out,       \
                               SSPI_ULONG(attributes), expiry)
#define AcceptSecurityContext(cred, context, in, req, rep, made, out, attributes, expiry)      \
    AcceptSecurityContext(cred, context, in, req, rep, made, out, SSPI_ULONG(attributes),      \
                          expiry)
#define VerifySignature(context, message, number, qop)                                         \
    VerifySignature(context, message, number, SSPI_ULONG(qop))
#define DecryptMessage(context, message, number, qop)                                          \
    DecryptMessage(context, message, number, SSPI_ULONG(qop))
#define SspiMarshalAuthIdentity(identity, length, bytes)                                       \
    SspiMarshalAuthIdentity(identity, SSPI_ULONG(length), bytes)
#define SspiPrepareForCredRead(identity, name, type, target)                                   \
    SspiPrepareForCredRead(identity, name, SSPI_ULONG(type), target)
#define SspiPrepareForCredWrite(identity, name, type, target, user, blob, size)                \
    SspiPrepareForCredWrite(identity, name, SSPI_ULONG(type), target, user, blob,              \
                            SSPI_ULONG(size))

#endif

#endif

#endif
