/* SPDX-License-Identifier: MIT */
/* socket_test.c - the log's sockets: which one is taken, and that a log which is not
 * there, is full, or is something else costs nothing but the record. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/socket.h"
#include "scratch.h"
#include "suite.h"
#include "system_log.h"

static const char *journal, *syslog_path;

static void begin(void)
{
    scratch_begin();
    journal = scratch_path("journal");
    syslog_path = scratch_path("log");
    unlink(journal);
    unlink(syslog_path);
}

static struct audit_socket open_log(void)
{
    return audit_socket_open(journal, syslog_path);
}

static void send_text(struct audit_socket log, const char *text)
{
    char copy[4096];
    struct iovec part = {copy, strlen(text)};

    strcpy(copy, text);
    audit_socket_send(&log, &part, 1);
    ck_assert_int_eq(log.fd, -1);
}

START_TEST(the_journal_comes_before_syslog)
{
    int first = system_log_listen(journal, SOCK_DGRAM);
    int second = system_log_listen(syslog_path, SOCK_DGRAM);
    struct audit_socket log = open_log();

    ck_assert(log.journal);
    send_text(log, "A=1\n");
    ck_assert_str_eq(system_log_next(first), "A=1\n");
    ck_assert_str_eq(system_log_next(second), "");
    close(first);
    close(second);
}
END_TEST

START_TEST(syslog_is_taken_where_no_journal_answers)
{
    int types[] = {SOCK_DGRAM, SOCK_STREAM};
    int fd = system_log_listen(syslog_path, types[_i]);
    struct audit_socket log;

    close(system_log_listen(journal, SOCK_DGRAM)); /* a daemon that is gone */
    log = open_log();
    ck_assert(!log.journal);
    ck_assert_int_eq(log.stream, _i);
    send_text(log, "<37>x: y");
    ck_assert_str_eq(system_log_next(fd), _i ? "<37>x: y\n" : "<37>x: y");
    close(fd);
}
END_TEST

START_TEST(without_a_log_there_is_no_socket_and_errno_stays)
{
    errno = EXDEV;
    ck_assert_int_eq(open_log().fd, -1);
    ck_assert_int_eq(errno, EXDEV);
    scratch_write("log", "a file");
    ck_assert_int_eq(open_log().fd, -1);
    unlink(syslog_path);
    ck_assert_int_eq(mkfifo(syslog_path, 0600), 0);
    ck_assert_int_eq(open_log().fd, -1);
    unlink(syslog_path);
    ck_assert_int_eq(symlink(syslog_path, syslog_path), 0);
    errno = EXDEV;
    ck_assert_int_eq(open_log().fd, -1);
    ck_assert_int_eq(errno, EXDEV);
}
END_TEST

START_TEST(a_path_that_is_too_long_is_no_socket)
{
    char path[256];

    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    ck_assert_int_eq(audit_socket_open(path, path).fd, -1);
}
END_TEST

/* Nobody reads: the queue is full after a while, and nothing waits for it. */
START_TEST(a_full_log_is_not_waited_for)
{
    int types[] = {SOCK_DGRAM, SOCK_STREAM};
    int fd = system_log_listen(syslog_path, types[_i]);

    for (int i = 0; i < 2000; i++) {
        struct audit_socket log = open_log();

        errno = EXDEV;
        if (log.fd >= 0)
            send_text(log, "<37>x: y");
        ck_assert_int_eq(errno, EXDEV);
    }
    close(fd);
}
END_TEST

START_TEST(a_log_that_goes_away_raises_no_signal)
{
    int fd = system_log_listen(syslog_path, SOCK_STREAM);
    struct audit_socket log = open_log();

    close(fd);
    send_text(log, "<37>x: y");
}
END_TEST

static int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

START_TEST(no_descriptor_is_kept_and_none_goes_to_a_new_program)
{
    int fd = system_log_listen(syslog_path, SOCK_DGRAM);
    int before = descriptors();
    struct audit_socket log = open_log();

    ck_assert_int_eq(fcntl(log.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    ck_assert_int_eq(descriptors(), before + 1);
    send_text(log, "<37>x: y");
    ck_assert_int_eq(descriptors(), before);
    close(fd);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("socket");
    TCase *cases = tcase_create("socket");

    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, the_journal_comes_before_syslog);
    tcase_add_loop_test(cases, syslog_is_taken_where_no_journal_answers, 0, 2);
    tcase_add_test(cases, without_a_log_there_is_no_socket_and_errno_stays);
    tcase_add_test(cases, a_path_that_is_too_long_is_no_socket);
    tcase_add_loop_test(cases, a_full_log_is_not_waited_for, 0, 2);
    tcase_add_test(cases, a_log_that_goes_away_raises_no_signal);
    tcase_add_test(cases, no_descriptor_is_kept_and_none_goes_to_a_new_program);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
