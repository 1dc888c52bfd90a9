/* SPDX-License-Identifier: MIT */
/* index.h - accounts by name, found in the same time however many there are.
 * It is made once, line by line, and never changes then: any number of threads
 * may ask it. It knows no file, and it keeps no password: a hash is all. */

#ifndef USERFILE_INDEX_H
#define USERFILE_INDEX_H

#include "userfile/line.h"

struct index;

#define INDEX_MAX_BYTES UINT32_MAX

/* Whether there can be an index of so many lines of so many bytes together. */
bool index_can_hold(size_t lines, size_t bytes, bool lm);

/* An empty index, with room for what it can hold; with LM hashes if `lm`.
 * NTLM_ERR_OUT_OF_MEMORY or NTLM_ERR_RANDOM. */
enum ntlm_error index_new(size_t lines, size_t bytes, bool lm, struct index **index);
void index_free(struct index *index); /* cleanses; NULL is fine */

/* Adds a good line's account. Errors: those of line_account. */
enum ntlm_error index_add(struct index *index, const struct line *line);
/* After the last line: from here on it can be asked. NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error index_finish(struct index *index);

size_t index_count(const struct index *index);
bool index_has_lm(const struct index *index);

/* Finds whom userfile_find (file.h) means, with an LM hash only if
 * index_has_lm. NTLM_ERR_NO_SUCH_LINE, NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error index_find(const struct index *index, const char *user, const char *domain,
                           struct account *account);

#endif
