/* SPDX-License-Identifier: MIT */
/* account_add.c - "gss-negotiate account add": a new account, or another password. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "account_database.h"
#include "account_edit.h"
#include "account_file.h"
#include "ntlm/secret.h"
#include "secret.h"
#include "translate.h"

enum { FILE_NAME, REPLACE, PLAIN_TEXT, NT_HASH, PASSWORD_FD };

static const struct option_row options[] = {
    [FILE_NAME] = OPTION_FILE,
    [REPLACE] = {"replace", NULL, N_("give an account that there is another password")},
    [PLAIN_TEXT] = {"plain-text", NULL, N_("keep the password as it is, not its NT hash")},
    [NT_HASH] = OPTION_NT_HASH,
    [PASSWORD_FD] = OPTION_PASSWORD_FD,
    {NULL, NULL, NULL},
};

/* Asks for the password, and makes the account's line. */
static enum exit_status make_line(const struct arguments *arguments,
                                  const struct username *name, char **line)
{
    const bool digits = arguments->values[NT_HASH] != NULL;
    const bool plain = arguments->values[PLAIN_TEXT] != NULL;
    const struct secret_request request = {.prompt = digits ? _("NT hash: ") : _("Password: "),
                                           .fd = arguments->values[PASSWORD_FD],
                                           .twice = !digits};
    uint8_t hash[16];
    struct secret secret;
    enum exit_status status = secret_read(&request, &secret);

    if (!status)
        status = secret_nt_hash(&secret, digits, hash);
    if (!status && secret.len == 0)
        complain(STATUS_OK, "%s",
                 _("the password is empty: nobody can log in with it unless "
                   "allow_empty_passwords is true"));
    if (!status)
        status = account_line_make(name, hash, plain ? secret.text : NULL, line);
    secret_clear(&secret);
    ntlm_cleanse(hash, sizeof(hash));
    return status;
}

static enum exit_status change_database(struct account_file *file,
                                        const struct arguments *arguments, const char *line)
{
    const struct raw_line raw = {.begin = line, .len = strlen(line)};
    struct account_database *database = NULL;
    struct parsed_line parsed;
    enum put_result result;
    enum exit_status status = raw_line_parse(&raw, &parsed);

    if (!status)
        status = account_database_begin(file, file->name, ACCOUNT_DATABASE_ROOM, &database);
    if (!status)
        status = account_database_put(database, &parsed.line, false,
                                      arguments->values[REPLACE] != NULL, &result);
    if (!status && result == PUT_TOO_LONG)
        status = complain(STATUS_USAGE, "%s", _("the names are too long for a database"));
    if (!status && result == PUT_EXISTS)
        status = complain(STATUS_BAD,
                          _("%s has this account already; --replace gives it another password"),
                          file->path);
    if (!status)
        status = account_database_commit(database);
    account_database_end(database);
    parsed_line_clear(&parsed);
    return status;
}

static enum exit_status change(struct account_file *file, const struct arguments *arguments,
                               const struct username *name, const char *line)
{
    const bool created = file->is_new;
    struct edited edited;
    enum exit_status status = account_edit(&file->text, name, line, &edited);

    if (!status && edited.found > 0 && !arguments->values[REPLACE])
        status = complain(STATUS_BAD,
                          _("%s has this account already, in line %lu; --replace gives it "
                            "another password"),
                          file->path, edited.number);
    if (!status)
        status = account_file_replace(file, edited.data, edited.len);
    if (!status && created)
        complain(STATUS_OK,
                 _("%s was made, for its owner alone; the user that the server runs as must be "
                   "able to read it"),
                 file->path);
    edited_clear(&edited);
    return status;
}

static enum exit_status run(const struct arguments *arguments)
{
    struct account_file file = {.fd = -1, .directory = -1};
    struct username name;
    char *path = NULL, *line = NULL;
    enum exit_status status;

    if (arguments->values[PLAIN_TEXT] && arguments->values[NT_HASH])
        return complain(STATUS_USAGE, "%s", _("--plain-text needs a password, not an NT hash"));
    status = account_name(arguments->operands[0], &name);
    if (!status)
        status = account_file_path(arguments->values[FILE_NAME], &path);
    if (!status)
        status = make_line(arguments, &name, &line);
    if (!status)
        status = account_file_open(path, true, &file);
    if (!status && file.is_database && arguments->values[PLAIN_TEXT])
        status = complain(STATUS_USAGE, "%s",
                          _("--plain-text is for a text: a database keeps no passwords"));
    if (!status)
        status = file.is_database ? change_database(&file, arguments, line)
                                  : change(&file, arguments, &name, line);
    account_file_close(&file);
    if (line)
        ntlm_cleanse(line, strlen(line));
    free(line);
    free(path);
    free(name.memory);
    return status;
}

const struct command account_add = {
    .name = "add",
    .operands = N_("[DOMAIN\\]USER"),
    .least = 1,
    .most = 1,
    .summary = N_("Add an account, or give one another password"),
    .about = N_(
        "The password is asked for, or is the first line of standard input. Its NT hash is "
        "kept, in a line as Samba's smbpasswd has it. A user without a domain is good for "
        "any.\n"
        "The file stays whole whatever happens: it is replaced in one step, under a lock, "
        "with its owner and permissions, and all other lines stay as they are. A database is "
        "changed where it is, in one transaction."),
    .options = options,
    .run = run,
};
