/* SPDX-License-Identifier: MIT */
/* account_database.h - changes accounts of a database (userfile/record.h): all of a series
 * of changes, or none. Reading is userfile/database.h's; who else changes it is kept out
 * by account_file.h's lock. Without liblmdb, beginning fails. */

#ifndef TOOL_ACCOUNT_DATABASE_H
#define TOOL_ACCOUNT_DATABASE_H

#include "account_file.h"
#include "support/username.h"
#include "userfile/line.h"

struct account_database;

#define ACCOUNT_DATABASE_ROOM ((size_t)16 << 20) /* enough for a few changes */

/* Begins a series of changes to the file of this name in file->directory: the database
 * itself, or an empty file that becomes one. `room`: bytes by which it may grow. */
enum exit_status account_database_begin(const struct account_file *file, const char *name,
                                        size_t room, struct account_database **database);

enum put_result { PUT_DONE, PUT_EXISTS, PUT_TOO_LONG };
/* Puts a good line's account there, with the LM hash of its password if `lm`. One that
 * there is stays as it is (PUT_EXISTS) unless `replace`. */
enum exit_status account_database_put(struct account_database *database,
                                      const struct line *line, bool lm, bool replace,
                                      enum put_result *result);
/* Takes an account out; *existed: there was one. */
enum exit_status account_database_remove(struct account_database *database,
                                         const struct username *name, bool *existed);

/* The changes count from now on, for everybody. */
enum exit_status account_database_commit(struct account_database *database);
/* In any case; what was not committed has not happened. NULL is fine. */
void account_database_end(struct account_database *database);

#endif
