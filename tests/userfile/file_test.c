/* SPDX-License-Identifier: MIT */
/* file_test.c - which line of an account file answers for whom, and which
 * files are refused. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/trace.h"
#include "userfile_lookup.h"

#define OTHER 4711 /* a user and group that nobody is */

START_TEST(case_is_ignored_in_names)
{
    const char *path = file_of("D\xc3\xb6mane:J\xc3\xbcrgen:pw\n");

    finds(path, "J\xc3\x9cRGEN", "D\xc3\x96MANE", "pw");
    finds(path, "j\xc3\xbcrgen", "d\xc3\xb6mane", "pw");
    finds_none(path, "jurgen", "d\xc3\xb6mane");
}
END_TEST

START_TEST(the_domain_that_was_given_goes_before_an_empty_one)
{
    const char *path = file_of(":u:any\nOTHER:u:other\nDOM:u:exact\nDOM:u:second\n");

    finds(path, "u", "DOM", "exact");
    finds(path, "u", "OTHER", "other");
    finds(path, "u", "THIRD", "any");
    finds(path, "u", "", "any");
}
END_TEST

START_TEST(without_a_domain_the_first_line_of_the_user_answers)
{
    finds(file_of("A:u:first\nB:u:second\n"), "u", "", "first");
    finds(file_of("A:u:first\nB:u:second\n:u:third\n"), "u", "", "third");
}
END_TEST

START_TEST(another_domain_is_not_the_users)
{
    finds_none(file_of("DOM:u:pw\n"), "u", "OTHER");
}
END_TEST

START_TEST(user_at_realm_also_asks_for_user_in_domain_realm)
{
    const char *path = file_of("example.com:u:split\nother.com:u:no\n");

    finds(path, "u@example.com", "", "split");
    finds(path, "U@EXAMPLE.COM", "", "split");
    finds_none(path, "u@example.org", "");
    finds_none(path, "u@example.com", "DOM");
    finds_none(path, "u@", "");
    finds_none(path, "@example.com", "");
    finds(file_of("example.com:a@b:pw\n"), "a@b@example.com", "", "pw");
}
END_TEST

START_TEST(a_line_with_the_whole_name_goes_before_the_split_one)
{
    const char *path = file_of("example.com:u:split\nANY:u@example.com:whole\n");

    finds(path, "u@example.com", "", "whole");
}
END_TEST

START_TEST(a_backslash_in_a_user_is_the_users)
{
    const char *path = file_of("DOM:a\\b:pw\nDOM:b:no\n");

    finds(path, "a\\b", "DOM", "pw");
    finds_none(path, "DOM\\b", "");
}
END_TEST

START_TEST(without_a_user_the_only_account_is_found)
{
    struct account account;

    finds(file_of("# comment\nbad line\nDOM:u:first\ndom:U:second\n"), NULL, NULL, "first");
    ck_assert_int_eq(userfile_find(file_of("# nothing\n"), &LM_QUERY(NULL, NULL), &account),
                     NTLM_ERR_NO_SUCH_LINE);
    userfile_no_such_line(scratch_path("accounts"), NULL, NULL);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_SUCH_LINE) + strlen(scratch_path("accounts")),
                     " has no account");
}
END_TEST

START_TEST(without_a_user_none_of_several_accounts_is_found)
{
    struct account account;

    ck_assert_int_eq(
        userfile_find(file_of("DOM:u:first\nDOM:v:second\n"), &LM_QUERY(NULL, NULL), &account),
        NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_null(account.user);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_IDENTITY) + strlen(scratch_path("accounts")),
                     " has 2 accounts and no user is named: set NTLMUSER");
}
END_TEST

START_TEST(an_unknown_user_is_named_with_the_file)
{
    const char *path = file_of("DOM:u:pw\n");
    char expected[300];

    finds_none(path, "nobody", "DOM");
    ck_assert_int_eq(userfile_no_such_line(path, "nobody", "DOM"), NTLM_ERR_NO_SUCH_LINE);
    snprintf(expected, sizeof(expected), "%s has no line for \"DOM\\nobody\"", path);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_SUCH_LINE), expected);
    finds_none(path, "no\nbody", "");
    userfile_no_such_line(path, "no\nbody", NULL);
    snprintf(expected, sizeof(expected), "%s has no line for \"no\\x0abody\"", path);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_SUCH_LINE), expected);
}
END_TEST

static void refuses(const char *path, enum ntlm_error error, const char *detail)
{
    struct account account;
    char expected[400];

    snprintf(expected, sizeof(expected), "%s%s", path, detail);
    ck_assert_int_eq(userfile_check(path), error);
    ck_assert_str_eq(failure_detail(error), expected);
    ck_assert_int_eq(userfile_find(path, &LM_QUERY("u", "D"), &account), error);
    ck_assert_str_eq(failure_detail(error), expected);
}

/* To open one fails. */
static void make_socket(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    ck_assert_int_ge(fd, 0);
    ck_assert_uint_lt(strlen(path), sizeof(address.sun_path));
    strcpy(address.sun_path, path);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    close(fd);
}

