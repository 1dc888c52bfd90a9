/* SPDX-License-Identifier: MIT */
/* keys.c - the formulas of [MS-NLMP] 3.3 and 3.4.4 to 3.4.6, each a few calls
 * of crypto.c. Whether a logon is good is asked in logon.c; the streams that
 * the last keys feed are in session.c. */

#include "config.h"

#include "keys.h"

#include <stdlib.h>
#include <string.h>

#include "crypto.h"
#include "flags.h"
#include "hmac.h"
#include "secret.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define LM_HALF 7 /* an LM password is two DES keys of that many bytes */

/* Upper-cased and in the OEM character set, padded with zeros. */
static enum ntlm_error lm_password(const char *password, size_t len, uint8_t out[2 * LM_HALF])
{
    uint8_t *wide = NULL, *oem = NULL;
    char *upper = NULL;
    size_t wide_len = 0, upper_len = 0, oem_len = 0;
    enum ntlm_error error = ntlm_text_to_utf16(password, len, &wide, &wide_len);

    if (error) {
        error = error == NTLM_ERR_BAD_TEXT ? NTLM_ERR_BAD_PASSWORD_TEXT : error;
        goto done;
    }
    ntlm_utf16_upper(wide, wide_len);
    error = ntlm_text_from_utf16(ntlm_bytes(wide, wide_len), &upper);
    if (!error) {
        upper_len = strlen(upper);
        error = ntlm_text_to_oem(upper, upper_len, &oem, &oem_len);
    }
    if (error == NTLM_ERR_BAD_TEXT || (!error && oem_len > 2 * LM_HALF))
        error = NTLM_ERR_NO_LM_HASH;
    if (error)
        goto done;
    memset(out, 0, 2 * LM_HALF);
    memcpy(out, oem, oem_len);
done:
    if (wide)
        ntlm_cleanse(wide, wide_len);
    if (upper)
        ntlm_cleanse(upper, upper_len);
    if (oem)
        ntlm_cleanse(oem, oem_len);
    free(wide);
    free(upper);
    free(oem);
    return error;
}

static enum ntlm_error lm_key_exchange_key(const struct ntlm_kxkey_input *in, uint8_t out[16])
{
    uint8_t second[7] = {in->lm_key[7], 0xbd, 0xbd, 0xbd, 0xbd, 0xbd, 0xbd};
    enum ntlm_error error = ntlm_des(in->lm_key, in->lm_response.data, out);

    if (!error)
        error = ntlm_des(second, in->lm_response.data, out + 8);
    ntlm_cleanse(second, sizeof(second));
    return error;
}

/* MD5(key ‖ magic constant, its terminating zero included). */
static enum ntlm_error magic_md5(struct ntlm_bytes key, const char *magic, uint8_t out[16])
{
    const struct ntlm_bytes parts[] = {key, ntlm_bytes(magic, strlen(magic) + 1)};

    return ntlm_md5(parts, COUNT(parts), out);
}

static void put_le32(uint8_t out[4], uint32_t value)
{
    for (size_t i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> 8 * i);
}

enum ntlm_error ntlm_nt_hash(const char *password, size_t len, uint8_t out[16])
{
    uint8_t *wide = NULL;
    size_t wide_len = 0;
    enum ntlm_error error = ntlm_text_to_utf16(password, len, &wide, &wide_len);

    if (error)
        return error == NTLM_ERR_BAD_TEXT ? NTLM_ERR_BAD_PASSWORD_TEXT : error;
    error = ntlm_md4(&(struct ntlm_bytes){wide, wide_len}, 1, out);
    ntlm_cleanse(wide, wide_len);
    free(wide);
    return error;
}

enum ntlm_error ntlm_lm_hash(const char *password, size_t len, uint8_t out[16])
{
    static const uint8_t magic[8] = {'K', 'G', 'S', '!', '@', '#', '$', '%'};
    uint8_t keys[2 * LM_HALF];
    enum ntlm_error error = lm_password(password, len, keys);

    if (error)
        return error;
    error = ntlm_des(keys, magic, out);
    if (!error)
        error = ntlm_des(keys + LM_HALF, magic, out + 8);
    ntlm_cleanse(keys, sizeof(keys));
    return error;
}

/* Adds a name in upper case, a piece at a time. */
static enum ntlm_error add_upper(struct ntlm_hmac *hmac, struct ntlm_bytes name)
{
    enum ntlm_error error = NTLM_OK;
    uint8_t upper[128];
    size_t len;

