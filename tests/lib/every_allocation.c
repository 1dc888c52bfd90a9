/* SPDX-License-Identifier: MIT */
/* every_allocation.c - stands in the place of the C library's malloc. */

#include "config.h"

#include "every_allocation.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

_Thread_local unsigned every_allocation_left;

#ifndef SANITIZED
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

/* The libraries are to find these, too. */
#define VISIBLE __attribute__((visibility("default")))

VISIBLE void *malloc(size_t size);
VISIBLE void *calloc(size_t count, size_t size);
VISIBLE void *realloc(void *old, size_t size);

static bool fails(void)
{
    if (every_allocation_left == 0 || --every_allocation_left > 0)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
#endif
