/* SPDX-License-Identifier: MIT */
/* initiator.c - the initiator's side of the negotiation. Where the list of
 * mechanisms comes from is in offer.c, how mechListMICs are made in mic.c. */

#include "config.h"

#include "spnego/initiator.h"

#include <stdlib.h>

#include "spnego/handover.h"
#include "spnego/kerberos.h"
#include "spnego/mic.h"
#include "spnego/name.h"
#include "spnego/offer.h"
#include "spnego/oids.h"
#include "spnego/status.h"
#include "support/trace.h"

/* An answer of the acceptor's, and what becomes of it. */
struct turn {
    struct token answer;
    bool stepped;               /* the mechanism was called */
    bool mech_failed;           /* and failed */
    gss_buffer_desc mech_token; /* what it has to say */
    gss_buffer_desc mic;
};

/* With integrity, for the mechListMIC. */
static OM_uint32 mech_flags(const struct context *context, const struct call *call)
{
    return context->credential->no_integrity ? call->flags : call->flags | GSS_C_INTEG_FLAG;
}

static OM_uint32 call_mechanism(OM_uint32 *minor, struct context *context,
                                const struct call *call, gss_buffer_t in, gss_buffer_t out)
{
    OM_uint32 major;

    major = gss_init_sec_context(
        minor, context->credential->mechs, &context->inner,
        context->mech_target ? context->mech_target : context->target_glue, &context->mech,
        mech_flags(context, call), call->lifetime, call->bindings, in, &context->actual_mech,
        out, &context->flags, &context->lifetime);
    context->mech_complete = major == GSS_S_COMPLETE;
    if (!GSS_ERROR(major)) {
        OM_uint32 asked = mic_ask_mechanism(minor, context);

        if (asked != GSS_S_COMPLETE) {
            release_token(out); /* it is of no error of the mechanism's */
            return asked;
        }
    }
    return major;
}

static OM_uint32 write_init(OM_uint32 *minor, const struct context *context,
                            gss_const_buffer_t mech_token, gss_buffer_t out)
{
    struct token token = {.kind = TOKEN_INIT, .mech_types = context_mech_types(context)};

    if (mech_token->length > 0)
        token.mech_token = buffer_bytes(mech_token);
    return context_write_token(minor, &token, out);
}

/* Kerberos has its time only where another mechanism can go on. */
static OM_uint32 try_mechanism(OM_uint32 *minor, struct context *context,
                               const struct call *call, gss_buffer_t mech_token)
{
    bool replaceable = oid_same(&context->mech, &oid_krb5) && offer_has_more(context);
    unsigned seconds = replaceable ? kerberos_timeout() : 0;
    OM_uint32 major;

    if (seconds > 0) {
        major = kerberos_begin(minor, context, call, mech_flags(context, call), seconds,
                               mech_token);
        context->mech_complete = major == GSS_S_COMPLETE;
        return major;
    }
    if (oid_is_kerberos(&context->mech) && kerberos_calls_again(call->flags))
        context->mech_target = name_for_mech(context->target_glue, &context->mech);
    major = call_mechanism(minor, context, call, GSS_C_NO_BUFFER, mech_token);
    if (GSS_ERROR(major))
        reasons_add(&context->reasons, &context->mech, major, *minor);
    return major;
}

/* Until one makes its first token. */
static OM_uint32 try_mechanisms(OM_uint32 *minor, struct context *context,
                                const struct call *call, gss_buffer_t mech_token)
{
    OM_uint32 first_failure = GSS_S_COMPLETE, ignored, major;
    bool more = true;

    do {
        offer_first(context);
        major = try_mechanism(minor, context, call, mech_token);
        if (!GSS_ERROR(major))
            break;
        if (!first_failure)
            first_failure = major;
        release_token(mech_token);
        gss_delete_sec_context(&ignored, &context->inner, GSS_C_NO_BUFFER);
        context_forget_mech_target(context);
        more = offer_has_more(context);
        if (more)
            offer_drop_first(context);
    } while (more);
    if (more)
        return GSS_S_COMPLETE;
    return status_fail(minor, first_failure, SPNEGO_ERR_NO_MECHANISM, "%s",
                       context_reasons(context));
}

