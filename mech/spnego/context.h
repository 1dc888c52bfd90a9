/* SPDX-License-Identifier: MIT */
/* context.h - a negotiation, and the mechanism's context that comes of it. One
 * thread at a time uses a context, as RFC 2744 has it. */

#ifndef SPNEGO_CONTEXT_H
#define SPNEGO_CONTEXT_H

#include <stdbool.h>

#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>

#include "spnego/credential.h"
#include "spnego/token.h"

/* Kerberos under two identifiers, IAKERB, NTLM, and one more. */
#define MECH_TYPES_ROOM 64

struct context {
    bool initiator;
    bool complete;
    bool handed_over;  /* to MIT's SPNEGO: inner is its context */
    bool hinted;       /* acceptor: it has spoken first */
    bool reframed;     /* acceptor: Kerberos takes the tokens of IAKERB's frame */
    bool answered;     /* the acceptor's first NegTokenResp has come, or gone */
    bool first_choice; /* the initiator's most wanted mechanism was taken */

    struct credential *credential; /* the caller's, or the default one */
    uint8_t *mech_types;           /* MechTypeList as it went over the wire; NULL: none yet */
    size_t mech_types_len;
    uint8_t mech_types_room[MECH_TYPES_ROOM]; /* for it, where it is short */
    gss_OID_desc mech; /* the one that is used, or tried, as the list has it: its
                        * bytes are in mech_types. No length: none yet */

    gss_ctx_id_t inner; /* the mechanism's context */
    bool mech_complete;
    gss_OID actual_mech; /* static, the mechglue's */
    OM_uint32 flags, lifetime;
    OM_uint32 asked;         /* initiator: the flags of the first call */
    OM_uint32 required;      /* initiator: the protection that the administrator requires
                              * where NTLM is chosen, asked for or not */
    gss_name_t target;       /* initiator: the caller's handle */
    gss_name_t target_glue;  /* the mechglue's name for it, which is the handle's */
    gss_name_t mech_target;  /* Kerberos' form of it; not there: each call makes its own */
    gss_name_t source;       /* acceptor: who it is; the mechglue's */
    gss_cred_id_t delegated; /* acceptor */

    bool mic_wanted;   /* mechListMICs are exchanged */
    bool mic_required; /* the peer's may not be missing */
    bool mic_sent, mic_verified;

    char *reasons;        /* of the mechanisms that fell out; NULL: none did */
    bool has_all_reasons; /* also those of the mechanisms without a credential */
};

/* What a call of the caller's brings along each time. */
struct call {
    OM_uint32 flags, lifetime;
    gss_channel_bindings_t bindings;
};

/* NULL without memory. The caller's credential is held; no handle: the default one
 * is to be found. */
struct context *context_new(bool initiator, gss_cred_id_t handle);
void context_free(struct context *context); /* NULL is fine */

/* Why mechanisms fell out: those that were tried, and then those that the credential
 * does not have. "": none did. It lasts until more fall out. */
const char *context_reasons(struct context *context);

/* What is needed no more: the target; its form for the mechanism that was tried; whom
 * the acceptor let in. */
void context_forget_target(struct context *context);
void context_forget_mech_target(struct context *context);
void context_forget_peer(struct context *context);

/* Finds the default credential where the caller gave none. */
OM_uint32 context_find_credential(OM_uint32 *minor, struct context *context);

/* Makes this the list that mechListMICs cover: a copy. */
OM_uint32 context_set_mech_types(OM_uint32 *minor, struct context *context,
                                 struct der_bytes mech_types);
/* Room for another list of `size` bytes, which the caller writes; NULL without memory. */
uint8_t *context_new_mech_types(struct context *context, size_t size);
struct der_bytes context_mech_types(const struct context *context);
/* The list's mechanism that is the same as this one, into context->mech. False when
 * there is none. */
bool context_choose(struct context *context, gss_const_OID mech);

/* Writes a token for the peer. */
OM_uint32 context_write_token(OM_uint32 *minor, const struct token *token, gss_buffer_t out);

/* What the caller is told of the flags. */
OM_uint32 context_flags(const struct context *context);

/* Whether messages are to be protected, and not only our mechListMIC made. */
static inline bool context_protects(const struct context *context)
{
    return (context->asked | context->required) & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG);
}

/* Whether the mechanism can protect the list of mechanisms. */
static inline bool context_has_integrity(const struct context *context)
{
    return context->mech_complete && (context->flags & GSS_C_INTEG_FLAG);
}

static inline struct context *context_of_handle(gss_ctx_id_t handle)
{
    return (struct context *)(void *)handle;
}

static inline gss_ctx_id_t context_handle(struct context *context)
{
    return (gss_ctx_id_t)(void *)context;
}

static inline struct der_bytes buffer_bytes(gss_const_buffer_t buffer)
{
    return (struct der_bytes){buffer->value, buffer->length};
}

/* The mechglue takes its time even where there is nothing to release. */
static inline void release_token(gss_buffer_t token)
{
    OM_uint32 ignored;

    if (token->value)
        gss_release_buffer(&ignored, token);
}

/* GSSAPI takes buffers without const and leaves their content alone. */
static inline gss_buffer_desc bytes_buffer(struct der_bytes bytes)
{
    return (gss_buffer_desc){bytes.len, (void *)(uintptr_t)bytes.data};
}

#endif
