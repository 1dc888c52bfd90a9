/* SPDX-License-Identifier: MIT */
/* cache.c - a few slots for loaded files.
 *
 * The slots' lock is held for a few instructions, and fork waits for it. A
 * slot's own lock is held while a thread reads the file. Fork does not wait for
 * that: the child, which has no such thread, initialises those locks again. */

#include "config.h"

#include "userfile/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 16 /* a server has one file or two; clients' key files come and go */

struct slot {
    char *path; /* NULL: free */
    struct loaded_file *loaded;
    unsigned long used; /* the number of the last call that asked for it */
};

static struct {
    pthread_mutex_t lock;
    struct slot slots[SLOTS];
    unsigned long calls;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_mutex_t reading_locks[SLOTS] = {[0 ... SLOTS - 1] = PTHREAD_MUTEX_INITIALIZER};

struct loaded_file *loaded_file_new(struct index *index)
{
    struct loaded_file *made = calloc(1, sizeof(*made));

    if (!made) {
        index_free(index);
        return NULL;
    }
    atomic_init(&made->references, 1);
    made->index = index;
    return made;
}

struct loaded_file *loaded_file_ref(struct loaded_file *loaded)
{
    if (loaded)
        atomic_fetch_add(&loaded->references, 1);
    return loaded;
}

void loaded_file_unref(struct loaded_file *loaded)
{
    if (!loaded || atomic_fetch_sub(&loaded->references, 1) != 1)
        return;
    index_free(loaded->index);
    free(loaded);
}

static void before_fork(void)
{
    pthread_mutex_lock(&cache.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&cache.lock);
}

static void after_fork_in_child(void)
{
    for (size_t i = 0; i < SLOTS; i++)
        pthread_mutex_init(&reading_locks[i], NULL);
    pthread_mutex_unlock(&cache.lock);
}

/* When the module is loaded: at first use it could race with a fork. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

static bool is_of(const struct slot *slot, const char *path)
{
    return slot->path && strcmp(slot->path, path) == 0;
}

/* The path's slot, or else the least recently used one. Call with the lock held. */
static struct slot *find_slot(const char *path)
{
    struct slot *oldest = &cache.slots[0];

    for (size_t i = 0; i < SLOTS; i++) {
        if (is_of(&cache.slots[i], path))
            return &cache.slots[i];
        if (cache.slots[i].used < oldest->used)
            oldest = &cache.slots[i];
    }
    return oldest;
}

/* The same; from now on it is the path's. What was in it goes to *evicted. NULL
 * when memory ends. Call with the lock held. */
static struct slot *take_slot(const char *path, struct slot *evicted)
{
    struct slot *slot = find_slot(path);

    *evicted = (struct slot){0};
    if (!is_of(slot, path)) {
        char *copy = strdup(path);

        if (!copy)
            return NULL;
        *evicted = *slot;
        *slot = (struct slot){.path = copy};
    }
    slot->used = ++cache.calls;
    return slot;
}

enum ntlm_error cache_get(const char *path, unsigned *slot, struct loaded_file **loaded)
{
    struct slot evicted, *found;

    *loaded = NULL;
    pthread_mutex_lock(&cache.lock);
    found = take_slot(path, &evicted);
    if (found) {
        *slot = (unsigned)(found - cache.slots);
        *loaded = loaded_file_ref(found->loaded);
    }
    pthread_mutex_unlock(&cache.lock);
    loaded_file_unref(evicted.loaded);
    free(evicted.path);
    return found ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

void cache_put(unsigned slot, const char *path, struct loaded_file *loaded)
{
    struct loaded_file *previous = NULL;

    pthread_mutex_lock(&cache.lock);
    if (is_of(&cache.slots[slot], path)) {
        previous = cache.slots[slot].loaded;
        cache.slots[slot].loaded = loaded_file_ref(loaded);
    }
    pthread_mutex_unlock(&cache.lock);
    loaded_file_unref(previous);
}

void cache_lock(unsigned slot)
{
    pthread_mutex_lock(&reading_locks[slot]);
}

void cache_unlock(unsigned slot)
{
    pthread_mutex_unlock(&reading_locks[slot]);
}
