/* SPDX-License-Identifier: MIT */
/* database.h - an account file that is a database (record.h in lmdb.h): finding an account
 * in it. Nothing of it is kept in the process: each call opens the file, looks at the few
 * pages that it needs and closes it, so a change counts for the next call of any process.
 * Safe from any thread and after fork.
 *
 * What is damaged is found by who comes to it: a file that is cut off or has no header,
 * by everybody; a page or an account, by the calls that need it. They fail with
 * NTLM_ERR_FILE_UNREADABLE, recorded, and find nobody. */

#ifndef USERFILE_DATABASE_H
#define USERFILE_DATABASE_H

#include "ntlm/error.h"
#include "userfile/account.h"
#include "userfile/record.h"
#include "userfile/stat.h"

/* *is: whether the open file is a database, whole or damaged. NTLM_ERR_FILE_UNREADABLE: it
 * cannot be told; recorded. */
enum ntlm_error database_is(const char *path, int fd, bool *is);
/* Whether it is one of accounts; *header is what it says of itself.
 * NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_OUT_OF_MEMORY, NTLM_ERR_CRYPTO; recorded. */
enum ntlm_error database_check(const char *path, int fd, struct record_header *header);

/* Opens the file again, without looking at the directories of its path. *same: it is the
 * file that had this fingerprint, with whatever content; *size is its size in bytes. If not,
 * *fd is -1 and there is no error. NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_FILE_INSECURE; recorded.
 */
enum ntlm_error database_open(const char *path, const struct fingerprint *expected, int *fd,
                              off_t *size, bool *same);

/* As userfile_find (userfile.h), in the open file of this size; a NULL user is not for here. */
enum ntlm_error database_find(const char *path, int fd, off_t size,
                              const struct account_query *query, struct account *account);

/* Hands each account to `take`, in the order of names; *header as above. Everything is
 * checked. An account's object is freed when `take` returns. What `take` was given counts
 * only if there is no error in the end. Errors: database_check's, take's. */
typedef enum ntlm_error database_take(void *arg, const struct account *account, uint64_t added);
enum ntlm_error database_for_each(const char *path, int fd, database_take *take, void *arg,
                                  struct record_header *header);

#endif
