/* SPDX-License-Identifier: MIT */
/* http.h - as much of HTTP as the two examples need, over POSIX sockets.
 * Nothing here knows of SSPI. */

#ifndef EXAMPLE_HTTP_H
#define EXAMPLE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define HTTP_HEAD 65536 /* a head is shorter, tokens included */

struct http {
    int socket;
    size_t ready; /* received and not taken yet */
    char data[HTTP_HEAD];
};

bool http_send(struct http *http, const void *data, size_t length);
bool http_send_text(struct http *http, const char *text);

/* Exactly so many bytes. */
bool http_receive(struct http *http, void *data, size_t length);

/* A request's or a response's first line and headers, as one string. */
bool http_receive_head(struct http *http, char head[HTTP_HEAD]);

/* The body that such a head announces, to a file; NULL drops it. A response
 * that announces none has one up to the connection's end, a request has none. */
bool http_receive_body(struct http *http, const char *head, FILE *out);

/* The value of the first header of this name that begins with `start` (""
 * for any), behind that; NULL without one. It ends with the line. */
const char *http_header(const char *head, const char *name, const char *start);

/* base64, in malloc'd memory. What is no base64 decodes to NULL. */
char *http_encode(const void *data, size_t length);
void *http_decode(const char *text, size_t *length);

#endif
