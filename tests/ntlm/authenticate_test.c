/* SPDX-License-Identifier: MIT */
/* authenticate_test.c - AUTHENTICATE in every header length that is met, with
 * the MIC where each has it, and the published ones to the last byte. What is
 * malformed: hostile_test.c. */

#include "config.h"

#include <string.h>

#include "ntlm/flags.h"
#include "ntlm/message.h"
#include "ntlm_token.h"
#include "suite.h"
#include "vectors.h"

#define SOME_FLAGS (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM)
#define SOME_VERSION "\x0a\0\x63\x45\0\0\0\x0f"

/* Decodes from a block of exactly the token's size. The message points into
 * *block, which the caller frees. */
static struct ntlm_authenticate decode_authenticate(struct ntlm_bytes token,
                                                    struct ntlm_bytes *block)
{
    struct ntlm_authenticate message;

    *block = exact(token);
    ck_assert_int_eq(ntlm_authenticate_decode(*block, &message), NTLM_OK);
    return message;
}

/* An AUTHENTICATE with a user and an LM response behind a header of that
 * length; what the header has beyond 64 bytes is 'M's. */
static struct token short_authenticate(size_t header_len, uint32_t flags)
{
    struct token token = token_of(NTLM_AUTHENTICATE, header_len);

    if (header_len > 52)
        token_put32(&token, 60, flags);
    for (size_t at = 64; at < header_len; at++)
        token_put(&token, at, BYTES("M"));
    token_payload(&token, 36, BYTES("U\0"));
    token_payload(&token, 12, BYTES("L"));
    return token;
}

static void assert_authenticate(const struct token *token, size_t header_len, bool has_version,
                                size_t mic_offset)
{
    struct ntlm_bytes block;

    struct ntlm_authenticate message = decode_authenticate(token_bytes(token), &block);
    ck_assert_uint_eq(message.header_len, header_len);
    assert_bytes(message.user, BYTES("U\0"));
    assert_bytes(message.lm_response, BYTES("L"));
    ck_assert_uint_eq(message.nt_response.len, 0);
    ck_assert_uint_eq(message.session_key.len, 0);
    ck_assert(message.has_flags == (header_len > 52));
    ck_assert(message.has_version == has_version);
    ck_assert_uint_eq(message.mic_offset, mic_offset);
    exact_free(block);
}

START_TEST(an_authenticate_header_of_52_bytes_decodes)
{
    struct token token = short_authenticate(52, 0);

    assert_authenticate(&token, 52, false, 0);
}
END_TEST

START_TEST(an_authenticate_header_of_52_bytes_without_payload_decodes)
{
    struct token token = token_of(NTLM_AUTHENTICATE, 52);
    struct ntlm_bytes block;

    struct ntlm_authenticate message = decode_authenticate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 52);
    ck_assert(!message.has_flags);
    exact_free(block);
}
END_TEST

START_TEST(an_authenticate_header_of_64_bytes_decodes)
{
    struct token token = short_authenticate(64, SOME_FLAGS);

    assert_authenticate(&token, 64, false, 0);
}
END_TEST

START_TEST(an_authenticate_header_of_64_bytes_that_promises_version_decodes)
{
    struct token token = short_authenticate(64, NTLMSSP_NEGOTIATE_VERSION);

    assert_authenticate(&token, 64, false, 0);
}
END_TEST

START_TEST(an_authenticate_header_of_72_bytes_decodes)
{
    struct token token = short_authenticate(72, NTLMSSP_NEGOTIATE_VERSION);

    assert_authenticate(&token, 72, true, 0);
}
END_TEST

START_TEST(an_authenticate_header_of_72_bytes_without_the_version_flag_decodes)
{
    struct token token = short_authenticate(72, SOME_FLAGS);

    assert_authenticate(&token, 72, true, 0);
}
END_TEST

START_TEST(an_authenticate_header_of_88_bytes_decodes)
{
    struct token token = token_authenticate();
    struct ntlm_bytes block;

    struct ntlm_authenticate message = decode_authenticate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 88);
    assert_bytes(message.domain, BYTES("D\0O\0M\0"));
    assert_bytes(message.user, BYTES("Z\0o\0\xeb\0"));
    assert_bytes(message.workstation, BYTES("P\0C\0"));
    ck_assert_uint_eq(message.lm_response.len, 24);
    ck_assert_mem_eq(message.nt_response.data, "PPPPPPPPPPPPPPPP\1\1", 18);
    assert_bytes(message.session_key, BYTES("KKKKKKKKKKKKKKKK"));
    ck_assert(message.has_version);
    ck_assert_mem_eq(message.version, SOME_VERSION, NTLM_VERSION_SIZE);
    ck_assert_uint_eq(message.mic_offset, 72);
    exact_free(block);
}
END_TEST

