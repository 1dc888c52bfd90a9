/* SPDX-License-Identifier: MIT */
/* hex.c - hexadecimal digits to bytes. */

#include "config.h"

#include "support/hex.h"

#include <string.h>

#include "ntlm/secret.h"

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool hex_decode(const char *text, uint8_t *out, size_t out_len)
{
    bool good = strlen(text) == 2 * out_len;

    for (size_t i = 0; i < out_len && good; i++) {
        int high = digit_value(text[2 * i]), low = digit_value(text[2 * i + 1]);
        good = high >= 0 && low >= 0;
        out[i] = (uint8_t)(good ? high << 4 | low : 0);
    }
    if (!good)
        ntlm_cleanse(out, out_len);
    return good;
}
