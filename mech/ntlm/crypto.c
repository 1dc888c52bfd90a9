/* SPDX-License-Identifier: MIT */
/* crypto.c - digests and ciphers through OpenSSL. HMAC is hmac.c's; what they
 * are put together for (hashes, responses, keys) is in keys.c and session.c. */

#include "config.h"

#include "crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* An EVP cipher counts in ints: a longer text goes through it in steps. */
#define STEP_LIMIT (1 << 20)

/* Made once, then only read, by every thread, until the process ends. They
 * are never freed: a thread may be at work while another runs exit(). */
static struct {
    pthread_once_t once;
    enum ntlm_error error;
    OSSL_LIB_CTX *libctx;
    EVP_MD *md4, *md5, *sha256;
    EVP_CIPHER *rc4, *des;
    EVP_MAC_CTX *siphash; /* to be duplicated: that is cheaper than setting one up */
} crypto = {.once = PTHREAD_ONCE_INIT};

/* A thread that is at OpenSSL's random generator holds one of these. The generator
 * has locks of its own: a child that was forked in between would wait for them for
 * ever. So fork waits for all threads. They have several locks, each in a cache
 * line of its own, so as not to wait for each other. */
#define RANDOM_LOCKS 16
#define CACHE_LINE 64
static struct {
    alignas(CACHE_LINE) pthread_mutex_t lock;
} random_locks[RANDOM_LOCKS] = {[0 ... RANDOM_LOCKS - 1] = {PTHREAD_MUTEX_INITIALIZER}};

static pthread_mutex_t *own_random_lock(void)
{
    static atomic_uint threads;
    static _Thread_local pthread_mutex_t *own;

    if (!own)
        own = &random_locks[atomic_fetch_add(&threads, 1) % RANDOM_LOCKS].lock;
    return own;
}

static void before_fork(void)
{
    for (size_t i = 0; i < RANDOM_LOCKS; i++)
        pthread_mutex_lock(&random_locks[i].lock);
}

static void after_fork(void)
{
    for (size_t i = 0; i < RANDOM_LOCKS; i++)
        pthread_mutex_unlock(&random_locks[i].lock);
}

/* When the module is loaded: a fork may come at any time. */
__attribute__((constructor)) static void prepare_for_fork(void)
{
    pthread_atfork(before_fork, after_fork, after_fork);
}

static EVP_MAC_CTX *siphash_template(OSSL_LIB_CTX *libctx)
{
    static const uint8_t any_key[16]; /* without one it cannot be duplicated */
    size_t size = 8;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(libctx, "SIPHASH", NULL);
    EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;

    EVP_MAC_free(mac); /* ctx has its own reference */
    if (ctx && !EVP_MAC_init(ctx, any_key, sizeof(any_key), params)) {
        EVP_MAC_CTX_free(ctx);
        ctx = NULL;
    }
    return ctx;
}

static enum ntlm_error fetch_all(void)
{
    OSSL_LIB_CTX *libctx = crypto.libctx = OSSL_LIB_CTX_new();

    if (!libctx || !OSSL_PROVIDER_load(libctx, "default"))
        return NTLM_ERR_CRYPTO;
    if (!OSSL_PROVIDER_load(libctx, "legacy"))
        return NTLM_ERR_NO_LEGACY_PROVIDER;
    crypto.md4 = EVP_MD_fetch(libctx, "MD4", NULL);
    crypto.md5 = EVP_MD_fetch(libctx, "MD5", NULL);
    crypto.sha256 = EVP_MD_fetch(libctx, "SHA256", NULL);
    crypto.rc4 = EVP_CIPHER_fetch(libctx, "RC4", NULL);
    crypto.des = EVP_CIPHER_fetch(libctx, "DES-ECB", NULL);
    crypto.siphash = siphash_template(libctx);
    if (!crypto.md4 || !crypto.md5 || !crypto.sha256 || !crypto.rc4 || !crypto.des ||
        !crypto.siphash)
        return NTLM_ERR_CRYPTO;
    /* What the random generators of all threads are made of is fetched, too. If
     * that fails now, it may yet succeed when somebody needs random bytes. */
    RAND_get0_public(libctx);
    return NTLM_OK;
}

static void get_ready(void)
{
    /* The error queue is the calling program's, which may well look at it
     * (SSL_get_error does): what failed here must not show up there. */
    ERR_set_mark();
    crypto.error = fetch_all();
    ERR_pop_to_mark();
}

