/* SPDX-License-Identifier: MIT */
/* main_again.c - see main_again.h. */

#include "config.h"

#include "main_again.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))

static int (*real_main)(int argc, char **argv, char **environment);
/* What a child tells its parent. */
static struct {
    unsigned used;  /* how many calls there were */
    char told[256]; /* which one failed */
} * shared;

/* One run of the program. */
struct run {
    int status; /* as waitpid has it */
    int out;    /* descriptors of what it printed */
    int err;
};

static void die(const char *what, unsigned number)
{
    dprintf(STDERR_FILENO, "main_again: %s (call %u)\n", what, number);
    _exit(125);
}

static struct run run_main(unsigned number, int argc, char **argv, char **environment)
{
    const char *before = getenv("MAIN_AGAIN_BEFORE");
    struct run run = {.out = memfd_create("out", 0), .err = memfd_create("err", 0)};
    pid_t child;

    if (run.out < 0 || run.err < 0 || (before && system(before) != 0))
        die("the preparation fails", number);
    lseek(STDIN_FILENO, 0, SEEK_SET);
    lseek(STDERR_FILENO + 1, 0, SEEK_SET);
    shared->used = 0;
    child = fork();
    if (child == 0) {
        int status;

        dup2(run.out, STDOUT_FILENO);
        dup2(run.err, STDERR_FILENO);
        close(run.out);
        close(run.err);
        *shared->told = '\0';
        main_again_begin(number, shared->told);
        status = real_main(argc, argv, environment);
        shared->used = main_again_end();
        exit(status);
    }
    if (child < 0 || waitpid(child, &run.status, 0) != child)
        die("there is no child", number);
    return run;
}

static size_t content(int fd, char *text, size_t size)
{
    ssize_t len = pread(fd, text, size, 0);

    return len > 0 ? (size_t)len : 0;
}

static bool same_content(int a, int b)
{
    static char texts[2][1 << 20];
    size_t len = content(a, texts[0], sizeof(texts[0]));

    return len == content(b, texts[1], sizeof(texts[1])) &&
           memcmp(texts[0], texts[1], len) == 0;
}

static void show(int fd)
{
    char text[4096];
    size_t len = content(fd, text, sizeof(text));

    if (write(STDERR_FILENO, text, len) < 0)
        _exit(125);
}

static bool says(int fd, const char *wanted)
{
    static char text[1 << 20];
    size_t len = content(fd, text, sizeof(text) - 1);

    text[len] = '\0';
    return strstr(text, wanted);
}

/* Whether it says itself what it has no answer for. */
static bool says_so(int fd)
{
    for (const char *const *text = main_again_texts; *text; text++)
        if (says(fd, *text))
            return true;
    return false;
}

/* What is wrong with one that leaves something out. */
static const char *what_is_wrong_with_less(const struct run *run, const struct run *enough)
{
    const char *wanted = getenv("MAIN_AGAIN_SAYS");

    if (run->status != enough->status)
        return WEXITSTATUS(run->status) == 1 ? NULL : "another status";
    return !wanted || says(run->out, wanted) ? NULL : "the answer lacks what it has to say";
}

/* What is wrong with it; NULL: nothing. */
static const char *what_is_wrong(const struct run *run, const struct run *enough, int failure)
{
    if (!WIFEXITED(run->status))
        return "a signal ended it";
    if (getenv("MAIN_AGAIN_FAILS") && run->status != enough->status)
        return "it fails";
    if (WEXITSTATUS(run->status) == failure)
        return lseek(run->err, 0, SEEK_END) > 0 ? NULL : "it says nothing";
    if (getenv("MAIN_AGAIN_LESS"))
        return what_is_wrong_with_less(run, enough);
    if (run->status != enough->status)
        return WEXITSTATUS(run->status) == 1 && says_so(run->out) ? NULL : "another status";
    return same_content(run->out, enough->out) || says_so(run->out) ? NULL : "another answer";
}

static int run_all(int argc, char **argv, char **environment)
{
    const int failure = atoi(getenv("MAIN_AGAIN"));
    const struct run enough = run_main(MAIN_AGAIN_LIMIT, argc, argv, environment);
    const char *given = getenv("MAIN_AGAIN_STEP");
    const unsigned count = shared->used, step = given ? (unsigned)atoi(given) : 1;
    bool good = (count > 0 || getenv("MAIN_AGAIN_WAY")) && count < MAIN_AGAIN_LIMIT;

    for (unsigned number = 1; good && number <= count; number += step) {
        struct run run = run_main(number, argc, argv, environment);
        const char *wrong = what_is_wrong(&run, &enough, failure);

        if (wrong) {
            dprintf(STDERR_FILENO, "call %u of %u: %s, 0x%x %s:\n", number, count, wrong,
                    (unsigned)run.status, shared->told);
            show(run.out);
            show(run.err);
            good = false;
        }
        close(run.out);
        close(run.err);
    }
    if (good) /* what it leaves behind is what no failure does */
        good = run_main(MAIN_AGAIN_LIMIT, argc, argv, environment).status == enough.status;
    show(enough.out);
    show(enough.err);
    return good && WIFEXITED(enough.status) ? WEXITSTATUS(enough.status) : 125;
}

typedef int start(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                  void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
VISIBLE start __libc_start_main;

/* What a program begins with. The children of this one's children run as they are. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end)
{
    start *real = (start *)dlsym(RTLD_NEXT, "__libc_start_main");

    if (!getenv("MAIN_AGAIN"))
        return real(main, argc, argv, init, fini, rtld_fini, stack_end);
    unsetenv("LD_PRELOAD");
    real_main = main;
    shared =
        mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        die("there is no shared memory", 0);
    return real(run_all, argc, argv, init, fini, rtld_fini, stack_end);
}
