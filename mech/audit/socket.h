/* SPDX-License-Identifier: MIT */
/* socket.h - the system log's sockets: the journal's, else syslog's. A socket is opened
 * for one record and closed again, so that there is no descriptor that the program
 * could close or take over, and nothing that a fork could share. Nothing here waits:
 * a log that takes no more loses the record, not the login. What a program told
 * openlog() is left alone. errno is kept. Safe from any thread and after fork. */

#ifndef AUDIT_SOCKET_H
#define AUDIT_SOCKET_H

#include <stdbool.h>
#include <sys/uio.h>

#define AUDIT_JOURNAL "/run/systemd/journal/socket"
#define AUDIT_SYSLOG "/dev/log"

struct audit_socket {
    int fd;       /* -1: there is no log here, or none can be reached now */
    bool busy;    /* of the latter: this process is out of descriptors, or the log full */
    bool journal; /* it takes the journal's fields, and not syslog's line */
    bool stream;  /* records end with a NUL, as older syslog daemons have it */
};

/* Opens the journal's socket, or syslog's where that is not there. */
struct audit_socket audit_socket_open(const char *journal, const char *syslog);

/* The same for the system's own, AUDIT_JOURNAL and AUDIT_SYSLOG. Where neither is there, it
 * is not looked for again for up to a second, so that logins cost nothing there. One that
 * is only busy loses this record alone. */
struct audit_socket audit_socket_open_system(void);

/* Sends one record, of these parts, whole or not at all, and closes the socket. The last
 * of the parts has room for one byte behind it. */
void audit_socket_send(struct audit_socket *log, struct iovec *parts, size_t count);

#endif
