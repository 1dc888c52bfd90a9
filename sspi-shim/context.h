/* SPDX-License-Identifier: MIT */
/* context.h - what a CtxtHandle stands for: a GSSAPI security context, and
 * around it what SSPI keeps and GSSAPI does not. One lock a context: whoever
 * comes through context_enter has it alone, so a handle may be used from
 * several threads. */

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
    CONTEXT_NEW,      /* no leg was done: never behind a handle */
    CONTEXT_HALF,     /* the peer's reply is awaited */
    CONTEXT_COMPLETE, /* messages may flow */
    CONTEXT_DEAD      /* a leg failed, or a fork cut through the work on it: good for
                       * deletion and for nothing else */
};

struct context {
    struct object object; /* HANDLE_CONTEXT */
    pthread_mutex_t lock; /* of all that follows */

    bool initiator;
    enum context_stage stage;
    const struct package *package; /* the one asked for */
    const struct package *chosen;  /* the one that does the work; NULL: not known yet */
    struct credential *credential; /* a reference; NULL for an imported context */
    gss_cred_id_t own;             /* an initiator's GSSAPI credential that no other context
                                    * shares; GSS_C_NO_CREDENTIAL: the credential's serves */
    struct delegation *delegation; /* a reference; NULL unless the client let an acceptor have
                                    * a credential */
    gss_ctx_id_t gss;
    OM_uint32 gss_flags; /* ret_flags of the last leg */
    bool bound;          /* the caller gave channel bindings in this exchange */
    ULONG requested;     /* ISC_REQ_ or ASC_REQ_ flags of the last leg */
    ULONG attributes;    /* what pfContextAttr said last */
    char *target;        /* pszTargetName as given, UTF-8; NULL: none */
    TimeStamp start, expiry;
    bool used; /* a message went through it */

    /* A token that did not fit into the caller's buffer, and the status its
     * leg has: the repeated call gets both. value is NULL when there is none. */
    gss_buffer_desc pending;
    SECURITY_STATUS pending_status;
};

/* A CONTEXT_NEW one, with the caller's one reference; takes a reference of its
 * own to the credential (may be NULL). NULL when memory ends. */
struct context *context_new(bool initiator, const struct package *package,
                            struct credential *credential);

/* The context behind a live handle, locked and with a reference; NULL for what
 * is not live. context_leave gives both back; NULL is fine there. */
struct context *context_enter(const SecHandle *handle);
void context_leave(struct context *context);

/* The same for what needs an established context. SEC_E_INVALID_HANDLE, also
 * for one whose leg failed or that is not complete. */
SECURITY_STATUS context_enter_complete(const SecHandle *handle, struct context **context);

/* The names of one that is entered, the caller's to release; either may be NULL.
 * What GSSAPI does not know is GSS_C_NO_NAME. SEC_E_CONTEXT_EXPIRED when its
 * ticket has ended. */
SECURITY_STATUS context_names(const struct context *context, gss_name_t *client,
                              gss_name_t *server);

#endif
