/* SPDX-License-Identifier: MIT */
/* leg.c - the course of a leg, for either side. A token always goes by way of
 * the context's `pending`, so that one that does not fit into the caller's
 * buffer is still there when the call is made again. */

#include "config.h"

#include "leg.h"

#include "buffer.h"
#include "timestamp.h"

/* The same bit on both sides. */
static bool allocates(const struct leg *leg)
{
    return (leg->requested & ISC_REQ_ALLOCATE_MEMORY) != 0;
}

bool leg_input(const struct leg *leg, gss_buffer_t token)
{
    const SecBuffer *buffer = buffer_find(leg->input, SECBUFFER_TOKEN);

    token->length = 0;
    token->value = NULL;
    if (!buffer || !buffer->pvBuffer || buffer->cbBuffer == 0)
        return false;
    token->length = buffer->cbBuffer;
    token->value = buffer->pvBuffer;
    return true;
}

void leg_use(struct context *context, struct credential *credential)
{
    object_retain(&credential->object);
    if (context->credential)
        object_release(&context->credential->object);
    context->credential = credential;
    context->package = credential->package;
}

/* A mechanism need not know the lifetime before the context is complete. */
void leg_set_expiry(struct context *context, SECURITY_STATUS status, OM_uint32 lifetime)
{
    if (status != SEC_E_OK && lifetime == 0)
        lifetime = GSS_C_INDEFINITE;
    context->expiry = timestamp_after(lifetime);
}

static void forget(struct context *context)
{
    OM_uint32 minor;

    if (context->gss != GSS_C_NO_CONTEXT)
        gss_delete_sec_context(&minor, &context->gss, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &context->own);
    delegation_release(context->delegation);
    context->delegation = NULL;
    gss_release_buffer(&minor, &context->pending);
    context->gss_flags = 0;
    context->bound = false;
    context->used = false;
    context->chosen = NULL;
}

/* Nothing to send, which is a token as well: that of no bytes. */
static void give_nothing(const struct leg *leg)
{
    SecBuffer *where = buffer_find(leg->output, SECBUFFER_TOKEN);

    if (!where)
        return;
    where->cbBuffer = 0;
    if (allocates(leg))
        where->pvBuffer = NULL;
}

/* The peer is told why, if the caller wants that. One that does not fit is
 * lost: there is no context left that could keep it. */
static void give_error(const struct leg_side *side, const struct leg *leg,
                       const gss_buffer_desc *token)
{
    if (!(leg->requested & side->extended_error))
        return;
    if (leg->attributes)
        *leg->attributes = side->extended_error;
    if (token->length == 0 || buffer_give(leg->output, allocates(leg), token) != SEC_E_OK)
        give_nothing(leg);
}

static SECURITY_STATUS give(struct context *context, const struct leg *leg)
{
    SECURITY_STATUS status;
    OM_uint32 minor;

    if (context->pending.length == 0) {
        give_nothing(leg);
    } else {
        status = buffer_give(leg->output, allocates(leg), &context->pending);
        if (status != SEC_E_OK)
            return status;
        gss_release_buffer(&minor, &context->pending);
    }
    if (leg->attributes)
        *leg->attributes = context->attributes;
    if (leg->expiry)
        *leg->expiry = context->expiry;
    return context->pending_status;
}

static SECURITY_STATUS take_step(const struct leg_side *side, struct context *context,
                                 const struct leg *leg)
{
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    SECURITY_STATUS status = SEC_E_OK;
    OM_uint32 minor;

    context->requested = leg->requested;
    if (context->stage == CONTEXT_NEW)
        status = side->begin(context, leg);
    if (status == SEC_E_OK)
        status = side->step(context, leg, &token);
    if (FAILED(status)) {
        give_error(side, leg, &token);
        gss_release_buffer(&minor, &token);
        forget(context);
        context->stage = CONTEXT_DEAD;
        return status;
    }
    if (token.length == 0)
        gss_release_buffer(&minor, &token);
    context->stage = status == SEC_E_OK ? CONTEXT_COMPLETE : CONTEXT_HALF;
    context->pending = token;
    context->pending_status = status;
    return SEC_E_OK;
}

/* Gives the context its handle, and the caller the token; or neither. Takes
 * over the reference to the context. */
static SECURITY_STATUS hand_out(struct context *context, const struct leg *leg)
{
    SecHandle handle;
    SECURITY_STATUS status = handle_open(&handle, &context->object);

    if (status != SEC_E_OK) {
        object_release(&context->object);
        return status;
    }
    status = give(context, leg);
    if (FAILED(status))
        handle_close(&handle, HANDLE_CONTEXT);
    else
        *leg->new_context = handle;
    return status;
}

static SECURITY_STATUS first(const struct leg_side *side, const struct leg *leg)
{
    struct credential *credential = credential_get(leg->credential);
    struct context *context = NULL;
    SECURITY_STATUS status = SEC_E_INVALID_HANDLE;

    if (!credential || !leg->new_context)
        goto out;
    status = buffer_can_give(leg->output, allocates(leg));
    if (status != SEC_E_OK)
        goto out;
    context = context_new(side->initiator, credential->package, credential);
    status = context ? take_step(side, context, leg) : SEC_E_INSUFFICIENT_MEMORY;
    if (status == SEC_E_OK) {
        status = hand_out(context, leg);
        context = NULL;
    }
out:
    if (context)
        object_release(&context->object);
    if (credential)
        object_release(&credential->object);
    return status;
}

/* A call after success begins a fresh exchange behind the same handle, with
 * the credential it brings or the one there was. */
static SECURITY_STATUS start_over(struct context *context, struct credential *credential)
{
    if (credential)
        leg_use(context, credential);
    if (!context->credential)
        return SEC_E_INVALID_HANDLE;
    forget(context);
    context->start = timestamp_after(0);
    context->stage = CONTEXT_NEW;
    return SEC_E_OK;
}

static SECURITY_STATUS continue_with(const struct leg_side *side, struct context *context,
                                     struct credential *credential, const struct leg *leg)
{
    SecBuffer *where = buffer_find(leg->output, SECBUFFER_TOKEN);
    SECURITY_STATUS status = SEC_E_OK;

    if (!context->pending.value) {
        if (context->stage == CONTEXT_COMPLETE)
            status = start_over(context, credential);
        if (status == SEC_E_OK)
            status = take_step(side, context, leg);
        if (status != SEC_E_OK)
            return status;
    }
    status = give(context, leg);
    if (status == SEC_E_BUFFER_TOO_SMALL && where)
        where->cbBuffer = (ULONG)context->pending.length;
    return status;
}

static SECURITY_STATUS later(const struct leg_side *side, const struct leg *leg)
{
    struct context *context = context_enter(leg->context);
    struct credential *credential = NULL;
    SECURITY_STATUS status = SEC_E_INVALID_HANDLE;

    if (!context || context->stage == CONTEXT_DEAD || context->initiator != side->initiator)
        goto out;
    if (leg->credential && !(credential = credential_get(leg->credential)))
        goto out;
    status = continue_with(side, context, credential, leg);
    if (!FAILED(status) && leg->new_context)
        *leg->new_context = *leg->context;
out:
    if (credential)
        object_release(&credential->object);
    context_leave(context);
    return status;
}

SECURITY_STATUS leg_run(const struct leg_side *side, const struct leg *leg)
{
    return leg->context ? later(side, leg) : first(side, leg);
}