    for (size_t at = 0; at < name.len && !error; at += len) {
        len = name.len - at < sizeof(upper) ? name.len - at : sizeof(upper);
        memcpy(upper, name.data + at, len);
        ntlm_utf16_upper(upper, len);
        error = ntlm_hmac_update(hmac, upper, len);
    }
    return error;
}

static enum ntlm_error compute_ntowfv2(const struct ntlm_hmac_key *nt_hash,
                                       struct ntlm_bytes user, struct ntlm_bytes domain,
                                       uint8_t out[16])
{
    struct ntlm_hmac hmac;
    enum ntlm_error error;

    ntlm_hmac_begin(&hmac, nt_hash);
    error = add_upper(&hmac, user);
    if (!error)
        error = ntlm_hmac_update(&hmac, domain.data, domain.len);
    if (!error)
        return ntlm_hmac_end(&hmac, out);
    ntlm_cleanse(&hmac, sizeof(hmac));
    return error;
}

enum ntlm_error ntlm_ntowfv2(const uint8_t nt_hash[16], struct ntlm_bytes user,
                             struct ntlm_bytes domain, uint8_t out[16])
{
    struct ntlm_hmac_key key;
    enum ntlm_error error = ntlm_hmac_set_key(&key, nt_hash);

    if (!error)
        error = compute_ntowfv2(&key, user, domain, out);
    ntlm_cleanse(&key, sizeof(key));
    return error;
}

enum ntlm_error ntlm_ntowfv2_key(const struct ntlm_hmac_key *nt_hash, struct ntlm_bytes user,
                                 struct ntlm_bytes domain, struct ntlm_hmac_key *out)
{
    uint8_t hash[NTLM_HASH_SIZE];
    enum ntlm_error error = compute_ntowfv2(nt_hash, user, domain, hash);

    if (!error)
        error = ntlm_hmac_set_key(out, hash);
    ntlm_cleanse(hash, sizeof(hash));
    return error;
}

enum ntlm_error ntlm_identity_ntowfv2(const uint8_t nt_hash[16], const char *user,
                                      const char *domain, struct ntlm_hmac_key *out)
{
    uint8_t *wide_user = NULL, *wide_domain = NULL, hash[NTLM_HASH_SIZE];
    size_t user_len, domain_len;
    enum ntlm_error error = ntlm_text_to_utf16(user, strlen(user), &wide_user, &user_len);

    if (!error)
        error = ntlm_text_to_utf16(domain, strlen(domain), &wide_domain, &domain_len);
    if (!error)
        error = ntlm_ntowfv2(nt_hash, ntlm_bytes(wide_user, user_len),
                             ntlm_bytes(wide_domain, domain_len), hash);
    if (!error)
        error = ntlm_hmac_set_key(out, hash);
    ntlm_cleanse(hash, sizeof(hash));
    free(wide_user);
    free(wide_domain);
    return error;
}

enum ntlm_error ntlm_v1_response(const uint8_t hash[16], const uint8_t challenge[8],
                                 uint8_t out[24])
{
    uint8_t keys[21] = {0};
    enum ntlm_error error = NTLM_OK;

    memcpy(keys, hash, NTLM_HASH_SIZE);
    for (size_t i = 0; i < 3 && !error; i++)
        error = ntlm_des(keys + 7 * i, challenge, out + 8 * i);
    ntlm_cleanse(keys, sizeof(keys));
    return error;
}

enum ntlm_error ntlm_v1_ess_challenge(const uint8_t server_challenge[8],
                                      const uint8_t client_challenge[8], uint8_t out[8])
{
    const struct ntlm_bytes parts[] = {{server_challenge, 8}, {client_challenge, 8}};
    uint8_t digest[16];
    enum ntlm_error error = ntlm_md5(parts, COUNT(parts), digest);

    if (!error)
        memcpy(out, digest, 8);
    return error;
}

enum ntlm_error ntlm_v2_proof(const struct ntlm_hmac_key *ntowfv2,
                              const uint8_t server_challenge[8], struct ntlm_bytes temp,
                              uint8_t out[16])
{
    const struct ntlm_bytes parts[] = {{server_challenge, 8}, temp};

    return ntlm_hmac_compute(ntowfv2, parts, COUNT(parts), out);
}

enum ntlm_error ntlm_v1_base_key(const uint8_t nt_hash[16], uint8_t out[16])
{
    return ntlm_md4(&(struct ntlm_bytes){nt_hash, NTLM_HASH_SIZE}, 1, out);
}

enum ntlm_error ntlm_v2_base_key(const struct ntlm_hmac_key *ntowfv2, const uint8_t proof[16],
                                 uint8_t out[16])
{
    return ntlm_hmac_compute(ntowfv2, &(struct ntlm_bytes){proof, 16}, 1, out);
}

