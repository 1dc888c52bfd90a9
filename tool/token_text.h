/* SPDX-License-Identifier: MIT */
/* token_text.h - finds tokens in what people have of them: base64 or hexadecimal digits, a
 * whole header of HTTP, a line of a log, a dump, several of these, or the bytes themselves,
 * alone or among others (a captured packet). */

#ifndef TOOL_TOKEN_TEXT_H
#define TOOL_TOKEN_TEXT_H

#include <stddef.h>

#include "ntlm/bytes.h"
#include "output.h"

#define TOKEN_COUNT_MAX 1000
#define TOKEN_SIZE_MAX ((size_t)1 << 20) /* of one token, in bytes */

struct tokens {
    struct ntlm_bytes list[TOKEN_COUNT_MAX]; /* each malloc'd */
    size_t count;
};

/* Adds the tokens of the text, in its order; that there are none is no failure.
 * STATUS_TROUBLE, complained of, when memory ends or there are too many. */
enum exit_status tokens_find(const void *text, size_t len, struct tokens *tokens);
void tokens_clear(struct tokens *tokens);

#endif
