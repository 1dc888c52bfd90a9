/* SPDX-License-Identifier: MIT */
/* winbind_socket.h - the socket by which winbind is seen to run. Its path,
 * WINBIND_SOCKET, is relative in tests: it lies in the scratch directory, where
 * they go. */

#ifndef WINBIND_SOCKET_H
#define WINBIND_SOCKET_H

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "scratch.h"
#include "suite.h"

static inline void winbind_socket_remove(void)
{
    ck_assert_int_eq(chdir(scratch_path("")), 0);
    unlink(WINBIND_SOCKET);
}

/* Nobody listens there. */
static inline void winbind_socket_make(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = WINBIND_SOCKET};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    winbind_socket_remove();
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    close(fd);
}

#endif
