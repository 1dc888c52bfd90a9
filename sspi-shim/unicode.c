/* SPDX-License-Identifier: MIT */
/* unicode.c - conversions, by libunistring. */

#include "config.h"

#include "unicode.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>

#include "context_buffer.h"
#include "trace.h"

#define FOUR_BYTES                                                                             \
    "; if it is an L\"\" literal or of wchar_t, compile the program with -fshort-wchar "       \
    "(pkg-config sspi-wide)"

static SECURITY_STATUS conversion_error(void)
{
    return errno == ENOMEM ? SEC_E_INSUFFICIENT_MEMORY : SEC_E_INVALID_PARAMETER;
}

SECURITY_STATUS unicode_to_utf8(const WCHAR *text, size_t length, char **utf8)
{
    uint8_t *converted, *terminated;
    size_t size = 0;

    *utf8 = NULL;
    if (!text)
        return SEC_E_OK;
    if (length == UNICODE_TERMINATED)
        length = u16_strlen(text);
    if (u16_chr(text, length, 0)) {
        trace_line("sspi: a string has a NUL within its length" FOUR_BYTES);
        return SEC_E_INVALID_PARAMETER;
    }
    if (length == 0)
        return unicode_copy_utf8("", 0, utf8);
    converted = u16_to_u8(text, length, NULL, &size);
    if (!converted)
        return conversion_error();
    terminated = malloc(size + 1);
    if (terminated) {
        memcpy(terminated, converted, size);
        terminated[size] = '\0';
        *utf8 = (char *)terminated;
    }
    explicit_bzero(converted, size);
    free(converted);
    return terminated ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

SECURITY_STATUS unicode_name_to_utf8(const WCHAR *name, const char *what, char **utf8)
{
    *utf8 = NULL;
    if (unicode_note_short(name, what))
        return SEC_E_INVALID_PARAMETER;
    return unicode_to_utf8(name, UNICODE_TERMINATED, utf8);
}

bool unicode_note_short(const WCHAR *name, const char *what)
{
    char line[256];

    if (!name || !name[0] || name[1])
        return false;
    snprintf(line, sizeof(line), "sspi: %s has one character only" FOUR_BYTES, what);
    trace_line(line);
    return true;
}

SECURITY_STATUS unicode_copy_utf8(const char *text, size_t length, char **utf8)
{
    *utf8 = NULL;
    if (!text)
        return SEC_E_OK;
    if (length == UNICODE_TERMINATED)
        length = strlen(text);
    if (u8_check((const uint8_t *)text, length) || memchr(text, '\0', length))
        return SEC_E_INVALID_PARAMETER;
    *utf8 = malloc(length + 1);
    if (!*utf8)
        return SEC_E_INSUFFICIENT_MEMORY;
    memcpy(*utf8, text, length);
    (*utf8)[length] = '\0';
    return SEC_E_OK;
}

SECURITY_STATUS unicode_buffer_w(const char *utf8, size_t length, WCHAR **text)
{
    WCHAR *converted;
    size_t units = 0;

    *text = NULL;
    if (memchr(utf8, '\0', length))
        return SEC_E_INVALID_PARAMETER;
    /* UTF-16 never has more units than UTF-8 has bytes. */
    *text = context_buffer_alloc((length + 1) * sizeof(WCHAR));
    if (!*text)
        return SEC_E_INSUFFICIENT_MEMORY;
    units = length;
    converted = length ? u8_to_u16((const uint8_t *)utf8, length, *text, &units) : *text;
    if (converted == *text)
        return SEC_E_OK;
    context_buffer_free(*text);
    *text = NULL;
    return conversion_error();
}

SECURITY_STATUS unicode_buffer_a(const char *utf8, size_t length, char **text)
{
    *text = NULL;
    if (u8_check((const uint8_t *)utf8, length) || memchr(utf8, '\0', length))
        return SEC_E_INVALID_PARAMETER;
    *text = context_buffer_alloc(length + 1);
    if (!*text)
        return SEC_E_INSUFFICIENT_MEMORY;
    memcpy(*text, utf8, length);
    return SEC_E_OK;
}

void unicode_free(char *utf8)
{
    if (utf8)
        explicit_bzero(utf8, strlen(utf8));
    free(utf8);
}
