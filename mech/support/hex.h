/* SPDX-License-Identifier: MIT */
/* hex.h - hashes as people and files write them. */

#ifndef HEX_H
#define HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes exactly 2 * out_len hexadecimal digits in either case. False, and
 * out is zeros, when text is anything else. */
bool hex_decode(const char *text, uint8_t *out, size_t out_len);

#endif
