/* SPDX-License-Identifier: MIT */
/* bounded.c - work with an end to the waiting for it. */

#include "config.h"

#include "spnego/bounded.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The thread's and the waiting caller's; whoever lets go last frees it. */
struct job {
    void (*run)(void *arg);
    void (*drop)(void *arg);
    void *arg;
    pthread_cond_t done;
    bool over, abandoned;
};

/* Of every job, and of what is counted here. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned threads, late;
static pthread_t ids[BOUNDED_THREADS_MAX]; /* the threads, in no order */
static atomic_bool ending;
static atomic_uint halted;

static void before_fork(void)
{
    pthread_mutex_lock(&lock);
}

static void after_fork_in_parent(void)
{
    pthread_mutex_unlock(&lock);
}

/* The parent's threads are not here. */
static void after_fork_in_child(void)
{
    threads = late = 0;
    pthread_mutex_unlock(&lock);
}

static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
}

/* For good. What the thread calls may be gone already, and what it has is the
 * kernel's to free. */
static void halt(void *ignored)
{
    (void)ignored;
    atomic_fetch_add(&halted, 1);
    for (;;)
        pause();
}

/* glibc aborts a cancellation that cannot unwind. */
static bool can_cancel(void)
{
    void *unwinder = dlopen("libgcc_s.so.1", RTLD_NOW);

    if (unwinder)
        dlclose(unwinder);
    return unwinder;
}

/* The process ends, and the libraries that we need after us. A thread that is out waits
 * for the network as good as always: there it is cancelled, and halts. One that cannot
 * be has a moment. */
__attribute__((destructor)) static void end(void)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    unsigned count;

    atomic_store(&ending, true);
    pthread_mutex_lock(&lock);
    count = threads;
    if (count > 0 && can_cancel())
        for (unsigned i = 0; i < count; i++)
            pthread_cancel(ids[i]);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < 100 && atomic_load(&halted) < count; i++)
        nanosleep(&moment, NULL);
}

static struct job *new_job(void (*run)(void *arg), void (*drop)(void *arg), void *arg)
{
    struct job *job = calloc(1, sizeof(*job));
    pthread_condattr_t attributes;

    if (!job)
        return NULL;
    *job = (struct job){.run = run, .drop = drop, .arg = arg};
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&job->done, &attributes);
    pthread_condattr_destroy(&attributes);
    return job;
}

static void free_job(struct job *job)
{
    pthread_cond_destroy(&job->done);
    free(job);
}

static void forget(pthread_t id)
{
    for (unsigned i = 0; i < threads; i++)
        if (pthread_equal(ids[i], id)) {
            ids[i] = ids[--threads];
            return;
        }
}

/* Nobody waits for it any more. */
static void end_late(struct job *job)
{
    job->drop(job->arg);
    free_job(job);
    pthread_mutex_lock(&lock);
    late--;
    forget(pthread_self());
    pthread_mutex_unlock(&lock);
}

static void *thread(void *arg)
{
    struct job *job = arg;
    bool abandoned;

    pthread_cleanup_push(halt, NULL);
    job->run(job->arg);
    if (atomic_load(&ending))
        halt(NULL);
    pthread_mutex_lock(&lock);
    job->over = true;
    abandoned = job->abandoned;
    if (!abandoned) {
        pthread_cond_signal(&job->done);
        forget(pthread_self());
    }
    pthread_mutex_unlock(&lock);
    if (abandoned)
        end_late(job);
    pthread_cleanup_pop(0);
    return NULL;
}

/* With the lock: the thread finds itself among the others. */
static bool start(struct job *job)
{
    sigset_t all, before;
    pthread_attr_t attributes;
    int error;

    sigfillset(&all);
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&ids[threads], &attributes, thread, job);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    threads += error == 0;
    return error == 0;
}

/* With the lock. Whether it is over by then. */
static bool wait_for(struct job *job, unsigned milliseconds)
{
    struct timespec until;
    int error = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(milliseconds / 1000);
    until.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (!job->over && error == 0)
        error = pthread_cond_timedwait(&job->done, &lock, &until);
    job->abandoned = !job->over;
    return job->over;
}

enum bounded bounded_run(unsigned milliseconds, void (*run)(void *arg), void (*drop)(void *arg),
                         void *arg)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct job *job = new_job(run, drop, arg);
    enum bounded result = BOUNDED_NO_THREAD;
    int cancel_state;

    if (!job)
        return result;
    pthread_once(&once, watch_forks);
    /* cancelled here, a thread would keep the lock */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    pthread_mutex_lock(&lock);
    if (threads >= BOUNDED_THREADS_MAX)
        result = late > 0 ? BOUNDED_TOO_MANY : BOUNDED_NO_THREAD;
    else if (start(job))
        result = wait_for(job, milliseconds) ? BOUNDED_DONE : BOUNDED_LATE;
    late += result == BOUNDED_LATE;
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(cancel_state, NULL);
    if (result != BOUNDED_LATE)
        free_job(job);
    return result;
}
