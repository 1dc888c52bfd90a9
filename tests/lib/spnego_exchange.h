/* SPDX-License-Identifier: MIT */
/* spnego_exchange.h - a negotiation by our SPNEGO between two sides in one process,
 * and its tokens, read and altered on their way by the module's own functions.
 * Everything goes through MIT's mechglue, with mech_spnego.so registered. */

#ifndef SPNEGO_EXCHANGE_H
#define SPNEGO_EXCHANGE_H

#include "gss_exchange.h"
#include "spnego/token.h"

#define SIGNED GSS_C_INTEG_FLAG
#define NO_BYTES ((struct der_bytes){NULL, 0})

/* A mechanism that nobody has. */
extern const gss_OID_desc other_oid;

/* Begins with these flags and takes so many steps. */
void negotiation_begin(struct exchange *exchange, OM_uint32 flags, int steps);
/* An initiator's, with which SPNEGO asks for no integrity of its own. */
gss_cred_id_t credential_without_integrity(void);
/* Goes on as far as it goes. */
void negotiation_finish(struct exchange *exchange);
void negotiation_is_complete(struct exchange *exchange);
/* The side failed with this major status, and says this among other things. */
void negotiation_fails(const struct exchange *exchange, const struct side *side,
                       OM_uint32 major, const char *text);

struct der_bytes bytes_of(gss_buffer_desc buffer);
struct der_bytes content_of(const gss_OID_desc *oid);

/* What a step sent; its fields lie in the exchange's token. */
struct token sent(const struct exchange *exchange, int step);
/* The token's bytes; the caller releases them. */
gss_buffer_desc written(const struct token *token);
/* Puts this token in the place of what a step sent. */
void replace_token(struct exchange *exchange, int step, const struct token *token);

/* Ways to alter a token that neither side takes. */
void leave_out_the_token(struct token *token);
void add_a_mic(struct token *token);
void begin_anew(struct token *token);

#endif
