/* SPDX-License-Identifier: MIT */
/* unicode_test.c - text between UTF-16 and UTF-8, and time. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "context_buffer.h"
#include "suite.h"
#include "timestamp.h"
#include "unicode.h"

START_TEST(text_goes_there_and_back)
{
    static const WCHAR text[] = u"Zoë \u20ac \U0001f511";
    char *utf8;
    WCHAR *back;

    ck_assert_int_eq(unicode_to_utf8(text, UNICODE_TERMINATED, &utf8), SEC_E_OK);
    ck_assert_str_eq(utf8, "Zo\xc3\xab \xe2\x82\xac \xf0\x9f\x94\x91");
    ck_assert_int_eq(unicode_buffer_w(utf8, strlen(utf8), &back), SEC_E_OK);
    ck_assert_mem_eq(back, text, sizeof(text));
    unicode_free(utf8);
    ck_assert(context_buffer_free(back));
}
END_TEST

START_TEST(lengths_count_and_terminators_do_not)
{
    char *utf8;

    ck_assert_int_eq(unicode_to_utf8(u"alice and more", 5, &utf8), SEC_E_OK);
    ck_assert_str_eq(utf8, "alice");
    unicode_free(utf8);
    ck_assert_int_eq(unicode_copy_utf8("alice and more", 5, &utf8), SEC_E_OK);
    ck_assert_str_eq(utf8, "alice");
    unicode_free(utf8);
}
END_TEST

START_TEST(empty_text_is_empty_and_no_text_is_none)
{
    WCHAR *wide;
    char *utf8, *narrow;

    ck_assert_int_eq(unicode_to_utf8(u"", UNICODE_TERMINATED, &utf8), SEC_E_OK);
    ck_assert_str_eq(utf8, "");
    unicode_free(utf8);
    ck_assert_int_eq(unicode_to_utf8(NULL, 0, &utf8), SEC_E_OK);
    ck_assert_ptr_null(utf8);
    ck_assert_int_eq(unicode_copy_utf8(NULL, 0, &utf8), SEC_E_OK);
    ck_assert_ptr_null(utf8);
    ck_assert_int_eq(unicode_buffer_w("", 0, &wide), SEC_E_OK);
    ck_assert_uint_eq(wide[0], 0);
    ck_assert(context_buffer_free(wide));
    ck_assert_int_eq(unicode_buffer_a("", 0, &narrow), SEC_E_OK);
    ck_assert_str_eq(narrow, "");
    ck_assert(context_buffer_free(narrow));
    unicode_free(NULL);
}
END_TEST

START_TEST(malformed_text_is_refused_not_repaired)
{
    static const WCHAR lone[] = {'a', 0xd800, 'b', 0};
    char *utf8, *narrow;
    WCHAR *wide;

    ck_assert_int_eq(unicode_to_utf8(lone, 3, &utf8), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(utf8);
    ck_assert_int_eq(unicode_copy_utf8("a\xff", 2, &utf8), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(utf8);
    ck_assert_int_eq(unicode_buffer_w("a\xc3", 2, &wide), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(wide);
    ck_assert_int_eq(unicode_buffer_a("\xed\xa0\x80", 3, &narrow), SEC_E_INVALID_PARAMETER);
    ck_assert_ptr_null(narrow);
    ck_assert_uint_eq(context_buffer_count(), 0);
}
END_TEST

START_TEST(a_nul_within_the_length_is_refused)
{
    char *utf8, *narrow;
    WCHAR *wide;

    ck_assert_int_eq(unicode_to_utf8(u"a\0b", 3, &utf8), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(unicode_copy_utf8("a\0b", 3, &utf8), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(unicode_buffer_w("a\0b", 3, &wide), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(unicode_buffer_a("a\0b", 3, &narrow), SEC_E_INVALID_PARAMETER);
}
END_TEST

static void use_zone(const char *zone)
{
    setenv("TZ", zone, 1);
    tzset();
}

START_TEST(a_timestamp_counts_from_1601_in_local_time)
{
    use_zone("UTC0");
    ck_assert_int_eq(timestamp_at(0).QuadPart, INT64_C(116444736000000000));
    use_zone("XXX-2");
    ck_assert_int_eq(timestamp_at(0).QuadPart,
                     INT64_C(116444736000000000) + 2 * INT64_C(36000000000));
}
END_TEST

START_TEST(what_never_ends_has_the_largest_timestamp)
{
    ck_assert_int_eq(timestamp_after(GSS_C_INDEFINITE).QuadPart, TIMESTAMP_NEVER);
    ck_assert_int_lt(timestamp_after(3600).QuadPart, TIMESTAMP_NEVER);
    ck_assert_int_gt(timestamp_after(3600).QuadPart, timestamp_at(time(NULL)).QuadPart);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi unicode");
    TCase *cases = tcase_create("unicode");
    tcase_add_test(cases, text_goes_there_and_back);
    tcase_add_test(cases, lengths_count_and_terminators_do_not);
    tcase_add_test(cases, empty_text_is_empty_and_no_text_is_none);
    tcase_add_test(cases, malformed_text_is_refused_not_repaired);
    tcase_add_test(cases, a_nul_within_the_length_is_refused);
    tcase_add_test(cases, a_timestamp_counts_from_1601_in_local_time);
    tcase_add_test(cases, what_never_ends_has_the_largest_timestamp);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
