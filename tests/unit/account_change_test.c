/* account_change_test.c - an account file that changes while it is in use: what
 * is seen, and when, and what is not mistaken for a change that is complete. */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/file.h"
#include "failure.h"
#include "ntlm/keys.h"
#include "scratch.h"
#include "suite.h"
#include "trace.h"

#define OTHER 4711 /* a user that nobody is */

static const char *accounts;

static void begin(const char *text)
{
    accounts = scratch_write("accounts", text);
}

static bool is_hash_of(const struct account *account, const char *password)
{
    uint8_t hash[16];

    return ntlm_nt_hash(password, strlen(password), hash) == NTLM_OK &&
           memcmp(account->nt_hash, hash, sizeof(hash)) == 0;
}

/* Whether DOM\user of this file has this password. */
static bool has(const char *path, const char *user, const char *password)
{
    struct account account;
    bool same = account_file_find_nt(path, user, "DOM", &account) == NTLM_OK &&
                account.has_nt_hash && is_hash_of(&account, password);

    account_clear(&account);
    return same;
}

static enum ntlm_error error_of(const char *user)
{
    struct account account;
    enum ntlm_error error = account_file_find_nt(accounts, user, "DOM", &account);

    account_clear(&account);
    return error;
}

static bool knows(const char *user)
{
    return error_of(user) == NTLM_OK;
}

/* Writes into the file that is there, from its start or at its end. */
static int open_in_place(int flags)
{
    int fd = open(accounts, O_WRONLY | flags);

    ck_assert_int_ge(fd, 0);
    return fd;
}

static void put(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

static void write_in_place(int flags, const char *text)
{
    int fd = open_in_place(flags);

    put(fd, text);
    close(fd);
}

static void rename_over(const char *text)
{
    const char *next = scratch_write("accounts.new", text);

    ck_assert_int_eq(rename(next, accounts), 0);
}

/* As if nobody had written to it for a minute. */
static void let_time_pass(void)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                      {.tv_sec = time(NULL) - 60, .tv_nsec = 1}};

    ck_assert_int_eq(utimensat(AT_FDCWD, accounts, times, 0), 0);
}

static void begin_trace(void)
{
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), NTLM_OK);
}

static int count_traced(const char *part)
{
    int count = 0;

    for (const char *at = scratch_read("log"); (at = strstr(at, part)); at++)
        count++;
    return count;
}

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
    ck_assert_int_eq(count_traced("line 2 fits neither format"), 1);
    write_in_place(O_APPEND, "DOM:bob:two\n");
    for (int i = 0; i < 50; i++)
        ck_assert(has(accounts, "bob", "two"));
    ck_assert_int_eq(count_traced("accounts indexed: 2"), 1);
    ck_assert_int_eq(count_traced("line 2 fits neither format"), 2);
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

START_TEST(a_file_cut_within_a_line_leaves_the_former_accounts_in_force)
{
    int fd;

    begin("DOM:alice:one\nDOM:bob:two\n");
    ck_assert(knows("bob"));
    fd = open_in_place(O_TRUNC);
    put(fd, "DOM:alice:changed\nDOM:bo");
    close(fd);
    ck_assert(has(accounts, "alice", "one"));
    ck_assert(has(accounts, "bob", "two"));
    write_in_place(O_APPEND, "b:changed too\n");
    ck_assert(has(accounts, "alice", "changed"));
    ck_assert(has(accounts, "bob", "changed too"));
}
END_TEST

START_TEST(an_emptied_file_leaves_the_former_accounts_in_force)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    write_in_place(O_TRUNC, "");
    ck_assert(has(accounts, "alice", "one"));
    write_in_place(0, "DOM:alice:two\n");
    ck_assert(has(accounts, "alice", "two"));
}
END_TEST

START_TEST(what_is_left_alone_is_taken_as_it_is)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    write_in_place(O_TRUNC, "DOM:alice:no end");
    let_time_pass();
    ck_assert(has(accounts, "alice", "no end"));
    write_in_place(O_TRUNC, "");
    let_time_pass();
    ck_assert(!knows("alice"));
}
END_TEST

START_TEST(that_the_former_accounts_are_in_force_is_traced)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    write_in_place(O_TRUNC, "DOM:al");
    begin_trace();
    ck_assert(knows("alice"));
    ck_assert_int_eq(count_traced("accounts is being written: its former accounts"), 1);
    trace_open(NULL);
}
END_TEST

START_TEST(another_file_that_ends_within_a_line_is_taken_at_once)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    rename_over("DOM:alice:two");
    ck_assert(has(accounts, "alice", "two"));
    begin("DOM:alice:three");
    ck_assert(has(accounts, "alice", "three"));
}
END_TEST

/* Whether it can be known here who has a file open for writing. */
static bool leases_tell(const char *test)
{
    int writer = open_in_place(0), reader = open(accounts, O_RDONLY);
    bool tell = fcntl(reader, F_SETLEASE, F_RDLCK) != 0;

    close(writer);
    tell = tell && fcntl(reader, F_SETLEASE, F_RDLCK) == 0;
    close(reader);
    if (!tell)
        printf("ok - %s # SKIP this file system has no leases\n", test);
    return tell;
}

