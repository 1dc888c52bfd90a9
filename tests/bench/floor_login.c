/* SPDX-License-Identifier: MIT */
/* floor_login.c - what one side of an NTLMv2 login needs of ciphers ([MS-NLMP] 3.3.2,
 * 3.4.4, 3.4.5): NTOWFv2, NTProofStr, the SessionBaseKey, the key exchange, the MIC,
 * four keys by MD5, two RC4 schedules and two HMAC keys, and random bytes. Nothing is
 * kept from one login to the next. MD5 and RC4 are OpenSSL's old functions, which
 * allocate nothing; through EVP all this costs half as much again. */

#include "config.h"

#define OPENSSL_SUPPRESS_DEPRECATED

#include "floor_login.h"

#include <openssl/md5.h>
#include <openssl/rc4.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

/* Bytes of what is hashed, as between this module's two sides. */
enum { NAMES = 18, PROVED = 220, TOKENS = 700, CONSTANT = 59 };

struct hmac_key {
    MD5_CTX inner, outer;
};

static bool absorb(MD5_CTX *state, const uint8_t key[16], uint8_t pad)
{
    uint8_t block[MD5_CBLOCK];

    memset(block, pad, sizeof(block));
    for (int i = 0; i < 16; i++)
        block[i] ^= key[i];
    return MD5_Init(state) && MD5_Update(state, block, sizeof(block));
}

static bool set_key(struct hmac_key *hmac, const uint8_t key[16])
{
    return absorb(&hmac->inner, key, 0x36) && absorb(&hmac->outer, key, 0x5c);
}

static bool hmac_of(const struct hmac_key *key, const uint8_t *text, size_t len,
                    uint8_t out[16])
{
    MD5_CTX state = key->inner;
    uint8_t inner[16];

    if (!MD5_Update(&state, text, len) || !MD5_Final(inner, &state))
        return false;
    state = key->outer;
    return MD5_Update(&state, inner, sizeof(inner)) && MD5_Final(out, &state);
}

static bool hmac_once(const uint8_t key[16], const uint8_t *text, size_t len, uint8_t out[16])
{
    struct hmac_key hmac;

    return set_key(&hmac, key) && hmac_of(&hmac, text, len, out);
}

/* From the NT hash to the session's key. */
static bool find_session_key(uint8_t key[16])
{
    static const uint8_t nt_hash[16], names[NAMES], proved[PROVED], tokens[TOKENS];
    struct hmac_key ntowfv2;
    uint8_t hash[16], proof[16], base_key[16], mic[16];
    RC4_KEY exchange;

    if (!hmac_once(nt_hash, names, sizeof(names), hash) || !set_key(&ntowfv2, hash) ||
        !hmac_of(&ntowfv2, proved, sizeof(proved), proof) ||
        !hmac_of(&ntowfv2, proof, sizeof(proof), base_key))
        return false;
    RC4_set_key(&exchange, sizeof(base_key), base_key);
    RC4(&exchange, 16, key, key);
    return hmac_once(key, tokens, sizeof(tokens), mic);
}

/* The session's keys, of both directions. */
static bool make_keys(const uint8_t session_key[16])
{
    static const uint8_t constant[CONSTANT];
    struct hmac_key hmac;
    RC4_KEY stream;
    MD5_CTX state;
    uint8_t key[16];

    for (int i = 0; i < 4; i++) {
        if (!MD5_Init(&state) || !MD5_Update(&state, session_key, 16) ||
            !MD5_Update(&state, constant, sizeof(constant)) || !MD5_Final(key, &state))
            return false;
        if (i % 2 == 0)
            RC4_set_key(&stream, sizeof(key), key);
        else if (!set_key(&hmac, key))
            return false;
    }
    return true;
}

/* The client's challenge, and the session key that it chooses. */
bool floor_initiator(void)
{
    uint8_t challenge[8], key[16];

    return getrandom(challenge, sizeof(challenge), 0) == (ssize_t)sizeof(challenge) &&
           getrandom(key, sizeof(key), 0) == (ssize_t)sizeof(key) && find_session_key(key) &&
           make_keys(key);
}

/* The server's challenge. */
bool floor_acceptor(void)
{
    uint8_t challenge[8], key[16] = {0};

    return getrandom(challenge, sizeof(challenge), 0) == (ssize_t)sizeof(challenge) &&
           find_session_key(key) && make_keys(key);
}
