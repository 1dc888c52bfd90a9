/* SPDX-License-Identifier: MIT */
/* base64.h - tokens as HTTP and logs carry them (RFC 4648 4 and 5). */

#ifndef TOOL_BASE64_H
#define TOOL_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a character stands for, in either alphabet; -1: it is no digit. */
int base64_digit(char c);

/* The text of len bytes, NUL-terminated; the caller frees it. NULL when memory ends. */
char *base64_encode(const uint8_t *data, size_t len);

/* Decodes all of the text, which may end in =. The caller frees *out, which is
 * 3 * strlen(text) / 4 bytes long at most. False: it is no base64, or memory ends. */
bool base64_decode(const char *text, uint8_t **out, size_t *out_len);

#endif
