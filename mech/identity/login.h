/* SPDX-License-Identifier: MIT */
/* login.h - a login as it is kept in the user's keyring of logins, in two keys: one that
 * says who logs in where, which stays when the login's time is over, so that this can be
 * told, and one with the NT hash, which the kernel then takes away.
 *
 *     "login:DIGEST"   "NLR" 0x01, expires(8), rank(8), the other key's number(4),
 *                      then user, domain and target: length(4), UTF-8
 *     "hash:NUMBER"    "NLH" 0x01, the NT hash(16)
 *
 * Little-endian. DIGEST is one of user, domain and target, upper-cased, so that logging in
 * again replaces the login; NUMBER is random. Which login is chosen is logins.h's. */

#ifndef IDENTITY_LOGIN_H
#define IDENTITY_LOGIN_H

#include "identity/keyring.h"
#include "ntlm/keys.h"

struct login {
    char *user, *domain; /* domain "" when there is none */
    char *target;        /* a pattern of hosts (support/host.h), upper-cased; "*": any */
    uint64_t expires;    /* a FILETIME; 0: never */
    uint64_t rank;       /* among logins for one host the highest is chosen */
    keyring_serial key, hash_key;
};

/* Reads a key of the keyring. *login is empty (no user) when the key is gone, or holds a
 * hash. NTLM_ERR_BAD_LOGIN. login_clear is due in any case. */
enum ntlm_error login_read(keyring_serial key, struct login *login);
void login_clear(struct login *login);

/* *there is false when the hash is gone. NTLM_ERR_BAD_LOGIN. */
enum ntlm_error login_read_hash(const struct login *login, uint8_t nt_hash[NTLM_HASH_SIZE],
                                bool *there);

/* Puts both keys into the keyring, the hash for so many seconds (0: for ever), and sets
 * login's key and hash_key. A login that is the same is replaced; its hash is the
 * caller's to remove. NTLM_ERR_NO_KEYRING. */
enum ntlm_error login_write(keyring_serial ring, struct login *login,
                            const uint8_t nt_hash[NTLM_HASH_SIZE], unsigned seconds);

/* Whether the one would replace the other. */
bool login_same(const struct login *a, const struct login *b);

/* Removes both keys. False when the kernel refuses. */
bool login_remove(const struct login *login);

#endif
