/* SPDX-License-Identifier: MIT */
/* external_response.c - what a deputy is shown, and what is made of his answer.
 *
 * A client adds pairs of its own to the AV pairs that it repeats of the
 * CHALLENGE (3.1.5.1.2), and its response proves both. A deputy does not know
 * our target's name; so he is shown a CHALLENGE that has it already, and repeats
 * it. Only the MIC, which is over the tokens as they were sent, is then to be
 * made anew. The channel bindings cannot be had in this way: winbind adds empty
 * ones, and a response with two is none. We go on without them, as a client that
 * has never heard of them: whether that will do is for the server to say. */

#include "config.h"

#include "external_response.h"

#include <string.h>

#include "avpair.h"
#include "flags.h"
#include "keys.h"
#include "response.h"

/* What both ends must have in the same way, or their keys differ. */
#define AGREED                                                                                 \
    (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_NEGOTIATE_DATAGRAM |                 \
     NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY | NTLMSSP_NEGOTIATE_128 |                      \
     NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_KEY_EXCH)

/* A name whose source is not trusted would have to be marked so, in the flags,
 * which are the deputy's; so it is left out. */
static void write_target_info(const struct ntlm_question *question, struct ntlm_writer *out)
{
    const struct ntlm_initiator_config *config = question->config;

    ntlm_av_write_others(out, question->challenge->target_info);
    if (config->target_name && !config->target_unverified)
        ntlm_av_write_text(out, MSV_AV_TARGET_NAME, config->target_name);
    ntlm_av_write_eol(out);
}

/* A CHALLENGE without TargetInfo is answered without any: it is shown as it
 * is. */
static enum ntlm_error show_challenge(const struct ntlm_question *question,
                                      struct ntlm_bytes token, struct ntlm_writer *out)
{
    struct ntlm_challenge shown = *question->challenge;
    struct ntlm_writer target_info = {0};

    if (shown.target_info.len == 0) {
        ntlm_write(out, token.data, token.len);
        return out->error;
    }
    write_target_info(question, &target_info);
    shown.target_info = ntlm_bytes(target_info.data, target_info.len);
    if (target_info.error)
        out->error = target_info.error;
    else
        ntlm_challenge_encode(&shown, out);
    ntlm_writer_clear(&target_info);
    return out->error;
}

/* lm_compat_level holds for deputies too. */
static enum ntlm_error check_answer(const struct ntlm_question *question,
                                    const struct ntlm_authenticate *message,
                                    const struct ntlm_response *response)
{
    const struct ntlm_env *host = question->host;

    if ((message->flags ^ question->flags) & AGREED)
        return ntlm_fail(host, NTLM_ERR_SERVER_FLAGS,
                         "the answer that was made for us has flags %#x for %#x",
                         message->flags, question->flags);
    if (response->kind != NTLM_RESPONSE_V2 && question->config->lm_compat_level >= 3)
        return ntlm_fail(host, NTLM_ERR_NTLMV1_REFUSED,
                         "the answer that was made for us is one");
    if (response->mic_announced && message->mic_offset == 0)
        return ntlm_fail(host, NTLM_ERR_MIC_MISSING, "from the answer that was made for us");
    return NTLM_OK;
}

static enum ntlm_error take_answer(const struct ntlm_question *question,
                                   const struct ntlm_tokens *tokens, struct ntlm_writer *answer,
                                   struct ntlm_outcome *outcome)
{
    bool ess = (question->flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY) != 0;
    struct ntlm_bytes token = ntlm_bytes(answer->data, answer->len);
    struct ntlm_authenticate message;
    struct ntlm_response response;
    enum ntlm_error error = ntlm_authenticate_decode(token, &message);

    if (error == NTLM_OK)
        error = ntlm_response_read(&message, ess, &response);
    if (error != NTLM_OK)
        return ntlm_fail(question->host, error, "in the answer that was made for us");
    error = check_answer(question, &message, &response);
    if (error != NTLM_OK)
        return error;
    outcome->flags = question->flags;
    outcome->mic = response.mic_announced;
    if (message.mic_offset == 0)
        return NTLM_OK;
    error = ntlm_mic(outcome->session_key, tokens->negotiate, tokens->challenge, token,
                     message.mic_offset, answer->data + message.mic_offset);
    return error == NTLM_OK ? NTLM_OK : ntlm_fail(question->host, error, NULL);
}

enum ntlm_error ntlm_external_respond(const struct ntlm_question *question,
                                      const struct ntlm_tokens *tokens,
                                      const struct ntlm_secret *secret, struct ntlm_writer *out,
                                      struct ntlm_outcome *outcome)
{
    struct ntlm_writer shown = {0};
    enum ntlm_error error;

    if (question->config->datagram)
        return ntlm_fail(question->host, NTLM_ERR_NO_IDENTITY,
                         "who keeps the password of \"%.128s\" answers no datagrams",
                         secret->user);
    if (question->bindings)
        ntlm_note(question->host, "who answers for \"%.128s\" sends no channel bindings",
                  secret->user);
    error = show_challenge(question, tokens->challenge, &shown);
    if (error != NTLM_OK)
        ntlm_fail(question->host, error, "in the server's CHALLENGE");
    else
        error = secret->answer(secret->arg, tokens->negotiate,
                               ntlm_bytes(shown.data, shown.len), out, outcome->session_key);
    ntlm_writer_clear(&shown);
    return error == NTLM_OK ? take_answer(question, tokens, out, outcome) : error;
}
