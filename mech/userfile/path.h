/* SPDX-License-Identifier: MIT */
/* path.h - opens a file by a path on which nobody but root and the effective user
 * can put another file in its place. */

#ifndef USERFILE_PATH_H
#define USERFILE_PATH_H

#include <sys/stat.h>

#include "ntlm/error.h"

/* Opens the file at `path` for reading, without blocking. *opened is the caller's
 * to close.
 *
 * Every directory that is passed must belong to root or the effective user, and
 * others must not be able to write it: the directories of the path itself, and
 * those of the target of each symbolic link on it. A directory that others can
 * write is accepted if it has the sticky bit, as /tmp, and the entry in it belongs
 * to root or the effective user: the kernel then lets nobody else rename or
 * replace that entry. (sshd refuses such directories for authorized_keys, which is
 * always in a home directory; an account file may be anywhere.) A relative path
 * begins at the root, too, with the working directory's.
 *
 * NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_FILE_INSECURE, NTLM_ERR_OUT_OF_MEMORY;
 * recorded with `path`, the directory and what to do. */
enum ntlm_error path_open(const char *path, int *opened);

/* Why others could write what has this status (`what` is where it is, for its
 * access control list), and what to do about it, in a static text or in `text`;
 * NULL: nobody but root and the effective user can. */
#define PATH_REASON_SIZE 128
const char *path_unsafe(const char *what, const struct stat *st, char text[PATH_REASON_SIZE]);

#endif
