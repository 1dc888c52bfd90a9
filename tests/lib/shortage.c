/* SPDX-License-Identifier: MIT */
/* shortage.c - stands before what allocates. */

#include "config.h"

#include "shortage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

unsigned allocations_left;

bool allocation_fails(void)
{
    return allocations_left > 0 && --allocations_left == 0;
}

/* Visible, because gcc's sanitizers leave the libraries of the tests' own with
 * references that the linker leads here; at run time they go where they did. */
#define WRAPPED(type, name, parameters, arguments)                                             \
    type __real_##name parameters;                                                             \
    __attribute__((visibility("default"))) type __wrap_##name parameters;                      \
    type __wrap_##name parameters                                                              \
    {                                                                                          \
        return allocation_fails() ? NULL : __real_##name arguments;                            \
    }

WRAPPED(void *, malloc, (size_t size), (size))
WRAPPED(void *, calloc, (size_t count, size_t size), (count, size))
WRAPPED(void *, realloc, (void *old, size_t size), (old, size))
WRAPPED(void *, reallocarray, (void *old, size_t count, size_t size), (old, count, size))
WRAPPED(char *, strdup, (const char *text), (text))
WRAPPED(char *, strndup, (const char *text, size_t len), (text, len))

int __wrap_asprintf(char **out, const char *format, ...) __attribute__((format(printf, 2, 3)));

int __wrap_asprintf(char **out, const char *format, ...)
{
    va_list args;
    int len;

    if (allocation_fails())
        return -1;
    va_start(args, format);
    len = vasprintf(out, format, args);
    va_end(args);
    return len;
}
