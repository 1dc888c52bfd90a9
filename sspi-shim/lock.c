/* SPDX-License-Identifier: MIT */
/* lock.c - the locks of the process. They are held during a fork, so that the
 * child, which has one thread only, finds them free and what they protect
 * whole. */

#include "config.h"

#include "lock.h"

pthread_mutex_t lock_of_additions = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t lock_of_handles = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t lock_of_context_buffers = PTHREAD_MUTEX_INITIALIZER;

static void lock_all(void)
{
    pthread_mutex_lock(&lock_of_additions);
    pthread_mutex_lock(&lock_of_handles);
    pthread_mutex_lock(&lock_of_context_buffers);
}

static void unlock_all(void)
{
    pthread_mutex_unlock(&lock_of_context_buffers);
    pthread_mutex_unlock(&lock_of_handles);
    pthread_mutex_unlock(&lock_of_additions);
}

/* When the library is loaded: during its first use, another thread could fork, and
 * the child could register them again. */
__attribute__((constructor)) static void register_for_fork(void)
{
    pthread_atfork(lock_all, unlock_all, unlock_all);
}
