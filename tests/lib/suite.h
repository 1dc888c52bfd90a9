/* SPDX-License-Identifier: MIT */
/* suite.h - the few lines that every unit test's main would repeat. */

#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
