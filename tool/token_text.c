/* SPDX-License-Identifier: MIT */
/* token_text.c - see token_text.h. A run of digits is a token if its bytes begin as one
 * (token_bytes.h). */

#include "config.h"

#include "token_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "dump_text.h"
#include "token_bytes.h"
#include "translate.h"

/* The text that is left, and the bytes of the run that is being read. */
struct scan {
    const char *at, *end;
    uint8_t *bytes;
    size_t len, size;
    bool out_of_memory;
};

static void add_byte(struct scan *scan, uint8_t byte)
{
    if (scan->len == scan->size) {
        size_t size = scan->size ? 2 * scan->size : 256;
        uint8_t *larger = scan->len < TOKEN_SIZE_MAX ? realloc(scan->bytes, size) : NULL;

        scan->out_of_memory |= !larger && scan->len < TOKEN_SIZE_MAX;
        if (!larger)
            return;
        scan->bytes = larger;
        scan->size = size;
    }
    scan->bytes[scan->len++] = byte;
}

static bool is_digit64(const char *at, const char *end)
{
    return at < end && base64_digit(*at) >= 0;
}

/* Where the next line begins, if it goes on with base64 and has nothing else; NULL. */
static const char *next_line(const char *at, const char *end)
{
    const char *begin;

    if (at < end && *at == '\r')
        at++;
    if (at == end || *at != '\n')
        return NULL;
    for (at++; at < end && (*at == ' ' || *at == '\t'); at++)
        ;
    for (begin = at; is_digit64(at, end); at++)
        ;
    if (at == begin)
        return NULL;
    for (; at < end && *at == '='; at++)
        ;
    return at == end || *at == '\r' || *at == '\n' ? begin : NULL;
}

/* Reads base64 from scan->at on, over the ends of lines as long as the token is not
 * whole; JSON writes a slash as "\/". Returns where it ends. */
static const char *read_base64(struct scan *scan)
{
    const char *at = scan->at;
    unsigned count = 0;
    uint32_t bits = 0;

    scan->len = 0;
    while (at < scan->end) {
        const char *line;

        if (*at == '\\' && at + 1 < scan->end && at[1] == '/')
            at++;
        if (is_digit64(at, scan->end)) {
            bits = bits << 6 | (uint32_t)base64_digit(*at++);
            count += 6;
            if (count >= 8) {
                count -= 8;
                add_byte(scan, (uint8_t)(bits >> count));
            }
            continue;
        }
        line = next_line(at, scan->end);
        if (!line || !begins_as_token(scan->bytes, scan->len) ||
            token_length(scan->bytes, scan->len) > 0)
            break;
        at = line;
    }
    return at;
}

/* Steps over what people put between two bytes: blanks, line ends, colons, commas,
 * dashes, "0x", "\x". */
static const char *skip_between(const char *at, const char *end)
{
    while (at < end && *at && strchr(" \t\r\n:,-", *at))
        at++;
    if (end - at > 2 && (at[0] == '0' || at[0] == '\\') && (at[1] == 'x' || at[1] == 'X'))
        at += 2;
    return at;
}

static int hex_digit(char c)
{
    return isdigit((unsigned char)c)    ? c - '0'
           : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
                                        : -1;
}

/* The same for hexadecimal digits. */
static const char *read_hex(struct scan *scan)
{
    const char *at = skip_between(scan->at, scan->end), *ends = at;

    scan->len = 0;
    while (scan->end - at > 1 && hex_digit(at[0]) >= 0 && hex_digit(at[1]) >= 0) {
        add_byte(scan, (uint8_t)(hex_digit(at[0]) << 4 | hex_digit(at[1])));
        ends = at + 2;
        at = skip_between(ends, scan->end);
        if (scan->len == 8 && !begins_as_token(scan->bytes, scan->len))
            return scan->at;
    }
    return ends;
}

static enum exit_status keep(const uint8_t *bytes, size_t len, struct tokens *tokens)
{
    uint8_t *data;

    if (tokens->count == TOKEN_COUNT_MAX)
        return complain(STATUS_TROUBLE, _("there are more than %d tokens"), TOKEN_COUNT_MAX);
    data = malloc(len ? len : 1);
    if (!data)
        return complain_of_memory();
    memcpy(data, bytes, len);
    tokens->list[tokens->count++] = ntlm_bytes(data, len);
    return STATUS_OK;
}

/* A word of the text: what it is in hexadecimal, else in base64. */
static enum exit_status take_word(struct scan *scan, struct tokens *tokens)
{
    const char *ends = read_hex(scan);

    if (!begins_as_token(scan->bytes, scan->len))
        ends = read_base64(scan);
    if (scan->out_of_memory)
        return complain_of_memory();
    scan->at = ends > scan->at ? ends : scan->at + 1;
    return begins_as_token(scan->bytes, scan->len) ? keep(scan->bytes, scan->len, tokens)
                                                   : STATUS_OK;
}

static enum exit_status find_in_text(const char *text, size_t len, struct tokens *tokens);

/* Tokens as they are among other bytes, as of a captured packet; else what the bytes have of
 * them as text. */
static enum exit_status find_in_bytes(const uint8_t *bytes, size_t len, struct tokens *tokens)
{
    enum exit_status status = STATUS_OK;
    const size_t before = tokens->count;

    for (size_t i = 0; i < len && !status;) {
        size_t length =
            begins_as_token(bytes + i, len - i) ? token_length(bytes + i, len - i) : 0;
        if (length > TOKEN_SIZE_MAX || (length > 0 && !is_well_formed(bytes + i, length)))
            length = 0;
        if (length > 0)
            status = keep(bytes + i, length, tokens);
        i += length > 0 ? length : 1;
    }
    if (!status && tokens->count == before)
        status = find_in_text((const char *)bytes, len, tokens);
    return status;
}

/* A dump that begins at scan->at, if there is one. */
static enum exit_status take_dump(struct scan *scan, struct tokens *tokens)
{
    enum exit_status status;
    struct dump dump;

    if (!dump_read(scan->at, scan->end, &dump))
        return STATUS_OK;
    if (dump.out_of_memory)
        status = complain_of_memory();
    else if (begins_as_token(dump.bytes, dump.len))
        status = keep(dump.bytes, dump.len, tokens);
    else
        status = find_in_bytes(dump.bytes, dump.len, tokens);
    free(dump.bytes);
    scan->at = dump.ends;
    return status;
}

static enum exit_status find_in_text(const char *text, size_t len, struct tokens *tokens)
{
    struct scan scan = {.at = text, .end = text + len};
    enum exit_status status = STATUS_OK;

    while (!status && scan.at < scan.end) {
        if (scan.at == text || scan.at[-1] == '\n')
            status = take_dump(&scan, tokens);
        if (status || scan.at >= scan.end)
            break;
        if (is_digit64(scan.at, scan.end) || *scan.at == '\\')
            status = take_word(&scan, tokens);
        else
            scan.at++;
    }
    free(scan.bytes);
    return status;
}

enum exit_status tokens_find(const void *text, size_t len, struct tokens *tokens)
{
    if (begins_as_token(text, len) && len <= TOKEN_SIZE_MAX)
        return keep(text, len, tokens);
    if (memchr(text, '\0', len))
        return find_in_bytes(text, len, tokens);
    return find_in_text(text, len, tokens);
}

void tokens_clear(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        free((void *)(uintptr_t)tokens->list[i].data);
    tokens->count = 0;
}
