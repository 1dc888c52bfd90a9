/* SPDX-License-Identifier: MIT */
/* flush.c - linked into every program and module of a tree that is built for coverage:
 * what gcov has counted is written also where a process ends by _exit or by SIGTERM, as
 * servers and children of tests do. Not part of what is installed or tested. */

#include "config.h" /* an empty one: there is none before configure */

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

extern void __gcov_dump(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

/* Each module of a process has counters, and a handler, of its own. */
static struct sigaction before;

static void flush(int number)
{
    __gcov_dump();
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
        return;
    }
    signal(number, SIG_DFL);
    raise(number);
}

__attribute__((constructor)) static void begin(void)
{
    struct sigaction ours = {.sa_handler = flush, .sa_flags = SA_NODEFER};

    if (sigaction(SIGTERM, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGTERM, &ours, NULL);
}
