/* SPDX-License-Identifier: MIT */
/* text.c - between UTF-8 and what is on the wire, and letters without case.
 * The conversions and the case mapping are libunistring's (OEM: the C
 * library's iconv); what is here is the wire's byte order and the rule that
 * text holds no NUL.
 *
 * Passwords pass through here: every conversion writes into one block that is
 * large enough from the start, so that no copy is left behind by realloc. Nearly all
 * names are ASCII, whose conversion is done here; the library is asked for the rest,
 * a character at a time. */

#include "config.h"

#include "text.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include <unicase.h>
#include <unistr.h>

#include "secret.h"

#define OEM_CODE_PAGE "CP850"
#define AFTER_UNICODE UINT32_C(0x110000)

static uint16_t get_unit(const uint8_t *wire)
{
    return (uint16_t)(wire[0] | wire[1] << 8);
}

static void put_unit(uint8_t *wire, uint16_t unit)
{
    wire[0] = (uint8_t)unit;
    wire[1] = (uint8_t)(unit >> 8);
}

static enum ntlm_error conversion_error(void)
{
    return errno == ENOMEM ? NTLM_ERR_OUT_OF_MEMORY : NTLM_ERR_BAD_TEXT;
}

static void free_cleansed(void *block, size_t len)
{
    if (block)
        ntlm_cleanse(block, len);
    free(block);
}

/* Writes one character that is not ASCII, of at most len bytes; *taken is how many it
 * has. Returns how many code units it became; 0: it is not valid UTF-8. */
static size_t put_character(const uint8_t *text, size_t len, uint8_t *wire, size_t *taken)
{
    uint16_t units[2];
    ucs4_t c;
    int read = u8_mbtoucr(&c, text, len);
    int made = read > 0 ? u16_uctomb(units, c, 2) : 0;

    if (made < 1)
        return 0;
    *taken = (size_t)read;
    for (int i = 0; i < made; i++)
        put_unit(wire + 2 * i, units[i]);
    return (size_t)made;
}

/* wire has room for two bytes a byte of text: n bytes of UTF-8 are at most n code
 * units. */
static enum ntlm_error put_utf16(const char *text, size_t len, uint8_t *wire, size_t *wire_len)
{
    const uint8_t *at = (const uint8_t *)text, *end = len > 0 ? at + len : at;
    uint8_t *out = wire;

    while (at < end) {
        size_t taken = 1, units = 1;

        if (*at < 0x80) /* nearly all there is */
            put_unit(out, *at);
        else
            units = put_character(at, (size_t)(end - at), out, &taken);
        if (units == 0)
            return NTLM_ERR_BAD_TEXT;
        at += taken;
        out += 2 * units;
    }
    *wire_len = (size_t)(out - wire);
    return NTLM_OK;
}

enum ntlm_error ntlm_text_to_utf16(const char *text, size_t len, uint8_t **out, size_t *out_len)
{
    uint8_t *block = len > SIZE_MAX / 2 ? NULL : malloc(len ? 2 * len : 1);
    size_t wire_len = 0;
    enum ntlm_error error;

    *out = NULL;
    *out_len = 0;
    if (!block)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = put_utf16(text, len, block, &wire_len);
    if (error) {
        free_cleansed(block, 2 * len);
        return error;
    }
    *out = block;
    *out_len = wire_len;
    return NTLM_OK;
}

void ntlm_write_utf16(struct ntlm_writer *out, const char *text)
{
    size_t len = strlen(text), wire_len = 0;
    uint8_t *wire = len > 0 ? ntlm_write_room(out, 2 * len) : NULL;
    enum ntlm_error error;

    if (!wire)
        return;
    error = put_utf16(text, len, wire, &wire_len);
    ntlm_write_back(out, 2 * len - wire_len);
    ntlm_writer_fail(out, error);
}

/* Writes the character that begins here, which is not ASCII, to out and moves both on.
 * False where it is an unpaired surrogate. */
static bool put_from_units(const uint8_t **wire, size_t units, uint8_t **out)
{
    const uint16_t read[2] = {get_unit(*wire), units > 1 ? get_unit(*wire + 2) : 0};
    ucs4_t c;
    int taken = u16_mbtoucr(&c, read, units > 1 ? 2 : 1);
    int made = taken > 0 ? u8_uctomb(*out, c, 4) : 0;

    if (made < 1)
        return false;
    *wire += 2 * taken;
    *out += made;
    return true;
}

size_t ntlm_text_room(struct ntlm_bytes wire)
{
    return wire.len / 2 * 3 + 1;
}

enum ntlm_error ntlm_text_put_from_utf16(struct ntlm_bytes wire, char *text)
{
    const uint8_t *at = wire.data, *end = wire.len > 0 ? at + wire.len : at;
    uint8_t *out = (uint8_t *)text;

    if (wire.len % 2 != 0)
        return NTLM_ERR_BAD_TEXT;
    while (wire.len > 0 && at < end) {
        const uint16_t unit = get_unit(at);

        if (unit == 0)
            return NTLM_ERR_BAD_TEXT;
        if (unit < 0x80) { /* nearly all there is */
            *out++ = (uint8_t)unit;
            at += 2;
        } else if (!put_from_units(&at, (size_t)(end - at) / 2, &out)) {
            return NTLM_ERR_BAD_TEXT;
        }
    }
    *out = '\0';
    return NTLM_OK;
}