START_TEST(what_is_no_readable_file_is_said)
{
    ck_assert_int_eq(mkfifo(scratch_path("pipe"), 0600), 0);
    make_socket(scratch_path("socket"));
    refuses(scratch_path("missing"), NTLM_ERR_FILE_UNREADABLE, ": No such file or directory");
    refuses("/", NTLM_ERR_FILE_UNREADABLE, " is not a regular file");
    refuses("/dev/null", NTLM_ERR_FILE_UNREADABLE, " is not a regular file");
    refuses(scratch_path("pipe"), NTLM_ERR_FILE_UNREADABLE, " is not a regular file");
    refuses(scratch_path("socket"), NTLM_ERR_FILE_UNREADABLE, " is not a regular file");
    unlink(scratch_path("pipe"));
    unlink(scratch_path("socket"));
}
END_TEST

START_TEST(a_file_others_may_write_is_refused)
{
    const char *path = file_of("D:u:pw\n");

    ck_assert_int_eq(chmod(path, 0602), 0);
    refuses(path, NTLM_ERR_FILE_INSECURE,
            " can be written by others (mode 0602): chmod go-w it");
}
END_TEST

static bool is_root(const char *test)
{
    if (geteuid() != 0)
        printf("skipped: %s (only root can give files away)\n", test);
    return geteuid() == 0;
}

START_TEST(a_file_the_group_may_write_is_refused)
{
    const char *path = file_of("D:u:pw\n");

    if (geteuid() == 0)
        ck_assert_int_eq(chown(path, 0, OTHER), 0);
    ck_assert_int_eq(chmod(path, 0660), 0);
    refuses(path, NTLM_ERR_FILE_INSECURE,
            " can be written by group (mode 0660): chmod go-w it");
    ck_assert_int_eq(chmod(path, 0666), 0);
    refuses(path, NTLM_ERR_FILE_INSECURE,
            " can be written by group and others (mode 0666): chmod go-w it");
}
END_TEST

START_TEST(roots_own_group_may_write)
{
    const char *path = file_of("D:u:pw\n");

    if (!is_root("roots_own_group_may_write"))
        return;
    ck_assert_int_eq(chown(path, 0, 0), 0);
    ck_assert_int_eq(chmod(path, 0660), 0);
    finds(path, "u", "D", "pw");
}
END_TEST

START_TEST(anothers_file_is_refused)
{
    const char *path = file_of("D:u:pw\n");

    if (!is_root("anothers_file_is_refused"))
        return;
    ck_assert_int_eq(chown(path, OTHER, 0), 0);
    refuses(path, NTLM_ERR_FILE_INSECURE, " belongs to user 4711: chown it to root");
}
END_TEST

START_TEST(a_servers_own_file_and_roots_are_taken_and_a_secret_one_is_not_readable)
{
    const char *path = file_of("D:u:pw\n");

    if (!is_root("a_servers_own_file_and_roots_are_taken"))
        return;
    ck_assert_int_eq(chmod(scratch_path(""), 0755), 0);
    ck_assert_int_eq(chown(path, OTHER, OTHER), 0);
    ck_assert_int_eq(seteuid(OTHER), 0);
    finds(path, "u", "D", "pw");
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chown(path, 0, OTHER), 0);
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert_int_eq(seteuid(OTHER), 0);
    finds(path, "u", "D", "pw");
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert_int_eq(seteuid(OTHER), 0);
    refuses(path, NTLM_ERR_FILE_UNREADABLE, ": Permission denied");
    ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(a_file_others_may_read_is_traced)
{
    const char *path = file_of("D:u:pw\n");

    ck_assert_int_eq(chmod(path, 0644), 0);
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    finds(path, "u", "D", "pw");
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "can be read by others (mode 0644)"));
}
END_TEST

START_TEST(a_symbolic_link_to_a_safe_file_is_fine)
{
    const char *path = file_of("D:u:pw\n"), *link = scratch_path("link");

    ck_assert_int_eq(symlink(path, link), 0);
    finds(link, "u", "D", "pw");
    unlink(link);
}
END_TEST

static TCase *order_cases(void)
{
    TCase *cases = tcase_create("order");

    tcase_add_test(cases, case_is_ignored_in_names);
    tcase_add_test(cases, the_domain_that_was_given_goes_before_an_empty_one);
    tcase_add_test(cases, without_a_domain_the_first_line_of_the_user_answers);
    tcase_add_test(cases, another_domain_is_not_the_users);
    tcase_add_test(cases, user_at_realm_also_asks_for_user_in_domain_realm);
    tcase_add_test(cases, a_line_with_the_whole_name_goes_before_the_split_one);
    tcase_add_test(cases, a_backslash_in_a_user_is_the_users);
    tcase_add_test(cases, without_a_user_the_only_account_is_found);
    tcase_add_test(cases, without_a_user_none_of_several_accounts_is_found);
    tcase_add_test(cases, an_unknown_user_is_named_with_the_file);
    return cases;
}

static TCase *safety_cases(void)
{
    TCase *cases = tcase_create("safety");

    tcase_add_test(cases, what_is_no_readable_file_is_said);
    tcase_add_test(cases, a_file_others_may_write_is_refused);
    tcase_add_test(cases, a_file_the_group_may_write_is_refused);
    tcase_add_test(cases, roots_own_group_may_write);
    tcase_add_test(cases, anothers_file_is_refused);
    tcase_add_test(cases,
                   a_servers_own_file_and_roots_are_taken_and_a_secret_one_is_not_readable);
    tcase_add_test(cases, a_file_others_may_read_is_traced);
    tcase_add_test(cases, a_symbolic_link_to_a_safe_file_is_fine);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("account file");

    scratch_begin();
    suite_add_tcase(suite, order_cases());
    suite_add_tcase(suite, safety_cases());
    return suite_run(suite);
}
