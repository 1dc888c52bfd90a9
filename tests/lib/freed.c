/* SPDX-License-Identifier: MIT */
/* freed.c - see freed.h. */

#include "config.h"

#include "freed.h"

#include <check.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "secrets.h"

#define LOG_SIZE ((size_t)256 << 20)
#define STACK_LOOKED_AT ((size_t)96 << 10)
#define OWN_FRAMES 1024

/* One block; what it held follows. */
struct block {
    size_t len;
    void *freer; /* where it was freed: an address of the code; NULL: a stack */
};

/* Pages that are there once they are written to. */
static uint8_t *blocks;
static size_t used;
static bool watching;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* By the kernel, which says so where there is nothing to be read. */
static bool copy(void *to, const void *from, size_t len)
{
    struct iovec in = {(void *)(uintptr_t)from, len}, out = {to, len};

    return process_vm_readv(getpid(), &out, 1, &in, 1, 0) == (ssize_t)len;
}

static void keep(const void *start, size_t len, void *freer)
{
    struct block block = {len, freer};
    int saved = errno;

    pthread_mutex_lock(&lock);
    if (used + sizeof(block) + len > LOG_SIZE)
        abort();
    if (copy(blocks + used + sizeof(block), start, len)) {
        memcpy(blocks + used, &block, sizeof(block));
        used += sizeof(block) + len;
    }
    pthread_mutex_unlock(&lock);
    errno = saved;
}

#ifndef SANITIZED
extern void __libc_free(void *block);

/* The libraries are to find these, too. */
#define VISIBLE __attribute__((visibility("default")))

VISIBLE void free(void *block);
VISIBLE void *realloc(void *old, size_t size);
VISIBLE int munmap(void *start, size_t len);

/* Each is told of once: what gets the memory next does not find the secret in it. */
static void free_from(void *block, void *freer)
{
    if (block && watching) {
        keep(block, malloc_usable_size(block), freer);
        explicit_bzero(block, malloc_usable_size(block));
    }
    __libc_free(block);
}

void free(void *block)
{
    free_from(block, __builtin_return_address(0));
}

/* Always elsewhere: a block may be moved at any time. */
void *realloc(void *old, size_t size)
{
    const size_t had = old ? malloc_usable_size(old) : 0;
    void *moved = size > 0 || !old ? malloc(size) : NULL;

    if (moved && old)
        memcpy(moved, old, had < size ? had : size);
    if (moved || size == 0)
        free_from(old, __builtin_return_address(0));
    return moved;
}

int munmap(void *start, size_t len)
{
    if (watching)
        keep(start, len, __builtin_return_address(0));
    return (int)syscall(SYS_munmap, start, len);
}
#endif

void freed_begin(char **argv)
{
    if (is_sanitized() || getenv("LD_BIND_NOW"))
        return;
    setenv("LD_BIND_NOW", "1", 1);
    execv("/proc/self/exe", argv);
    perror("/proc/self/exe");
    exit(EXIT_FAILURE);
}

void freed_watch(bool on)
{
    if (!blocks)
        blocks = mmap(NULL, LOG_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    ck_assert_ptr_ne(blocks, MAP_FAILED);
    watching = on;
}

/* The frames of what is called here are at the top, and stay. */
__attribute__((noinline)) void freed_stack(void)
{
    uint8_t *lowest = (uint8_t *)__builtin_frame_address(0) - STACK_LOOKED_AT;

    if (!watching)
        return;
    keep(lowest, STACK_LOOKED_AT, NULL);
    explicit_bzero(lowest, STACK_LOOKED_AT - OWN_FRAMES);
}

static const char *place_of(const struct block *block)
{
    static char text[256];
    Dl_info info;

    if (!block->freer)
        return "a dead frame of the stack";
    if (!dladdr(block->freer, &info) || !info.dli_fname)
        return "a block of nobody";
    snprintf(text, sizeof(text), "a block freed by %s+%#tx in %s",
             info.dli_sname ? info.dli_sname : "?",
             (char *)block->freer - (char *)(info.dli_saddr ? info.dli_saddr : info.dli_fbase),
             info.dli_fname);
    return text;
}

/* Tells of each secret that was found; forgets what it was found in. */
static void look_through(char *said, size_t size)
{
    struct block block;
    size_t at = 0;

    watching = false;
    *said = '\0';
    while (at < used) {
        const char *secret;

        memcpy(&block, blocks + at, sizeof(block));
        at += sizeof(block);
        secret = secrets_found(blocks + at, block.len);
        if (secret)
            snprintf(said + strlen(said), size - strlen(said), "\n%s: in %s", secret,
                     place_of(&block));
        at += block.len;
    }
    ck_assert_uint_gt(used, 0);
    used = 0;
}

bool freed_is_clean(void)
{
    char said[1024];

    look_through(said, sizeof(said));
    return !*said;
}

void freed_assert_clean(void)
{
    char said[1024];

    look_through(said, sizeof(said));
    ck_assert_msg(!*said, "secrets in memory that was given back:%s", said);
}
