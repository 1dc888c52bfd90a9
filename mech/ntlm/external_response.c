/* SPDX-License-Identifier: MIT */
/* external_response.c - what an external responder is given, and the checks of
 * what it makes.
 *
 * A client adds AV pairs of its own to those that it repeats of the CHALLENGE
 * (3.1.5.1.2), and its response proves both. The responder does not know our
 * target's name, so it is given a CHALLENGE that has this pair already, and
 * repeats it. Only the MIC, which is over the tokens as they were sent, has then
 * to be made again. Channel bindings cannot be added in this way: winbind adds
 * an empty pair of its own, and a response with two is malformed. They are left
 * out, and the server decides whether that will do. */

#include "config.h"

#include "external_response.h"

#include <string.h>

#include "avpair.h"
#include "flags.h"
#include "initiator_policy.h"
#include "keys.h"
#include "received_response.h"

/* What both ends must have in the same way, or their keys differ. */
#define AGREED                                                                                 \
    (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_NEGOTIATE_DATAGRAM |                 \
     NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY | NTLMSSP_NEGOTIATE_128 |                      \
     NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH)

/* A name whose source is not trusted is left out: it would have to be marked in
 * MsvAvFlags, which the responder writes. */
static void write_target_info(const struct ntlm_response_request *request,
                              struct ntlm_writer *out)
{
    const struct ntlm_initiator_config *config = request->config;

    ntlm_av_write_others(out, request->challenge->target_info);
    if (config->target_name && !config->target_unverified)
        ntlm_av_write_text(out, MSV_AV_TARGET_NAME, config->target_name);
    ntlm_av_write_eol(out);
}

/* A CHALLENGE without TargetInfo is passed on as it is: the response to it has no
 * AV pairs of the server. */
static enum ntlm_error write_challenge(const struct ntlm_response_request *request,
                                       struct ntlm_bytes token, struct ntlm_writer *out)
{
    struct ntlm_challenge passed = *request->challenge;
    struct ntlm_writer target_info = {0};

    if (passed.target_info.len == 0) {
        ntlm_write(out, token.data, token.len);
        return out->error;
    }
    write_target_info(request, &target_info);
    passed.target_info = ntlm_bytes(target_info.data, target_info.len);
    if (target_info.error)
        out->error = target_info.error;
    else
        ntlm_challenge_encode(&passed, out);
    ntlm_writer_clear(&target_info);
    return out->error;
}

static enum ntlm_error check(const struct ntlm_response_request *request,
                             const struct ntlm_authenticate *message,
                             const struct ntlm_received_response *response)
{
    const struct ntlm_env *env = request->env;

    if ((message->flags ^ request->flags) & AGREED)
        return ntlm_fail(env, NTLM_ERR_EXTERNAL_FLAGS, "%#x instead of %#x", message->flags,
                         request->flags);
    if (response->kind != NTLM_RESPONSE_V2)
        return request->config->lm_compat_level < 3
                   ? NTLM_OK
                   : ntlm_fail(env, NTLM_ERR_EXTERNAL_NTLMV1, "it is %u",
                               request->config->lm_compat_level);
    if (response->mic_announced && message->mic_offset == 0)
        return ntlm_fail(env, NTLM_ERR_MIC_MISSING, "in the external response");
    return ntlm_initiator_check_names(env, request->config, request->challenge->target_info);
}

static enum ntlm_error take_authenticate(const struct ntlm_response_request *request,
                                         const struct ntlm_tokens *tokens,
                                         struct ntlm_writer *made, struct ntlm_outcome *outcome)
{
    bool ess = (request->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) != 0;
    struct ntlm_bytes token = ntlm_bytes(made->data, made->len);
    struct ntlm_authenticate message;
    struct ntlm_received_response response;
    enum ntlm_error error = ntlm_authenticate_decode(token, &message);

    if (!error)
        error = ntlm_received_response_decode(&message, ess, &response);
    if (error)
        return ntlm_fail(request->env, error, "in the external response");
    error = check(request, &message, &response);
    if (error)
        return error;
    outcome->flags = request->flags;
    outcome->mic = response.mic_announced;
    if (message.mic_offset == 0)
        return NTLM_OK;
    error = ntlm_mic(outcome->session_key, tokens->negotiate, tokens->challenge, token,
                     message.mic_offset, made->data + message.mic_offset);
    return error ? ntlm_fail(request->env, error, NULL) : NTLM_OK;
}

enum ntlm_error ntlm_external_respond(const struct ntlm_response_request *request,
                                      const struct ntlm_tokens *tokens,
                                      const struct ntlm_secret *secret, struct ntlm_writer *out,
                                      struct ntlm_outcome *outcome)
{
    struct ntlm_writer passed = {0};
    enum ntlm_error error;

    if (request->config->datagram)
        return ntlm_fail(request->env, NTLM_ERR_NO_IDENTITY,
                         "for \"%.128s\" winbind responds, and not to datagrams", secret->user);
    if (request->bindings)
        ntlm_note(request->env, "no channel bindings are sent: for \"%.128s\" winbind responds",
                  secret->user);
    error = write_challenge(request, tokens->challenge, &passed);
    if (error)
        ntlm_fail(request->env, error, "in the server's CHALLENGE");
    else
        error = secret->respond(secret->arg, tokens->negotiate,
                                ntlm_bytes(passed.data, passed.len), out, outcome->session_key);
    ntlm_writer_clear(&passed);
    return error ? error : take_authenticate(request, tokens, out, outcome);
}
