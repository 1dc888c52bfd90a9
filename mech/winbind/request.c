/* SPDX-License-Identifier: MIT */
/* request.c - threads that ask winbind, and the connections they use. */

#include "config.h"

#include "winbind/request.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "support/failure.h"

#define CONNECTIONS 8 /* kept open at most */
#define THREAD_STACK (256 * 1024)

/* A request that is not answered in time is abandoned: its thread goes on waiting.
 * While so many are, further requests fail at once. */
#define ABANDONED_MAX 16

/* Seconds for a request that winbind answers without a domain controller, and for
 * any request while another one is abandoned: a login makes several requests, and
 * must not wait the full time for each while winbind hangs. */
#define BRIEF_WAIT 5

struct connection {
    struct wbcContext *context;
    pid_t owner;
};

/* Without a lock, which fork could leave locked in the child. */
static _Atomic(struct connection *) idle[CONNECTIONS];

/* How many requests are abandoned and not answered yet. */
static atomic_uint abandoned;

/* The child has none of the threads that wait for them. */
static void after_fork_in_child(void)
{
    atomic_store(&abandoned, 0);
}

/* When the module is loaded: at first use it could race with a fork. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(NULL, NULL, after_fork_in_child);
}

static void close_connection(const struct wbclient *library, struct connection *connection)
{
    library->wbcCtxFree(connection->context);
    free(connection);
}

static struct connection *open_connection(const struct wbclient *library)
{
    struct connection *connection = calloc(1, sizeof(*connection));

    if (!connection)
        return NULL;
    connection->owner = getpid();
    connection->context = library->wbcCtxCreate();
    if (connection->context)
        return connection;
    free(connection);
    return NULL;
}

static struct connection *take_connection(const struct wbclient *library)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *connection = atomic_exchange(&idle[i], NULL);

        if (connection && connection->owner == getpid())
            return connection;
        if (connection) /* its socket is shared with our parent */
            close_connection(library, connection);
    }
    return open_connection(library);
}

static void keep_connection(const struct wbclient *library, struct connection *connection)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct connection *none = NULL;

        if (atomic_compare_exchange_strong(&idle[i], &none, connection))
            return;
    }
    close_connection(library, connection);
}

static wbcErr ask(struct winbind_request *request)
{
    const struct wbclient *library = request->library;
    struct connection *connection = take_connection(library);
    wbcErr result;

    if (!connection)
        return WBC_ERR_NO_MEMORY;
    result = request->ask(request, library, connection->context);
    if (result == WBC_ERR_WINBIND_NOT_AVAILABLE)
        close_connection(library, connection);
    else
        keep_connection(library, connection);
    return result;
}

void winbind_release(struct winbind_request *request)
{
    request->clear(request, request->library);
    pthread_cond_destroy(&request->answered);
    pthread_mutex_destroy(&request->lock);
    free(request);
}

static void *run(void *arg)
{
    struct winbind_request *request = arg;
    wbcErr result = ask(request);
    bool was_abandoned;

    pthread_mutex_lock(&request->lock);
    request->result = result;
    request->done = true;
    was_abandoned = request->abandoned;
    pthread_cond_signal(&request->answered);
    pthread_mutex_unlock(&request->lock);
    if (was_abandoned) {
        winbind_release(request);
        atomic_fetch_sub(&abandoned, 1);
    }
    return NULL;
}

/* The program's signal handlers must not run in our thread. */
static int start_thread(struct winbind_request *request, pthread_t *thread)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    int error = pthread_attr_init(&attributes);

    if (error)
        return error;
    pthread_attr_setstacksize(&attributes, THREAD_STACK);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(thread, &attributes, run, request);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return error;
}

static struct timespec in_seconds(unsigned seconds)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_sec += (time_t)seconds;
    return time;
}

/* Whether the answer came in time. If not, the thread will free the request. */
static bool wait_for(struct winbind_request *request, unsigned seconds)
{
    const struct timespec end = in_seconds(seconds);
    bool done;

    pthread_mutex_lock(&request->lock);
    while (!request->done &&
           pthread_cond_timedwait(&request->answered, &request->lock, &end) == 0)
        ;
    done = request->done;
    request->abandoned = !done;
    if (!done)
        atomic_fetch_add(&abandoned, 1);
    pthread_mutex_unlock(&request->lock);
    return done;
}

enum ntlm_error winbind_failed(const struct winbind_request *request)
{
    const char *name;

    if (request->result == WBC_ERR_NO_MEMORY)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    if (request->result == WBC_ERR_WINBIND_NOT_AVAILABLE)
        return fail(NTLM_ERR_NO_AUTHORITY, "winbind does not answer (%s)", WINBIND_SOCKET);
    name = request->library->wbcErrorString(request->result);
    if (!name)
        return fail(NTLM_ERR_NO_AUTHORITY, "winbind answered with error %d",
                    (int)request->result);
    return fail(NTLM_ERR_NO_AUTHORITY, "winbind answered with %s", name);
}

static enum ntlm_error ask_in_thread(struct winbind_request *request, unsigned seconds,
                                     const char *setting)
{
    pthread_t thread;
    int error = start_thread(request, &thread);

    if (error) {
        winbind_release(request);
        return fail(NTLM_ERR_NO_AUTHORITY, "no thread could be started to ask winbind: %s",
                    strerror(error));
    }
    if (wait_for(request, seconds)) {
        pthread_join(thread, NULL);
        return NTLM_OK;
    }
    pthread_detach(thread);
    return fail(NTLM_ERR_NO_AUTHORITY, "winbind did not answer in %u seconds%s", seconds,
                setting);
}

static void prepare(struct winbind_request *request)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&request->answered, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&request->lock, NULL);
}

enum ntlm_error winbind_ask(struct winbind_request *request, unsigned seconds)
{
    enum ntlm_error error;
    unsigned waiting;
    bool brief;

    prepare(request);
    waiting = atomic_load(&abandoned);
    brief = (request->local || waiting > 0) && seconds > BRIEF_WAIT;
    error = wbclient_load(&request->library);
    if (!error && waiting >= ABANDONED_MAX)
        error = fail(NTLM_ERR_NO_AUTHORITY, "winbind hangs: %u earlier requests are unanswered",
                     waiting);
    if (!error && brief)
        return ask_in_thread(request, BRIEF_WAIT, "");
    if (!error)
        return ask_in_thread(request, seconds, " (winbind_timeout)");
    winbind_release(request);
    return error;
}
