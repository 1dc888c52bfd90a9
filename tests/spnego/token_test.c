/* SPDX-License-Identifier: MIT */
/* token_test.c - SPNEGO's tokens, byte by byte: what is read, what is refused, and
 * that what is written is what is read. */

#include "config.h"

#include <string.h>

#include "spnego/token.h"
#include "suite.h"

#define BYTES(text)                                                                            \
    {                                                                                          \
        (const uint8_t *)(text), sizeof(text) - 1                                              \
    }
#define SPAN(text) ((struct der_bytes)BYTES(text))
#define NONE ((struct der_bytes){NULL, 0})

#define KRB5 "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"
#define NTLM "\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"
#define SPNEGO "\x06\x06\x2b\x06\x01\x05\x05\x02"
/* mechTypes of Kerberos and NTLM, as [0] */
#define MECH_TYPES "\xa0\x19\x30\x17" KRB5 NTLM
#define TOKEN "\xa2\x05\x04\x03\x61\x62\x63"
#define MIC "\xa3\x06\x04\x04mic!"
#define MIC2 "\xa4\x06\x04\x04mic!"
#define HINTS "\xa3\x09\x30\x07\xa0\x05\x1b\x03x@y"
#define FLAGS "\xa1\x04\x03\x02\x01\x36"

/* In the frame, as [0] and as a sequence; the lengths are of what follows each. */
#define INIT(frame, init, seq, fields) "\x60" frame SPNEGO "\xa0" init "\x30" seq fields

#define WHOLE_INIT INIT("\x3c", "\x32", "\x30", MECH_TYPES FLAGS TOKEN MIC)
#define WHOLE_INIT2 INIT("\x36", "\x2c", "\x2a", MECH_TYPES TOKEN MIC2)
#define HINTED_INIT2 INIT("\x3a", "\x30", "\x2e", MECH_TYPES HINTS MIC2)
#define WHOLE_RESPONSE "\xa1\x23\x30\x21\xa0\x03\x0a\x01\x01\xa1\x0b" KRB5 TOKEN MIC

static struct token token;

static void assert_bytes(struct der_bytes bytes, struct der_bytes expected)
{
    ck_assert_uint_eq(bytes.len, expected.len);
    ck_assert((bytes.data == NULL) == (expected.data == NULL));
    if (bytes.len > 0)
        ck_assert_mem_eq(bytes.data, expected.data, bytes.len);
}

static void assert_reads(struct der_bytes bytes)
{
    const char *problem = token_read(bytes, &token);

    ck_assert_msg(!problem, "%s", problem);
}

START_TEST(an_init_is_read)
{
    struct der_bytes cursor = NONE, oid;

    assert_reads(SPAN(INIT("\x2c", "\x22", "\x20", MECH_TYPES "\xa2\x03\x04\x01\x61")));
    ck_assert_int_eq(token.kind, TOKEN_INIT);
    assert_bytes(token.mech_types, SPAN("\x30\x17" KRB5 NTLM));
    assert_bytes(token.mech_token, SPAN("a"));
    assert_bytes(token.mic, NONE);
    ck_assert(token_next_mech(token.mech_types, &cursor, &oid));
    assert_bytes(oid, SPAN("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"));
    ck_assert(token_next_mech(token.mech_types, &cursor, &oid));
    assert_bytes(oid, SPAN("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"));
    ck_assert(!token_next_mech(token.mech_types, &cursor, &oid));
}
END_TEST

START_TEST(an_init_with_every_field_is_read)
{
    assert_reads(SPAN(WHOLE_INIT));
    ck_assert_int_eq(token.kind, TOKEN_INIT);
    assert_bytes(token.mech_token, SPAN("abc"));
    assert_bytes(token.mic, SPAN("mic!"));
}
END_TEST

START_TEST(an_init2_is_read)
{
    assert_reads(SPAN(HINTED_INIT2));
    ck_assert_int_eq(token.kind, TOKEN_INIT2);
    assert_bytes(token.hint_name, SPAN("x@y"));
    assert_bytes(token.mic, SPAN("mic!"));
}
END_TEST

