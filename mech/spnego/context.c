/* SPDX-License-Identifier: MIT */
/* context.c - the life of a context, and the list of mechanisms in it. */

#include "config.h"

#include "spnego/context.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/module.h"
#include "spnego/name.h"
#include "spnego/oids.h"
#include "spnego/status.h"

struct context *context_new(bool initiator, gss_cred_id_t handle)
{
    struct context *made = malloc(sizeof(*made)); /* glibc's calloc is slower */

    if (made)
        *made = (struct context){
            .initiator = initiator,
            .credential = credential_hold(credential_of_handle(handle)),
        };
    return made;
}

static void free_mech_types(struct context *context)
{
    if (context->mech_types != context->mech_types_room)
        free(context->mech_types);
}

void context_forget_mech_target(struct context *context)
{
    OM_uint32 ignored;

    if (context->mech_target)
        gss_release_name(&ignored, &context->mech_target);
}

void context_forget_target(struct context *context)
{
    context_forget_mech_target(context);
    name_drop(context->target);
    context->target = context->target_glue = GSS_C_NO_NAME;
}

void context_forget_peer(struct context *context)
{
    OM_uint32 ignored;

    if (context->source)
        gss_release_name(&ignored, &context->source);
    if (context->delegated)
        gss_release_cred(&ignored, &context->delegated);
}

void context_free(struct context *context)
{
    OM_uint32 ignored;

    if (!context)
        return;
    gss_delete_sec_context(&ignored, &context->inner, GSS_C_NO_BUFFER);
    context_forget_target(context);
    context_forget_peer(context);
    credential_drop(context->credential);
    free_mech_types(context);
    free(context->reasons);
    free(context);
}

OM_uint32 context_find_credential(OM_uint32 *minor, struct context *context)
{
    if (context->credential)
        return GSS_S_COMPLETE;
    return credential_default(minor, context->initiator ? GSS_C_INITIATE : GSS_C_ACCEPT,
                              &context->credential);
}

const char *context_reasons(struct context *context)
{
    if (context->credential && context->credential->reasons && !context->has_all_reasons) {
        context->has_all_reasons = true;
        reasons_join(&context->reasons, context->credential->reasons);
    }
    return context->reasons ? context->reasons : "";
}

struct der_bytes context_mech_types(const struct context *context)
{
    return (struct der_bytes){context->mech_types, context->mech_types_len};
}

uint8_t *context_new_mech_types(struct context *context, size_t size)
{
    uint8_t *room = size <= MECH_TYPES_ROOM ? context->mech_types_room : malloc(size);

    if (!room)
        return NULL;
    free_mech_types(context);
    context->mech_types = room;
    context->mech_types_len = size;
    context->mech = (gss_OID_desc){0, NULL};
    return room;
}

OM_uint32 context_set_mech_types(OM_uint32 *minor, struct context *context,
                                 struct der_bytes mech_types)
{
    uint8_t *copy = context_new_mech_types(context, mech_types.len);

    if (!copy)
        return status_no_memory(minor);
    memcpy(copy, mech_types.data, mech_types.len);
    return GSS_S_COMPLETE;
}

bool context_choose(struct context *context, gss_const_OID mech)
{
    struct der_bytes list = context_mech_types(context), cursor = {NULL, 0}, oid;

    while (token_next_mech(list, &cursor, &oid)) {
        gss_OID_desc listed = oid_of_bytes(oid);

        if (oid_same_mech(&listed, mech)) {
            context->mech = listed;
            return true;
        }
    }
    return false;
}

OM_uint32 context_write_token(OM_uint32 *minor, const struct token *token, gss_buffer_t out)
{
    size_t most = token_size_max(token), size;
    uint8_t *bytes = malloc(most);

    if (!bytes)
        return status_no_memory(minor);
    size = token_write(token, bytes + most);
    memmove(bytes, bytes + most - size, size);
    *out = (gss_buffer_desc){size, bytes};
    return GSS_S_COMPLETE;
}

OM_uint32 context_flags(const struct context *context)
{
    OM_uint32 flags = context->flags;

    /* Kerberos always has it, asked or not, and says so */
    if (context->initiator && !context_protects(context) &&
        !oid_is_kerberos(context->actual_mech))
        flags &= ~(OM_uint32)GSS_C_INTEG_FLAG;
    /* messages and export have to wait for the negotiation's end */
    if (!context->complete)
        flags &= ~(OM_uint32)(GSS_C_PROT_READY_FLAG | GSS_C_TRANS_FLAG);
    return flags;
}

EXPORTED OM_uint32 gssi_delete_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                           gss_buffer_t token)
{
    *minor = 0;
    if (token)
        *token = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    context_free(context_of_handle(*handle));
    *handle = GSS_C_NO_CONTEXT;
    return GSS_S_COMPLETE;
}
