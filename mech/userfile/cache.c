/* SPDX-License-Identifier: MIT */
/* cache.c - a few places for snapshots.
 *
 * The lock of the places is held for a few instructions, and fork waits for
 * it. The locks of those who read a file are held as long as that takes. Fork
 * does not wait for them: the child, in which the reader is gone, gets new
 * ones. */

#include "config.h"

#include "userfile/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 16 /* a server has one file or two; its users' come and go */

struct place {
    char *path; /* NULL: free */
    struct snapshot *snapshot;
    unsigned long asked; /* when it was asked for last, in questions */
};

static struct {
    pthread_mutex_t lock;
    struct place places[PLACES];
    unsigned long questions;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_mutex_t reading[PLACES] = {[0 ... PLACES - 1] = PTHREAD_MUTEX_INITIALIZER};

struct snapshot *snapshot_new(struct index *index)
{
    struct snapshot *made = calloc(1, sizeof(*made));

    if (!made) {
        index_free(index);
        return NULL;
    }
    atomic_init(&made->references, 1);
    made->index = index;
    return made;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    if (snapshot)
        atomic_fetch_add(&snapshot->references, 1);
    return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot->references, 1) != 1)
        return;
    index_free(snapshot->index);
    free(snapshot);
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
    for (size_t i = 0; i < PLACES; i++)
        pthread_mutex_init(&reading[i], NULL);
    pthread_mutex_unlock(&cache.lock);
}

/* When the module is loaded, as in settings.c. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

static bool is_of(const struct place *place, const char *path)
{
    return place->path && strcmp(place->path, path) == 0;
}

/* The path's place, or else the one to give up. Called with the lock held. */
static struct place *find_place(const char *path)
{
    struct place *oldest = &cache.places[0];

    for (size_t i = 0; i < PLACES; i++) {
        if (is_of(&cache.places[i], path))
            return &cache.places[i];
        if (cache.places[i].asked < oldest->asked)
            oldest = &cache.places[i];
    }
    return oldest;
}

/* The same, and it is the path's from now on. Whose it was goes to *evicted.
 * NULL when memory ends. Called with the lock held. */
static struct place *take_place(const char *path, struct place *evicted)
{
    struct place *place = find_place(path);

    *evicted = (struct place){0};
    if (!is_of(place, path)) {
        char *copy = strdup(path);

        if (!copy)
            return NULL;
        *evicted = *place;
        *place = (struct place){.path = copy};
    }
    place->asked = ++cache.questions;
    return place;
}

enum ntlm_error cache_get(const char *path, unsigned *place, struct snapshot **snapshot)
{
    struct place evicted, *found;

    *snapshot = NULL;
    pthread_mutex_lock(&cache.lock);
    found = take_place(path, &evicted);
    if (found) {
        *place = (unsigned)(found - cache.places);
        *snapshot = snapshot_ref(found->snapshot);
    }
    pthread_mutex_unlock(&cache.lock);
    snapshot_unref(evicted.snapshot);
    free(evicted.path);
    return found ? NTLM_OK : NTLM_ERR_OUT_OF_MEMORY;
}

void cache_put(unsigned place, const char *path, struct snapshot *snapshot)
{
    struct snapshot *former = NULL;

    pthread_mutex_lock(&cache.lock);
    if (is_of(&cache.places[place], path)) {
        former = cache.places[place].snapshot;
        cache.places[place].snapshot = snapshot_ref(snapshot);
    }
    pthread_mutex_unlock(&cache.lock);
    snapshot_unref(former);
}

void cache_lock(unsigned place)
{
    pthread_mutex_lock(&reading[place]);
}

void cache_unlock(unsigned place)
{
    pthread_mutex_unlock(&reading[place]);
}
