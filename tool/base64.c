/* SPDX-License-Identifier: MIT */
/* base64.c - see base64.h. */

#include "config.h"

#include "base64.h"

#include <stdlib.h>
#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_digit(char c)
{
    const char *found;

    if (c == '-' || c == '_')
        return c == '-' ? 62 : 63;
    found = c ? strchr(digits, c) : NULL;
    return found ? (int)(found - digits) : -1;
}

char *base64_encode(const uint8_t *data, size_t len)
{
    char *text = malloc(4 * (len / 3 + 1) + 1), *at = text;

    if (!text)
        return NULL;
    for (size_t i = 0; i < len; i += 3) {
        uint32_t three = (uint32_t)data[i] << 16;

        three |= i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0;
        three |= i + 2 < len ? data[i + 2] : 0;
        *at++ = digits[three >> 18];
        *at++ = digits[three >> 12 & 63];
        *at++ = i + 1 < len ? digits[three >> 6 & 63] : '=';
        *at++ = i + 2 < len ? digits[three & 63] : '=';
    }
    *at = '\0';
    return text;
}

bool base64_decode(const char *text, uint8_t **out, size_t *out_len)
{
    uint32_t bits = 0;
    unsigned count = 0;

    *out_len = 0;
    *out = malloc(strlen(text) * 3 / 4 + 1);
    if (!*out)
        return false;
    for (; base64_digit(*text) >= 0; text++) {
        bits = bits << 6 | (uint32_t)base64_digit(*text);
        count += 6;
        if (count >= 8) {
            count -= 8;
            (*out)[(*out_len)++] = (uint8_t)(bits >> count);
        }
    }
    if (text[strspn(text, "=")] == '\0')
        return true;
    free(*out);
    *out = NULL;
    return false;
}