static enum ntlm_error digest(EVP_MD *const *md, const struct ntlm_bytes *parts, size_t count,
                              uint8_t *out)
{
    enum ntlm_error error = ntlm_crypto_ready();
    EVP_MD_CTX *ctx = NULL;

    if (error)
        return error;
    error = NTLM_ERR_CRYPTO;
    ctx = EVP_MD_CTX_new();
    if (!ctx || !EVP_DigestInit_ex2(ctx, *md, NULL))
        goto done;
    for (size_t i = 0; i < count; i++)
        if (!EVP_DigestUpdate(ctx, parts[i].data, parts[i].len))
            goto done;
    if (EVP_DigestFinal_ex(ctx, out, NULL))
        error = NTLM_OK;
done:
    EVP_MD_CTX_free(ctx);
    return error;
}

/* Spreads 56 key bits over eight bytes, seven to each byte's upper bits. The
 * lowest bit is DES's parity, which nobody looks at. */
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
        return NTLM_ERR_CRYPTO;
    ntlm_cleanse(rc4->key, sizeof(rc4->key));
    rc4->key_len = 0;
    return NTLM_OK;
}

enum ntlm_error ntlm_crypto_ready(void)
{
    if (pthread_once(&crypto.once, get_ready))
        return NTLM_ERR_CRYPTO;
    return crypto.error;
}

enum ntlm_error ntlm_crypto_random(uint8_t *out, size_t len)
{
    pthread_mutex_t *lock = own_random_lock();
    enum ntlm_error error = ntlm_crypto_ready();

    if (error)
        return error;
    pthread_mutex_lock(lock);
    if (RAND_bytes_ex(crypto.libctx, out, len, 0) != 1)
        error = NTLM_ERR_RANDOM;
    pthread_mutex_unlock(lock);
    return error;
}

enum ntlm_error ntlm_md4(const struct ntlm_bytes *parts, size_t count, uint8_t out[16])
{
    return digest(&crypto.md4, parts, count, out);
}

enum ntlm_error ntlm_md5(const struct ntlm_bytes *parts, size_t count, uint8_t out[16])
{
    return digest(&crypto.md5, parts, count, out);
}

enum ntlm_error ntlm_sha256(const struct ntlm_bytes *parts, size_t count, uint8_t out[32])
{
    return digest(&crypto.sha256, parts, count, out);
}

enum ntlm_error ntlm_des(const uint8_t key[7], const uint8_t in[8], uint8_t out[8])
{
    enum ntlm_error error = ntlm_crypto_ready();
    EVP_CIPHER_CTX *ctx = NULL;
    uint8_t spread[8];
    int len = 0;

    if (error)
        return error;
    spread_des_key(key, spread);
    ctx = EVP_CIPHER_CTX_new();
    if (!ctx || !EVP_EncryptInit_ex2(ctx, crypto.des, spread, NULL, NULL) ||
        !EVP_CIPHER_CTX_set_padding(ctx, 0) || !EVP_EncryptUpdate(ctx, out, &len, in, 8) ||
        len != 8)
        error = NTLM_ERR_CRYPTO;
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
    struct ntlm_rc4 *made = NULL;
    enum ntlm_error error = ntlm_crypto_ready();

    *rc4 = NULL;
    if (error)
        return error;
    made = calloc(1, sizeof(*made));
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->ctx = EVP_CIPHER_CTX_new();
    if (!made->ctx)
        error = NTLM_ERR_OUT_OF_MEMORY;
    else if (!EVP_EncryptInit_ex2(made->ctx, crypto.rc4, NULL, NULL, NULL))
        error = NTLM_ERR_CRYPTO;
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
    enum ntlm_error error = ntlm_crypto_ready();
    EVP_MAC_CTX *ctx;
    size_t len = 0;

    if (error)
        return error;
    ctx = EVP_MAC_CTX_dup(crypto.siphash);
    if (!ctx || !EVP_MAC_init(ctx, key, 16, NULL) ||
        !EVP_MAC_update(ctx, text.data, text.len) || !EVP_MAC_final(ctx, out, &len, 8) ||
        len != 8)
        error = NTLM_ERR_CRYPTO;
    EVP_MAC_CTX_free(ctx);
    return error;
}

bool ntlm_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

void ntlm_cleanse(void *secret, size_t len)
{
    explicit_bzero(secret, len);
}
