/* SPDX-License-Identifier: MIT */
/* account_lint.c - "gss-negotiate account lint": what is wrong with the lines of an account
 * file, or probably not as they were meant. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "account_lines.h"
#include "json.h"
#include "support/failure.h"
#include "translate.h"
#include "userfile/userfile.h"

enum { FILE_NAME, JSON };

static const struct option_row options[] = {
    [FILE_NAME] = OPTION_FILE,
    [JSON] = OPTION_JSON,
    {NULL, NULL, NULL},
};

static void print_finding(void *arg, const struct line_finding *finding)
{
    struct json *json = arg;

    if (json) {
        json_object(json, NULL);
        json_number(json, "line", (int64_t)finding->number);
        json_text(json, "severity", finding->bad ? "bad" : "doubtful");
        json_text(json, "text", finding->text);
        json_object_end(json);
        return;
    }
    if (finding->number)
        say_part(STYLE_NAME, _("line %lu: "), finding->number);
    say_part(finding->bad ? STYLE_BAD : STYLE_DOUBT, "%s",
             finding->bad ? _("bad") : _("doubtful"));
    say_part(STYLE_PLAIN, ": %s", finding->text);
    say_end();
}

/* Whether servers would take the file at all, as far as this user can tell. */
static enum exit_status check_file(const char *path, const struct account_file *file,
                                   struct json *json, size_t *count)
{
    enum ntlm_error error = userfile_check(path);
    const char *detail = failure_detail(error);

    if (!error || (file->is_database && error == NTLM_ERR_FILE_UNREADABLE))
        return STATUS_OK; /* damage is found with its accounts */
    if (error == NTLM_ERR_OUT_OF_MEMORY)
        return complain_of_memory();
    print_finding(json,
                  &(struct line_finding){.text = detail ? detail : ntlm_error_text(error)});
    ++*count;
    return STATUS_OK;
}

static enum exit_status lint(const char *path, const struct account_file *file,
                             struct json *json)
{
    struct line_counts counts = {.accounts = 0};
    size_t count = 0;
    enum exit_status status;

    if (json) {
        json_object(json, NULL);
        json_text(json, "file", path);
        json_array(json, "findings");
    }
    status = check_file(path, file, json, &count);
    if (!status)
        status = account_lines_check(file, print_finding, json, &counts);
    if (json) {
        json_array_end(json);
        json_number(json, "accounts", (int64_t)counts.accounts);
        json_object_end(json);
    } else if (!status) {
        say(_("%s: %zu accounts, %zu findings"), path, counts.accounts,
            counts.findings + count);
    }
    return status || counts.findings + count == 0 ? status : STATUS_BAD;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct account_file file = {.fd = -1, .directory = -1};
    struct json json = {.depth = 0};
    char *path = NULL;
    enum exit_status status;

    if (arguments->count > 0 && arguments->values[FILE_NAME])
        return complain(STATUS_USAGE, "%s", _("name the file once, by --file or without"));
    status = account_file_path(
        arguments->count > 0 ? arguments->operands[0] : arguments->values[FILE_NAME], &path);
    if (!status)
        status = account_file_read(path, &file);
    if (!status)
        status = lint(path, &file, arguments->values[JSON] ? &json : NULL);
    account_file_close(&file);
    free(path);
    return status;
}

const struct command account_lint = {
    .name = "lint",
    .operands = N_("[FILE]"),
    .most = 1,
    .summary = N_("Name each line that is wrong, and why"),
    .about =
        N_("Bad lines are skipped by servers; doubtful ones count, but perhaps not as they "
           "were meant. The exit status is 1 if there is any of them."),
    .options = options,
    .run = run,
};
