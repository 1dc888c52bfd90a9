/* SPDX-License-Identifier: MIT */
/* account_edit.c - see account_edit.h. */

#include "config.h"

#include "account_edit.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/secret.h"

static void append(struct edited *edited, const char *data, size_t len)
{
    memcpy(edited->data + edited->len, data, len);
    edited->len += len;
}

static void append_line(struct edited *edited, const char *line, bool dos)
{
    append(edited, line, strlen(line));
    append(edited, dos ? "\r\n" : "\n", dos ? 2 : 1);
}

/* One line of the file: kept, replaced, or left out. */
static enum exit_status take_line(const struct raw_line *raw, const struct username *name,
                                  const char *line, struct edited *edited)
{
    struct parsed_line parsed;
    enum exit_status status = raw_line_parse(raw, &parsed);
    bool ours = !status && is_account(&parsed.line, name);

    parsed_line_clear(&parsed);
    append(edited, raw->begin - raw->mark_len, raw->mark_len);
    if (!ours) {
        append(edited, raw->begin, raw->len + raw->end_len);
        return status;
    }
    if (edited->found++ == 0) {
        edited->number = raw->number;
        if (line)
            append_line(edited, line, raw->end_len == 2);
    }
    return status;
}

enum exit_status account_edit(const struct text *text, const struct username *name,
                              const char *line, struct edited *edited)
{
    enum exit_status status = STATUS_OK;
    struct raw_line raw = {.begin = NULL};
    bool dos = false;

    *edited = (struct edited){.len = 0};
    edited->data = malloc(text->len + (line ? strlen(line) : 0) + 5);
    if (!edited->data)
        return complain_of_memory();
    while (!status && raw_line_next(text, &raw)) {
        dos = raw.end_len == 2 || (raw.end_len == 0 && dos);
        status = take_line(&raw, name, line, edited);
    }
    if (!status && raw.number == 0 && text->len > 0)
        append(edited, text->data, text->len); /* a byte order mark alone */
    if (status || !line || edited->found > 0)
        return status;
    if (raw.number > 0 && edited->data[edited->len - 1] != '\n')
        append_line(edited, "", dos);
    append_line(edited, line, dos);
    return STATUS_OK;
}

void edited_clear(struct edited *edited)
{
    if (edited->data)
        ntlm_cleanse(edited->data, edited->len);
    free(edited->data);
    *edited = (struct edited){.len = 0};
}
