/* SPDX-License-Identifier: MIT */
/* lock.c - the locks of the process, and fork. What they protect is in the files
 * that take them. */

#include "config.h"

#include "lock.h"

#include "handle.h"

pthread_mutex_t lock_of_additions = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t lock_of_handles = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t lock_of_context_buffers = PTHREAD_MUTEX_INITIALIZER;

static void before_fork(void)
{
    pthread_mutex_lock(&lock_of_additions);
    pthread_mutex_lock(&lock_of_handles);
    pthread_mutex_lock(&lock_of_context_buffers);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&lock_of_context_buffers);
    pthread_mutex_unlock(&lock_of_handles);
    pthread_mutex_unlock(&lock_of_additions);
}

static void after_fork_in_child(void)
{
    handle_lose_used();
    after_fork();
}

/* When the library is loaded: done at first use, it could itself be cut through
 * by a fork and done again in the child, whose own forks would then lock twice. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(before_fork, after_fork, after_fork_in_child);
}
