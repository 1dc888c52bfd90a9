/* SPDX-License-Identifier: MIT */
/* fault_run.c - an operation and the calls of it that fail. */

#include "config.h"

#include "fault_run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "suite.h"

/* What a child has to tell; it is in memory of both. */
struct told {
    bool failed, good, ended;
    int descriptors;
    unsigned calls; /* counted, up to the one that failed */
    char call[FAULT_TEXT], wrong[256];
};

static int count_descriptors(void)
{
    int count = 0;

    for (int i = 0; i < SUITE_DESCRIPTORS; i++)
        count += fcntl(i, F_GETFD) >= 0;
    return count;
}

/* The operation with its nth call failing, and once more. */
static void run_here(const struct fault_plan *plan, unsigned n, struct told *told)
{
    char wrong[sizeof(told->wrong)] = "";

    faults_tell(told->call);
    faults_arm(plan->callers, plan->kind, plan->way, n);
    told->good = plan->operation(plan->argument, told->wrong);
    told->failed = faults_disarm();
    told->calls = faults_counted();
    if (!plan->operation(plan->argument, wrong) && !*told->wrong &&
        !(plan->lasting && strstr(told->call, plan->lasting)))
        snprintf(told->wrong, sizeof(told->wrong), "the next one does not succeed");
    if (!*told->wrong)
        strcpy(told->wrong, wrong);
    told->descriptors = count_descriptors();
    told->ended = true;
}

static void run_in_child(const struct fault_plan *plan, unsigned n, struct told *told)
{
    int status;
    pid_t child;

    memset(told, 0, sizeof(*told));
    fflush(NULL);
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        run_here(plan, n, told);
        exit(0); /* which lets a sanitizer look for what was lost */
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status))
        snprintf(told->wrong, sizeof(told->wrong), "it crashes: %s",
                 strsignal(WTERMSIG(status)));
    else if (WEXITSTATUS(status) != 0)
        snprintf(told->wrong, sizeof(told->wrong), "it exits with %d", WEXITSTATUS(status));
}

/* From which call on, and how many are left out at a time. */
static unsigned stride(unsigned calls, unsigned *first)
{
    const char *asked = getenv("FAULTS");
    unsigned step = calls / 8 + 1;

    if (asked && strcmp(asked, "all") == 0)
        step = 1;
    *first = 1 + (unsigned)(time(NULL) / 86400) % step;
    return step;
}

void fault_run(const struct fault_plan *plan, unsigned least)
{
    struct told *told =
        mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned calls, step, first, bad = 0, harmless = 0, runs = 0;
    int descriptors;

    ck_assert_ptr_ne(told, MAP_FAILED);
    run_in_child(plan, 0, told);
    ck_assert_msg(told->ended && told->good && !*told->wrong, "%s: %s", plan->name,
                  told->wrong);
    descriptors = told->descriptors;
    calls = told->calls;
    step = stride(calls, &first);
    for (unsigned n = first; n <= calls; n += step, runs++) {
        run_in_child(plan, n, told);
        harmless += told->good;
        if (!*told->wrong && told->descriptors != descriptors)
            snprintf(told->wrong, sizeof(told->wrong), "%d descriptors, not %d",
                     told->descriptors, descriptors);
        if (!*told->wrong && plan->always && !told->good)
            strcpy(told->wrong, "it does not succeed");
        if (*told->wrong) {
            printf("# %s, call %u, %s: %s\n", plan->name, n, told->call, told->wrong);
            bad++;
        }
    }
    printf("# %s: %u of %u calls, %u without effect\n", plan->name, runs, calls, harmless);
    fflush(stdout); /* Check's assertions end the process at once */
    munmap(told, sizeof(*told));
    ck_assert_uint_eq(bad, 0);
    ck_assert_uint_ge(calls, least);
}
