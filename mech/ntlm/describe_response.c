/* SPDX-License-Identifier: MIT */
/* describe_response.c - of responses only kind and length are told, and of NTLMv2's
 * what the client says beside its proof. */

#include "config.h"

#include "describe_response.h"

#include <string.h>

#include "avpair.h"
#include "describe_pairs.h"
#include "secret.h"
#include "v2_response.h"

#define RESPONSE_SIZE 24 /* of LM, LMv2 and NTLMv1 ([MS-NLMP] 2.2.2.3 to 2.2.2.6) */

static bool is_v2(struct ntlm_bytes nt_response)
{
    struct ntlm_v2_response response;

    return !ntlm_v2_response_decode(nt_response, &response);
}

/* NTLMv1 with extended session security puts a client challenge and 16 zeros
 * into the LM response (3.3.1). */
static bool is_v1_ess(const struct ntlm_authenticate *message)
{
    return message->nt_response.len == RESPONSE_SIZE &&
           message->lm_response.len == RESPONSE_SIZE &&
           ntlm_is_zero(message->lm_response.data + 8, RESPONSE_SIZE - 8);
}

static const char *lm_response_kind(const struct ntlm_authenticate *message)
{
    const struct ntlm_bytes lm = message->lm_response, nt = message->nt_response;

    if (lm.len == 0)
        return "none";
    if (lm.len == 1 && lm.data[0] == 0 && nt.len == 0)
        return "one zero byte (anonymous)";
    if (lm.len != RESPONSE_SIZE)
        return "of an unknown kind";
    if (ntlm_is_zero(lm.data, lm.len))
        return "zeros (none)";
    if (is_v2(nt))
        return "LMv2";
    if (is_v1_ess(message))
        return "a client challenge (extended session security)";
    if (nt.len == lm.len && memcmp(nt.data, lm.data, lm.len) == 0)
        return "the NT response again (no LM)";
    return "LM";
}

static const char *nt_response_kind(const struct ntlm_authenticate *message)
{
    const struct ntlm_bytes nt = message->nt_response;

    if (nt.len == 0)
        return "none";
    if (is_v2(nt))
        return "NTLMv2";
    if (is_v1_ess(message))
        return "NTLMv1 with extended session security";
    return nt.len == RESPONSE_SIZE ? "NTLMv1" : "of an unknown kind";
}

/* What the client says in its NTLMv2 response beside the proof. */
static void say_v2(const struct ntlm_fields *fields, const struct ntlm_v2_response *response)
{
    struct ntlm_bytes value;

    if (!response->known_version)
        ntlm_field(fields, 2, NULL, "of an unknown version");
    ntlm_field_time(fields, 2, "TimeStamp", response->time);
    ntlm_describe_pairs(fields, response->av_pairs);
    if (!ntlm_av_find(response->av_pairs, MSV_AV_CHANNEL_BINDINGS, &value))
        ntlm_field(fields, 2, "MsvAvChannelBindings", "none");
    if (!ntlm_av_find(response->av_pairs, MSV_AV_TARGET_NAME, &value))
        ntlm_field(fields, 2, "MsvAvTargetName", "none");
}

bool ntlm_describe_responses(const struct ntlm_fields *fields,
                             const struct ntlm_authenticate *message)
{
    struct ntlm_v2_response response;

    ntlm_field(fields, 1, "LmChallengeResponse", "%zu bytes: %s", message->lm_response.len,
               lm_response_kind(message));
    ntlm_field(fields, 1, "NtChallengeResponse", "%zu bytes: %s", message->nt_response.len,
               nt_response_kind(message));
    if (ntlm_v2_response_decode(message->nt_response, &response))
        return false;
    say_v2(fields, &response);
    return ntlm_av_flags(response.av_pairs) & MSV_AV_FLAG_MIC;
}
