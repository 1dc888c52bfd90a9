/* SPDX-License-Identifier: MIT */
/* account_import.c - "gss-negotiate account import": a database from a text. */

#include "config.h"

#include <stdlib.h>

#include "account.h"
#include "account_database.h"
#include "translate.h"

#define FAULTS_SAID 20 /* lines that are complained of one by one */
#define ROOM_LINE 400  /* bytes of a database for each line, at most */
#define ROOM_BYTE 4    /* and for each byte of it */

enum { LM };

static const struct option_row options[] = {
    [LM] = {"lm", NULL,
            N_("keep the LM hashes of passwords, too, for old clients: whoever reads them soon "
               "knows the passwords")},
    {NULL, NULL, NULL},
};

/* A text on its way into a database. */
struct import {
    const char *path; /* the text's */
    const struct text *text;
    struct account_database *database;
    bool lm;
    enum exit_status status;
    size_t accounts, skipped;
};

static void skip(struct import *import, unsigned long number, const char *why)
{
    if (++import->skipped <= FAULTS_SAID)
        complain(STATUS_BAD, _("%s: line %lu is left out: %s"), import->path, number, why);
}

static enum ntlm_error import_line(void *arg, unsigned long number, const struct line *line)
{
    struct import *import = arg;
    enum put_result result;

    if (line->kind == LINE_BAD)
        skip(import, number, line_fault_text(line->fault));
    if (line->kind == LINE_BAD || line->kind == LINE_NOTHING)
        return NTLM_OK;
    import->status = account_database_put(import->database, line, import->lm, false, &result);
    if (import->status)
        return NTLM_ERR_FILE_UNREADABLE; /* which was complained of */
    if (result == PUT_EXISTS)
        skip(import, number, _("a line before it has the same account"));
    else if (result == PUT_TOO_LONG)
        skip(import, number, _("its names are too long for a database"));
    else
        import->accounts++;
    return NTLM_OK;
}

static size_t room_for(const struct text *text)
{
    size_t lines = 1;

    for (size_t i = 0; i < text->len; i++)
        lines += text->data[i] == '\n';
    return ACCOUNT_DATABASE_ROOM + lines * ROOM_LINE + text->len * ROOM_BYTE;
}

static enum exit_status fill(void *arg, const struct account_file *file, const char *name,
                             int fd)
{
    struct import *import = arg;
    enum exit_status status =
        account_database_begin(file, name, room_for(import->text), &import->database);

    (void)fd;
    if (!status) {
        text_for_each_line(import->text, import_line, import);
        status = import->status;
    }
    if (!status)
        status = account_database_commit(import->database);
    account_database_end(import->database);
    return status;
}

static enum exit_status check_files(const struct account_file *text,
                                    const struct account_file *database)
{
    if (text->is_database)
        return complain(STATUS_USAGE, _("%s is a database already"), text->path);
    if (!database->is_database && database->text.len > 0)
        return complain(STATUS_USAGE,
                        _("%s is a text, and stays: give the database another name"),
                        database->path);
    return STATUS_OK;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct account_file text = {.fd = -1, .directory = -1};
    struct account_file database = {.fd = -1, .directory = -1};
    struct import import = {.path = arguments->operands[0],
                            .text = &text.text,
                            .lm = arguments->values[LM] != NULL};
    enum exit_status status = account_file_read(arguments->operands[0], &text);

    if (!status)
        status = account_file_open(arguments->operands[1], true, &database);
    if (!status)
        status = check_files(&text, &database);
    if (!status)
        status = account_file_replace_by(&database, fill, &import);
    if (!status)
        say(_("%s: %zu accounts"), database.path, import.accounts);
    if (!status && import.skipped > 0)
        status =
            complain(STATUS_BAD, _("%zu lines of %s were left out"), import.skipped, text.path);
    account_file_close(&text);
    account_file_close(&database);
    return status;
}

const struct command account_import = {
    .name = "import",
    .operands = N_("TEXT DATABASE"),
    .least = 2,
    .most = 2,
    .summary = N_("Make a database of accounts from a text"),
    .about =
        N_("A database is for many accounts and for servers of many processes: no process "
           "reads it whole, and a change costs none of them anything. A server takes it as "
           "its account file; the other commands here take it as they take a text. It has NT "
           "hashes, no passwords.\n"
           "A database that there is gets the new content in one step. Lines that servers "
           "skip are named and left out; the exit status is then 1."),
    .options = options,
    .run = run,
};
