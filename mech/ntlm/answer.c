/* SPDX-License-Identifier: MIT */
/* answer.c - the LM and NT responses of [MS-NLMP] 3.3, and what the client
 * adds to the server's AV pairs (3.1.5.1.2). */

#include "config.h"

#include "answer.h"

#include <stdlib.h>
#include <string.h>

#include "avpair.h"
#include "flags.h"
#include "secret.h"
#include "text.h"

/* Single_Host_Data (2.2.2.2): Size, Z4, CustomData, MachineID. */
#define SINGLE_HOST_SIZE 48

static enum ntlm_error answer_anonymously(struct ntlm_answer *answer)
{
    /* 3.2.5.1.2: an empty user, no NT response, Z(1) as the LM response; the
     * SessionBaseKey stays zeros. */
    ntlm_write8(&answer->lm_response, 0);
    return answer->lm_response.error;
}

/* NTLMv1 (3.3.1), with extended session security or without. */
static enum ntlm_error answer_v1(const struct ntlm_question *question,
                                 const struct ntlm_secret *secret, struct ntlm_answer *answer)
{
    const struct ntlm_env *host = question->host;
    const struct ntlm_challenge *challenge = question->challenge;
    uint8_t nt[24], lm[24] = {0}, asked[8];
    enum ntlm_error error = NTLM_OK;

    memcpy(asked, challenge->server_challenge, sizeof(asked));
    if (answer->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) {
        error = host->random(host->arg, lm, 8); /* ClientChallenge ‖ Z(16) */
        if (error == NTLM_OK)
            error = ntlm_v1_ess_challenge(challenge->server_challenge, lm, asked);
    }
    if (error == NTLM_OK)
        error = ntlm_v1_response(secret->nt_hash, asked, nt);
    if (error == NTLM_OK && !(answer->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY)) {
        if (question->config->lm_compat_level < 2 && secret->lm_hash)
            error = ntlm_v1_response(secret->lm_hash, asked, lm);
        else
            memcpy(lm, nt, sizeof(lm)); /* NoLMResponseNTLMv1 */
    }
    if (error == NTLM_OK)
        error = ntlm_v1_base_key(secret->nt_hash, answer->base_key);
    if (error == NTLM_OK) {
        ntlm_write(&answer->lm_response, lm, sizeof(lm));
        ntlm_write(&answer->nt_response, nt, sizeof(nt));
        error =
            answer->nt_response.error ? answer->nt_response.error : answer->lm_response.error;
    }
    if (secret->lm_hash) {
        memcpy(answer->lm_key, secret->lm_hash, sizeof(answer->lm_key));
        answer->has_lm_key = true;
    } else {
        answer->flags &= ~NTLMSSP_NEGOTIATE_LM_KEY;
    }
    return error;
}

static void write_single_host(struct ntlm_writer *out, const uint8_t machine_id[32])
{
    ntlm_write16(out, MSV_AV_SINGLE_HOST);
    ntlm_write16(out, SINGLE_HOST_SIZE);
    ntlm_write32(out, SINGLE_HOST_SIZE);
    ntlm_write_zeros(out, 12); /* Z4 and CustomData */
    ntlm_write(out, machine_id, 32);
}

static void write_own_pairs(struct ntlm_writer *out, const struct ntlm_question *question,
                            bool mic)
{
    const struct ntlm_initiator_config *config = question->config;
    const char *target = config->target_name;
    uint32_t flags = mic ? MSV_AV_FLAG_MIC : 0;

    if (target && *target && config->target_unverified)
        flags |= MSV_AV_FLAG_UNVERIFIED_TARGET;
    if (flags)
        ntlm_av_write_flags(out, flags);
    if (config->machine_id)
        write_single_host(out, config->machine_id);
    if (question->bindings)
        ntlm_av_write(out, MSV_AV_CHANNEL_BINDINGS, ntlm_bytes(question->bindings, 16));
    if (target)
        ntlm_av_write_text(out, MSV_AV_TARGET_NAME, target);
}

/* temp of 3.3.2 into out. */
static void write_temp(struct ntlm_writer *out, const struct ntlm_question *question,
                       uint64_t time, const uint8_t client_challenge[8], bool mic)
{
    ntlm_write8(out, 1); /* Responserversion */
    ntlm_write8(out, 1); /* HiResponserversion */
    ntlm_write_zeros(out, 6);
    ntlm_write64(out, time);
    ntlm_write(out, client_challenge, 8);
    ntlm_write_zeros(out, 4);
    ntlm_av_write_others(out, question->challenge->target_info);
    write_own_pairs(out, question, mic);
    ntlm_av_write_eol(out);
    ntlm_write_zeros(out, 4);
}

/* NTOWFv2 of this identity (3.3.2). The names are hashed as UTF-16 even when
 * OEM text is agreed for the wire. */
