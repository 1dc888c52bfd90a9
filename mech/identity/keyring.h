/* SPDX-License-Identifier: MIT */
/* keyring.h - the kernel's keyring that holds a user's logins (keyrings(7)), through
 * libkeyutils: a keyring of our own, named for the user, which is linked in the session
 * keyring or in the user's persistent keyring. What is in its keys is login.h's. The user
 * is the effective one of the thread that asks.
 *
 * The rights of the keyring and of its keys are the owner's alone: others cannot read
 * them, not even when they have the session keyring in common (sudo). What has more
 * rights than we give, or is another user's, is not used. Keys are never written to: one
 * that is replaced is another key. Nothing is kept between two calls, so that fork and
 * threads change nothing. Safe from any thread. Failures are recorded. */

#ifndef IDENTITY_KEYRING_H
#define IDENTITY_KEYRING_H

#include <stdbool.h>

#include "ntlm/bytes.h"
#include "ntlm/error.h"
#include "settings/values.h"

/* The longest description of a key, with its NUL, and the largest content. */
#define KEYRING_DESCRIPTION_MAX 64
#define KEYRING_CONTENT_MAX 4096

typedef int32_t keyring_serial;

/* The user's keyring of logins; *ring is 0 when there is none: quietly and with one
 * search, also where the kernel refuses us its keyrings, or has none. NTLM_ERR_BAD_LOGIN
 * when it is there and is not safe; NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error keyring_find(enum login_keyring which, keyring_serial *ring);

/* The same; it is made when there is none. NTLM_ERR_NO_KEYRING, with the kernel's
 * reason. */
enum ntlm_error keyring_make(enum login_keyring which, keyring_serial *ring);

/* The keys in it; *keys is the caller's, freed with free(). */
enum ntlm_error keyring_list(keyring_serial ring, keyring_serial **keys, size_t *count);

struct keyring_content {
    char description[KEYRING_DESCRIPTION_MAX];
    uint8_t data[KEYRING_CONTENT_MAX]; /* a secret */
    size_t len;
};

/* Reads a key of the user's: its description, and what is in it if that begins with
 * `prefix`. *there is false when it is gone: removed, or its time is over.
 * NTLM_ERR_BAD_LOGIN when it is not safe or not ours. keyring_content_clear is due in any
 * case. */
enum ntlm_error keyring_read(keyring_serial key, const char *prefix,
                             struct keyring_content *content, bool *there);
void keyring_content_clear(struct keyring_content *content); /* cleanses */

/* Adds a key that lives for `seconds` (0: as long as the keyring), in the place of the one
 * of this description if there is one. NTLM_ERR_NO_KEYRING. */
enum ntlm_error keyring_add(keyring_serial ring, const char *description,
                            struct ntlm_bytes content, unsigned seconds, keyring_serial *key);

/* Takes a key away, at once and for all who have it; one that is gone is fine. False when
 * the kernel refuses. */
bool keyring_remove(keyring_serial key);

#endif
