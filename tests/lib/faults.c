/* SPDX-License-Identifier: MIT */
/* faults.c - counts the calls that faults.h is told to count. */

#include "config.h"

#include "faults.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const *whose;
static enum fault_kind which;
static enum fault_way how;
static bool armed, every;
static unsigned fails; /* which one; 0: none */
static atomic_uint counted;
_Thread_local int fault_descriptor;
static struct stat inputs[2]; /* st_ino 0: none */
static atomic_bool failed;
static char nowhere[FAULT_TEXT], *last = nowhere;

/* The file of the object that this address is in; the program's is "". */
static const char *object_of(void *address)
{
    struct dl_find_object found;

    return _dl_find_object(address, &found) == 0 ? found.dlfo_link_map->l_name : "?";
}

static bool counts(const char *object)
{
    for (const char *const *name = whose; *name; name++)
        if (**name ? strstr(object, *name) != NULL : !*object)
            return true;
    return false;
}

void faults_arm(const char *const callers[], enum fault_kind kind, enum fault_way way,
                unsigned n)
{
    whose = callers;
    which = kind;
    how = way;
    failed = false;
    *last = '\0';
    every = n == EVERY_CALL;
    fails = n;
    counted = 0;
    armed = true;
}

bool faults_disarm(void)
{
    armed = false;
    return failed;
}

unsigned faults_counted(void)
{
    return counted;
}

void faults_tell(char text[FAULT_TEXT])
{
    last = text;
}

const char *faults_told(void)
{
    return last;
}

/* For whom a library that all others use was asked. */
static const char *asked_by(void)
{
    void *frames[24];
    int count = backtrace(frames, 24);

    for (int i = 0; i < count; i++) {
        const char *object = object_of(frames[i]);

        if (*object && !strstr(object, "/libc.") && !strstr(object, "libkrb5support"))
            return object;
    }
    return "the program";
}

static void tell(const char *name, const char *object)
{
    bool again = every;

    armed = false; /* what is asked for here does not count */
    if (strstr(object, "/libc.") || strstr(object, "libkrb5support"))
        snprintf(last, FAULT_TEXT, "%s of %s for %s", name, object, asked_by());
    else
        snprintf(last, FAULT_TEXT, "%s of %s", name, *object ? object : "the program");
    armed = again;
}

void faults_spare_input(void)
{
    static const int descriptors[] = {STDIN_FILENO, 3};

    for (int i = 0; i < 2; i++)
        if (fstat(descriptors[i], &inputs[i]) != 0)
            inputs[i].st_ino = 0;
}

static bool is_input(int descriptor)
{
    struct stat st;

    if (fstat(descriptor, &st) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        if (inputs[i].st_ino != 0 && inputs[i].st_ino == st.st_ino &&
            inputs[i].st_dev == st.st_dev)
            return true;
    return false;
}

bool fault_due(enum fault_kind kind, const char *name, void *caller, bool reads,
               enum fault_way *way)
{
    const char *object;

    *way = how;
    if (!armed || !(kind & which) || (how != FAULT_FAILS && !reads))
        return false;
    if (how == FAULT_ENDS && is_input(fault_descriptor))
        return false;
    object = object_of(caller);
    if (!counts(object) || (atomic_fetch_add(&counted, 1) + 1 != fails && !every))
        return false;
    tell(name, object);
    failed = true;
    return true;
}

/* The program need not be linked with what a module brings along. */
void *fault_real(const char *name)
{
    static const char *const libraries[] = {"libcrypto.so.3", "libkeyutils.so.1"};
    void *real = dlsym(RTLD_NEXT, name);

    for (size_t i = 0; !real && i < sizeof(libraries) / sizeof(libraries[0]); i++) {
        void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD);

        if (library) {
            real = dlsym(library, name);
            dlclose(library);
        }
    }
    if (!real)
        abort();
    return real;
}
