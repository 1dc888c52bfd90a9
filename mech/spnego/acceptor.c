/* SPDX-License-Identifier: MIT */
/* acceptor.c - the acceptor's side of the negotiation. How mechListMICs are made is
 * in mic.c. */

#include "config.h"

#include "spnego/acceptor.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/handover.h"
#include "spnego/iakerb.h"
#include "spnego/mic.h"
#include "spnego/offer.h"
#include "spnego/oids.h"
#include "spnego/status.h"
#include "support/trace.h"

/* A token of the initiator's, and what becomes of it. */
struct turn {
    struct token in;
    bool stepped;               /* the mechanism was called */
    bool mech_failed;           /* and failed */
    gss_buffer_desc mech_token; /* what it has to say */
    gss_buffer_desc mic;
    enum token_state state;
};

/* ---- choosing ---- */

static bool has_credential(const struct context *context, gss_const_OID mech)
{
    gss_OID_set order = credential_order(context->credential);

    for (size_t i = 0; i < order->count; i++)
        if (oid_same_mech(&order->elements[i], mech))
            return true;
    return false;
}

/* The initiator's most wanted one that there is a credential for. */
static OM_uint32 choose(OM_uint32 *minor, struct context *context)
{
    struct der_bytes list = context_mech_types(context), cursor = {NULL, 0}, oid;
    char name[OID_NAME_SIZE];

    context->first_choice = true;
    while (token_next_mech(list, &cursor, &oid)) {
        context->mech = oid_of_bytes(oid);
        if (has_credential(context, &context->mech)) {
            if (trace_on())
                trace("SPNEGO: %s is chosen, the initiator's %s",
                      oid_name(&context->mech, name),
                      context->first_choice ? "first" : "but not its first");
            return GSS_S_COMPLETE;
        }
        context->first_choice = false;
    }
    context->mech = (gss_OID_desc){0, NULL};
    return status_fail(minor, GSS_S_BAD_MECH, SPNEGO_ERR_NONE_IN_COMMON, "%s",
                       context_reasons(context));
}

/* Whether a first token is the chosen mechanism's: the mechglue goes by the token
 * alone, and would take any other mechanism's as well. */
static bool is_chosen_mechs(const struct context *context, struct der_bytes mech_token)
{
    static const char ntlm_signature[] = "NTLMSSP";
    struct der_bytes oid;
    gss_OID_desc mech;

    if (oid_same(&context->mech, &oid_ntlmssp))
        return mech_token.len >= sizeof(ntlm_signature) &&
               memcmp(mech_token.data, ntlm_signature, sizeof(ntlm_signature)) == 0;
    /* DCE style leaves the frame out: RFC 4120's AP-REQ, [APPLICATION 14] */
    if (oid_is_kerberos(&context->mech) && der_next_is(mech_token, DER_APPLICATION_0 + 14))
        return true;
    if (!token_frame_oid(mech_token, &oid))
        return false;
    mech = oid_of_bytes(oid);
    return oid_same_mech(&context->mech, &mech);
}

/* ---- the mechanism ---- */

static OM_uint32 call_mechanism(OM_uint32 *minor, struct context *context,
                                const struct call *call, gss_buffer_t in, gss_buffer_t out)
{
    return gss_accept_sec_context(minor, &context->inner, context->credential->mechs, in,
                                  call->bindings, &context->source, &context->actual_mech, out,
                                  &context->flags, &context->lifetime, &context->delegated);
}

/* By Kerberos, in whose frame the tokens go there and back. */
static OM_uint32 call_kerberos(OM_uint32 *minor, struct context *context,
                               const struct call *call, struct der_bytes token,
                               gss_buffer_t out)
{
    gss_buffer_desc in, answer = GSS_C_EMPTY_BUFFER;
    OM_uint32 major = GSS_S_FAILURE;
    bool enough = iakerb_reframe(token, &oid_iakerb, &oid_krb5, &in);

    if (enough)
        major = call_mechanism(minor, context, call, &in, &answer);
    if (enough && answer.length > 0)
        enough = iakerb_reframe(buffer_bytes(&answer), &oid_krb5, &oid_iakerb, out);
    release_token(&answer);
    free(in.value);
    return enough ? major : status_no_memory(minor);
}

