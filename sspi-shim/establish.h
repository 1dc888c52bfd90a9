/* SPDX-License-Identifier: MIT */
/* establish.h - what InitializeSecurityContext and AcceptSecurityContext have in
 * common: finding or making the context, keeping a token until the caller has
 * room for it, and giving it out. A call of either function is
 *
 *     status = establish_enter(&call);
 *     if (status == SEC_E_OK) {
 *         ... call GSSAPI, unless call.repeated ...
 *         status = establish_leave(&call, status, &token);
 *     }
 *
 * What is done in between is in initiate.c and accept.c. */

#ifndef SHIM_ESTABLISH_H
#define SHIM_ESTABLISH_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "context.h"

struct establish {
    /* Set by the function that is called, from its arguments. */
    bool initiator;
    ULONG extended_error;               /* the flag that asks for an error token */
    const SecHandle *credential_handle; /* phCredential */
    const SecHandle *context_handle;    /* phContext */
    SecHandle *new_context_handle;      /* phNewContext */
    ULONG requested;                    /* fContextReq */
    const SecBufferDesc *input, *output;
    ULONG *attributes; /* pfContextAttr */
    TimeStamp *expiry; /* ptsExpiry */

    /* Set by establish_enter. */
    struct context *context; /* no other thread uses it until establish_leave */
    bool repeated;           /* the former call's output buffer was too small: its token is
                              * given again, and GSSAPI is not called */
};

/* The call begins: what it gives is empty from here on, until it succeeds. */
void establish_begin(const struct establish *call);

/* Finds the context of the call: a CONTEXT_NEW one for a first call, and for one
 * that follows success. SEC_E_INVALID_HANDLE; for a first call also what
 * buffer_can_give answers, and SEC_E_INSUFFICIENT_MEMORY. After a failure
 * there is nothing to leave. */
SECURITY_STATUS establish_enter(struct establish *call);

/* Ends a call that failed before it was entered. */
SECURITY_STATUS establish_refuse(const struct establish *call, SECURITY_STATUS status);

/* Ends a call that was entered. status and token are what the call came to, and
 * the token is taken over in any case. Success: gives the token, the attributes
 * and the expiry to the caller, and to a first call the handle. Failure: gives
 * the token if the caller asked for extended errors, and an allocated buffer is
 * empty otherwise; the context is then good for deletion and nothing else. Returns the status
 * of the call: SEC_E_BUFFER_TOO_SMALL, and the token kept, when it did not fit. */
SECURITY_STATUS establish_leave(struct establish *call, SECURITY_STATUS status,
                                gss_buffer_t token);

#endif
