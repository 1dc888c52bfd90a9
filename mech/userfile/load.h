/* SPDX-License-Identifier: MIT */
/* load.h - the account file's text, and the index that is made of it. When the
 * file is read is userfile.c's to decide. */

#ifndef USERFILE_LOAD_H
#define USERFILE_LOAD_H

#include <sys/types.h>

#include "userfile/index.h"

/* The content of the file, which holds passwords. */
struct text {
    char *data; /* `size` bytes, and one for a terminator */
    size_t size, len;
};

/* Reads `size` bytes, or fewer if the file ends before. The caller clears
 * *text in any case. NTLM_ERR_FILE_UNREADABLE, NTLM_ERR_OUT_OF_MEMORY, recorded
 * with the path. */
enum ntlm_error text_read(const char *path, int fd, off_t size, struct text *text);
/* Cuts off what follows the last newline: a password that is being written may
 * be there in part only, or empty. */
void text_drop_unfinished_line(struct text *text);
void text_clear(struct text *text); /* cleanses and frees */

/* Makes the text's index, with LM hashes if `lm`, and clears the text before the
 * index is finished: memory never holds both at their largest. Bad lines are
 * traced with their numbers and reasons, up to twenty, and counted. Errors:
 * index.h's, NTLM_ERR_FILE_UNREADABLE for too many lines; recorded. */
enum ntlm_error load_index(const char *path, struct text *text, bool lm, struct index **index);

#endif
