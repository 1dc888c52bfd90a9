/* SPDX-License-Identifier: MIT */
/* index.h - accounts by name; a lookup takes the same time however many there
 * are. An index is filled line by line, and immutable once it is finished: any
 * number of threads may use it. It knows no file and keeps hashes, no passwords. */

#ifndef USERFILE_INDEX_H
#define USERFILE_INDEX_H

#include "userfile/line.h"

struct index;

#define INDEX_MAX_BYTES UINT32_MAX

/* Whether an index can hold `lines` lines of `bytes` bytes altogether. */
bool index_can_hold(size_t lines, size_t bytes, bool lm);

/* An empty index with memory for that many lines and bytes; with LM hashes if `lm`.
 * NTLM_ERR_OUT_OF_MEMORY or NTLM_ERR_RANDOM. */
enum ntlm_error index_new(size_t lines, size_t bytes, bool lm, struct index **index);
void index_free(struct index *index); /* cleanses; NULL is fine */

/* Adds a good line's account. Errors: those of line_account. */
enum ntlm_error index_add(struct index *index, const struct line *line);
/* After the last line, before the first index_find. NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error index_finish(struct index *index);

size_t index_count(const struct index *index); /* accounts with different names */
bool index_has_lm(const struct index *index);

/* The account of an index with one account; else NTLM_ERR_NO_SUCH_LINE.
 * NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error index_only_account(const struct index *index, struct account *account);
/* Finds the account as userfile_find (userfile.h) does, with its LM hash if
 * index_has_lm; query->lm and a NULL user are not for here. NTLM_ERR_NO_SUCH_LINE,
 * with *account filled all the same, NTLM_ERR_OUT_OF_MEMORY, NTLM_ERR_CRYPTO. */
enum ntlm_error index_find(const struct index *index, const struct account_query *query,
                           struct account *account);

#endif
