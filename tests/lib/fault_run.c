/* SPDX-License-Identifier: MIT */
/* fault_run.c - an operation and the calls of it that fail. */

#include "config.h"

#include "fault_run.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "memory_faults.h"
#include "suite.h"

/* What a child has to tell; it is in memory of both. */
struct told {
    bool failed, good, ended;
    int descriptors;
    unsigned calls; /* counted, up to the one that failed */
    char call[FAULT_TEXT], wrong[256];
    char where[FAULT_TEXT];     /* it crashed, or a block was lost: whose code that is */
    struct memory_places usual; /* from here on: of the run in which none failed */
    int usual_descriptors;
};

static struct told *told_at_a_crash;

/* The C library, or what stands before its malloc (memory_faults.c). */
__attribute__((unused)) static bool is_the_c_library(const Dl_info *info)
{
    static const char *const before[] = {"free", "malloc", "calloc", "realloc"};

    for (size_t i = 0; info->dli_sname && i < sizeof(before) / sizeof(before[0]); i++)
        if (strcmp(info->dli_sname, before[i]) == 0)
            return true;
    return strstr(info->dli_fname, "/libc.") != NULL;
}

/* The first function that is not the C library's. */
__attribute__((unused)) static void on_crash(int signal)
{
    void *frames[16];
    int count = backtrace(frames, 16);
    Dl_info info;

    for (int i = 2; i < count; i++) {
        if (!dladdr(frames[i], &info) || is_the_c_library(&info))
            continue;
        snprintf(told_at_a_crash->where, FAULT_TEXT, "%s+%#lx (%s)", info.dli_fname,
                 (unsigned long)((char *)frames[i] - (char *)info.dli_fbase),
                 info.dli_sname ? info.dli_sname : "?");
        break;
    }
    snprintf(told_at_a_crash->wrong, sizeof(told_at_a_crash->wrong), "it crashes: %s in %.200s",
             strsignal(signal), told_at_a_crash->where);
    _exit(0);
}

/* Threads of the modules block every signal: but these, so that a crash can be told. */
__attribute__((visibility("default"))) int sigfillset(sigset_t *set)
{
    memset(set, 0xff, sizeof(*set));
    sigdelset(set, SIGSEGV);
    sigdelset(set, SIGBUS);
    return 0;
}

static void tell_crashes(struct told *told)
{
#ifndef SANITIZED
    void *first[1];

    backtrace(first, 1); /* which loads what it needs */
    told_at_a_crash = told;
    signal(SIGSEGV, on_crash);
    signal(SIGBUS, on_crash);
    signal(SIGABRT, on_crash);
#else
    (void)told;
#endif
}

static int count_descriptors(void)
{
    int count = 0;

    for (int i = 0; i < SUITE_DESCRIPTORS; i++)
        count += fcntl(i, F_GETFD) >= 0;
    return count;
}

/* A thread of Kerberos' may still be at work. */
static void look_for_descriptors(unsigned n, struct told *told)
{
    const struct timespec moment = {.tv_nsec = 10000000};

    told->descriptors = count_descriptors();
    if (n == 0)
        told->usual_descriptors = told->descriptors;
    for (int i = 0; i < 6000 && told->descriptors > told->usual_descriptors; i++) {
        nanosleep(&moment, NULL);
        told->descriptors = count_descriptors();
    }
    if (!*told->wrong && told->descriptors > told->usual_descriptors)
        snprintf(told->wrong, sizeof(told->wrong), "%d descriptors, not %d", told->descriptors,
                 told->usual_descriptors);
}

static bool is_one_of(const char *const *libraries, const char *text)
{
    for (; libraries && *libraries; libraries++)
        if (strstr(text, *libraries))
            return true;
    return false;
}

static void run_twice(const struct fault_plan *plan, unsigned n, struct told *told);

/* What was kept, but for what is always kept. Others' libraries have tables, as the mechglue
 * one of the statuses that it ever gave: they grow by something new, and not each time.
 * What a first use leaves there is not looked at. */
static void look_for_blocks(const struct fault_plan *plan, unsigned n, struct told *told)
{
    static const char *const nobody[] = {NULL};
    static struct memory_places once;
    const char *const *but_for = plan->warm || !plan->theirs ? nobody : plan->theirs;
    const char *lost;

    if (n == 0)
        memory_count(&told->usual);
    lost = memory_lost(&told->usual, but_for);
    for (int i = 0; i < 3 && lost && plan->warm; i++) {
        memory_count(&once);
        run_twice(plan, n, told);
        lost = memory_lost(&once, but_for);
    }
    if (!lost || *told->wrong)
        return;
    strcpy(told->where, lost);
    snprintf(told->wrong, sizeof(told->wrong), "lost: %.200s", lost);
}

