/* SPDX-License-Identifier: MIT */
/* main_shortage.c - preloaded into a program: runs its main again and again, each time in
 * a child of its own in which one allocation of the program's own more is given before
 * one fails, until it has had enough of them. Each time it must do what it does with enough
 * memory, say in its answer that memory ended, or exit with the status of failures and say
 * something on standard error.
 *
 *   MAIN_SHORTAGE          the status of failures
 *   MAIN_SHORTAGE_LESS     if this is set, the answer may leave something out, with
 *                          whatever status
 *   MAIN_SHORTAGE_STEP     each such allocation only: 5 is every fifth
 *   MAIN_SHORTAGE_BEFORE   a command that is run before each, and must succeed
 *
 * Standard input, and descriptor 3, are files, which each reads from their beginning. The
 * last one has enough memory; what is printed with it comes last. Not under sanitizers, which
 * have malloc themselves. */

#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define VISIBLE __attribute__((visibility("default")))
#define MEMORY_ENDED "Out of memory"
#define LIMIT 100000 /* of allocations: no end is in sight */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static int (*real_main)(int argc, char **argv, char **environment);
static unsigned left;        /* until one fails; 0: none will */
static unsigned *used;       /* by the child: shared with its parent */
static uintptr_t program[2]; /* where it is in memory */

static bool is_counted(void *caller)
{
    return (uintptr_t)caller >= program[0] && (uintptr_t)caller < program[1];
}

static bool fails(void *caller)
{
    if (left == 0 || !is_counted(caller))
        return false;
    ++*used;
    if (--left > 0)
        return false;
    errno = ENOMEM;
    return true;
}

#define CALLER __builtin_return_address(0)

VISIBLE void *malloc(size_t size)
{
    return fails(CALLER) ? NULL : __libc_malloc(size);
}

VISIBLE void *calloc(size_t count, size_t size)
{
    return fails(CALLER) ? NULL : __libc_calloc(count, size);
}

VISIBLE void *realloc(void *old, size_t size)
{
    return fails(CALLER) ? NULL : __libc_realloc(old, size);
}

/* In the C library the calls of these would be its own. */
VISIBLE char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = fails(CALLER) ? NULL : __libc_malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

__attribute__((format(printf, 3, 0))) static int print(void *caller, char **out,
                                                       const char *format, va_list args)
{
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    *out = len < 0 || fails(caller) ? NULL : __libc_malloc((size_t)len + 1);
    return *out ? vsnprintf(*out, (size_t)len + 1, format, args) : -1;
}

VISIBLE int vasprintf(char **out, const char *format, va_list args)
{
    return print(CALLER, out, format, args);
}

VISIBLE int asprintf(char **out, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = print(CALLER, out, format, args);
    va_end(args);
    return len;
}

