/* SPDX-License-Identifier: MIT */
/* open.h - opens the account file, if nobody but root and the effective user
 * could have written it. */

#ifndef USERFILE_OPEN_H
#define USERFILE_OPEN_H

#include "ntlm/error.h"
#include "userfile/stat.h"

/* *fd is the caller's to close; -1 after an error. NTLM_ERR_FILE_UNREADABLE,
 * NTLM_ERR_FILE_INSECURE (the file, or a directory on its path: path.h),
 * NTLM_ERR_OUT_OF_MEMORY; recorded with the path and the reason. The checks are
 * made on the open file. */
enum ntlm_error userfile_open(const char *path, int *fd, struct fingerprint *fingerprint);

#endif
