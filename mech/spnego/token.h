/* SPDX-License-Identifier: MIT */
/* token.h - the tokens of SPNEGO (RFC 4178 4.2, [MS-SPNG] 2.2.1), from bytes and
 * to bytes. Knows no GSSAPI and no negotiation: what a token may say at which
 * time is not decided here. Reading copies nothing: fields point into the token.
 *
 * Reading is strict: DER, each field at most once and in its order, nothing
 * unknown, nothing behind the end. */

#ifndef SPNEGO_TOKEN_H
#define SPNEGO_TOKEN_H

#include "spnego/der.h"

/* In bytes: fifty mechanisms' identifiers. An acceptor keeps the initiator's list, so a
 * longer one is refused. */
#define TOKEN_MECH_TYPES_MAX 512

enum token_kind {
    TOKEN_INIT,  /* NegTokenInit */
    TOKEN_INIT2, /* NegTokenInit2: a server's, that speaks first */
    TOKEN_RESPONSE,
};

/* negState; its values are those of the wire, but for the last. */
enum token_state {
    STATE_ACCEPT_COMPLETED,
    STATE_ACCEPT_INCOMPLETE,
    STATE_REJECT,
    STATE_REQUEST_MIC,
    STATE_NONE, /* the field is not there */
};

struct token {
    enum token_kind kind;
    struct der_bytes mech_types;     /* Init: MechTypeList, as a mechListMIC covers it: the
                                      * whole SEQUENCE OF, never empty */
    struct der_bytes hint_name;      /* Init2: negHints' hintName */
    enum token_state state;          /* Response */
    struct der_bytes supported_mech; /* Response: an OBJECT IDENTIFIER's content */
    struct der_bytes mech_token;     /* mechToken or responseToken */
    struct der_bytes mic;            /* mechListMIC */
};

/* NULL, or in English what is wrong with the token (static), and *out is then not
 * to be used. A NegTokenInit comes in the frame of RFC 2743 3.1, a NegTokenResp
 * bare, or (old Sun) in the frame as well. */
const char *token_read(struct der_bytes bytes, struct token *out);

/* Windows 2000 sends a mechanism's token a second time as its mechListMIC: that is
 * none, and taken out. */
void token_forget_repetition(struct token *token);

/* The next OBJECT IDENTIFIER's content of a MechTypeList that was read; begin with
 * a cursor of {NULL, 0}. False at the end. */
bool token_next_mech(struct der_bytes mech_types, struct der_bytes *cursor,
                     struct der_bytes *oid);

/* Write what token_read reads, with fields that are there in *token, and return
 * the size in bytes. `end` is behind the last byte to be written; NULL: the size
 * alone. Init2 has Microsoft's negHints. */
size_t token_write(const struct token *token, uint8_t *end);

/* At least as many bytes as token_write needs, without the work that it takes to know
 * how many these are. */
size_t token_size_max(const struct token *token);

/* Writes a MechTypeList of these OBJECT IDENTIFIERs' contents in the same way. */
size_t token_write_mechs(const struct der_bytes *oids, size_t count, uint8_t *end);

/* Whether the first token of a mechanism begins in the frame of RFC 2743 3.1, and
 * if so with which OBJECT IDENTIFIER's content. */
bool token_frame_oid(struct der_bytes mech_token, struct der_bytes *oid);

#endif
