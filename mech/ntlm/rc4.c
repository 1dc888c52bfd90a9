/* SPDX-License-Identifier: MIT */
/* rc4.c - RC4 through OpenSSL's old interface.
 *
 * There a key's schedule is a plain struct that lies where its user wants it, and
 * RC4 cannot fail. Its new interface, EVP, allocates two objects for each key, and
 * to set them up takes half as long as to make the schedule. */

/* RC4 and RC4_set_key are declared deprecated, in favour of EVP. */
#include "config.h"

#define OPENSSL_SUPPRESS_DEPRECATED

#include "rc4.h"

#include <string.h>

#include "secret.h"

static void make_schedule(struct ntlm_rc4 *rc4)
{
    RC4_set_key(&rc4->schedule, (int)rc4->key_len, rc4->key);
    ntlm_cleanse(rc4->key, sizeof(rc4->key));
    rc4->key_len = 0;
}

enum ntlm_error ntlm_rc4_set_key(struct ntlm_rc4 *rc4, struct ntlm_bytes key)
{
    if (key.len == 0 || key.len > sizeof(rc4->key))
        return NTLM_ERR_CRYPTO;
    memcpy(rc4->key, key.data, key.len);
    rc4->key_len = key.len;
    return NTLM_OK;
}

void ntlm_rc4_crypt(struct ntlm_rc4 *rc4, const uint8_t *in, uint8_t *out, size_t len)
{
    if (len == 0)
        return;
    if (rc4->key_len > 0)
        make_schedule(rc4);
    RC4(&rc4->schedule, len, in, out);
}

enum ntlm_error ntlm_rc4k(struct ntlm_bytes key, const uint8_t *in, uint8_t *out, size_t len)
{
    struct ntlm_rc4 rc4;
    enum ntlm_error error = ntlm_rc4_set_key(&rc4, key);

    if (!error)
        ntlm_rc4_crypt(&rc4, in, out, len);
    ntlm_cleanse(&rc4, sizeof(rc4));
    return error;
}