START_TEST(the_mic_is_at_72_even_if_version_was_not_agreed)
{
    struct token token = short_authenticate(88, SOME_FLAGS);

    assert_authenticate(&token, 88, true, 72);
}
END_TEST

/* Payload from 80 to 87. */
START_TEST(the_mic_of_an_old_client_without_version_is_at_64)
{
    struct token token = short_authenticate((size_t)_i, SOME_FLAGS);

    assert_authenticate(&token, 80, false, 64);
}
END_TEST

START_TEST(a_client_with_version_has_no_mic_before_72)
{
    struct token token = short_authenticate((size_t)_i, NTLMSSP_NEGOTIATE_VERSION);

    assert_authenticate(&token, 72, true, 0);
}
END_TEST

START_TEST(a_session_key_before_the_other_payload_ends_the_header)
{
    struct token token = token_of(NTLM_AUTHENTICATE, 64);
    struct ntlm_bytes block;

    token_put32(&token, 60, SOME_FLAGS | NTLMSSP_NEGOTIATE_KEY_EXCH);
    token_payload(&token, 52, BYTES("KKKKKKKKKKKKKKKK"));
    token_payload(&token, 20, BYTES("NNNNNNNNNNNNNNNNNNNNNNNN"));
    struct ntlm_authenticate message = decode_authenticate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 64);
    assert_bytes(message.session_key, BYTES("KKKKKKKKKKKKKKKK"));
    ck_assert(!message.has_version);
    ck_assert_uint_eq(message.mic_offset, 0);
    exact_free(block);
}
END_TEST

START_TEST(an_authenticate_with_a_mic_is_88_bytes_and_the_mic_zeros)
{
    struct ntlm_authenticate message = {.flags = SOME_FLAGS, .mic_offset = 72};
    struct ntlm_writer out = {0};

    ntlm_authenticate_encode(&message, &out);
    struct ntlm_bytes token = taken(&out);
    ck_assert_uint_eq(token.len, 88);
    ck_assert_mem_eq(token.data + 64, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24);
    ck_assert_int_eq(ntlm_authenticate_decode(token, &message), NTLM_OK);
    ck_assert_uint_eq(message.mic_offset, 72);
    exact_free(token);
}
END_TEST

