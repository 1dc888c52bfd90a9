/* SPDX-License-Identifier: MIT */
/* open.c - the checks of owner and permissions. */

#include "config.h"

#include "userfile/open.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "support/failure.h"
#include "support/trace.h"

/* Whoever can write the file can log in as anybody. */
static enum ntlm_error check_safe(const char *path, const struct stat *st)
{
    bool by_others = st->st_mode & S_IWOTH;
    bool by_group = st->st_mode & S_IWGRP && (st->st_uid != 0 || st->st_gid != 0);

    if (st->st_uid != 0 && st->st_uid != geteuid())
        return fail(NTLM_ERR_FILE_INSECURE, "%s belongs to user %lu: chown it to root", path,
                    (unsigned long)st->st_uid);
    if (by_others || by_group)
        return fail(NTLM_ERR_FILE_INSECURE,
                    "%s may be written by %s (mode %04o): chmod go-w it", path,
                    !by_others ? "group"
                    : by_group ? "group and others"
                               : "others",
                    (unsigned)st->st_mode & 07777);
    if (st->st_mode & S_IROTH)
        trace("account file %s may be read by others (mode %04o): chmod o-r it", path,
              (unsigned)st->st_mode & 07777);
    return NTLM_OK;
}

static enum ntlm_error check_file(const char *path, int fd, struct fingerprint *fingerprint)
{
    struct stat st;

    if (!fingerprint_file(fd, fingerprint, &st))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is not a regular file", path);
    return check_safe(path, &st);
}

/* O_NONBLOCK: opening a named pipe must not block. */
enum ntlm_error userfile_open(const char *path, int *opened, struct fingerprint *fingerprint)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    enum ntlm_error error;

    if (fd < 0)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    error = check_file(path, fd, fingerprint);
    if (error)
        close(fd);
    else
        *opened = fd;
    return error;
}
