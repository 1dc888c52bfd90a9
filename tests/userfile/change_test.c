/* SPDX-License-Identifier: MIT */
/* change_test.c - an account file that changes while it is in use: what
 * is seen, and when. Changes that are not complete are in account_half_test.c. */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/trace.h"
#include "userfile/stat.h"
#include "userfile_fixture.h"

#define OTHER 4711 /* a user that nobody is */

static bool is_root(const char *test)
{
    if (geteuid() != 0)
        printf("ok - %s # SKIP needs root\n", test);
    return geteuid() == 0;
}

START_TEST(a_file_is_read_once_while_it_stays_as_it_is)
{
    begin("DOM:alice:one\nbad line\n");
    begin_trace();
    for (int i = 0; i < 50; i++)
        ck_assert(has(accounts, "alice", "one"));
    ck_assert_int_eq(count_traced("accounts indexed: 1"), 1);
    ck_assert_int_eq(count_traced("line 2 skipped: matches neither format"), 1);
    write_in_place(O_APPEND, "DOM:bob:two\n");
    for (int i = 0; i < 50; i++)
        ck_assert(has(accounts, "bob", "two"));
    ck_assert_int_eq(count_traced("accounts indexed: 2"), 1);
    ck_assert_int_eq(count_traced("line 2 skipped: matches neither format"), 2);
    trace_open(NULL);
}
END_TEST

START_TEST(an_account_that_is_added_is_there_for_the_next_question)
{
    begin("DOM:alice:one\n");
    ck_assert(!knows("bob"));
    write_in_place(O_APPEND, "DOM:bob:two\n");
    ck_assert(has(accounts, "bob", "two"));
    ck_assert(has(accounts, "alice", "one"));
}
END_TEST

START_TEST(an_account_that_is_taken_out_is_gone_at_the_next_question)
{
    begin("DOM:alice:one\nDOM:bob:two\n");
    ck_assert(knows("bob"));
    write_in_place(O_TRUNC, "DOM:alice:one\n");
    ck_assert(!knows("bob"));
    rename_over("DOM:carol:three\n");
    ck_assert(!knows("alice"));
    ck_assert(has(accounts, "carol", "three"));
}
END_TEST

START_TEST(a_change_that_hides_its_size_and_time_is_seen)
{
    struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}};
    struct stat before;

    begin("DOM:alice:one\n");
    ck_assert(has(accounts, "alice", "one"));
    ck_assert_int_eq(stat(accounts, &before), 0);
    times[1] = before.st_mtim;
    write_in_place(0, "DOM:alice:two\n");
    ck_assert_int_eq(utimensat(AT_FDCWD, accounts, times, 0), 0);
    ck_assert(has(accounts, "alice", "two"));
}
END_TEST

/* One write follows the other at once, and has the same size. */
START_TEST(changes_in_one_tick_of_the_clock_are_each_seen)
{
    char text[] = "DOM:alice:0\n", password[] = "0";

    begin(text);
    for (char digit = '0'; digit <= '9'; digit++) {
        password[0] = text[strlen("DOM:alice:")] = digit;
        write_in_place(0, text);
        ck_assert_msg(has(accounts, "alice", password), "%s", password);
    }
}
END_TEST

START_TEST(a_file_that_becomes_unsafe_is_refused_until_it_is_mended)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    ck_assert_int_eq(chmod(accounts, 0602), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_INSECURE);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_INSECURE);
    write_in_place(O_TRUNC, "DOM:al"); /* nor are the previous ones in force for it */
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_INSECURE);
    ck_assert_int_eq(chmod(accounts, 0600), 0);
    ck_assert(has(accounts, "alice", "one"));
    write_in_place(O_APPEND, "ice:two\n");
    ck_assert(has(accounts, "alice", "two"));
}
END_TEST

START_TEST(a_file_given_away_is_refused)
{
    begin("DOM:alice:one\n");
    if (!is_root("a_file_given_away"))
        return;
    ck_assert(knows("alice"));
    ck_assert_int_eq(chown(accounts, OTHER, 0), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_INSECURE);
}
END_TEST

