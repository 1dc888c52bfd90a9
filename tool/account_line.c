/* SPDX-License-Identifier: MIT */
/* account_line.c - see account_line.h. */

#include "config.h"

#include "account_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "ntlm/text.h"
#include "settings/settings.h"
#include "translate.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define NO_HASH "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

bool raw_line_next(const struct text *text, struct raw_line *line)
{
    const size_t mark_len = strlen(BYTE_ORDER_MARK);
    const char *end = text->data + text->len, *newline;

    line->begin = line->begin ? line->begin + line->len + line->end_len : text->data;
    line->mark_len = 0;
    if (line->number == 0 && text->len >= mark_len &&
        memcmp(line->begin, BYTE_ORDER_MARK, mark_len) == 0) {
        line->begin += mark_len;
        line->mark_len = mark_len;
    }
    if (line->begin >= end)
        return false;
    newline = memchr(line->begin, '\n', (size_t)(end - line->begin));
    line->len = (size_t)((newline ? newline : end) - line->begin);
    line->end_len = newline ? 1 : 0;
    if (newline && line->len > 0 && newline[-1] == '\r') {
        line->len--;
        line->end_len = 2;
    }
    line->number++;
    return true;
}

enum exit_status raw_line_parse(const struct raw_line *raw, struct parsed_line *parsed)
{
    size_t len = raw->len;

    if (raw->end_len == 0 && len > 0 && raw->begin[len - 1] == '\r')
        len--; /* as load.c reads the last line */
    *parsed = (struct parsed_line){.size = len + 1, .memory = malloc(len + 1)};
    if (!parsed->memory)
        return complain_of_memory();
    memcpy(parsed->memory, raw->begin, len);
    parsed->line = line_parse(parsed->memory, len);
    return STATUS_OK;
}

void parsed_line_clear(struct parsed_line *parsed)
{
    if (parsed->memory)
        ntlm_cleanse(parsed->memory, parsed->size);
    free(parsed->memory);
    *parsed = (struct parsed_line){.memory = NULL};
}

enum exit_status account_name(const char *argument, struct username *name)
{
    enum username_split split = USERNAME_SPLIT_NETBIOS;
    const struct settings *settings;
    enum ntlm_error error;

    *name = (struct username){.memory = NULL};
    if (!settings_get(&settings)) {
        split = (enum username_split)settings->split_user_at;
        settings_put(settings);
    }
    error = username_parse(argument, split, name);
    return error ? complain_of(error) : STATUS_OK;
}

bool is_account(const struct line *line, const struct username *name)
{
    return (line->kind == LINE_PASSWORD || line->kind == LINE_SMBPASSWD) &&
           ntlm_text_same(line->user, name->user) && ntlm_text_same(line->domain, name->domain);
}

/* A line of these texts, NULL-terminated, in one block: asprintf would leave copies of the
 * secret behind. NULL when memory ends. */
static char *join(const char *const *parts)
{
    size_t size = 1;
    char *text, *end;

    for (size_t i = 0; parts[i]; i++)
        size += strlen(parts[i]);
    text = end = malloc(size);
    for (size_t i = 0; text && parts[i]; i++)
        end = stpcpy(end, parts[i]);
    return text;
}

static char *hash_line(const struct username *name, const uint8_t nt_hash[16])
{
    char digits[2 * NTLM_HASH_SIZE + 1], changed[sizeof("ffffffff")], *text;
    const char *parts[] = {
        name->domain, *name->domain ? "\\" : "", name->user, ":0:" NO_HASH ":",
        digits,       ":[U          ]:LCT-",     changed,    ":",
        NULL};

    for (size_t i = 0; i < NTLM_HASH_SIZE; i++)
        snprintf(digits + 2 * i, 3, "%02X", nt_hash[i]);
    snprintf(changed, sizeof(changed), "%08lX", (unsigned long)time(NULL) & 0xffffffffUL);
    text = join(parts);
    ntlm_cleanse(digits, sizeof(digits));
    return text;
}

static char *password_line(const struct username *name, const char *password)
{
    return join((const char *const[]){name->domain, ":", name->user, ":", password, NULL});
}

/* *same: whether a server reads the line as it is meant. */
static enum ntlm_error read_back(const struct line *line, const struct username *name,
                                 const uint8_t nt_hash[16], bool *same)
{
    struct account account = {.user = NULL};
    enum ntlm_error error = NTLM_OK;

    *same = is_account(line, name) && strcmp(line->user, name->user) == 0 &&
            strcmp(line->domain, name->domain) == 0 && line->fault != LINE_FAULT_NAME_BLANK;
    if (*same) {
        error = line_account(line, false, &account);
        *same = account.has_nt_hash && ntlm_equal(account.nt_hash, nt_hash, NTLM_HASH_SIZE);
    }
    account_clear(&account);
    return error;
}

enum exit_status account_line_make(const struct username *name, const uint8_t nt_hash[16],
                                   const char *password, char **text)
{
    enum exit_status status = STATUS_OK;
    struct parsed_line parsed;
    struct raw_line raw = {.len = 0};
    enum ntlm_error error = NTLM_OK;
    bool same = false;

    *text = password ? password_line(name, password) : hash_line(name, nt_hash);
    if (!*text)
        return complain_of_memory();
    raw.begin = *text;
    raw.len = strlen(*text);
    raw.end_len = 1;
    status = raw_line_parse(&raw, &parsed);
    if (!status && !strchr(*text, '\n') && raw.begin[raw.len - 1] != '\r' &&
        strncmp(*text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) != 0)
        error = read_back(&parsed.line, name, nt_hash, &same);
    if (error)
        status = complain_of(error);
    else if (!status && !same)
        status = complain(STATUS_USAGE, "%s",
                          _("a line of an account file cannot hold this name or password: a "
                            "name has no colon, does not begin with # or a byte order mark, "
                            "and has no blank at its ends; a password has no newline"));
    parsed_line_clear(&parsed);
    return status;
}
