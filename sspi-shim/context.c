/* SPDX-License-Identifier: MIT */
/* context.c - a context's life: made, entered, left, deleted. How one is
 * established is in leg.c, initiate.c and accept.c. */

#include "config.h"

#include "context.h"

#include <stdlib.h>

#include "status.h"
#include "timestamp.h"
#include "unicode.h"

static void destroy(struct object *object)
{
    struct context *context = (struct context *)object;
    OM_uint32 minor;

    if (context->gss != GSS_C_NO_CONTEXT)
        gss_delete_sec_context(&minor, &context->gss, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &context->own);
    delegation_release(context->delegation);
    gss_release_buffer(&minor, &context->pending);
    if (context->credential)
        object_release(&context->credential->object);
    unicode_free(context->target);
    pthread_mutex_destroy(&context->lock);
    free(context);
}

/* Whoever had it was somewhere in a mechanism, and left there what nobody can go
 * on with, or free. */
static void lose(struct object *object)
{
    struct context *context = (struct context *)object;

    if (pthread_mutex_trylock(&context->lock) == 0) {
        pthread_mutex_unlock(&context->lock);
        return;
    }
    pthread_mutex_init(&context->lock, NULL);
    context->stage = CONTEXT_DEAD;
}

struct context *context_new(bool initiator, const struct package *package,
                            struct credential *credential)
{
    struct context *context = calloc(1, sizeof(*context));

    if (!context)
        return NULL;
    object_init(&context->object, HANDLE_CONTEXT, destroy);
    context->object.lost = lose;
    pthread_mutex_init(&context->lock, NULL);
    context->initiator = initiator;
    context->package = package;
    if (credential) {
        object_retain(&credential->object);
        context->credential = credential;
    }
    context->own = GSS_C_NO_CREDENTIAL;
    context->gss = GSS_C_NO_CONTEXT;
    context->start = timestamp_after(0);
    context->expiry = timestamp_after(GSS_C_INDEFINITE);
    return context;
}

struct context *context_enter(const SecHandle *handle)
{
    struct context *context = (struct context *)handle_get(handle, HANDLE_CONTEXT);

    if (context)
        pthread_mutex_lock(&context->lock);
    return context;
}

void context_leave(struct context *context)
{
    if (!context)
        return;
    /* In this order: the reference may be the last, after a deletion. */
    pthread_mutex_unlock(&context->lock);
    object_release(&context->object);
}

SECURITY_STATUS context_enter_complete(const SecHandle *handle, struct context **context)
{
    *context = context_enter(handle);
    if (*context && (*context)->stage == CONTEXT_COMPLETE)
        return SEC_E_OK;
    context_leave(*context);
    *context = NULL;
    return SEC_E_INVALID_HANDLE;
}

SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext)
{
    return handle_close(phContext, HANDLE_CONTEXT);
}

/* The lifetime is asked for first: of a context that has ended MIT's mechglue
 * gives no names, and loses those that it had from the mechanism. */
SECURITY_STATUS context_names(const struct context *context, gss_name_t *client,
                              gss_name_t *server)
{
    OM_uint32 major, minor, lifetime;

    if (client)
        *client = GSS_C_NO_NAME;
    if (server)
        *server = GSS_C_NO_NAME;
    if (gss_context_time(&minor, context->gss, &lifetime) == GSS_S_CONTEXT_EXPIRED)
        return SEC_E_CONTEXT_EXPIRED;
    major =
        gss_inquire_context(&minor, context->gss, client, server, NULL, NULL, NULL, NULL, NULL);
    return status_of(major, minor, context->package->mech);
}
