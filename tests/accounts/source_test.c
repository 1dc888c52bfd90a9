/* SPDX-License-Identifier: MIT */
/* source_test.c - which account file it is, and what becomes of it. */

#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts_fixture.h"

START_TEST(without_a_file_there_are_no_accounts)
{
    const struct settings settings = {.account_sources = {1, {ACCOUNTS_IN_FILE}}};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
    ck_assert_ptr_null(accounts);
    accounts_close(accounts);
}
END_TEST

START_TEST(the_settings_name_the_file_unless_the_caller_does)
{
    char *named = strdup(scratch_write("settings-own", "DOM:s:Password\n"));
    const struct settings settings = {.account_file = named};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, NULL, &accounts), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "s", "DOM", "Password"), NTLM_OK);
    accounts_close(accounts);
    ck_assert_int_eq(
        accounts_open(&settings, scratch_write("callers", "DOM:c:Password\n"), &accounts),
        NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "s", "DOM", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(log_in(accounts, "c", "DOM", "Password"), NTLM_OK);
    accounts_close(accounts);
    free(named);
}
END_TEST

START_TEST(a_file_that_cannot_be_used_is_refused_when_opened)
{
    const char *path = scratch_write("unsafe", "DOM:u:pw\n");
    const struct settings settings = {0};
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, scratch_path("missing"), &accounts),
                     NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(chmod(path, 0606), 0);
    ck_assert_int_eq(accounts_open(&settings, path, &accounts), NTLM_ERR_FILE_INSECURE);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_FILE_INSECURE), path));
}
END_TEST

START_TEST(a_file_is_followed_as_it_changes)
{
    struct accounts *accounts = accounts_of("DOM:alice:Password\n");

    scratch_write("accounts", "DOM:alice:changed\n");
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "changed"), NTLM_OK);
    ck_assert_int_eq(chmod(scratch_path("accounts"), 0606), 0);
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "changed"), NTLM_ERR_FILE_INSECURE);
    unlink(scratch_path("accounts"));
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "changed"), NTLM_ERR_FILE_UNREADABLE);
    accounts_close(accounts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accounts source");
    TCase *cases = tcase_create("source");

    scratch_begin();
    tcase_add_test(cases, without_a_file_there_are_no_accounts);
    tcase_add_test(cases, the_settings_name_the_file_unless_the_caller_does);
    tcase_add_test(cases, a_file_that_cannot_be_used_is_refused_when_opened);
    tcase_add_test(cases, a_file_is_followed_as_it_changes);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
