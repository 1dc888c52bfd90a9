/* SPDX-License-Identifier: MIT */
/* json.c - see json.h. */

#include "config.h"

#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <unistr.h>

static void put_string(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    size_t left = strlen(text);

    putchar('"');
    while (left > 0) {
        ucs4_t character;
        int valid = u8_mbtoucr(&character, at, left);
        size_t len = valid > 0 ? (size_t)valid : 1;

        if (valid <= 0)
            fputs("\\ufffd", stdout);
        else if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20 || *at == 0x7f)
            printf("\\u%04x", *at);
        else
            fwrite(at, 1, len, stdout);
        at += len;
        left -= len;
    }
    putchar('"');
}

static void begin_member(struct json *json, const char *key)
{
    if (json->begun[json->depth])
        fputs(json->flat && json->depth > 0 ? ", " : json->depth > 0 ? "," : "", stdout);
    if (json->depth > 0 && !json->flat)
        printf("\n%*s", 2 * (int)json->depth, "");
    json->begun[json->depth] = true;
    if (key) {
        put_string(key);
        fputs(": ", stdout);
    }
}

static void open_nest(struct json *json, const char *key, char bracket)
{
    begin_member(json, key);
    putchar(bracket);
    if (json->depth + 1 < JSON_DEPTH_MAX)
        json->depth++;
    json->begun[json->depth] = false;
}

static void close_nest(struct json *json, char bracket)
{
    bool empty = !json->begun[json->depth];

    json->depth--;
    if (!empty && !json->flat)
        printf("\n%*s", 2 * (int)json->depth, "");
    putchar(bracket);
    if (json->depth == 0)
        putchar('\n');
}

void json_object(struct json *json, const char *key)
{
    open_nest(json, key, '{');
}

void json_object_end(struct json *json)
{
    close_nest(json, '}');
}

void json_array(struct json *json, const char *key)
{
    open_nest(json, key, '[');
}

void json_array_end(struct json *json)
{
    close_nest(json, ']');
}

void json_text(struct json *json, const char *key, const char *text)
{
    begin_member(json, key);
    if (text)
        put_string(text);
    else
        fputs("null", stdout);
}

void json_number(struct json *json, const char *key, int64_t number)
{
    begin_member(json, key);
    printf("%" PRId64, number);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin_member(json, key);
    fputs(value ? "true" : "false", stdout);
}
