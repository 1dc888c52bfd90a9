/* SPDX-License-Identifier: MIT */
/* half_test.c - an account file that somebody is writing over: its
 * previous accounts stay in force until it is whole again. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "support/trace.h"
#include "userfile_fixture.h"

START_TEST(a_file_cut_within_a_line_leaves_the_previous_accounts_in_force)
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

START_TEST(an_emptied_file_leaves_the_previous_accounts_in_force)
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

START_TEST(that_the_previous_accounts_are_in_force_is_traced)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    write_in_place(O_TRUNC, "DOM:al");
    begin_trace();
    ck_assert(knows("alice"));
    ck_assert_int_eq(count_traced("accounts is being written: its previous accounts"), 1);
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

/* What somebody else does while the file, which was changed just now, is left
 * alone for a moment before it is read. The linker leads that sleep here
 * (--wrap). */
static void (*meanwhile)(void);
static bool was_left_alone;

int __real_nanosleep(const struct timespec *wanted, struct timespec *left);
int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left);

int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left)
{
    if (meanwhile)
        meanwhile();
    was_left_alone = true;
    return __real_nanosleep(wanted, left);
}

static void append_a_line(void)
{
    write_in_place(O_APPEND, "DOM:bob:two\n");
}

static void replace(void)
{
    rename_over("DOM:alice:three\n");
}

/* Whether alice has this password in a file that was changed just now, while
 * somebody does that. */
static bool has_meanwhile(void (*what)(void), const char *password)
{
    bool same;

    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    write_in_place(O_TRUNC, "DOM:alice:changed\n");
    meanwhile = what;
    was_left_alone = false;
    same = has(accounts, "alice", password);
    meanwhile = NULL;
    ck_assert(was_left_alone);
    return same;
}

START_TEST(a_file_that_grows_line_by_line_leaves_the_previous_accounts_in_force)
{
    ck_assert(has_meanwhile(append_a_line, "one"));
    ck_assert(has(accounts, "alice", "changed"));
    ck_assert(has(accounts, "bob", "two"));
}
END_TEST

START_TEST(a_file_that_is_replaced_before_it_is_read_is_not_read)
{
    ck_assert(has_meanwhile(replace, "three"));
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

START_TEST(a_file_that_a_writer_holds_leaves_the_previous_accounts_in_force)
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

START_TEST(without_previous_accounts_what_there_is_answers_and_is_read_on)
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

/* As far as it is written, the password may be any part of what it is going to
 * be: nothing at all, with which anybody could log in. */
START_TEST(without_previous_accounts_a_password_in_the_making_is_none)
{
    int fd;

    accounts = scratch_write("unfinished", "");
    if (!leases_tell("a_password_in_the_making"))
        return;
    fd = open_in_place(0);
    put(fd, "DOM:alice:one\nDOM:bob:");
    ck_assert(has(accounts, "alice", "one"));
    ck_assert(!knows("bob"));
    put(fd, "two");
    ck_assert(!knows("bob"));
    let_time_pass();
    ck_assert(has(accounts, "bob", "two"));
    close(fd);
}
END_TEST

/* A file server that gives its client no delegation, and the client therefore
 * nobody a lease. The linker leads those calls here (--wrap). */
static bool on_a_file_server;

int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __real_fstatfs(int fd, struct statfs *stat);
int __wrap_fstatfs(int fd, struct statfs *stat);

int __wrap_fcntl(int fd, int command, ...)
{
    va_list arguments;
    unsigned long argument;

    va_start(arguments, command);
    argument = va_arg(arguments, unsigned long);
    va_end(arguments);
    if (on_a_file_server && command == F_SETLEASE) {
        errno = EAGAIN;
        return -1;
    }
    return __real_fcntl(fd, command, argument);
}

int __wrap_fstatfs(int fd, struct statfs *stat)
{
    int result = __real_fstatfs(fd, stat);

    if (on_a_file_server)
        stat->f_type = NFS_SUPER_MAGIC;
    return result;
}

START_TEST(a_lease_that_a_file_server_does_not_give_is_no_sign_of_a_writer)
{
    begin("DOM:alice:one\n");
    ck_assert(knows("alice"));
    on_a_file_server = true;
    rename_over("DOM:alice:two\n");
    ck_assert(has(accounts, "alice", "two"));
    on_a_file_server = false;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("account file half-written");
    TCase *cases = tcase_create("half-written");

    scratch_begin();
    tcase_add_test(cases, a_file_cut_within_a_line_leaves_the_previous_accounts_in_force);
    tcase_add_test(cases, an_emptied_file_leaves_the_previous_accounts_in_force);
    tcase_add_test(cases, what_is_left_alone_is_taken_as_it_is);
    tcase_add_test(cases, that_the_previous_accounts_are_in_force_is_traced);
    tcase_add_test(cases, another_file_that_ends_within_a_line_is_taken_at_once);
    tcase_add_test(cases, a_file_that_a_writer_holds_leaves_the_previous_accounts_in_force);
    tcase_add_test(cases, a_new_file_that_its_writer_still_holds_is_not_taken);
    tcase_add_test(cases, a_writer_who_only_keeps_the_file_open_does_not_keep_it_from_us);
    tcase_add_test(cases, without_previous_accounts_what_there_is_answers_and_is_read_on);
    tcase_add_test(cases, without_previous_accounts_a_password_in_the_making_is_none);
    tcase_add_test(cases, a_lease_that_a_file_server_does_not_give_is_no_sign_of_a_writer);
    tcase_add_test(cases, a_file_that_grows_line_by_line_leaves_the_previous_accounts_in_force);
    tcase_add_test(cases, a_file_that_is_replaced_before_it_is_read_is_not_read);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