enum ntlm_error ntlm_text_from_utf16(struct ntlm_bytes wire, char **out)
{
    size_t room = ntlm_text_room(wire);
    char *text = wire.len % 2 != 0 ? NULL : malloc(room);
    enum ntlm_error error;

    *out = NULL;
    if (wire.len % 2 != 0)
        return NTLM_ERR_BAD_TEXT;
    if (!text)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = ntlm_text_put_from_utf16(wire, text);
    if (error)
        free_cleansed(text, room);
    else
        *out = text;
    return error;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

/* Converts into a block of room bytes, which must be enough. */
static enum ntlm_error recode(const char *to, const char *from, struct ntlm_bytes in,
                              char *block, size_t *room)
{
    enum ntlm_error error = NTLM_OK;
    char *source = (char *)(uintptr_t)in.data; /* iconv does not write there */
    size_t source_left = in.len;
    size_t left = *room;
    iconv_t converter;

    /* ASCII, nearly all there is, needs no converter to be installed. */
    if (is_ascii(source, in.len)) {
        if (in.len)
            memcpy(block, source, in.len);
        *room = in.len;
        return NTLM_OK;
    }
    converter = iconv_open(to, from);
    if (converter == (iconv_t)-1)
        return conversion_error();
    if (iconv(converter, &source, &source_left, &block, &left) != 0)
        error = NTLM_ERR_BAD_TEXT;
    iconv_close(converter);
    *room -= left;
    return error;
}

enum ntlm_error ntlm_text_to_oem(const char *text, size_t len, uint8_t **out, size_t *out_len)
{
    size_t room = len; /* n bytes of UTF-8 are at most n OEM characters */
    char *block = malloc(len ? len : 1);
    enum ntlm_error error;

    *out = NULL;
    *out_len = 0;
    if (!block)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = recode(OEM_CODE_PAGE, "UTF-8", ntlm_bytes(text, len), block, &room);
    if (error) {
        free_cleansed(block, len);
        return error;
    }
    *out = (uint8_t *)block;
    *out_len = room;
    return NTLM_OK;
}

enum ntlm_error ntlm_text_from_oem(struct ntlm_bytes wire, char **out)
{
    size_t room = wire.len * 3; /* of UTF-8, at most */
    char *text = malloc(room + 1);
    enum ntlm_error error;

    *out = NULL;
    if (!text)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = recode("UTF-8", OEM_CODE_PAGE, wire, text, &room);
    if (!error) {
        text[room] = '\0';
        if (strlen(text) != room)
            error = NTLM_ERR_BAD_TEXT;
    }
    if (error) {
        free_cleansed(text, wire.len * 3);
        return error;
    }
    *out = text;
    return NTLM_OK;
}

/* Georgian's capitals came with Unicode 11: Windows' table ([MS-UCODEREF]
 * 3.1.5.3) is older. */
static bool is_georgian_capital(ucs4_t c)
{
    return c >= 0x1c90 && c <= 0x1cbf;
}

/* The simple mapping, as Windows has it: it maps code units, so what is made of
 * two of them has no other case; nor have the two letters (ı, ſ) whose capitals
 * would be ASCII's, and Georgian's. */
static ucs4_t upper(ucs4_t c)
{
    const ucs4_t mapped = uc_toupper(c);
    bool not_in_windows =
        mapped > UINT16_MAX || (mapped < 0x80 && c >= 0x80) || is_georgian_capital(mapped);

    return not_in_windows ? c : mapped;
}

void ntlm_utf16_upper(uint8_t *wire, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        put_unit(wire + i, (uint16_t)upper(get_unit(wire + i)));
}

enum ntlm_error ntlm_text_upper(const char *text, char **out)
{
    uint8_t *wire;
    size_t len;
    enum ntlm_error error = ntlm_text_to_utf16(text, strlen(text), &wire, &len);

    *out = NULL;
    if (error)
        return error;
    ntlm_utf16_upper(wire, len);
    error = ntlm_text_from_utf16(ntlm_bytes(wire, len), out);
    free_cleansed(wire, len);
    return error;
}

uint32_t ntlm_text_first_upper(const char *text, size_t *len)
{
    const uint8_t *at = (const uint8_t *)text;
    ucs4_t c;
    int taken;

    *len = 1;
    if (*at < 0x80) /* nearly all there is */
        return *at >= 'a' && *at <= 'z' ? *at - UINT32_C(0x20) : *at;
    taken = u8_strmbtouc(&c, at);
    if (taken < 1)
        return AFTER_UNICODE + *at;
    *len = (size_t)taken;
    return upper(c);
}

bool ntlm_text_same(const char *a, const char *b)
{
    while (*a && *b) {
        size_t a_len, b_len;

        if (ntlm_text_first_upper(a, &a_len) != ntlm_text_first_upper(b, &b_len))
            return false;
        a += a_len;
        b += b_len;
    }
    return *a == *b;
}
