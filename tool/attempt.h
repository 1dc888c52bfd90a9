/* SPDX-License-Identifier: MIT */
/* attempt.h - a login that is tried and told step by step: a GSSAPI context on either side,
 * its tokens field by field, and how it ended. */

#ifndef TOOL_ATTEMPT_H
#define TOOL_ATTEMPT_H

#include <stdbool.h>

#include <gssapi/gssapi.h>

#include "link.h"
#include "ntlm/bytes.h"
#include "output.h"
#include "secret.h"

struct attempt {
    gss_cred_id_t cred; /* GSS_C_NO_CREDENTIAL: the default */
    gss_ctx_id_t context;
    gss_name_t target;        /* of an initiator */
    const gss_OID_desc *mech; /* of an initiator */
    OM_uint32 flags;          /* asked for; then what there is */
    bool complete;
    bool brief; /* only the names of tokens are shown */
    bool tell;  /* an acceptor shows its tokens, too */
    uint8_t bindings[LINK_BINDINGS_MAX];
    size_t bindings_len;
};

/* As whom, to whom, how. */
struct attempt_request {
    bool ntlm; /* NTLM alone, else Negotiate */
    const char *service, *host;
    const char *user;            /* DOMAIN\user; NULL: the default credential */
    const struct secret *secret; /* of that user */
    bool protect, brief;
};

/* Failures were complained of; to be ended in any case. */
enum exit_status attempt_begin(const struct attempt_request *request, struct attempt *attempt);
/* Takes the peer's token (no bytes: there is none yet), and makes the next; the caller frees
 * out->value by gss_release_buffer. STATUS_BAD: the login has failed, and why was told. */
enum exit_status attempt_initiate(struct attempt *attempt, struct ntlm_bytes in,
                                  gss_buffer_t out);
enum exit_status attempt_accept(struct attempt *attempt, struct ntlm_bytes in,
                                gss_buffer_t out);
/* Tells who logged in to whom, by which mechanism, with which protection. */
void attempt_tell(const struct attempt *attempt);
/* The name of who logged in; free()d by the caller; NULL: there is none. */
char *attempt_user(const struct attempt *attempt);
void attempt_end(struct attempt *attempt);

#endif
