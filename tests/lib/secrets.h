/* SPDX-License-Identifier: MIT */
/* secrets.h - secrets that a test knows, and searches for them in memory. What is known
 * is kept masked, and is learnt in a child of the process: no search finds what the test
 * itself has. The list outlives the child. */

#ifndef SECRETS_H
#define SECRETS_H

#include <stddef.h>
#include <stdint.h>

/* Runs this in a child, whose memory is not the test's. It must return true. */
#define secrets_learn(learn, arg) secrets_learn_as(#learn, learn, arg)
void secrets_learn_as(const char *what, _Bool (*learn)(void *arg), void *arg);

/* Of the child, to be looked for from now on: at least 6 bytes, at most 64. */
void secrets_add(const char *name, const void *bytes, size_t len);
/* A password: as UTF-8 and as UTF-16, with small letters and capital ones (ASCII). */
void secrets_add_password(const char *password);
/* A key: itself, and what HMAC_MD5 makes of it. */
void secrets_add_key(const char *name, const uint8_t key[16]);
/* An exported session key: itself, and the keys of messages that follow from it. */
void secrets_add_session_key(const uint8_t key[16]);

/* Of an account, ASCII: its password and the hashes that are made of it. False where they
 * cannot be made. */
struct secrets_account {
    const char *user, *domain, *password;
};
_Bool secrets_add_account(const struct secrets_account *account);
/* And SessionBaseKey of one login, which follows from the NTProofStr of the AUTHENTICATE that
 * is somewhere in the token. */
_Bool secrets_add_base_key(const struct secrets_account *account, const void *token,
                           size_t len);

void secrets_forget(void);

/* The name of a secret that is there (static), or NULL. */
const char *secrets_found(const void *start, size_t len);

/* The same in all that the process can write: heaps, data, and the stack of each thread,
 * dead frames included. `where` becomes what /proc/self/maps says of the place. */
const char *secrets_found_anywhere(char *where, size_t size);

#endif
