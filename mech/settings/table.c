/* SPDX-License-Identifier: MIT */
/* table.c - what a row allows, in words. */

#include "config.h"

#include "settings/table.h"

#include <stdio.h>
#include <string.h>

bool setting_is_list(const struct setting_row *row)
{
    return row->kind == SETTING_KIND_LIST || row->kind == SETTING_KIND_HOSTS ||
           row->kind == SETTING_KIND_PAIRS || row->kind == SETTING_KIND_CHOICES;
}

/* "a b c" as "a, b or c", behind `begin`. */
static void put_words(const char *begin, const char *words, char *out, size_t out_size)
{
    size_t used = (size_t)snprintf(out, out_size, "%s", begin);

    while (*words && used < out_size) {
        size_t len = strcspn(words, " ");
        const char *next = words + len + (words[len] == ' ');
        const char *between = !*next ? "" : strchr(next, ' ') ? ", " : " or ";
        used +=
            (size_t)snprintf(out + used, out_size - used, "%.*s%s", (int)len, words, between);
        words = next;
    }
}

void setting_range_text(const struct setting_row *row, char *out, size_t out_size)
{
    switch (row->kind) {
    case SETTING_KIND_BOOLEAN:
        snprintf(out, out_size, "true or false");
        break;
    case SETTING_KIND_NUMBER:
        snprintf(out, out_size, "a number from %.*s to %s", (int)strcspn(row->range, " "),
                 row->range, strchr(row->range, ' ') + 1);
        break;
    case SETTING_KIND_CHOICE:
        put_words("", row->range, out, out_size);
        break;
    case SETTING_KIND_CHOICES:
        put_words("a list of ", row->range, out, out_size);
        strncat(out, ", each once", out_size - strlen(out) - 1);
        break;
    case SETTING_KIND_NAME:
        snprintf(out, out_size, "a name of at most 255 bytes of UTF-8");
        break;
    case SETTING_KIND_PATH:
        snprintf(out, out_size, "a file name");
        break;
    case SETTING_KIND_LIST:
        snprintf(out, out_size, "a list of UTF-8 text, and no comment");
        break;
    case SETTING_KIND_PAIRS:
        snprintf(out, out_size, "a list of pairs of names, as EXAMPLE=example.com");
        break;
    case SETTING_KIND_HOSTS:
        snprintf(out, out_size,
                 "a list of host names, each with at most one *, and no comment");
        break;
    case SETTING_KIND_COUNT:
        break;
    }
}
