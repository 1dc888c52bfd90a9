/* SPDX-License-Identifier: MIT */
/* handle.c - the handle table. */

#include "config.h"

#include "handle.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#include "lock.h"

#define FIRST_SLOTS 64

/* Odd, so that the sequence of keys visits all values that dwUpper can have, 2^64
 * or 2^32, before one comes again; large, so that keys are far from each other
 * and from small numbers. */
#define KEY_STEP ((ULONG_PTR)UINT64_C(0x9e3779b97f4a7c15))

/* A handle's dwLower is its slot's index + 1, its dwUpper the key. */
struct slot {
    ULONG_PTR key;
    struct object *object; /* NULL: free */
    size_t next_free;
};

static struct {
    struct slot *slots;
    size_t size, used;
    size_t first_free; /* of the free list; size when it is empty */
    ULONG_PTR last_key;
    bool seeded;
} table;

void object_init(struct object *object, enum handle_kind kind,
                 void (*destroy)(struct object *object))
{
    object->kind = kind;
    atomic_init(&object->references, 1);
    object->destroy = destroy;
    object->lost = NULL;
}

void object_retain(struct object *object)
{
    atomic_fetch_add_explicit(&object->references, 1, memory_order_relaxed);
}

void object_release(struct object *object)
{
    /* Acquire and release: what other threads did to the object comes before
     * its destruction. */
    if (object && atomic_fetch_sub_explicit(&object->references, 1, memory_order_acq_rel) == 1)
        object->destroy(object);
}

static bool grow(void)
{
    size_t size = table.size ? 2 * table.size : FIRST_SLOTS;
    struct slot *slots = reallocarray(table.slots, size, sizeof(*slots));

    if (!slots)
        return false;
    for (size_t i = table.size; i < size; i++)
        slots[i] = (struct slot){.next_free = i + 1};
    table.slots = slots;
    table.first_free = table.size;
    table.size = size;
    return true;
}

/* Each process starts at another key, so that made-up numbers are not live handles. */
static ULONG_PTR next_key(void)
{
    if (!table.seeded) {
        ULONG_PTR seed = 0;
        ssize_t got = getrandom(&seed, sizeof(seed), GRND_NONBLOCK);
        table.last_key = got == (ssize_t)sizeof(seed) ? seed : (ULONG_PTR)&seed;
        table.seeded = true;
    }
    table.last_key += KEY_STEP;
    return table.last_key;
}

/* The slot that a live handle of this kind stands for. The lock is held. */
static struct slot *find(const SecHandle *handle, enum handle_kind kind)
{
    struct slot *slot;

    if (!handle || handle->dwLower == 0 || handle->dwLower > table.size)
        return NULL;
    slot = &table.slots[handle->dwLower - 1];
    if (!slot->object || slot->key != handle->dwUpper || slot->object->kind != kind)
        return NULL;
    return slot;
}

SECURITY_STATUS handle_open(SecHandle *handle, struct object *object)
{
    SECURITY_STATUS status = SEC_E_INSUFFICIENT_MEMORY;
    struct slot *slot;

    pthread_mutex_lock(&lock_of_handles);
    if (table.first_free == table.size && !grow())
        goto out;
    handle->dwLower = table.first_free + 1;
    slot = &table.slots[table.first_free];
    table.first_free = slot->next_free;
    table.used++;
    slot->object = object;
    slot->key = next_key();
    handle->dwUpper = slot->key;
    status = SEC_E_OK;
out:
    pthread_mutex_unlock(&lock_of_handles);
    return status;
}

struct object *handle_get(const SecHandle *handle, enum handle_kind kind)
{
    struct object *object = NULL;
    struct slot *slot;

    pthread_mutex_lock(&lock_of_handles);
    slot = find(handle, kind);
    if (slot) {
        object = slot->object;
        object_retain(object);
    }
    pthread_mutex_unlock(&lock_of_handles);
    return object;
}

SECURITY_STATUS handle_replace(const SecHandle *handle, struct object *object)
{
    struct object *former = NULL;
    struct slot *slot;

    pthread_mutex_lock(&lock_of_handles);
    slot = find(handle, object->kind);
    if (slot) {
        former = slot->object;
        slot->object = object;
    }
    pthread_mutex_unlock(&lock_of_handles);
    object_release(former);
    return former ? SEC_E_OK : SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS handle_close(const SecHandle *handle, enum handle_kind kind)
{
    struct object *object = NULL;
    struct slot *slot;

    pthread_mutex_lock(&lock_of_handles);
    slot = find(handle, kind);
    if (slot) {
        object = slot->object;
        slot->object = NULL;
        slot->next_free = table.first_free;
        table.first_free = (size_t)(slot - table.slots);
        table.used--;
    }
    pthread_mutex_unlock(&lock_of_handles);
    if (!object)
        return SEC_E_INVALID_HANDLE;
    /* Outside of the lock: when a context goes, it releases its credential here. */
    object_release(object);
    return SEC_E_OK;
}

size_t handle_count(void)
{
    size_t used;

    pthread_mutex_lock(&lock_of_handles);
    used = table.used;
    pthread_mutex_unlock(&lock_of_handles);
    return used;
}

/* In a forked child. The lock needs not be held: there is no other thread. */
static void lose_used(void)
{
    for (size_t i = 0; i < table.size; i++) {
        struct object *object = table.slots[i].object;

        if (object && object->lost && atomic_load(&object->references) > 1)
            object->lost(object);
    }
}

__attribute__((constructor)) static void register_for_fork(void)
{
    pthread_atfork(NULL, NULL, lose_used);
}

/* The table is freed with the library, unless handles are still live: a leak checker
 * shall find those, and only those. */
__attribute__((destructor)) static void free_table(void)
{
    pthread_mutex_lock(&lock_of_handles);
    if (table.used == 0) {
        free(table.slots);
        table.slots = NULL;
        table.size = table.first_free = 0;
    }
    pthread_mutex_unlock(&lock_of_handles);
}