START_TEST(who_gave_up_his_rights_does_not_go_on_with_what_he_read)
{
    begin("DOM:alice:one\n");
    if (!is_root("who_gave_up_his_rights"))
        return;
    ck_assert_int_eq(chmod(scratch_path(""), 0755), 0);
    ck_assert(knows("alice"));
    ck_assert_int_eq(seteuid(OTHER), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(seteuid(0), 0);
    ck_assert(knows("alice"));
}
END_TEST

START_TEST(a_file_that_is_gone_is_missed_until_it_is_back)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    ck_assert_int_eq(rename(accounts, scratch_path("aside")), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_UNREADABLE);
    ck_assert_ptr_nonnull(
        strstr(failure_detail(NTLM_ERR_FILE_UNREADABLE), "No such file or directory"));
    ck_assert_int_eq(rename(scratch_path("aside"), accounts), 0);
    ck_assert(has(accounts, "alice", "one"));
    ck_assert_int_eq(unlink(accounts), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_UNREADABLE);
    scratch_write("accounts", "DOM:alice:two\n");
    ck_assert(has(accounts, "alice", "two"));
}
END_TEST

START_TEST(what_takes_the_files_place_and_is_none_is_refused)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    unlink(accounts);
    ck_assert_int_eq(mkdir(accounts, 0700), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_UNREADABLE);
    rmdir(accounts);
    ck_assert_int_eq(mkfifo(accounts, 0600), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_UNREADABLE);
    unlink(accounts);
    scratch_write("accounts", "DOM:alice:two\n");
    ck_assert(has(accounts, "alice", "two"));
}
END_TEST

START_TEST(a_link_is_followed_to_where_it_points_now)
{
    const char *link = scratch_path("link");

    scratch_write("one", "DOM:alice:one\n");
    scratch_write("two", "DOM:alice:two\n");
    ck_assert_int_eq(symlink(scratch_path("one"), link), 0);
    ck_assert(has(link, "alice", "one"));
    unlink(link);
    ck_assert_int_eq(symlink(scratch_path("two"), link), 0);
    ck_assert(has(link, "alice", "two"));
    unlink(link);
}
END_TEST

START_TEST(more_files_than_are_kept_answer_each_for_itself)
{
    char name[16], text[32], password[16];

    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 40; i++) {
            snprintf(name, sizeof(name), "file%d", i);
            snprintf(password, sizeof(password), "pw%d", i);
            snprintf(text, sizeof(text), "DOM:alice:%s\n", password);
            if (round == 0)
                scratch_write(name, text);
            ck_assert(has(scratch_path(name), "alice", password));
        }
}
END_TEST

START_TEST(a_file_in_use_is_kept_while_others_come_and_go)
{
    char name[16];

    begin("DOM:alice:one\n");
    begin_trace();
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof(name), "file%d", i);
        ck_assert(has(scratch_write(name, "DOM:bob:two\n"), "bob", "two"));
        ck_assert(has(accounts, "alice", "one"));
    }
    ck_assert_int_eq(count_traced("/accounts: accounts indexed"), 1);
    ck_assert_int_eq(count_traced("/file7: accounts indexed"), 1);
    trace_open(NULL);
}
END_TEST

START_TEST(lm_hashes_are_there_for_who_asks_and_stay)
{
    struct account account;

    begin("DOM:alice:one\n");
    ck_assert_int_eq(userfile_find(accounts, &QUERY("alice", "DOM"), &account), NTLM_OK);
    ck_assert(!account.has_lm_hash);
    account_clear(&account);
    ck_assert_int_eq(userfile_find(accounts, &LM_QUERY("alice", "DOM"), &account), NTLM_OK);
    ck_assert(account.has_lm_hash);
    account_clear(&account);
    begin_trace();
    ck_assert_int_eq(userfile_find(accounts, &QUERY("alice", "DOM"), &account), NTLM_OK);
    account_clear(&account);
    write_in_place(O_TRUNC, "DOM:alice:two\n");
    ck_assert(has(accounts, "alice", "two"));
    ck_assert_int_eq(userfile_find(accounts, &LM_QUERY("alice", "DOM"), &account), NTLM_OK);
    ck_assert(account.has_lm_hash);
    account_clear(&account);
    ck_assert_int_eq(count_traced("accounts indexed"), 1);
    trace_open(NULL);
}
END_TEST

static TCase *change_cases(void)
{
    TCase *cases = tcase_create("changes");

    tcase_add_test(cases, a_file_is_read_once_while_it_stays_as_it_is);
    tcase_add_test(cases, an_account_that_is_added_is_there_for_the_next_question);
    tcase_add_test(cases, an_account_that_is_taken_out_is_gone_at_the_next_question);
    tcase_add_test(cases, a_change_that_hides_its_size_and_time_is_seen);
    tcase_add_test(cases, changes_in_one_tick_of_the_clock_are_each_seen);
    tcase_add_test(cases, a_file_that_is_gone_is_missed_until_it_is_back);
    tcase_add_test(cases, what_takes_the_files_place_and_is_none_is_refused);
    tcase_add_test(cases, a_link_is_followed_to_where_it_points_now);
    tcase_add_test(cases, more_files_than_are_kept_answer_each_for_itself);
    tcase_add_test(cases, a_file_in_use_is_kept_while_others_come_and_go);
    tcase_add_test(cases, lm_hashes_are_there_for_who_asks_and_stay);
    return cases;
}

