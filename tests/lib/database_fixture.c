/* SPDX-License-Identifier: MIT */
/* database_fixture.c - see database_fixture.h. */

#include "config.h"

#include "database_fixture.h"

#include <stdio.h>

#include "scratch.h"
#include "suite.h"

bool skipped_without_databases(const char *test)
{
#ifdef HAVE_LMDB
    (void)test;
    return false;
#else
    printf("ok - %s # SKIP there was no liblmdb when this was built\n", test);
    return true;
#endif
}

bool account_command(const char *arguments, const char *input)
{
    const char *path = scratch_write("input", input);
    char *command;
    int status;

    ck_assert_int_gt(
        asprintf(&command, "./gss-negotiate account %s <%s >/dev/null", arguments, path), 0);
    status = system(command);
    free(command);
    return status == 0;
}

const char *database_of(const char *name, const char *text)
{
    const char *from = scratch_write("imported", text), *path = scratch_path(name);
    char *arguments;

    ck_assert_int_gt(asprintf(&arguments, "import --lm %s %s", from, path), 0);
    account_command(arguments, "");
    free(arguments);
    return path;
}