static OM_uint32 step(OM_uint32 *minor, struct context *context, const struct call *call,
                      struct turn *turn)
{
    gss_buffer_desc in = bytes_buffer(turn->in.mech_token);
    OM_uint32 major;

    turn->stepped = true;
    context_forget_peer(context);
    if (!context->inner)
        context->reframed = iakerb_is_ap_req(turn->in.mech_token);
    major = context->reframed
                ? call_kerberos(minor, context, call, turn->in.mech_token, &turn->mech_token)
                : call_mechanism(minor, context, call, &in, &turn->mech_token);
    context->mech_complete = major == GSS_S_COMPLETE;
    turn->mech_failed = GSS_ERROR(major);
    if (turn->mech_failed)
        return major;
    /* An AUTHENTICATE with a MIC has a mechListMIC beside it ([MS-SPNG] 3.3.5.1). One
     * that is there is checked in any case. */
    if (context->mech_complete && !turn->in.mic.data) {
        major = mic_ask_mechanism(minor, context);
        if (major != GSS_S_COMPLETE)
            return major;
        context->mic_required |= context->mic_wanted;
    }
    return GSS_S_COMPLETE;
}

/* ---- each kind of token ---- */

/* Says which mechanisms there are, before the initiator says anything. */
static OM_uint32 speak_first(OM_uint32 *minor, struct context *context, gss_buffer_t out)
{
    struct token hello = {.kind = TOKEN_INIT2};
    OM_uint32 major = offer_make(minor, context, (struct der_bytes){NULL, 0});

    if (major != GSS_S_COMPLETE)
        return major;
    hello.mech_types = context_mech_types(context);
    context->hinted = true;
    major = context_write_token(minor, &hello, out);
    return major == GSS_S_COMPLETE ? GSS_S_CONTINUE_NEEDED : major;
}

static OM_uint32 take_init(OM_uint32 *minor, struct context *context, const struct call *call,
                           struct turn *turn)
{
    OM_uint32 major;

    if (turn->in.kind != TOKEN_INIT)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "an initiator begins with a NegTokenInit");
    major = context_set_mech_types(minor, context, turn->in.mech_types);
    if (major == GSS_S_COMPLETE)
        major = choose(minor, context);
    if (major != GSS_S_COMPLETE)
        return major;
    if (!context->first_choice) {
        context->mic_required = true;
        turn->state = STATE_REQUEST_MIC;
    } else if (turn->in.mech_token.data && is_chosen_mechs(context, turn->in.mech_token)) {
        return step(minor, context, call, turn);
    }
    return GSS_S_COMPLETE;
}

static OM_uint32 take_response(OM_uint32 *minor, struct context *context,
                               const struct call *call, struct turn *turn)
{
    bool has_token = turn->in.mech_token.len > 0;

    if (turn->in.kind != TOKEN_RESPONSE)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "a NegTokenInit, though the negotiation has begun");
    if (turn->in.state == STATE_REJECT)
        return status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_REJECTED, NULL);
    if (turn->in.supported_mech.data)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_CHOICE,
                           "the choice is not the initiator's");
    if (context->mech_complete && has_token)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "a mechanism's token, though the mechanism is complete");
    if (context->mech_complete ? !turn->in.mic.data : !has_token)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_NO_TOKEN, NULL);
    if (!context->inner && !is_chosen_mechs(context, turn->in.mech_token))
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_CHOICE,
                           "the token is another mechanism's than the chosen one");
    return context->mech_complete ? GSS_S_COMPLETE : step(minor, context, call, turn);
}

/* ---- the end ---- */