START_TEST(a_file_that_a_writer_holds_leaves_the_former_accounts_in_force)
{
    int fd;

    begin("DOM:alice:one\nDOM:bob:two\n");
    if (!leases_tell("a_file_that_a_writer_holds"))
        return;
    ck_assert(knows("bob"));
    fd = open_in_place(O_TRUNC);
    put(fd, "DOM:alice:changed\n");
    ck_assert(has(accounts, "alice", "one"));
    ck_assert(has(accounts, "bob", "two"));
    put(fd, "DOM:bob:changed\n");
    ck_assert(has(accounts, "alice", "one"));
    close(fd);
    ck_assert(has(accounts, "alice", "changed"));
    ck_assert(has(accounts, "bob", "changed"));
}
END_TEST

START_TEST(a_new_file_that_its_writer_still_holds_is_not_taken)
{
    int fd;

    begin("DOM:alice:one\nDOM:bob:two\n");
    if (!leases_tell("a_new_file_that_its_writer_still_holds"))
        return;
    ck_assert(knows("bob"));
    ck_assert_int_eq(unlink(accounts), 0);
    fd = open(accounts, O_WRONLY | O_CREAT | O_EXCL, 0600);
    put(fd, "DOM:alice:changed\n");
    ck_assert(has(accounts, "bob", "two"));
    close(fd);
    ck_assert(has(accounts, "alice", "changed"));
    ck_assert(!knows("bob"));
}
END_TEST

START_TEST(a_writer_who_only_keeps_the_file_open_does_not_keep_it_from_us)
{
    int fd;

    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    fd = open_in_place(O_TRUNC);
    put(fd, "DOM:alice:two\n");
    let_time_pass();
    ck_assert(has(accounts, "alice", "two"));
    close(fd);
}
END_TEST

START_TEST(without_former_accounts_what_there_is_answers_and_is_read_on)
{
    int fd;

    accounts = scratch_write("new", "");
    fd = open_in_place(0);
    put(fd, "DOM:alice:one\nDOM:bo");
    ck_assert(has(accounts, "alice", "one"));
    ck_assert(!knows("bob"));
    put(fd, "b:two\n");
    ck_assert(has(accounts, "bob", "two"));
    close(fd);
    ck_assert(has(accounts, "alice", "one"));
}
END_TEST

START_TEST(a_file_that_becomes_unsafe_is_refused_until_it_is_mended)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    ck_assert_int_eq(chmod(accounts, 0602), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_INSECURE);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_INSECURE);
    write_in_place(O_TRUNC, "DOM:al"); /* nor do the former ones answer for it */
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
        strstr(failure_particular(NTLM_ERR_FILE_UNREADABLE), "No such file or directory"));
    ck_assert_int_eq(rename(scratch_path("aside"), accounts), 0);
    ck_assert(has(accounts, "alice", "one"));
    ck_assert_int_eq(unlink(accounts), 0);
    ck_assert_int_eq(error_of("alice"), NTLM_ERR_FILE_UNREADABLE);
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
    ck_assert_int_eq(account_file_find_nt(accounts, "alice", "DOM", &account), NTLM_OK);
    ck_assert(!account.has_lm_hash);
    account_clear(&account);
    ck_assert_int_eq(account_file_find(accounts, "alice", "DOM", &account), NTLM_OK);
    ck_assert(account.has_lm_hash);
    account_clear(&account);
    begin_trace();
    ck_assert_int_eq(account_file_find_nt(accounts, "alice", "DOM", &account), NTLM_OK);
    account_clear(&account);
    write_in_place(O_TRUNC, "DOM:alice:two\n");
    ck_assert(has(accounts, "alice", "two"));
    ck_assert_int_eq(account_file_find(accounts, "alice", "DOM", &account), NTLM_OK);
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
    tcase_add_test(cases, a_link_is_followed_to_where_it_points_now);
    tcase_add_test(cases, more_files_than_are_kept_answer_each_for_itself);
    tcase_add_test(cases, a_file_in_use_is_kept_while_others_come_and_go);
    tcase_add_test(cases, lm_hashes_are_there_for_who_asks_and_stay);
    return cases;
}

static TCase *half_written_cases(void)
{
    TCase *cases = tcase_create("half-written");

    tcase_add_test(cases, a_file_cut_within_a_line_leaves_the_former_accounts_in_force);
    tcase_add_test(cases, an_emptied_file_leaves_the_former_accounts_in_force);
    tcase_add_test(cases, what_is_left_alone_is_taken_as_it_is);
    tcase_add_test(cases, that_the_former_accounts_are_in_force_is_traced);
    tcase_add_test(cases, another_file_that_ends_within_a_line_is_taken_at_once);
    tcase_add_test(cases, a_file_that_a_writer_holds_leaves_the_former_accounts_in_force);
    tcase_add_test(cases, a_new_file_that_its_writer_still_holds_is_not_taken);
    tcase_add_test(cases, a_writer_who_only_keeps_the_file_open_does_not_keep_it_from_us);
    tcase_add_test(cases, without_former_accounts_what_there_is_answers_and_is_read_on);
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
    suite_add_tcase(suite, half_written_cases());
    suite_add_tcase(suite, safety_cases());
    return suite_run(suite);
}
