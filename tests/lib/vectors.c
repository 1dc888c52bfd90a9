/* SPDX-License-Identifier: MIT */
/* vectors.c - reads ms-nlmp-4.2.txt: lines of `key = value`, and comments. */

#include "config.h"

#include "vectors.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_FILE 16384
#define MAX_VECTORS 128

static char text[MAX_FILE];
static uint8_t bytes[MAX_FILE / 2]; /* hex of them is at most the whole file */
static struct {
    const char *key, *value;
    struct ntlm_bytes bytes; /* none when the value is not hex */
} vectors[MAX_VECTORS];
static size_t vector_count;

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

static bool decode(const char *hex, uint8_t *out, size_t *len)
{
    size_t digits = strlen(hex);

    if (digits % 2)
        return false;
    for (size_t i = 0; i < digits; i += 2) {
        int high = nibble(hex[i]), low = nibble(hex[i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i / 2] = (uint8_t)(high << 4 | low);
    }
    *len = digits / 2;
    return true;
}

static void load(void)
{
    FILE *file = fopen(UNIT_DATA "/ms-nlmp-4.2.txt", "re");
    uint8_t *next = bytes;

    ck_assert_ptr_nonnull(file);
    size_t size = fread(text, 1, sizeof(text) - 1, file);
    ck_assert(feof(file) && size > 0);
    fclose(file);
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *value = strstr(line, " = ");
        size_t len = 0;

        if (*line == '#' || !value)
            continue;
        *value = '\0';
        value += strlen(" = ");
        ck_assert_uint_lt(vector_count, MAX_VECTORS);
        vectors[vector_count].key = line;
        vectors[vector_count].value = value;
        if (decode(value, next, &len)) {
            vectors[vector_count].bytes = ntlm_bytes(next, len);
            next += len;
        }
        vector_count++;
    }
}

static size_t find(const char *key)
{
    if (vector_count == 0)
        load();
    for (size_t i = 0; i < vector_count; i++)
        if (!strcmp(vectors[i].key, key))
            return i;
    ck_abort_msg("there is no vector %s", key);
}

struct ntlm_bytes vector(const char *key)
{
    size_t i = find(key);

    ck_assert_msg(vectors[i].bytes.data, "vector %s is not hex", key);
    return vectors[i].bytes;
}

const char *vector_text(const char *key)
{
    return vectors[find(key)].value;
}

uint32_t vector_number(const char *key)
{
    return (uint32_t)strtoul(vector_text(key), NULL, 0);
}

struct ntlm_bytes unhex(const char *hex, uint8_t *out, size_t room)
{
    size_t len = 0;

    ck_assert_uint_le(strlen(hex) / 2, room);
    ck_assert_msg(decode(hex, out, &len), "not hex: %s", hex);
    return ntlm_bytes(out, len);
}

void assert_hex(const uint8_t *actual, size_t len, const char *hex)
{
    char shown[1025] = "";

    ck_assert_uint_lt(2 * len, sizeof(shown));
    for (size_t i = 0; i < len; i++)
        snprintf(shown + 2 * i, 3, "%02x", actual[i]);
    ck_assert_str_eq(shown, hex);
}

void assert_vector(const uint8_t *actual, size_t len, const char *key)
{
    assert_hex(actual, len, vector_text(key));
}