START_TEST(a_response_is_read)
{
    assert_reads(SPAN(WHOLE_RESPONSE));
    ck_assert_int_eq(token.kind, TOKEN_RESPONSE);
    ck_assert_int_eq(token.state, STATE_ACCEPT_INCOMPLETE);
    assert_bytes(token.supported_mech, SPAN("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"));
    assert_bytes(token.mech_token, SPAN("abc"));
    assert_bytes(token.mic, SPAN("mic!"));
}
END_TEST

START_TEST(every_field_of_a_response_may_be_left_out)
{
    assert_reads(SPAN("\xa1\x02\x30\x00"));
    ck_assert_int_eq(token.state, STATE_NONE);
    assert_bytes(token.supported_mech, NONE);
    assert_bytes(token.mech_token, NONE);
    assert_bytes(token.mic, NONE);
}
END_TEST

START_TEST(an_empty_token_is_not_an_absent_one)
{
    assert_reads(SPAN("\xa1\x06\x30\x04\xa2\x02\x04\x00"));
    ck_assert_ptr_nonnull(token.mech_token.data);
    ck_assert_uint_eq(token.mech_token.len, 0);
}
END_TEST

START_TEST(a_response_in_a_frame_is_read)
{
    assert_reads(SPAN("\x60\x11" SPNEGO "\xa1\x07\x30\x05\xa0\x03\x0a\x01\x00"));
    ck_assert_int_eq(token.state, STATE_ACCEPT_COMPLETED);
}
END_TEST

static const struct {
    const char *what;
    struct der_bytes bytes;
} refused[] = {
    {"nothing", BYTES("")},
    {"no frame around an init", BYTES("\xa0\x1d\x30\x1b" MECH_TYPES)},
    {"another mechanism's frame",
     BYTES("\x60\x14" KRB5 "\xa1\x07\x30\x05\xa0\x03\x0a\x01\x00")},
    {"an empty frame", BYTES("\x60\x00")},
    {"a frame that is too long",
     BYTES("\x60\x12" SPNEGO "\xa1\x07\x30\x05\xa0\x03\x0a\x01\x00")},
    {"a frame that is too short",
     BYTES("\x60\x10" SPNEGO "\xa1\x07\x30\x05\xa0\x03\x0a\x01\x00")},
    {"bytes behind the end", BYTES("\xa1\x02\x30\x00\x00")},
    {"bytes behind the sequence", BYTES("\xa1\x03\x30\x00\x00")},
    {"a length of two bytes that one would hold", BYTES("\xa1\x81\x02\x30\x00")},
    {"a length that begins with zero", BYTES("\xa1\x82\x00\x02\x30\x00")},
    {"an indefinite length", BYTES("\xa1\x80\x30\x00\x00\x00")},
    {"a length of five bytes", BYTES("\xa1\x85\x01\x00\x00\x00\x02\x30\x00")},
    {"a length that ends early", BYTES("\xa1\x82\x01")},
    {"no mechanisms", BYTES(INIT("\x0c", "\x02", "\x00", ""))},
    {"an empty list of mechanisms", BYTES(INIT("\x10", "\x06", "\x04", "\xa0\x02\x30\x00"))},
    {"a list with something else in it",
     BYTES(INIT("\x13", "\x09", "\x07", "\xa0\x05\x30\x03\x04\x01\x2a"))},
    {"a list with something behind the last",
     BYTES(INIT("\x1c", "\x12", "\x10", "\xa0\x0e\x30\x0c" KRB5 "\x00"))},
    {"an identifier without bytes",
     BYTES(INIT("\x12", "\x08", "\x06", "\xa0\x04\x30\x02\x06\x00"))},
    {"an identifier with an unfinished arc",
     BYTES(INIT("\x13", "\x09", "\x07", "\xa0\x05\x30\x03\x06\x01\x86"))},
    {"an identifier with padding in an arc",
     BYTES(INIT("\x14", "\x0a", "\x08", "\xa0\x06\x30\x04\x06\x02\x80\x01"))},
    {"flags without bits", BYTES(INIT("\x2b", "\x21", "\x1f", MECH_TYPES "\xa1\x02\x03\x00"))},
    {"flags with bits where there are none",
     BYTES(INIT("\x2d", "\x23", "\x21", MECH_TYPES "\xa1\x04\x03\x02\x01\x37"))},
    {"fields out of order", BYTES(INIT("\x36", "\x2c", "\x2a", MECH_TYPES MIC TOKEN))},
    {"a field twice", BYTES(INIT("\x35", "\x2b", "\x29", MECH_TYPES TOKEN TOKEN))},
    {"an unknown field",
     BYTES(INIT("\x2c", "\x22", "\x20", MECH_TYPES "\xa7\x03\x04\x01\x61"))},
    {"two elements in a field", BYTES("\xa1\x0a\x30\x08\xa2\x06\x04\x01\x61\x04\x01\x61")},
    {"hints with something else in them",
     BYTES(INIT("\x2e", "\x24", "\x22", MECH_TYPES "\xa3\x05\x30\x03\xa2\x01\x00"))},
    {"no such state", BYTES("\xa1\x07\x30\x05\xa0\x03\x0a\x01\x04")},
    {"a state of two bytes", BYTES("\xa1\x08\x30\x06\xa0\x04\x0a\x02\x00\x01")},
    {"a state that is no enumerated", BYTES("\xa1\x07\x30\x05\xa0\x03\x02\x01\x00")},
    {"a MIC under the tag that krb5 1.21 looks for", BYTES("\xa1\x0a\x30\x08" MIC2)},
};

