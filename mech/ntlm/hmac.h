/* SPDX-License-Identifier: MIT */
/* hmac.h - MD5 (RFC 1321) and HMAC-MD5 (RFC 2104), the checksum of [MS-NLMP]'s
 * responses, MICs and message signatures. Keys have 16 bytes. Nothing here
 * allocates. One ntlm_hmac belongs to one thread at a time; a key that is set is
 * only read, by any number of them. Every function that can fail sets
 * NTLM_ERR_CRYPTO. */

#ifndef NTLM_HMAC_H
#define NTLM_HMAC_H

#include <openssl/md5.h>

#include "bytes.h"
#include "error.h"

/* MD5 over the concatenation of `count` parts. */
enum ntlm_error ntlm_md5(const struct ntlm_bytes *parts, size_t count, uint8_t out[16]);

/* HMAC-MD5 once, over the concatenation of `count` parts. */
enum ntlm_error ntlm_hmac_md5(const uint8_t key[16], const struct ntlm_bytes *parts,
                              size_t count, uint8_t out[16]);

/* A key that is set once and used for many messages: MD5's state after K XOR ipad
 * and after K XOR opad. As secret as the key is: cleanse it. */
struct ntlm_hmac_key {
    uint32_t inner[4], outer[4];
};
enum ntlm_error ntlm_hmac_set_key(struct ntlm_hmac_key *hmac_key, const uint8_t key[16]);
enum ntlm_error ntlm_hmac_compute(const struct ntlm_hmac_key *key,
                                  const struct ntlm_bytes *parts, size_t count,
                                  uint8_t out[16]);

/* The same in steps, for a message of any number of pieces. The key must live until
 * the end, which cleanses the object. */
struct ntlm_hmac {
    const struct ntlm_hmac_key *key;
    MD5_CTX message;
};
void ntlm_hmac_begin(struct ntlm_hmac *hmac, const struct ntlm_hmac_key *key);
enum ntlm_error ntlm_hmac_update(struct ntlm_hmac *hmac, const uint8_t *data, size_t len);
enum ntlm_error ntlm_hmac_end(struct ntlm_hmac *hmac, uint8_t out[16]);

#endif
