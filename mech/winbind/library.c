/* SPDX-License-Identifier: MIT */
/* library.c - loads libwbclient. */

#include "config.h"

#include "winbind/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "support/failure.h"
#include "winbind/winbind.h"

#define LIBRARY "libwbclient.so.0"

/* Written once, with the lock held; read after `complete` was seen. */
static struct {
    pthread_mutex_t lock;
    atomic_bool complete;
    struct wbclient functions;
} loaded = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void before_fork(void)
{
    pthread_mutex_lock(&loaded.lock);
}

static void after_fork(void)
{
    pthread_mutex_unlock(&loaded.lock);
}

/* When the module is loaded: at first use it could race with a fork. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(before_fork, after_fork, after_fork);
}

/* dlerror's text; the thread's until its next call. */
static const char *reason(void)
{
    const char *text = dlerror();

    return text ? text : "no reason given";
}

/* POSIX promises that dlsym's pointer can be a function's. False at the first name that the
 * library lacks, which dlerror then tells. */
static bool find_all(void *library, struct wbclient *functions)
{
#define WBCLIENT_PLACE(name) {#name, &functions->name},
    const struct {
        const char *name;
        void *place;
    } wanted[] = {WBCLIENT_FUNCTIONS(WBCLIENT_PLACE)};
#undef WBCLIENT_PLACE

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        void *found = dlsym(library, wanted[i].name);

        if (!found)
            return false;
        memcpy(wanted[i].place, &found, sizeof(found));
    }
    return true;
}

/* Called with the lock held. */
static enum ntlm_error load(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    enum ntlm_error error;

    if (library && find_all(library, &loaded.functions)) {
        atomic_store(&loaded.complete, true);
        return NTLM_OK;
    }
    error = fail(NTLM_ERR_NO_AUTHORITY, "libwbclient (Debian: libwbclient0): %s", reason());
    if (library)
        dlclose(library);
    return error;
}

static enum ntlm_error load_once(void)
{
    enum ntlm_error error = NTLM_OK;

    if (atomic_load(&loaded.complete))
        return NTLM_OK;
    pthread_mutex_lock(&loaded.lock);
    if (!atomic_load(&loaded.complete))
        error = load();
    pthread_mutex_unlock(&loaded.lock);
    return error;
}

static bool has_socket(void)
{
    struct stat st;

    return stat(WINBIND_SOCKET, &st) == 0 && S_ISSOCK(st.st_mode);
}

enum ntlm_error wbclient_load(const struct wbclient **library)
{
    enum ntlm_error error;

    *library = NULL;
    if (!has_socket())
        return fail(NTLM_ERR_NO_AUTHORITY, "winbind does not run here (there is no socket %s)",
                    WINBIND_SOCKET);
    error = load_once();
    if (!error)
        *library = &loaded.functions;
    return error;
}

bool winbind_is_there(void)
{
    return has_socket() && !load_once();
}