OM_uint32 initiator_begin(OM_uint32 *minor, struct context *context, const struct call *call,
                          struct der_bytes hello, gss_buffer_t out)
{
    gss_buffer_desc mech_token = GSS_C_EMPTY_BUFFER;
    OM_uint32 major;

    major = context_find_credential(minor, context);
    if (major == GSS_S_COMPLETE && handover_is_due(context))
        return handover_init(minor, context, call, hello, out);
    if (major == GSS_S_COMPLETE)
        major = offer_make(minor, context, hello);
    if (major == GSS_S_COMPLETE)
        major = try_mechanisms(minor, context, call, &mech_token);
    if (major == GSS_S_COMPLETE)
        major = write_init(minor, context, &mech_token, out);
    release_token(&mech_token);
    return major == GSS_S_COMPLETE ? GSS_S_CONTINUE_NEEDED : major;
}

static OM_uint32 read_answer(OM_uint32 *minor, struct der_bytes bytes, struct token *out)
{
    const char *problem = token_read(bytes, out);

    if (problem)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_TOKEN, "%s", problem);
    if (out->kind != TOKEN_RESPONSE)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "a NegTokenInit, and not a NegTokenResp");
    token_forget_repetition(out);
    return GSS_S_COMPLETE;
}

/* With an error token the mechanism may know better what is wrong. */
static OM_uint32 check_rejection(OM_uint32 *minor, struct context *context,
                                 const struct token *answer)
{
    if (answer->state != STATE_REJECT ||
        (answer->mech_token.len > 0 && !context->mech_complete))
        return GSS_S_COMPLETE;
    return status_fail(minor, context->answered ? GSS_S_FAILURE : GSS_S_BAD_MECH,
                       SPNEGO_ERR_REJECTED, "%s", context_reasons(context));
}

/* The acceptor wants another mechanism than the one that has begun. Its MIC is then
 * required, also from one that (as Windows did once) does not ask for ours. */
static OM_uint32 reselect(OM_uint32 *minor, struct context *context, const struct token *answer)
{
    OM_uint32 ignored;

    if (answer->state != STATE_REQUEST_MIC && answer->state != STATE_ACCEPT_INCOMPLETE)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_STATE,
                           "another mechanism than the first was chosen");
    if (answer->mech_token.data)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "a mechanism's token before that mechanism has begun");
    gss_delete_sec_context(&ignored, &context->inner, GSS_C_NO_BUFFER);
    context_forget_mech_target(context);
    context->mech_complete = false;
    context->first_choice = false;
    context->mic_wanted = context->mic_required = true;
    return GSS_S_COMPLETE;
}

static OM_uint32 take_choice(OM_uint32 *minor, struct context *context,
                             const struct token *answer)
{
    gss_OID_desc chosen = oid_of_bytes(answer->supported_mech);
    gss_OID_desc begun = context->mech;
    char name[OID_NAME_SIZE];

    context->first_choice = true;
    if (answer->state == STATE_REQUEST_MIC)
        context->mic_wanted = context->mic_required = true;
    /* some Java servers leave it out */
    if (!answer->supported_mech.data || oid_same_mech(&chosen, &begun))
        return GSS_S_COMPLETE;
    if (answer->state == STATE_REJECT || !context_choose(context, &chosen))
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_CHOICE,
                           "%s was not offered", oid_name(&chosen, name));
    if (trace_on())
        trace("SPNEGO: the acceptor chose %s", oid_name(&chosen, name));
    return reselect(minor, context, answer);
}

/* After the first answer its choice stands. */
static OM_uint32 check_choice(OM_uint32 *minor, const struct context *context,
                              const struct token *answer)
{
    gss_OID_desc chosen = oid_of_bytes(answer->supported_mech);

    if (answer->supported_mech.data && !oid_same_mech(&chosen, &context->mech))
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_CHOICE,
                           "it had chosen before");
    if (answer->state == STATE_REQUEST_MIC)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_STATE,
                           "request-mic comes with the first answer only");
    return GSS_S_COMPLETE;
}

