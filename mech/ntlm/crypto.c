/* SPDX-License-Identifier: MIT */
/* crypto.c - digests and ciphers through OpenSSL's EVP. MD5 and HMAC are hmac.c's,
 * RC4 is rc4.c's; what they are put together for (hashes, responses, keys) is in
 * keys.c and session.c. */

#include "config.h"

#include "crypto.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "algorithms.h"
#include "secret.h"

/* What can fail with an algorithm that was fetched. It is memory: OpenSSL's providers do
 * not always leave an error that says so. */
#define FETCHED_FAILED NTLM_ERR_OUT_OF_MEMORY

static enum ntlm_error digest(const EVP_MD *md, const struct ntlm_bytes *parts, size_t count,
                              uint8_t *out)
{
    EVP_MD_CTX *ctx;
    bool done;

    ERR_set_mark(); /* the queue is the program's, as in algorithms.c */
    ctx = EVP_MD_CTX_new();
    done = ctx && EVP_DigestInit_ex2(ctx, md, NULL);

    for (size_t i = 0; i < count && done; i++)
        done = EVP_DigestUpdate(ctx, parts[i].data, parts[i].len);
    done = done && EVP_DigestFinal_ex(ctx, out, NULL);
    EVP_MD_CTX_free(ctx);
    ERR_pop_to_mark();
    return done ? NTLM_OK : FETCHED_FAILED;
}

/* Spreads 56 key bits over eight bytes, seven to each byte's upper bits. The
 * lowest bit is DES's parity, which is not checked. */
static void spread_des_key(const uint8_t key[7], uint8_t out[8])
{
    uint64_t bits = 0;

    for (size_t i = 0; i < 7; i++)
        bits = bits << 8 | key[i];
    for (size_t i = 0; i < 8; i++)
        out[i] = (uint8_t)(bits >> (49 - 7 * i) << 1);
    ntlm_cleanse(&bits, sizeof(bits));
}

enum ntlm_error ntlm_crypto_ready(void)
{
    const struct ntlm_algorithms *algorithms;

    return ntlm_algorithms(&algorithms);
}

enum ntlm_error ntlm_md4(const struct ntlm_bytes *parts, size_t count, uint8_t out[16])
{
    const struct ntlm_algorithms *algorithms;
    enum ntlm_error error = ntlm_algorithms(&algorithms);

    return error ? error : digest(algorithms->md4, parts, count, out);
}

enum ntlm_error ntlm_sha256(const struct ntlm_bytes *parts, size_t count, uint8_t out[32])
{
    const struct ntlm_algorithms *algorithms;
    enum ntlm_error error = ntlm_algorithms(&algorithms);

    return error ? error : digest(algorithms->sha256, parts, count, out);
}

enum ntlm_error ntlm_des(const uint8_t key[7], const uint8_t in[8], uint8_t out[8])
{
    const struct ntlm_algorithms *algorithms;
    enum ntlm_error error = ntlm_algorithms(&algorithms);
    EVP_CIPHER_CTX *ctx = NULL;
    uint8_t spread[8];
    int len = 0;

    if (error)
        return error;
    spread_des_key(key, spread);
    ERR_set_mark();
    ctx = EVP_CIPHER_CTX_new();
    if (!ctx || !EVP_EncryptInit_ex2(ctx, algorithms->des, spread, NULL, NULL) ||
        !EVP_CIPHER_CTX_set_padding(ctx, 0) || !EVP_EncryptUpdate(ctx, out, &len, in, 8) ||
        len != 8)
        error = FETCHED_FAILED;
    EVP_CIPHER_CTX_free(ctx);
    ERR_pop_to_mark();
    ntlm_cleanse(spread, sizeof(spread));
    return error;
}
