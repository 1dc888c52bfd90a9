/* SPDX-License-Identifier: MIT */
/* service_process.c - a service as it runs, from proc(5). */

#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service.h"

#define COMM_MAX 15 /* the kernel cuts names */

void environment_clear(struct environment *environment)
{
    for (size_t i = 0; i < environment->count; i++)
        free(environment->entries[i]);
    environment->count = 0;
}

const char *environment_get(const struct environment *environment, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = environment->count; i > 0; i--)
        if (strncmp(environment->entries[i - 1], name, len) == 0 &&
            environment->entries[i - 1][len] == '=')
            return environment->entries[i - 1] + len + 1;
    return NULL;
}

static bool is_called(long process, const char *name)
{
    char path[64], comm[64] = "";
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%ld/comm", process);
    file = fopen(path, "re");
    if (!file)
        return false;
    if (!fgets(comm, sizeof(comm), file))
        comm[0] = '\0';
    fclose(file);
    comm[strcspn(comm, "\n")] = '\0';
    return strncmp(comm, name, COMM_MAX) == 0;
}

/* Not one that has ended and whose parent has not noticed, nor one of the kernel's. */
static bool has_program(long process)
{
    char path[64], byte;
    ssize_t got = 0;
    int fd;

    snprintf(path, sizeof(path), "/proc/%ld/cmdline", process);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        got = read(fd, &byte, 1);
        close(fd);
    }
    return got == 1;
}

static bool owner_of(long process, uid_t *owner)
{
    char path[64];
    struct stat st;

    snprintf(path, sizeof(path), "/proc/%ld", process);
    if (stat(path, &st) != 0)
        return false;
    *owner = st.st_uid;
    return true;
}

/* In the kernel's ticks since the machine began. */
static bool start_of(long process, unsigned long long *start)
{
    char path[64], text[1024];
    const char *fields;
    FILE *file;

    snprintf(path, sizeof(path), "/proc/%ld/stat", process);
    file = fopen(path, "re");
    if (!file)
        return false;
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    fields = strrchr(text, ')'); /* behind the name, which can have any letters */
    return fields && sscanf(fields + 1,
                            " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d"
                            " %*d %*d %*d %llu",
                            start) == 1;
}

/* Numbers do not tell who began first: they begin anew at some limit. */
pid_t service_process(const char *name, uid_t *worker)
{
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    unsigned long long start, first = 0;
    bool has_worker = false;
    long oldest = 0;
    uid_t owner;

    *worker = 0;
    while (processes && (entry = readdir(processes))) {
        long process = strtol(entry->d_name, NULL, 10);
        if (!isdigit((unsigned char)entry->d_name[0]) || process == (long)getpid() ||
            !is_called(process, name) || !has_program(process) || !owner_of(process, &owner) ||
            !start_of(process, &start))
            continue;
        if (oldest == 0 || start < first || (start == first && process < oldest)) {
            oldest = process;
            first = start;
        }
        if (owner != 0 && !has_worker) {
            *worker = owner;
            has_worker = true;
        }
    }
    if (processes)
        closedir(processes);
    return (pid_t)oldest;
}

bool service_process_environment(pid_t process, struct environment *environment)
{
    char path[64], *text = NULL;
    size_t size = 0;
    FILE *file;
    bool good = true;

    environment->count = 0;
    snprintf(path, sizeof(path), "/proc/%ld/environ", (long)process);
    file = fopen(path, "re");
    if (!file)
        return false;
    while (good && environment->count < SERVICE_VARIABLES_MAX &&
           getdelim(&text, &size, '\0', file) > 0) {
        char *copy = strdup(text);
        good = copy != NULL;
        if (good)
            environment->entries[environment->count++] = copy;
    }
    free(text);
    fclose(file);
    return good;
}