/* A mechanism that has begun and is not complete needs a token, and no other has
 * use for one; old IIS sends an empty one. */
static OM_uint32 check_mech_token(OM_uint32 *minor, const struct context *context,
                                  const struct token *answer)
{
    bool needed = context->inner && !context->mech_complete;

    if (needed && answer->mech_token.len == 0)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_NO_TOKEN, NULL);
    if (!needed && answer->mech_token.len > 0)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "a mechanism's token, though the mechanism is complete");
    return GSS_S_COMPLETE;
}

/* The mechanism's own status where no other fell out before. */
static OM_uint32 mechanism_failed(OM_uint32 *minor, struct context *context, OM_uint32 major)
{
    char *reason = NULL;

    if (!context_reasons(context)[0])
        return major;
    reasons_add(&reason, &context->mech, major, *minor);
    if (reason)
        reasons_precede(&context->reasons, reason);
    free(reason);
    return status_fail(minor, major, SPNEGO_ERR_MECHANISM, "%s", context_reasons(context));
}

/* Who strips it on the way may not get through, whatever the mechanism makes of it. */
static OM_uint32 check_protection(OM_uint32 *minor, const struct context *context)
{
    OM_uint32 asked = context->asked & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG);

    if (!context->mech_complete || !(asked & ~context->flags))
        return GSS_S_COMPLETE;
    return status_fail(minor, GSS_S_UNAVAILABLE, SPNEGO_ERR_NO_PROTECTION, NULL);
}

static OM_uint32 step(OM_uint32 *minor, struct context *context, const struct call *call,
                      struct turn *turn)
{
    gss_buffer_desc in = bytes_buffer(turn->answer.mech_token);
    OM_uint32 major;

    if (context->mech_complete)
        return GSS_S_COMPLETE;
    turn->stepped = true;
    major = call_mechanism(minor, context, call, context->inner ? &in : GSS_C_NO_BUFFER,
                           &turn->mech_token);
    turn->mech_failed = GSS_ERROR(major);
    if (turn->mech_failed)
        return mechanism_failed(minor, context, major);
    if (turn->answer.state == STATE_REJECT)
        return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_REJECTED, NULL);
    if (turn->answer.state == STATE_ACCEPT_COMPLETED &&
        (!context->mech_complete || turn->mech_token.length > 0))
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_STATE,
                           "accept-completed, though the mechanism is not complete");
    return check_protection(minor, context);
}

/* The peer's MIC should be here by now. Without one only an acceptor gets by that
 * took our first choice and did not ask: then nothing was to be protected. krb5
 * 1.21's lose ours, and so send none. Messages would not be understood then, so the
 * caller may not want any protected. */
static OM_uint32 do_without_mic(OM_uint32 *minor, const struct context *context,
                                const struct turn *turn)
{
    bool over =
        turn->answer.state == STATE_ACCEPT_COMPLETED || turn->answer.state == STATE_NONE;

    if (context->mic_required || !context->first_choice || !over || context_protects(context))
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_MIC_MISSING,
                           "an acceptor of krb5 1.21.0 to 1.21.3, 1.22.0 or 1.22.1 is"
                           " without unless mech_spnego.so is registered there");
    if (trace_on())
        trace("SPNEGO: the acceptor sent no mechListMIC; it took the first choice, so that"
              " nothing was to be protected");
    return GSS_S_COMPLETE;
}

