/* SPDX-License-Identifier: MIT */
/* service_fuzz.c - files of others that "gss-negotiate check" reads: units of systemd and
 * the environments that they name, the environment of a process, and the mechglue's list
 * of mechanisms. Every file that is opened has the next part of the input (--wrap), which
 * an 0xff ends. */

#include "config.h"

#include <glob.h>

#include "mech_files.h"
#include "service.h"
#include "target.h"

#define OPENED_MOST 12

static struct input in;
static unsigned opened;
static bool playing; /* else it is libFuzzer that opens files */

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);
int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int),
                glob_t *found);
int __wrap_glob64(const char *pattern, int flags, int (*failed)(const char *, int),
                  glob_t *found);
void __wrap_globfree(glob_t *found);
void __wrap_globfree64(glob_t *found);

FILE *__wrap_fopen(const char *path, const char *mode)
{
    const uint8_t *end, *bytes;
    size_t len, taken;

    if (!playing)
        return __real_fopen(path, mode);
    end = in.left > 0 ? memchr(in.at, 0xff, in.left) : NULL;
    len = end ? (size_t)(end - in.at) : in.left;
    bytes = take_bytes(&in, len, &taken);
    MUST(*mode == 'r');
    take_byte(&in);
    if (taken == 0 || opened++ == OPENED_MOST)
        return NULL;
    return fmemopen((void *)(uintptr_t)bytes, taken, "r");
}

FILE *__wrap_fopen64(const char *path, const char *mode)
{
    return __wrap_fopen(path, mode);
}

/* Two files in each directory. */
int __wrap_glob(const char *pattern, int flags, int (*failed)(const char *, int), glob_t *found)
{
    static char *paths[] = {(char *)(uintptr_t) "/etc/a.conf",
                            (char *)(uintptr_t) "/etc/b.conf", NULL};

    (void)flags;
    (void)failed;
    MUST(strchr(pattern, '*'));
    found->gl_pathc = 2;
    found->gl_pathv = paths;
    return 0;
}

int __wrap_glob64(const char *pattern, int flags, int (*failed)(const char *, int),
                  glob_t *found)
{
    return __wrap_glob(pattern, flags, failed, found);
}

void __wrap_globfree(glob_t *found)
{
    found->gl_pathc = 0;
}

void __wrap_globfree64(glob_t *found)
{
    __wrap_globfree(found);
}

OM_uint32 __real_gss_str_to_oid(OM_uint32 *minor, gss_buffer_t text, gss_OID *oid);
OM_uint32 __wrap_gss_str_to_oid(OM_uint32 *minor, gss_buffer_t text, gss_OID *oid);

/* libgssapi loses 32 bytes for each text that is no identifier: it is asked only about
 * those that cannot fail. */
OM_uint32 __wrap_gss_str_to_oid(OM_uint32 *minor, gss_buffer_t text, gss_OID *oid)
{
    if (text->length > 4 && memcmp(text->value, "1.3.", 4) == 0)
        return __real_gss_str_to_oid(minor, text, oid);
    *minor = 0;
    return GSS_S_FAILURE;
}

static void look_at(struct environment *environment, bool assigned)
{
    MUST(environment->count <= SERVICE_VARIABLES_MAX);
    for (size_t i = 0; i < environment->count; i++)
        MUST(!assigned || strchr(environment->entries[i], '='));
    environment_get(environment, "GSS_MECH_CONFIG");
    environment_get(environment, "");
    environment_clear(environment);
}

static void read_mechanisms(void)
{
    static const gss_OID_desc ntlmssp = {
        10, (void *)(uintptr_t) "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};
    struct mech_files files;
    const struct mech_line *found;

    MUST(mech_files_read(&files));
    MUST(files.count <= MECH_LINES_MAX);
    for (size_t i = 0; i < files.count; i++)
        MUST(*files.lines[i].name && files.lines[i].oid_text && files.lines[i].module);
    found = mech_files_find(&files, &ntlmssp);
    MUST(!found || !found->interposer);
    mech_files_clear(&files);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    unsetenv("GSS_MECH_CONFIG");
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct environment environment;
    char *user;
    uint8_t how;

    in = (struct input){data, size};
    opened = 0;
    playing = true;
    how = take_byte(&in);
    if (how % 3 == 0) {
        service_unit("apache2", &environment, &user);
        free(user);
        look_at(&environment, true);
    } else if (how % 3 == 1) {
        service_process_environment(1, &environment);
        look_at(&environment, false);
    } else {
        read_mechanisms();
    }
    playing = false;
    return 0;
}