static enum ntlm_error ntowfv2_of(const struct ntlm_secret *secret, uint8_t out[16])
{
    uint8_t *user = NULL, *domain = NULL;
    size_t user_len, domain_len;
    enum ntlm_error error =
        ntlm_text_to_utf16(secret->user, strlen(secret->user), &user, &user_len);

    if (error == NTLM_OK)
        error =
            ntlm_text_to_utf16(secret->domain, strlen(secret->domain), &domain, &domain_len);
    if (error == NTLM_OK)
        error = ntlm_ntowfv2(secret->nt_hash, ntlm_bytes(user, user_len),
                             ntlm_bytes(domain, domain_len), out);
    free(user);
    free(domain);
    return error;
}

/* The LM response beside an NTLMv2 one: Z(24) when the server gave its time
 * (3.1.5.1.2), else LMv2. */
static enum ntlm_error write_lmv2(struct ntlm_writer *out, const uint8_t ntowfv2[16],
                                  const uint8_t server_challenge[8],
                                  const uint8_t client_challenge[8], bool server_has_time)
{
    uint8_t proof[16];
    enum ntlm_error error;

    if (server_has_time) {
        ntlm_write_zeros(out, 24);
        return out->error;
    }
    error = ntlm_v2_proof(ntowfv2, server_challenge, ntlm_bytes(client_challenge, 8), proof);
    if (error != NTLM_OK)
        return error;
    ntlm_write(out, proof, sizeof(proof));
    ntlm_write(out, client_challenge, 8);
    return out->error;
}

static enum ntlm_error answer_v2(const struct ntlm_question *question,
                                 const struct ntlm_secret *secret, struct ntlm_answer *answer)
{
    const struct ntlm_env *host = question->host;
    const struct ntlm_challenge *challenge = question->challenge;
    uint8_t ntowfv2[16], proof[16], client_challenge[8];
    struct ntlm_writer *nt = &answer->nt_response;
    uint64_t time;
    bool server_has_time = ntlm_av_timestamp(challenge->target_info, &time);
    enum ntlm_error error;

    if (!server_has_time)
        time = host->now(host->arg);
    answer->v2 = true;
    /* Without SIGN and SEAL no MIC may be announced: under SPNEGO it would
     * oblige both sides to a mechListMIC that cannot be made. */
    answer->mic = server_has_time && (answer->flags & NTLM_PROTECTION);
    error = ntowfv2_of(secret, ntowfv2);
    if (error == NTLM_OK)
        error = host->random(host->arg, client_challenge, sizeof(client_challenge));
    if (error != NTLM_OK)
        goto out;
    ntlm_write_zeros(nt, sizeof(proof)); /* filled in below */
    write_temp(nt, question, time, client_challenge, answer->mic);
    error = nt->error;
    if (error == NTLM_OK)
        error =
            ntlm_v2_proof(ntowfv2, challenge->server_challenge,
                          ntlm_bytes(nt->data + sizeof(proof), nt->len - sizeof(proof)), proof);
    if (error == NTLM_OK) {
        memcpy(nt->data, proof, sizeof(proof));
        error = ntlm_v2_base_key(ntowfv2, proof, answer->base_key);
    }
    if (error == NTLM_OK)
        error = write_lmv2(&answer->lm_response, ntowfv2, challenge->server_challenge,
                           client_challenge, server_has_time);
out:
    ntlm_cleanse(ntowfv2, sizeof(ntowfv2));
    return error;
}

enum ntlm_error ntlm_answer_make(const struct ntlm_question *question,
                                 const struct ntlm_secret *secret, struct ntlm_answer *answer)
{
    const struct ntlm_env *host = question->host;
    const struct ntlm_initiator_config *config = question->config;
    static const char *const kinds[] = {"LM and NTLMv1", "LM and NTLMv1", "NTLMv1"};

    answer->flags = question->flags;
    if (config->anonymous) {
        ntlm_note(host, "answering anonymously");
        return answer_anonymously(answer);
    }
    if (config->lm_compat_level < 3) {
        ntlm_note(host, "answering with %s, as lm_compat_level %u says",
                  kinds[config->lm_compat_level], config->lm_compat_level);
        return answer_v1(question, secret, answer);
    }
    return answer_v2(question, secret, answer);
}

enum ntlm_error ntlm_answer_exchange_key(const struct ntlm_answer *answer, uint32_t flags,
                                         const uint8_t server_challenge[8], uint8_t out[16])
{
    struct ntlm_kxkey_input input = {
        .flags = flags,
        .v2 = answer->v2 || (flags & NTLMSSP_ANONYMOUS),
        .base_key = answer->base_key,
        .lm_key = answer->has_lm_key ? answer->lm_key : NULL,
        .lm_response = ntlm_bytes(answer->lm_response.data, answer->lm_response.len),
        .server_challenge = server_challenge,
    };

    return ntlm_kxkey(&input, out);
}

void ntlm_answer_clear(struct ntlm_answer *answer)
{
    ntlm_writer_clear(&answer->lm_response);
    ntlm_writer_clear(&answer->nt_response);
    ntlm_cleanse(answer, sizeof(*answer));
}
