/* SPDX-License-Identifier: MIT */
/* token_text.c - see token_text.h. A run of digits is a token if its bytes begin as one:
 * with NTLM's signature, with RFC 2743's frame, or with the choice of a NegTokenResp. */

#include "config.h"

#include "token_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "ntlm/message.h"
#include "spnego/der.h"
#include "translate.h"

/* The text that is left, and the bytes of the run that is being read. */
struct scan {
    const char *at, *end;
    uint8_t *bytes;
    size_t len, size;
    bool out_of_memory;
};

static struct der_bytes der(const uint8_t *data, size_t len)
{
    return (struct der_bytes){data, len};
}

/* Where the content of a DER element begins; 0: it has no length that DER has. */
static size_t content_at(const uint8_t *bytes, size_t len)
{
    size_t count = len > 1 && bytes[1] > 0x80 ? bytes[1] & 0x7fu : 0;

    return len > 1 && bytes[1] != 0x80 && count <= 4 ? 2 + count : 0;
}

static bool begins_as_token(const uint8_t *bytes, size_t len)
{
    size_t at = content_at(bytes, len);

    if (len >= NTLM_MESSAGE_SIGNATURE_SIZE &&
        memcmp(bytes, NTLM_MESSAGE_SIGNATURE, NTLM_MESSAGE_SIGNATURE_SIZE) == 0)
        return true;
    if (at == 0 || at >= len || len < 7)
        return false;
    if (bytes[0] == DER_APPLICATION_0)
        return bytes[at] == DER_OID;
    return (bytes[0] == DER_CONTEXT_0 || bytes[0] == DER_CONTEXT_0 + 1) &&
           bytes[at] == DER_SEQUENCE;
}

static bool is_whole(const uint8_t *bytes, size_t len)
{
    struct ntlm_bytes token = ntlm_bytes(bytes, len);
    struct der_bytes rest = der(bytes, len), content;
    struct ntlm_authenticate authenticate;
    struct ntlm_challenge challenge;
    struct ntlm_negotiate negotiate;
    enum ntlm_message_type type;

    if (ntlm_message_type(token, &type) == NTLM_ERR_NOT_NTLM)
        return der_take(&rest, bytes[0], &content);
    if (ntlm_message_type(token, &type))
        return len > 16;
    return !(type == NTLM_NEGOTIATE   ? ntlm_negotiate_decode(token, &negotiate)
             : type == NTLM_CHALLENGE ? ntlm_challenge_decode(token, &challenge)
                                      : ntlm_authenticate_decode(token, &authenticate));
}

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
            is_whole(scan->bytes, scan->len))
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

static enum exit_status keep(struct scan *scan, struct tokens *tokens)
{
    uint8_t *data;

    if (tokens->count == TOKEN_COUNT_MAX)
        return complain(STATUS_TROUBLE, _("there are more than %d tokens"), TOKEN_COUNT_MAX);
    data = malloc(scan->len ? scan->len : 1);
    if (!data)
        return complain_of_memory();
    memcpy(data, scan->bytes, scan->len);
    tokens->list[tokens->count++] = ntlm_bytes(data, scan->len);
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
    return begins_as_token(scan->bytes, scan->len) ? keep(scan, tokens) : STATUS_OK;
}

enum exit_status tokens_find(const void *text, size_t len, struct tokens *tokens)
{
    struct scan scan = {.at = text, .end = (const char *)text + len};
    enum exit_status status = STATUS_OK;

    if (begins_as_token(text, len) && len <= TOKEN_SIZE_MAX) {
        for (size_t i = 0; i < len; i++)
            add_byte(&scan, ((const uint8_t *)text)[i]);
        status = scan.len < len ? complain_of_memory() : keep(&scan, tokens);
        scan.at = scan.end;
    }
    while (!status && scan.at < scan.end) {
        if (is_digit64(scan.at, scan.end) || *scan.at == '\\')
            status = take_word(&scan, tokens);
        else
            scan.at++;
    }
    free(scan.bytes);
    return status;
}

void tokens_clear(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        free((void *)(uintptr_t)tokens->list[i].data);
    tokens->count = 0;
}
