/* SPDX-License-Identifier: MIT */
/* hmac.c - HMAC-MD5 over OpenSSL's MD5.
 *
 * Of OpenSSL's doors this takes the old one, MD5_*: there a state is a plain
 * struct, so to begin a message is to copy the state that the key has left
 * behind. Both of the new ones (EVP_MAC, EVP_MD) allocate such a state and free
 * it again, twice a message, in OpenSSL 3.0; and where messages are protected
 * nothing may be allocated. */

/* MD5_* are declared deprecated, in favour of the above. */
#include "config.h"

#define OPENSSL_SUPPRESS_DEPRECATED

#include "hmac.h"

#include <openssl/md5.h>
#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "secret.h"

struct ntlm_hmac {
    MD5_CTX inner, outer; /* as K XOR ipad and K XOR opad leave them */
    MD5_CTX message;
};

static bool absorb_pad(MD5_CTX *state, const uint8_t key[16], uint8_t fill)
{
    uint8_t pad[MD5_CBLOCK];
    bool done;

    memset(pad, fill, sizeof(pad));
    for (size_t i = 0; i < 16; i++)
        pad[i] ^= key[i];
    done = MD5_Init(state) && MD5_Update(state, pad, sizeof(pad));
    ntlm_cleanse(pad, sizeof(pad));
    return done;
}

static enum ntlm_error set_key(struct ntlm_hmac *hmac, const uint8_t key[16])
{
    if (!absorb_pad(&hmac->inner, key, 0x36) || !absorb_pad(&hmac->outer, key, 0x5c))
        return NTLM_ERR_CRYPTO;
    return NTLM_OK;
}

enum ntlm_error ntlm_hmac_md5(const uint8_t key[16], const struct ntlm_bytes *parts,
                              size_t count, uint8_t out[16])
{
    struct ntlm_hmac hmac;
    enum ntlm_error error = ntlm_crypto_ready();

    if (!error)
        error = set_key(&hmac, key);
    if (!error)
        error = ntlm_hmac_compute(&hmac, parts, count, out);
    ntlm_cleanse(&hmac, sizeof(hmac));
    return error;
}

enum ntlm_error ntlm_hmac_new(const uint8_t key[16], struct ntlm_hmac **hmac)
{
    struct ntlm_hmac *made = NULL;
    enum ntlm_error error = ntlm_crypto_ready();

    *hmac = NULL;
    if (error)
        return error;
    made = malloc(sizeof(*made));
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = set_key(made, key);
    if (error)
        ntlm_hmac_free(made);
    else
        *hmac = made;
    return error;
}

enum ntlm_error ntlm_hmac_compute(struct ntlm_hmac *hmac, const struct ntlm_bytes *parts,
                                  size_t count, uint8_t out[16])
{
    enum ntlm_error error = NTLM_OK;

    ntlm_hmac_begin(hmac);
    for (size_t i = 0; i < count && !error; i++)
        error = ntlm_hmac_update(hmac, parts[i].data, parts[i].len);
    return error ? error : ntlm_hmac_end(hmac, out);
}

void ntlm_hmac_begin(struct ntlm_hmac *hmac)
{
    hmac->message = hmac->inner;
}

enum ntlm_error ntlm_hmac_update(struct ntlm_hmac *hmac, const uint8_t *data, size_t len)
{
    return MD5_Update(&hmac->message, data, len) ? NTLM_OK : NTLM_ERR_CRYPTO;
}

enum ntlm_error ntlm_hmac_end(struct ntlm_hmac *hmac, uint8_t out[16])
{
    uint8_t inner[MD5_DIGEST_LENGTH];
    bool done = MD5_Final(inner, &hmac->message);

    hmac->message = hmac->outer;
    done = done && MD5_Update(&hmac->message, inner, sizeof(inner)) &&
           MD5_Final(out, &hmac->message);
    ntlm_cleanse(inner, sizeof(inner));
    return done ? NTLM_OK : NTLM_ERR_CRYPTO;
}

void ntlm_hmac_free(struct ntlm_hmac *hmac)
{
    if (!hmac)
        return;
    ntlm_cleanse(hmac, sizeof(*hmac));
    free(hmac);
}
