/* SPDX-License-Identifier: MIT */
/* verify_token.c - see verify_token.h. */

#include "config.h"

#include "verify_token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ntlm/flags.h"
#include "ntlm/keys.h"
#include "ntlm/logon.h"
#include "ntlm/rc4.h"
#include "ntlm/received_authenticate.h"
#include "ntlm/secret.h"
#include "ntlm/session.h"
#include "support/system.h"
#include "translate.h"

#define LM_RESPONSE_SIZE 24

/* All that is needed for a verdict; the hashes and keys are secret. */
struct login {
    struct ntlm_challenge challenge;
    struct ntlm_received_authenticate received;
    struct ntlm_logon_keys keys;
    uint8_t nt_hash[NTLM_HASH_SIZE], lm_hash[NTLM_HASH_SIZE];
    bool has_lm_hash;
};

static enum proof proof_of(bool right)
{
    return right ? PROOF_RIGHT : PROOF_WRONG;
}

/* A failure of ours, which says nothing of what was to be checked. */
static bool is_trouble(enum ntlm_error error)
{
    return error == NTLM_ERR_CRYPTO || error == NTLM_ERR_OUT_OF_MEMORY;
}

static enum exit_status take_secret(const struct secret *secret, bool digits,
                                    struct login *login)
{
    enum exit_status status = secret_nt_hash(secret, digits, login->nt_hash);
    enum ntlm_error error;

    if (status || digits)
        return status;
    error = ntlm_lm_hash(secret->text, secret->len, login->lm_hash);
    login->has_lm_hash = !error;
    return is_trouble(error) ? complain_of(error) : STATUS_OK;
}

static enum ntlm_error check_responses(struct login *login, struct verified *verified)
{
    const struct ntlm_received_authenticate *received = &login->received;
    const struct ntlm_logon logon = {
        .kind = received->response.kind,
        .flags = received->flags,
        .user = received->user,
        .domain = received->domain,
        .workstation = received->workstation,
        .user_utf16 = received->user_utf16,
        .domain_utf16 = received->domain_utf16,
        .server_name = "",
        .server_domain = "",
        .lm_response = received->message.lm_response,
        .nt_response = received->message.nt_response,
    };
    struct ntlm_logon with_challenge = logon;
    enum ntlm_error error;

    memcpy(with_challenge.server_challenge, login->challenge.server_challenge,
           sizeof(with_challenge.server_challenge));
    error = ntlm_logon_check(&with_challenge, login->nt_hash,
                             login->has_lm_hash ? login->lm_hash : NULL, &login->keys);
    if (error && error != NTLM_ERR_LOGON_DENIED)
        return error;
    if (logon.kind == NTLM_RESPONSE_LM)
        verified->lm = proof_of(!error);
    else
        verified->nt = proof_of(!error);
    return NTLM_OK;
}

/* LMv2: the proof over the client challenge that stands behind it. */
static enum ntlm_error check_lmv2(const struct login *login, struct verified *verified)
{
    const struct ntlm_received_authenticate *received = &login->received;
    const uint8_t *response = received->message.lm_response.data;
    struct ntlm_hmac_key nt_hash, ntowfv2;
    uint8_t proof[NTLM_HASH_SIZE];
    enum ntlm_error error = ntlm_hmac_set_key(&nt_hash, login->nt_hash);

    if (!error)
        error =
            ntlm_ntowfv2_key(&nt_hash, received->user_utf16, received->domain_utf16, &ntowfv2);
    if (!error)
        error = ntlm_v2_proof(&ntowfv2, login->challenge.server_challenge,
                              ntlm_bytes(response + NTLM_HASH_SIZE, 8), proof);
    if (!error)
        verified->lm = proof_of(ntlm_equal(proof, response, sizeof(proof)));
    ntlm_cleanse(&nt_hash, sizeof(nt_hash));
    ntlm_cleanse(&ntowfv2, sizeof(ntowfv2));
    ntlm_cleanse(proof, sizeof(proof));
    return error;
}

