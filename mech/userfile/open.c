/* SPDX-License-Identifier: MIT */
/* open.c - the checks of the file itself. Those of its directories are path.h's. */

#include "config.h"

#include "userfile/open.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "support/failure.h"
#include "support/trace.h"
#include "userfile/path.h"

/* Whoever can write the file can log in as anybody. */
static enum ntlm_error check_safe(const char *path, const struct stat *st)
{
    char text[PATH_REASON_SIZE];
    const char *why = path_unsafe(path, st, text);

    if (why)
        return fail(NTLM_ERR_FILE_INSECURE, "%s %s", path, why);
    if (st->st_mode & S_IROTH)
        trace("account file %s can be read by others (mode %04o): chmod o-r it", path,
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

enum ntlm_error userfile_open(const char *path, int *opened, struct fingerprint *fingerprint)
{
    enum ntlm_error error = path_open(path, opened);

    if (error)
        return error;
    error = check_file(path, *opened, fingerprint);
    if (error) {
        close(*opened);
        *opened = -1;
    }
    return error;
}