/* Each part that differs, and whether it is the same file, place and content then. */
static const struct {
    struct fingerprint other;
    bool same, place, content, rewritten;
} parts[] = {
    {{1, 2, 3, {4, 5}, {6, 7}, {8, 9}, 10}, true, true, true, false},
    {{0, 2, 3, {4, 5}, {6, 7}, {8, 9}, 10}, false, false, true, false},
    {{1, 0, 3, {4, 5}, {6, 7}, {8, 9}, 10}, false, false, true, false},
    {{1, 2, 0, {4, 5}, {6, 7}, {8, 9}, 10}, false, true, false, true},
    {{1, 2, 3, {0, 5}, {6, 7}, {8, 9}, 10}, false, true, false, true},
    {{1, 2, 3, {4, 0}, {6, 7}, {8, 9}, 10}, false, true, false, true},
    {{1, 2, 3, {4, 5}, {0, 7}, {8, 9}, 10}, false, true, true, false},
    {{1, 2, 3, {4, 5}, {6, 0}, {8, 9}, 10}, false, true, true, false},
    {{1, 2, 0, {4, 5}, {6, 7}, {0, 9}, 10}, false, true, false, false},
    {{1, 2, 0, {4, 5}, {6, 7}, {8, 0}, 10}, false, true, false, false},
    {{1, 0, 0, {4, 5}, {6, 7}, {8, 9}, 10}, false, false, false, false},
    {{0, 2, 0, {4, 5}, {6, 7}, {8, 9}, 10}, false, false, false, false},
    {{1, 2, 3, {4, 5}, {6, 7}, {8, 9}, 0}, false, false, true, false},
};

START_TEST(each_part_of_a_fingerprint_counts)
{
    const struct fingerprint one = parts[0].other, other = parts[_i].other;

    ck_assert(fingerprint_same(&one, &other) == parts[_i].same);
    ck_assert(fingerprint_same_place(&one, &other) == parts[_i].place);
    ck_assert(fingerprint_same_content(&one, &other) == parts[_i].content);
    ck_assert(fingerprint_rewritten(&one, &other) == parts[_i].rewritten);
}
END_TEST

/* Seconds from now at which a file was changed, on a file system without fractions or with
 * them, and whether its next change may not be seen. */
static const struct {
    int from_now;
    long fraction;
    bool coarse;
} changes[] = {{0, 0, true},   {-100, 0, false},  {100, 0, false},
               {0, 77, false}, {-100, 77, false}, {100, 77, false}};

START_TEST(only_a_fresh_change_is_coarse)
{
    struct fingerprint fingerprint = {.size = 0};
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    fingerprint.changed.tv_sec = now.tv_sec + changes[_i].from_now;
    fingerprint.changed.tv_nsec = changes[_i].fraction;
    ck_assert(fingerprint_is_coarse(&fingerprint) == changes[_i].coarse);
    fingerprint.modified = fingerprint.changed;
    ck_assert(!stat_is_being_written(-1, &fingerprint, NULL));
}
END_TEST

START_TEST(what_is_not_open_has_no_fingerprint)
{
    struct fingerprint fingerprint;
    struct stat st;

    ck_assert(!fingerprint_file(-1, &fingerprint, &st));
    ck_assert(!fingerprint_path(scratch_path("nothing"), &fingerprint));
}
END_TEST

static TCase *fingerprint_cases(void)
{
    TCase *cases = tcase_create("fingerprints");

    tcase_add_loop_test(cases, each_part_of_a_fingerprint_counts, 0,
                        sizeof(parts) / sizeof(parts[0]));
    tcase_add_loop_test(cases, only_a_fresh_change_is_coarse, 0,
                        sizeof(changes) / sizeof(changes[0]));
    tcase_add_test(cases, what_is_not_open_has_no_fingerprint);
    return cases;
}

static TCase *safety_cases(void)
{
    TCase *cases = tcase_create("safety");

    tcase_add_test(cases, a_file_that_becomes_unsafe_is_refused_until_it_is_mended);
    tcase_add_test(cases, a_file_given_away_is_refused);
    tcase_add_test(cases, who_gave_up_his_rights_does_not_go_on_with_what_he_read);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("account file as it changes");

    scratch_begin();
    suite_add_tcase(suite, change_cases());
    suite_add_tcase(suite, safety_cases());
    suite_add_tcase(suite, fingerprint_cases());
    return suite_run(suite);
}
