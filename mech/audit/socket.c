/* SPDX-License-Identifier: MIT */
/* socket.c - see socket.h. Not libsystemd's sd_journal_send, which waits for a full
 * journal and keeps its descriptor for the whole process, and not syslog(), which uses the
 * program's own connection and name. */

#include "config.h"

#include "audit/socket.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* How long a system without a log is not asked for one again, in seconds. */
#define ABSENT 1

static bool connected(int fd, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(address.sun_path, path);
    return connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

static int new_socket(int type)
{
    return socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/* Goes on with the other type of socket at this path. */
static void try_stream(struct audit_socket *log, const char *path)
{
    int fd = new_socket(SOCK_STREAM);

    log->stream = fd >= 0 && connected(fd, path);
    if (log->stream) {
        close(log->fd);
        log->fd = fd;
    } else if (fd >= 0) {
        close(fd);
    }
}

/* Whether a log that could not be reached for this reason may be there. */
static bool is_passing(int error)
{
    switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EAGAIN: /* more connections than a stream's daemon has taken */
        return true;
    default:
        return false;
    }
}

struct audit_socket audit_socket_open(const char *journal, const char *syslog)
{
    int saved = errno;
    struct audit_socket log = {.fd = new_socket(SOCK_DGRAM)};
    bool is_there;

    if (log.fd < 0) {
        log.busy = is_passing(errno);
        errno = saved;
        return log;
    }
    log.journal = connected(log.fd, journal);
    is_there = log.journal || connected(log.fd, syslog);
    if (!is_there && errno == EPROTOTYPE)
        try_stream(&log, syslog);
    if (!is_there && !log.stream) {
        log.busy = is_passing(errno);
        close(log.fd);
        log.fd = -1;
    }
    errno = saved;
    return log;
}

struct audit_socket audit_socket_open_system(void)
{
    static _Atomic unsigned absent_until; /* by this clock, which begins at boot */
    struct audit_socket log = {.fd = -1};
    struct timespec now;
    unsigned seconds;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    seconds = (unsigned)now.tv_sec;
    if (seconds < atomic_load(&absent_until))
        return log;
    log = audit_socket_open(AUDIT_JOURNAL, AUDIT_SYSLOG);
    if (log.fd < 0 && !log.busy)
        atomic_store(&absent_until, seconds + ABSENT);
    return log;
}

void audit_socket_send(struct audit_socket *log, struct iovec *parts, size_t count)
{
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = count};
    int saved = errno;
    ssize_t sent;

    if (log->stream) {
        struct iovec *last = &parts[count - 1];

        ((char *)last->iov_base)[last->iov_len++] = '\0';
    }
    /* There is nobody to tell when the log takes no more. */
    sent = sendmsg(log->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent;
    close(log->fd);
    log->fd = -1;
    errno = saved;
}
