/* SPDX-License-Identifier: MIT */
/* hmac.c - MD5 and HMAC-MD5 over OpenSSL's MD5.
 *
 * Of OpenSSL's interfaces this takes the old one, MD5_*: there a state is a plain
 * struct, so to begin a message is to copy the state that the key has left
 * behind. Both of the new ones (EVP_MAC, EVP_MD) allocate such a state and free
 * it again, twice a message, in OpenSSL 3.0; and where messages are protected
 * nothing may be allocated. */

/* MD5_* are declared deprecated, in favour of the above. */
#include "config.h"

#define OPENSSL_SUPPRESS_DEPRECATED

#include "hmac.h"

#include <string.h>

#include "secret.h"

/* MD5 at the end of a block: its four words alone make the state. */
static void save(const MD5_CTX *state, uint32_t words[4])
{
    words[0] = state->A;
    words[1] = state->B;
    words[2] = state->C;
    words[3] = state->D;
}

/* MD5 after one block, which has left these words. */
static void resume(MD5_CTX *state, const uint32_t words[4])
{
    state->A = words[0];
    state->B = words[1];
    state->C = words[2];
    state->D = words[3];
    state->Nl = MD5_CBLOCK * 8;
    state->Nh = 0;
    state->num = 0;
}

static bool absorb_pad(const uint8_t key[16], uint8_t fill, uint32_t words[4])
{
    uint8_t pad[MD5_CBLOCK];
    MD5_CTX state;
    bool done;

    memset(pad, fill, sizeof(pad));
    for (size_t i = 0; i < 16; i++)
        pad[i] ^= key[i];
    done = MD5_Init(&state) && MD5_Update(&state, pad, sizeof(pad));
    save(&state, words);
    ntlm_cleanse(pad, sizeof(pad));
    ntlm_cleanse(&state, sizeof(state));
    return done;
}

enum ntlm_error ntlm_md5(const struct ntlm_bytes *parts, size_t count, uint8_t out[16])
{
    MD5_CTX state;
    bool done = MD5_Init(&state);

    for (size_t i = 0; i < count && done; i++)
        done = MD5_Update(&state, parts[i].data, parts[i].len);
    done = done && MD5_Final(out, &state);
    ntlm_cleanse(&state, sizeof(state));
    return done ? NTLM_OK : NTLM_ERR_CRYPTO;
}

enum ntlm_error ntlm_hmac_md5(const uint8_t key[16], const struct ntlm_bytes *parts,
                              size_t count, uint8_t out[16])
{
    struct ntlm_hmac_key hmac_key;
    enum ntlm_error error = ntlm_hmac_set_key(&hmac_key, key);

    if (!error)
        error = ntlm_hmac_compute(&hmac_key, parts, count, out);
    ntlm_cleanse(&hmac_key, sizeof(hmac_key));
    return error;
}

enum ntlm_error ntlm_hmac_set_key(struct ntlm_hmac_key *hmac_key, const uint8_t key[16])
{
    return absorb_pad(key, 0x36, hmac_key->inner) && absorb_pad(key, 0x5c, hmac_key->outer)
               ? NTLM_OK
               : NTLM_ERR_CRYPTO;
}

enum ntlm_error ntlm_hmac_compute(const struct ntlm_hmac_key *key,
                                  const struct ntlm_bytes *parts, size_t count, uint8_t out[16])
{
    struct ntlm_hmac hmac;
    enum ntlm_error error = NTLM_OK;

    ntlm_hmac_begin(&hmac, key);
    for (size_t i = 0; i < count && !error; i++)
        error = ntlm_hmac_update(&hmac, parts[i].data, parts[i].len);
    if (!error)
        return ntlm_hmac_end(&hmac, out);
    ntlm_cleanse(&hmac, sizeof(hmac));
    return error;
}

void ntlm_hmac_begin(struct ntlm_hmac *hmac, const struct ntlm_hmac_key *key)
{
    hmac->key = key;
    resume(&hmac->message, key->inner);
}

enum ntlm_error ntlm_hmac_update(struct ntlm_hmac *hmac, const uint8_t *data, size_t len)
{
    return MD5_Update(&hmac->message, data, len) ? NTLM_OK : NTLM_ERR_CRYPTO;
}

enum ntlm_error ntlm_hmac_end(struct ntlm_hmac *hmac, uint8_t out[16])
{
    uint8_t inner[MD5_DIGEST_LENGTH];
    bool done = MD5_Final(inner, &hmac->message);

    resume(&hmac->message, hmac->key->outer);
    done = done && MD5_Update(&hmac->message, inner, sizeof(inner)) &&
           MD5_Final(out, &hmac->message);
    ntlm_cleanse(inner, sizeof(inner));
    ntlm_cleanse(hmac, sizeof(*hmac));
    return done ? NTLM_OK : NTLM_ERR_CRYPTO;
}
