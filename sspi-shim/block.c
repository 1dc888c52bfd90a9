/* SPDX-License-Identifier: MIT */
/* block.c - the blocks, in a tree by address; and FreeContextBuffer. */

#include "config.h"

#include "block.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lock.h"

struct block {
    size_t size;
    max_align_t data[];
};

static void *blocks; /* a tsearch(3) tree of the data's addresses */
static size_t live;

static int by_address(const void *a, const void *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

void *block_alloc(size_t size)
{
    struct block *block;
    bool entered;

    if (size > SIZE_MAX - sizeof(*block))
        return NULL;
    block = calloc(1, sizeof(*block) + size);
    if (!block)
        return NULL;
    block->size = size;
    pthread_mutex_lock(&lock_of_blocks);
    entered = tsearch(block->data, &blocks, by_address) != NULL;
    live += entered;
    pthread_mutex_unlock(&lock_of_blocks);
    if (!entered) {
        free(block);
        return NULL;
    }
    return block->data;
}

void *block_copy(const void *data, size_t size)
{
    void *block = block_alloc(size);

    if (block && size > 0)
        memcpy(block, data, size);
    return block;
}

bool block_free(void *data)
{
    struct block *block;
    bool known;

    if (!data)
        return true;
    pthread_mutex_lock(&lock_of_blocks);
    known = tdelete(data, &blocks, by_address) != NULL;
    live -= known;
    pthread_mutex_unlock(&lock_of_blocks);
    if (!known)
        return false;
    block = (struct block *)((char *)data - offsetof(struct block, data));
    explicit_bzero(block->data, block->size);
    free(block);
    return true;
}

size_t block_count(void)
{
    size_t count;

    pthread_mutex_lock(&lock_of_blocks);
    count = live;
    pthread_mutex_unlock(&lock_of_blocks);
    return count;
}

SECURITY_STATUS SEC_ENTRY FreeContextBuffer(void *pvContextBuffer)
{
    return block_free(pvContextBuffer) ? SEC_E_OK : SEC_E_INVALID_HANDLE;
}
