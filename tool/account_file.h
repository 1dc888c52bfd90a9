/* SPDX-License-Identifier: MIT */
/* account_file.h - an account file that is read, or changed so that it is always whole: the
 * new content is written beside it and renamed onto it, while a lock keeps others out.
 * Owner, permissions and access control list stay. What is in it is account_line.h's. */

#ifndef TOOL_ACCOUNT_FILE_H
#define TOOL_ACCOUNT_FILE_H

#include <sys/stat.h>

#include "output.h"
#include "userfile/load.h"

/* The file that an --file names, else the settings for a server. The caller frees *path. */
enum exit_status account_file_path(const char *option, char **path);

struct account_file {
    char *path;           /* as it was given, for complaints */
    char *name;           /* in its directory */
    char *real_directory; /* its path, with a slash at the end */
    int directory, fd;
    struct stat st;   /* as it was read */
    bool is_new;      /* made by account_file_open, and not written yet */
    bool is_database; /* userfile/database.h; there is no text then */
    struct text text;
};

/* Reads the file. A database is locked against changes. */
enum exit_status account_file_read(const char *path, struct account_file *file);
/* Locks the file, and reads it unless it is a database, waiting for who has the lock for ten
 * seconds at most. Where there is no file and `create`, one is made, for its owner alone. */
enum exit_status account_file_open(const char *path, bool create, struct account_file *file);
/* Gives the file the content that `fill` writes to a new one, of this name in the same
 * directory. When that fails, which was complained of, it is as it was. */
typedef enum exit_status account_file_fill(void *arg, const struct account_file *file,
                                           const char *name, int fd);
enum exit_status account_file_replace_by(struct account_file *file, account_file_fill *fill,
                                         void *arg);
/* The same with this content. */
enum exit_status account_file_replace(struct account_file *file, const char *data, size_t len);
/* In any case; a new file that was not written is removed. */
void account_file_close(struct account_file *file);

#endif
