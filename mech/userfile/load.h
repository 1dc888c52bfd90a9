/* SPDX-License-Identifier: MIT */
/* load.h - the account file's text, and the index that is made of it. When the
 * file is read is userfile.c's to decide. */

#ifndef USERFILE_LOAD_H
#define USERFILE_LOAD_H

#include <sys/types.h>

#include "userfile/index.h"
#include "userfile/mapping.h"

/* The content of the file, which holds passwords. */
struct text {
    struct mapping memory;
    char *data; /* it: `size` bytes, and one for a terminator */
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

/* Hands the text's lines to `handler` with their numbers, from 1, until it returns
 * an error. The lines are parsed in place. */
typedef enum ntlm_error text_line_handler(void *arg, unsigned long number,
                                          const struct line *line);
enum ntlm_error text_for_each_line(const struct text *text, text_line_handler *handler,
                                   void *arg);

/* Makes the text's index, with LM hashes if `lm`, and clears the text before the
 * index is finished: memory never holds both at their largest. Lines with a
 * fault (line.h) are traced with their numbers, up to twenty, and bad ones counted. Errors:
 * index.h's, NTLM_ERR_FILE_UNREADABLE for too many lines; recorded. */
enum ntlm_error load_index(const char *path, struct text *text, bool lm, struct index **index);

#endif