static enum ntlm_error check_lmv1(const struct login *login, struct verified *verified)
{
    const struct ntlm_bytes response = login->received.message.lm_response;
    uint8_t expected[LM_RESPONSE_SIZE];
    enum ntlm_error error =
        ntlm_v1_response(login->lm_hash, login->challenge.server_challenge, expected);

    if (!error)
        verified->lm = proof_of(ntlm_equal(expected, response.data, sizeof(expected)));
    ntlm_cleanse(expected, sizeof(expected));
    return error;
}

/* An LM response beside an NT response. */
static enum ntlm_error check_lm(const struct login *login, struct verified *verified)
{
    const struct ntlm_authenticate *message = &login->received.message;
    const struct ntlm_bytes lm = message->lm_response, nt = message->nt_response;

    if (lm.len != LM_RESPONSE_SIZE || ntlm_is_zero(lm.data, lm.len))
        verified->why_no_lm = N_("there is none");
    else if (login->received.response.kind == NTLM_RESPONSE_V2)
        return check_lmv2(login, verified);
    else if (login->received.response.kind == NTLM_RESPONSE_V1_ESS)
        verified->why_no_lm = N_("it is a client challenge");
    else if (nt.len == lm.len && memcmp(lm.data, nt.data, lm.len) == 0)
        verified->why_no_lm = N_("it is the NT response again");
    else if (!login->has_lm_hash)
        verified->why_no_lm = N_("the LM hash is not known");
    else
        return check_lmv1(login, verified);
    return NTLM_OK;
}

/* The key of the MIC (3.4.5.1, and RC4K with KEY_EXCH). */
static enum ntlm_error find_session_key(const struct login *login, uint8_t key[NTLM_KEY_SIZE])
{
    const struct ntlm_received_authenticate *received = &login->received;
    const struct ntlm_bytes encrypted = received->message.session_key;
    uint8_t exchange_key[NTLM_KEY_SIZE];
    const struct ntlm_kxkey_input input = {
        .flags = received->flags,
        .v2 = received->response.kind == NTLM_RESPONSE_V2,
        .base_key = login->keys.base_key,
        .lm_key = login->keys.has_lm_key ? login->keys.lm_key : NULL,
        .lm_response = received->message.lm_response,
        .server_challenge = login->challenge.server_challenge,
    };
    enum ntlm_error error = ntlm_kxkey(&input, exchange_key);

    if (!error && !(received->flags & NTLMSSP_NEGOTIATE_KEY_EXCH))
        memcpy(key, exchange_key, NTLM_KEY_SIZE);
    else if (!error && encrypted.len != NTLM_KEY_SIZE)
        error = NTLM_ERR_BAD_RESPONSE;
    else if (!error)
        error = ntlm_rc4k(ntlm_bytes(exchange_key, sizeof(exchange_key)), encrypted.data, key,
                          NTLM_KEY_SIZE);
    ntlm_cleanse(exchange_key, sizeof(exchange_key));
    return error;
}

static enum ntlm_error check_mic(const struct login *login, const struct recorded *recorded,
                                 const uint8_t key[NTLM_KEY_SIZE], struct verified *verified)
{
    const struct ntlm_received_authenticate *received = &login->received;
    const size_t offset = received->message.mic_offset;
    uint8_t mic[NTLM_MIC_SIZE];
    enum ntlm_error error;

    if (recorded->negotiate.len == 0) {
        verified->why_no_mic = N_("the NEGOTIATE message, which it covers too, was not given");
        return NTLM_OK;
    }
    error = ntlm_mic(key, recorded->negotiate, recorded->challenge,
                     ntlm_bytes(received->token.data, received->token.len), offset, mic);
    if (!error)
        verified->mic = proof_of(ntlm_equal(mic, received->token.data + offset, sizeof(mic)));
    return error;
}

