/* SPDX-License-Identifier: MIT */
/* refresh.h - the accounts of a file that are in force now. */

#ifndef USERFILE_REFRESH_H
#define USERFILE_REFRESH_H

#include "userfile/cache.h"

/* Looks at the file, reads it if it is not the one that was read last (or was
 * read without the LM hashes that `lm` asks for), and gives a reference. Of
 * a database nothing is read but whether it is one. The rules are userfile.h's.
 * NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_FILE_INSECURE, NTLM_ERR_OUT_OF_MEMORY, NTLM_ERR_RANDOM and
 * line.h's; recorded. Safe from any thread. */
enum ntlm_error userfile_current(const char *path, bool lm, struct loaded_file **loaded);

/* The file is of another kind now: what is known of it counts no more.
 * NTLM_ERR_OUT_OF_MEMORY, recorded. */
enum ntlm_error userfile_forget(const char *path);

#endif
