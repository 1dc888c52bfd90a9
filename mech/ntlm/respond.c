/* SPDX-License-Identifier: MIT */
/* respond.c - the LM and NT responses of [MS-NLMP] 3.3, and what the client
 * adds to the server's AV pairs (3.1.5.1.2). The layout of an NTLMv2 response
 * is in v2_response.c. */

#include "config.h"

#include "respond.h"

#include <string.h>

#include "avpair.h"
#include "flags.h"
#include "secret.h"
#include "text.h"
#include "v2_response.h"

/* Single_Host_Data (2.2.2.2): Size, Z4, CustomData, MachineID. */
#define SINGLE_HOST_SIZE 48

static enum ntlm_error respond_anonymously(struct ntlm_response *response)
{
    /* 3.2.5.1.2: an empty user, no NT response, Z(1) as the LM response; the
     * SessionBaseKey stays zeros. */
    ntlm_write8(&response->lm_response, 0);
    return response->lm_response.error;
}

/* NTLMv1 with extended session security (3.3.1): the LM response is the
 * client's challenge and zeros. */
static enum ntlm_error compute_v1_ess(const struct ntlm_response_request *request,
                                      const struct ntlm_secret *secret, uint8_t nt[24],
                                      uint8_t lm[24])
{
    uint8_t challenge[8];
    enum ntlm_error error;

    memset(lm, 0, 24);
    error = request->env->random(request->env->arg, lm, 8);
    if (!error)
        error = ntlm_v1_ess_challenge(request->challenge->server_challenge, lm, challenge);
    return error ? error : ntlm_v1_response(secret->nt_hash, challenge, nt);
}

/* NTLMv1 without it. Where LM is not to be sent, or not known, the NT response
 * stands in its place (NoLMResponseNTLMv1). */
static enum ntlm_error compute_v1(const struct ntlm_response_request *request,
                                  const struct ntlm_secret *secret, uint8_t nt[24],
                                  uint8_t lm[24])
{
    const uint8_t *challenge = request->challenge->server_challenge;
    bool with_lm = request->config->lm_compat_level < 2 && secret->lm_hash;
    enum ntlm_error error = ntlm_v1_response(secret->nt_hash, challenge, nt);

    return error ? error
                 : ntlm_v1_response(with_lm ? secret->lm_hash : secret->nt_hash, challenge, lm);
}

static enum ntlm_error respond_v1(const struct ntlm_response_request *request,
                                  const struct ntlm_secret *secret,
                                  struct ntlm_response *response)
{
    bool ess = response->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    uint8_t nt[24], lm[24];
    enum ntlm_error error =
        ess ? compute_v1_ess(request, secret, nt, lm) : compute_v1(request, secret, nt, lm);

    if (!error)
        error = ntlm_v1_base_key(secret->nt_hash, response->base_key);
    if (error)
        return error;
    if (secret->lm_hash) {
        memcpy(response->lm_key, secret->lm_hash, sizeof(response->lm_key));
        response->has_lm_key = true;
    } else {
        response->flags &= ~NTLMSSP_NEGOTIATE_LM_KEY;
    }
    ntlm_write(&response->lm_response, lm, sizeof(lm));
    ntlm_write(&response->nt_response, nt, sizeof(nt));
    return response->nt_response.error ? response->nt_response.error
                                       : response->lm_response.error;
}

static void write_single_host(struct ntlm_writer *out, const uint8_t machine_id[32])
{
    ntlm_write16(out, MSV_AV_SINGLE_HOST);
    ntlm_write16(out, SINGLE_HOST_SIZE);
    ntlm_write32(out, SINGLE_HOST_SIZE);
    ntlm_write_zeros(out, 12); /* Z4 and CustomData */
    ntlm_write(out, machine_id, 32);
}

static void write_own_pairs(struct ntlm_writer *out,
                            const struct ntlm_response_request *request, bool mic)
{
    const struct ntlm_initiator_config *config = request->config;
    const char *target = config->target_name;
    uint32_t flags = mic ? MSV_AV_FLAG_MIC : 0;

    if (target && *target && config->target_unverified)
        flags |= MSV_AV_FLAG_UNVERIFIED_TARGET;
    if (flags)
        ntlm_av_write_flags(out, flags);
    if (config->machine_id)
        write_single_host(out, config->machine_id);
    if (request->bindings)
        ntlm_av_write(out, MSV_AV_CHANNEL_BINDINGS, ntlm_bytes(request->bindings, 16));
    if (target)
        ntlm_av_write_text(out, MSV_AV_TARGET_NAME, target);
}

