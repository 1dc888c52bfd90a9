/* SPDX-License-Identifier: MIT */
/* token_bytes.h - tokens among bytes: whether some begin as one, and where it ends. */

#ifndef TOOL_TOKEN_BYTES_H
#define TOOL_TOKEN_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NTLM's signature, RFC 2743's frame, or the choice of a NegTokenResp. */
bool begins_as_token(const uint8_t *bytes, size_t len);
/* Whether all of it is a token, and not only its beginning. */
bool is_well_formed(const uint8_t *bytes, size_t len);
/* How long the token is that begins so; 0: more than `len`, or it is malformed. */
size_t token_length(const uint8_t *bytes, size_t len);

#endif
