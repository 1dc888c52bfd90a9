/* SPDX-License-Identifier: MIT */
/* trace_test.c - where the trace goes, what its lines look like, and what it
 * refuses. Because a process looks at its environment once, the tests of the
 * environment run this program again with an argument. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <regex.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "ntlm/bytes.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/trace.h"

/* The trace stays open. */
const char suite_kept_open[] = "/";

static const char *self; /* this program */

/* Runs this program with only these variables and with its standard output
 * and error in "out" and "err". It says on its output whether the trace is on,
 * and traces "emitted". */
static void run_with(char *const environment[])
{
    const char *out = scratch_write("out", ""), *err = scratch_write("err", "");
    int status;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        char *arguments[] = {strdup(self), strdup("emit"), NULL};
        dup2(open(out, O_WRONLY | O_APPEND), STDOUT_FILENO);
        dup2(open(err, O_WRONLY | O_APPEND), STDERR_FILENO);
        execve(self, arguments, environment);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}

static int emit(void)
{
    puts(trace_on() ? "on" : "off");
    trace("emitted");
    return 0;
}

/* "NAME=path of file", until the next call for this slot. */
static char *variable(int slot, const char *name, const char *path)
{
    static char made[2][256];

    snprintf(made[slot], sizeof(made[slot]), "%s=%s", name, path);
    return made[slot];
}

