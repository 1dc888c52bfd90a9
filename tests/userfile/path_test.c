/* SPDX-License-Identifier: MIT */
/* path_test.c - the directories on the account file's path, and its symbolic
 * links: who else could put another file there. */

#include "config.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "userfile_query.h"

#define OTHER 4711

/* outer/inner/accounts, and elsewhere/, in the scratch directory. */
static char outer[160], inner[160], elsewhere[160], file[160];

static void put_file(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "D:u:pw\n", 7), 7);
    close(fd);
}

static void make_tree(void)
{
    snprintf(outer, sizeof(outer), "%s", scratch_path("outer"));
    snprintf(inner, sizeof(inner), "%.140s/inner", outer);
    snprintf(elsewhere, sizeof(elsewhere), "%s", scratch_path("elsewhere"));
    snprintf(file, sizeof(file), "%.140s/accounts", inner);
    ck_assert_int_eq(mkdir(outer, 0755), 0);
    ck_assert_int_eq(mkdir(inner, 0755), 0);
    ck_assert_int_eq(mkdir(elsewhere, 0755), 0);
    put_file(file);
}

static void remove_tree(void)
{
    char path[160];

    ck_assert_int_eq(chdir("/"), 0);
    snprintf(path, sizeof(path), "%.140s/link", elsewhere);
    unlink(path);
    unlink(scratch_path("link"));
    unlink(file);
    rmdir(inner);
    rmdir(outer);
    rmdir(elsewhere);
}

/* The answer of the check and of a lookup, which must be one. The lookup has a
 * spelling of its own each time, as of a file that was not read yet. */
static enum ntlm_error answer(const char *path)
{
    static int spellings;
    static char spelled[10200];
    const char *dot = *path == '/' ? "/." : "./";
    struct account account;
    enum ntlm_error error = userfile_check(path);

    *spelled = '\0';
    for (int i = 0; *path && i <= spellings; i++)
        strcat(spelled, dot);
    spellings++;
    strcat(spelled, path);
    ck_assert_int_eq(userfile_find(spelled, &QUERY("u", "D"), &account), error);
    account_clear(&account);
    return userfile_check(path);
}

static void accepts(const char *path)
{
    ck_assert_msg(!answer(path), "%s", failure_detail(NTLM_ERR_FILE_INSECURE));
}

/* The text names the path as it was given, and then the culprit. */
static void refuses(const char *path, const char *culprit, const char *why)
{
    char expected[500];

    ck_assert_int_eq(answer(path), NTLM_ERR_FILE_INSECURE);
    snprintf(expected, sizeof(expected), "%s: %s %s", path, culprit, why);
    ck_assert_str_eq(failure_detail(NTLM_ERR_FILE_INSECURE), expected);
}

static bool is_root(const char *test)
{
    if (geteuid() != 0)
        printf("skipped: %s (only root can give files away)\n", test);
    return geteuid() == 0;
}

START_TEST(every_directory_on_the_path_must_be_safe)
{
    accepts(file);
    ck_assert_int_eq(chmod(outer, 0757), 0);
    refuses(file, outer, "can be written by others (mode 0757): chmod go-w it");
    ck_assert_int_eq(chmod(outer, 0755), 0);
    accepts(file);
    ck_assert_int_eq(chmod(inner, 0707), 0);
    refuses(file, inner, "can be written by others (mode 0707): chmod go-w it");
}
END_TEST

START_TEST(a_directorys_owner_and_group_count)
{
    if (!is_root("a_directorys_owner_and_group_count"))
        return;
    ck_assert_int_eq(chmod(outer, 0775), 0);
    accepts(file); /* root's group */
    ck_assert_int_eq(chown(outer, 0, OTHER), 0);
    refuses(file, outer, "can be written by group (mode 0775): chmod go-w it");
    ck_assert_int_eq(chmod(outer, 0755), 0);
    ck_assert_int_eq(chown(outer, OTHER, 0), 0);
    refuses(file, outer, "belongs to user 4711: chown it to root");
    ck_assert_int_eq(chmod(outer, 01755), 0); /* its owner may do anything there */
    refuses(file, outer, "belongs to user 4711: chown it to root");
}
END_TEST

/* acl(5) as the kernel has it: all may be done by the owner and user 4711. */
static bool let_another_write(const char *path)
{
    static const uint8_t list[] = {2,    0, 0, 0,                          /* version */
                                   1,    0, 7, 0, 0xff, 0xff, 0xff, 0xff,  /* the owner */
                                   2,    0, 7, 0, 0x67, 0x12, 0,    0,     /* user 4711 */
                                   4,    0, 5, 0, 0xff, 0xff, 0xff, 0xff,  /* the group */
                                   0x10, 0, 7, 0, 0xff, 0xff, 0xff, 0xff,  /* the mask */
                                   0x20, 0, 5, 0, 0xff, 0xff, 0xff, 0xff}; /* others */

    return setxattr(path, "system.posix_acl_access", list, sizeof(list), 0) == 0;
}

START_TEST(who_may_write_by_an_access_control_list_is_not_roots_group)
{
    if (!is_root("who_may_write_by_an_access_control_list_is_not_roots_group"))
        return;
    if (!let_another_write(outer)) {
        puts("skipped: who_may_write_by_an_access_control_list_is_not_roots_group (no lists)");
        return;
    }
    refuses(file, outer, "can be written by group (mode 0775): chmod go-w it");
    ck_assert_int_eq(chmod(outer, 0755), 0); /* is the mask's */
    accepts(file);
}
END_TEST

