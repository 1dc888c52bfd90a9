/* SPDX-License-Identifier: MIT */
/* link.h - a connection to a server, by TCP or TLS over it, with a time limit on each step. */

#ifndef TOOL_LINK_H
#define TOOL_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "output.h"

#define LINK_SECONDS 30
#define LINK_BINDINGS_MAX 128

struct link {
    int fd;
    void *tls; /* NULL: none */
    /* tls-server-end-point (RFC 5929): the channel bindings' data; no bytes: none */
    uint8_t bindings[LINK_BINDINGS_MAX];
    size_t bindings_len;
    char buffer[4096]; /* what was read, and is yet to be taken */
    size_t at, len;
};

/* Connects. tls: with TLS, and `verify` the server's certificate. Failures were complained
 * of; to be closed in any case. */
enum exit_status link_open(struct link *link, const char *host, const char *port, bool tls,
                           bool verify);
/* A connection that was accepted. */
void link_accepted(struct link *link, int fd);
void link_close(struct link *link);

/* False: the peer is gone, or too slow. */
bool link_write(struct link *link, const void *data, size_t len);
bool link_read_byte(struct link *link, char *byte);
bool link_read(struct link *link, void *data, size_t len);

/* tls.c: TLS on the link's socket. */
enum exit_status tls_open(struct link *link, const char *host, bool verify);
long tls_read(struct link *link, void *data, size_t len);
long tls_write(struct link *link, const void *data, size_t len);
void tls_close(struct link *link);

#endif
