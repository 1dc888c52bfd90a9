/* SPDX-License-Identifier: MIT */
/* leg.h - one call of InitializeSecurityContext or AcceptSecurityContext is one
 * leg of an exchange. What does not depend on the side is here: which context
 * it is, when it is new and when dead, and how the token reaches the caller. */

#ifndef SHIM_LEG_H
#define SHIM_LEG_H

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "context.h"

/* The arguments of the call that both sides have. */
struct leg {
    const SecHandle *credential; /* phCredential */
    const SecHandle *context;    /* phContext */
    SecHandle *new_context;      /* phNewContext */
    ULONG requested;             /* fContextReq */
    const SecBufferDesc *input, *output;
    ULONG *attributes; /* pfContextAttr */
    TimeStamp *expiry; /* ptsExpiry */
    char *target;      /* initiator: pszTargetName, UTF-8; NULL: none */
};

/* What differs. Both are called with the context to themselves, and give
 * SSPI's status. */
struct leg_side {
    bool initiator;
    ULONG extended_error; /* the request for an error token */

    /* Prepares a CONTEXT_NEW context, which has package and credential. */
    SECURITY_STATUS (*begin)(struct context *context, const struct leg *leg);

    /* Takes the input, and makes the token to send, also with a failure. Sets
     * what the context says of itself, but for its stage. */
    SECURITY_STATUS (*step)(struct context *context, const struct leg *leg, gss_buffer_t token);
};

SECURITY_STATUS leg_run(const struct leg_side *side, const struct leg *leg);

/* The input's SECBUFFER_TOKEN, in the caller's memory. False, and an empty
 * token, when there is none or nothing in it. */
bool leg_input(const struct leg *leg, gss_buffer_t token);

/* Lets the context have another credential; takes a reference of its own. */
void leg_use(struct context *context, struct credential *credential);

/* When the context ends: what GSSAPI says of it after this leg. */
void leg_set_expiry(struct context *context, SECURITY_STATUS status, OM_uint32 lifetime);

#endif
