/* SPDX-License-Identifier: MIT */
/* filetime_test.c - the date and time that a FILETIME is told as. */

#include "config.h"

#include "ntlm/filetime.h"

#include "suite.h"

#define DAY (UINT64_C(86400) * NTLM_FILETIME_SECOND)

static const char *text_of(uint64_t filetime)
{
    static char text[NTLM_FILETIME_TEXT];

    ntlm_filetime_text(filetime, text);
    return text;
}

START_TEST(the_first_and_the_last_filetime_have_a_date)
{
    ck_assert_str_eq(text_of(0), "1601-01-01 00:00:00 UTC");
    ck_assert_str_eq(text_of(UINT64_MAX), "60056-05-28 05:36:10 UTC");
}
END_TEST

START_TEST(the_time_of_day_is_told_to_the_second)
{
    ck_assert_str_eq(text_of(DAY - 1), "1601-01-01 23:59:59 UTC");
    ck_assert_str_eq(text_of(DAY), "1601-01-02 00:00:00 UTC");
    ck_assert_str_eq(text_of(3661 * (uint64_t)NTLM_FILETIME_SECOND), "1601-01-01 01:01:01 UTC");
}
END_TEST

START_TEST(a_time_beyond_2038_is_told_where_time_t_has_32_bits)
{
    /* 2^31 seconds after 1970, and one less */
    const uint64_t end = (UINT64_C(11644473600) + (UINT64_C(1) << 31)) * NTLM_FILETIME_SECOND;

    ck_assert_str_eq(text_of(end - 1), "2038-01-19 03:14:07 UTC");
    ck_assert_str_eq(text_of(end), "2038-01-19 03:14:08 UTC");
}
END_TEST

START_TEST(leap_days_are_those_of_the_calendar)
{
    const uint64_t y1970 = 134774 * DAY;

    ck_assert_str_eq(text_of(58 * DAY), "1601-02-28 00:00:00 UTC");
    ck_assert_str_eq(text_of(59 * DAY), "1601-03-01 00:00:00 UTC");
    ck_assert_str_eq(text_of((3 * 365 + 59) * DAY), "1604-02-29 00:00:00 UTC");
    ck_assert_str_eq(text_of((4 * 365) * DAY), "1604-12-31 00:00:00 UTC");
    ck_assert_str_eq(text_of((4 * 365 + 1) * DAY), "1605-01-01 00:00:00 UTC");
    /* 1700 has none */
    ck_assert_str_eq(text_of((36524 - 365 + 59) * DAY), "1700-03-01 00:00:00 UTC");
    ck_assert_str_eq(text_of(36523 * DAY), "1700-12-31 00:00:00 UTC");
    ck_assert_str_eq(text_of(36524 * DAY), "1701-01-01 00:00:00 UTC");
    ck_assert_str_eq(text_of(y1970), "1970-01-01 00:00:00 UTC");
    /* 2000 has one, and ends the cycle */
    ck_assert_str_eq(text_of(y1970 + 11016 * DAY), "2000-02-29 00:00:00 UTC");
    ck_assert_str_eq(text_of(146096 * DAY), "2000-12-31 00:00:00 UTC");
    ck_assert_str_eq(text_of(146097 * DAY), "2001-01-01 00:00:00 UTC");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("filetime");
    TCase *cases = tcase_create("filetime");
    tcase_add_test(cases, the_first_and_the_last_filetime_have_a_date);
    tcase_add_test(cases, the_time_of_day_is_told_to_the_second);
    tcase_add_test(cases, a_time_beyond_2038_is_told_where_time_t_has_32_bits);
    tcase_add_test(cases, leap_days_are_those_of_the_calendar);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