static bool matches(const char *text, const char *pattern)
{
    regex_t regex;
    bool found;

    ck_assert_int_eq(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    found = regexec(&regex, text, 0, NULL, 0) == 0;
    regfree(&regex);
    return found;
}

static void begin(const char *name)
{
    unlink(scratch_path(name));
    ck_assert_int_eq(trace_open(scratch_path(name)), 0);
}

/* The number of the descriptor that the trace has just opened. */
static int newest_descriptor(void)
{
    int next = open("/dev/null", O_RDONLY | O_CLOEXEC);

    close(next);
    return next - 1;
}

START_TEST(nothing_is_traced_unless_the_environment_says_so)
{
    char *environment[] = {variable(0, "NTLM_TRACE", ""), NULL};

    run_with(environment);
    ck_assert_str_eq(scratch_read("out"), "off\n");
    ck_assert_str_eq(scratch_read("err"), "");
}
END_TEST

START_TEST(ntlm_trace_names_the_file)
{
    char *environment[] = {variable(0, "NTLM_TRACE", scratch_path("by-name")), NULL};
    struct stat st;

    run_with(environment);
    ck_assert_str_eq(scratch_read("out"), "on\n");
    ck_assert_ptr_nonnull(strstr(scratch_read("by-name"), " emitted\n"));
    ck_assert_int_eq(stat(scratch_path("by-name"), &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
}
END_TEST

START_TEST(gssntlmssp_debug_names_the_file_too)
{
    char *environment[] = {variable(0, "GSSNTLMSSP_DEBUG", scratch_path("by-other")), NULL};

    run_with(environment);
    ck_assert_ptr_nonnull(strstr(scratch_read("by-other"), " emitted\n"));
}
END_TEST

START_TEST(ntlm_trace_is_asked_first)
{
    char *environment[] = {variable(0, "GSSNTLMSSP_DEBUG", scratch_path("not-here")),
                           variable(1, "NTLM_TRACE", scratch_path("but-here")), NULL};

    run_with(environment);
    ck_assert_int_ne(access(scratch_path("not-here"), F_OK), 0);
    ck_assert_ptr_nonnull(strstr(scratch_read("but-here"), " emitted\n"));
}
END_TEST

START_TEST(the_standard_error_has_three_names)
{
    static const char *const names[] = {"-", "stderr", "/dev/stderr"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char *environment[] = {variable(0, "NTLM_TRACE", names[i]), NULL};
        run_with(environment);
        ck_assert_ptr_nonnull(strstr(scratch_read("err"), " emitted\n"));
    }
}
END_TEST

START_TEST(the_standard_output_has_one_name)
{
    char *environment[] = {variable(0, "NTLM_TRACE", "/dev/stdout"), NULL};

    run_with(environment);
    ck_assert_ptr_nonnull(strstr(scratch_read("out"), " emitted\n"));
    ck_assert_str_eq(scratch_read("err"), "");
}
END_TEST

START_TEST(a_file_that_cannot_be_opened_leaves_the_trace_off_and_silent)
{
    char *environment[] = {variable(0, "NTLM_TRACE", "/nonexistent/directory/log"), NULL};

    run_with(environment);
    ck_assert_str_eq(scratch_read("out"), "off\n");
    ck_assert_str_eq(scratch_read("err"), "");
}
END_TEST

START_TEST(a_line_has_time_process_and_thread)
{
    char pattern[200];

    begin("log");
    trace("%s of %d", "line", 1);
    snprintf(pattern, sizeof(pattern),
             "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z %ld/%ld "
             "line of 1\n$",
             (long)getpid(), (long)gettid());
    ck_assert_msg(matches(scratch_read("log"), pattern), "%s", scratch_read("log"));
}
END_TEST

START_TEST(lines_are_appended_to_what_is_there)
{
    ck_assert_int_eq(trace_open(scratch_write("log", "before\n")), 0);
    trace("after");
    ck_assert(matches(scratch_read("log"), "^before\n.* after\n$"));
}
END_TEST

START_TEST(a_name_cannot_forge_a_line)
{
    begin("log");
    trace("user %s", "x\n2024-01-01T00:00:00.000Z 1/1 let in\r\n");
    ck_assert(matches(scratch_read("log"), "^[^\n]*user x\\\\x0a2024[^\n]*\\\\x0d\\\\x0a\n$"));
}
END_TEST

START_TEST(a_line_too_long_is_cut_and_still_ends)
{
    char text[5000];
    size_t len;

    memset(text, '\x01', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    begin("log");
    trace("%s", text);
    len = strlen(scratch_read("log"));
    ck_assert_uint_lt(len, 2000);
    ck_assert_int_eq(scratch_read("log")[len - 1], '\n');
}
END_TEST

START_TEST(a_token_is_told_in_indented_lines_without_its_responses)
{
    /* a NEGOTIATE message of 32 bytes */
    static const uint8_t token[32] = "NTLMSSP\0\1\0\0\0\7\x82\x08\xa2";

    begin("log");
    trace_token("initiator sends", ntlm_bytes(token, sizeof(token)));
    ck_assert_msg(matches(scratch_read("log"),
                          "^[^ ]+ [^ ]+ initiator sends NEGOTIATE, 32 bytes[^\n]*\n"
                          "[^ ]+ [^ ]+     [^\n]+\n"),
                  "%s", scratch_read("log"));
}
END_TEST

START_TEST(a_token_that_is_none_is_told_too)
{
    begin("log");
    trace_token("acceptor takes", ntlm_bytes("garbage", 7));
    trace_token("acceptor takes", ntlm_bytes(NULL, 0));
    ck_assert(matches(scratch_read("log"), " acceptor takes "));
}
END_TEST

START_TEST(null_switches_the_trace_off)
{
    begin("log");
    trace("first");
    ck_assert(trace_on());
    ck_assert_int_eq(trace_open(NULL), 0);
    ck_assert(!trace_on());
    trace("second");
    ck_assert_ptr_null(strstr(scratch_read("log"), "second"));
}
END_TEST

START_TEST(a_symbolic_link_is_refused_and_the_trace_goes_on_where_it_was)
{
    const char *link = scratch_path("link"), *victim = scratch_write("victim", "");

    begin("log");
    ck_assert_int_eq(symlink(victim, link), 0);
    ck_assert_int_eq(trace_open(link), ELOOP);
    unlink(link);
    trace("still here");
    ck_assert_str_eq(scratch_read("victim"), "");
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "still here"));
}
END_TEST

START_TEST(a_hard_link_is_refused)
{
    const char *other = scratch_path("other"), *victim = scratch_write("victim", "");

    unsigned count;

    trace_open(NULL);
    count = suite_open_descriptors();
    ck_assert_int_eq(link(victim, other), 0);
    ck_assert_int_ne(trace_open(other), 0);
    unlink(other);
    ck_assert(!trace_on());
    ck_assert_uint_eq(suite_open_descriptors(), count);
}
END_TEST

START_TEST(an_output_that_is_left_is_closed)
{
    unsigned count;

    begin("first");
    count = suite_open_descriptors();
    begin("second");
    ck_assert_uint_eq(suite_open_descriptors(), count);
}
END_TEST

START_TEST(a_directory_is_refused)
{
    ck_assert_int_ne(trace_open("/"), 0);
}
END_TEST

START_TEST(a_pipe_nobody_reads_is_refused_at_once)
{
    const char *path = scratch_path("pipe");

    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_ne(trace_open(path), 0);
    unlink(path);
}
END_TEST

START_TEST(a_device_is_fine)
{
    ck_assert_int_eq(trace_open("/dev/null"), 0);
    trace("gone");
    trace_open(NULL);
}
END_TEST

START_TEST(anothers_file_is_refused)
{
    const char *path = scratch_write("anothers", "");

    if (geteuid() != 0) {
        puts("skipped: anothers_file_is_refused (only root can give files away)");
        return;
    }
    ck_assert_int_eq(chown(path, 4711, 4711), 0);
    ck_assert_int_ne(trace_open(path), 0);
}
END_TEST

START_TEST(a_descriptor_closed_behind_our_back_is_never_written_to)
{
    const char *path = scratch_write("database", "");
    int fd;

    trace_open(NULL);
    begin("log");
    fd = newest_descriptor();
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(open(path, O_RDWR | O_APPEND | O_CLOEXEC), fd);
    trace("not for the database");
    trace_open(NULL);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_str_eq(scratch_read("database"), "");
}
END_TEST

START_TEST(errno_survives_a_trace_line)
{
    trace_open(NULL);
    begin("log");
    ck_assert_int_eq(close(newest_descriptor()), 0); /* the line is lost */
    errno = EXDEV;
    trace("line");
    ck_assert_int_eq(errno, EXDEV);
    trace_open(NULL);
}
END_TEST

static void *write_lines(void *arg)
{
    for (int i = 0; i < 200; i++)
        trace("thread %s line of some length, so that halves would show", (const char *)arg);
    return NULL;
}

START_TEST(lines_of_many_threads_stay_whole_while_the_file_changes)
{
    static char names[4][2] = {"a", "b", "c", "d"};
    pthread_t threads[4];
    size_t lines = 0;

    begin("log");
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, write_lines, names[i]), 0);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    trace_open(NULL);
    for (const char *at = scratch_read("log"); *at; at = strchr(at, '\n') + 1, lines++)
        ck_assert(matches(at, "^[^ \n]+Z [0-9]+/[0-9]+ thread [abcd] line of some length, so "
                              "that halves would show\n"));
    ck_assert_uint_gt(lines, 0);
}
END_TEST

