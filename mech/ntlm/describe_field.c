/* SPDX-License-Identifier: MIT */
/* describe_field.c - a token's fields, and their values in words. What a peer wrote is quoted
 * and escaped, so that it can neither drive a terminal nor forge a line of a log. */

#include "config.h"

#include "describe_field.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

#include "filetime.h"
#include "message.h"

void ntlm_field(const struct ntlm_fields *fields, unsigned depth, const char *name,
                const char *format, ...)
{
    char value[NTLM_VALUE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    fields->take(fields->arg,
                 &(struct ntlm_field){.depth = depth, .name = name, .value = value});
}

void ntlm_add_word(const char *word, char *out, size_t out_size)
{
    const size_t len = strlen(out);

    if (len + strlen(word) + 2 <= out_size)
        snprintf(out + len, out_size - len, "%s%s", len ? " " : "", word);
}

/* Letters, marks, numbers, punctuation, symbols and the blank. Not controls,
 * not the invisible ones that turn the direction of writing, no other space. */
static bool shows_as_itself(ucs4_t c)
{
    return c == ' ' || (c != '"' && c != '\\' &&
                        uc_is_general_category_withtable(
                            c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_M | UC_CATEGORY_MASK_N |
                                   UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S));
}

/* Valid UTF-8 between quotation marks. */
static void quote(const char *text, char out[NTLM_QUOTE_SIZE])
{
    const uint8_t *at = (const uint8_t *)text;
    static const char more[] = "...";
    size_t len = 0;
    ucs4_t c;

    out[len++] = '"';
    for (int size; (size = u8_strmbtouc(&c, at)) > 0; at += size) {
        char piece[16];

        if (shows_as_itself(c))
            snprintf(piece, sizeof(piece), "%.*s", size, (const char *)at);
        else if (c == '"' || c == '\\')
            snprintf(piece, sizeof(piece), "\\%c", (char)c);
        else
            snprintf(piece, sizeof(piece), "\\u{%" PRIx32 "}", (uint32_t)c);
        if (len + strlen(piece) + sizeof(more) + 1 > NTLM_QUOTE_SIZE) {
            memcpy(out + len, more, sizeof(more) - 1);
            len += sizeof(more) - 1;
            break;
        }
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    out[len++] = '"';
    out[len] = '\0';
}

void ntlm_field_name(const struct ntlm_fields *fields, unsigned depth, const char *name,
                     uint32_t flags, struct ntlm_bytes wire)
{
    char quoted[NTLM_QUOTE_SIZE];
    char *text;
    const enum ntlm_error error = ntlm_message_text(flags, wire, &text);

    if (error) {
        ntlm_field(fields, depth, name, "%zu bytes, unreadable: %s", wire.len,
                   ntlm_error_text(error));
        return;
    }
    quote(text, quoted);
    fields->take(fields->arg, &(struct ntlm_field){
                                  .depth = depth, .name = name, .value = quoted, .text = text});
    free(text);
}

void ntlm_field_time(const struct ntlm_fields *fields, unsigned depth, const char *name,
                     uint64_t filetime)
{
    char date[NTLM_FILETIME_TEXT];

    ntlm_filetime_text(filetime, date);
    ntlm_field(fields, depth, name, "%s", filetime == 0 ? "not set" : date);
}
