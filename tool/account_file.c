/* SPDX-License-Identifier: MIT */
/* account_file.c - finding, locking and reading an account file. How it is replaced is
 * account_replace.c's. */

#include "config.h"

#include "account_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "settings/settings.h"
#include "translate.h"
#include "userfile/database.h"
#include "userfile/stat.h"

#define LOCK_TRIES 200 /* of 50 ms */

enum exit_status account_file_path(const char *option, char **path)
{
    const struct settings *settings = NULL;
    const char *named = option;
    enum ntlm_error error = NTLM_OK;

    *path = NULL;
    if (!option)
        error = settings_get(&settings);
    if (error)
        return complain_of(error);
    if (!option)
        named = settings_account_file(settings);
    if (named)
        *path = strdup(named);
    settings_put(settings);
    if (*path)
        return STATUS_OK;
    if (named)
        return complain_of_memory();
    return complain(STATUS_USAGE, "%s",
                    _("no account file is named: give --file, or set account_file in "
                      "[ntlmssp] of krb5.conf"));
}

static enum exit_status complain_of_file(const struct account_file *file, int code)
{
    return complain(STATUS_TROUBLE, "%s: %s", file->path, strerror(code));
}

/* Splits the file's real path, which lies in real_directory, or that of a file that is yet
 * to be made. */
static void split_path(struct account_file *file)
{
    char *slash;

    file->real_directory = realpath(file->path, NULL);
    if (!file->real_directory && errno == ENOENT)
        file->real_directory = asprintf(&file->real_directory, "%s%s",
                                        strchr(file->path, '/') ? "" : "./", file->path) < 0
                                   ? NULL
                                   : file->real_directory;
    slash = file->real_directory ? strrchr(file->real_directory, '/') : NULL;
    if (slash) {
        file->name = strdup(slash + 1);
        slash[1] = '\0';
    }
}

/* Opens the directory that the file is in, where symbolic links lead. */
static enum exit_status open_directory(struct account_file *file)
{
    split_path(file);
    if (!file->name)
        return complain_of_file(file, errno);
    if (!*file->name)
        return complain_of_file(file, EISDIR);
    file->directory = open(file->real_directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return file->directory < 0 ? complain_of_file(file, errno) : STATUS_OK;
}

static enum exit_status check_kind(const struct account_file *file)
{
    if (!S_ISREG(file->st.st_mode))
        return complain(STATUS_TROUBLE, _("%s is not a regular file"), file->path);
    return STATUS_OK;
}

/* Opens the file; makes it where there is none and *create, which is then set to false. */
static enum exit_status open_file(struct account_file *file, bool create)
{
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

    file->fd = openat(file->directory, file->name, flags);
    if (file->fd < 0 && errno == ENOENT && create) {
        file->fd = openat(file->directory, file->name, flags | O_CREAT | O_EXCL, 0600);
        file->is_new |= file->fd >= 0;
        if (file->fd < 0 && errno == EEXIST)
            file->fd = openat(file->directory, file->name, flags);
    }
    if (file->fd < 0 || fstat(file->fd, &file->st) != 0)
        return complain_of_file(file, errno);
    return check_kind(file);
}

/* Waits for the lock. */
static enum exit_status lock(struct account_file *file, int kind)
{
    const struct timespec pause = {.tv_nsec = 50000000};

    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(file->fd, kind | LOCK_NB) == 0)
            return STATUS_OK;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return complain_of_file(file, errno);
        nanosleep(&pause, NULL);
    }
    return complain(STATUS_TROUBLE, _("%s is locked by another program that changes it"),
                    file->path);
}

/* Whether the file that is locked still has the name: who held the lock before may have
 * put another one in its place. */
static bool is_current(const struct account_file *file)
{
    struct stat st;

    return fstatat(file->directory, file->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           st.st_dev == file->st.st_dev && st.st_ino == file->st.st_ino;
}

static enum exit_status open_locked(struct account_file *file, bool create)
{
    enum exit_status status = open_file(file, create);

    if (!status)
        status = lock(file, LOCK_EX);
    while (!status && !is_current(file)) {
        close(file->fd);
        file->is_new = false;
        status = open_file(file, create);
        if (!status)
            status = lock(file, LOCK_EX);
    }
    if (!status && fstat(file->fd, &file->st) != 0)
        status = complain_of_file(file, errno);
    return status;
}

static enum exit_status begin(const char *path, struct account_file *file)
{
    *file = (struct account_file){.fd = -1, .directory = -1, .path = strdup(path)};
    return file->path ? open_directory(file) : complain_of_memory();
}

/* Who does not know of the lock may be writing it: what is not all there must not be taken
 * for all, or a change would lose the rest. */
static enum exit_status read_text(struct account_file *file)
{
    enum ntlm_error error = text_read(file->path, file->fd, file->st.st_size, &file->text);
    struct fingerprint before, after;
    struct stat st;

    if (error)
        return complain_of(error);
    if (fstat(file->fd, &st) != 0)
        return complain_of_file(file, errno);
    fingerprint_status(&file->st, &before);
    fingerprint_status(&st, &after);
    if (file->text.len == file->text.size && fingerprint_same_content(&before, &after))
        return STATUS_OK;
    return complain(STATUS_TROUBLE,
                    _("%s was changed by another program while it was read: try again"),
                    file->path);
}

static enum exit_status read_content(struct account_file *file)
{
    enum ntlm_error error = database_is(file->path, file->fd, &file->is_database);

    if (error)
        return complain_of(error);
    return file->is_database ? STATUS_OK : read_text(file);
}

enum exit_status account_file_read(const char *path, struct account_file *file)
{
    enum exit_status status = begin(path, file);
    enum ntlm_error error = NTLM_OK;

    if (!status)
        status = open_file(file, false);
    if (!status)
        error = database_is(path, file->fd, &file->is_database);
    if (!status && !error && file->is_database)
        status = lock(file, LOCK_SH);
    if (error)
        return complain_of(error);
    return status ? status : read_content(file);
}

enum exit_status account_file_open(const char *path, bool create, struct account_file *file)
{
    enum exit_status status = begin(path, file);

    if (!status)
        status = open_locked(file, create);
    if (!status && file->st.st_nlink > 1)
        status = complain(STATUS_TROUBLE,
                          _("%s has %lu names (hard links), of which the others would keep the "
                            "old content"),
                          path, (unsigned long)file->st.st_nlink);
    return status ? status : read_content(file);
}

void account_file_close(struct account_file *file)
{
    if (file->is_new && is_current(file))
        unlinkat(file->directory, file->name, 0);
    if (file->fd >= 0)
        close(file->fd);
    if (file->directory >= 0)
        close(file->directory);
    free(file->path);
    free(file->name);
    free(file->real_directory);
    text_clear(&file->text);
    *file = (struct account_file){.fd = -1, .directory = -1};
}