START_TEST(a_directory_with_the_sticky_bit_is_safe_for_what_is_ours)
{
    ck_assert_int_eq(chmod(outer, 01777), 0);
    accepts(file);
    ck_assert_int_eq(chmod(inner, 01777), 0);
    accepts(file);
    if (!is_root("a_directory_with_the_sticky_bit"))
        return;
    ck_assert_int_eq(chown(file, OTHER, 0), 0);
    refuses(file, file, "belongs to user 4711: chown it to root");
}
END_TEST

START_TEST(in_a_directory_with_the_sticky_bit_anothers_link_is_refused)
{
    char link[160];

    if (!is_root("in_a_directory_with_the_sticky_bit"))
        return;
    snprintf(link, sizeof(link), "%.140s/link", elsewhere);
    ck_assert_int_eq(symlink(file, link), 0);
    ck_assert_int_eq(chmod(elsewhere, 01777), 0);
    accepts(link);
    ck_assert_int_eq(lchown(link, OTHER, OTHER), 0);
    refuses(link, link, "belongs to user 4711: chown it to root");
}
END_TEST

START_TEST(a_link_is_safe_where_its_own_directories_and_its_targets_are)
{
    char link[160];

    snprintf(link, sizeof(link), "%.140s/link", elsewhere);
    ck_assert_int_eq(symlink("../outer/inner/accounts", link), 0);
    accepts(link);
    ck_assert_int_eq(chmod(elsewhere, 0757), 0);
    refuses(link, elsewhere, "can be written by others (mode 0757): chmod go-w it");
    accepts(file);
    ck_assert_int_eq(chmod(elsewhere, 0755), 0);
    ck_assert_int_eq(chmod(outer, 0757), 0);
    refuses(link, outer, "can be written by others (mode 0757): chmod go-w it");
}
END_TEST

START_TEST(a_link_to_a_directory_is_followed_and_checked)
{
    const char *link = scratch_path("link");
    char path[160];

    ck_assert_int_eq(symlink(inner, link), 0);
    snprintf(path, sizeof(path), "%.140s/./accounts", link);
    accepts(path);
    snprintf(path, sizeof(path), "%.140s/../inner//accounts", link);
    accepts(path);
    ck_assert_int_eq(chmod(outer, 0757), 0);
    refuses(path, outer, "can be written by others (mode 0757): chmod go-w it");
}
END_TEST

START_TEST(links_in_a_circle_are_no_file)
{
    const char *link = scratch_path("link");

    ck_assert_int_eq(symlink("link", link), 0);
    ck_assert_int_eq(answer(link), NTLM_ERR_FILE_UNREADABLE);
    ck_assert_ptr_nonnull(
        strstr(failure_detail(NTLM_ERR_FILE_UNREADABLE), "Too many levels of symbolic links"));
}
END_TEST

START_TEST(a_relative_path_is_checked_from_the_root_on)
{
    ck_assert_int_eq(chdir(inner), 0);
    accepts("accounts");
    accepts("../inner/accounts");
    ck_assert_int_eq(chmod(outer, 0757), 0);
    refuses("accounts", outer, "can be written by others (mode 0757): chmod go-w it");
}
END_TEST

START_TEST(a_path_that_is_too_long_is_no_file)
{
    static char path[10000], name[300];

    memset(path, '/', sizeof(path) - 1);
    ck_assert_int_eq(answer(path), NTLM_ERR_FILE_UNREADABLE);
    name[0] = '/';
    memset(name + 1, 'n', sizeof(name) - 2);
    ck_assert_int_eq(answer(name), NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(answer(""), NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(answer(inner), NTLM_ERR_FILE_UNREADABLE);
}
END_TEST

/* The file does not show it: its directories are looked at once a second. */
START_TEST(a_directory_that_becomes_unsafe_is_noticed_in_a_second)
{
    const struct timespec second = {.tv_sec = 1, .tv_nsec = 50000000};

    struct account account;

    ck_assert_int_eq(userfile_find(file, &QUERY("u", "D"), &account), NTLM_OK);
    account_clear(&account);
    ck_assert_int_eq(chmod(outer, 0757), 0);
    nanosleep(&second, NULL);
    ck_assert_int_eq(userfile_find(file, &QUERY("u", "D"), &account), NTLM_ERR_FILE_INSECURE);
    ck_assert_int_eq(chmod(outer, 0755), 0);
    ck_assert_int_eq(userfile_find(file, &QUERY("u", "D"), &account), NTLM_OK);
    account_clear(&account);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("account file path");
    TCase *cases = tcase_create("path");

    umask(022);
    scratch_begin();
    tcase_add_checked_fixture(cases, make_tree, remove_tree);
    tcase_add_test(cases, every_directory_on_the_path_must_be_safe);
    tcase_add_test(cases, a_directorys_owner_and_group_count);
    tcase_add_test(cases, who_may_write_by_an_access_control_list_is_not_roots_group);
    tcase_add_test(cases, a_directory_with_the_sticky_bit_is_safe_for_what_is_ours);
    tcase_add_test(cases, in_a_directory_with_the_sticky_bit_anothers_link_is_refused);
    tcase_add_test(cases, a_link_is_safe_where_its_own_directories_and_its_targets_are);
    tcase_add_test(cases, a_link_to_a_directory_is_followed_and_checked);
    tcase_add_test(cases, links_in_a_circle_are_no_file);
    tcase_add_test(cases, a_relative_path_is_checked_from_the_root_on);
    tcase_add_test(cases, a_path_that_is_too_long_is_no_file);
    tcase_add_test(cases, a_directory_that_becomes_unsafe_is_noticed_in_a_second);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
