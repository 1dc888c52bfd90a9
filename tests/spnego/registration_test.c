/* SPDX-License-Identifier: MIT */
/* registration_test.c - whether a process is younger than the registration: with the files
 * that register, and with processes, of a world of the test's own (REGISTRATION_ROOT). The
 * module is this program. With real ones: registered.sh, decline.sh. */

#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "scratch.h"
#include "spnego/registration.h"
#include "suite.h"

#define MECH REGISTRATION_ROOT "/etc/gss/mech"
#define PART(name) REGISTRATION_ROOT "/etc/gss/mech.d/" name
#define LINE "spnego 1.3.6.1.5.5.2 /usr/lib/spnego_registration_test\n"

/* Seconds from now at which a process has started. */
#define LONG_AGO (-100)
#define JUST_NOW 100

static void write_file(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void write_file(const char *path, const char *format, ...)
{
    FILE *file = fopen(path, "we");
    va_list list;

    ck_assert_ptr_nonnull(file);
    va_start(list, format);
    vfprintf(file, format, list);
    va_end(list);
    ck_assert_int_eq(fclose(file), 0);
}

/* The parent 0 has none. */
static void write_process(long pid, long parent, int from_now, const char *command)
{
    struct timespec since_boot;
    char path[128];
    long long start;

    ck_assert_int_eq(clock_gettime(CLOCK_BOOTTIME, &since_boot), 0);
    start = ((long long)since_boot.tv_sec + from_now) * sysconf(_SC_CLK_TCK);
    snprintf(path, sizeof(path), REGISTRATION_ROOT "/proc/%ld", pid);
    ck_assert(mkdir(path, 0700) == 0 || errno == EEXIST);
    snprintf(path, sizeof(path), REGISTRATION_ROOT "/proc/%ld/stat", pid);
    write_file(path, "%ld (a ) (b) S %ld 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 %lld 9 9", pid,
               parent, start);
    snprintf(path, sizeof(path), REGISTRATION_ROOT "/proc/%ld/cmdline", pid);
    write_file(path, "%s", command);
}

/* The machine has run for a thousand seconds more than it has, so that there are times
 * before the test's. The linker leads the call here (--wrap). */
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = __real_clock_gettime(clock, time);

    if (clock == CLOCK_BOOTTIME)
        time->tv_sec += 1000;
    return result;
}

static void begin(void)
{
    const char *const folders[] = {
        REGISTRATION_ROOT, REGISTRATION_ROOT "/etc", REGISTRATION_ROOT "/etc/gss",
        REGISTRATION_ROOT "/etc/gss/mech.d", REGISTRATION_ROOT "/proc"};

    ck_assert_int_eq(chdir(scratch_path("")), 0);
    ck_assert_int_eq(system("rm -rf " REGISTRATION_ROOT), 0);
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        ck_assert_int_eq(mkdir(folders[i], 0700), 0);
    unsetenv("GSS_MECH_CONFIG");
    write_process(getpid(), 1, JUST_NOW, "program");
}

START_TEST(who_is_not_registered_is_not_ours)
{
    ck_assert(!registration_is_ours());
    write_file(MECH, "# " LINE "spnego 1.3.6.1.5.5.2 /usr/lib/another\n");
    write_file(PART("a.conf"), "#" LINE);
    write_file(PART("b.other"), LINE);
    ck_assert(!registration_is_ours());
    write_file(PART("c.conf"), "\n# text\n" LINE);
    ck_assert(registration_is_ours());
    write_process(getpid(), 1, LONG_AGO, "program");
    ck_assert(!registration_is_ours());
}
END_TEST

START_TEST(a_file_that_cannot_be_read_registers_nobody)
{
    ck_assert_int_eq(symlink("nowhere", MECH), 0);
    ck_assert_int_eq(mkdir(PART("a.conf"), 0700), 0);
    ck_assert(!registration_is_ours());
    setenv("GSS_MECH_CONFIG", scratch_path("none"), 1);
    ck_assert(!registration_is_ours());
    if (geteuid() != 0) {
        setenv("GSS_MECH_CONFIG", scratch_write("shut", LINE), 1);
        ck_assert_int_eq(chmod(scratch_path("shut"), 0), 0);
        ck_assert(!registration_is_ours());
    }
}
END_TEST