START_TEST(what_is_malformed_is_refused)
{
    ck_assert_msg(token_read(refused[_i].bytes, &token) != NULL, "%s is read",
                  refused[_i].what);
}
END_TEST

/* Every prefix of it is refused, and reads nothing behind its end. */
static void assert_whole(struct der_bytes bytes)
{
    assert_reads(bytes);
    for (size_t len = 0; len < bytes.len; len++) {
        uint8_t *copy = malloc(len ? len : 1);

        ck_assert_ptr_nonnull(copy);
        memcpy(copy, bytes.data, len);
        ck_assert_ptr_nonnull(token_read((struct der_bytes){copy, len}, &token));
        free(copy);
    }
}

START_TEST(a_token_that_ends_early_is_refused)
{
    assert_whole(SPAN(WHOLE_INIT));
    assert_whole(SPAN(WHOLE_INIT2));
    assert_whole(SPAN(HINTED_INIT2));
    assert_whole(SPAN(WHOLE_RESPONSE));
}
END_TEST

static void assert_written(const struct token *written)
{
    size_t size = token_write(written, NULL);
    uint8_t *bytes = malloc(size);

    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(token_write(written, bytes + size), size);
    assert_reads((struct der_bytes){bytes, size});
    ck_assert_int_eq(token.kind, written->kind);
    assert_bytes(token.mech_types, written->mech_types);
    assert_bytes(token.supported_mech, written->supported_mech);
    assert_bytes(token.mech_token, written->mech_token);
    assert_bytes(token.mic, written->mic);
    free(bytes);
}

static const size_t sizes[] = {0, 1, 100, 127, 128, 200, 255, 256, 65535, 65536, 70000};
#define SIZES ((int)(sizeof(sizes) / sizeof(sizes[0])))

START_TEST(what_is_written_is_read)
{
    static uint8_t data[70000];
    struct der_bytes bytes = {data, sizes[_i]};

    assert_written(&(struct token){.kind = TOKEN_INIT,
                                   .mech_types = SPAN("\x30\x0b" KRB5),
                                   .state = STATE_NONE,
                                   .mech_token = bytes,
                                   .mic = SPAN("mic!")});
    assert_written(&(struct token){.kind = TOKEN_RESPONSE,
                                   .state = STATE_REQUEST_MIC,
                                   .supported_mech = SPAN("\x2b\x06"),
                                   .mech_token = bytes});
    assert_written(&(struct token){.kind = TOKEN_RESPONSE, .state = STATE_NONE, .mic = bytes});
}
END_TEST

