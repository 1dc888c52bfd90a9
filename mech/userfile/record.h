/* SPDX-License-Identifier: MIT */
/* record.h - what is in an account database: keys and values, as bytes. The file around
 * them is LMDB's (lmdb.h).
 *
 *     key                    value
 *     NUL                    a header: "gss-negotiate accounts", NUL, the number of accounts
 *                            and that of all that were ever added (8 bytes each), a checksum
 *     USER NUL DOMAIN        an account: 1, its flags (account.h), when it was added (a number
 * of 8 bytes), NT hash, LM hash (zeros: none), domain NUL user NUL, a checksum USER the DOMAIN
 * of the account with this user that was added first, of those that have one
 *
 * USER and DOMAIN are UTF-8 in upper case, as ntlm_text_same compares names. Numbers have
 * their lowest byte first. The checksum is the first 8 bytes of MD5 over key and value: it
 * tells damage. */

#ifndef USERFILE_RECORD_H
#define USERFILE_RECORD_H

#include <stddef.h>

#include "ntlm/error.h"
#include "userfile/lookup.h"

#define RECORD_KEY_MOST 511   /* LMDB's own limit */
#define RECORD_NAMES_MOST 511 /* bytes of user and domain together, in either case */
#define RECORD_VALUE_MOST (1 + 1 + 8 + 16 + 16 + RECORD_NAMES_MOST + 2 + 8)

struct record_key {
    uint8_t bytes[RECORD_KEY_MOST];
    size_t len;
};

struct record {
    uint8_t bytes[RECORD_VALUE_MOST]; /* secret */
    size_t len;
};

/* The key of an account, or of a user in whatever domain (domain NULL). False if the names
 * are too long for one. */
bool record_key(const char *user, const char *domain, struct record_key *key);

/* The value of an account whose key this is; its names fit in the key's. `added`: which of
 * all accounts that were ever added it is. NTLM_ERR_CRYPTO. */
enum ntlm_error record_make(const struct record_key *key, const struct account *account,
                            uint64_t added, struct record *record);
/* Whether the value is a whole account of this key. NTLM_ERR_FILE_UNREADABLE (not
 * recorded), NTLM_ERR_CRYPTO. */
enum ntlm_error record_check(const struct record_key *key, const uint8_t *value, size_t len);
/* The account of a value that was checked, with these names (NULL: its own). The caller
 * clears it. NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error record_read(const uint8_t *value, const struct name *name,
                            struct account *account);
/* Which account it is of all that were ever added. */
uint64_t record_added(const uint8_t *value);

/* Whether a key is that of an account. */
bool record_is_account(const uint8_t *key, size_t len);

/* What the header says. */
struct record_header {
    uint64_t accounts, added;
};
#define RECORD_HEADER_KEY ""
#define RECORD_HEADER_KEY_SIZE 1 /* with its NUL */
enum ntlm_error record_header_make(const struct record_header *header, struct record *record);
/* NTLM_ERR_FILE_UNREADABLE (not recorded), NTLM_ERR_CRYPTO. */
enum ntlm_error record_header_read(const uint8_t *value, size_t len,
                                   struct record_header *header);

#endif
