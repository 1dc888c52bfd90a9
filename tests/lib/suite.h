/* SPDX-License-Identifier: MIT */
/* suite.h - the few lines that every unit test's main would repeat. */

#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sanitized.h"

/* An old macro of Check's, in the way of failure.h's function. */
#undef fail

/* How long a test may take, where its environment does not say: so long that
 * only one that hangs is stopped, also under sanitizers on a busy machine.
 * Check's own four seconds are not. */
__attribute__((constructor)) static inline void be_patient(void)
{
    setenv("CK_DEFAULT_TIMEOUT", "300", 0);
}

/* Whether Check runs each test in this process (CK_FORK=no, as under valgrind). For
 * tests that need a process in which nothing has begun yet: they are skipped then,
 * by this name, for this reason. */
static inline bool skipped_without_fork(const char *test)
{
    const char *forks = getenv("CK_FORK");

    if (!forks || strcmp(forks, "no") != 0)
        return false;
    printf("ok - %s # SKIP it needs a process of its own\n", test);
    return true;
}

/* Whether a sanitizer or valgrind has malloc. For tests that search memory, or have a free
 * of their own. */
static inline bool skipped_sanitized(const char *test)
{
    if (!is_sanitized())
        return false;
    printf("ok - %s # SKIP a sanitizer or valgrind has malloc\n", test);
    fflush(stdout);
    return true;
}

/* Descriptors are counted around every test: what it opens it closes, or the module does.
 * This is the last thing that a test's end does, after other fixtures'. */
#define SUITE_DESCRIPTORS 1024
static bool suite_was_open[SUITE_DESCRIPTORS];

/* A program whose process keeps something open on purpose defines this: a part of its name
 * ("socket:"). */
extern const char suite_kept_open[] __attribute__((weak));

/* What the descriptor is open on: a static text, "" when it is closed. */
static inline const char *suite_descriptor(int descriptor)
{
    static char name[256];
    char path[32];
    ssize_t len;

    snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
    len = readlink(path, name, sizeof(name) - 1);
    name[len > 0 ? len : 0] = '\0';
    return name;
}

/* How many are open. */
static inline unsigned suite_open_descriptors(void)
{
    unsigned count = 0;

    for (int i = 0; i < SUITE_DESCRIPTORS; i++)
        count += *suite_descriptor(i) != '\0';
    return count;
}

static inline void suite_count_descriptors(void)
{
    for (int i = 0; i < SUITE_DESCRIPTORS; i++)
        suite_was_open[i] = *suite_descriptor(i);
}

/* A sanitizer that has shown one report keeps a pipe to what gives it names. */
static inline void suite_no_more_descriptors(void)
{
#ifdef SANITIZED
    return;
#endif
    for (int i = 0; i < SUITE_DESCRIPTORS; i++) {
        const char *name = suite_descriptor(i);

        if (suite_kept_open && strstr(name, suite_kept_open))
            continue;
        ck_assert_msg(!*name || suite_was_open[i], "descriptor %d is left open on %s", i, name);
    }
}

static inline TCase *counted_tcase(const char *name)
{
    TCase *cases = tcase_create(name);

    tcase_add_checked_fixture(cases, suite_count_descriptors, suite_no_more_descriptors);
    return cases;
}
#define tcase_create(name) counted_tcase(name)

/* Runs one suite, prints Check's own summary, and gives main its result. */
static inline int suite_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
