/* SPDX-License-Identifier: MIT */
/* sharing_test.c - one account file used by many threads and by the
 * children of fork, while somebody changes it. */

#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "ntlm/keys.h"
#include "scratch.h"
#include "suite.h"
#include "support/trace.h"
#include "userfile_query.h"

/* AddressSanitizer's allocator does not survive the fork of busy threads. */
#ifdef __SANITIZE_ADDRESS__
#define NO_FORK_OF_BUSY_THREADS
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NO_FORK_OF_BUSY_THREADS
#endif
#endif

#define READERS 4
#define VERSIONS 24
#define MANY 20000 /* lines, which take a while to index */

static const char *accounts;
static atomic_bool stop;
static atomic_uint wrong; /* answers that no version of the file gives */

/* Version n of the file: some users, and one who comes last, each with the
 * password "version n". */
static const char *version_of(unsigned lines, unsigned n)
{
    static char text[40 * MANY];
    size_t used = 0;

    for (unsigned i = 0; i < lines; i++)
        used += (size_t)sprintf(text + used, "DOM:user%u:version %u\n", i, n);
    sprintf(text + used, "DOM:last:version %u\n", n);
    return text;
}

static const char *version(unsigned n)
{
    return version_of(500, n);
}

static bool has_version(const char *user, unsigned n)
{
    char password[32];
    struct account account;
    uint8_t hash[16];
    bool same;

    snprintf(password, sizeof(password), "version %u", n);
    same = !userfile_find(accounts, &QUERY(user, "DOM"), &account) &&
           !ntlm_nt_hash(password, strlen(password), hash) &&
           memcmp(account.nt_hash, hash, sizeof(hash)) == 0;
    account_clear(&account);
    return same;
}

static void *ask_for_the_last(void *arg)
{
    (void)arg;
    while (!stop) {
        struct account account;
        bool found = !userfile_find(accounts, &QUERY("LAST", "dom"), &account) &&
                     strcmp(account.user, "last") == 0 && account.has_nt_hash;

        wrong += !found;
        account_clear(&account);
    }
    return NULL;
}

static void *ask_for_nobody(void *arg)
{
    (void)arg;
    while (!stop) {
        struct account account;

        wrong +=
            userfile_find(accounts, &QUERY("nobody", "DOM"), &account) != NTLM_ERR_NO_SUCH_LINE;
        account_clear(&account);
    }
    return NULL;
}

static void rename_over(const char *text)
{
    ck_assert_int_eq(rename(scratch_write("accounts.new", text), accounts), 0);
}

/* In pieces, the first of which ends within a line. */
static void write_in_place(const char *text)
{
    int fd = open(accounts, O_WRONLY | O_TRUNC);
    size_t len = strlen(text), half = len / 2;

    while (text[half - 1] == '\n')
        half++;
    ck_assert_int_eq(write(fd, text, half), (ssize_t)half);
    ck_assert_int_eq(write(fd, text + half, len - half), (ssize_t)(len - half));
    close(fd);
}

static void begin_asking(pthread_t readers[READERS], void *(*ask)(void *))
{
    accounts = scratch_write("accounts", version(0));
    ck_assert(has_version("last", 0));
    stop = false;
    wrong = 0;
    for (size_t i = 0; i < READERS; i++)
        ck_assert_int_eq(
            pthread_create(&readers[i], NULL, i == 0 ? ask_for_the_last : ask, NULL), 0);
}

static void end_asking(pthread_t readers[READERS])
{
    stop = true;
    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    ck_assert_uint_eq(wrong, 0);
}

START_TEST(threads_never_see_half_a_file_whoever_writes_it)
{
    pthread_t readers[READERS];

    begin_asking(readers, ask_for_nobody);
    for (unsigned n = 1; n <= VERSIONS; n++) {
        if (n % 2)
            write_in_place(version(n));
        else
            rename_over(version(n));
        ck_assert_msg(has_version("last", n), "version %u is not seen", n);
        ck_assert(has_version("user0", n));
    }
    end_asking(readers);
}
END_TEST

static int count_readings(void)
{
    int count = 0;

    for (const char *at = scratch_read("log"); (at = strstr(at, "accounts indexed")); at++)
        count++;
    return count;
}

