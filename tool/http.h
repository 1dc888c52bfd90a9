/* SPDX-License-Identifier: MIT */
/* http.h - as much of HTTP/1.1 as a login needs. */

#ifndef TOOL_HTTP_H
#define TOOL_HTTP_H

#include "link.h"

#define HTTP_HEAD_MAX 131072 /* bytes */

struct http_head {
    char *text; /* the lines, each ended by a NUL, and an empty one behind them */
    size_t len;
    int status; /* of a response */
};

/* Reads a message's head; false: it does not come, is no HTTP or is too long. The caller
 * clears it in any case. */
bool http_read_head(struct link *link, struct http_head *head);
void http_head_clear(struct http_head *head);

/* The nth value of the field, in any case of its letters; NULL: there are not so many. */
const char *http_field(const struct http_head *head, const char *name, unsigned nth);

/* Reads over the body that belongs to the response, so that the next one can come. False:
 * the connection has ended or must. */
bool http_skip_body(struct link *link, const struct http_head *head);

/* The token behind "SCHEME " in one of the fields: base64, or "" where there is none. NULL:
 * the scheme is not there. */
const char *http_scheme(const struct http_head *head, const char *field, const char *scheme);

#endif
