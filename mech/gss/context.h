/* context.h - a GSSAPI security context: the exchange while it lasts, the
 * session after it. gss_ctx_id_t values handed to and from the mechglue are
 * `struct context *`. One thread at a time. */

#ifndef GSS_CONTEXT_H
#define GSS_CONTEXT_H

#include "gss/credential.h"
#include "ntlm/acceptor.h"
#include "ntlm/initiator.h"

/* MIT has no name for it: connectionless NTLM, as gss-ntlmssp numbers it. */
#define NTLM_GSS_C_DATAGRAM_FLAG 0x10000u

enum context_stage {
    STAGE_NEW,      /* nothing was sent or taken */
    STAGE_HALF,     /* the first token is out */
    STAGE_COMPLETE, /* the session is there */
    STAGE_DEAD      /* a step failed: nothing works but to delete it */
};

struct context {
    bool initiator;
    enum context_stage stage;
    OM_uint32 asked; /* initiator: req_flags */
    OM_uint32 flags; /* what is in force, once complete */

    /* while the exchange lasts */
    struct ntlm_initiator *client;
    struct ntlm_acceptor *server;
    struct identity *identity; /* a reference; NULL for anonymous */
    struct accounts *accounts; /* a reference */

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
void context_free(struct context *context); /* cleanses; NULL is fine */

#endif
