/* SPDX-License-Identifier: MIT */
/* flush.c - linked into every program and module of a tree that is built for coverage:
 * what gcov has counted is written also where a process ends by _exit, by a signal that it
 * raises, waits for or is told to end by (SIGTERM), as servers and children of tests do. Not
 * part of what is installed or tested. */

#include "config.h" /* an empty one: there is none before configure */

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

extern void __gcov_dump(void);
extern void __gcov_reset(void);
void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}

/* For a process that may go on. */
static void dump(void)
{
    __gcov_dump();
    __gcov_reset(); /* nothing counts twice, and what follows counts */
}

int __real_raise(int number);
int __wrap_raise(int number);
int __real_pause(void);
int __wrap_pause(void);

int __wrap_raise(int number)
{
    dump();
    return __real_raise(number);
}

/* A process that waits for any signal may be killed. A thread that stays until its process
 * is over must not write: the end of the process writes, perhaps at the same time. */
int __wrap_pause(void)
{
    if (gettid() == getpid())
        dump();
    return __real_pause();
}

/* Each module of a process has counters, and a handler, of its own. */
static struct sigaction before;

static void flush(int number)
{
    dump();
    if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
        return;
    }
    signal(number, SIG_DFL);
    __real_raise(number);
}

__attribute__((constructor)) static void begin(void)
{
    struct sigaction ours = {.sa_handler = flush, .sa_flags = SA_NODEFER};

    if (sigaction(SIGTERM, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGTERM, &ours, NULL);
}
