/* SPDX-License-Identifier: MIT */
/* describe_field.h - the fields as which describe.c and its parts show a token. For
 * them alone. */

#ifndef NTLM_DESCRIBE_FIELD_H
#define NTLM_DESCRIBE_FIELD_H

#include "bytes.h"
#include "field.h"

#define NTLM_VALUE_SIZE 1024 /* of a field's value, with its NUL; more is left out */
#define NTLM_QUOTE_SIZE 512  /* of a name, or of a list of words; likewise */

/* Who takes the fields. */
struct ntlm_fields {
    void (*take)(void *arg, const struct ntlm_field *field);
    void *arg;
};

/* name NULL: a remark. */
void ntlm_field(const struct ntlm_fields *fields, unsigned depth, const char *name,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A name in the character set of the message's flags: quoted and escaped. */
void ntlm_field_name(const struct ntlm_fields *fields, unsigned depth, const char *name,
                     uint32_t flags, struct ntlm_bytes wire);

/* A FILETIME. */
void ntlm_field_time(const struct ntlm_fields *fields, unsigned depth, const char *name,
                     uint64_t filetime);

/* Adds a word to words in out, which is terminated, whole or not at all. */
void ntlm_add_word(const char *word, char *out, size_t out_size);

#endif
