/* SPDX-License-Identifier: MIT */
/* ntlm_token.h - NTLM messages put together byte by byte, without the code under
 * test, in whatever way a test wants them wrong. */

#ifndef NTLM_TOKEN_H
#define NTLM_TOKEN_H

#include "ntlm/wire.h"

/* A C string literal's bytes, NULs inside included. */
#define BYTES(literal) ntlm_bytes(literal, sizeof(literal) - 1)

struct token {
    uint8_t bytes[1024];
    size_t len;
};

/* A message of this type whose header is that long and all zeros. */
struct token token_of(uint32_t type, size_t header_len);
struct ntlm_bytes token_bytes(const struct token *token);
/* Puts a number or bytes somewhere into it. */
void token_put16(struct token *token, size_t at, uint16_t value);
void token_put32(struct token *token, size_t at, uint32_t value);
void token_put(struct token *token, size_t at, struct ntlm_bytes bytes);
/* Appends a payload and points the field at `at` to it. */
void token_payload(struct token *token, size_t at, struct ntlm_bytes payload);

/* Messages with every field filled, the payload up to their last byte, in
 * UTF-16: NEGOTIATE (domain, workstation), CHALLENGE (name, info with four
 * pairs), AUTHENTICATE (NTLMv2 with time, flags, bindings and target name,
 * session key, MIC at 72). */
struct token token_negotiate(void);
struct token token_challenge(void);
struct token token_authenticate(void);

/* The bytes in a block of exactly their size, so that the address sanitizer
 * and valgrind see a read beyond them. Freed by exact_free. */
struct ntlm_bytes exact(struct ntlm_bytes bytes);
void exact_free(struct ntlm_bytes bytes);

/* What was written, which must have gone well. Freed by exact_free. */
struct ntlm_bytes taken(struct ntlm_writer *out);

/* Fails the test unless the bytes are these. */
void assert_bytes(struct ntlm_bytes actual, struct ntlm_bytes expected);

#endif
