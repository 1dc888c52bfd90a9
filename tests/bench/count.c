/* SPDX-License-Identifier: MIT */
/* count.c - counts allocations when it is preloaded; measure.c asks for the
 * number. All that it does else is call glibc's malloc. */

#include "config.h"

#include <stdatomic.h>
#include <stddef.h>

#define EXPORT __attribute__((visibility("default")))

/* glibc's own names, under which its functions stay reachable. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *memory, size_t size);

unsigned long allocations(void);
void *malloc(size_t size);
void *calloc(size_t number, size_t size);
void *realloc(void *memory, size_t size);

static atomic_ulong count;

EXPORT unsigned long allocations(void)
{
    return count;
}

EXPORT void *malloc(size_t size)
{
    count++;
    return __libc_malloc(size);
}

EXPORT void *calloc(size_t number, size_t size)
{
    count++;
    return __libc_calloc(number, size);
}

EXPORT void *realloc(void *memory, size_t size)
{
    count++;
    return __libc_realloc(memory, size);
}