/* NTOWFv2 of this identity (3.3.2), where it is not known already: *made then has it.
 * The names are hashed as UTF-16 even when OEM text is agreed for the wire. */
static enum ntlm_error find_ntowfv2(const struct ntlm_secret *secret,
                                    struct ntlm_hmac_key *made,
                                    const struct ntlm_hmac_key **ntowfv2)
{
    *ntowfv2 = secret->ntowfv2 ? secret->ntowfv2 : made;
    return secret->ntowfv2
               ? NTLM_OK
               : ntlm_identity_ntowfv2(secret->nt_hash, secret->user, secret->domain, made);
}

/* The LM response beside an NTLMv2 one: Z(24) when the server gave its time
 * (3.1.5.1.2), else LMv2. */
static enum ntlm_error write_lmv2(struct ntlm_writer *out, const struct ntlm_hmac_key *ntowfv2,
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
    if (error)
        return error;
    ntlm_write(out, proof, sizeof(proof));
    ntlm_write(out, client_challenge, 8);
    return out->error;
}

static enum ntlm_error respond_v2(const struct ntlm_response_request *request,
                                  const struct ntlm_secret *secret,
                                  struct ntlm_response *response)
{
    const struct ntlm_env *env = request->env;
    const struct ntlm_challenge *challenge = request->challenge;
    const struct ntlm_hmac_key *ntowfv2;
    struct ntlm_hmac_key made;
    uint8_t client_challenge[8];
    struct ntlm_writer *nt = &response->nt_response;
    uint64_t time;
    bool server_has_time = ntlm_av_timestamp(challenge->target_info, &time);
    enum ntlm_error error;

    if (!server_has_time)
        time = env->now(env->arg);
    response->v2 = true;
    response->mic = server_has_time && !request->omit_mic;
    error = find_ntowfv2(secret, &made, &ntowfv2);
    if (!error)
        error = env->random(env->arg, client_challenge, sizeof(client_challenge));
    if (error)
        goto done;
    ntlm_v2_response_begin(nt, time, client_challenge);
    ntlm_av_write_others(nt, challenge->target_info);
    write_own_pairs(nt, request, response->mic);
    error = ntlm_v2_response_end(nt, ntowfv2, challenge->server_challenge, response->base_key);
    if (!error)
        error = write_lmv2(&response->lm_response, ntowfv2, challenge->server_challenge,
                           client_challenge, server_has_time);
done:
    ntlm_cleanse(&made, sizeof(made));
    return error;
}

enum ntlm_error ntlm_respond(const struct ntlm_response_request *request,
                             const struct ntlm_secret *secret, struct ntlm_response *response)
{
    const struct ntlm_env *env = request->env;
    const struct ntlm_initiator_config *config = request->config;
    static const char *const kinds[] = {"LM and NTLMv1", "LM and NTLMv1", "NTLMv1"};

    ntlm_writer_begin_in(&response->lm_response, response->lm_room, sizeof(response->lm_room));
    ntlm_writer_begin_in(&response->nt_response, response->nt_room, sizeof(response->nt_room));
    response->flags = request->flags;
    if (config->anonymous) {
        ntlm_note(env, "responding anonymously");
        return respond_anonymously(response);
    }
    if (config->lm_compat_level < 3) {
        ntlm_note(env, "responding with %s, as lm_compat_level %u asks for",
                  kinds[config->lm_compat_level], config->lm_compat_level);
        return respond_v1(request, secret, response);
    }
    return respond_v2(request, secret, response);
}

enum ntlm_error ntlm_response_exchange_key(const struct ntlm_response *response,
                                           const uint8_t server_challenge[8], uint8_t out[16])
{
    struct ntlm_kxkey_input input = {
        .flags = response->flags,
        .v2 = response->v2 || (response->flags & NTLMSSP_ANONYMOUS),
        .base_key = response->base_key,
        .lm_key = response->has_lm_key ? response->lm_key : NULL,
        .lm_response = ntlm_bytes(response->lm_response.data, response->lm_response.len),
        .server_challenge = server_challenge,
    };

    return ntlm_kxkey(&input, out);
}

void ntlm_response_clear(struct ntlm_response *response)
{
    ntlm_writer_clear(&response->lm_response);
    ntlm_writer_clear(&response->nt_response);
    ntlm_cleanse(response, sizeof(*response));
}
