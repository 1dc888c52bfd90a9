/* SPDX-License-Identifier: MIT */
/* crypto.h - the digests and ciphers of [MS-NLMP] 6 through OpenSSL's EVP.
 *
 * The algorithms are fetched with the first use, once for the process (see
 * algorithms.h). Everything here is safe from any thread; one ntlm_rc4 object
 * belongs to one thread at a time. Every function may fail with
 * NTLM_ERR_NO_LEGACY_PROVIDER, _OUT_OF_MEMORY or _CRYPTO. */

#ifndef NTLM_CRYPTO_H
#define NTLM_CRYPTO_H

#include "bytes.h"
#include "error.h"

/* Fetches the algorithms, unless that was done. All else here calls it. */
enum ntlm_error ntlm_crypto_ready(void);

/* Digests over the concatenation of `count` parts. */
enum ntlm_error ntlm_md4(const struct ntlm_bytes *parts, size_t count, uint8_t out[16]);
enum ntlm_error ntlm_md5(const struct ntlm_bytes *parts, size_t count, uint8_t out[16]);
enum ntlm_error ntlm_sha256(const struct ntlm_bytes *parts, size_t count, uint8_t out[32]);

/* One DES block with a 7-byte key spread to 8 ([MS-NLMP] 6, DES()). */
enum ntlm_error ntlm_des(const uint8_t key[7], const uint8_t in[8], uint8_t out[8]);

/* RC4 of a short string under a fresh key: RC4K. in and out may be the same. */
enum ntlm_error ntlm_rc4k(struct ntlm_bytes key, const uint8_t *in, uint8_t *out, size_t len);

/* An RC4 stream that is keyed once. */
struct ntlm_rc4;
enum ntlm_error ntlm_rc4_new(struct ntlm_bytes key, struct ntlm_rc4 **rc4);
/* Goes on in the stream. in and out may be the same. */
enum ntlm_error ntlm_rc4_crypt(struct ntlm_rc4 *rc4, const uint8_t *in, uint8_t *out,
                               size_t len);
/* Back to the start of the stream of `key`. */
enum ntlm_error ntlm_rc4_restart(struct ntlm_rc4 *rc4, struct ntlm_bytes key);
void ntlm_rc4_free(struct ntlm_rc4 *rc4); /* NULL is fine */

/* SipHash-2-4 (Aumasson and Bernstein, 2012), of 64 bits: for tables whose names
 * strangers may choose. Who does not know the key cannot find names that meet
 * in one place. */
enum ntlm_error ntlm_siphash(const uint8_t key[16], struct ntlm_bytes text, uint8_t out[8]);

#endif
