/* SPDX-License-Identifier: MIT */
/* algorithms.h - OpenSSL's implementations of the algorithms of [MS-NLMP] 6, in
 * an OpenSSL library context of our own, with the default and the legacy
 * provider: a program's own OpenSSL configuration neither hinders nor is
 * changed by us. For crypto.c and fips.c alone. */

#ifndef NTLM_ALGORITHMS_H
#define NTLM_ALGORITHMS_H

#include <openssl/evp.h>
#include <openssl/provider.h>

#include "error.h"

struct ntlm_algorithms {
    OSSL_LIB_CTX *libctx;
    OSSL_PROVIDER *standard, *legacy;
    EVP_MD *md4, *sha256;
    EVP_CIPHER *des;
};

/* Gives the algorithms. The first call fetches them, for the whole process;
 * they are never freed. A call that fails leaves nothing behind, and the next
 * one tries again. Errors: NTLM_ERR_NO_LEGACY_PROVIDER, _OUT_OF_MEMORY,
 * _CRYPTO. Safe from any thread. */
enum ntlm_error ntlm_algorithms(const struct ntlm_algorithms **algorithms);

/* What OpenSSL's last failure in this thread is to be called:
 * NTLM_ERR_OUT_OF_MEMORY, or what the caller says. */
enum ntlm_error ntlm_openssl_error(enum ntlm_error unless_memory);

#endif
