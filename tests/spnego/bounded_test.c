/* SPDX-License-Identifier: MIT */
/* bounded_test.c - work that is waited for no longer than told: what is late ends
 * alone, and forks, signals and the number of threads are what bounded.h says. */

#include "config.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "sanitized.h"
#include "spnego/bounded.h"
#include "suite.h"

static sem_t go_on, dropped;
static atomic_int runs;
static pthread_t runner;

static void set_up(void)
{
    ck_assert_int_eq(sem_init(&go_on, 0, 0), 0);
    ck_assert_int_eq(sem_init(&dropped, 0, 0), 0);
    atomic_store(&runs, 0);
}

static void run_at_once(void *arg)
{
    *(int *)arg = 7;
    runner = pthread_self();
}

static void run_when_told(void *arg)
{
    (void)arg;
    atomic_fetch_add(&runs, 1);
    while (sem_wait(&go_on) != 0)
        continue;
}

static void drop(void *arg)
{
    (void)arg;
    sem_post(&dropped);
}

static void wait_for_drops(int count)
{
    for (int i = 0; i < count; i++)
        while (sem_wait(&dropped) != 0)
            continue;
}

START_TEST(what_is_done_in_time_is_the_callers)
{
    int value = 0;

    ck_assert_int_eq(bounded_run(60000, run_at_once, drop, &value), BOUNDED_DONE);
    ck_assert_int_eq(value, 7);
    ck_assert(!pthread_equal(runner, pthread_self()));
    ck_assert_int_ne(sem_trywait(&dropped), 0);
}
END_TEST

START_TEST(what_is_late_ends_alone)
{
    ck_assert_int_eq(bounded_run(0, run_when_told, drop, NULL), BOUNDED_LATE);
    ck_assert_int_ne(sem_trywait(&dropped), 0);
    sem_post(&go_on);
    wait_for_drops(1);
}
END_TEST

START_TEST(so_many_threads_there_are_and_no_more)
{
    int value = 0;

    for (int i = 0; i < BOUNDED_THREADS_MAX; i++)
        ck_assert_int_eq(bounded_run(0, run_when_told, drop, NULL), BOUNDED_LATE);
    ck_assert_int_eq(bounded_run(0, run_when_told, drop, NULL), BOUNDED_TOO_MANY);
    for (int i = 0; i < BOUNDED_THREADS_MAX; i++)
        sem_post(&go_on);
    wait_for_drops(BOUNDED_THREADS_MAX);
    ck_assert_int_eq(atomic_load(&runs), BOUNDED_THREADS_MAX);
    ck_assert_int_eq(bounded_run(60000, run_at_once, drop, &value), BOUNDED_DONE);
}
END_TEST

/* A child has none of its parent's threads, so none of them counts there. */
static bool has_all_its_threads(void *arg)
{
    int value = 0;

    (void)arg;
    for (int i = 0; i < BOUNDED_THREADS_MAX; i++)
        if (bounded_run(60000, run_at_once, drop, &value) != BOUNDED_DONE)
            return false;
    return value == 7;
}

START_TEST(a_forked_child_begins_with_none)
{
    if (is_sanitized()) {
        printf("ok - a_forked_child_begins_with_none # SKIP a sanitizer's own locks are not "
               "given back in a child\n");
        return;
    }
    for (int i = 0; i < BOUNDED_THREADS_MAX; i++)
        ck_assert_int_eq(bounded_run(0, run_when_told, drop, NULL), BOUNDED_LATE);
    ck_assert(holds_in_child(has_all_its_threads, NULL));
    for (int i = 0; i < BOUNDED_THREADS_MAX; i++)
        sem_post(&go_on);
    wait_for_drops(BOUNDED_THREADS_MAX);
}
END_TEST

static sigset_t blocked;

static void look_at_signals(void *arg)
{
    (void)arg;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
}

START_TEST(signals_are_the_programs_threads)
{
    sigset_t own;

    ck_assert_int_eq(bounded_run(60000, look_at_signals, drop, NULL), BOUNDED_DONE);
    ck_assert_int_eq(sigismember(&blocked, SIGTERM), 1);
    ck_assert_int_eq(sigismember(&blocked, SIGALRM), 1);
    pthread_sigmask(SIG_SETMASK, NULL, &own);
    ck_assert_int_eq(sigismember(&own, SIGTERM), 0);
}
END_TEST

START_TEST(a_process_ends_while_one_is_out)
{
    int status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        bounded_run(0, run_when_told, drop, NULL);
        exit(3);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_bounded");
    TCase *cases = tcase_create("bounded");

    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_test(cases, what_is_done_in_time_is_the_callers);
    tcase_add_test(cases, what_is_late_ends_alone);
    tcase_add_test(cases, so_many_threads_there_are_and_no_more);
    tcase_add_test(cases, a_forked_child_begins_with_none);
    tcase_add_test(cases, signals_are_the_programs_threads);
    tcase_add_test(cases, a_process_ends_while_one_is_out);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
