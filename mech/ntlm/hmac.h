/* SPDX-License-Identifier: MIT */
/* hmac.h - HMAC-MD5 (RFC 2104), the checksum of [MS-NLMP]'s responses, MICs and
 * message signatures. Keys have 16 bytes. One object belongs to one thread at a
 * time. Errors: those of ntlm_crypto_ready (crypto.h). */

#ifndef NTLM_HMAC_H
#define NTLM_HMAC_H

#include "bytes.h"
#include "error.h"

/* Once, over the concatenation of `count` parts. */
enum ntlm_error ntlm_hmac_md5(const uint8_t key[16], const struct ntlm_bytes *parts,
                              size_t count, uint8_t out[16]);

/* Keyed once and used for many messages; only ntlm_hmac_new allocates. */
struct ntlm_hmac;
enum ntlm_error ntlm_hmac_new(const uint8_t key[16], struct ntlm_hmac **hmac);
enum ntlm_error ntlm_hmac_compute(struct ntlm_hmac *hmac, const struct ntlm_bytes *parts,
                                  size_t count, uint8_t out[16]);
/* The same in steps, for a message of any number of pieces. */
void ntlm_hmac_begin(struct ntlm_hmac *hmac);
enum ntlm_error ntlm_hmac_update(struct ntlm_hmac *hmac, const uint8_t *data, size_t len);
enum ntlm_error ntlm_hmac_end(struct ntlm_hmac *hmac, uint8_t out[16]);
void ntlm_hmac_free(struct ntlm_hmac *hmac); /* cleanses; NULL is fine */

#endif
