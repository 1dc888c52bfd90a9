/* SPDX-License-Identifier: MIT */
/* socket.c - see socket.h. Not libsystemd's sd_journal_send, which waits for a full
 * journal and keeps its descriptor for the whole process, and not syslog(), which uses the
 * program's own connection and name. */

#include "config.h"

#include "audit/socket.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* A connected socket of this type, or -1 and errno. */
static int open_type(const char *path, int type)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof(address.sun_path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(address.sun_path, path);
    fd = socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        int why = errno;

        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

struct audit_socket audit_socket_open(const char *journal, const char *syslog)
{
    struct audit_socket log = {.fd = -1};
    int saved = errno;

    log.fd = open_type(journal, SOCK_DGRAM);
    log.journal = log.fd >= 0;
    if (log.fd < 0)
        log.fd = open_type(syslog, SOCK_DGRAM);
    if (log.fd < 0 && errno == EPROTOTYPE) {
        log.fd = open_type(syslog, SOCK_STREAM);
        log.stream = log.fd >= 0;
    }
    errno = saved;
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
