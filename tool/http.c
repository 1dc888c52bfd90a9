/* SPDX-License-Identifier: MIT */
/* http.c - see http.h. */

#include "config.h"

#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BODY_MAX 16777216

/* A line without its end, which becomes a NUL. */
static bool read_line(struct link *link, struct http_head *head)
{
    size_t begin = head->len;
    char byte;

    do {
        if (head->len == HTTP_HEAD_MAX || !link_read_byte(link, &byte))
            return false;
        head->text[head->len++] = byte ? byte : ' ';
    } while (byte != '\n');
    head->len--;
    if (head->len > begin && head->text[head->len - 1] == '\r')
        head->len--;
    head->text[head->len++] = '\0';
    return true;
}

bool http_read_head(struct link *link, struct http_head *head)
{
    size_t begin;

    *head = (struct http_head){.text = calloc(1, HTTP_HEAD_MAX + 2)};
    if (!head->text)
        return false;
    do {
        begin = head->len;
        if (!read_line(link, head))
            return false;
    } while (head->text[begin]);
    if (strncmp(head->text, "HTTP/1.", 7) == 0)
        head->status = atoi(head->text + strcspn(head->text, " "));
    return true;
}

void http_head_clear(struct http_head *head)
{
    free(head->text);
    *head = (struct http_head){.text = NULL};
}

const char *http_field(const struct http_head *head, const char *name, unsigned nth)
{
    size_t len = strlen(name);

    for (const char *line = head->text; *line; line += strlen(line) + 1) {
        if (strncasecmp(line, name, len) != 0 || line[len] != ':' || nth-- > 0)
            continue;
        return line + len + 1 + strspn(line + len + 1, " \t");
    }
    return NULL;
}

const char *http_scheme(const struct http_head *head, const char *field, const char *scheme)
{
    size_t len = strlen(scheme);
    const char *value;

    for (unsigned nth = 0; (value = http_field(head, field, nth)); nth++)
        if (strncasecmp(value, scheme, len) == 0 &&
            (value[len] == ' ' || value[len] == '\0' || value[len] == ','))
            return value + len + strspn(value + len, " ,");
    return NULL;
}

static bool skip(struct link *link, unsigned long long count)
{
    char byte;

    if (count > BODY_MAX)
        return false;
    for (; count > 0; count--)
        if (!link_read_byte(link, &byte))
            return false;
    return true;
}

static bool read_short_line(struct link *link, char *line, size_t size)
{
    size_t len = 0;
    char byte;

    while (link_read_byte(link, &byte)) {
        if (byte == '\n') {
            line[len] = '\0';
            return true;
        }
        if (len + 1 < size)
            line[len++] = byte;
    }
    return false;
}

static bool skip_chunks(struct link *link)
{
    char line[128];
    unsigned long long size;

    do {
        if (!read_short_line(link, line, sizeof(line)))
            return false;
        size = strtoull(line, NULL, 16);
        if (size > 0 && (!skip(link, size) || !read_short_line(link, line, sizeof(line))))
            return false;
    } while (size > 0);
    while (read_short_line(link, line, sizeof(line)))
        if (line[0] == '\0' || line[0] == '\r')
            return true;
    return false;
}

bool http_skip_body(struct link *link, const struct http_head *head)
{
    const char *length = http_field(head, "Content-Length", 0);
    const char *coding = http_field(head, "Transfer-Encoding", 0);
    const char *connection = http_field(head, "Connection", 0);
    bool skipped;

    if (coding && strcasestr(coding, "chunked"))
        skipped = skip_chunks(link);
    else
        skipped = head->status == 204 || (length && skip(link, strtoull(length, NULL, 10)));
    return skipped && !(connection && strcasecmp(connection, "close") == 0);
}
