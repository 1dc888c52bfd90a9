/* SPDX-License-Identifier: MIT */
/* context.h - what a CtxtHandle stands for: a GSSAPI security context, and what
 * SSPI keeps of one that GSSAPI does not. Every context has a lock, which
 * context_enter takes, so a handle may be used by several threads. */

#ifndef SHIM_CONTEXT_H
#define SHIM_CONTEXT_H

#include <pthread.h>
#include <stdbool.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

#include "credential.h"
#include "delegation.h"
#include "handle.h"
#include "package.h"

enum context_stage {
    CONTEXT_NEW,      /* GSSAPI was not called yet */
    CONTEXT_HALF,     /* the peer's reply is awaited */
    CONTEXT_COMPLETE, /* messages may be exchanged */
    CONTEXT_DEAD      /* a call failed, or another thread was using the context when the
                       * process forked: it can only be deleted */
};

struct context {
    struct object object; /* HANDLE_CONTEXT */
    pthread_mutex_t lock; /* of all that follows */

    bool initiator;
    enum context_stage stage;
    const struct package *package; /* the credential's */
    const struct package *chosen;  /* the package that was negotiated; NULL: not known yet */
    struct credential *credential; /* a reference; NULL for an imported context */
    gss_cred_id_t own_cred;        /* an initiator's, in place of the credential's; only this
                                    * context has it. GSS_C_NO_CREDENTIAL: none */
    struct delegation *delegation; /* a reference: what an acceptor's client delegated. NULL:
                                    * nothing */
    gss_ctx_id_t gss;
    OM_uint32 gss_flags; /* ret_flags of the last call */
    bool bound;          /* the caller gave channel bindings in this exchange */
    ULONG requested;     /* ISC_REQ_ or ASC_REQ_ flags of the last call */
    ULONG attributes;    /* for pfContextAttr */
    char *target;        /* pszTargetName as given, UTF-8; NULL: none */
    TimeStamp start, expiry;
    bool used;          /* a message was signed, sealed or opened */
    bool peer_in_clear; /* NTLM's last message to be opened was signed and not encrypted */

    /* A token that did not fit into the caller's buffer, and the status of its
     * call, for the repeated call. value is NULL when there is none. */
    gss_buffer_desc pending;
    SECURITY_STATUS pending_status;
};

/* A CONTEXT_NEW one with one reference, the caller's. It takes a reference of its
 * own to the credential, which may be NULL. NULL when memory runs out. */
struct context *context_new(bool initiator, const struct package *package,
                            struct credential *credential);

/* The context of a live handle, locked and with a reference; NULL for a handle
 * that is not live. context_leave gives back both, and takes NULL. */
struct context *context_enter(const SecHandle *handle);
void context_leave(struct context *context);

/* The same for functions that need a complete context: SEC_E_INVALID_HANDLE for
 * any other. */
SECURITY_STATUS context_enter_complete(const SecHandle *handle, struct context **context);

/* For a context that is entered: */

/* Releases what an exchange has left in it; credential, target and stage stay. */
void context_reset(struct context *context);

/* Replaces the credential, and with it the package. Takes a reference of its
 * own. */
void context_set_credential(struct context *context, struct credential *credential);

/* Sets `expiry` from the lifetime, in seconds, that GSSAPI gave with the call
 * that has this status. */
void context_set_expiry(struct context *context, SECURITY_STATUS status, OM_uint32 lifetime);

/* The names of both sides, which the caller releases; either pointer may be NULL.
 * GSS_C_NO_NAME for what GSSAPI does not know. SEC_E_CONTEXT_EXPIRED when its
 * ticket has expired. */
SECURITY_STATUS context_names(const struct context *context, gss_name_t *client,
                              gss_name_t *server);

#endif
