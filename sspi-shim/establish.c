/* SPDX-License-Identifier: MIT */
/* establish.c - the part of establishing a context that is the same for both
 * sides. A token always goes by way of the context's `pending`, so that one that
 * does not fit into the caller's buffer is still there when the call is
 * repeated. */

#include "config.h"

#include "establish.h"

#include "buffer.h"
#include "support/outputs.h"
#include "timestamp.h"

/* The bit is the same on both sides. */
static bool allocates(const struct establish *call)
{
    return (call->requested & ISC_REQ_ALLOCATE_MEMORY) != 0;
}

/* What is in the new handle's place stays: it may be a handle of the caller's. */
void establish_begin(const struct establish *call)
{
    EMPTY(call->attributes);
    EMPTY(call->expiry);
}

static void give_empty_token(const struct establish *call)
{
    SecBuffer *buffer = buffer_find(call->output, SECBUFFER_TOKEN);

    if (!buffer)
        return;
    buffer->cbBuffer = 0;
    if (allocates(call))
        buffer->pvBuffer = NULL;
}

/* The caller's own memory is still there for the next try. */
SECURITY_STATUS establish_refuse(const struct establish *call, SECURITY_STATUS status)
{
    if (allocates(call))
        give_empty_token(call);
    return status;
}

static SECURITY_STATUS enter_new(struct establish *call, struct credential *credential)
{
    SECURITY_STATUS status;

    if (!credential || !call->new_context_handle)
        return SEC_E_INVALID_HANDLE;
    status = buffer_can_give(call->output, allocates(call));
    if (status != SEC_E_OK)
        return status;
    call->context = context_new(call->initiator, credential->package, credential);
    return call->context ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY;
}

/* A call after success begins a new exchange with the same handle, and with the
 * credential of the call or else the former one. */
static SECURITY_STATUS begin_again(struct context *context, struct credential *credential)
{
    if (credential)
        context_set_credential(context, credential);
    if (!context->credential) /* it was imported */
        return SEC_E_INVALID_HANDLE;
    context_reset(context);
    context->start = timestamp_after(0);
    context->stage = CONTEXT_NEW;
    return SEC_E_OK;
}

static SECURITY_STATUS enter_known(struct establish *call, struct credential *credential)
{
    struct context *context = context_enter(call->context_handle);
    SECURITY_STATUS status = SEC_E_INVALID_HANDLE;

    if (!context || context->stage == CONTEXT_DEAD || context->initiator != call->initiator)
        goto out;
    if (call->credential_handle && !credential)
        goto out;
    status = SEC_E_OK;
    call->repeated = context->pending.value != NULL;
    if (!call->repeated && context->stage == CONTEXT_COMPLETE)
        status = begin_again(context, credential);
out:
    if (status == SEC_E_OK)
        call->context = context;
    else
        context_leave(context);
    return status;
}

SECURITY_STATUS establish_enter(struct establish *call)
{
    struct credential *credential = credential_get(call->credential_handle);
    SECURITY_STATUS status;

    call->context = NULL;
    call->repeated = false;
    status = call->context_handle ? enter_known(call, credential) : enter_new(call, credential);
    if (credential)
        object_release(&credential->object);
    if (status != SEC_E_OK)
        return establish_refuse(call, status);
    call->context->requested = call->requested;
    return SEC_E_OK;
}

/* An error token that does not fit is lost: the context that could keep it is
 * dead. */
static void give_error_token(const struct establish *call, const gss_buffer_desc *token)
{
    if (!(call->requested & call->extended_error)) {
        if (allocates(call))
            give_empty_token(call);
        return;
    }
    if (call->attributes)
        *call->attributes = call->extended_error;
    if (token->length == 0 || buffer_give(call->output, allocates(call), token) != SEC_E_OK)
        give_empty_token(call);
}

static void fail(const struct establish *call, gss_buffer_t token)
{
    OM_uint32 minor;

    give_error_token(call, token);
    gss_release_buffer(&minor, token);
    context_reset(call->context);
    call->context->stage = CONTEXT_DEAD;
}

static void succeed(struct context *context, SECURITY_STATUS status, gss_buffer_t token)
{
    OM_uint32 minor;

    if (token->length == 0)
        gss_release_buffer(&minor, token);
    context->stage = status == SEC_E_OK ? CONTEXT_COMPLETE : CONTEXT_HALF;
    context->pending = *token;
    context->pending_status = status;
    *token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
}

static SECURITY_STATUS give_results(const struct establish *call)
{
    struct context *context = call->context;
    SECURITY_STATUS status;
    OM_uint32 minor;

    if (context->pending.length == 0) {
        give_empty_token(call);
    } else {
        status = buffer_give(call->output, allocates(call), &context->pending);
        if (status != SEC_E_OK)
            return status;
        gss_release_buffer(&minor, &context->pending);
    }
    if (call->attributes)
        *call->attributes = context->attributes;
    if (call->expiry)
        *call->expiry = context->expiry;
    return context->pending_status;
}

/* The handle and the results, or neither. Takes over the reference to the
 * context. */
static SECURITY_STATUS give_handle(const struct establish *call)
{
    SecHandle handle;
    SECURITY_STATUS status = handle_open(&handle, &call->context->object);

    if (status != SEC_E_OK) {
        object_release(&call->context->object);
        return status;
    }
    status = give_results(call);
    if (FAILED(status))
        handle_close(&handle, HANDLE_CONTEXT);
    else
        *call->new_context_handle = handle;
    return status;
}

static SECURITY_STATUS leave_new(const struct establish *call, SECURITY_STATUS status)
{
    if (!FAILED(status))
        return give_handle(call);
    object_release(&call->context->object);
    return status;
}

static SECURITY_STATUS leave_known(const struct establish *call, SECURITY_STATUS status)
{
    SecBuffer *buffer = buffer_find(call->output, SECBUFFER_TOKEN);

    if (!FAILED(status))
        status = give_results(call);
    if (status == SEC_E_BUFFER_TOO_SMALL && buffer && call->context->pending.value)
        buffer->cbBuffer = (ULONG)call->context->pending.length;
    if (!FAILED(status) && call->new_context_handle)
        *call->new_context_handle = *call->context_handle;
    context_leave(call->context);
    return status;
}

SECURITY_STATUS establish_leave(struct establish *call, SECURITY_STATUS status,
                                gss_buffer_t token)
{
    if (FAILED(status))
        fail(call, token);
    else if (!call->repeated)
        succeed(call->context, status, token);
    return call->context_handle ? leave_known(call, status) : leave_new(call, status);
}
