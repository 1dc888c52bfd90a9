/* SPDX-License-Identifier: MIT */
/* json.h - writes JSON (RFC 8259) to standard output, a member a line or all on one. Bytes that
 * are no UTF-8 become U+FFFD. What is open is closed by the caller, in order. */

#ifndef TOOL_JSON_H
#define TOOL_JSON_H

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 32

/* All zeros: nothing is written yet. */
struct json {
    bool flat; /* all on one line */
    unsigned depth;
    bool begun[JSON_DEPTH_MAX]; /* whether what is open at this depth has a member */
};

/* key is NULL in an array, and for what is not inside of anything. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);
void json_text(struct json *json, const char *key, const char *text); /* NULL: null */
void json_number(struct json *json, const char *key, int64_t number);
void json_bool(struct json *json, const char *key, bool value);

#endif
