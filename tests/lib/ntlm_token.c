/* SPDX-License-Identifier: MIT */
/* ntlm_token.c - see tokens.h. */

#include "config.h"

#include "ntlm_token.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ntlm/flags.h"

void token_put(struct token *token, size_t at, struct ntlm_bytes bytes)
{
    ck_assert_uint_le(at + bytes.len, sizeof(token->bytes));
    if (bytes.len)
        memcpy(token->bytes + at, bytes.data, bytes.len);
}

void token_put16(struct token *token, size_t at, uint16_t value)
{
    const uint8_t bytes[] = {(uint8_t)value, (uint8_t)(value >> 8)};

    token_put(token, at, ntlm_bytes(bytes, sizeof(bytes)));
}

void token_put32(struct token *token, size_t at, uint32_t value)
{
    token_put16(token, at, (uint16_t)value);
    token_put16(token, at + 2, (uint16_t)(value >> 16));
}

struct token token_of(uint32_t type, size_t header_len)
{
    struct token token = {.len = header_len};

    token_put(&token, 0, BYTES("NTLMSSP\0"));
    token_put32(&token, 8, type);
    return token;
}

struct ntlm_bytes token_bytes(const struct token *token)
{
    return ntlm_bytes(token->bytes, token->len);
}

void token_payload(struct token *token, size_t at, struct ntlm_bytes payload)
{
    token_put16(token, at, (uint16_t)payload.len);
    token_put16(token, at + 2, (uint16_t)payload.len);
    token_put32(token, at + 4, (uint32_t)token->len);
    token_put(token, token->len, payload);
    token->len += payload.len;
}

struct token token_negotiate(void)
{
    struct token token = token_of(1, 40);

    token_put32(&token, 12,
                NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED |
                    NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED | NTLMSSP_NEGOTIATE_VERSION);
    token_payload(&token, 16, BYTES("DOMAIN"));
    token_payload(&token, 24, BYTES("COMPUTER"));
    token_put(&token, 32, BYTES("\x0a\0\x63\x45\0\0\0\x0f"));
    return token;
}

struct token token_challenge(void)
{
    struct token token = token_of(2, 56);

    token_put32(&token, 20,
                NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET |
                    NTLMSSP_TARGET_TYPE_SERVER | NTLMSSP_NEGOTIATE_TARGET_INFO |
                    NTLMSSP_NEGOTIATE_VERSION);
    token_put(&token, 24, BYTES("\x01\x23\x45\x67\x89\xab\xcd\xef"));
    token_put(&token, 48, BYTES("\x0a\0\x63\x45\0\0\0\x0f"));
    token_payload(&token, 12, BYTES("S\0R\0V\0"));
    token_payload(&token, 40,
                  BYTES("\2\0\6\0D\0O\0M\0"
                        "\1\0\6\0S\0R\0V\0"
                        "\3\0\x0a\0s\0.\0d\0.\0x\0"
                        "\7\0\x08\0\0\x80\x3e\xd5\xde\xb1\x9d\1" /* 1970-01-01 */
                        "\0\0\0\0"));
    return token;
}

/* NTProofStr and an NTLMv2_CLIENT_CHALLENGE ([MS-NLMP] 2.2.2.7, 2.2.2.8). */
static const char v2_response[] =
    "PPPPPPPPPPPPPPPP"
    "\1\1\0\0\0\0\0\0\0\x80\x3e\xd5\xde\xb1\x9d\1" /* 1970-01-01 */
    "CCCCCCCC\0\0\0\0"
    "\2\0\6\0D\0O\0M\0"
    "\7\0\x08\0\0\x80\x3e\xd5\xde\xb1\x9d\1"
    "\6\0\4\0\2\0\0\0"
    "\x0a\0\x10\0"
    "BBBBBBBBBBBBBBBB"
    "\x09\0\x0c\0h\0t\0t\0p\0/\0s\0"
    "\0\0\0\0\0\0\0"; /* and the literal's own NUL */

struct token token_authenticate(void)
{
    struct token token = token_of(3, 88);

    token_put32(&token, 60,
                NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_SIGN |
                    NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_VERSION);
    token_put(&token, 64, BYTES("\x0a\0\x63\x45\0\0\0\x0f"));
    token_put(&token, 72, BYTES("MMMMMMMMMMMMMMMM"));
    token_payload(&token, 28, BYTES("D\0O\0M\0"));
    token_payload(&token, 36, BYTES("Z\0o\0\xeb\0"));
    token_payload(&token, 44, BYTES("P\0C\0"));
    token_payload(&token, 12, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    token_payload(&token, 20, ntlm_bytes(v2_response, sizeof(v2_response)));
    token_payload(&token, 52, BYTES("KKKKKKKKKKKKKKKK"));
    return token;
}

struct ntlm_bytes exact(struct ntlm_bytes bytes)
{
    uint8_t *block = malloc(bytes.len ? bytes.len : 1);

    ck_assert_ptr_nonnull(block);
    if (bytes.len)
        memcpy(block, bytes.data, bytes.len);
    return ntlm_bytes(block, bytes.len);
}

void exact_free(struct ntlm_bytes bytes)
{
    free((void *)(uintptr_t)bytes.data);
}

struct ntlm_bytes taken(struct ntlm_writer *out)
{
    uint8_t *data;
    size_t len;

    ck_assert_int_eq(ntlm_writer_take(out, &data, &len), NTLM_OK);
    return ntlm_bytes(data, len);
}

void assert_bytes(struct ntlm_bytes actual, struct ntlm_bytes expected)
{
    ck_assert_uint_eq(actual.len, expected.len);
    if (expected.len)
        ck_assert_mem_eq(actual.data, expected.data, expected.len);
}
