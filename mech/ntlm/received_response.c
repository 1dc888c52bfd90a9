/* SPDX-License-Identifier: MIT */
/* received_response.c - telling the generations of responses apart, and what
 * the AV pairs of an NTLMv2 response say. Its layout is in v2_response.c. */

#include "config.h"

#include "received_response.h"

#include <string.h>

#include "avpair.h"
#include "secret.h"
#include "v2_response.h"

#define V1_RESPONSE_SIZE 24
#define SINGLE_HOST_HEADER 16 /* Size, Z4, CustomData before MachineID */

/* Pairs that only a client may add, and but once. Where there are two, one
 * came from a CHALLENGE that was altered on its way. */
static bool client_pairs_repeat(struct ntlm_bytes list)
{
    struct ntlm_av_pair pair;
    int bindings = 0, targets = 0;

    while (ntlm_av_next(&list, &pair)) {
        bindings += pair.id == MSV_AV_CHANNEL_BINDINGS;
        targets += pair.id == MSV_AV_TARGET_NAME;
    }
    return bindings > 1 || targets > 1;
}

/* An MsvAvChannelBindings of zeros means that there are none (2.2.2.1). */
static void read_pairs(struct ntlm_received_response *response)
{
    const uint32_t flags = ntlm_av_flags(response->av_pairs);
    struct ntlm_bytes single_host;

    response->mic_announced = (flags & MSV_AV_FLAG_MIC) != 0;
    response->target_unverified = (flags & MSV_AV_FLAG_UNVERIFIED_TARGET) != 0;
    if (!ntlm_av_find(response->av_pairs, MSV_AV_CHANNEL_BINDINGS, &response->bindings) ||
        ntlm_is_zero(response->bindings.data, response->bindings.len))
        response->bindings = ntlm_bytes(NULL, 0);
    response->has_target =
        ntlm_av_find(response->av_pairs, MSV_AV_TARGET_NAME, &response->target);
    if (ntlm_av_find(response->av_pairs, MSV_AV_SINGLE_HOST, &single_host) &&
        single_host.len >= SINGLE_HOST_HEADER + NTLM_MACHINE_ID_SIZE)
        response->machine_id =
            ntlm_bytes(single_host.data + SINGLE_HOST_HEADER, NTLM_MACHINE_ID_SIZE);
}

static enum ntlm_error read_v2(struct ntlm_bytes nt_response,
                               struct ntlm_received_response *response)
{
    struct ntlm_v2_response v2;
    enum ntlm_error error = ntlm_v2_response_decode(nt_response, &v2);

    if (error || !v2.known_version || ntlm_av_check(v2.av_pairs) ||
        client_pairs_repeat(v2.av_pairs))
        return NTLM_ERR_BAD_RESPONSE;
    response->time = v2.time;
    response->av_pairs = v2.av_pairs;
    read_pairs(response);
    return NTLM_OK;
}

enum ntlm_error ntlm_received_response_decode(const struct ntlm_authenticate *message, bool ess,
                                              struct ntlm_received_response *response)
{
    size_t lm = message->lm_response.len, nt = message->nt_response.len;

    memset(response, 0, sizeof(*response));
    if (nt == 0 && message->user.len == 0 && (lm == 0 || lm == 1)) {
        response->kind = NTLM_RESPONSE_ANONYMOUS;
        return NTLM_OK;
    }
    if (nt == 0 && lm == V1_RESPONSE_SIZE) {
        response->kind = NTLM_RESPONSE_LM;
        return NTLM_OK;
    }
    if (nt == V1_RESPONSE_SIZE) {
        response->kind =
            ess && lm == V1_RESPONSE_SIZE ? NTLM_RESPONSE_V1_ESS : NTLM_RESPONSE_V1;
        return NTLM_OK;
    }
    response->kind = NTLM_RESPONSE_V2;
    return nt > V1_RESPONSE_SIZE ? read_v2(message->nt_response, response)
                                 : NTLM_ERR_BAD_RESPONSE;
}
