/* SPDX-License-Identifier: MIT */
/* object.h - an identity from inside, for the files of this directory. */

#ifndef IDENTITY_OBJECT_H
#define IDENTITY_OBJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ntlm/keys.h"

struct identity {
    atomic_uint references;
    char *user, *domain;
    uint8_t nt_hash[NTLM_HASH_SIZE], lm_hash[NTLM_HASH_SIZE];
    bool has_lm_hash;
    unsigned winbind_timeout; /* seconds; 0: the hashes are here */
};

/* An identity without its hashes. user and domain (NULL: none) are valid UTF-8 and
 * copied. NTLM_ERR_OUT_OF_MEMORY, recorded. */
enum ntlm_error identity_new(const char *user, const char *domain, struct identity **made);

#endif