/* The operation with its nth call failing, and once more. */
static void run_twice(const struct fault_plan *plan, unsigned n, struct told *told)
{
    char wrong[sizeof(told->wrong)] = "";

    faults_tell(told->call);
    faults_arm(plan->callers, plan->kind, plan->way, n);
    told->good = plan->operation(plan->argument, told->wrong);
    told->failed = faults_disarm();
    told->calls = faults_counted();
    if (!plan->operation(plan->argument, wrong) && !*told->wrong &&
        !is_one_of(plan->lasting, told->call))
        snprintf(told->wrong, sizeof(told->wrong), "the next one does not succeed");
    if (!*told->wrong)
        strcpy(told->wrong, wrong);
}

static void run_here(const struct fault_plan *plan, unsigned n, struct told *told)
{
    char wrong[sizeof(told->wrong)] = "";

    tell_crashes(told);
    if (plan->warm)
        plan->operation(plan->argument, wrong);
    if (plan->kind == FAULT_MEMORY)
        memory_remember();
    run_twice(plan, n, told);
    if (plan->kind == FAULT_MEMORY)
        look_for_blocks(plan, n, told);
    look_for_descriptors(n, told);
    told->ended = true;
}

static void run_in_child(const struct fault_plan *plan, unsigned n, struct told *told)
{
    int status;
    pid_t child;

    memset(told, 0, offsetof(struct told, usual));
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
static unsigned stride(const struct fault_plan *plan, unsigned calls, unsigned *first)
{
    const char *asked = getenv("FAULTS");
    unsigned most = plan->most ? plan->most : plan->few ? 4 : 10, step;

    if (asked)
        most = strcmp(asked, "all") == 0 ? calls : (unsigned)strtoul(asked, NULL, 10);
    step = calls / (most + 1) + 1;
    *first = 1 + step / 2;
    return step;
}

/* Theirs is what happens in a library of others when its own call fails. */
static bool is_theirs(const struct fault_plan *plan, const struct told *told)
{
    return strncmp(told->wrong, FAULT_THEIRS, strlen(FAULT_THEIRS)) == 0 ||
           (is_one_of(plan->theirs, told->call) &&
            (is_one_of(plan->theirs, told->where) || strstr(told->where, "/libc.")));
}

struct sums {
    unsigned runs, harmless, theirs, bad;
};

static void judge(const struct fault_plan *plan, unsigned n, struct told *told,
                  struct sums *sums)
{
    sums->runs++;
    sums->harmless += told->good;
    if (!*told->wrong && plan->needed && told->good &&
        strncmp(told->call, plan->needed, strlen(plan->needed)) == 0)
        strcpy(told->wrong, "it succeeds all the same");
    if (!*told->wrong && plan->always && !told->good)
        strcpy(told->wrong, "it does not succeed");
    if (!*told->wrong)
        return;
    if (is_theirs(plan, told)) {
        sums->theirs++;
    } else {
        sums->bad++;
        printf("# %s, call %u, %s: %s\n", plan->name, n, told->call, told->wrong);
    }
}

void fault_run(const struct fault_plan *plan, unsigned least)
{
    struct told *told =
        mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct sums sums = {0};
    const char *only = getenv("FAULTS_OF");
    unsigned calls, step, first;

    if (only && !strstr(plan->name, only))
        return;
    ck_assert_ptr_ne(told, MAP_FAILED);
    run_in_child(plan, 0, told);
    ck_assert_msg(told->ended && told->good && !*told->wrong, "%s: %s", plan->name,
                  told->wrong);
    calls = told->calls;
    step = stride(plan, calls, &first);
    for (unsigned n = first; n <= calls; n += step) {
        run_in_child(plan, n, told);
        judge(plan, n, told, &sums);
    }
    printf("# %s: %u of %u calls, %u without effect, %u theirs\n", plan->name, sums.runs, calls,
           sums.harmless, sums.theirs);
    fflush(stdout); /* Check's assertions end the process at once */
    munmap(told, sizeof(*told));
    ck_assert_uint_eq(sums.bad, 0);
    ck_assert_uint_ge(calls, least);
}
