/* SPDX-License-Identifier: MIT */
/* module_shortage.c - stands in the place of the C library's malloc, and asks who
 * calls. */

#include "config.h"

#include "module_shortage.h"

_Thread_local unsigned module_allocations_left;

#ifndef SANITIZED
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* An address in the program. */
static const char program_marker;

/* Whose allocations fail: libsspi's, which is in this program, those of the two modules,
 * and of the libraries that only they call. MIT's mechglue crashes without memory. */
static bool is_ours(void *caller)
{
    static const char *const ours[] = {"mech_ntlmssp", "mech_spnego", "libcrypto",
                                       "libunistring"};
    Dl_info info, self;

    if (!dladdr(caller, &info) || !info.dli_fname)
        return false;
    if (dladdr(&program_marker, &self) && self.dli_fbase == info.dli_fbase)
        return true;
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        if (strstr(info.dli_fname, ours[i]))
            return true;
    return false;
}

static bool fails(void *caller)
{
    if (module_allocations_left == 0 || !is_ours(caller) || --module_allocations_left > 0)
        return false;
    errno = ENOMEM;
    return true;
}

#define CALLER __builtin_return_address(0)
#define FOR_ALL_LIBRARIES __attribute__((visibility("default")))

FOR_ALL_LIBRARIES void *malloc(size_t size)
{
    return fails(CALLER) ? NULL : __libc_malloc(size);
}

FOR_ALL_LIBRARIES void *calloc(size_t count, size_t size)
{
    return fails(CALLER) ? NULL : __libc_calloc(count, size);
}

FOR_ALL_LIBRARIES void *realloc(void *old, size_t size)
{
    return fails(CALLER) ? NULL : __libc_realloc(old, size);
}

/* In the C library these would be its own calls. */
FOR_ALL_LIBRARIES char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = fails(CALLER) ? NULL : __libc_malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

FOR_ALL_LIBRARIES char *strndup(const char *text, size_t length)
{
    size_t used = strnlen(text, length);
    char *copy = fails(CALLER) ? NULL : __libc_malloc(used + 1);

    if (copy) {
        memcpy(copy, text, used);
        copy[used] = '\0';
    }
    return copy;
}
#endif