static TCase *environment_cases(void)
{
    TCase *cases = tcase_create("environment");

    tcase_add_test(cases, nothing_is_traced_unless_the_environment_says_so);
    tcase_add_test(cases, ntlm_trace_names_the_file);
    tcase_add_test(cases, gssntlmssp_debug_names_the_file_too);
    tcase_add_test(cases, ntlm_trace_is_asked_first);
    tcase_add_test(cases, the_standard_error_has_three_names);
    tcase_add_test(cases, the_standard_output_has_one_name);
    tcase_add_test(cases, a_file_that_cannot_be_opened_leaves_the_trace_off_and_silent);
    return cases;
}

static TCase *line_cases(void)
{
    TCase *cases = tcase_create("lines");

    tcase_add_test(cases, a_line_has_time_process_and_thread);
    tcase_add_test(cases, lines_are_appended_to_what_is_there);
    tcase_add_test(cases, a_name_cannot_forge_a_line);
    tcase_add_test(cases, a_line_too_long_is_cut_and_still_ends);
    tcase_add_test(cases, a_token_is_told_in_indented_lines_without_its_responses);
    tcase_add_test(cases, a_token_that_is_none_is_told_too);
    tcase_add_test(cases, errno_survives_a_trace_line);
    tcase_add_test(cases, lines_of_many_threads_stay_whole_while_the_file_changes);
    return cases;
}

/* Where a thread that writes a line is for a while. The linker leads that call
 * here (--wrap). */
static atomic_int writing; /* 1: is to stay there, 2: is there */

ssize_t __real_write(int fd, const void *data, size_t len);
ssize_t __wrap_write(int fd, const void *data, size_t len);

ssize_t __wrap_write(int fd, const void *data, size_t len)
{
    const struct timespec while_others_fork = {.tv_nsec = 100000000};
    int wanted = 1;

    if (atomic_compare_exchange_strong(&writing, &wanted, 2))
        nanosleep(&while_others_fork, NULL);
    return __real_write(fd, data, len);
}

static void *write_a_line(void *arg)
{
    trace("the other thread's");
    return arg;
}

static bool can_write(void *arg)
{
    (void)arg;
    trace("the child's");
    return true;
}

START_TEST(a_child_that_is_forked_while_another_thread_writes_can_write)
{
    pthread_t other;

    ck_assert_int_eq(trace_open(scratch_write("log", "")), 0);
    writing = 1;
    ck_assert_int_eq(pthread_create(&other, NULL, write_a_line, NULL), 0);
    while (writing != 2)
        sched_yield();
    ck_assert(holds_in_child(can_write, NULL));
    pthread_join(other, NULL);
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "the child's"));
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "the other thread's"));
}
END_TEST

static TCase *output_cases(void)
{
    TCase *cases = tcase_create("output");

    tcase_add_test(cases, null_switches_the_trace_off);
    tcase_add_test(cases, a_symbolic_link_is_refused_and_the_trace_goes_on_where_it_was);
    tcase_add_test(cases, a_hard_link_is_refused);
    tcase_add_test(cases, an_output_that_is_left_is_closed);
    tcase_add_test(cases, a_directory_is_refused);
    tcase_add_test(cases, a_pipe_nobody_reads_is_refused_at_once);
    tcase_add_test(cases, a_device_is_fine);
    tcase_add_test(cases, anothers_file_is_refused);
    tcase_add_test(cases, a_descriptor_closed_behind_our_back_is_never_written_to);
    tcase_add_test(cases, a_child_that_is_forked_while_another_thread_writes_can_write);
    return cases;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "emit") == 0)
        return emit();

    Suite *suite = suite_create("trace");

    self = argv[0];
    scratch_begin();
    suite_add_tcase(suite, environment_cases());
    suite_add_tcase(suite, line_cases());
    suite_add_tcase(suite, output_cases());
    return suite_run(suite);
}
