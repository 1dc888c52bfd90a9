/* SPDX-License-Identifier: MIT */
/* rc4.h - RC4, the cipher of [MS-NLMP] 3.4. A stream is an object of its user's,
 * and nothing here allocates. One stream belongs to one thread at a time. */

#ifndef NTLM_RC4_H
#define NTLM_RC4_H

#include <openssl/rc4.h>

#include "bytes.h"
#include "error.h"

#define NTLM_RC4_MAX_KEY 16

/* Secret: cleanse it. All zeros: no key was set. */
struct ntlm_rc4 {
    RC4_KEY schedule;
    uint8_t key[NTLM_RC4_MAX_KEY];
    size_t key_len; /* 0: the stream is under way */
};

/* Begins the stream of `key`. Its schedule is made when the first byte goes
 * through: many a context never protects a message, and SPNEGO restarts each
 * stream once. NTLM_ERR_CRYPTO for a key of no bytes or more than 16. */
enum ntlm_error ntlm_rc4_set_key(struct ntlm_rc4 *rc4, struct ntlm_bytes key);
/* Goes on in the stream, which has a key. in and out may be the same. */
void ntlm_rc4_crypt(struct ntlm_rc4 *rc4, const uint8_t *in, uint8_t *out, size_t len);

/* RC4 of a short string under a fresh key: RC4K. in and out may be the same.
 * Errors: ntlm_rc4_set_key's. */
enum ntlm_error ntlm_rc4k(struct ntlm_bytes key, const uint8_t *in, uint8_t *out, size_t len);

#endif
