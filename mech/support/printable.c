/* SPDX-License-Identifier: MIT */
/* printable.c - escapes what is not printable. */

#include "config.h"

#include "support/printable.h"

#include <stdio.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

/* "\xNN" for each of four bytes, the most that one character has */
#define ESCAPED_SIZE (4 * 4 + 1)

/* One character of len bytes, as itself or escaped. */
static size_t escape(const uint8_t *at, size_t len, bool plain, char out[ESCAPED_SIZE])
{
    size_t used = 0;

    if (plain) {
        memcpy(out, at, len);
        return len;
    }
    for (size_t i = 0; i < len; i++)
        used += (size_t)snprintf(out + used, ESCAPED_SIZE - used, "\\x%02x", at[i]);
    return used;
}

size_t printable(const char *text, char *out, size_t out_size)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text), used = 0;

    while (left > 0) {
        char shown[ESCAPED_SIZE];
        ucs4_t character;
        int len = u8_mbtoucr(&character, at, left);
        bool valid = len > 0;
        size_t step = valid ? (size_t)len : 1;
        size_t shown_len = escape(at, step, valid && uc_is_print(character), shown);

        if (used + shown_len >= out_size)
            break;
        memcpy(out + used, shown, shown_len);
        used += shown_len;
        at += step;
        left -= step;
    }
    out[used] = '\0';
    return used;
}
