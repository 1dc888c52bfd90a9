/* SPDX-License-Identifier: MIT */
/* text_test.c - UTF-8, UTF-16LE, OEM, and letters without case. */

#include "config.h"

#include <string.h>

#include "ntlm/text.h"
#include "suite.h"

/* A C string literal with its length, NULs inside included. */
#define BYTES(literal) literal, sizeof(literal) - 1

static void assert_utf16(const char *text, size_t text_len, const char *wire, size_t wire_len)
{
    uint8_t *out;
    size_t out_len;

    ck_assert_int_eq(ntlm_text_to_utf16(text, text_len, &out, &out_len), NTLM_OK);
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(out_len, wire_len);
    ck_assert_mem_eq(out, wire, wire_len);
    free(out);
}

/* From a block of exactly the wire's size, at an odd address. */
static enum ntlm_error from_utf16(const char *wire, size_t len, char **out)
{
    uint8_t *block = malloc(len + 1);
    enum ntlm_error error;

    ck_assert_ptr_nonnull(block);
    memcpy(block + 1, wire, len);
    error = ntlm_text_from_utf16(ntlm_bytes(block + 1, len), out);
    free(block);
    return error;
}

static void assert_from_utf16(const char *wire, size_t len, const char *text)
{
    char *out;

    ck_assert_int_eq(from_utf16(wire, len, &out), NTLM_OK);
    ck_assert_str_eq(out, text);
    free(out);
}

START_TEST(utf8_becomes_utf16_in_wire_order)
{
    assert_utf16(BYTES("User"), BYTES("U\0s\0e\0r\0"));
    assert_utf16(BYTES("é€"), BYTES("\xe9\0\xac\x20"));
    assert_utf16(BYTES("𝄞"), BYTES("\x34\xd8\x1e\xdd"));
    assert_utf16(BYTES(""), BYTES(""));
}
END_TEST

START_TEST(only_the_given_length_is_converted)
{
    assert_utf16("Password", 4, BYTES("P\0a\0s\0s\0"));
}
END_TEST

START_TEST(utf16_becomes_utf8_from_any_address)
{
    assert_from_utf16(BYTES("U\0s\0e\0r\0"), "User");
    assert_from_utf16(BYTES("\xe9\0\xac\x20"), "é€");
    assert_from_utf16(BYTES("\x34\xd8\x1e\xdd"), "𝄞");
    assert_from_utf16(BYTES(""), "");
}
END_TEST

static const struct {
    const char *bytes;
    size_t len;
} bad_utf8[] = {
    {BYTES("\xff")},
    {BYTES("a\xc3")},
    {BYTES("\xc0\x80")},
    {BYTES("\xed\xa0\x80")},     /* a surrogate */
    {BYTES("\xf4\x90\x80\x80")}, /* beyond U+10FFFF */
};

