/* SPDX-License-Identifier: MIT */
/* spnego_token.h - SPNEGO tokens (RFC 4178 4.2) taken apart, and an initiator's
 * put together. Only what MIT's SPNEGO writes is read: definite lengths, each
 * field at most once, in order. */

#ifndef SPNEGO_TOKEN_H
#define SPNEGO_TOKEN_H

#include "gss_fixture.h"

#define MECHS_MAX 8

enum neg_state { ACCEPT_COMPLETED, ACCEPT_INCOMPLETE, REJECT, REQUEST_MIC, NO_STATE };

/* All buffers point into the token; what is not there has no value. */
struct spnego_token {
    bool init; /* NegTokenInit, else NegTokenResp */

    /* NegTokenInit */
    gss_OID_desc mechs[MECHS_MAX];
    size_t mech_count;
    gss_buffer_desc mech_list; /* MechTypeList as mechListMIC covers it */

    /* NegTokenResp */
    enum neg_state state;
    gss_OID_desc supported_mech;

    gss_buffer_desc mech_token; /* mechToken, or responseToken */
    gss_buffer_desc mic;        /* mechListMIC */
};

/* Fails the test when it is not well formed. */
void spnego_read(gss_buffer_desc token, struct spnego_token *out);

/* A NegTokenInit that offers these mechanisms, the first with this token, and
 * a NegTokenResp with a token, a mechListMIC, or both; what has no bytes is
 * left out. The caller frees their values. */
gss_buffer_desc spnego_init_token(const gss_OID_desc *mechs, size_t count,
                                  gss_buffer_desc mech_token);
gss_buffer_desc spnego_response_token(gss_buffer_desc mech_token, gss_buffer_desc mic);

/* What was read, and perhaps changed; of a NegTokenInit neither reqFlags, hints nor
 * mechListMIC. The caller frees its value. */
gss_buffer_desc spnego_write(const struct spnego_token *token);

#endif
