/* SPDX-License-Identifier: MIT */
/* hostile_test.c - malformed messages: each is refused with its own error and
 * never read beyond. What is well-formed: message_test.c; lists of AV pairs:
 * avpair_test.c. */

#include "config.h"

#include <string.h>

#include "ntlm/describe.h"
#include "ntlm/flags.h"
#include "ntlm/message.h"
#include "ntlm_token.h"
#include "suite.h"

/* Any of the three, so that a table can hold them. */
union message {
    struct ntlm_negotiate negotiate;
    struct ntlm_challenge challenge;
    struct ntlm_authenticate authenticate;
};

static enum ntlm_error decode(enum ntlm_message_type type, struct ntlm_bytes token,
                              union message *message)
{
    switch (type) {
    case NTLM_NEGOTIATE:
        return ntlm_negotiate_decode(token, &message->negotiate);
    case NTLM_CHALLENGE:
        return ntlm_challenge_decode(token, &message->challenge);
    default:
        return ntlm_authenticate_decode(token, &message->authenticate);
    }
}

/* From a block of exactly that size. A refused message must be all zeros. */
static enum ntlm_error refusal(enum ntlm_message_type type, const uint8_t *bytes, size_t len)
{
    static const union message zeros;
    union message message;
    struct ntlm_bytes block = exact(ntlm_bytes(bytes, len));

    memset(&message, 0, sizeof(message));
    enum ntlm_error error = decode(type, block, &message);
    if (error)
        ck_assert_mem_eq(&message, &zeros, sizeof(message));
    exact_free(block);
    return error;
}

static struct token whole_token(enum ntlm_message_type type)
{
    switch (type) {
    case NTLM_NEGOTIATE:
        return token_negotiate();
    case NTLM_CHALLENGE:
        return token_challenge();
    default:
        return token_authenticate();
    }
}

/* Where the fields of each message are. */
static const struct {
    enum ntlm_message_type type;
    size_t field;
} fields[] = {
    {NTLM_NEGOTIATE, 16},    {NTLM_NEGOTIATE, 24},    {NTLM_CHALLENGE, 12},
    {NTLM_CHALLENGE, 40},    {NTLM_AUTHENTICATE, 12}, {NTLM_AUTHENTICATE, 20},
    {NTLM_AUTHENTICATE, 28}, {NTLM_AUTHENTICATE, 36}, {NTLM_AUTHENTICATE, 44},
    {NTLM_AUTHENTICATE, 52},
};
#define FIELD_COUNT (int)(sizeof(fields) / sizeof(fields[0]))

/* _i is the message's type in the tests of this kind. */
START_TEST(a_message_cut_anywhere_is_refused)
{
    const enum ntlm_message_type type = (enum ntlm_message_type)_i;
    const struct token token = whole_token(type);

    ck_assert_int_eq(refusal(type, token.bytes, token.len), NTLM_OK);
    for (size_t len = 0; len < token.len; len++) {
        enum ntlm_error error = refusal(type, token.bytes, len);

        if (type == NTLM_NEGOTIATE && len == 16) /* the header of 16 bytes, whole */
            ck_assert_int_eq(error, NTLM_OK);
        else
            ck_assert_msg(error == NTLM_ERR_TRUNCATED || error == NTLM_ERR_FIELD_OUTSIDE,
                          "%zu bytes: %#x", len, (unsigned)error);
    }
}
END_TEST

/* Amid Version alone it is one without it. */
START_TEST(a_header_cut_amid_a_part_is_truncated)
{
    const enum ntlm_message_type type = (enum ntlm_message_type)_i;
    static const size_t valid[][5] = {
        [NTLM_NEGOTIATE] = {16, 32, 40},
        [NTLM_CHALLENGE] = {32, 40, 48, 56},
        [NTLM_AUTHENTICATE] = {52, 64, 72, 88},
    };
    static const size_t longest[] = {0, 40, 56, 88};
    static const size_t shortest[] = {0, 16, 32, 52}, version_at[] = {0, 32, 48, 64};
    size_t next = 0;

    for (size_t len = 0; len <= longest[type]; len++) {
        struct token token = token_of((uint32_t)type, longest[type]);

        memset(token.bytes + shortest[type], 'x', longest[type] - shortest[type]);
        if (type == NTLM_AUTHENTICATE)
            token_put32(&token, 60, NTLMSSP_NEGOTIATE_VERSION);
        enum ntlm_error error = refusal(type, token.bytes, len);
        if (len == valid[type][next]) {
            ck_assert_int_eq(error, NTLM_OK);
            next++;
        } else if (len > version_at[type] && len < version_at[type] + NTLM_VERSION_SIZE)
            ck_assert_int_eq(error, NTLM_OK);
        else
            ck_assert_int_eq(error, NTLM_ERR_TRUNCATED);
    }
}
END_TEST

