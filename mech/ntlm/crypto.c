/* SPDX-License-Identifier: MIT */
/* crypto.c - digests and ciphers through OpenSSL. HMAC is hmac.c's; what they
 * are put together for (hashes, responses, keys) is in keys.c and session.c. */

#include "config.h"

#include "crypto.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "algorithms.h"
#include "secret.h"

/* What can fail with an algorithm that was fetched. It is memory: OpenSSL's providers do
 * not always leave an error that says so. */
#define FETCHED_FAILED NTLM_ERR_OUT_OF_MEMORY

/* An EVP cipher counts in ints: a longer text goes through it in steps. */
#define STEP_LIMIT (1 << 20)

static enum ntlm_error digest(const EVP_MD *md, const struct ntlm_bytes *parts, size_t count,
                              uint8_t *out)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool done = ctx && EVP_DigestInit_ex2(ctx, md, NULL);

    for (size_t i = 0; i < count && done; i++)
        done = EVP_DigestUpdate(ctx, parts[i].data, parts[i].len);
    done = done && EVP_DigestFinal_ex(ctx, out, NULL);
    EVP_MD_CTX_free(ctx);
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

/* A stream that is restarted schedules its key with the first byte that goes
 * through: SPNEGO restarts each stream once, and many a context then protects
 * nothing more. */
struct ntlm_rc4 {
    EVP_CIPHER_CTX *ctx;
    uint8_t key[EVP_MAX_KEY_LENGTH];
    int key_len; /* 0: ctx is under way */
};

static enum ntlm_error rc4_schedule(struct ntlm_rc4 *rc4)
{
    /* The length comes first: RC4's is variable, and a key is read by it. */
    if (!EVP_CIPHER_CTX_set_key_length(rc4->ctx, rc4->key_len) ||
        !EVP_EncryptInit_ex2(rc4->ctx, NULL, rc4->key, NULL, NULL))
        return FETCHED_FAILED;
    ntlm_cleanse(rc4->key, sizeof(rc4->key));
    rc4->key_len = 0;
    return NTLM_OK;
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

enum ntlm_error ntlm_md5(const struct ntlm_bytes *parts, size_t count, uint8_t out[16])
{
    const struct ntlm_algorithms *algorithms;
    enum ntlm_error error = ntlm_algorithms(&algorithms);

    return error ? error : digest(algorithms->md5, parts, count, out);
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
    ctx = EVP_CIPHER_CTX_new();
    if (!ctx || !EVP_EncryptInit_ex2(ctx, algorithms->des, spread, NULL, NULL) ||
        !EVP_CIPHER_CTX_set_padding(ctx, 0) || !EVP_EncryptUpdate(ctx, out, &len, in, 8) ||
        len != 8)
        error = FETCHED_FAILED;
    EVP_CIPHER_CTX_free(ctx);
    ntlm_cleanse(spread, sizeof(spread));
    return error;
}

enum ntlm_error ntlm_rc4k(struct ntlm_bytes key, const uint8_t *in, uint8_t *out, size_t len)
{
    struct ntlm_rc4 *rc4 = NULL;
    enum ntlm_error error = ntlm_rc4_new(key, &rc4);

    if (!error)
        error = ntlm_rc4_crypt(rc4, in, out, len);
    ntlm_rc4_free(rc4);
    return error;
}

enum ntlm_error ntlm_rc4_new(struct ntlm_bytes key, struct ntlm_rc4 **rc4)
{
    const struct ntlm_algorithms *algorithms;
    struct ntlm_rc4 *made = NULL;
    enum ntlm_error error = ntlm_algorithms(&algorithms);

    *rc4 = NULL;
    if (error)
        return error;
    made = calloc(1, sizeof(*made));
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->ctx = EVP_CIPHER_CTX_new();
    if (!made->ctx)
        error = NTLM_ERR_OUT_OF_MEMORY;
    else if (!EVP_EncryptInit_ex2(made->ctx, algorithms->rc4, NULL, NULL, NULL))
        error = FETCHED_FAILED;
    else
        error = ntlm_rc4_restart(made, key);
    if (!error)
        error = rc4_schedule(made);
    if (error)
        ntlm_rc4_free(made);
    else
        *rc4 = made;
    return error;
}

enum ntlm_error ntlm_rc4_crypt(struct ntlm_rc4 *rc4, const uint8_t *in, uint8_t *out,
                               size_t len)
{
    enum ntlm_error error = len > 0 && rc4->key_len > 0 ? rc4_schedule(rc4) : NTLM_OK;

    while (!error && len > 0) {
        int step = len > STEP_LIMIT ? STEP_LIMIT : (int)len;
        int written = 0;

        if (!EVP_EncryptUpdate(rc4->ctx, out, &written, in, step) || written != step)
            error = NTLM_ERR_CRYPTO;
        in += step;
        out += step;
        len -= (size_t)step;
    }
    return error;
}

enum ntlm_error ntlm_rc4_restart(struct ntlm_rc4 *rc4, struct ntlm_bytes key)
{
    if (key.len == 0 || key.len > sizeof(rc4->key))
        return NTLM_ERR_CRYPTO;
    memcpy(rc4->key, key.data, key.len);
    rc4->key_len = (int)key.len;
    return NTLM_OK;
}

void ntlm_rc4_free(struct ntlm_rc4 *rc4)
{
    if (!rc4)
        return;
    EVP_CIPHER_CTX_free(rc4->ctx);
    ntlm_cleanse(rc4, sizeof(*rc4));
    free(rc4);
}

enum ntlm_error ntlm_siphash(const uint8_t key[16], struct ntlm_bytes text, uint8_t out[8])
{
    const struct ntlm_algorithms *algorithms;
    enum ntlm_error error = ntlm_algorithms(&algorithms);
    EVP_MAC_CTX *ctx;
    size_t len = 0;

    if (error)
        return error;
    ctx = EVP_MAC_CTX_dup(algorithms->siphash);
    if (!ctx || !EVP_MAC_init(ctx, key, 16, NULL) ||
        !EVP_MAC_update(ctx, text.data, text.len) || !EVP_MAC_final(ctx, out, &len, 8) ||
        len != 8)
        error = FETCHED_FAILED;
    EVP_MAC_CTX_free(ctx);
    return error;
}
