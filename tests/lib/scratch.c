/* SPDX-License-Identifier: MIT */
/* scratch.c - files for tests. */

#include "config.h"

#include "scratch.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <check.h>

#define PATH_COUNT 256
#define PATH_SIZE 128

static char directory[PATH_SIZE / 2];
static pid_t owner; /* Check's forked children leave the directory alone */

static void remove_directory(void)
{
    DIR *dir = getpid() == owner ? opendir(directory) : NULL;
    struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir)))
        unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    rmdir(directory);
}

void scratch_begin(void)
{
    const char *base = getenv("TMPDIR");

    if (*directory)
        return;
    snprintf(directory, sizeof(directory), "%.40s/scratch.XXXXXX", base ? base : "/tmp");
    if (!mkdtemp(directory)) {
        perror(directory);
        exit(EXIT_FAILURE);
    }
    owner = getpid();
    atexit(remove_directory);
}

const char *scratch_path(const char *name)
{
    static char paths[PATH_COUNT][PATH_SIZE];
    size_t at = 0;
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s/%.60s", directory, name);
    while (paths[at][0] && strcmp(paths[at], path) != 0)
        ck_assert_uint_lt(++at, PATH_COUNT);
    return strcpy(paths[at], path);
}

const char *scratch_write_bytes(const char *name, const void *data, unsigned long len)
{
    const char *path = scratch_path(name);
    FILE *file;

    unlink(path);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fchmod(fileno(file), 0600), 0);
    ck_assert_uint_eq(fwrite(data, 1, len, file), len);
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

const char *scratch_write(const char *name, const char *text)
{
    return scratch_write_bytes(name, text, strlen(text));
}

const char *scratch_read(const char *name)
{
    static char text[1 << 18];
    FILE *file = fopen(scratch_path(name), "r");
    size_t len = file ? fread(text, 1, sizeof(text) - 1, file) : 0;

    text[len] = '\0';
    if (file)
        fclose(file);
    return text;
}
