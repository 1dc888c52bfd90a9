/* SPDX-License-Identifier: MIT */
/* context.c - the life of a context, and the list of mechanisms in it. */

#include "config.h"

#include "spnego/context.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/module.h"
#include "spnego/oids.h"
#include "spnego/status.h"

struct context *context_new(bool initiator, gss_cred_id_t handle)
{
    struct context *made = calloc(1, sizeof(*made));

    if (made) {
        made->initiator = initiator;
        made->credential = credential_hold(credential_of_handle(handle));
    }
    return made;
}

void context_free(struct context *context)
{
    OM_uint32 ignored;

    if (!context)
        return;
    gss_delete_sec_context(&ignored, &context->inner, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &context->source);
    gss_release_cred(&ignored, &context->delegated);
    credential_drop(context->credential);
    free(context->mech_types);
    free(context->reasons);
    free(context);
}

OM_uint32 context_find_credential(OM_uint32 *minor, struct context *context)
{
    OM_uint32 major = GSS_S_COMPLETE;

    if (!context->credential)
        major = credential_default(minor, context->initiator ? GSS_C_INITIATE : GSS_C_ACCEPT,
                                   &context->credential);
    if (major == GSS_S_COMPLETE && context->credential->reasons && !context->reasons)
        context->reasons = strdup(context->credential->reasons);
    return major;
}

struct der_bytes context_mech_types(const struct context *context)
{
    return (struct der_bytes){context->mech_types, context->mech_types_len};
}

OM_uint32 context_set_mech_types(OM_uint32 *minor, struct context *context,
                                 struct der_bytes mech_types)
{
    uint8_t *copy = malloc(mech_types.len);

    if (!copy)
        return status_no_memory(minor);
    memcpy(copy, mech_types.data, mech_types.len);
    free(context->mech_types);
    context->mech_types = copy;
    context->mech_types_len = mech_types.len;
    context->mech = (gss_OID_desc){0, NULL};
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
    size_t size = token_write(token, NULL);
    uint8_t *bytes = malloc(size);

    if (!bytes)
        return status_no_memory(minor);
    token_write(token, bytes + size);
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
