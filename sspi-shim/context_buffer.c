/* SPDX-License-Identifier: MIT */
/* context_buffer.c - the live buffers, in a tree by address, and
 * FreeContextBuffer. */

#include "config.h"

#include "context_buffer.h"

#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lock.h"

struct context_buffer {
    size_t size;
    max_align_t data[];
};

static void *buffers; /* a tsearch(3) tree of the data's addresses */
static size_t live;

static int by_address(const void *a, const void *b)
{
    return ((uintptr_t)a > (uintptr_t)b) - ((uintptr_t)a < (uintptr_t)b);
}

void *context_buffer_alloc(size_t size)
{
    struct context_buffer *buffer;
    bool entered;

    if (size > SIZE_MAX - sizeof(*buffer))
        return NULL;
    buffer = calloc(1, sizeof(*buffer) + size);
    if (!buffer)
        return NULL;
    buffer->size = size;
    pthread_mutex_lock(&lock_of_context_buffers);
    entered = tsearch(buffer->data, &buffers, by_address) != NULL;
    live += entered;
    pthread_mutex_unlock(&lock_of_context_buffers);
    if (!entered) {
        free(buffer);
        return NULL;
    }
    return buffer->data;
}

void *context_buffer_copy(const void *data, size_t size)
{
    void *buffer = context_buffer_alloc(size);

    if (buffer && size > 0)
        memcpy(buffer, data, size);
    return buffer;
}

bool context_buffer_free(void *data)
{
    struct context_buffer *buffer;
    bool known;

    if (!data)
        return true;
    pthread_mutex_lock(&lock_of_context_buffers);
    known = tdelete(data, &buffers, by_address) != NULL;
    live -= known;
    pthread_mutex_unlock(&lock_of_context_buffers);
    if (!known)
        return false;
    buffer = (struct context_buffer *)((char *)data - offsetof(struct context_buffer, data));
    explicit_bzero(buffer->data, buffer->size);
    free(buffer);
    return true;
}

size_t context_buffer_count(void)
{
    size_t count;

    pthread_mutex_lock(&lock_of_context_buffers);
    count = live;
    pthread_mutex_unlock(&lock_of_context_buffers);
    return count;
}

SECURITY_STATUS SEC_ENTRY FreeContextBuffer(void *pvContextBuffer)
{
    return context_buffer_free(pvContextBuffer) ? SEC_E_OK : SEC_E_INVALID_HANDLE;
}
