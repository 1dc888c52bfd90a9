/* SPDX-License-Identifier: MIT */
/* algorithms.c - fetching OpenSSL's algorithms, once for the process. What is
 * computed with them is in crypto.c. */

#include "config.h"

#include "algorithms.h"

#include <openssl/err.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

/* NULL until a fetch succeeded; then only read, by every thread, until the
 * process ends. It is never freed: a thread may be at work while another one
 * runs exit().
 *
 * There is no lock, so that a child forked at any time can go on: threads that
 * find NULL at the same time all fetch, one of them stores what it has here,
 * and the others free theirs. pthread_once would not do: it would keep a first
 * failure, say for want of memory, for the life of the process. */
static _Atomic(struct ntlm_algorithms *) fetched;

static void algorithms_free(struct ntlm_algorithms *made)
{
    EVP_MD_free(made->md4);
    EVP_MD_free(made->sha256);
    EVP_CIPHER_free(made->des);
    if (made->legacy)
        OSSL_PROVIDER_unload(made->legacy);
    if (made->standard)
        OSSL_PROVIDER_unload(made->standard);
    OSSL_LIB_CTX_free(made->libctx);
    free(made);
}

static enum ntlm_error fetch(struct ntlm_algorithms *made)
{
    made->libctx = OSSL_LIB_CTX_new();
    if (!made->libctx)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->standard = OSSL_PROVIDER_load(made->libctx, "default");
    if (!made->standard)
        return ntlm_openssl_error(NTLM_ERR_CRYPTO);
    made->legacy = OSSL_PROVIDER_load(made->libctx, "legacy");
    if (!made->legacy)
        return ntlm_openssl_error(NTLM_ERR_NO_LEGACY_PROVIDER);
    made->md4 = EVP_MD_fetch(made->libctx, "MD4", NULL);
    made->sha256 = EVP_MD_fetch(made->libctx, "SHA256", NULL);
    made->des = EVP_CIPHER_fetch(made->libctx, "DES-ECB", NULL);
    if (!made->md4 || !made->sha256 || !made->des)
        return ntlm_openssl_error(NTLM_ERR_CRYPTO);
    return NTLM_OK;
}

/* The error queue is the calling program's, which may well read it
 * (SSL_get_error does): what failed here must not show up there. */
static enum ntlm_error fetch_quietly(struct ntlm_algorithms *made)
{
    enum ntlm_error error;

    ERR_set_mark();
    error = fetch(made);
    ERR_pop_to_mark();
    return error;
}

enum ntlm_error ntlm_openssl_error(enum ntlm_error unless_memory)
{
    return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE
               ? NTLM_ERR_OUT_OF_MEMORY
               : unless_memory;
}

enum ntlm_error ntlm_algorithms(const struct ntlm_algorithms **algorithms)
{
    struct ntlm_algorithms *made, *found = atomic_load(&fetched);
    enum ntlm_error error;

    *algorithms = found;
    if (found)
        return NTLM_OK;
    made = calloc(1, sizeof(*made));
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = fetch_quietly(made);
    if (error) {
        algorithms_free(made);
        return error;
    }
    *algorithms = made;
    if (!atomic_compare_exchange_strong(&fetched, &found, made)) {
        algorithms_free(made);
        *algorithms = found;
    }
    return NTLM_OK;
}
