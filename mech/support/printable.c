/* SPDX-License-Identifier: MIT */
/* printable.c - escapes what is not printable. */

#include "config.h"

#include "support/printable.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

/* "\xNN" for each of four bytes, the most that one character has */
#define ESCAPED_SIZE (4 * 4 + 1)

/* What stands for the rest of a quoted text that was cut. */
#define CUT "\\..."

/* How one character is shown. */
enum shown { AS_IT_IS, BACKSLASHED, ESCAPED };

/* Decides that. after_letter: whether a letter, or a mark on one, came before. */
typedef enum shown (*shown_rule)(ucs4_t character, bool after_letter);

static enum shown printable_rule(ucs4_t character, bool after_letter)
{
    (void)after_letter;
    return uc_is_print(character) ? AS_IT_IS : ESCAPED;
}

static bool is_mark(ucs4_t character)
{
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_M);
}

static bool is_letter(ucs4_t character)
{
    return uc_is_general_category_withtable(character, UC_CATEGORY_MASK_L);
}

static enum shown quoted_rule(ucs4_t character, bool after_letter)
{
    if (character == '"' || character == '\\' || character == '=')
        return BACKSLASHED;
    if (character < 0x80)
        return character >= ' ' && character < 0x7f ? AS_IT_IS : ESCAPED;
    if (uc_is_property_default_ignorable_code_point(character))
        return ESCAPED;
    if (is_letter(character) ||
        uc_is_general_category_withtable(character, UC_CATEGORY_MASK_Nd))
        return AS_IT_IS;
    return is_mark(character) && after_letter ? AS_IT_IS : ESCAPED;
}

/* One character of len bytes. */
static size_t show(const uint8_t *at, size_t len, enum shown how, char out[ESCAPED_SIZE])
{
    size_t used = 0;

    if (how == ESCAPED) {
        for (size_t i = 0; i < len; i++)
            used += (size_t)snprintf(out + used, ESCAPED_SIZE - used, "\\x%02x", at[i]);
        return used;
    }
    if (how == BACKSLASHED)
        out[used++] = '\\';
    memcpy(out + used, at, len);
    return used + len;
}

/* Goes as far as out_size bytes with a NUL hold; *all: whether to the end. */
static size_t convert(const char *text, shown_rule rule, char *out, size_t out_size, bool *all)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text), used = 0;
    bool after_letter = false;

    while (left > 0) {
        char shown[ESCAPED_SIZE];
        ucs4_t character;
        int len = u8_mbtoucr(&character, at, left);
        bool valid = len > 0;
        size_t step = valid ? (size_t)len : 1;
        size_t shown_len =
            show(at, step, valid ? rule(character, after_letter) : ESCAPED, shown);

        if (used + shown_len >= out_size)
            break;
        after_letter = valid && (is_letter(character) || (is_mark(character) && after_letter));
        memcpy(out + used, shown, shown_len);
        used += shown_len;
        at += step;
        left -= step;
    }
    out[used] = '\0';
    *all = left == 0;
    return used;
}

size_t printable(const char *text, char *out, size_t out_size)
{
    bool all;

    return convert(text, printable_rule, out, out_size, &all);
}

size_t printable_quoted(const char *text, char *out, size_t out_size)
{
    const size_t cut = sizeof(CUT) - 1;
    bool all;
    size_t used = convert(text, quoted_rule, out, out_size - cut, &all);

    if (all)
        return used;
    memcpy(out + used, CUT, cut + 1);
    return used + cut;
}
