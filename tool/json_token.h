/* SPDX-License-Identifier: MIT */
/* json_token.h - a token's fields as JSON. */

#ifndef TOOL_JSON_TOKEN_H
#define TOOL_JSON_TOKEN_H

#include "json.h"
#include "ntlm/bytes.h"
#include "ntlm/field.h"

/* An object in the open array: the token's name and value, and its fields, each such an
 * object, in the array "fields" of the one that it is a part of. is_shown (NULL: all are):
 * whether a field is among them. */
void json_token(struct json *json, struct ntlm_bytes token,
                bool (*is_shown)(const struct ntlm_field *field));

#endif
