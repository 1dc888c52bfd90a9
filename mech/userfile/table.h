/* SPDX-License-Identifier: MIT */
/* table.h - the index from inside: how its accounts are stored, and the hash tables
 * by which they are found. For index.c, which fills it, and search.c. */

#ifndef USERFILE_TABLE_H
#define USERFILE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ntlm/hmac.h"
#include "userfile/lookup.h"
#include "userfile/mapping.h"

/* An account is stored as: flags (one byte), NT hash, LM hash if the index has
 * them, domain, NUL, user, NUL. Its number is the offset at which it begins. At 0
 * is one that no lookup finds, which stands in for unknown users. */
#define HASHES 1
#define NOBODY 0

/* A slot of a hash table with open addressing. */
struct slot {
    uint32_t hash;    /* of the names; compared first, it saves comparing most names */
    uint32_t account; /* NOBODY: the slot is free */
};

struct table {
    struct mapping memory;
    struct slot *slots; /* it */
    size_t mask;        /* a power of two less one */
};

struct index {
    struct ntlm_hmac_key key; /* of the hash function; random: nobody can choose colliding
                               * names */
    struct mapping memory;
    uint8_t *accounts; /* it */
    size_t end;        /* of the last one */
    bool lm;
    size_t count, with_domain;
    size_t names; /* accounts with different names: those that can be found */
    struct table by_name, by_user;
};

/* Where the names of an account begin, from its own beginning. */
size_t table_names_at(bool lm);
/* The number of the first account of an index. */
size_t table_first_account(bool lm);
struct name table_name_of(const struct index *index, uint32_t account);

/* False when memory ends. */
bool table_make(struct table *table, size_t count);
/* The hash of names; the table by user alone takes that of the user with an empty
 * domain. NTLM_ERR_CRYPTO. */
enum ntlm_error table_hash(const struct index *index, struct name name, uint32_t *hash);
/* Lets the processor fetch the slots that belong to this hash. */
void table_prefetch(const struct table *table, uint32_t hash);
/* The slot of the account with this name, or the free slot where it would be. Names
 * are compared once at least, so that the time does not tell whether it is there. */
struct slot *table_find(const struct index *index, const struct table *table, struct name name,
                        uint32_t hash);

#endif