/* What the two are called where the compiler fortifies them. */
VISIBLE int __vasprintf_chk(char **out, int flag, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
VISIBLE int __asprintf_chk(char **out, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int __vasprintf_chk(char **out, int flag, const char *format, va_list args)
{
    (void)flag;
    return print(CALLER, out, format, args);
}

int __asprintf_chk(char **out, int flag, const char *format, ...)
{
    va_list args;
    int len;

    (void)flag;
    va_start(args, format);
    len = print(CALLER, out, format, args);
    va_end(args);
    return len;
}

/* One run of the program. */
struct run {
    int status; /* as waitpid has it */
    int out;    /* descriptors of what it printed */
    int err;
};

static void die(const char *what, unsigned number)
{
    dprintf(STDERR_FILENO, "main_shortage: %s (allocation %u)\n", what, number);
    _exit(125);
}

static struct run run_main(unsigned number, int argc, char **argv, char **environment)
{
    const char *before = getenv("MAIN_SHORTAGE_BEFORE");
    struct run run = {.out = memfd_create("out", 0), .err = memfd_create("err", 0)};
    pid_t child;

    if (run.out < 0 || run.err < 0 || (before && system(before) != 0))
        die("the preparation fails", number);
    lseek(STDIN_FILENO, 0, SEEK_SET);
    lseek(STDERR_FILENO + 1, 0, SEEK_SET);
    *used = 0;
    child = fork();
    if (child == 0) {
        int status;

        dup2(run.out, STDOUT_FILENO);
        dup2(run.err, STDERR_FILENO);
        close(run.out);
        close(run.err);
        left = number;
        status = real_main(argc, argv, environment);
        left = 0;
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

/* Whether it says itself what it has no answer for. */
static bool says_so(int fd)
{
    static char text[1 << 20];
    size_t len = content(fd, text, sizeof(text) - 1);

    text[len] = '\0';
    return strstr(text, MEMORY_ENDED);
}

/* What is wrong with it; NULL: nothing. */
static const char *what_is_wrong(const struct run *run, const struct run *enough, int failure)
{
    if (!WIFEXITED(run->status))
        return "a signal ended it";
    if (WEXITSTATUS(run->status) == failure)
        return lseek(run->err, 0, SEEK_END) > 0 ? NULL : "it says nothing";
    if (getenv("MAIN_SHORTAGE_LESS"))
        return NULL;
    if (run->status != enough->status)
        return "another status";
    return same_content(run->out, enough->out) || says_so(run->out) ? NULL : "another answer";
}

static int run_all(int argc, char **argv, char **environment)
{
    const int failure = atoi(getenv("MAIN_SHORTAGE"));
    const struct run enough = run_main(LIMIT, argc, argv, environment);
    const char *given = getenv("MAIN_SHORTAGE_STEP");
    const unsigned count = *used, step = given ? (unsigned)atoi(given) : 1;
    bool good = count > 0 && count < LIMIT;

    for (unsigned number = 1; good && number <= count; number += step) {
        struct run run = run_main(number, argc, argv, environment);
        const char *wrong = what_is_wrong(&run, &enough, failure);

        if (wrong) {
            dprintf(STDERR_FILENO, "allocation %u of %u: %s, 0x%x:\n", number, count, wrong,
                    (unsigned)run.status);
            show(run.out);
            show(run.err);
            good = false;
        }
        close(run.out);
        close(run.err);
    }
    if (good) /* what it leaves behind is that of enough memory */
        good = run_main(LIMIT, argc, argv, environment).status == enough.status;
    show(enough.out);
    show(enough.err);
    return good && WIFEXITED(enough.status) ? WEXITSTATUS(enough.status) : 125;
}

typedef int start(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
                  void (*fini)(void), void (*rtld_fini)(void), void *stack_end);
VISIBLE start __libc_start_main;

/* The first one is the program. */
static int find_program(struct dl_phdr_info *info, size_t size, void *arg)
{
    (void)size;
    (void)arg;
    program[0] = UINTPTR_MAX;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &info->dlpi_phdr[i];
        uintptr_t begin = info->dlpi_addr + part->p_vaddr;

        if (part->p_type == PT_LOAD && begin < program[0])
            program[0] = begin;
        if (part->p_type == PT_LOAD && begin + part->p_memsz > program[1])
            program[1] = begin + part->p_memsz;
    }
    return 1;
}

/* What a program begins with. The children of this one's children run as they are. */
int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv,
                      void (*init)(void), void (*fini)(void), void (*rtld_fini)(void),
                      void *stack_end)
{
    start *real = (start *)dlsym(RTLD_NEXT, "__libc_start_main");

    if (!getenv("MAIN_SHORTAGE"))
        return real(main, argc, argv, init, fini, rtld_fini, stack_end);
    unsetenv("LD_PRELOAD");
    real_main = main;
    dl_iterate_phdr(find_program, NULL);
    used = mmap(NULL, sizeof(*used), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (used == MAP_FAILED)
        die("there is no shared memory", 0);
    return real(run_all, argc, argv, init, fini, rtld_fini, stack_end);
}