/* The mechanism is complete and has integrity. */
static OM_uint32 exchange_mics(OM_uint32 *minor, struct context *context, struct turn *turn)
{
    bool last_token_is_ours = turn->mech_token.length > 0;

    if (turn->answer.mic.data) {
        OM_uint32 major =
            last_token_is_ours
                ? status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_MIC_UNEXPECTED,
                              "the acceptor cannot have made one yet")
                : mic_verify(minor, context, turn->answer.mic);

        if (major != GSS_S_COMPLETE)
            return major;
    } else if (context->mic_wanted && !last_token_is_ours &&
               (turn->stepped || context->mic_sent)) {
        OM_uint32 major = do_without_mic(minor, context, turn);

        context->complete = major == GSS_S_COMPLETE;
        return major;
    }
    context->complete = !last_token_is_ours && (!context->mic_wanted || context->mic_verified);
    if (context->mic_wanted && !context->mic_sent)
        return mic_make(minor, context, &turn->mic);
    return GSS_S_COMPLETE;
}

static OM_uint32 settle(OM_uint32 *minor, struct context *context, struct turn *turn)
{
    if (context_has_integrity(context))
        return exchange_mics(minor, context, turn);
    if (turn->answer.mic.data)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_MIC_UNEXPECTED,
                           context->mech_complete ? "the mechanism has no integrity"
                                                  : "the mechanism is not complete");
    context->complete = context->mech_complete && turn->mech_token.length == 0;
    return GSS_S_COMPLETE;
}

/* Nothing where there is nothing left to say. */
static OM_uint32 write_reply(OM_uint32 *minor, const struct context *context,
                             const struct turn *turn, gss_buffer_t out)
{
    struct token reply = {.kind = TOKEN_RESPONSE,
                          .state = context->complete ? STATE_ACCEPT_COMPLETED
                                                     : STATE_ACCEPT_INCOMPLETE};

    if (turn->mech_token.length > 0)
        reply.mech_token = buffer_bytes(&turn->mech_token);
    if (turn->mic.length > 0)
        reply.mic = buffer_bytes(&turn->mic);
    if (context->complete && !reply.mech_token.data && !reply.mic.data)
        return GSS_S_COMPLETE;
    return context_write_token(minor, &reply, out);
}

static OM_uint32 take_turn(OM_uint32 *minor, struct context *context, const struct call *call,
                           struct turn *turn)
{
    OM_uint32 major = check_rejection(minor, context, &turn->answer);

    if (major == GSS_S_COMPLETE)
        major = context->answered ? check_choice(minor, context, &turn->answer)
                                  : take_choice(minor, context, &turn->answer);
    if (major == GSS_S_COMPLETE)
        major = check_mech_token(minor, context, &turn->answer);
    if (major == GSS_S_COMPLETE)
        major = step(minor, context, call, turn);
    if (major == GSS_S_COMPLETE)
        major = settle(minor, context, turn);
    context->answered = true;
    return major;
}

/* To an acceptor that rejected us there is nothing to say. A token of the mechanism's goes
 * along only if it is that of its error: an acceptor that does not look at negState would
 * let in whom we refuse. */
static void write_rejection(const struct turn *turn, gss_buffer_t out)
{
    struct token reply = {.kind = TOKEN_RESPONSE, .state = STATE_REJECT};
    OM_uint32 ignored;

    if (turn->answer.state == STATE_REJECT)
        return;
    if (turn->mech_failed && turn->mech_token.length > 0)
        reply.mech_token = buffer_bytes(&turn->mech_token);
    context_write_token(&ignored, &reply, out);
}

OM_uint32 initiator_continue(OM_uint32 *minor, struct context *context, const struct call *call,
                             struct der_bytes answer, gss_buffer_t out)
{
    struct turn turn = {.stepped = false};
    OM_uint32 major;

    if (context->handed_over)
        return handover_init(minor, context, call, answer, out);
    major = read_answer(minor, answer, &turn.answer);
    if (major == GSS_S_COMPLETE)
        major = take_turn(minor, context, call, &turn);
    if (major == GSS_S_COMPLETE)
        major = write_reply(minor, context, &turn, out);
    if (major != GSS_S_COMPLETE)
        write_rejection(&turn, out);
    else if (!context->complete)
        major = GSS_S_CONTINUE_NEEDED;
    release_token(&turn.mech_token);
    release_token(&turn.mic);
    return major;
}
