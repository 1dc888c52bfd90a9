/* SPDX-License-Identifier: MIT */
/* message_test.c - NEGOTIATE and CHALLENGE in every header length that is met,
 * the published ones to the last byte, and names. AUTHENTICATE:
 * authenticate_test.c. What is malformed: hostile_test.c. */

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
static struct ntlm_negotiate decode_negotiate(struct ntlm_bytes token, struct ntlm_bytes *block)
{
    struct ntlm_negotiate message;

    *block = exact(token);
    ck_assert_int_eq(ntlm_negotiate_decode(*block, &message), NTLM_OK);
    return message;
}

static struct ntlm_challenge decode_challenge(struct ntlm_bytes token, struct ntlm_bytes *block)
{
    struct ntlm_challenge message;

    *block = exact(token);
    ck_assert_int_eq(ntlm_challenge_decode(*block, &message), NTLM_OK);
    return message;
}

/* ---- NEGOTIATE ---- */

START_TEST(a_negotiate_header_of_16_bytes_decodes)
{
    struct token token = token_of(NTLM_NEGOTIATE, 16);
    struct ntlm_bytes block;

    token_put32(&token, 12, SOME_FLAGS);
    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 16);
    ck_assert_uint_eq(message.flags, SOME_FLAGS);
    ck_assert_uint_eq(message.domain.len, 0);
    ck_assert_uint_eq(message.workstation.len, 0);
    ck_assert(!message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_header_of_32_bytes_decodes)
{
    struct token token = token_of(NTLM_NEGOTIATE, 32);
    struct ntlm_bytes block;

    token_put32(&token, 12,
                SOME_FLAGS | NTLMSSP_NEGOTIATE_OEM_DOMAIN_SUPPLIED |
                    NTLMSSP_NEGOTIATE_OEM_WORKSTATION_SUPPLIED);
    token_payload(&token, 24, BYTES("COMPUTER"));
    token_payload(&token, 16, BYTES("DOMAIN"));
    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 32);
    assert_bytes(message.domain, BYTES("DOMAIN"));
    assert_bytes(message.workstation, BYTES("COMPUTER"));
    ck_assert(!message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_header_of_32_bytes_without_payload_decodes)
{
    struct token token = token_of(NTLM_NEGOTIATE, 32);
    struct ntlm_bytes block;

    token_put32(&token, 12, NTLMSSP_NEGOTIATE_VERSION); /* it is not there all the same */
    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 32);
    ck_assert(!message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_header_of_40_bytes_decodes)
{
    struct token token = token_negotiate();
    struct ntlm_bytes block;

    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 40);
    assert_bytes(message.domain, BYTES("DOMAIN"));
    assert_bytes(message.workstation, BYTES("COMPUTER"));
    ck_assert(message.has_version);
    ck_assert_mem_eq(message.version, SOME_VERSION, NTLM_VERSION_SIZE);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_header_of_40_bytes_without_payload_decodes)
{
    struct token token = token_of(NTLM_NEGOTIATE, 40);
    struct ntlm_bytes block;

    token_put(&token, 32, BYTES(SOME_VERSION));
    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 40);
    ck_assert(message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_is_written_as_it_was_read)
{
    struct token token = token_negotiate();
    struct ntlm_bytes block;
    struct ntlm_writer out = {0};

    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ntlm_negotiate_encode(&message, &out);
    struct ntlm_bytes again = taken(&out);
    assert_bytes(again, block);
    exact_free(again);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_without_version_and_names_is_32_bytes)
{
    const struct ntlm_negotiate message = {.flags = 0x04030201};
    struct ntlm_writer out = {0};

    ntlm_negotiate_encode(&message, &out);
    struct ntlm_bytes token = taken(&out);
    assert_bytes(token, BYTES("NTLMSSP\0\1\0\0\0\1\2\3\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    exact_free(token);
}
END_TEST

/* ---- CHALLENGE ---- */

static uint32_t challenge_flags(size_t header_len)
{
    return SOME_FLAGS | NTLMSSP_REQUEST_TARGET |
           (header_len < 48 ? 0 : NTLMSSP_NEGOTIATE_TARGET_INFO);
}

/* A CHALLENGE with a name behind a header of that length. */
static struct token short_challenge(size_t header_len)
{
    struct token token = token_of(NTLM_CHALLENGE, header_len);

    token_put32(&token, 20, challenge_flags(header_len));
    token_put(&token, 24, BYTES("\1\2\3\4\5\6\7\x08"));
    token_payload(&token, 12, BYTES("S\0R\0V\0"));
    return token;
}

static void assert_challenge(const struct token *token, size_t header_len)
{
    struct ntlm_bytes block;

    struct ntlm_challenge message = decode_challenge(token_bytes(token), &block);
    ck_assert_uint_eq(message.header_len, header_len);
    ck_assert_uint_eq(message.flags, challenge_flags(header_len));
    ck_assert_mem_eq(message.server_challenge, "\1\2\3\4\5\6\7\x08", 8);
    assert_bytes(message.target_name, BYTES("S\0R\0V\0"));
    ck_assert_uint_eq(message.target_info.len, header_len < 48 ? 0 : 4);
    ck_assert(message.has_version == (header_len == 56));
    exact_free(block);
}

START_TEST(a_challenge_header_of_32_bytes_decodes)
{
    struct token token = short_challenge(32);

    assert_challenge(&token, 32);
}
END_TEST

START_TEST(a_challenge_header_of_32_bytes_without_payload_decodes)
{
    struct token token = token_of(NTLM_CHALLENGE, 32);
    struct ntlm_bytes block;

    struct ntlm_challenge message = decode_challenge(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 32);
    ck_assert_uint_eq(message.target_name.len, 0);
    exact_free(block);
}
END_TEST

START_TEST(a_challenge_header_of_40_bytes_decodes)
{
    struct token token = short_challenge(40);

    token_put(&token, 32,
              BYTES("\xff\xff\xff\xff\xff\xff\xff\xff")); /* an old context handle */
    assert_challenge(&token, 40);
}
END_TEST

START_TEST(a_challenge_header_of_48_bytes_decodes)
{
    struct token token = short_challenge(48);

    token_payload(&token, 40, BYTES("\0\0\0\0"));
    assert_challenge(&token, 48);
}
END_TEST

START_TEST(a_challenge_header_of_48_bytes_with_only_target_info_decodes)
{
    struct token token = token_of(NTLM_CHALLENGE, 48);
    struct ntlm_bytes block;

    token_put32(&token, 20, NTLMSSP_NEGOTIATE_TARGET_INFO);
    token_payload(&token, 40, BYTES("\0\0\0\0"));
    struct ntlm_challenge message = decode_challenge(token_bytes(&token), &block);
    ck_assert_uint_eq(message.header_len, 48);
    ck_assert_uint_eq(message.target_info.len, 4);
    ck_assert(!message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_challenge_header_of_56_bytes_decodes)
{
    struct token token = short_challenge(56);

    token_payload(&token, 40, BYTES("\0\0\0\0"));
    assert_challenge(&token, 56);
}
END_TEST

START_TEST(a_gap_behind_a_short_challenge_header_is_no_header)
{
    struct token token = short_challenge(44);

    token_put(&token, 40, BYTES("\xff\xff\xff\xff"));
    assert_challenge(&token, 40);
}
END_TEST

START_TEST(a_challenge_without_version_is_48_bytes)
{
    const struct ntlm_challenge message = {.target_name = BYTES("S\0")};
    struct ntlm_writer out = {0};

    ntlm_challenge_encode(&message, &out);
    struct ntlm_bytes token = taken(&out);
    ck_assert_uint_eq(token.len, 50);
    ck_assert_uint_eq(token.data[16], 48);
    exact_free(token);
}
END_TEST

/* ---- the published messages ---- */

static void assert_published_challenge(const char *key, uint32_t flags)
{
    struct ntlm_bytes block;
    struct ntlm_writer out = {0};

    struct ntlm_challenge message = decode_challenge(vector(key), &block);
    ck_assert_uint_eq(message.flags, flags);
    assert_vector(message.server_challenge, 8, "server_challenge");
    ck_assert_uint_eq(message.target_name.len, 0); /* REQUEST_TARGET is clear */
    ck_assert(message.has_version);
    ck_assert_mem_eq(message.version, "\6\0\x70\x17\0\0\0\x0f", NTLM_VERSION_SIZE);
    if (message.flags & NTLMSSP_NEGOTIATE_TARGET_INFO)
        assert_vector(message.target_info.data, message.target_info.len, "v2.target_info");
    else
        ck_assert_uint_eq(message.target_info.len, 0);

    message.target_name = BYTES("S\0e\0r\0v\0e\0r\0");
    ntlm_challenge_encode(&message, &out);
    struct ntlm_bytes again = taken(&out);
    assert_vector(again.data, again.len, key);
    exact_free(again);
    exact_free(block);
}

START_TEST(the_published_challenges_decode_and_encode)
{
    assert_published_challenge("v1.challenge_message", 0xe2028233);
    assert_published_challenge("v2.challenge_message", 0xe28a8233);
}
END_TEST

/* ---- fields whose flag is clear ---- */

/* What senders leave in them: nothing that is true, or something that could be. */
static const struct {
    uint16_t len;
    uint32_t offset;
} garbage[] = {{0xffff, 0xffffffff}, {1, 0}, {8, 12}, {16, 0x7fffffff}, {0xffff, 0}, {2, 33}};

static void put_garbage(struct token *token, size_t at, int which)
{
    token_put16(token, at, garbage[which].len);
    token_put16(token, at + 2, garbage[which].len);
    token_put32(token, at + 4, garbage[which].offset);
}

START_TEST(names_that_are_not_supplied_are_ignored)
{
    struct token token = token_negotiate();
    struct ntlm_bytes block;

    token_put32(&token, 12, SOME_FLAGS | NTLMSSP_NEGOTIATE_VERSION);
    put_garbage(&token, 16, _i);
    put_garbage(&token, 24, _i);
    struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
    ck_assert_uint_eq(message.domain.len, 0);
    ck_assert_uint_eq(message.workstation.len, 0);
    ck_assert(message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_target_name_that_was_not_asked_for_is_ignored)
{
    struct token token = token_challenge();
    struct ntlm_bytes block;

    token_put32(&token, 20, SOME_FLAGS | NTLMSSP_NEGOTIATE_TARGET_INFO);
    put_garbage(&token, 12, _i);
    struct ntlm_challenge message = decode_challenge(token_bytes(&token), &block);
    ck_assert_uint_eq(message.target_name.len, 0);
    ck_assert_uint_eq(message.target_info.len, 50);
    exact_free(block);
}
END_TEST

START_TEST(target_info_that_is_not_announced_is_ignored)
{
    struct token token = token_challenge();
    struct ntlm_bytes block;

    token_put32(&token, 20, SOME_FLAGS | NTLMSSP_REQUEST_TARGET);
    put_garbage(&token, 40, _i);
    struct ntlm_challenge message = decode_challenge(token_bytes(&token), &block);
    assert_bytes(message.target_name, BYTES("S\0R\0V\0"));
    ck_assert_uint_eq(message.target_info.len, 0);
    exact_free(block);
}
END_TEST

START_TEST(a_session_key_that_is_not_exchanged_is_ignored)
{
    struct token token = token_authenticate();
    struct ntlm_authenticate message;

    token_put32(&token, 60, SOME_FLAGS | NTLMSSP_NEGOTIATE_VERSION);
    put_garbage(&token, 52, _i);
    struct ntlm_bytes block = exact(token_bytes(&token));
    ck_assert_int_eq(ntlm_authenticate_decode(block, &message), NTLM_OK);
    ck_assert_uint_eq(message.session_key.len, 0);
    ck_assert_uint_eq(message.mic_offset, 72);
    exact_free(block);
}
END_TEST

/* ---- a header with more behind it than it should have ---- */

START_TEST(a_header_followed_by_a_nul_or_cut_short_in_version_has_none)
{
    static const size_t headers[] = {16, 32};
    struct ntlm_bytes block;

    for (size_t i = 0; i < 2; i++) {
        struct token token = token_of(NTLM_NEGOTIATE, headers[i] + 1);

        struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
        ck_assert_uint_eq(message.header_len, headers[i]);
        ck_assert(!message.has_version);
        exact_free(block);
    }
    for (size_t more = 1; more < NTLM_VERSION_SIZE; more++) {
        struct token token = token_of(NTLM_NEGOTIATE, 32 + more);

        token_put32(&token, 12, NTLMSSP_NEGOTIATE_VERSION);
        memset(token.bytes + 32, 0x0a, more);
        struct ntlm_negotiate message = decode_negotiate(token_bytes(&token), &block);
        ck_assert_uint_eq(message.header_len, 32);
        ck_assert(!message.has_version);
        exact_free(block);
    }
}
END_TEST

/* ---- names ---- */

START_TEST(names_are_utf16_or_oem_as_the_flags_say)
{
    struct ntlm_writer wide = {0}, oem = {0};
    char *text;

    ntlm_message_write_text(NTLMSSP_NEGOTIATE_UNICODE, "Zoë", &wide);
    ck_assert_int_eq(wide.error, NTLM_OK);
    assert_bytes(ntlm_bytes(wide.data, wide.len), BYTES("Z\0o\0\xeb\0"));
    ntlm_writer_clear(&wide);
    ntlm_message_write_text(NTLMSSP_NEGOTIATE_OEM, "Zoë", &oem);
    ck_assert_int_eq(oem.error, NTLM_OK);
    assert_bytes(ntlm_bytes(oem.data, oem.len), BYTES("Zo\x89"));
    ck_assert_int_eq(
        ntlm_message_text(NTLMSSP_NEGOTIATE_OEM, ntlm_bytes(oem.data, oem.len), &text),
        NTLM_OK);
    ck_assert_str_eq(text, "Zoë");
    free(text);
    ntlm_writer_clear(&oem);
}
END_TEST

START_TEST(unicode_wins_when_both_character_sets_are_there)
{
    const uint32_t both = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM;
    char *text;

    ck_assert_int_eq(ntlm_message_text(both, BYTES("a\0"), &text), NTLM_OK);
    ck_assert_str_eq(text, "a");
    free(text);
}
END_TEST

static TCase *negotiate_cases(void)
{
    TCase *cases = tcase_create("negotiate");

    tcase_add_test(cases, a_negotiate_header_of_16_bytes_decodes);
    tcase_add_test(cases, a_negotiate_header_of_32_bytes_decodes);
    tcase_add_test(cases, a_negotiate_header_of_32_bytes_without_payload_decodes);
    tcase_add_test(cases, a_negotiate_header_of_40_bytes_decodes);
    tcase_add_test(cases, a_negotiate_header_of_40_bytes_without_payload_decodes);
    tcase_add_test(cases, a_negotiate_is_written_as_it_was_read);
    tcase_add_test(cases, a_negotiate_without_version_and_names_is_32_bytes);
    return cases;
}

static TCase *challenge_cases(void)
{
    TCase *cases = tcase_create("challenge");

    tcase_add_test(cases, a_challenge_header_of_32_bytes_decodes);
    tcase_add_test(cases, a_challenge_header_of_32_bytes_without_payload_decodes);
    tcase_add_test(cases, a_challenge_header_of_40_bytes_decodes);
    tcase_add_test(cases, a_challenge_header_of_48_bytes_decodes);
    tcase_add_test(cases, a_challenge_header_of_48_bytes_with_only_target_info_decodes);
    tcase_add_test(cases, a_challenge_header_of_56_bytes_decodes);
    tcase_add_test(cases, a_gap_behind_a_short_challenge_header_is_no_header);
    tcase_add_test(cases, a_challenge_without_version_is_48_bytes);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("message");
    TCase *published = tcase_create("published");
    TCase *names = tcase_create("names");
    TCase *ignored = tcase_create("ignored");
    const int kinds = (int)(sizeof(garbage) / sizeof(garbage[0]));

    tcase_add_loop_test(ignored, names_that_are_not_supplied_are_ignored, 0, kinds);
    tcase_add_loop_test(ignored, a_target_name_that_was_not_asked_for_is_ignored, 0, kinds);
    tcase_add_loop_test(ignored, target_info_that_is_not_announced_is_ignored, 0, kinds);
    tcase_add_loop_test(ignored, a_session_key_that_is_not_exchanged_is_ignored, 0, kinds);
    tcase_add_test(ignored, a_header_followed_by_a_nul_or_cut_short_in_version_has_none);
    suite_add_tcase(suite, ignored);
    suite_add_tcase(suite, negotiate_cases());
    suite_add_tcase(suite, challenge_cases());
    tcase_add_test(published, the_published_challenges_decode_and_encode);
    suite_add_tcase(suite, published);
    tcase_add_test(names, names_are_utf16_or_oem_as_the_flags_say);
    tcase_add_test(names, unicode_wins_when_both_character_sets_are_there);
    suite_add_tcase(suite, names);
    return suite_run(suite);
}
