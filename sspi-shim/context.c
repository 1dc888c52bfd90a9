/* SPDX-License-Identifier: MIT */
/* context.c - making, entering, leaving and deleting contexts. How one is
 * established is in establish.c, initiate.c and accept.c. */

#include "config.h"

#include "context.h"

#include <stdlib.h>

#include "status.h"
#include "timestamp.h"
#include "unicode.h"

void context_reset(struct context *context)
{
    OM_uint32 minor;

    if (context->gss != GSS_C_NO_CONTEXT)
        gss_delete_sec_context(&minor, &context->gss, GSS_C_NO_BUFFER);
    gss_release_cred(&minor, &context->own_cred);
    delegation_release(context->delegation);
    context->delegation = NULL;
    gss_release_buffer(&minor, &context->pending);
    context->gss_flags = 0;
    context->bound = false;
    context->used = false;
    context->chosen = NULL;
}

static void destroy(struct object *object)
{
    struct context *context = (struct context *)object;

    context_reset(context);
    if (context->credential)
        object_release(&context->credential->object);
    unicode_free(context->target);
    pthread_mutex_destroy(&context->lock);
    free(context);
}

/* In a forked child: the thread that has the lock is not here, and what it left
 * inside of a mechanism can neither be used nor freed. */
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
    context->own_cred = GSS_C_NO_CREDENTIAL;
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
    /* In this order: the reference may be the last one. */
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

void context_set_credential(struct context *context, struct credential *credential)
{
    object_retain(&credential->object);
    if (context->credential)
        object_release(&context->credential->object);
    context->credential = credential;
    context->package = credential->package;
}

/* A mechanism need not know the lifetime before the context is complete. */
void context_set_expiry(struct context *context, SECURITY_STATUS status, OM_uint32 lifetime)
{
    if (status != SEC_E_OK && lifetime == 0)
        lifetime = GSS_C_INDEFINITE;
    context->expiry = timestamp_after(lifetime);
}

SECURITY_STATUS SEC_ENTRY DeleteSecurityContext(PCtxtHandle phContext)
{
    return handle_close(phContext, HANDLE_CONTEXT);
}

/* The lifetime is asked first: gss_inquire_context of an expired context gives no
 * names, and MIT's mechglue leaks those that the mechanism gave it. */
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