START_TEST(the_file_that_the_environment_names_is_the_only_one)
{
    write_file(MECH, LINE);
    setenv("GSS_MECH_CONFIG", scratch_write("other", "# nothing\n"), 1);
    ck_assert(!registration_is_ours());
    setenv("GSS_MECH_CONFIG", scratch_write("other", LINE), 1);
    ck_assert(registration_is_ours());
}
END_TEST

/* Until the file's change is later than the link's: both have the kernel's ticks. */
START_TEST(a_link_is_as_new_as_what_it_leads_to)
{
    struct stat link, file;

    ck_assert_int_eq(symlink("registered", MECH), 0);
    do {
        write_file(REGISTRATION_ROOT "/etc/gss/registered", LINE);
        ck_assert_int_eq(lstat(MECH, &link) || stat(MECH, &file), 0);
    } while (link.st_ctim.tv_sec == file.st_ctim.tv_sec &&
             link.st_ctim.tv_nsec == file.st_ctim.tv_nsec);
    ck_assert(registration_is_ours());
    write_process(getpid(), 1, LONG_AGO, "program");
    ck_assert(!registration_is_ours());
}
END_TEST

/* What the process's parents are, and whether it is as old as one that is too old. */
static const struct {
    const char *own, *parent, *grandparent; /* commands; the last began long ago */
    bool ours;
} families[] = {
    {"server", "shell", "init", true},       {"server", "server", "init", true},
    {"server", "server", "server", false},   {"server", "serves", "server", true},
    {"server", "server -d", "server", true}, {"", "", "", true},
};

START_TEST(a_forked_process_is_as_old_as_the_first)
{
    write_file(MECH, LINE);
    write_process(getpid(), 2000000, JUST_NOW, families[_i].own);
    write_process(2000000, 2000001, JUST_NOW, families[_i].parent);
    write_process(2000001, 1, LONG_AGO, families[_i].grandparent);
    ck_assert(registration_is_ours() == families[_i].ours);
}
END_TEST

START_TEST(a_parent_of_which_nothing_is_known_ends_it)
{
    write_file(MECH, LINE);
    write_process(getpid(), 2000000, JUST_NOW, "server");
    ck_assert(registration_is_ours()); /* it is gone, or another's to see */
    write_process(2000000, 1, JUST_NOW, "server");
    ck_assert(registration_is_ours());
    write_file(REGISTRATION_ROOT "/proc/2000000/stat", "%s", "");
    ck_assert(!registration_is_ours());
}
END_TEST

/* No process has so many; only then is its beginning not looked for. */
START_TEST(generations_are_bounded)
{
    write_file(MECH, LINE);
    write_process(getpid(), 2000000, JUST_NOW, "server");
    for (long i = 0; i < 40; i++)
        write_process(2000000 + i, 2000000 + (i + 1) % 40, JUST_NOW, "server");
    ck_assert(registration_is_ours());
}
END_TEST

static const char *const broken[] = {"",
                                     "17",
                                     "17 (a",
                                     "17 (a) S",
                                     "17 (a) S 1 2 3",
                                     "17 (a) S x 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 5"};

START_TEST(a_process_that_does_not_say_when_it_began_is_not_ours)
{
    char path[128];

    write_file(MECH, LINE);
    snprintf(path, sizeof(path), REGISTRATION_ROOT "/proc/%ld/stat", (long)getpid());
    write_file(path, "%s", broken[_i]);
    ck_assert(!registration_is_ours());
    ck_assert_int_eq(unlink(path), 0);
    ck_assert(!registration_is_ours());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_registration");
    TCase *cases = tcase_create("registration");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, who_is_not_registered_is_not_ours);
    tcase_add_test(cases, a_file_that_cannot_be_read_registers_nobody);
    tcase_add_test(cases, the_file_that_the_environment_names_is_the_only_one);
    tcase_add_test(cases, a_link_is_as_new_as_what_it_leads_to);
    tcase_add_loop_test(cases, a_forked_process_is_as_old_as_the_first, 0,
                        sizeof(families) / sizeof(families[0]));
    tcase_add_test(cases, a_parent_of_which_nothing_is_known_ends_it);
    tcase_add_test(cases, generations_are_bounded);
    tcase_add_loop_test(cases, a_process_that_does_not_say_when_it_began_is_not_ours, 0,
                        sizeof(broken) / sizeof(broken[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
