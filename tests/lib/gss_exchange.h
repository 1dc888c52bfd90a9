/* SPDX-License-Identifier: MIT */
/* gss_exchange.h - an initiator and an acceptor in one process, and the tokens that
 * they exchange: all at once, or step by step for who wants to look, or to
 * meddle. */

#ifndef GSS_EXCHANGE_H
#define GSS_EXCHANGE_H

#include "gss_fixture.h"

/* What is asked for. NULLs: the raw mechanism, default credentials, no channel
 * bindings, the target HTTP@server.test. */
struct request {
    gss_OID mech;
    OM_uint32 flags;
    gss_cred_id_t client_credential, server_credential;
    gss_channel_bindings_t client_bindings, server_bindings;
    const char *target; /* hostbased */
};

struct side {
    gss_ctx_id_t context;
    OM_uint32 major, minor, flags, lifetime; /* of its last call */
    gss_OID mech;
    bool complete;
};

#define STEPS_MAX 8

struct exchange {
    struct request asked;
    gss_name_t target;
    struct side client, server;
    gss_name_t source;                 /* whom the acceptor let in */
    gss_buffer_desc tokens[STEPS_MAX]; /* what each step sent; an initiator's first */
    int steps;
    bool over; /* both are complete, or one has failed */
};

void exchange_begin(struct exchange *exchange, const struct request *asked);
/* Whose turn it is takes the last token. False when nothing is left to do. */
bool exchange_step(struct exchange *exchange);
/* Begins, and goes as far as it goes. */
void exchange_run(struct exchange *exchange, const struct request *asked);
/* The same; both sides must be complete then. */
void exchange_establish(struct exchange *exchange, const struct request *asked);
void exchange_end(struct exchange *exchange);

/* The side failed with this major status, and with this error of the module's
 * (whose number SPNEGO changes, so it is known by its text). */
void assert_refused(const struct exchange *exchange, const struct side *side, OM_uint32 major,
                    enum ntlm_error error);

/* What the side's minor status says. */
const char *side_text(const struct exchange *exchange, const struct side *side);

/* Sends a text under wrap, in each direction. */
void assert_talk(gss_ctx_id_t one, gss_ctx_id_t other);
void assert_said(gss_ctx_id_t from, gss_ctx_id_t to, const char *text);

/* Channel bindings of these application data. */
struct gss_channel_bindings_struct bindings_of(const char *application_data);

/* The one buffer that this inquiry gives; the caller releases it. */
gss_buffer_desc inquire(gss_ctx_id_t context, const char *oid, size_t oid_len);
#define INQUIRE(context, oid) inquire(context, oid, sizeof(oid) - 1)
#define OID_SESSION_KEY "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x05"
#define OID_SASL_SSF "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x05\x0f"
#define OID_REQUIRE_MIC "\x2b\x06\x01\x04\x01\xb7\x7d\x85\x0f\x01\x02"

#endif
