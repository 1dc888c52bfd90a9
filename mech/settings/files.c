/* SPDX-License-Identifier: MIT */
/* files.c - see files.h. What stands in the files is the profile library's. */

#include "config.h"

#include "settings/files.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "settings/strays.h"

#define INCLUDE "include"
#define INCLUDE_DIR "includedir"
#define DEPTH_MAX 20

static enum ntlm_error check_file(const char *path, bool required, int depth, struct seen *seen,
                                  struct inputs *in);

static enum ntlm_error set_trouble(const char *path, int code, struct inputs *in)
{
    if (code == ENOMEM)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (asprintf(&in->trouble, "%s: %s", path, strerror(code)) < 0) {
        in->trouble = NULL;
        return NTLM_ERR_OUT_OF_MEMORY;
    }
    in->denied = code == EACCES || code == EPERM;
    return NTLM_OK;
}

/* A pipe would have to wait for who writes, and gives what it has once, not to libkrb5 as
 * well; a device may never end. /dev/null is how to have no file. */
static enum ntlm_error check_kind(const char *path, const struct stat *st, struct inputs *in)
{
    if (S_ISDIR(st->st_mode))
        return set_trouble(path, EISDIR, in);
    if (S_ISREG(st->st_mode) || (S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3)))
        return NTLM_OK;
    if (asprintf(&in->trouble, "%s: not a regular file", path) >= 0)
        return NTLM_OK;
    in->trouble = NULL;
    return NTLM_ERR_OUT_OF_MEMORY;
}

/* NULL: errno says why. */
static FILE *open_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), code;
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

    if (fd < 0 || file)
        return file;
    code = errno;
    close(fd);
    errno = code;
    return NULL;
}

/* The files of a directory that libkrb5 reads: letters, digits, - and _ alone, or
 * any name that ends with .conf and does not begin with a dot. */
static bool is_included(const char *name)
{
    size_t len = strlen(name);

    if (*name != '.' && len > 5 && strcmp(name + len - 5, ".conf") == 0)
        return true;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
            return false;
    return true;
}

static enum ntlm_error check_directory(const char *path, int depth, struct seen *seen,
                                       struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;
    struct dirent *entry;
    DIR *directory = opendir(path);

    if (!directory)
        return set_trouble(path, errno, in);
    for (errno = 0; !error && !in->trouble && (entry = readdir(directory)) != NULL; errno = 0) {
        char *file;
        if (!is_included(entry->d_name))
            continue;
        if (asprintf(&file, "%s/%s", path, entry->d_name) < 0) {
            error = NTLM_ERR_OUT_OF_MEMORY;
        } else {
            error = check_file(file, true, depth, seen, in);
            free(file);
        }
    }
    if (!error && !in->trouble && errno)
        error = set_trouble(path, errno, in);
    closedir(directory);
    return error;
}

/* What a line names after this word; NULL: it is another line. */
static char *argument_of(char *line, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(line, word, len) != 0 || !isspace((unsigned char)line[len]))
        return NULL;
    line += len + strspn(line + len, BLANKS);
    for (len = strlen(line); len > 0 && isspace((unsigned char)line[len - 1]); len--)
        ;
    line[len] = '\0';
    return line;
}

static enum ntlm_error check_include(char *line, int depth, struct seen *seen,
                                     struct inputs *in)
{
    char *path = argument_of(line, INCLUDE_DIR);

    if (path)
        return check_directory(path, depth, seen, in);
    path = argument_of(line, INCLUDE);
    return path ? check_file(path, true, depth, seen, in) : NTLM_OK;
}

static void count(const struct strays *strays, struct seen *seen)
{
    seen->final |= strays->final;
    for (enum setting i = 0; i < SETTING_COUNT && !seen->closed; i++)
        seen->values[i] += strays->values[i];
}

static enum ntlm_error check_lines(FILE *file, const char *path, int depth, struct seen *seen,
                                   struct inputs *in)
{
    struct strays strays = {.path = path};
    enum ntlm_error error = NTLM_OK;
    char *line = NULL;
    size_t size = 0;
    ssize_t len;

    for (errno = 0; !error && !in->trouble && (len = getline(&line, &size, file)) >= 0;
         errno = 0) {
        const bool whole = strlen(line) == (size_t)len;
        error = check_include(line, depth, seen, in);
        if (!error && !in->trouble)
            error = strays_check(&strays, line, whole, in);
    }
    if (!error && !in->trouble && !feof(file))
        error = set_trouble(path, errno ? errno : EIO, in);
    free(line);
    count(&strays, seen);
    return error;
}

static enum ntlm_error check_file(const char *path, bool required, int depth, struct seen *seen,
                                  struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;
    struct stat st;
    FILE *file;

    if (depth > DEPTH_MAX)
        return set_trouble(path, ELOOP, in);
    file = open_file(path);
    if (!file)
        return errno == ENOENT && !required ? NTLM_OK : set_trouble(path, errno, in);
    if (fstat(fileno(file), &st) != 0)
        error = set_trouble(path, errno, in);
    else
        error = check_kind(path, &st, in);
    if (!error && !in->trouble)
        error = check_lines(file, path, depth + 1, seen, in);
    fclose(file);
    return error;
}

enum ntlm_error files_check(const char *list, struct seen *seen, struct inputs *in)
{
    enum ntlm_error error = NTLM_OK;
    char *files = strdup(list), *rest = NULL;

    if (!files)
        return NTLM_ERR_OUT_OF_MEMORY;
    for (char *file = strtok_r(files, ":", &rest); file && !error && !in->trouble;
         file = strtok_r(NULL, ":", &rest)) {
        error = check_file(file, false, 0, seen, in);
        seen->closed = seen->final;
    }
    free(files);
    return error;
}
