/* SPDX-License-Identifier: MIT */
/* wide.h - the C library's functions for wide strings, for programs that are
 * compiled with -fshort-wchar: the C library's own are made for four-byte
 * characters, and would run beyond the end. In C only; a C++ program says
 * std::u16string_view. Part of windows.h, which includes it. */

#ifndef SSPI_WIDE_H
#define SSPI_WIDE_H

#if __SIZEOF_WCHAR_T__ == 2 && !defined(__cplusplus)

#include <stdlib.h>
#include <wchar.h>

static __inline__ size_t sspi_wcslen(const wchar_t *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}

static __inline__ wchar_t *sspi_wcschr(const wchar_t *text, wchar_t wanted)
{
    while (*text && *text != wanted)
        text++;
    return *text == wanted ? (wchar_t *)(ULONG_PTR)text : NULL;
}

static __inline__ wchar_t *sspi_wcsrchr(const wchar_t *text, wchar_t wanted)
{
    const wchar_t *at = text + sspi_wcslen(text);

    while (at > text && *at != wanted)
        at--;
    return *at == wanted ? (wchar_t *)(ULONG_PTR)at : NULL;
}

static __inline__ int sspi_wcsncmp(const wchar_t *one, const wchar_t *other, size_t length)
{
    for (; length > 0; one++, other++, length--)
        if (*one != *other || !*one)
            return (int)*one - (int)*other;
    return 0;
}

static __inline__ wchar_t *sspi_wcsncpy(wchar_t *to, const wchar_t *from, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        to[i] = *from;
        from += *from != 0;
    }
    return to;
}

static __inline__ wchar_t *sspi_wcsdup(const wchar_t *text)
{
    size_t size = sspi_wcslen(text) + 1;
    wchar_t *copy = (wchar_t *)malloc(size * sizeof(*copy));

    return copy ? sspi_wcsncpy(copy, text, size) : NULL;
}

#define wcslen sspi_wcslen
#define wcschr sspi_wcschr
#define wcsrchr sspi_wcsrchr
#define wcscmp(one, other) sspi_wcsncmp((one), (other), (size_t)-1)
#define wcsncmp sspi_wcsncmp
#define wcscpy(to, from) sspi_wcsncpy((to), (from), sspi_wcslen(from) + 1)
#define wcsncpy sspi_wcsncpy
#define wcsdup sspi_wcsdup
#define _wcsdup sspi_wcsdup

#endif

#endif
