/* SPDX-License-Identifier: MIT */
/* account_remove.c - "gss-negotiate account remove". */

#include "config.h"

#include <stdlib.h>

#include "account.h"
#include "account_database.h"
#include "account_edit.h"
#include "account_file.h"
#include "translate.h"

enum { FILE_NAME };

static const struct option_row options[] = {
    [FILE_NAME] = OPTION_FILE,
    {NULL, NULL, NULL},
};

static enum exit_status complain_of_nobody(const struct account_file *file,
                                           const struct username *name)
{
    return complain(STATUS_BAD, _("%s has no account %s%s%s"), file->path, name->domain,
                    *name->domain ? "\\" : "", name->user);
}

static enum exit_status change_database(struct account_file *file, const struct username *name)
{
    struct account_database *database;
    bool existed;
    enum exit_status status =
        account_database_begin(file, file->name, ACCOUNT_DATABASE_ROOM, &database);

    if (!status)
        status = account_database_remove(database, name, &existed);
    if (!status && !existed)
        status = complain_of_nobody(file, name);
    if (!status)
        status = account_database_commit(database);
    account_database_end(database);
    return status;
}

static enum exit_status change(struct account_file *file, const struct username *name)
{
    struct edited edited;
    enum exit_status status = account_edit(&file->text, name, NULL, &edited);

    if (!status && edited.found == 0)
        status = complain_of_nobody(file, name);
    if (!status)
        status = account_file_replace(file, edited.data, edited.len);
    edited_clear(&edited);
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct account_file file = {.fd = -1, .directory = -1};
    struct username name;
    char *path = NULL;
    enum exit_status status = account_name(arguments->operands[0], &name);

    if (!status)
        status = account_file_path(arguments->values[FILE_NAME], &path);
    if (!status)
        status = account_file_open(path, false, &file);
    if (!status)
        status = file.is_database ? change_database(&file, &name) : change(&file, &name);
    account_file_close(&file);
    free(path);
    free(name.memory);
    return status;
}

const struct command account_remove = {
    .name = "remove",
    .operands = N_("[DOMAIN\\]USER"),
    .least = 1,
    .most = 1,
    .summary = N_("Take an account out"),
    .about = N_("A user without a domain is the account that has none, and no other."),
    .options = options,
    .run = run,
};
