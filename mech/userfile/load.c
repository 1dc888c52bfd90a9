/* SPDX-License-Identifier: MIT */
/* load.c - reads the account file whole and hands its lines to the index. What
 * a line means is line.h's. */

#include "config.h"

#include "userfile/load.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "support/failure.h"
#include "support/trace.h"

#define TRACED_LINES 20 /* those with a fault that are traced one by one */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void text_clear(struct text *text)
{
    mapping_free(&text->memory, text->data ? text->size + 1 : 0);
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
    if (!mapping_new(&text->memory, text->size + 1, false))
        return fail(NTLM_ERR_OUT_OF_MEMORY, NULL);
    text->data = text->memory.data;
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

enum ntlm_error text_for_each_line(const struct text *text, text_line_handler *handler,
                                   void *arg)
{
    size_t mark = strlen(BYTE_ORDER_MARK);
    bool marked = text->len >= mark && memcmp(text->data, BYTE_ORDER_MARK, mark) == 0;
    char *at = text->data + (marked ? mark : 0), *end = text->data + text->len;
    enum ntlm_error error = NTLM_OK;

    for (unsigned long number = 1; at < end && !error; number++) {
        char *newline = memchr(at, '\n', (size_t)(end - at));
        char *stop = newline ? newline : end;
        size_t len = (size_t)(stop - at);
        struct line line = line_parse(at, len > 0 && at[len - 1] == '\r' ? len - 1 : len);

        error = handler(arg, number, &line);
        at = stop + 1;
    }
    return error;
}

/* The lines of a file on their way into its index. */
struct loading {
    const char *path;
    struct index *index;
    unsigned long faults, bad;
};

/* A file of another kind must not flood the trace. */
static void trace_fault(struct loading *loading, unsigned long number, const struct line *line)
{
    loading->bad += line->kind == LINE_BAD;
    if (++loading->faults <= TRACED_LINES)
        trace("account file %s: line %lu%s: %s", loading->path, number,
              line->kind == LINE_BAD ? " skipped: matches neither format" : "",
              line_fault_text(line->fault));
}

static enum ntlm_error load_line(void *arg, unsigned long number, const struct line *line)
{
    struct loading *loading = arg;

    if (line->fault)
        trace_fault(loading, number, line);
    if (line->kind == LINE_BAD || line->kind == LINE_NOTHING)
        return NTLM_OK;
    return index_add(loading->index, line);
}

static enum ntlm_error load_lines(const char *path, const struct text *text,
                                  struct index *index)
{
    struct loading loading = {.path = path, .index = index};
    enum ntlm_error error = text_for_each_line(text, load_line, &loading);

    if (loading.bad > TRACED_LINES)
        trace("account file %s: %lu lines in all match neither format", path, loading.bad);
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
        error = load_lines(path, text, *index);
    text_clear(text);
    if (!error)
        error = index_finish(*index);
    if (!error)
        return NTLM_OK;
    index_free(*index);
    *index = NULL;
    return fail(error, NULL);
}
