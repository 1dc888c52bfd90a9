/* SPDX-License-Identifier: MIT */
/* failure_test.c - the detail is kept for the thread that failed. */

#include "config.h"

#include <pthread.h>
#include <string.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/printable.h"
#include "support/trace.h"

START_TEST(what_was_recorded_is_told_for_that_error_alone)
{
    ck_assert_int_eq(fail(NTLM_ERR_FILE_INSECURE, "%s is %d", "file", 7),
                     NTLM_ERR_FILE_INSECURE);
    ck_assert_str_eq(failure_detail(NTLM_ERR_FILE_INSECURE), "file is 7");
    ck_assert_ptr_null(failure_detail(NTLM_ERR_FILE_UNREADABLE));
}
END_TEST

START_TEST(a_failure_without_a_detail_forgets_the_one_before)
{
    fail(NTLM_ERR_NO_ACCOUNTS, "the first");
    fail(NTLM_ERR_NO_ACCOUNTS, NULL);
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_ACCOUNTS));
}
END_TEST

START_TEST(a_detail_may_be_recorded_again)
{
    fail(NTLM_ERR_BAD_NAME, "odd name");
    fail(NTLM_ERR_BAD_ARGUMENT, "%s", failure_detail(NTLM_ERR_BAD_NAME));
    ck_assert_str_eq(failure_detail(NTLM_ERR_BAD_ARGUMENT), "odd name");
}
END_TEST

START_TEST(a_detail_is_of_the_call_that_returned_its_error)
{
    fail(NTLM_ERR_NO_ACCOUNTS, "of this call");
    failure_returned(NTLM_ERR_NO_ACCOUNTS);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_ACCOUNTS), "of this call");
    failure_returned(NTLM_OK); /* success leaves it */
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_ACCOUNTS), "of this call");
    failure_returned(NTLM_ERR_NO_ACCOUNTS); /* a later call has nothing to add */
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_ACCOUNTS));
}
END_TEST

START_TEST(a_detail_of_another_error_or_of_a_success_is_dropped)
{
    fail(NTLM_ERR_NO_ACCOUNTS, "recovered from");
    failure_returned(NTLM_OK);
    failure_returned(NTLM_ERR_NO_ACCOUNTS);
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_ACCOUNTS));
    fail(NTLM_ERR_NO_ACCOUNTS, "not what is returned");
    failure_returned(NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_IDENTITY));
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_ACCOUNTS));
}
END_TEST

START_TEST(details_of_the_last_errors_are_kept)
{
    static const enum ntlm_error errors[] = {NTLM_ERR_NO_ACCOUNTS, NTLM_ERR_BAD_NAME,
                                             NTLM_ERR_CRYPTO, NTLM_ERR_RANDOM, NTLM_ERR_REPLAY};

    for (size_t i = 0; i < 5; i++)
        failure_returned(fail(errors[i], "number %zu", i));
    ck_assert_ptr_null(failure_detail(errors[0]));
    ck_assert_str_eq(failure_detail(errors[1]), "number 1");
    ck_assert_str_eq(failure_detail(errors[4]), "number 4");
    failure_returned(fail(errors[1], "again"));
    failure_returned(fail(errors[0], "anew"));
    ck_assert_str_eq(failure_detail(errors[1]), "again");
    ck_assert_ptr_null(failure_detail(errors[2]));
}
END_TEST

static void *fail_elsewhere(void *arg)
{
    bool *empty_before = arg;

    *empty_before = !failure_detail(NTLM_ERR_TIME_SKEW);
    fail(NTLM_ERR_TIME_SKEW, "in the other thread");
    return NULL;
}

START_TEST(each_thread_has_a_failure_of_its_own)
{
    bool empty_before = false;
    pthread_t thread;

    fail(NTLM_ERR_TIME_SKEW, "in this thread");
    ck_assert_int_eq(pthread_create(&thread, NULL, fail_elsewhere, &empty_before), 0);
    pthread_join(thread, NULL);
    ck_assert(empty_before);
    ck_assert_str_eq(failure_detail(NTLM_ERR_TIME_SKEW), "in this thread");
}
END_TEST

START_TEST(a_detail_too_long_is_cut)
{
    char name[2000];

    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    fail(NTLM_ERR_BAD_NAME, "%s", name);
    ck_assert_uint_gt(strlen(failure_detail(NTLM_ERR_BAD_NAME)), 400);
    ck_assert_uint_lt(strlen(failure_detail(NTLM_ERR_BAD_NAME)), 600);
}
END_TEST

START_TEST(control_characters_are_escaped_and_text_is_not)
{
    fail(NTLM_ERR_BAD_NAME, "%s", "DOM\\J\xc3\xbcrgen \xf0\x9f\x94\x91\n\x1b[2J\x7f");
    ck_assert_str_eq(failure_detail(NTLM_ERR_BAD_NAME),
                     "DOM\\J\xc3\xbcrgen \xf0\x9f\x94\x91\\x0a\\x1b[2J\\x7f");
}
END_TEST

START_TEST(c1_controls_and_bytes_that_are_not_utf8_are_escaped)
{
    fail(NTLM_ERR_BAD_NAME, "%s",
         "a\xc2\x9b"
         "b\xff"
         "c\xe2\x82");
    ck_assert_str_eq(failure_detail(NTLM_ERR_BAD_NAME), "a\\xc2\\x9bb\\xffc\\xe2\\x82");
}
END_TEST

START_TEST(escaped_text_stays_in_its_room)
{
    char out[8];

    memset(out, '#', sizeof(out));
    ck_assert_uint_eq(printable("abcd", out, 4), 3);
    ck_assert_mem_eq(out, "abc\0####", sizeof(out));
    ck_assert_uint_eq(printable("abc", out, 4), 3);
    ck_assert_uint_eq(printable("\n", out, 4), 0); /* an escape is whole, or not there */
    ck_assert_uint_eq(printable("\n", out, 5), 4);
    ck_assert_mem_eq(out, "\\x0a\0###", sizeof(out));
    ck_assert_uint_eq(printable("a\xc3\xa4", out, 3), 1);
    ck_assert_uint_eq(printable("", out, 1), 0);
}
END_TEST

START_TEST(each_failure_is_traced)
{
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    fail(NTLM_ERR_FILE_INSECURE, "/etc/ntlm is shared");
    fail(NTLM_ERR_NO_ACCOUNTS, NULL);
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "unsafe ownership or permissions: "
                                                      "/etc/ntlm is shared\n"));
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "no winbind runs here\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("failure");
    TCase *cases = tcase_create("failure");

    scratch_begin();
    tcase_add_test(cases, what_was_recorded_is_told_for_that_error_alone);
    tcase_add_test(cases, a_failure_without_a_detail_forgets_the_one_before);
    tcase_add_test(cases, a_detail_may_be_recorded_again);
    tcase_add_test(cases, a_detail_is_of_the_call_that_returned_its_error);
    tcase_add_test(cases, a_detail_of_another_error_or_of_a_success_is_dropped);
    tcase_add_test(cases, details_of_the_last_errors_are_kept);
    tcase_add_test(cases, each_thread_has_a_failure_of_its_own);
    tcase_add_test(cases, a_detail_too_long_is_cut);
    tcase_add_test(cases, control_characters_are_escaped_and_text_is_not);
    tcase_add_test(cases, c1_controls_and_bytes_that_are_not_utf8_are_escaped);
    tcase_add_test(cases, escaped_text_stays_in_its_room);
    tcase_add_test(cases, each_failure_is_traced);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
