/* SPDX-License-Identifier: MIT */
/* context.h - a GSSAPI security context: the exchange while it lasts, the
 * session after it. gss_ctx_id_t values handed to and from the mechglue are
 * `struct context *`. One thread at a time. */

#ifndef GSS_CONTEXT_H
#define GSS_CONTEXT_H

#include "gss/credential.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"
#include "ntlm/session.h"

/* Request flags that MIT has no name for: connectionless NTLM, numbered as
 * gss-ntlmssp does, and a target name from an untrusted source (bit 0x4 of
 * MsvAvFlags), as SSPI's ISC_REQ_UNVERIFIED_TARGET_NAME asks for. */
#define NTLM_GSS_C_DATAGRAM_FLAG 0x10000u
#define NTLM_GSS_C_UNVERIFIED_TARGET_FLAG 0x20000u

enum context_stage {
    STAGE_NEW,      /* no token was made yet */
    STAGE_HALF,     /* the first token is out */
    STAGE_COMPLETE, /* the session is there */
    STAGE_DEAD      /* a step failed: nothing works but to delete it */
};

struct context {
    bool initiator;
    enum context_stage stage;
    OM_uint32 asked; /* initiator: req_flags */
    OM_uint32 flags; /* in force; before completion, what is expected to be */

    /* while the exchange lasts */
    const struct settings *settings; /* a reference: strings are borrowed from it */
    struct ntlm_initiator *client;
    struct ntlm_acceptor *server;
    char *spn;                           /* initiator: MsvAvTargetName */
    struct identity *identity;           /* a reference; NULL for anonymous */
    struct accounts *accounts;           /* a reference */
    const struct winbind_domain *domain; /* acceptor: a reference; NULL for none */
    bool knows_hosts; /* acceptor: as its credential has it, as the next two */
    uint32_t default_flags;
    char *account_file;         /* named by the cred store; else NULL */
    const char *account_source; /* acceptor: which one answered; NULL before */
    const char **hosts;         /* acceptor: our own list, its strings from settings, domain
                                 * and target */

    /* afterwards */
    struct ntlm_session *session;
    uint8_t session_key[16];      /* ExportedSessionKey */
    uint32_t neg_flags;           /* NegotiateFlags as agreed */
    bool mic;                     /* AUTHENTICATE had a MIC: SPNEGO must make one */
    struct name *source, *target; /* either may be NULL */
};

/* For the functions that need an established context: NTLM_OK,
 * NTLM_ERR_NOT_COMPLETE or NTLM_ERR_DEAD_CONTEXT (both GSS_S_NO_CONTEXT). */
enum ntlm_error context_established(const struct context *context);

/* Takes an exchange's outcome: makes the session and sets the flags in force. What only
 * the exchange needed is still there, for context_drop_exchange. */
enum ntlm_error context_complete(struct context *context, const struct ntlm_outcome *outcome);

/* Frees what only the exchange needed. */
void context_drop_exchange(struct context *context);

/* Frees what only the exchange needed, the session too: a failed context. */
void context_kill(struct context *context);

void context_free(struct context *context); /* cleanses; NULL is fine */

/* The hash of the caller's channel bindings into hash; false when it gave
 * none. An error is recorded in *error. */
bool context_bindings(gss_channel_bindings_t bindings, uint8_t hash[16],
                      enum ntlm_error *error);

/* The Version that we put into our messages: Windows 10's number, as servers
 * that look at it expect one they know, and revision 15. */
extern const uint8_t context_version[8];

#endif