/* [MS-SPNG] 2.2.1: the name that nobody may rely on. */
START_TEST(an_init2_is_written_as_windows_writes_it)
{
    const struct token hello = {.kind = TOKEN_INIT2, .mech_types = SPAN("\x30\x0b" KRB5)};
    size_t size = token_write(&hello, NULL);
    uint8_t bytes[128];

    ck_assert_uint_le(size, sizeof(bytes));
    token_write(&hello, bytes + size);
    assert_reads((struct der_bytes){bytes, size});
    ck_assert_int_eq(token.kind, TOKEN_INIT2);
    assert_bytes(token.hint_name, SPAN("not_defined_in_RFC4178@please_ignore"));
}
END_TEST

START_TEST(a_list_of_mechanisms_is_written)
{
    const struct der_bytes oids[] = {BYTES("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"),
                                     BYTES("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a")};
    uint8_t bytes[64];
    size_t size = token_write_mechs(oids, 2, NULL);

    ck_assert_uint_le(size, sizeof(bytes));
    token_write_mechs(oids, 2, bytes + size);
    assert_bytes((struct der_bytes){bytes, size}, SPAN("\x30\x17" KRB5 NTLM));
}
END_TEST

START_TEST(a_token_that_is_repeated_as_mic_is_none)
{
    assert_reads(SPAN("\xa1\x10\x30\x0e" TOKEN "\xa3\x05\x04\x03\x61\x62\x63"));
    token_forget_repetition(&token);
    assert_bytes(token.mech_token, SPAN("abc"));
    assert_bytes(token.mic, NONE);
    assert_reads(SPAN("\xa1\x10\x30\x0e" TOKEN "\xa3\x05\x04\x03\x61\x62\x64"));
    token_forget_repetition(&token);
    assert_bytes(token.mic, SPAN("abd"));
}
END_TEST

START_TEST(a_mechanisms_frame_tells_its_identifier)
{
    struct der_bytes oid;

    ck_assert(token_frame_oid(SPAN("\x60\x0d" KRB5 "\x01\x00"), &oid));
    assert_bytes(oid, SPAN("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"));
    ck_assert(!token_frame_oid(SPAN("NTLMSSP\0\1\0\0\0"), &oid));
    ck_assert(!token_frame_oid(SPAN("\x60\x0e" KRB5 "\x01\x00"), &oid));
    ck_assert(!token_frame_oid(NONE, &oid));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_token");
    TCase *reading = tcase_create("reading"), *writing = tcase_create("writing");

    tcase_add_test(reading, an_init_is_read);
    tcase_add_test(reading, an_init_with_every_field_is_read);
    tcase_add_test(reading, an_init2_is_read);
    tcase_add_test(reading, a_response_is_read);
    tcase_add_test(reading, every_field_of_a_response_may_be_left_out);
    tcase_add_test(reading, an_empty_token_is_not_an_absent_one);
    tcase_add_test(reading, a_response_in_a_frame_is_read);
    tcase_add_loop_test(reading, what_is_malformed_is_refused, 0,
                        sizeof(refused) / sizeof(refused[0]));
    tcase_add_test(reading, a_token_that_ends_early_is_refused);
    tcase_add_test(reading, a_token_that_is_repeated_as_mic_is_none);
    tcase_add_test(reading, a_mechanisms_frame_tells_its_identifier);
    suite_add_tcase(suite, reading);
    tcase_add_loop_test(writing, what_is_written_is_read, 0, SIZES);
    tcase_add_test(writing, an_init2_is_written_as_windows_writes_it);
    tcase_add_test(writing, a_list_of_mechanisms_is_written);
    suite_add_tcase(suite, writing);
    return suite_run(suite);
}
