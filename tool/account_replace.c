/* SPDX-License-Identifier: MIT */
/* account_replace.c - gives an account file another content, whole or not at all. */

#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "account_file.h"
#include "support/system.h"
#include "translate.h"

#define ACCESS_LIST "system.posix_acl_access"
#define RANDOM_DIGITS 8
#define TEMPORARY_END ".new"

/* What must not leave a temporary file behind. */
static void block_signals(sigset_t *before)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGPIPE};
    sigset_t blocked;

    signal(SIGXFSZ, SIG_IGN); /* the error of write tells it */
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaddset(&blocked, numbers[i]);
    sigprocmask(SIG_BLOCK, &blocked, before);
}

/* Whether a temporary file of this account file is called so: ".NAME.01234567.new". */
static bool is_temporary(const struct account_file *file, const char *name)
{
    const size_t len = strlen(file->name);

    return name[0] == '.' && strncmp(name + 1, file->name, len) == 0 && name[1 + len] == '.' &&
           strspn(name + len + 2, "0123456789abcdef") == RANDOM_DIGITS &&
           strcmp(name + len + 2 + RANDOM_DIGITS, TEMPORARY_END) == 0;
}

/* What a process that was killed has left behind. Nobody else's is in use, for the lock is
 * ours. */
static void remove_stale(const struct account_file *file)
{
    int fd = openat(file->directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;

    if (fd >= 0 && !directory)
        close(fd);
    while (directory && (entry = readdir(directory)))
        if (is_temporary(file, entry->d_name))
            unlinkat(file->directory, entry->d_name, 0);
    if (directory)
        closedir(directory);
}

/* A new file beside the other; its name is the caller's to free. */
static int make_temporary(const struct account_file *file, char **name)
{
    uint32_t random;

    *name = NULL;
    if (system_random((uint8_t *)&random, sizeof(random)) ||
        asprintf(name, ".%s.%0*x%s", file->name, RANDOM_DIGITS, random, TEMPORARY_END) < 0) {
        errno = ENOMEM;
        return -1;
    }
    return openat(file->directory, *name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  0600);
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t written = write(fd, data, len);

        if (written < 0 && errno != EINTR)
            return false;
        data += written > 0 ? written : 0;
        len -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* Without the list, the permissions that it gives would be the group's. */
static bool copy_access_list(int from, int to)
{
    char list[4096];
    ssize_t size = fgetxattr(from, ACCESS_LIST, list, sizeof(list));

    if (size < 0)
        return errno == ENODATA || errno == ENOTSUP;
    return fsetxattr(to, ACCESS_LIST, list, (size_t)size, 0) == 0;
}

static bool copy_permissions(const struct account_file *file, int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return false;
    if ((st.st_uid != file->st.st_uid || st.st_gid != file->st.st_gid) &&
        fchown(fd, file->st.st_uid, file->st.st_gid) != 0)
        return false;
    return fchmod(fd, file->st.st_mode & 07777) == 0 && copy_access_list(file->fd, fd);
}

/* Whether somebody who knows nothing of the lock has changed the file. */
static bool is_unchanged(const struct account_file *file)
{
    struct stat st;

    return fstatat(file->directory, file->name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
           st.st_ino == file->st.st_ino && st.st_dev == file->st.st_dev &&
           st.st_size == file->st.st_size && st.st_mtim.tv_sec == file->st.st_mtim.tv_sec &&
           st.st_mtim.tv_nsec == file->st.st_mtim.tv_nsec;
}

static enum exit_status finish(const struct account_file *file, int fd)
{
    if (!copy_permissions(file, fd))
        return complain(STATUS_TROUBLE,
                        _("%s was left as it was: its owner and permissions "
                          "cannot be kept: %s"),
                        file->path, strerror(errno));
    if (fsync(fd) != 0)
        return complain(STATUS_TROUBLE,
                        _("%s was left as it was: its new content cannot be "
                          "written: %s"),
                        file->path, strerror(errno));
    return STATUS_OK;
}

static enum exit_status put_in_place(struct account_file *file, const char *temporary)
{
    if (!is_unchanged(file))
        return complain(STATUS_TROUBLE,
                        _("%s was left as it was: another program has changed "
                          "it meanwhile; try again"),
                        file->path);
    if (renameat(file->directory, temporary, file->directory, file->name) != 0)
        return complain(STATUS_TROUBLE, _("%s was left as it was: %s"), file->path,
                        strerror(errno));
    file->is_new = false;
    if (fsync(file->directory) != 0 && errno != EINVAL)
        return complain(STATUS_TROUBLE, _("%s was changed, but perhaps not for good: %s"),
                        file->path, strerror(errno));
    return STATUS_OK;
}

enum exit_status account_file_replace_by(struct account_file *file, account_file_fill *fill,
                                         void *arg)
{
    enum exit_status status;
    sigset_t before;
    char *temporary;
    int fd;

    block_signals(&before);
    remove_stale(file);
    fd = make_temporary(file, &temporary);
    if (fd < 0) {
        status = complain(STATUS_TROUBLE,
                          _("%s was left as it was: no file can be made in its "
                            "directory: %s"),
                          file->path, strerror(errno));
    } else {
        status = fill(arg, file, temporary, fd);
        if (!status)
            status = finish(file, fd);
        if (!status)
            status = put_in_place(file, temporary);
        if (status)
            unlinkat(file->directory, temporary, 0);
        close(fd);
    }
    free(temporary);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return status;
}

/* A text as the new content. */
struct content {
    const char *data;
    size_t len;
};

static enum exit_status write_content(void *arg, const struct account_file *file,
                                      const char *name, int fd)
{
    const struct content *content = arg;

    (void)name;
    if (write_all(fd, content->data, content->len))
        return STATUS_OK;
    return complain(STATUS_TROUBLE,
                    _("%s was left as it was: its new content cannot be "
                      "written: %s"),
                    file->path, strerror(errno));
}

enum exit_status account_file_replace(struct account_file *file, const char *data, size_t len)
{
    struct content content = {.data = data, .len = len};

    return account_file_replace_by(file, write_content, &content);
}
