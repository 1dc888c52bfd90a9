/* SPDX-License-Identifier: MIT */
/* main_shortage.c - for main_again.h: the calls that fail are the program's own allocations.
 * Not under sanitizers, which have malloc themselves. */

#include "config.h"

#include "main_again.h"

#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VISIBLE __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

const char *const main_again_texts[] = {"Out of memory", NULL};

static unsigned left; /* until one fails; 0: none will */
static unsigned used;
static uintptr_t program[2]; /* where it is in memory */

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

void main_again_begin(unsigned number, char *told)
{
    (void)told;
    dl_iterate_phdr(find_program, NULL);
    used = 0;
    left = number;
}

unsigned main_again_end(void)
{
    left = 0;
    return used;
}

static bool is_counted(void *caller)
{
    return (uintptr_t)caller >= program[0] && (uintptr_t)caller < program[1];
}

static bool fails(void *caller)
{
    if (left == 0 || !is_counted(caller))
        return false;
    ++used;
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