START_TEST(a_token_that_is_not_ntlm_is_refused)
{
    const enum ntlm_message_type type = (enum ntlm_message_type)_i;

    for (size_t at = 0; at < 8; at++) {
        struct token token = whole_token(type);

        token.bytes[at] ^= 0x20;
        ck_assert_int_eq(refusal(type, token.bytes, token.len), NTLM_ERR_NOT_NTLM);
        ck_assert_int_eq(refusal(type, token.bytes, at + 1), NTLM_ERR_NOT_NTLM);
    }
}
END_TEST

START_TEST(a_message_of_another_type_is_refused)
{
    const enum ntlm_message_type type = (enum ntlm_message_type)_i;
    static const uint32_t numbers[] = {0, 1, 2, 3, 4, 0x101, 0x80000001, UINT32_MAX};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct token token = whole_token(type);

        token_put32(&token, 8, numbers[i]);
        ck_assert_int_eq(refusal(type, token.bytes, token.len),
                         numbers[i] == (uint32_t)type ? NTLM_OK : NTLM_ERR_WRONG_MESSAGE);
    }
}
END_TEST

START_TEST(a_message_may_have_so_many_bytes_and_no_more)
{
    const enum ntlm_message_type type = (enum ntlm_message_type)_i;
    static const size_t limits[] = {0, NTLM_MAX_NEGOTIATE, NTLM_MAX_CHALLENGE,
                                    NTLM_MAX_AUTHENTICATE};
    static uint8_t large[NTLM_MAX_TOKEN + 1];
    const struct token token = whole_token(type);

    memcpy(large, token.bytes, token.len);
    ck_assert_int_eq(refusal(type, large, limits[type]), NTLM_OK);
    ck_assert_int_eq(refusal(type, large, limits[type] + 1), NTLM_ERR_TOO_LARGE);
    ck_assert_int_eq(refusal(type, large, NTLM_MAX_TOKEN + 1), NTLM_ERR_TOO_LARGE);
}
END_TEST

/* Len and Offset; what they are relative to is the token's length. */
static const struct {
    uint16_t len;
    uint32_t offset;
    bool from_end;
} outside[] = {
    {1, 0, true},           /* at the end */
    {2, UINT32_MAX, true},  /* from the last byte on, by one too long */
    {1, 1, true},           /* beyond it */
    {1, UINT32_MAX, false}, /* offset + len is 0 in 32 bits */
    {0xffff, UINT32_MAX, false},
    {0xffff, 0xffff0001, false},
    {16, 0x7fffffff, false}, /* the largest of a signed number */
    {16, 0x80000000, false},
    {0xffff, 0, false},
};

/* _i counts the fields in the tests of this kind. */
START_TEST(a_field_outside_of_the_message_is_refused)
{
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        struct token token = whole_token(fields[_i].type);
        const uint32_t base = outside[i].from_end ? (uint32_t)token.len : 0;

        token_put16(&token, fields[_i].field, outside[i].len);
        token_put16(&token, fields[_i].field + 2, 0);
        token_put32(&token, fields[_i].field + 4, base + outside[i].offset);
        ck_assert_int_eq(refusal(fields[_i].type, token.bytes, token.len),
                         NTLM_ERR_FIELD_OUTSIDE);
    }
}
END_TEST

START_TEST(a_field_up_to_the_last_byte_is_taken)
{
    struct token token = whole_token(fields[_i].type);

    token_put16(&token, fields[_i].field, 1);
    token_put32(&token, fields[_i].field + 4, (uint32_t)token.len - 1);
    ck_assert_int_eq(refusal(fields[_i].type, token.bytes, token.len), NTLM_OK);
}
END_TEST

START_TEST(a_field_over_the_header_is_taken_and_shortens_it_at_most)
{
    const struct token untouched = whole_token(fields[_i].type);

    for (uint32_t offset = 0; offset < 88 && offset + 8 <= untouched.len; offset++) {
        struct token token = untouched;

        token_put16(&token, fields[_i].field, 8);
        token_put32(&token, fields[_i].field + 4, offset);
        ck_assert_int_eq(refusal(fields[_i].type, token.bytes, token.len), NTLM_OK);
    }
}
END_TEST

