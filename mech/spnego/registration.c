/* SPDX-License-Identifier: MIT */
/* registration.c - whether the process is younger than the registration. */

#include "config.h"

#include "spnego/registration.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Before the paths of all files; a test has a world of its own. */
#ifndef REGISTRATION_ROOT
#define REGISTRATION_ROOT ""
#endif

/* Where MIT's mechglue looks. */
#define MECH_FILE REGISTRATION_ROOT "/etc/gss/mech"
#define MECH_FILES REGISTRATION_ROOT "/etc/gss/mech.d/*.conf"

#define NS_PER_SECOND INT64_C(1000000000)
/* The kernel counts a process' start in ticks and stamps files by a coarse clock. */
#define SLACK (NS_PER_SECOND / 10)
#define GENERATIONS 32

static int64_t nanoseconds(struct timespec time)
{
    return (int64_t)time.tv_sec * NS_PER_SECOND + time.tv_nsec;
}

/* The file that the mechglue has loaded us from, without folders. */
static const char *own_file_name(void)
{
    Dl_info info;
    const char *slash;

    if (!dladdr((const void *)(uintptr_t)registration_is_ours, &info))
        return NULL;
    slash = strrchr(info.dli_fname, '/');
    return slash ? slash + 1 : info.dli_fname;
}

static bool registers(const char *path, const char *module)
{
    FILE *file = fopen(path, "re");
    char line[8192];
    bool found = false;

    if (!file)
        return false;
    while (!found && fgets(line, sizeof(line), file))
        found = line[0] != '#' && strstr(line, module);
    fclose(file);
    return found;
}

/* The change time of the link or of the file that it leads to, whichever is later.
 * The modification time does not tell: packages set it. */
static void look_at(const char *path, const char *module, int64_t *newest)
{
    struct stat link, file;
    int64_t changed;

    if (lstat(path, &link) != 0 || stat(path, &file) != 0 || !registers(path, module))
        return;
    changed = nanoseconds(link.st_ctim);
    if (nanoseconds(file.st_ctim) > changed)
        changed = nanoseconds(file.st_ctim);
    if (changed > *newest)
        *newest = changed;
}

/* False when no file registers us that we could find. */
static bool registered_at(int64_t *when)
{
    const char *module = own_file_name(), *named = secure_getenv("GSS_MECH_CONFIG");
    glob_t files = {0};

    *when = 0;
    if (!module)
        return false;
    if (named) {
        look_at(named, module, when);
        return *when > 0;
    }
    look_at(MECH_FILE, module, when);
    if (glob(MECH_FILES, 0, NULL, &files) == 0)
        for (size_t i = 0; i < files.gl_pathc; i++)
            look_at(files.gl_pathv[i], module, when);
    globfree(&files);
    return *when > 0;
}

/* The number of bytes; -1: the file could not be read. */
static ssize_t read_proc(long pid, const char *name, char *out, size_t size)
{
    char path[64];
    size_t len = 0;
    ssize_t got;
    int fd;

    snprintf(path, sizeof(path), REGISTRATION_ROOT "/proc/%ld/%s", pid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    do {
        got = read(fd, out + len, size - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    } while (got > 0 || (got < 0 && errno == EINTR));
    close(fd);
    out[len] = '\0';
    return got < 0 ? -1 : (ssize_t)len;
}

/* proc(5): the parent, and the start in ticks since the machine's. */
static bool read_stat(long pid, long *parent, unsigned long long *start)
{
    char text[1024], *after;

    if (read_proc(pid, "stat", text, sizeof(text)) <= 0)
        return false;
    /* the program's name is in brackets, and may have any character */
    after = strrchr(text, ')');
    return after && sscanf(after + 1,
                           " %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d"
                           " %*d %*d %*d %llu",
                           parent, start) == 2;
}

static bool same_program(long one, long other)
{
    char of_one[4096], of_other[4096];
    ssize_t len = read_proc(one, "cmdline", of_one, sizeof(of_one));

    return len > 0 && read_proc(other, "cmdline", of_other, sizeof(of_other)) == len &&
           memcmp(of_one, of_other, (size_t)len) == 0;
}

/* A forked process has its parent's memory, credentials and all: the start of the
 * first of them counts. An exec of the same command line counts as a fork, too. */
static bool started_at(int64_t *when)
{
    unsigned long long start, earlier;
    struct timespec now, since_boot;
    long pid = (long)getpid(), parent, ticks = sysconf(_SC_CLK_TCK);

    if (ticks <= 0 || !read_stat(pid, &parent, &start))
        return false;
    for (int i = 0; i < GENERATIONS && parent > 1 && same_program(pid, parent); i++) {
        pid = parent;
        if (!read_stat(pid, &parent, &earlier))
            return false;
        start = earlier;
    }
    if (clock_gettime(CLOCK_REALTIME, &now) != 0 ||
        clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0)
        return false;
    *when =
        nanoseconds(now) - nanoseconds(since_boot) + (int64_t)start * (NS_PER_SECOND / ticks);
    return true;
}

bool registration_is_ours(void)
{
    int64_t registered, started;

    return registered_at(&registered) && started_at(&started) && registered <= started + SLACK;
}
