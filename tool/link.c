/* SPDX-License-Identifier: MIT */
/* link.c - see link.h. TLS is tls.c's. */

#include "config.h"

#include "link.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "translate.h"

static void set_limits(int fd)
{
    const struct timeval limit = {.tv_sec = LINK_SECONDS};

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

void link_accepted(struct link *link, int fd)
{
    *link = (struct link){.fd = fd};
    set_limits(fd);
}

static int connect_to(const struct addrinfo *address)
{
    int fd =
        socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);

    if (fd < 0)
        return -1;
    set_limits(fd);
    if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
        return fd;
    if (errno == EINPROGRESS)
        errno = ETIMEDOUT;
    close(fd);
    return -1;
}

enum exit_status link_open(struct link *link, const char *host, const char *port, bool tls,
                           bool verify)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses;
    int code, error = 0;

    *link = (struct link){.fd = -1};
    code = getaddrinfo(host, port, &hints, &addresses);
    if (code)
        return complain(STATUS_TROUBLE, "%s: %s", host, gai_strerror(code));
    for (struct addrinfo *address = addresses; address && link->fd < 0;
         address = address->ai_next) {
        link->fd = connect_to(address);
        error = errno;
    }
    freeaddrinfo(addresses);
    if (link->fd < 0)
        return complain(STATUS_TROUBLE, _("%s, port %s: %s"), host, port, strerror(error));
    return tls ? tls_open(link, host, verify) : STATUS_OK;
}

void link_close(struct link *link)
{
    if (link->tls)
        tls_close(link);
    if (link->fd >= 0)
        close(link->fd);
    *link = (struct link){.fd = -1};
}

bool link_write(struct link *link, const void *data, size_t len)
{
    const char *at = data;

    while (len > 0) {
        long sent =
            link->tls ? tls_write(link, at, len) : (long)send(link->fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0 && !(sent < 0 && errno == EINTR && !link->tls))
            return false;
        at += sent > 0 ? sent : 0;
        len -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

bool link_read_byte(struct link *link, char *byte)
{
    if (link->at == link->len) {
        long got;
        do
            got = link->tls ? tls_read(link, link->buffer, sizeof(link->buffer))
                            : (long)recv(link->fd, link->buffer, sizeof(link->buffer), 0);
        while (got < 0 && errno == EINTR && !link->tls);
        if (got <= 0)
            return false;
        link->at = 0;
        link->len = (size_t)got;
    }
    *byte = link->buffer[link->at++];
    return true;
}

bool link_read(struct link *link, void *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!link_read_byte(link, (char *)data + i))
            return false;
    return true;
}