/* Names: the message decodes, its text is refused. */
static const struct {
    const char *wire;
    size_t len;
} bad_names[] = {
#define NAME(literal)                                                                          \
    {                                                                                          \
        literal, sizeof(literal) - 1                                                           \
    }
    NAME("U"),                   /* odd */
    NAME("U\0s\0e"),             /* odd */
    NAME("U\0\x34\xd8"),         /* a high surrogate at the end */
    NAME("\x34\xd8U\0"),         /* a high surrogate before a letter */
    NAME("\x1e\xdd"),            /* a low surrogate alone */
    NAME("r\0o\0o\0t\0\0\0x\0"), /* a NUL inside */
};

START_TEST(a_user_name_that_is_no_text_is_refused)
{
    struct token token = token_authenticate();
    struct ntlm_authenticate message;
    char *text;

    token_payload(&token, 36, ntlm_bytes(bad_names[_i].wire, bad_names[_i].len));
    struct ntlm_bytes block = exact(token_bytes(&token));
    ck_assert_int_eq(ntlm_authenticate_decode(block, &message), NTLM_OK);
    ck_assert_int_eq(ntlm_message_text(message.flags, message.user, &text), NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(text);
    exact_free(block);
}
END_TEST

START_TEST(nuls_at_the_end_of_a_name_are_no_part_of_it)
{
    static const struct {
        uint32_t flags;
        struct ntlm_bytes wire;
        const char *text;
    } rows[] = {
        {NTLMSSP_NEGOTIATE_UNICODE, {(const uint8_t *)"r\0o\0o\0t\0\0\0", 10}, "root"},
        {NTLMSSP_NEGOTIATE_UNICODE, {(const uint8_t *)"r\0\0\0\0\0", 6}, "r"},
        {NTLMSSP_NEGOTIATE_UNICODE, {(const uint8_t *)"\0\0", 2}, ""},
        {NTLMSSP_NEGOTIATE_UNICODE, {(const uint8_t *)"\0\1", 2}, "\xc4\x80"},
        {NTLMSSP_NEGOTIATE_OEM, {(const uint8_t *)"root\0", 5}, "root"},
        {NTLMSSP_NEGOTIATE_OEM, {(const uint8_t *)"\0", 1}, ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *text;

        ck_assert_int_eq(ntlm_message_text(rows[i].flags, rows[i].wire, &text), NTLM_OK);
        ck_assert_str_eq(text, rows[i].text);
        free(text);
    }
}
END_TEST

START_TEST(an_oem_name_with_a_nul_is_refused)
{
    char *text;

    ck_assert_int_eq(ntlm_message_text(NTLMSSP_NEGOTIATE_OEM, BYTES("root\0x"), &text),
                     NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(text);
}
END_TEST

START_TEST(a_message_whose_payload_is_too_large_is_not_written)
{
    static const uint8_t zeros[40000];
    const struct ntlm_bytes half = ntlm_bytes(zeros, sizeof(zeros));
    const struct ntlm_negotiate negotiate = {.domain = half, .workstation = half};
    const struct ntlm_challenge challenge = {.target_name = half, .target_info = half};
    const struct ntlm_authenticate authenticate = {.user = half, .nt_response = half};
    struct ntlm_writer out = {0};

    ntlm_negotiate_encode(&negotiate, &out);
    ck_assert_int_eq(out.error, NTLM_ERR_TOO_LARGE);
    ntlm_writer_clear(&out);
    ntlm_challenge_encode(&challenge, &out);
    ck_assert_int_eq(out.error, NTLM_ERR_TOO_LARGE);
    ntlm_writer_clear(&out);
    ntlm_authenticate_encode(&authenticate, &out);
    ck_assert_int_eq(out.error, NTLM_ERR_TOO_LARGE);
    ntlm_writer_clear(&out);
}
END_TEST

/* ---- mutations ---- */

/* A fixed sequence (Marsaglia's xorshift), so that every run is the same. */
static uint32_t next_number(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Whatever decodes must point into the token; to look is to read each byte. */
static unsigned sum(struct ntlm_bytes bytes)
{
    unsigned total = 0;

    for (size_t i = 0; i < bytes.len; i++)
        total += bytes.data[i];
    return total;
}

/* Decodes the token as each of the three and touches all that it gives. */
static unsigned decode_all(struct ntlm_bytes token)
{
    struct ntlm_negotiate negotiate;
    struct ntlm_challenge challenge;
    struct ntlm_authenticate authenticate;
    char *text;

    ntlm_negotiate_decode(token, &negotiate);
    ntlm_challenge_decode(token, &challenge);
    ntlm_authenticate_decode(token, &authenticate);
    if (!ntlm_message_text(authenticate.flags, authenticate.user, &text))
        free(text);
    ck_assert_uint_le(authenticate.mic_offset + (authenticate.mic_offset ? NTLM_MIC_SIZE : 0),
                      token.len);
    return sum(negotiate.domain) + sum(negotiate.workstation) + sum(challenge.target_name) +
           sum(challenge.target_info) + sum(authenticate.lm_response) +
           sum(authenticate.nt_response) + sum(authenticate.domain) + sum(authenticate.user) +
           sum(authenticate.workstation) + sum(authenticate.session_key);
}

/* A few bytes changed, preferably in the header; sometimes cut. */
static void mutate(struct token *token, uint32_t *state)
{
    static const uint8_t edges[] = {0, 1, 2, 0x7f, 0x80, 0xfe, 0xff};

    for (uint32_t flips = 1 + next_number(state) % 4; flips > 0; flips--) {
        const size_t span = next_number(state) % 2 && token->len > 88 ? 88 : token->len;
        const size_t at = next_number(state) % span;

        if (next_number(state) % 2)
            token->bytes[at] = edges[next_number(state) % sizeof(edges)];
        else
            token->bytes[at] ^= (uint8_t)(1u << next_number(state) % 8);
    }
    if (next_number(state) % 8 == 0)
        token->len = next_number(state) % (token->len + 1);
}

/* What ntlm_describe said of a token. Counted without assertions, which are
 * too slow for every line of thousands of tokens. */
struct told {
    unsigned lines, controls;
};

static void count(void *arg, const char *text)
{
    struct told *told = arg;

    told->lines++;
    for (; *text; text++)
        told->controls += (unsigned char)*text < ' ' || *text == 0x7f;
}

START_TEST(thousands_of_mutated_tokens_are_survived)
{
    const struct token whole[] = {token_negotiate(), token_challenge(), token_authenticate()};
    uint32_t state = 20240229;
    unsigned taken_apart = 0, refused = 0, controls = 0, seen = 0;

    for (unsigned round = 0; round < 6000; round++) {
        struct token token = whole[round % 3];
        struct told told = {0};

        mutate(&token, &state);
        struct ntlm_bytes block = exact(token_bytes(&token));
        seen += decode_all(block);
        ntlm_describe(block, count, &told);
        exact_free(block);
        refused += told.lines == 1;
        taken_apart += told.lines > 1;
        controls += told.controls;
    }
    ck_assert_uint_eq(taken_apart + refused, 6000);
    ck_assert_uint_eq(controls, 0);
    /* A test that met only refusals would test little. */
    ck_assert_uint_gt(seen, 0);
    ck_assert_uint_gt(taken_apart, 1000);
    ck_assert_uint_gt(refused, 200);
}
END_TEST

int main(void)
{
    const int first = NTLM_NEGOTIATE, last = NTLM_AUTHENTICATE;
    Suite *suite = suite_create("hostile");
    TCase *messages = tcase_create("messages");
    TCase *field_cases = tcase_create("fields");
    TCase *names = tcase_create("names");

    tcase_add_loop_test(messages, a_message_cut_anywhere_is_refused, first, last + 1);
    tcase_add_loop_test(messages, a_header_cut_amid_a_part_is_truncated, first, last + 1);
    tcase_add_loop_test(messages, a_token_that_is_not_ntlm_is_refused, first, last + 1);
    tcase_add_loop_test(messages, a_message_of_another_type_is_refused, first, last + 1);
    tcase_add_loop_test(messages, a_message_may_have_so_many_bytes_and_no_more, first,
                        last + 1);
    tcase_add_test(messages, thousands_of_mutated_tokens_are_survived);
    tcase_add_test(messages, a_message_whose_payload_is_too_large_is_not_written);
    suite_add_tcase(suite, messages);
    tcase_add_loop_test(field_cases, a_field_outside_of_the_message_is_refused, 0, FIELD_COUNT);
    tcase_add_loop_test(field_cases, a_field_up_to_the_last_byte_is_taken, 0, FIELD_COUNT);
    tcase_add_loop_test(field_cases, a_field_over_the_header_is_taken_and_shortens_it_at_most,
                        0, FIELD_COUNT);
    suite_add_tcase(suite, field_cases);
    tcase_add_loop_test(names, a_user_name_that_is_no_text_is_refused, 0,
                        (int)(sizeof(bad_names) / sizeof(bad_names[0])));
    tcase_add_test(names, nuls_at_the_end_of_a_name_are_no_part_of_it);
    tcase_add_test(names, an_oem_name_with_a_nul_is_refused);
    suite_add_tcase(suite, names);
    return suite_run(suite);
}
