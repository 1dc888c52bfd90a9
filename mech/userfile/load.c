/* SPDX-License-Identifier: MIT */
/* load.c - reads the account file whole and hands its lines to the index. What
 * a line means is line.h's. */

#include "config.h"

#include "userfile/load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ntlm/secret.h"
#include "support/failure.h"
#include "support/trace.h"

#define LINE_LIMIT 65536
#define TRACED_LINES 20 /* bad ones that are traced one by one */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void text_clear(struct text *text)
{
    if (text->data)
        ntlm_cleanse(text->data, text->size + 1);
    free(text->data);
    *text = (struct text){0};
}

/* Reads as much as fits. */
static bool fill_text(int fd, struct text *text)
{
    while (text->len < text->size) {
        ssize_t got = read(fd, text->data + text->len, text->size - text->len);

        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            return false;
        text->len += got > 0 ? (size_t)got : 0;
    }
    return true;
}

enum ntlm_error text_read(const char *path, int fd, off_t size, struct text *text)
{
    if (size > INDEX_MAX_BYTES)
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s is larger than 4 GiB", path);
    text->size = (size_t)size;
    text->data = malloc(text->size + 1);
    if (!text->data)
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    if (!fill_text(fd, text))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s: %s", path, strerror(errno));
    return NTLM_OK;
}

void text_drop_unfinished_line(struct text *text)
{
    while (text->len > 0 && text->data[text->len - 1] != '\n')
        text->len--;
}

static size_t count_lines(const struct text *text)
{
    size_t count = 1, left = text->len;
    const char *at = text->data, *newline;

    while ((newline = memchr(at, '\n', left))) {
        count++;
        left -= (size_t)(newline + 1 - at);
        at = newline + 1;
    }
    return count;
}

/* The lines of a file on their way into its index. */
struct lines {
    const char *path;
    struct index *index;
    unsigned long number, bad;
};

/* A file of another kind must not flood the trace. */
static void skip(struct lines *lines)
{
    if (++lines->bad <= TRACED_LINES)
        trace("account file %s: line %lu skipped: matches neither format", lines->path,
              lines->number);
}

/* Takes the line at `at`, which ends before a newline or the text's end. */
static enum ntlm_error add_line(struct lines *lines, char *at, size_t len)
{
    struct line line = {.kind = LINE_BAD};

    lines->number++;
    if (len > 0 && at[len - 1] == '\r')
        len--;
    if (len <= LINE_LIMIT)
        line = line_parse(at, len);
    if (line.kind == LINE_BAD)
        skip(lines);
    return line.kind == LINE_BAD || line.kind == LINE_NOTHING ? NTLM_OK
                                                              : index_add(lines->index, &line);
}

static enum ntlm_error add_lines(const char *path, const struct text *text, struct index *index)
{
    size_t mark = strlen(BYTE_ORDER_MARK);
    bool marked = text->len >= mark && memcmp(text->data, BYTE_ORDER_MARK, mark) == 0;
    char *at = text->data + (marked ? mark : 0), *end = text->data + text->len;
    struct lines lines = {.path = path, .index = index};
    enum ntlm_error error = NTLM_OK;

    while (at < end && !error) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        char *stop = newline ? newline : end;

        error = add_line(&lines, at, (size_t)(stop - at));
        at = stop + 1;
    }
    if (lines.bad > TRACED_LINES)
        trace("account file %s: %lu lines in all match neither format", path, lines.bad);
    return error;
}

enum ntlm_error load_index(const char *path, struct text *text, bool lm, struct index **index)
{
    size_t lines = count_lines(text);
    enum ntlm_error error;

    *index = NULL;
    if (!index_can_hold(lines, text->len, lm))
        return fail(NTLM_ERR_FILE_UNREADABLE, "%s has too many lines: %zu", path, lines);
    error = index_new(lines, text->len, lm, index);
    if (!error)
        error = add_lines(path, text, *index);
    text_clear(text);
    if (!error)
        error = index_finish(*index);
    if (!error)
        return NTLM_OK;
    index_free(*index);
    *index = NULL;
    return fail(error, NULL);
}