/* The mechanism is complete and has integrity. */
static OM_uint32 exchange_mics(OM_uint32 *minor, struct context *context, struct turn *turn)
{
    bool last_token_is_ours = turn->mech_token.length > 0;
    OM_uint32 major = GSS_S_COMPLETE;

    if (turn->in.mic.data)
        major = mic_verify(minor, context, turn->in.mic);
    else if (context->mic_required && !last_token_is_ours)
        major = status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_MIC_MISSING, NULL);
    if (major != GSS_S_COMPLETE)
        return major;
    context->complete = context->mic_verified || !context->mic_required;
    if ((context->mic_verified || context->mic_required) && !context->mic_sent)
        return mic_make(minor, context, &turn->mic);
    return GSS_S_COMPLETE;
}

static OM_uint32 settle(OM_uint32 *minor, struct context *context, struct turn *turn)
{
    OM_uint32 major = GSS_S_COMPLETE;

    if (context_has_integrity(context))
        major = exchange_mics(minor, context, turn);
    else if (turn->in.mic.data)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_MIC_UNEXPECTED,
                           context->mech_complete ? "the mechanism has no integrity"
                                                  : "the mechanism is not complete");
    else
        context->complete = context->mech_complete;
    if (context->complete)
        turn->state = STATE_ACCEPT_COMPLETED;
    return major;
}

/* Nothing where there is nothing left to say. */
static OM_uint32 write_reply(OM_uint32 *minor, struct context *context, const struct turn *turn,
                             gss_buffer_t out)
{
    struct token reply = {.kind = TOKEN_RESPONSE, .state = turn->state};

    if (!context->answered && context->mech.length > 0)
        reply.supported_mech = oid_bytes(&context->mech);
    if (turn->mech_token.length > 0)
        reply.mech_token = buffer_bytes(&turn->mech_token);
    if (turn->mic.length > 0)
        reply.mic = buffer_bytes(&turn->mic);
    context->answered = true;
    if (!turn->stepped && context->complete && !reply.mic.data)
        return GSS_S_COMPLETE;
    return context_write_token(minor, &reply, out);
}

/* With the mechanism's own error token, where it has one. */
static void write_rejection(const struct context *context, const struct turn *turn,
                            gss_buffer_t out)
{
    struct token reply = {.kind = TOKEN_RESPONSE, .state = STATE_REJECT};
    OM_uint32 ignored;

    if (turn->in.state == STATE_REJECT)
        return;
    if (!context->answered && context->mech.length > 0)
        reply.supported_mech = oid_bytes(&context->mech);
    if (turn->mech_failed && turn->mech_token.length > 0)
        reply.mech_token = buffer_bytes(&turn->mech_token);
    context_write_token(&ignored, &reply, out);
}

OM_uint32 acceptor_take(OM_uint32 *minor, struct context *context, const struct call *call,
                        struct der_bytes token, gss_buffer_t out)
{
    struct turn turn = {.state = STATE_ACCEPT_INCOMPLETE};
    OM_uint32 major;
    const char *problem;

    major = context_find_credential(minor, context);
    if (major == GSS_S_COMPLETE && handover_is_due(context))
        return handover_accept(minor, context, call, token, out);
    if (major != GSS_S_COMPLETE)
        return major;
    if (token.len == 0 && !context->hinted && !context->mech_types)
        return speak_first(minor, context, out);
    problem = token_read(token, &turn.in);
    if (problem)
        major = status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_TOKEN, "%s", problem);
    token_forget_repetition(&turn.in);
    if (major == GSS_S_COMPLETE)
        major = context->mech.length > 0 ? take_response(minor, context, call, &turn)
                                         : take_init(minor, context, call, &turn);
    if (major == GSS_S_COMPLETE)
        major = settle(minor, context, &turn);
    if (major == GSS_S_COMPLETE)
        major = write_reply(minor, context, &turn, out);
    if (major != GSS_S_COMPLETE)
        write_rejection(context, &turn, out);
    else if (!context->complete)
        major = GSS_S_CONTINUE_NEEDED;
    release_token(&turn.mech_token);
    release_token(&turn.mic);
    return major;
}
