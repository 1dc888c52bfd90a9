/* message_test.c - the three messages in every header length that is met, the
 * published ones to the last byte. What is malformed: hostile_test.c. */

#include <string.h>

#include "ntlm/flags.h"
#include "ntlm/message.h"
#include "suite.h"
#include "tokens.h"
#include "vectors.h"

#define SOME_FLAGS (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM)
#define SOME_VERSION "\x0a\0\x63\x45\0\0\0\x0f"

static void assert_bytes(struct ntlm_bytes actual, struct ntlm_bytes expected)
{
    ck_assert_uint_eq(actual.len, expected.len);
    if (expected.len)
        ck_assert_mem_eq(actual.data, expected.data, expected.len);
}

/* Decodes from a block of exactly the token's size. The message points into
 * *block, which the caller frees. */
#define DEFINE_DECODE(kind)                                                                    \
    static struct ntlm_##kind decode_##kind(struct ntlm_bytes token, struct ntlm_bytes *block) \
    {                                                                                          \
        struct ntlm_##kind message;                                                            \
        *block = exact(token);                                                                 \
        ck_assert_int_eq(ntlm_##kind##_decode(*block, &message), NTLM_OK);                     \
        return message;                                                                        \
    }
DEFINE_DECODE(negotiate)
DEFINE_DECODE(challenge)
DEFINE_DECODE(authenticate)

static struct ntlm_bytes whole(const struct token *token)
{
    return ntlm_bytes(token->bytes, token->len);
}

static struct ntlm_bytes taken(struct ntlm_writer *out)
{
    uint8_t *data;
    size_t len;

    ck_assert_int_eq(ntlm_writer_take(out, &data, &len), NTLM_OK);
    return ntlm_bytes(data, len);
}

/* ---- NEGOTIATE ---- */

START_TEST(a_negotiate_header_of_16_bytes_decodes)
{
    struct token token = token_of(NTLM_NEGOTIATE, 16);
    struct ntlm_bytes block;

    token_put32(&token, 12, SOME_FLAGS);
    struct ntlm_negotiate message = decode_negotiate(whole(&token), &block);
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

    token_put32(&token, 12, SOME_FLAGS);
    token_payload(&token, 24, BYTES("COMPUTER"));
    token_payload(&token, 16, BYTES("DOMAIN"));
    struct ntlm_negotiate message = decode_negotiate(whole(&token), &block);
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
    struct ntlm_negotiate message = decode_negotiate(whole(&token), &block);
    ck_assert_uint_eq(message.header_len, 32);
    ck_assert(!message.has_version);
    exact_free(block);
}
END_TEST

START_TEST(a_negotiate_header_of_40_bytes_decodes)
{
    struct token token = token_negotiate();
    struct ntlm_bytes block;

    struct ntlm_negotiate message = decode_negotiate(whole(&token), &block);
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
    struct ntlm_negotiate message = decode_negotiate(whole(&token), &block);
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

    struct ntlm_negotiate message = decode_negotiate(whole(&token), &block);
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

/* A CHALLENGE with a name behind a header of that length. */
static struct token short_challenge(size_t header_len)
{
    struct token token = token_of(NTLM_CHALLENGE, header_len);

    token_put32(&token, 20, SOME_FLAGS);
    token_put(&token, 24, BYTES("\1\2\3\4\5\6\7\x08"));
    token_payload(&token, 12, BYTES("S\0R\0V\0"));
    return token;
}

static void assert_challenge(const struct token *token, size_t header_len)
{
    struct ntlm_bytes block;

    struct ntlm_challenge message = decode_challenge(whole(token), &block);
    ck_assert_uint_eq(message.header_len, header_len);
    ck_assert_uint_eq(message.flags, SOME_FLAGS);
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

    struct ntlm_challenge message = decode_challenge(whole(&token), &block);
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

    token_payload(&token, 40, BYTES("\0\0\0\0"));
    struct ntlm_challenge message = decode_challenge(whole(&token), &block);
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

/* ---- AUTHENTICATE ---- */

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

    struct ntlm_authenticate message = decode_authenticate(whole(token), &block);
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

    struct ntlm_authenticate message = decode_authenticate(whole(&token), &block);
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

    struct ntlm_authenticate message = decode_authenticate(whole(&token), &block);
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

    token_put32(&token, 60, SOME_FLAGS);
    token_payload(&token, 52, BYTES("KKKKKKKKKKKKKKKK"));
    token_payload(&token, 20, BYTES("NNNNNNNNNNNNNNNNNNNNNNNN"));
    struct ntlm_authenticate message = decode_authenticate(whole(&token), &block);
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

    struct ntlm_authenticate message = decode_authenticate(whole(&token), &block);
    ntlm_authenticate_encode(&message, &out);
    struct ntlm_bytes again = taken(&out);
    token_put(&token, 72, BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"));
    assert_bytes(again, whole(&token));
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

/* ---- any field order, as met in the wild ---- */

START_TEST(payloads_may_overlap_each_other_and_the_header)
{
    struct token token = short_authenticate(64, SOME_FLAGS);
    struct ntlm_bytes block;

    token_put(&token, 28, ntlm_bytes(token.bytes + 36, 8)); /* domain is the user's bytes */
    token_put(&token, 44, BYTES("\7\0\7\0\0\0\0\0"));       /* workstation is the signature */
    struct ntlm_authenticate message = decode_authenticate(whole(&token), &block);
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

static void assert_published_challenge(const char *key, uint32_t flags)
{
    struct ntlm_bytes block;
    struct ntlm_writer out = {0};

    struct ntlm_challenge message = decode_challenge(vector(key), &block);
    ck_assert_uint_eq(message.flags, flags);
    assert_vector(message.server_challenge, 8, "server_challenge");
    assert_bytes(message.target_name, BYTES("S\0e\0r\0v\0e\0r\0"));
    ck_assert(message.has_version);
    ck_assert_mem_eq(message.version, "\6\0\x70\x17\0\0\0\x0f", NTLM_VERSION_SIZE);
    if (message.flags & NTLMSSP_NEGOTIATE_TARGET_INFO)
        assert_vector(message.target_info.data, message.target_info.len, "v2.target_info");
    else
        ck_assert_uint_eq(message.target_info.len, 0);

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

/* ---- names ---- */

START_TEST(names_are_utf16_or_oem_as_the_flags_say)
{
    uint8_t *wire;
    size_t len;
    char *text;

    ck_assert_int_eq(ntlm_message_wire(NTLMSSP_NEGOTIATE_UNICODE, "Zoë", &wire, &len), NTLM_OK);
    assert_bytes(ntlm_bytes(wire, len), BYTES("Z\0o\0\xeb\0"));
    free(wire);
    ck_assert_int_eq(ntlm_message_wire(NTLMSSP_NEGOTIATE_OEM, "Zoë", &wire, &len), NTLM_OK);
    assert_bytes(ntlm_bytes(wire, len), BYTES("Zo\x89"));
    ck_assert_int_eq(ntlm_message_text(NTLMSSP_NEGOTIATE_OEM, ntlm_bytes(wire, len), &text),
                     NTLM_OK);
    ck_assert_str_eq(text, "Zoë");
    free(text);
    free(wire);
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

static TCase *authenticate_cases(void)
{
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
    return cases;
}

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

    suite_add_tcase(suite, negotiate_cases());
    suite_add_tcase(suite, challenge_cases());
    suite_add_tcase(suite, authenticate_cases());
    tcase_add_test(published, the_published_challenges_decode_and_encode);
    tcase_add_test(published, the_published_v1_authenticate_decodes_and_encodes);
    tcase_add_test(published, the_published_v2_authenticate_decodes_and_encodes);
    suite_add_tcase(suite, published);
    tcase_add_test(names, names_are_utf16_or_oem_as_the_flags_say);
    tcase_add_test(names, unicode_wins_when_both_character_sets_are_there);
    suite_add_tcase(suite, names);
    return suite_run(suite);
}
