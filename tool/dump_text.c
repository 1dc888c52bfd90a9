/* SPDX-License-Identifier: MIT */
/* dump_text.c - see dump_text.h. */

#include "config.h"

#include "dump_text.h"

#include <stdlib.h>
#include <string.h>

#define LINE_BYTES_MAX 64

struct dump_line {
    size_t hex, octal; /* the offset, read as either */
    uint8_t bytes[LINE_BYTES_MAX];
    size_t count;
    bool words; /* of two bytes, the second first, as hexdump alone prints them */
};

static int digit(const char *at, const char *end)
{
    if (at >= end)
        return -1;
    if (*at >= '0' && *at <= '9')
        return *at - '0';
    if (*at >= 'a' && *at <= 'f')
        return *at - 'a' + 10;
    return *at >= 'A' && *at <= 'F' ? *at - 'A' + 10 : -1;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at;
}

/* The offset, of four digits or more, and what stands behind it. NULL: there is none. */
static const char *read_offset(const char *at, const char *end, struct dump_line *line)
{
    const char *begin;

    at = skip_blanks(at, end);
    if (end - at > 2 && at[0] == '0' && at[1] == 'x')
        at += 2;
    line->hex = line->octal = 0;
    for (begin = at; digit(at, end) >= 0 && at - begin < 12; at++) {
        line->hex = line->hex << 4 | (size_t)digit(at, end);
        line->octal = line->octal << 3 | (size_t)(digit(at, end) & 7);
    }
    if (at - begin < 4)
        return NULL;
    if (at < end && *at == ':')
        at++;
    return at < end && (*at == ' ' || *at == '\t') ? at : NULL;
}

/* One group of digits, of whole bytes. NULL: what is there is none. */
static const char *read_group(const char *at, const char *end, struct dump_line *line)
{
    const char *begin = at;
    const size_t count = line->count;

    while (digit(at, end) >= 0 && digit(at + 1, end) >= 0 && line->count < LINE_BYTES_MAX) {
        line->bytes[line->count++] = (uint8_t)(digit(at, end) << 4 | digit(at + 1, end));
        at += 2;
    }
    if (at > begin && (at == end || strchr(" \t\r\n", *at)))
        return at;
    line->count = count;
    return NULL;
}

/* The groups are a blank apart; hexdump has two behind the eighth byte, and two or more
 * before the characters. */
static bool read_line(const char *at, const char *end, struct dump_line *line)
{
    const char *next;
    size_t blanks;

    *line = (struct dump_line){.words = true};
    at = read_offset(at, end, line);
    while (at) {
        next = skip_blanks(at, end);
        blanks = (size_t)(next - at);
        if (blanks == 0 ||
            (line->count > 0 && blanks > 1 && !(blanks == 2 && line->count == 8)))
            break;
        at = read_group(next, end, line);
        line->words &= !at || at - next == 4;
    }
    return line->count > 0;
}

static const char *line_end(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));

    return newline ? newline : end;
}

static bool add_line(struct dump *dump, const struct dump_line *line)
{
    uint8_t *larger = realloc(dump->bytes, dump->len + line->count);

    dump->out_of_memory |= !larger;
    if (!larger)
        return false;
    memcpy(larger + dump->len, line->bytes, line->count);
    dump->bytes = larger;
    dump->len += line->count;
    return true;
}

static void swap_words(struct dump *dump)
{
    for (size_t i = 0; i + 1 < dump->len; i += 2) {
        uint8_t first = dump->bytes[i];
        dump->bytes[i] = dump->bytes[i + 1];
        dump->bytes[i + 1] = first;
    }
}

/* xxd has a colon behind the offset, and its bytes in their order. */
static bool has_colon(const char *at, const char *end)
{
    const char *colon = memchr(at, ':', (size_t)(line_end(at, end) - at));

    return colon && colon - at < 16;
}

bool dump_read(const char *at, const char *end, struct dump *dump)
{
    const bool colon = has_colon(at, end);
    struct dump_line line;
    bool words = true;

    *dump = (struct dump){.ends = at};
    while (at < end && read_line(at, line_end(at, end), &line) &&
           (line.hex == dump->len || line.octal == dump->len) && add_line(dump, &line)) {
        words &= line.words;
        at = line_end(at, end);
        at += at < end;
        dump->ends = at;
    }
    if (dump->len < 8) {
        free(dump->bytes);
        dump->bytes = NULL;
        return dump->out_of_memory;
    }
    if (words && !colon)
        swap_words(dump);
    return true;
}