/* A mechListMIC is the first signature of its direction (RFC 4178 5). */
static enum ntlm_error check_list_mic(const struct login *login,
                                      const struct recorded *recorded,
                                      const uint8_t key[NTLM_KEY_SIZE], enum ntlm_role receiver,
                                      struct verified *verified)
{
    const bool initiators = receiver == NTLM_SERVER;
    const struct ntlm_bytes mic =
        initiators ? recorded->initiator_list_mic : recorded->acceptor_list_mic;
    const struct ntlm_part list = {.in = recorded->mech_types.data,
                                   .len = recorded->mech_types.len};
    enum proof *proof =
        initiators ? &verified->initiator_list_mic : &verified->acceptor_list_mic;
    struct ntlm_session *session = NULL;
    struct ntlm_order order;
    enum ntlm_error error = NTLM_OK;

    if (mic.len == 0 || list.len == 0)
        return NTLM_OK;
    *proof = PROOF_WRONG;
    if (mic.len == NTLM_SIGNATURE_SIZE)
        error = ntlm_session_new(key, login->received.flags, receiver, &session);
    if (session) {
        error = ntlm_session_unseal(session, &list, 1, mic.data, &order);
        *proof = proof_of(!error);
    }
    ntlm_session_free(session);
    return is_trouble(error) ? error : NTLM_OK;
}

/* All that is made with the session key. */
static enum ntlm_error check_mics(const struct login *login, const struct recorded *recorded,
                                  struct verified *verified)
{
    const bool has_mic =
        login->received.response.mic_announced && login->received.message.mic_offset != 0;
    static const char no_key[] = N_("its key is not known without the right password");
    uint8_t key[NTLM_KEY_SIZE];
    enum ntlm_error error = NTLM_OK;

    if (!has_mic)
        verified->why_no_mic = N_("there is none");
    if (verified->nt != PROOF_RIGHT) {
        verified->why_no_mic = has_mic ? no_key : verified->why_no_mic;
        verified->why_no_initiator_list_mic = recorded->initiator_list_mic.len ? no_key : NULL;
        verified->why_no_acceptor_list_mic = recorded->acceptor_list_mic.len ? no_key : NULL;
        return NTLM_OK;
    }
    error = find_session_key(login, key);
    if (!error && has_mic)
        error = check_mic(login, recorded, key, verified);
    if (!error)
        error = check_list_mic(login, recorded, key, NTLM_SERVER, verified);
    if (!error)
        error = check_list_mic(login, recorded, key, NTLM_CLIENT, verified);
    ntlm_cleanse(key, sizeof(key));
    return error;
}

static enum ntlm_error verify(struct login *login, const struct recorded *recorded,
                              struct verified *verified)
{
    enum ntlm_error error = NTLM_OK;

    if (login->received.response.kind == NTLM_RESPONSE_ANONYMOUS) {
        verified->why_no_nt = verified->why_no_lm = N_("the client is anonymous");
    } else {
        error = check_responses(login, verified);
        if (!error && login->received.response.kind != NTLM_RESPONSE_LM)
            error = check_lm(login, verified);
        if (login->received.response.kind == NTLM_RESPONSE_LM)
            verified->why_no_nt = N_("there is none");
    }
    return error ? error : check_mics(login, recorded, verified);
}

enum exit_status verify_token(const struct recorded *recorded, const struct secret *secret,
                              bool digits, struct verified *verified)
{
    struct login login = {.has_lm_hash = false};
    enum exit_status status = take_secret(secret, digits, &login);
    enum ntlm_error error = NTLM_OK;

    *verified = (struct verified){.user = NULL};
    if (status)
        goto done;
    error = ntlm_challenge_decode(recorded->challenge, &login.challenge);
    if (!error)
        error = ntlm_received_authenticate_read(production_env(), login.challenge.flags,
                                                recorded->authenticate, &login.received);
    if (!error && asprintf(&verified->user, "%s%s%s", login.received.domain,
                           *login.received.domain ? "\\" : "", login.received.user) < 0) {
        verified->user = NULL;
        error = NTLM_ERR_OUT_OF_MEMORY;
    }
    if (!error)
        error = verify(&login, recorded, verified);
    if (error)
        status = complain_of(error);
done:
    ntlm_received_authenticate_clear(&login.received);
    ntlm_cleanse(&login, sizeof(login));
    return status;
}