enum ntlm_error ntlm_kxkey(const struct ntlm_kxkey_input *in, uint8_t out[16])
{
    bool ess = in->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    bool lm_key = in->flags & NTLMSSP_NEGOTIATE_LM_KEY;
    bool non_nt = in->flags & NTLMSSP_REQUEST_NON_NT_SESSION_KEY;

    if (in->v2 || (!ess && !lm_key && !non_nt)) {
        memcpy(out, in->base_key, NTLM_KEY_SIZE);
        return NTLM_OK;
    }
    if ((ess || lm_key) && in->lm_response.len < 8)
        return NTLM_ERR_BAD_RESPONSE;
    if (ess) {
        const struct ntlm_bytes parts[] = {{in->server_challenge, 8},
                                           {in->lm_response.data, 8}};

        return ntlm_hmac_md5(in->base_key, parts, COUNT(parts), out);
    }
    if (!in->lm_key)
        return NTLM_ERR_NO_LM_HASH;
    if (lm_key)
        return lm_key_exchange_key(in, out);
    memcpy(out, in->lm_key, 8);
    memset(out + 8, 0, 8);
    return NTLM_OK;
}

enum ntlm_error ntlm_signing_key(const uint8_t exported_key[16], enum ntlm_role from,
                                 uint8_t out[16])
{
    return magic_md5(ntlm_bytes(exported_key, NTLM_KEY_SIZE),
                     from == NTLM_CLIENT
                         ? "session key to client-to-server signing key magic constant"
                         : "session key to server-to-client signing key magic constant",
                     out);
}

enum ntlm_error ntlm_sealing_key(uint32_t flags, const uint8_t exported_key[16],
                                 enum ntlm_role from, uint8_t out[16], size_t *out_len)
{
    bool cut56 = flags & NTLMSSP_NEGOTIATE_56;

    if (flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) {
        size_t strength = flags & NTLMSSP_NEGOTIATE_128 ? 16 : cut56 ? 7 : 5;

        *out_len = 16;
        return magic_md5(ntlm_bytes(exported_key, strength),
                         from == NTLM_CLIENT
                             ? "session key to client-to-server sealing key magic constant"
                             : "session key to server-to-client sealing key magic constant",
                         out);
    }
    memcpy(out, exported_key, NTLM_KEY_SIZE);
    *out_len = NTLM_KEY_SIZE;
    if (flags & (NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_NEGOTIATE_DATAGRAM)) {
        if (cut56)
            out[7] = 0xa0;
        else
            memcpy(out + 5, "\xe5\x38\xb0", 3);
        *out_len = 8;
    }
    return NTLM_OK;
}

enum ntlm_error ntlm_mic(const uint8_t exported_key[16], struct ntlm_bytes negotiate,
                         struct ntlm_bytes challenge, struct ntlm_bytes authenticate,
                         size_t mic_offset, uint8_t out[16])
{
    static const uint8_t zeros[16];

    if (authenticate.len < sizeof(zeros) || mic_offset > authenticate.len - sizeof(zeros))
        return NTLM_ERR_TRUNCATED;
    size_t after = mic_offset + sizeof(zeros);
    const struct ntlm_bytes parts[] = {
        negotiate,
        challenge,
        {authenticate.data, mic_offset},
        {zeros, sizeof(zeros)},
        {authenticate.data + after, authenticate.len - after},
    };
    return ntlm_hmac_md5(exported_key, parts, COUNT(parts), out);
}

enum ntlm_error ntlm_bindings_hash(const struct ntlm_bindings *bindings, uint8_t out[16])
{
    uint8_t initiator[8], acceptor[8], data[4];
    const struct ntlm_bytes parts[] = {
        {initiator, sizeof(initiator)}, bindings->initiator,
        {acceptor, sizeof(acceptor)},   bindings->acceptor,
        {data, sizeof(data)},           bindings->application_data,
    };

    for (size_t i = 1; i < COUNT(parts); i += 2)
        if (parts[i].len > UINT32_MAX)
            return NTLM_ERR_BAD_ARGUMENT;
    put_le32(initiator, bindings->initiator_type);
    put_le32(initiator + 4, (uint32_t)bindings->initiator.len);
    put_le32(acceptor, bindings->acceptor_type);
    put_le32(acceptor + 4, (uint32_t)bindings->acceptor.len);
    put_le32(data, (uint32_t)bindings->application_data.len);
    return ntlm_md5(parts, COUNT(parts), out);
}