START_TEST(invalid_utf8_is_refused)
{
    uint8_t *out;
    size_t out_len;

    ck_assert_int_eq(ntlm_text_to_utf16(bad_utf8[_i].bytes, bad_utf8[_i].len, &out, &out_len),
                     NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(out);
    ck_assert_int_eq(ntlm_text_to_oem(bad_utf8[_i].bytes, bad_utf8[_i].len, &out, &out_len),
                     NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(out);
}
END_TEST

static const struct {
    const char *bytes;
    size_t len;
} bad_utf16[] = {
    {BYTES("a")},        /* odd */
    {BYTES("a\0b")},     /* odd */
    {BYTES("\x34\xd8")}, /* a high surrogate alone */
    {BYTES("\x1e\xdd")}, /* a low one alone */
    {BYTES("\x34\xd8"
           "a\0")},              /* a high one and a letter */
    {BYTES("\x1e\xdd\x34\xd8")}, /* the wrong way round */
    {BYTES("\0\0")},             /* a NUL */
    {BYTES("a\0\0\0b\0")},       /* a NUL inside */
    {BYTES("a\0\0\0")},          /* a NUL at the end */
};

START_TEST(malformed_utf16_is_refused)
{
    char *out;

    ck_assert_int_eq(from_utf16(bad_utf16[_i].bytes, bad_utf16[_i].len, &out),
                     NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(out);
}
END_TEST

START_TEST(oem_text_is_code_page_850)
{
    uint8_t *wire;
    size_t len;
    char *text;

    ck_assert_int_eq(ntlm_text_to_oem(BYTES("Zoë Straße"), &wire, &len), NTLM_OK);
    ck_assert_uint_eq(len, 10);
    ck_assert_mem_eq(wire,
                     "Zo\x89 Stra\xe1"
                     "e",
                     10);
    ck_assert_int_eq(ntlm_text_from_oem(ntlm_bytes(wire, len), &text), NTLM_OK);
    ck_assert_str_eq(text, "Zoë Straße");
    free(wire);
    free(text);
}
END_TEST

START_TEST(every_oem_byte_but_nul_goes_there_and_back)
{
    for (unsigned c = 1; c <= 0xff; c++) {
        const uint8_t byte = (uint8_t)c;
        char *text;
        uint8_t *wire;
        size_t len;

        ck_assert_int_eq(ntlm_text_from_oem(ntlm_bytes(&byte, 1), &text), NTLM_OK);
        ck_assert_int_eq(ntlm_text_to_oem(text, strlen(text), &wire, &len), NTLM_OK);
        ck_assert_uint_eq(len, 1);
        ck_assert_uint_eq(wire[0], c);
        free(text);
        free(wire);
    }
}
END_TEST

START_TEST(empty_oem_text_is_empty)
{
    uint8_t *wire;
    size_t len = 9;
    char *text;

    ck_assert_int_eq(ntlm_text_to_oem("", 0, &wire, &len), NTLM_OK);
    ck_assert_ptr_nonnull(wire);
    ck_assert_uint_eq(len, 0);
    free(wire);
    ck_assert_int_eq(ntlm_text_from_oem(ntlm_bytes(NULL, 0), &text), NTLM_OK);
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

START_TEST(what_oem_lacks_is_refused)
{
    uint8_t *wire;
    size_t len;

    ck_assert_int_eq(ntlm_text_to_oem(BYTES("a€"), &wire, &len), NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(wire);
}
END_TEST

START_TEST(oem_text_with_a_nul_is_refused)
{
    char *text;

    ck_assert_int_eq(ntlm_text_from_oem(ntlm_bytes("a\0b", 3), &text), NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(text);
}
END_TEST

static const struct {
    const char *text, *upper;
} cases[] = {
    {"User", "USER"},
    {"é", "É"},
    {"straße", "STRAßE"}, /* ß has no simple upper case */
    {"ŉ", "ŉ"},
    {"ÿ", "Ÿ"},
    {"ǆ", "Ǆ"},
    {"жук", "ЖУК"},
    {"ς", "Σ"},
    {"ﬁ", "ﬁ"},
    {"𐐨", "𐐨"},           /* outside the BMP: Windows maps code units */
    {"გიორგი", "გიორგი"}, /* Georgian has capitals since 2018, after Windows' table */
    {"", ""},
};

START_TEST(upper_case_is_the_simple_mapping_of_each_code_unit)
{
    char *upper;

    ck_assert_int_eq(ntlm_text_upper(cases[_i].text, &upper), NTLM_OK);
    ck_assert_str_eq(upper, cases[_i].upper);
    ck_assert(ntlm_text_same(cases[_i].text, upper));
    ck_assert(ntlm_text_same(upper, cases[_i].text));
    free(upper);
}
END_TEST

START_TEST(upper_casing_utf16_keeps_what_is_malformed)
{
    uint8_t wire[] = {'a', 0, 0x34, 0xd8, 'b', 0, 'c'};

    ntlm_utf16_upper(wire, sizeof(wire));
    ck_assert_mem_eq(wire,
                     "A\0\x34\xd8"
                     "B\0c",
                     sizeof(wire));
}
END_TEST

START_TEST(upper_casing_never_changes_the_length)
{
    for (unsigned c = 1; c <= 0xffff; c++) {
        uint8_t wire[3] = {(uint8_t)c, (uint8_t)(c >> 8), 0x5a};

        ntlm_utf16_upper(wire, 2);
        ck_assert_uint_eq(wire[2], 0x5a);
    }
}
END_TEST

/* As in Windows: who is called "adminiſtrator" is not the administrator, and
 * "yıldız" is hashed with the letters that she has. */
START_TEST(no_other_letter_becomes_an_ascii_one)
{
    for (unsigned c = 0x80; c <= 0xffff; c++) {
        uint8_t wire[2] = {(uint8_t)c, (uint8_t)(c >> 8)};

        ntlm_utf16_upper(wire, sizeof(wire));
        ck_assert_msg(wire[0] >= 0x80 || wire[1] != 0, "U+%04X becomes %c", c, wire[0]);
    }
    ck_assert(!ntlm_text_same("adminiſtrator", "administrator"));
    ck_assert(!ntlm_text_same("yıldız", "yildiz"));
    ck_assert(ntlm_text_same("yıldız", "Yıldız"));
}
END_TEST

START_TEST(text_that_differs_is_not_the_same)
{
    ck_assert(!ntlm_text_same("User", "Use"));
    ck_assert(!ntlm_text_same("Use", "User"));
    ck_assert(!ntlm_text_same("User", "Usér"));
    ck_assert(!ntlm_text_same("", "a"));
    ck_assert(!ntlm_text_same("𐐨", "𐐀"));
}
END_TEST

START_TEST(invalid_utf8_is_the_same_only_byte_by_byte)
{
    char *upper;

    ck_assert(ntlm_text_same("\xff"
                             "a",
                             "\xff"
                             "A"));
    ck_assert(!ntlm_text_same("\xff", "\xfe"));
    ck_assert(!ntlm_text_same("\xff", "é"));
    ck_assert(!ntlm_text_same("\xc3", "é"));
    ck_assert(!ntlm_text_same("é", "\xc3"));
    ck_assert_int_eq(ntlm_text_upper("\xff", &upper), NTLM_ERR_BAD_TEXT);
    ck_assert_ptr_null(upper);
}
END_TEST

#define COUNT(array) (int)(sizeof(array) / sizeof(array[0]))

/* Upper-cased characters one by one, as many bytes as there are. */
START_TEST(a_text_is_walked_through_character_by_character)
{
    static const char text[] = "aZ\xc3\xa9\xff\xe2\x82\xac\xf0\x9d\x84\x9e\xc3";
    static const struct {
        uint32_t upper;
        size_t len;
    } expected[] = {{'A', 1},    {'Z', 1},     {0xc9, 2},    {0x1100ff, 1},
                    {0x20ac, 3}, {0x1d11e, 4}, {0x1100c3, 1}};
    const char *at = text;

    for (int i = 0; i < COUNT(expected); i++) {
        size_t len;

        ck_assert_uint_eq(ntlm_text_first_upper(at, &len), expected[i].upper);
        ck_assert_uint_eq(len, expected[i].len);
        at += len;
    }
    ck_assert_int_eq(*at, '\0');
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("text");
    TCase *utf16 = tcase_create("utf16");
    TCase *oem = tcase_create("oem");
    TCase *letters = tcase_create("case");

    tcase_add_test(utf16, utf8_becomes_utf16_in_wire_order);
    tcase_add_test(utf16, only_the_given_length_is_converted);
    tcase_add_test(utf16, utf16_becomes_utf8_from_any_address);
    tcase_add_loop_test(utf16, invalid_utf8_is_refused, 0, COUNT(bad_utf8));
    tcase_add_loop_test(utf16, malformed_utf16_is_refused, 0, COUNT(bad_utf16));
    suite_add_tcase(suite, utf16);
    tcase_add_test(oem, oem_text_is_code_page_850);
    tcase_add_test(oem, every_oem_byte_but_nul_goes_there_and_back);
    tcase_add_test(oem, empty_oem_text_is_empty);
    tcase_add_test(oem, what_oem_lacks_is_refused);
    tcase_add_test(oem, oem_text_with_a_nul_is_refused);
    suite_add_tcase(suite, oem);
    tcase_add_loop_test(letters, upper_case_is_the_simple_mapping_of_each_code_unit, 0,
                        COUNT(cases));
    tcase_add_test(letters, upper_casing_utf16_keeps_what_is_malformed);
    tcase_add_test(letters, upper_casing_never_changes_the_length);
    tcase_add_test(letters, no_other_letter_becomes_an_ascii_one);
    tcase_add_test(letters, text_that_differs_is_not_the_same);
    tcase_add_test(letters, invalid_utf8_is_the_same_only_byte_by_byte);
    tcase_add_test(letters, a_text_is_walked_through_character_by_character);
    suite_add_tcase(suite, letters);
    return suite_run(suite);
}
