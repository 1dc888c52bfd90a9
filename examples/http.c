/* SPDX-License-Identifier: MIT */
/* http.c - see http.h. */

#include "http.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

bool http_send(struct http *http, const void *data, size_t length)
{
    for (const char *at = data; length > 0;) {
        ssize_t sent = send(http->socket, at, length, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool http_send_text(struct http *http, const char *text)
{
    return http_send(http, text, strlen(text));
}

static bool receive_more(struct http *http)
{
    ssize_t got;

    if (http->ready == sizeof(http->data))
        return false;
    got = recv(http->socket, http->data + http->ready, sizeof(http->data) - http->ready, 0);
    if (got <= 0)
        return false;
    http->ready += (size_t)got;
    return true;
}

static void take(struct http *http, void *to, size_t length)
{
    memcpy(to, http->data, length);
    http->ready -= length;
    memmove(http->data, http->data + length, http->ready);
}

bool http_receive(struct http *http, void *data, size_t length)
{
    for (char *to = data; length > 0;) {
        size_t part = http->ready < length ? http->ready : length;

        take(http, to, part);
        to += part;
        length -= part;
        if (length > 0 && !receive_more(http))
            return false;
    }
    return true;
}

bool http_receive_head(struct http *http, char head[HTTP_HEAD])
{
    const char *end;

    while (!(end = memmem(http->data, http->ready, "\r\n\r\n", 4)))
        if (!receive_more(http))
            return false;
    end += 2;
    take(http, head, (size_t)(end - http->data));
    head[end - http->data] = '\0';
    return http_receive(http, (char[2]){0}, 2);
}

static bool receive_line(struct http *http, char *line, size_t room)
{
    for (size_t length = 0; length < room; length++) {
        if (!http_receive(http, line + length, 1))
            return false;
        if (line[length] == '\n') {
            line[length] = '\0';
            return true;
        }
    }
    return false;
}

static bool copy(struct http *http, size_t length, FILE *out)
{
    char part[4096];

    while (length > 0) {
        size_t now = length < sizeof(part) ? length : sizeof(part);

        if (!http_receive(http, part, now))
            return false;
        if (out && fwrite(part, 1, now, out) != now)
            return false;
        length -= now;
    }
    return true;
}

static bool copy_chunks(struct http *http, FILE *out)
{
    char line[80];
    unsigned long length;

    do {
        if (!receive_line(http, line, sizeof(line)))
            return false;
        length = strtoul(line, NULL, 16);
        if (!copy(http, length, out) || !receive_line(http, line, sizeof(line)))
            return false;
    } while (length > 0);
    return true;
}

bool http_receive_body(struct http *http, const char *head, FILE *out)
{
    const char *length = http_header(head, "Content-Length", "");

    if (http_header(head, "Transfer-Encoding", "chunked"))
        return copy_chunks(http, out);
    if (length)
        return copy(http, strtoul(length, NULL, 10), out);
    while (http->ready > 0 || receive_more(http)) /* up to the connection's end */
        if (!copy(http, http->ready, out))
            return false;
    return true;
}

const char *http_header(const char *head, const char *name, const char *start)
{
    size_t length = strlen(name);

    for (const char *line = head; (line = strstr(line, "\r\n")) != NULL;) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':')
            continue;
        line += length + 1;
        line += strspn(line, " \t");
        if (strncasecmp(line, start, strlen(start)) == 0)
            return line + strlen(start);
    }
    return NULL;
}

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *http_encode(const void *data, size_t length)
{
    const unsigned char *in = data;
    char *text = malloc((length + 2) / 3 * 4 + 1), *out = text;

    for (size_t i = 0; text && i < length; i += 3) {
        uint32_t bits = (uint32_t)in[i] << 16;

        bits |= i + 1 < length ? (uint32_t)in[i + 1] << 8 : 0;
        bits |= i + 2 < length ? in[i + 2] : 0;
        *out++ = digits[bits >> 18];
        *out++ = digits[bits >> 12 & 63];
        *out++ = i + 1 < length ? digits[bits >> 6 & 63] : '=';
        *out++ = i + 2 < length ? digits[bits & 63] : '=';
    }
    if (text)
        *out = '\0';
    return text;
}

void *http_decode(const char *text, size_t *length)
{
    size_t count = strspn(text, digits);
    unsigned char *data = malloc(count + 1), *out = data;
    uint32_t bits = 0;

    for (size_t i = 0; data && i < count; i++) {
        bits = bits << 6 | (uint32_t)(strchr(digits, text[i]) - digits);
        if (i % 4 > 0)
            *out++ = (unsigned char)(bits >> (6 - 2 * (i % 4)));
    }
    if (data && (count % 4 == 1 || !strchr("=\r\n", text[count]))) {
        free(data);
        return NULL;
    }
    if (data)
        *length = (size_t)(out - data);
    return data;
}
