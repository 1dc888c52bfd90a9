/* SPDX-License-Identifier: MIT */
/* error_test.c - each code has a text and a number of its own. */

#include "config.h"

#include <string.h>

#include "ntlm/error.h"
#include "suite.h"

static const enum ntlm_error all[] = {
#define MEMBER(symbol, number, text) NTLM_ERR_##symbol,
    NTLM_ERRORS(MEMBER)
#undef MEMBER
};

START_TEST(every_error_has_a_number_of_its_own)
{
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(all[i] != all[j], "number %#x is taken twice", (unsigned)all[i]);
}
END_TEST

START_TEST(every_error_has_a_text)
{
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        ck_assert_ptr_nonnull(ntlm_error_text(all[i]));
        ck_assert_uint_gt(strlen(ntlm_error_text(all[i])), 10);
    }
}
END_TEST

START_TEST(a_number_that_is_no_error_has_no_text)
{
    ck_assert_ptr_null(ntlm_error_text((enum ntlm_error)(NTLM_ERROR_BASE + 0xffff)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("error");
    TCase *cases = tcase_create("error");
    tcase_add_test(cases, every_error_has_a_number_of_its_own);
    tcase_add_test(cases, every_error_has_a_text);
    tcase_add_test(cases, a_number_that_is_no_error_has_no_text);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
