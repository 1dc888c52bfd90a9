/* SPDX-License-Identifier: MIT */
/* account_list.c - "gss-negotiate account list": who is in the file, without secrets. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "account_file.h"
#include "account_line.h"
#include "json.h"
#include "translate.h"
#include "userfile/database.h"

enum { FILE_NAME, JSON };

static const struct option_row options[] = {
    [FILE_NAME] = OPTION_FILE,
    [JSON] = OPTION_JSON,
    {NULL, NULL, NULL},
};

/* `number` is the line's; 0 in a database. */
static void print_account(struct json *json, unsigned long number, const char *kind,
                          const struct account *account)
{
    if (json) {
        json_object(json, NULL);
        json_text(json, "domain", account->domain);
        json_text(json, "user", account->user);
        json_text(json, "secret", kind);
        json_bool(json, "empty_password", account->empty_password);
        json_bool(json, "disabled", account->disabled);
        json_bool(json, "locked", account->locked);
        if (number)
            json_number(json, "line", (int64_t)number);
        json_object_end(json);
        return;
    }
    say_part(STYLE_NAME, "%s%s%s", account->domain, *account->domain ? "\\" : "",
             account->user);
    say_part(STYLE_FAINT, "  %s", _(kind));
    say_part(STYLE_DOUBT, "%s%s%s", account->empty_password ? _(", empty") : "",
             account->disabled ? _(", disabled") : "", account->locked ? _(", locked") : "");
    say_end();
}

static const char *kind_of(const struct account *account)
{
    return account->has_nt_hash ? N_("NT hash") : N_("no password");
}

static enum exit_status print_line(struct json *json, const struct raw_line *raw)
{
    struct account account = {.user = NULL};
    struct parsed_line parsed;
    enum exit_status status = raw_line_parse(raw, &parsed);
    const struct line *line = &parsed.line;
    enum ntlm_error error = NTLM_OK;

    if (!status && (line->kind == LINE_PASSWORD || line->kind == LINE_SMBPASSWD)) {
        error = line_account(line, false, &account);
        account.user = strdup(line->user);
        account.domain = strdup(line->domain);
        if (error)
            status = complain_of(error);
        else if (!account.user || !account.domain)
            status = complain_of_memory();
        else
            print_account(json, raw->number,
                          line->kind == LINE_PASSWORD ? N_("password") : kind_of(&account),
                          &account);
    }
    account_clear(&account);
    parsed_line_clear(&parsed);
    return status;
}

static enum ntlm_error print_record(void *arg, const struct account *account, uint64_t added)
{
    (void)added;
    print_account(arg, 0, kind_of(account), account);
    return NTLM_OK;
}

static enum exit_status print_records(struct json *json, const struct account_file *file)
{
    struct record_header header;
    enum ntlm_error error =
        database_for_each(file->path, file->fd, print_record, json, &header);

    return error ? complain_of(error) : STATUS_OK;
}

static enum exit_status print(struct json *json, const struct account_file *file)
{
    enum exit_status status = STATUS_OK;
    struct raw_line raw = {.begin = NULL};

    if (json) {
        json_object(json, NULL);
        json_text(json, "file", file->path);
        json_array(json, "accounts");
    }
    if (file->is_database)
        status = print_records(json, file);
    while (!status && !file->is_database && raw_line_next(&file->text, &raw))
        status = print_line(json, &raw);
    if (json) {
        json_array_end(json);
        json_object_end(json);
    }
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct account_file file = {.fd = -1, .directory = -1};
    struct json json = {.depth = 0};
    char *path;
    enum exit_status status = account_file_path(arguments->values[FILE_NAME], &path);

    if (!status)
        status = account_file_read(path, &file);
    if (!status)
        status = print(arguments->values[JSON] ? &json : NULL, &file);
    account_file_close(&file);
    free(path);
    return status;
}

const struct command account_list = {
    .name = "list",
    .operands = "",
    .summary = N_("List the accounts, without their secrets"),
    .about = "",
    .options = options,
    .run = run,
};
