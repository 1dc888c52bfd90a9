/* SPDX-License-Identifier: MIT */
/* vectors.h - the known answers in ms-nlmp-4.2.txt, by their keys, and hex
 * for the tests' own. A key that is not there fails the test. */

#ifndef VECTORS_H
#define VECTORS_H

#include "ntlm/bytes.h"

/* The value of `key` as bytes, as text and as a number. It lives as long as
 * the program. */
struct ntlm_bytes vector(const char *key);
const char *vector_text(const char *key);
uint32_t vector_number(const char *key);

/* Decodes hex into out, which has room for it, and gives the bytes there.
 * Fails the test when it is not hex. */
struct ntlm_bytes unhex(const char *hex, uint8_t *out, size_t room);

/* Fails the test unless the bytes are those that the hex stands for. */
void assert_hex(const uint8_t *actual, size_t len, const char *hex);
/* Fails the test unless the bytes are the value of `key`. */
void assert_vector(const uint8_t *actual, size_t len, const char *key);

#endif
