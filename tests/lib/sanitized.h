/* SPDX-License-Identifier: MIT */
/* sanitized.h - whether a sanitizer has malloc, or valgrind: neither lets a test look at
 * memory, or replace malloc. */

#ifndef SANITIZED_H
#define SANITIZED_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                     \
    __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif

static inline bool is_sanitized(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

#ifdef SANITIZED
    return true;
#endif
    return preloaded && strstr(preloaded, "vgpreload");
}

#endif
