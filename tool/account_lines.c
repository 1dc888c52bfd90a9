/* SPDX-License-Identifier: MIT */
/* account_lines.c - see account_lines.h. */

#include "config.h"

#include "account_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account_line.h"
#include "ntlm/text.h"
#include "support/failure.h"
#include "translate.h"
#include "userfile/database.h"

/* An account's name, upper-cased, and where it stands. */
struct place {
    char *name;
    unsigned long number;
};

struct lint {
    void (*take)(void *arg, const struct line_finding *finding);
    void *arg;
    struct line_counts *counts;
    struct place *places;
    size_t place_count, place_size;
};

static void find(struct lint *lint, unsigned long number, bool bad, const char *text)
{
    const struct line_finding finding = {.number = number, .bad = bad, .text = text};

    lint->counts->findings++;
    lint->counts->bad += bad;
    lint->take(lint->arg, &finding);
}

static enum exit_status add_place(struct lint *lint, const struct line *line,
                                  unsigned long number)
{
    char *name = NULL, *upper = NULL;

    if (lint->place_count == lint->place_size) {
        size_t size = lint->place_size ? 2 * lint->place_size : 64;
        struct place *larger = reallocarray(lint->places, size, sizeof(*larger));
        if (!larger)
            return complain_of_memory();
        lint->places = larger;
        lint->place_size = size;
    }
    if (asprintf(&name, "%s\\%s", line->domain, line->user) < 0)
        return complain_of_memory();
    if (ntlm_text_upper(name, &upper))
        upper = NULL;
    free(name);
    if (!upper)
        return complain_of_memory();
    lint->places[lint->place_count++] = (struct place){upper, number};
    return STATUS_OK;
}

/* A hash of the empty password is as good as none. */
static enum exit_status check_account(struct lint *lint, const struct line *line,
                                      unsigned long number)
{
    struct account account;
    enum ntlm_error error = line_account(line, false, &account);

    if (!error && account.empty_password && line->fault != LINE_FAULT_EMPTY_PASSWORD)
        find(lint, number, false, line_fault_text(LINE_FAULT_EMPTY_PASSWORD));
    account_clear(&account);
    return error ? complain_of(error) : STATUS_OK;
}

static enum exit_status check_line(struct lint *lint, const struct raw_line *raw)
{
    struct parsed_line parsed;
    enum exit_status status = raw_line_parse(raw, &parsed);
    const struct line *line = &parsed.line;

    if (!status && line->fault)
        find(lint, raw->number, line->kind == LINE_BAD, line_fault_text(line->fault));
    if (!status && (line->kind == LINE_PASSWORD || line->kind == LINE_SMBPASSWD)) {
        lint->counts->accounts++;
        if (raw->end_len == 2)
            find(lint, raw->number, false,
                 _("it ends with a carriage return, as DOS has it: gss-ntlmssp would take that "
                   "for a part of the password"));
        if (raw->end_len == 0)
            find(lint, raw->number, false,
                 _("it has no newline: servers wait for it for a while after the file was "
                   "written"));
        status = check_account(lint, line, raw->number);
        if (!status)
            status = add_place(lint, line, raw->number);
    }
    parsed_line_clear(&parsed);
    return status;
}

static int compare_names(const void *a, const void *b)
{
    const struct place *one = a, *other = b;
    int order = strcmp(one->name, other->name);

    return order ? order : one->number < other->number ? -1 : one->number > other->number;
}

static void find_duplicates(struct lint *lint)
{
    size_t first = 0;

    if (lint->place_count > 0)
        qsort(lint->places, lint->place_count, sizeof(*lint->places), compare_names);
    for (size_t i = 1; i < lint->place_count; i++) {
        char text[128];

        if (strcmp(lint->places[i].name, lint->places[first].name) != 0) {
            first = i;
            continue;
        }
        snprintf(text, sizeof(text), _("no server reads it: line %lu has the same account"),
                 lint->places[first].number);
        find(lint, lint->places[i].number, false, text);
    }
}

static enum ntlm_error check_record(void *arg, const struct account *account, uint64_t added)
{
    struct lint *lint = arg;
    char *text;

    (void)added;
    lint->counts->accounts++;
    if (!account->empty_password)
        return NTLM_OK;
    if (asprintf(&text, "%s%s%s: %s", account->domain, *account->domain ? "\\" : "",
                 account->user, line_fault_text(LINE_FAULT_EMPTY_PASSWORD)) < 0)
        return NTLM_ERR_OUT_OF_MEMORY;
    find(lint, 0, false, text);
    free(text);
    return NTLM_OK;
}

static enum exit_status check_records(struct lint *lint, const struct account_file *file)
{
    struct record_header header;
    enum ntlm_error error =
        database_for_each(file->path, file->fd, check_record, lint, &header);
    const char *detail = failure_detail(error);

    if (error == NTLM_ERR_FILE_UNREADABLE)
        find(lint, 0, true, detail ? detail : ntlm_error_text(error));
    else if (error)
        return complain_of(error);
    return STATUS_OK;
}

enum exit_status account_lines_check(const struct account_file *file,
                                     void (*take)(void *arg,
                                                  const struct line_finding *finding),
                                     void *arg, struct line_counts *counts)
{
    struct lint lint = {.take = take, .arg = arg, .counts = counts};
    enum exit_status status = STATUS_OK;
    struct raw_line raw = {.begin = NULL};

    if (file->is_database)
        status = check_records(&lint, file);
    while (!status && !file->is_database && raw_line_next(&file->text, &raw))
        status = check_line(&lint, &raw);
    if (!status)
        find_duplicates(&lint);
    if (!status && counts->accounts == 0 && !(file->is_database && counts->bad > 0))
        find(&lint, 0, false, _("there is no account in it: nobody can log in"));
    for (size_t i = 0; i < lint.place_count; i++)
        free(lint.places[i].name);
    free(lint.places);
    return status;
}
