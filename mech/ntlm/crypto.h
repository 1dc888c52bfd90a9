/* SPDX-License-Identifier: MIT */
/* crypto.h - MD4, SHA-256 and DES through OpenSSL's EVP, for what is not done at
 * each logon.
 *
 * The algorithms are fetched with the first use, once for the process (see
 * algorithms.h). Everything here is safe from any thread. Every function may fail
 * with NTLM_ERR_NO_LEGACY_PROVIDER, _OUT_OF_MEMORY or _CRYPTO. */

#ifndef NTLM_CRYPTO_H
#define NTLM_CRYPTO_H

#include "bytes.h"
#include "error.h"

/* Fetches the algorithms, unless that was done, and so says whether they are there. */
enum ntlm_error ntlm_crypto_ready(void);

/* Digests over the concatenation of `count` parts. */
enum ntlm_error ntlm_md4(const struct ntlm_bytes *parts, size_t count, uint8_t out[16]);
enum ntlm_error ntlm_sha256(const struct ntlm_bytes *parts, size_t count, uint8_t out[32]);

/* One DES block with a 7-byte key spread to 8 ([MS-NLMP] 6, DES()). */
enum ntlm_error ntlm_des(const uint8_t key[7], const uint8_t in[8], uint8_t out[8]);

#endif
