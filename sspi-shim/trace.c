/* SPDX-License-Identifier: MIT */
/* trace.c - the trace. Lines are rare, so each opens the file for itself. */

#include "config.h"

#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LINE_SIZE 512

/* Whether a line may be written to this file: in a directory that others may write
 * it could be another user's. */
static bool is_suitable(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return false;
    if (S_ISCHR(st.st_mode))
        return true;
    return (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode)) && st.st_nlink == 1 &&
           (st.st_uid == 0 || st.st_uid == geteuid());
}

static int open_trace(void)
{
    const char *path = secure_getenv("NTLM_TRACE");
    int fd;

    if (!path || !*path)
        path = secure_getenv("GSSNTLMSSP_DEBUG");
    if (!path || !*path)
        return -1;
    if (strcmp(path, "-") == 0 || strcmp(path, "stderr") == 0 ||
        strcmp(path, "/dev/stderr") == 0)
        return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (strcmp(path, "/dev/stdout") == 0)
        return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    fd = open(path,
              O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
              0600);
    if (fd >= 0 && !is_suitable(fd)) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void trace_line(const char *text)
{
    char line[LINE_SIZE], moment[32];
    int saved = errno, fd = open_trace(), length;
    struct timespec now;
    struct tm utc;

    if (fd >= 0) {
        clock_gettime(CLOCK_REALTIME, &now);
        gmtime_r(&now.tv_sec, &utc);
        strftime(moment, sizeof(moment), "%Y-%m-%dT%H:%M:%S", &utc);
        length = snprintf(line, sizeof(line), "%s.%03ldZ %ld/%ld %s\n", moment,
                          now.tv_nsec / 1000000, (long)getpid(), (long)gettid(), text);
        if (length > 0 && (size_t)length < sizeof(line)) {
            /* A full disk loses the line: there is nobody to tell. */
            ssize_t written = write(fd, line, (size_t)length);
            (void)written;
        }
        close(fd);
    }
    errno = saved;
}
