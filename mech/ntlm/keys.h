/* SPDX-License-Identifier: MIT */
/* keys.h - from a password to responses and session keys: [MS-NLMP] 3.3
 * (NTOWF, LMOWF, responses) and 3.4.4 to 3.4.6 (KXKEY, SIGNKEY, SEALKEY).
 * Pure functions, safe from any thread. Every out is the caller's; the caller
 * cleanses what is secret. Errors: those of crypto.h, and what is named. */

#ifndef NTLM_KEYS_H
#define NTLM_KEYS_H

#include "bytes.h"
#include "hmac.h"

#define NTLM_HASH_SIZE 16
#define NTLM_KEY_SIZE 16

/* Who sends; each direction has its own keys. */
enum ntlm_role { NTLM_CLIENT, NTLM_SERVER };

/* NTOWFv1 (3.3.1): MD4 of the UTF-16LE password (UTF-8 here, len bytes).
 * NTLM_ERR_BAD_PASSWORD_TEXT. */
enum ntlm_error ntlm_nt_hash(const char *password, size_t len, uint8_t out[16]);

/* LMOWFv1 (3.3.1). NTLM_ERR_NO_LM_HASH when the password has more than 14 OEM
 * characters or some that OEM lacks, NTLM_ERR_BAD_PASSWORD_TEXT. */
enum ntlm_error ntlm_lm_hash(const char *password, size_t len, uint8_t out[16]);

/* NTOWFv2 (3.3.2) from the NT hash; user and domain are UTF-16LE. The user is
 * upper-cased here, the domain is taken as it is. */
enum ntlm_error ntlm_ntowfv2(const uint8_t nt_hash[16], struct ntlm_bytes user,
                             struct ntlm_bytes domain, uint8_t out[16]);
/* The same where the NT hash and NTOWFv2 are keys for more than one HMAC. */
enum ntlm_error ntlm_ntowfv2_key(const struct ntlm_hmac_key *nt_hash, struct ntlm_bytes user,
                                 struct ntlm_bytes domain, struct ntlm_hmac_key *out);
/* The same for an identity: user and domain are UTF-8. NTLM_ERR_BAD_TEXT. */
enum ntlm_error ntlm_identity_ntowfv2(const uint8_t nt_hash[16], const char *user,
                                      const char *domain, struct ntlm_hmac_key *out);

/* DESL (6): the 24-byte NTLMv1 or LM response to an 8-byte challenge. */
enum ntlm_error ntlm_v1_response(const uint8_t hash[16], const uint8_t challenge[8],
                                 uint8_t out[24]);

/* The challenge that NTLMv1 answers with extended session security:
 * MD5(server ‖ client challenge)[0..8] (3.3.1). */
enum ntlm_error ntlm_v1_ess_challenge(const uint8_t server_challenge[8],
                                      const uint8_t client_challenge[8], uint8_t out[8]);

/* NTProofStr (3.3.2) over ServerChallenge ‖ temp. LMv2 is the same function
 * over ServerChallenge ‖ ClientChallenge. */
enum ntlm_error ntlm_v2_proof(const struct ntlm_hmac_key *ntowfv2,
                              const uint8_t server_challenge[8], struct ntlm_bytes temp,
                              uint8_t out[16]);

/* SessionBaseKey: MD4(nt_hash) for v1 (3.3.1), HMAC_MD5(ntowfv2, proof) for v2. */
enum ntlm_error ntlm_v1_base_key(const uint8_t nt_hash[16], uint8_t out[16]);
enum ntlm_error ntlm_v2_base_key(const struct ntlm_hmac_key *ntowfv2, const uint8_t proof[16],
                                 uint8_t out[16]);

/* What KXKEY needs to know of a logon. */
struct ntlm_kxkey_input {
    uint32_t flags;                  /* as agreed */
    bool v2;                         /* an NTLMv2 response: base key as it is */
    const uint8_t *base_key;         /* 16 bytes */
    const uint8_t *lm_key;           /* LMOWFv1[0..8], or NULL when unknown */
    struct ntlm_bytes lm_response;   /* as sent; at least 8 bytes with LM_KEY or
                                      * extended session security */
    const uint8_t *server_challenge; /* 8 bytes */
};

/* KXKEY (3.4.5.1): the KeyExchangeKey. Where LM_KEY or NON_NT_SESSION_KEY
 * asks for an lm_key that is not known, NTLM_ERR_NO_LM_HASH; where the
 * lm_response is too short, NTLM_ERR_BAD_RESPONSE. */
enum ntlm_error ntlm_kxkey(const struct ntlm_kxkey_input *in, uint8_t out[16]);

/* SIGNKEY (3.4.5.2), extended session security only. */
enum ntlm_error ntlm_signing_key(const uint8_t exported_key[16], enum ntlm_role from,
                                 uint8_t out[16]);

/* SEALKEY (3.4.5.3). *out_len is 16 or 8. `from` matters with extended
 * session security only. */
enum ntlm_error ntlm_sealing_key(uint32_t flags, const uint8_t exported_key[16],
                                 enum ntlm_role from, uint8_t out[16], size_t *out_len);

/* The MIC (3.1.5.1.2): HMAC_MD5(exported key, the three tokens as sent, with
 * the 16 bytes at mic_offset of authenticate taken as zeros).
 * NTLM_ERR_TRUNCATED when it has not got these 16 bytes. */
enum ntlm_error ntlm_mic(const uint8_t exported_key[16], struct ntlm_bytes negotiate,
                         struct ntlm_bytes challenge, struct ntlm_bytes authenticate,
                         size_t mic_offset, uint8_t out[16]);

/* gss_channel_bindings_struct, hashed as MsvAvChannelBindings wants it:
 * LE32 initiator type, LE32 length, address, the acceptor's likewise, LE32
 * length of the application data, the data. NTLM_ERR_BAD_ARGUMENT for a
 * length that does not fit there. */
struct ntlm_bindings {
    uint32_t initiator_type;
    struct ntlm_bytes initiator;
    uint32_t acceptor_type;
    struct ntlm_bytes acceptor;
    struct ntlm_bytes application_data;
};
enum ntlm_error ntlm_bindings_hash(const struct ntlm_bindings *bindings, uint8_t out[16]);

#endif
