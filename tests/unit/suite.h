/* suite.h - the few lines that every unit test's main would repeat. */

#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdlib.h>

/* An old macro of Check's, in the way of failure.h's function. */
#undef fail

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
