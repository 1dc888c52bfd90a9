/* SPDX-License-Identifier: MIT */
/* account.h - one account of the account file, as it is handed to those who
 * ask for it. Where it comes from is line.h's, how it is found index.h's. */

#ifndef USERFILE_ACCOUNT_H
#define USERFILE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

struct account {
    char *user, *domain; /* UTF-8, heap memory; domain "" where the line
                          * leaves it out */
    uint8_t nt_hash[16]; /* secret, and so is the next */
    uint8_t lm_hash[16];
    bool has_nt_hash, has_lm_hash; /* a password line has both where LM can */
    bool empty_password;           /* the hash is that of "" */
    bool disabled, locked;
};

/* Which account is looked for. All strings are UTF-8. */
struct account_query {
    const char *user;   /* NULL: the file's only account */
    const char *domain; /* "" when none was given; ignored without a user */
    /* Other names of the same domain, and of the one behind the user's last @;
     * NULL-terminated; NULL: there are none. */
    const char *const *same_domains, *const *same_realms;
    bool lm; /* with its LM hash, which takes three times as long to index as all
              * else, and is seldom needed */
};

/* What an account has and is, as one byte in an index or a database, and back. */
uint8_t account_flags(const struct account *account);
void account_set_flags(struct account *account, uint8_t flags);

/* Cleanses the hashes, frees the names and zeroes *account. A zeroed one is
 * fine. */
void account_clear(struct account *account);

#endif
