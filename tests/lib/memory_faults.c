/* SPDX-License-Identifier: MIT */
/* memory_faults.c - stands in the place of the C library's malloc for every library, and
 * remembers who has which block. */

#include "config.h"

#include "memory_faults.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "faults.h"
#include "sanitized.h"

/* A block and who asked for it. Blocks are found by their address; one that was given back
 * leaves GONE. */
#define BLOCKS 65536
#define GONE ((void *)1)
static struct {
    void *block, *caller;
} known[BLOCKS];
static atomic_bool remembering;

void memory_remember(void)
{
    remembering = true;
}

/* A number for this place, the same in every process. The C library, which asks in several
 * places for others, is one place. */
static unsigned place_of(void *caller)
{
    struct dl_find_object found;
    unsigned hash = 5381;
    uintptr_t offset = (uintptr_t)caller;

    if (_dl_find_object(caller, &found) == 0) {
        for (const char *name = found.dlfo_link_map->l_name; *name; name++)
            hash = hash * 33 + (unsigned char)*name;
        offset -= found.dlfo_link_map->l_addr;
        if (strstr(found.dlfo_link_map->l_name, "/libc."))
            offset = 0;
    }
    return (unsigned)((hash ^ offset ^ offset >> 16) % MEMORY_PLACES);
}

void memory_count(struct memory_places *places)
{
    memset(places, 0, sizeof(*places));
    for (unsigned i = 0; i < BLOCKS; i++)
        if (known[i].block && known[i].block != GONE)
            places->blocks[place_of(known[i].caller)]++;
}

/* A thread's last error is kept, OpenSSL's with the memory for its text, and the dynamic
 * linker has blocks for each thread. */
static bool is_kept(const Dl_info *place, const char *const *but_for)
{
    for (; *but_for; but_for++)
        if (strstr(place->dli_fname, *but_for))
            return true;
    return strstr(place->dli_fname, "/ld-") ||
           (place->dli_sname && (strcmp(place->dli_sname, "krb5int_setspecific") == 0 ||
                                 strcmp(place->dli_sname, "ERR_vset_error") == 0));
}

const char *memory_lost(const struct memory_places *usual, const char *const but_for[])
{
    static struct memory_places now;
    static char text[256];
    Dl_info info;

    memory_count(&now);
    for (unsigned i = 0; i < BLOCKS; i++) {
        unsigned place;

        if (!known[i].block || known[i].block == GONE)
            continue;
        place = place_of(known[i].caller);
        if (now.blocks[place] <= usual->blocks[place] || !dladdr(known[i].caller, &info) ||
            is_kept(&info, but_for))
            continue;
        snprintf(text, sizeof(text), "%d blocks of %s+%#lx (%s)",
                 now.blocks[place] - usual->blocks[place], info.dli_fname,
                 (unsigned long)((char *)known[i].caller - (char *)info.dli_fbase),
                 info.dli_sname ? info.dli_sname : "?");
        return text;
    }
    return NULL;
}

#ifndef SANITIZED
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *block);

static atomic_flag busy = ATOMIC_FLAG_INIT;

static unsigned slot_of(const void *block)
{
    return (unsigned)(((uintptr_t)block >> 4) * 2654435761U % BLOCKS);
}

static void *remember(void *block, void *caller)
{
    if (!remembering || !block)
        return block;
    while (atomic_flag_test_and_set(&busy))
        continue;
    for (unsigned i = slot_of(block), n = 0; n < BLOCKS; i = (i + 1) % BLOCKS, n++) {
        if (known[i].block && known[i].block != GONE)
            continue;
        known[i].block = block;
        known[i].caller = caller;
        break;
    }
    atomic_flag_clear(&busy);
    return block;
}

static void forget(const void *block)
{
    if (!remembering || !block)
        return;
    while (atomic_flag_test_and_set(&busy))
        continue;
    for (unsigned i = slot_of(block), n = 0; n < BLOCKS && known[i].block;
         i = (i + 1) % BLOCKS, n++) {
        if (known[i].block != block)
            continue;
        known[i].block = GONE;
        break;
    }
    atomic_flag_clear(&busy);
}

static bool fails(const char *name, void *caller)
{
    enum fault_way way;

    if (!fault_due(FAULT_MEMORY, name, caller, false, &way))
        return false;
    errno = ENOMEM;
    return true;
}

#define CALLER __builtin_return_address(0)
#define FOR_ALL_LIBRARIES __attribute__((visibility("default")))

FOR_ALL_LIBRARIES void *malloc(size_t size)
{
    return fails("malloc", CALLER) ? NULL : remember(__libc_malloc(size), CALLER);
}

FOR_ALL_LIBRARIES void *calloc(size_t count, size_t size)
{
    return fails("calloc", CALLER) ? NULL : remember(__libc_calloc(count, size), CALLER);
}

static void *resize(void *old, size_t size, void *caller)
{
    void *block;

    forget(old);
    block = __libc_realloc(old, size);
    if (!block && size > 0)
        remember(old, caller);
    return remember(block, caller);
}

FOR_ALL_LIBRARIES void *realloc(void *old, size_t size)
{
    return fails("realloc", CALLER) ? NULL : resize(old, size, CALLER);
}

FOR_ALL_LIBRARIES void *reallocarray(void *old, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || fails("reallocarray", CALLER)) {
        errno = ENOMEM;
        return NULL;
    }
    return resize(old, bytes, CALLER);
}

FOR_ALL_LIBRARIES void free(void *block)
{
    int before = errno;

    forget(block);
    __libc_free(block);
    errno = before;
}

/* In the C library these would be its own calls. */
FOR_ALL_LIBRARIES char *strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = fails("strdup", CALLER) ? NULL : remember(__libc_malloc(size), CALLER);

    return copy ? memcpy(copy, text, size) : NULL;
}

FOR_ALL_LIBRARIES char *strndup(const char *text, size_t length)
{
    size_t used = strnlen(text, length);
    char *copy = fails("strndup", CALLER) ? NULL : remember(__libc_malloc(used + 1), CALLER);

    if (copy) {
        memcpy(copy, text, used);
        copy[used] = '\0';
    }
    return copy;
}
#endif
