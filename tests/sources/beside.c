/* SPDX-License-Identifier: MIT */
/* beside.c - what beside.h has, for ASCII, which is all that the tests use. */

#include "beside.h"

#include <stdio.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

BOOL CryptBinaryToStringA(const BYTE *binary, DWORD length, DWORD flags, LPSTR text,
                          DWORD *text_length)
{
    DWORD size = (length + 2) / 3 * 4;

    (void)flags;
    if (!text) {
        *text_length = size + 1;
        return TRUE;
    }
    for (DWORD i = 0; i < size; i++) {
        DWORD bit = i * 6, byte = bit / 8;
        unsigned value = (byte < length ? binary[byte] : 0u) << 8 |
                         (byte + 1 < length ? binary[byte + 1] : 0u);
        text[i] = byte < length ? digits[value >> (10 - bit % 8) & 63] : '=';
    }
    text[size] = '\0';
    *text_length = size;
    return TRUE;
}

BOOL CryptStringToBinaryA(LPCSTR text, DWORD text_length, DWORD flags, BYTE *binary,
                          DWORD *length, DWORD *skipped, DWORD *seen)
{
    DWORD bits = 0, count = 0;
    unsigned value = 0;

    (void)text_length, (void)flags, (void)skipped, (void)seen;
    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text);
        if (!digit)
            return FALSE;
        value = value << 6 | (unsigned)(digit - digits);
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        if (binary)
            binary[count] = (BYTE)(value >> bits);
        count++;
    }
    *length = count;
    return TRUE;
}

int MultiByteToWideChar(UINT page, DWORD flags, LPCSTR text, int length, LPWSTR wide, int room)
{
    (void)page, (void)flags;
    if (length < 0)
        length = (int)strlen(text) + 1;
    for (int i = 0; i < length && i < room; i++)
        wide[i] = (unsigned char)text[i];
    return length;
}

int WideCharToMultiByte(UINT page, DWORD flags, LPCWSTR wide, int length, LPSTR text, int room,
                        LPCSTR fallback, BOOL *used)
{
    (void)page, (void)flags, (void)fallback, (void)used;
    if (length < 0)
        length = (int)wcslen(wide) + 1;
    for (int i = 0; i < length && i < room; i++)
        text[i] = (char)wide[i];
    return length;
}

static int format_wide(wchar_t *out, size_t room, const wchar_t *format, va_list args)
{
    char number[16];
    size_t length = 0;

    while (*format && length < room) {
        const char *text = number;
        if (*format != L'%') {
            out[length++] = *format++;
            continue;
        }
        format += format[1] == L'h' ? 3 : 2;
        if (format[-1] == L'd')
            snprintf(number, sizeof(number), "%d", va_arg(args, int));
        else
            text = va_arg(args, const char *);
        while (*text && length < room)
            out[length++] = (unsigned char)*text++;
    }
    if (length < room)
        out[length] = 0;
    return (int)length;
}

int _snwprintf(wchar_t *out, size_t room, const wchar_t *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = format_wide(out, room, format, args);
    va_end(args);
    return length;
}

int wsprintfW(LPWSTR out, LPCWSTR format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = format_wide(out, 1024, format, args);
    va_end(args);
    return length;
}
