/* SPDX-License-Identifier: MIT */
/* describe_line.h - the lines in which describe.c and its parts show a token. For
 * them alone. */

#ifndef NTLM_DESCRIBE_LINE_H
#define NTLM_DESCRIBE_LINE_H

#include "bytes.h"

#define NTLM_QUOTE_SIZE 512 /* of a name, or of a list of words; more is left out */

/* Who takes the lines. */
struct ntlm_lines {
    void (*line)(void *arg, const char *text);
    void *arg;
};

/* One line, without newline. What does not fit into 1024 bytes is left out. */
void ntlm_line(const struct ntlm_lines *lines, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* One line with a name in the character set of the message's flags: quoted and
 * escaped. */
void ntlm_line_name(const struct ntlm_lines *lines, const char *label, uint32_t flags,
                    struct ntlm_bytes wire);

/* One line with a FILETIME. */
void ntlm_line_time(const struct ntlm_lines *lines, const char *label, uint64_t filetime);

/* Adds a word to words in out, which is terminated, whole or not at all. */
void ntlm_add_word(const char *word, char *out, size_t out_size);

bool ntlm_all_zeros(struct ntlm_bytes bytes);

#endif
