/* SPDX-License-Identifier: MIT */
/* child.c - see child.h. */

#include "config.h"

#include "child.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

_Noreturn static void tell_and_wait(int end, bool (*holds)(void *arg), void *arg)
{
    bool told;

    signal(SIGALRM, SIG_DFL); /* Check has one of its own */
    alarm(240);               /* less than a test may take: suite.h */
    told = holds(arg);
    if (write(end, &told, sizeof(told)) == sizeof(told))
        pause();
    _exit(EXIT_FAILURE);
}

bool holds_in_child(bool (*holds)(void *arg), void *arg)
{
    bool told = false;
    int ends[2];
    pid_t child;

    ck_assert_int_eq(pipe(ends), 0);
    child = fork();
    if (child == 0) /* no assertion there before: Check's lock may be another thread's */
        tell_and_wait(ends[1], holds, arg);
    ck_assert_int_ge(child, 0);
    close(ends[1]);
    told = read(ends[0], &told, sizeof(told)) == sizeof(told) && told;
    close(ends[0]);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return told;
}
