/* SPDX-License-Identifier: MIT */
/* open.h - opens the account file, if nobody but root and the effective user
 * could have written it. */

#ifndef USERFILE_OPEN_H
#define USERFILE_OPEN_H

#include "ntlm/error.h"
#include "userfile/stat.h"

/* *fd is the caller's to close. NTLM_ERR_FILE_UNREADABLE,
 * NTLM_ERR_FILE_INSECURE, recorded with the path and the reason. The checks are
 * made on the open file. */
enum ntlm_error userfile_open(const char *path, int *fd, struct fingerprint *fingerprint);

#endif