/* Who waited for a reading opens the file only then. */
START_TEST(no_thread_reads_what_was_replaced_while_it_waited)
{
    const struct timespec pause = {.tv_nsec = 30000000}; /* shorter than a reading */
    pthread_t readers[READERS];
    char name[32];

    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    for (unsigned n = 1; n <= VERSIONS; n++) {
        snprintf(name, sizeof(name), "version%u", n);
        scratch_write(name, version_of(MANY / 2, n));
    }
    begin_asking(readers, ask_for_the_last);
    for (unsigned n = 1; n <= VERSIONS; n++) {
        snprintf(name, sizeof(name), "version%u", n);
        ck_assert_int_eq(rename(scratch_path(name), accounts), 0);
        nanosleep(&pause, NULL);
    }
    ck_assert(has_version("last", VERSIONS));
    end_asking(readers);
    trace_open(NULL);
    ck_assert_int_le(count_readings(), 1 + VERSIONS);
}
END_TEST

START_TEST(threads_that_want_a_new_file_have_one_of_them_read_it)
{
    pthread_t readers[READERS];
    int count;

    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    begin_asking(readers, ask_for_the_last);
    rename_over(version_of(MANY, 1));
    ck_assert(has_version("last", 1));
    end_asking(readers);
    trace_open(NULL);
    count = count_readings();
    /* the previous one, and the new; the previous once more if the rename was met
     * halfway: not one for each thread */
    ck_assert_int_ge(count, 2);
    ck_assert_int_le(count, 3);
}
END_TEST

#define FILES 40 /* more than are kept */
static const char *files[FILES];

static void *ask_each_file(void *arg)
{
    unsigned first = (unsigned)(uintptr_t)arg;

    for (unsigned i = 0; i < 5 * FILES; i++) {
        unsigned n = (first + i * 7) % FILES;
        struct account account;
        char user[16];

        snprintf(user, sizeof(user), "user%u", n);
        wrong += userfile_find(files[n], &QUERY(user, "DOM"), &account) ? 1 : 0;
        account_clear(&account);
    }
    return NULL;
}

START_TEST(threads_that_use_more_files_than_are_kept_get_the_right_ones)
{
    pthread_t readers[READERS];

    wrong = 0;
    for (unsigned n = 0; n < FILES; n++) {
        char name[16], text[32];

        snprintf(name, sizeof(name), "file%u", n);
        snprintf(text, sizeof(text), "DOM:user%u:pw\n", n);
        files[n] = scratch_write(name, text);
    }
    for (size_t i = 0; i < READERS; i++)
        ck_assert_int_eq(
            pthread_create(&readers[i], NULL, ask_each_file, (void *)(uintptr_t)(i * 3)), 0);
    for (size_t i = 0; i < READERS; i++)
        pthread_join(readers[i], NULL);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

static bool goes_on_and_follows_changes(void *arg)
{
    (void)arg;
    if (!has_version("last", 0))
        return false;
    rename_over(version(1));
    return has_version("last", 1);
}

START_TEST(a_child_goes_on_with_its_parents_index_and_follows_changes_by_itself)
{
    accounts = scratch_write("accounts", version(0));
    ck_assert(has_version("last", 0));
    ck_assert(holds_in_child(goes_on_and_follows_changes, NULL));
    ck_assert(has_version("last", 1));
}
END_TEST

#ifndef NO_FORK_OF_BUSY_THREADS
static bool sees_the_version_it_was_forked_at(void *arg)
{
    const unsigned *forked_at = arg;

    return has_version("last", *forked_at) && has_version("user0", *forked_at);
}

START_TEST(a_child_that_is_forked_while_others_read_the_file_can_read_it)
{
    pthread_t readers[READERS];

    begin_asking(readers, ask_for_nobody);
    for (unsigned forked_at = 1; forked_at <= 8; forked_at++) {
        /* they wait for a moment before they read it */
        const struct timespec until_then = {.tv_nsec = 20000000 + (long)forked_at * 1000000};

        rename_over(version_of(MANY, forked_at));
        nanosleep(&until_then, NULL);
        ck_assert(holds_in_child(sees_the_version_it_was_forked_at, &forked_at));
    }
    end_asking(readers);
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("account file shared");
    TCase *cases = tcase_create("sharing");

    scratch_begin();
    tcase_add_test(cases, threads_never_see_half_a_file_whoever_writes_it);
    tcase_add_test(cases, no_thread_reads_what_was_replaced_while_it_waited);
    tcase_add_test(cases, threads_that_want_a_new_file_have_one_of_them_read_it);
    tcase_add_test(cases, threads_that_use_more_files_than_are_kept_get_the_right_ones);
    tcase_add_test(cases, a_child_goes_on_with_its_parents_index_and_follows_changes_by_itself);
#ifndef NO_FORK_OF_BUSY_THREADS
    tcase_add_test(cases, a_child_that_is_forked_while_others_read_the_file_can_read_it);
#endif
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