START_TEST(an_authenticate_with_a_mic_is_written_as_it_was_read)
{
    struct token token = token_authenticate();
    struct ntlm_bytes block;
    struct ntlm_writer out = {0};

    struct ntlm_authenticate message = decode_authenticate(token_bytes(&token), &block);
    ntlm_authenticate_encode(&message, &out);
    struct ntlm_bytes again = taken(&out);
    token_put(&token, 72, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    assert_bytes(again, token_bytes(&token));
    exact_free(again);
    exact_free(block);
}
END_TEST

START_TEST(an_authenticate_without_mic_and_version_is_64_bytes)
{
    const struct ntlm_authenticate message = {.user = BYTES("U\0")};
    struct ntlm_writer out = {0};

    ntlm_authenticate_encode(&message, &out);
    struct ntlm_bytes token = taken(&out);
    ck_assert_uint_eq(token.len, 66);
    ck_assert_uint_eq(token.data[40], 64);
    exact_free(token);
}
END_TEST

/* ---- fields as met in the wild ---- */

START_TEST(payloads_may_overlap_each_other_and_the_header)
{
    struct token token = short_authenticate(64, SOME_FLAGS);
    struct ntlm_bytes block;

    token_put(&token, 28, ntlm_bytes(token.bytes + 36, 8)); /* domain is the user's bytes */
    token_put(&token, 44, BYTES("\7\0\7\0\0\0\0\0"));       /* workstation is the signature */
    struct ntlm_authenticate message = decode_authenticate(token_bytes(&token), &block);
    assert_bytes(message.domain, BYTES("U\0"));
    assert_bytes(message.user, BYTES("U\0"));
    assert_bytes(message.workstation, BYTES("NTLMSSP"));
    exact_free(block);
}
END_TEST

START_TEST(an_empty_field_may_point_anywhere)
{
    struct token token = short_authenticate(64, SOME_FLAGS);

    token_put(&token, 20, BYTES("\0\0\xff\xff\xff\xff\xff\xff"));
    token_put(&token, 52, BYTES("\0\0\0\0\1\0\0\0"));
    assert_authenticate(&token, 64, false, 0);
}
END_TEST

/* ---- the published messages ---- */

static void assert_text(uint32_t flags, struct ntlm_bytes wire, const char *key)
{
    char *text;

    ck_assert_int_eq(ntlm_message_text(flags, wire, &text), NTLM_OK);
    ck_assert_str_eq(text, vector_text(key));
    free(text);
}

/* Decodes the message, looks at what every one has, and encodes it again. */
static struct ntlm_authenticate published_authenticate(const char *key,
                                                       struct ntlm_bytes *block)
{
    struct ntlm_writer out = {0};

    struct ntlm_authenticate message = decode_authenticate(vector(key), block);
    assert_text(message.flags, message.user, "user");
    assert_text(message.flags, message.domain, "domain");
    assert_text(message.flags, message.workstation, "workstation");
    ck_assert(message.has_version);
    ck_assert_mem_eq(message.version, "\5\1\x28\x0a\0\0\0\x0f", NTLM_VERSION_SIZE);
    ck_assert_uint_eq(message.mic_offset, 0);
    ck_assert_uint_eq(message.header_len, 72);

    ntlm_authenticate_encode(&message, &out);
    struct ntlm_bytes again = taken(&out);
    assert_vector(again.data, again.len, key);
    exact_free(again);
    return message;
}

START_TEST(the_published_v1_authenticate_decodes_and_encodes)
{
    struct ntlm_bytes block;

    struct ntlm_authenticate message =
        published_authenticate("v1.authenticate_message", &block);
    ck_assert_uint_eq(message.flags, 0xe2808235);
    assert_vector(message.lm_response.data, message.lm_response.len, "v1.lm_response");
    assert_vector(message.nt_response.data, message.nt_response.len, "v1.nt_response");
    assert_vector(message.session_key.data, message.session_key.len,
                  "v1.encrypted_session_key");
    exact_free(block);
}
END_TEST

START_TEST(the_published_v2_authenticate_decodes_and_encodes)
{
    struct ntlm_bytes block;

    struct ntlm_authenticate message =
        published_authenticate("v2.authenticate_message", &block);
    ck_assert_uint_eq(message.flags, 0xe2888235);
    assert_vector(message.lm_response.data, message.lm_response.len, "v2.lm_response");
    assert_vector(message.nt_response.data, 16, "v2.nt_proof");
    assert_vector(message.nt_response.data + 16, message.nt_response.len - 16, "v2.temp");
    assert_vector(message.session_key.data, message.session_key.len,
                  "v2.encrypted_session_key");
    exact_free(block);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("authenticate");
    TCase *cases = tcase_create("authenticate");

    tcase_add_test(cases, an_authenticate_header_of_52_bytes_decodes);
    tcase_add_test(cases, an_authenticate_header_of_52_bytes_without_payload_decodes);
    tcase_add_test(cases, an_authenticate_header_of_64_bytes_decodes);
    tcase_add_test(cases, an_authenticate_header_of_64_bytes_that_promises_version_decodes);
    tcase_add_test(cases, an_authenticate_header_of_72_bytes_decodes);
    tcase_add_test(cases, an_authenticate_header_of_72_bytes_without_the_version_flag_decodes);
    tcase_add_test(cases, an_authenticate_header_of_88_bytes_decodes);
    tcase_add_test(cases, the_mic_is_at_72_even_if_version_was_not_agreed);
    tcase_add_loop_test(cases, the_mic_of_an_old_client_without_version_is_at_64, 80, 88);
    tcase_add_loop_test(cases, a_client_with_version_has_no_mic_before_72, 72, 88);
    tcase_add_test(cases, a_session_key_before_the_other_payload_ends_the_header);
    tcase_add_test(cases, an_authenticate_with_a_mic_is_88_bytes_and_the_mic_zeros);
    tcase_add_test(cases, an_authenticate_with_a_mic_is_written_as_it_was_read);
    tcase_add_test(cases, an_authenticate_without_mic_and_version_is_64_bytes);
    tcase_add_test(cases, payloads_may_overlap_each_other_and_the_header);
    tcase_add_test(cases, an_empty_field_may_point_anywhere);
    tcase_add_test(cases, the_published_v1_authenticate_decodes_and_encodes);
    tcase_add_test(cases, the_published_v2_authenticate_decodes_and_encodes);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
