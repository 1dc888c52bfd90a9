/* SPDX-License-Identifier: MIT */
/* floor.c - the subject below which no NTLM can get: the ciphers of a login, or of a
 * message, through OpenSSL, and nothing else. Those of a login are in floor_login.c. Of
 * messages: Algorithms are fetched once and keys set
 * once. HMAC is made of MD5 (RFC 2104), from copies of its two states after the
 * key, for this is faster than OpenSSL's own.
 *
 * A message, on each side, is HMAC-MD5 over its sequence number and its text,
 * and RC4 over its text, where it is sealed, and over eight bytes of the
 * checksum ([MS-NLMP] 3.4.3, 3.4.4.2). */

#include "config.h"

#include <openssl/evp.h>
#include <openssl/provider.h>
#include <stdlib.h>
#include <string.h>

#include "floor_login.h"
#include "measure.h"

struct side {
    EVP_MD_CTX *inner, *outer; /* MD5 after each half of HMAC's key */
    EVP_MD_CTX *md5;
    EVP_CIPHER_CTX *rc4;
    uint32_t sequence;
};

struct pair {
    struct side sender, receiver;
};

static const uint8_t key[16] = {1, 2, 3};

static EVP_CIPHER *rc4;
static EVP_MD *md5;

static bool begin(enum login login)
{
    OSSL_LIB_CTX *libctx = OSSL_LIB_CTX_new();

    if (login != LOGIN_NTLM || !libctx || !OSSL_PROVIDER_load(libctx, "default") ||
        !OSSL_PROVIDER_load(libctx, "legacy"))
        return false;
    rc4 = EVP_CIPHER_fetch(libctx, "RC4", NULL);
    md5 = EVP_MD_fetch(libctx, "MD5", NULL);
    return rc4 && md5;
}

/* MD5 after the key, with every byte changed by `pad`. */
static EVP_MD_CTX *keyed(uint8_t pad)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    uint8_t block[64];

    for (size_t i = 0; i < sizeof(block); i++)
        block[i] = (i < sizeof(key) ? key[i] : 0) ^ pad;
    if (ctx && EVP_DigestInit_ex2(ctx, md5, NULL) &&
        EVP_DigestUpdate(ctx, block, sizeof(block)))
        return ctx;
    EVP_MD_CTX_free(ctx);
    return NULL;
}

static bool open_side(struct side *side)
{
    side->inner = keyed(0x36);
    side->outer = keyed(0x5c);
    side->md5 = EVP_MD_CTX_new();
    side->rc4 = EVP_CIPHER_CTX_new();
    return side->inner && side->outer && side->md5 && side->rc4 &&
           EVP_EncryptInit_ex2(side->rc4, rc4, key, NULL, NULL);
}

static void close_side(struct side *side)
{
    EVP_MD_CTX_free(side->inner);
    EVP_MD_CTX_free(side->outer);
    EVP_MD_CTX_free(side->md5);
    EVP_CIPHER_CTX_free(side->rc4);
}

static void disconnect(struct pair *pair)
{
    close_side(&pair->sender);
    close_side(&pair->receiver);
    free(pair);
}

static struct pair *new_pair(void)
{
    struct pair *pair = calloc(1, sizeof(*pair));

    if (pair && (!open_side(&pair->sender) || !open_side(&pair->receiver))) {
        disconnect(pair);
        pair = NULL;
    }
    return pair;
}

static bool run_rc4(struct side *side, const uint8_t *in, uint8_t *out, size_t len)
{
    int written;

    return EVP_EncryptUpdate(side->rc4, out, &written, in, (int)len);
}

static bool run_hmac(struct side *side, const uint8_t *text, size_t len, uint8_t mac[16])
{
    uint32_t sequence = side->sequence++;

    return EVP_MD_CTX_copy_ex(side->md5, side->inner) &&
           EVP_DigestUpdate(side->md5, &sequence, sizeof(sequence)) &&
           EVP_DigestUpdate(side->md5, text, len) && EVP_DigestFinal_ex(side->md5, mac, NULL) &&
           EVP_MD_CTX_copy_ex(side->md5, side->outer) && EVP_DigestUpdate(side->md5, mac, 16) &&
           EVP_DigestFinal_ex(side->md5, mac, NULL);
}

/* From `text`, which may be `wire`, to `wire`; unsealed there. */
static bool seal(struct pair *pair, const struct message *message, const uint8_t *text)
{
    struct side *sender = &pair->sender, *receiver = &pair->receiver;
    uint8_t *wire = message->wire;
    uint8_t sent[16], expected[16];

    return run_hmac(sender, text, message->len, sent) &&
           run_rc4(sender, text, wire, message->len) && run_rc4(sender, sent, sent, 8) &&
           run_rc4(receiver, wire, wire, message->len) &&
           run_hmac(receiver, wire, message->len, expected) &&
           run_rc4(receiver, expected, expected, 8) && memcmp(sent, expected, 8) == 0 &&
           arrived(message, wire, message->len);
}

static bool wrap(struct pair *pair, struct message *message)
{
    return seal(pair, message, message->data);
}

static bool in_place(struct pair *pair, struct message *message)
{
    return seal(pair, message, message->wire);
}

static bool mic(struct pair *pair, struct message *message)
{
    struct side *sender = &pair->sender, *receiver = &pair->receiver;
    uint8_t sent[16], expected[16];

    return run_hmac(sender, message->data, message->len, sent) &&
           run_rc4(sender, sent, sent, 8) &&
           run_hmac(receiver, message->data, message->len, expected) &&
           run_rc4(receiver, expected, expected, 8) && memcmp(sent, expected, 8) == 0;
}

int main(int argc, char **argv)
{
    static const struct subject floor = {.begin = begin,
                                         .connect = new_pair,
                                         .disconnect = disconnect,
                                         .no_contexts = true,
                                         .initiator = floor_initiator,
                                         .acceptor = floor_acceptor,
                                         .wrap = wrap,
                                         .in_place = in_place,
                                         .mic = mic};

    return measure(argc, argv, &floor);
}
