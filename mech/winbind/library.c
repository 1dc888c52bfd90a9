/* SPDX-License-Identifier: MIT */
/* library.c - loads libwbclient. */

#include "config.h"

#include "winbind/winbind.h"

#ifdef HAVE_WBCLIENT

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "support/failure.h"
#include "winbind/library.h"

#define LIBRARY "libwbclient.so.0"

static struct {
    struct wbclient functions;
    bool complete;
    char trouble[256]; /* why it is not */
} loaded;

static void note_trouble(void)
{
    const char *text = dlerror();

    snprintf(loaded.trouble, sizeof(loaded.trouble), "%s", text ? text : "no reason given");
}

/* dlsym's object pointer is a function's, as POSIX promises. */
static bool find(void *library, const char *name, void *function)
{
    void *found = dlsym(library, name);

    if (!found)
        note_trouble();
    memcpy(function, &found, sizeof(found));
    return found != NULL;
}

static void load(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

    if (!library) {
        note_trouble();
        return;
    }
    loaded.complete = true;
#define WBCLIENT_FIND(name)                                                                    \
    loaded.complete = loaded.complete && find(library, #name, &loaded.functions.name);
    WBCLIENT_FUNCTIONS(WBCLIENT_FIND)
#undef WBCLIENT_FIND
}

static enum ntlm_error load_once(const struct wbclient **library)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, load);
    *library = loaded.complete ? &loaded.functions : NULL;
    if (loaded.complete)
        return NTLM_OK;
    return fail(NTLM_ERR_NO_AUTHORITY, "libwbclient (Debian: libwbclient0): %s",
                loaded.trouble);
}

static bool has_socket(void)
{
    struct stat st;

    return stat(WINBIND_SOCKET, &st) == 0 && S_ISSOCK(st.st_mode);
}

enum ntlm_error wbclient_load(const struct wbclient **library)
{
    *library = NULL;
    if (!has_socket())
        return fail(NTLM_ERR_NO_AUTHORITY, "no winbind runs here (it has no socket %s)",
                    WINBIND_SOCKET);
    return load_once(library);
}

bool winbind_is_there(void)
{
    const struct wbclient *library;

    return has_socket() && load_once(&library) == NTLM_OK;
}

#else

bool winbind_is_there(void)
{
    return false;
}

#endif
