/* SPDX-License-Identifier: MIT */
/* object.h - an identity from inside, for the files of this directory. */

#ifndef IDENTITY_OBJECT_H
#define IDENTITY_OBJECT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "ntlm/keys.h"
#include "ntlm/wire.h"

struct identity {
    atomic_uint references;
    char *user, *domain;
    uint8_t nt_hash[NTLM_HASH_SIZE], lm_hash[NTLM_HASH_SIZE];
    bool has_lm_hash, has_ntowfv2;
    struct ntlm_hmac_key ntowfv2; /* of the NT hash and the names, for every login */
    unsigned winbind_timeout;     /* seconds; 0: the hashes are here */
    uint64_t expires;             /* a FILETIME; 0: never */
    char *target;                 /* a login's: the hosts that it is for; else NULL */
};

/* An identity without its hashes. user and domain (NULL: none) are valid UTF-8 and
 * copied. NTLM_ERR_OUT_OF_MEMORY, recorded. */
enum ntlm_error identity_new(const char *user, const char *domain, struct identity **made);

/* A text as exported identities and logins have it: its length in four bytes, UTF-8. What
 * is read is heap memory, the caller's. NTLM_ERR_BAD_EXPORT, and *text is then NULL. */
void identity_write_text(struct ntlm_writer *out, const char *text);
enum ntlm_error identity_read_text(struct ntlm_reader *in, char **text);

/* For the maker, once the NT hash is in. NTLM_ERR_OUT_OF_MEMORY, NTLM_ERR_CRYPTO. */
enum ntlm_error identity_make_ntowfv2(struct identity *identity);

#endif
