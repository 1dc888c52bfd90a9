/* SPDX-License-Identifier: MIT */
/* lasterror.c - the last error of each thread, and its text. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <winbase.h>

#include "status_text.h"

/* the longest text, and its end */
#define TEXT_SIZE 256

/* the upper half of a Win32 error as an HRESULT */
#define FACILITY_WIN32_FAILED 0x8007

/* the largest buffer that FormatMessage has, in bytes */
#define LARGEST 65536

static _Thread_local DWORD last_error;

DWORD WINAPI GetLastError(void)
{
    return last_error;
}

void WINAPI SetLastError(DWORD dwErrCode)
{
    last_error = dwErrCode;
}

HLOCAL WINAPI LocalFree(HLOCAL hMem)
{
    free(hMem);
    return NULL;
}

/* The text and its length with the NUL; 0 and the last error. All texts are
 * ASCII. */
static DWORD compose(DWORD flags, DWORD error, char text[TEXT_SIZE])
{
    /* a Win32 error may be one of COM's */
    const char *found =
        status_text((HRESULT)(error >> 16 == FACILITY_WIN32_FAILED ? error & 0xFFFF : error));
    const char *end = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK ? " " : "\r\n";

    if (!(flags & FORMAT_MESSAGE_FROM_SYSTEM) || flags & FORMAT_MESSAGE_FROM_STRING) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return 0;
    }
    if (!found || strlen(found) + sizeof("\r\n") > TEXT_SIZE) {
        SetLastError(ERROR_MR_MID_NOT_FOUND);
        return 0;
    }
    strcpy(text, found);
    strcat(text, end);
    return (DWORD)strlen(text) + 1;
}

/* Where a text of `length` characters goes, each of `width` bytes: into the
 * caller's buffer, or into one of at least `size` characters that is made and
 * put there. NULL and the last error. */
static void *room(DWORD flags, void *buffer, DWORD size, DWORD length, size_t width)
{
    void *made = NULL;

    if (size > LARGEST / width)
        size = (DWORD)(LARGEST / width);
    if (!buffer) {
        SetLastError(ERROR_INVALID_PARAMETER);
    } else if (flags & FORMAT_MESSAGE_ALLOCATE_BUFFER) {
        made = calloc(size > length ? size : length, width);
        memcpy(buffer, &made, sizeof(made));
        if (!made)
            SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    } else if (size < length) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
    } else {
        made = buffer;
    }
    return made;
}

/* Both forms: characters of `width` bytes. */
static DWORD format(DWORD flags, DWORD error, void *buffer, DWORD size, size_t width)
{
    char text[TEXT_SIZE];
    DWORD length = compose(flags, error, text);
    unsigned char *out = length > 0 ? room(flags, buffer, size, length, width) : NULL;

    if (!out)
        return 0;
    for (DWORD i = 0; i < length; i++) {
        WCHAR wide = (unsigned char)text[i];
        memcpy(out + i * width, width == 1 ? (void *)&text[i] : &wide, width);
    }
    return length - 1;
}

DWORD WINAPI FormatMessageA(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                            DWORD dwLanguageId, LPSTR lpBuffer, DWORD nSize, va_list *Arguments)
{
    (void)lpSource;
    (void)dwLanguageId;
    (void)Arguments;
    return format(dwFlags, dwMessageId, lpBuffer, nSize, sizeof(CHAR));
}

DWORD WINAPI FormatMessageW(DWORD dwFlags, LPCVOID lpSource, DWORD dwMessageId,
                            DWORD dwLanguageId, LPWSTR lpBuffer, DWORD nSize,
                            va_list *Arguments)
{
    (void)lpSource;
    (void)dwLanguageId;
    (void)Arguments;
    return format(dwFlags, dwMessageId, lpBuffer, nSize, sizeof(WCHAR));
}
