/* SPDX-License-Identifier: MIT */
/* secret_test.c - secrets are compared, looked at and wiped whole, and nothing is no
 * trouble. */

#include "config.h"

#include "ntlm/secret.h"

#include <stdint.h>

#include "suite.h"

START_TEST(secrets_are_compared_whole_and_cleansed_whole)
{
    uint8_t one[4] = {1, 2, 3, 4}, other[4] = {1, 2, 3, 5};
    static const uint8_t zeros[4];

    ck_assert(!ntlm_equal(one, other, 4));
    ck_assert(ntlm_equal(one, other, 3));
    ck_assert(ntlm_equal(one, other, 0));
    ntlm_cleanse(one, sizeof(one));
    ck_assert_mem_eq(one, zeros, sizeof(zeros));
}
END_TEST

START_TEST(zeros_are_zeros_to_the_last_byte)
{
    static const uint8_t zeros[4], last[4] = {0, 0, 0, 0x80}, first[4] = {1};

    ck_assert(ntlm_is_zero(zeros, sizeof(zeros)));
    ck_assert(!ntlm_is_zero(last, sizeof(last)));
    ck_assert(ntlm_is_zero(last, sizeof(last) - 1));
    ck_assert(!ntlm_is_zero(first, sizeof(first)));
}
END_TEST

START_TEST(nothing_is_equal_to_nothing_and_may_be_cleansed)
{
    ck_assert(ntlm_equal(NULL, NULL, 0));
    ck_assert(ntlm_is_zero(NULL, 0));
    ntlm_cleanse(NULL, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secret");
    TCase *cases = tcase_create("secret");

    tcase_add_test(cases, secrets_are_compared_whole_and_cleansed_whole);
    tcase_add_test(cases, zeros_are_zeros_to_the_last_byte);
    tcase_add_test(cases, nothing_is_equal_to_nothing_and_may_be_cleansed);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
