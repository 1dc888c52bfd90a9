/* SPDX-License-Identifier: MIT */
/* account_database_stub.c - account_database.h where there is no liblmdb. */

#include "config.h"

#include "account_database.h"
#include "translate.h"

enum exit_status account_database_begin(const struct account_file *file, const char *name,
                                        size_t room, struct account_database **database)
{
    (void)name;
    (void)room;
    *database = NULL;
    return complain(STATUS_TROUBLE,
                    _("%s cannot be changed: this gss-negotiate was built without liblmdb, "
                      "which writes databases"),
                    file->path);
}

enum exit_status account_database_put(struct account_database *database,
                                      const struct line *line, bool lm, bool replace,
                                      enum put_result *result)
{
    (void)database;
    (void)line;
    (void)lm;
    (void)replace;
    *result = PUT_DONE;
    return STATUS_TROUBLE;
}

enum exit_status account_database_remove(struct account_database *database,
                                         const struct username *name, bool *existed)
{
    (void)database;
    (void)name;
    *existed = false;
    return STATUS_TROUBLE;
}

enum exit_status account_database_commit(struct account_database *database)
{
    (void)database;
    return STATUS_TROUBLE;
}

void account_database_end(struct account_database *database)
{
    (void)database;
}
