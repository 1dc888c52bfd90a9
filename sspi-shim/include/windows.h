/* SPDX-License-Identifier: MIT */
/* windows.h - for programs that use SSPI and next to nothing else of Windows: its
 * types, its status codes, the few macros that work on memory, and what is in
 * winbase.h and wide.h. */

#ifndef SSPI_WINDOWS_H
#define SSPI_WINDOWS_H

#include <rpc.h>
#include <string.h>
#include <wide.h>
#include <winbase.h>
#include <windef.h>
#include <winerror.h>

#define MAX_PATH 260

#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))

#define CopyMemory(to, from, length) memcpy((to), (from), (length))
#define MoveMemory(to, from, length) memmove((to), (from), (length))
#define FillMemory(to, length, fill) memset((to), (fill), (length))
#define ZeroMemory(to, length) memset((to), 0, (length))

/* Zeroes what the compiler might otherwise leave because nobody reads it. */
static __inline__ PVOID SecureZeroMemory(PVOID memory, SIZE_T length)
{
    volatile unsigned char *byte = (volatile unsigned char *)memory;

    while (length-- > 0)
        *byte++ = 0;
    return memory;
}

#endif
