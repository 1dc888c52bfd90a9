/* SPDX-License-Identifier: MIT */
/* token.c - the tokens of SPNEGO:
 *
 *   NegotiationToken ::= CHOICE {
 *     negTokenInit  [0] NegTokenInit, negTokenResp [1] NegTokenResp }
 *   NegTokenInit ::= SEQUENCE {
 *     mechTypes [0] SEQUENCE OF OBJECT IDENTIFIER, reqFlags [1] BIT STRING OPTIONAL,
 *     mechToken [2] OCTET STRING OPTIONAL, mechListMIC [3] OCTET STRING OPTIONAL }
 *   NegTokenInit2, a server's: [3] negHints SEQUENCE {
 *     hintName [0] GeneralString OPTIONAL, hintAddress [1] OCTET STRING OPTIONAL },
 *     and mechListMIC is [4]
 *   NegTokenResp ::= SEQUENCE {
 *     negState [0] ENUMERATED OPTIONAL, supportedMech [1] OBJECT IDENTIFIER OPTIONAL,
 *     responseToken [2] OCTET STRING OPTIONAL, mechListMIC [3] OCTET STRING OPTIONAL } */

#include "config.h"

#include "spnego/token.h"

#include <string.h>

/* [MS-SPNG] 2.2.1 wants exactly this. */
static const char hint_name[] = "not_defined_in_RFC4178@please_ignore";

static const uint8_t spnego_oid[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x02};

/* Takes the field [number], a whole element of this tag; none is fine. */
static bool take_field(struct der_bytes *fields, unsigned number, unsigned tag,
                       struct der_bytes *content)
{
    struct der_bytes field;

    if (!der_next_is(*fields, DER_CONTEXT_0 + number))
        return true;
    return der_take(fields, DER_CONTEXT_0 + number, &field) &&
           der_take_only(field, tag, content);
}

bool token_next_mech(struct der_bytes mech_types, struct der_bytes *cursor,
                     struct der_bytes *oid)
{
    if (!cursor->data && !der_take_only(mech_types, DER_SEQUENCE, cursor))
        return false;
    return der_take(cursor, DER_OID, oid);
}

static bool take_mech_types(struct der_bytes *fields, struct der_bytes *out)
{
    struct der_bytes oids = {NULL, 0}, oid;
    size_t count = 0;

    if (!der_take(fields, DER_CONTEXT_0, out))
        return false;
    for (; token_next_mech(*out, &oids, &oid); count++)
        if (!der_is_oid(oid))
            return false;
    return count > 0 && oids.len == 0;
}

/* Its bits mean nothing (RFC 4178 4.2.1), but they are a BIT STRING. */
static bool take_flags(struct der_bytes *fields)
{
    struct der_bytes bits = {NULL, 0};
    uint8_t unused;

    if (!take_field(fields, 1, DER_BIT_STRING, &bits))
        return false;
    if (!bits.data)
        return true;
    if (bits.len < 2)
        return bits.len == 1 && bits.data[0] == 0;
    unused = bits.data[0];
    return unused < 8 && (bits.data[bits.len - 1] & ((1u << unused) - 1)) == 0;
}

static bool take_hints(struct der_bytes *fields, struct token *out)
{
    struct der_bytes hints = {NULL, 0}, address = {NULL, 0};

    if (!take_field(fields, 3, DER_SEQUENCE, &hints) ||
        !take_field(&hints, 0, DER_GENERAL_STRING, &out->hint_name) ||
        !take_field(&hints, 1, DER_OCTET_STRING, &address) || hints.len > 0)
        return false;
    return take_field(fields, 4, DER_OCTET_STRING, &out->mic);
}

/* [3] is negHints or mechListMIC: what is in it tells. */
static bool has_hints(struct der_bytes fields)
{
    struct der_bytes field;

    return der_next_is(fields, DER_CONTEXT_0 + 4) ||
           (der_take(&fields, DER_CONTEXT_0 + 3, &field) && der_next_is(field, DER_SEQUENCE));
}

static const char *read_init(struct der_bytes body, struct token *out)
{
    struct der_bytes fields;

    if (!der_take_only(body, DER_SEQUENCE, &fields))
        return "NegTokenInit is not one sequence";
    if (!take_mech_types(&fields, &out->mech_types))
        return "mechTypes is missing, empty or not a list of object identifiers";
    if (out->mech_types.len > TOKEN_MECH_TYPES_MAX)
        return "mechTypes is longer than any such list has to be";
    if (!take_flags(&fields))
        return "reqFlags is not a bit string";
    if (!take_field(&fields, 2, DER_OCTET_STRING, &out->mech_token))
        return "mechToken is not an octet string";
    if (has_hints(fields)) {
        out->kind = TOKEN_INIT2;
        if (!take_hints(&fields, out))
            return "negHints or the mechListMIC behind it is malformed";
    } else {
        out->kind = TOKEN_INIT;
        if (!take_field(&fields, 3, DER_OCTET_STRING, &out->mic))
            return "mechListMIC is not an octet string";
    }
    return fields.len > 0 ? "NegTokenInit has an unknown field, or one out of order" : NULL;
}

static const char *read_response(struct der_bytes body, struct token *out)
{
    struct der_bytes fields, state = {NULL, 0};

    out->kind = TOKEN_RESPONSE;
    if (!der_take_only(body, DER_SEQUENCE, &fields))
        return "NegTokenResp is not one sequence";
    if (!take_field(&fields, 0, DER_ENUMERATED, &state) ||
        (state.data && (state.len != 1 || state.data[0] >= STATE_NONE)))
        return "negState is none of the four that there are";
    out->state = state.data ? (enum token_state)state.data[0] : STATE_NONE;
    if (!take_field(&fields, 1, DER_OID, &out->supported_mech) ||
        (out->supported_mech.data && !der_is_oid(out->supported_mech)))
        return "supportedMech is not an object identifier";
    if (!take_field(&fields, 2, DER_OCTET_STRING, &out->mech_token))
        return "responseToken is not an octet string";
    if (!take_field(&fields, 3, DER_OCTET_STRING, &out->mic))
        return "mechListMIC is not an octet string";
    return fields.len > 0 ? "NegTokenResp has an unknown field, or one out of order" : NULL;
}

bool token_frame_oid(struct der_bytes mech_token, struct der_bytes *oid)
{
    struct der_bytes frame;

    return der_take_only(mech_token, DER_APPLICATION_0, &frame) &&
           der_take(&frame, DER_OID, oid) && der_is_oid(*oid);
}

const char *token_read(struct der_bytes bytes, struct token *out)
{
    const struct der_bytes spnego = {spnego_oid, sizeof(spnego_oid)};
    struct der_bytes inner = bytes, oid, body;
    bool framed;

    *out = (struct token){.state = STATE_NONE};
    if (!bytes.data)
        return "there is no token";
    framed = der_next_is(bytes, DER_APPLICATION_0);
    if (framed && (!der_take_only(bytes, DER_APPLICATION_0, &inner) ||
                   !der_take(&inner, DER_OID, &oid) || !der_equal(oid, spnego)))
        return "the frame around the token is malformed, or another mechanism's";
    if (der_take_only(inner, DER_CONTEXT_0 + 1, &body))
        return read_response(body, out);
    if (framed && der_take_only(inner, DER_CONTEXT_0, &body))
        return read_init(body, out);
    return "the token is neither a NegTokenInit nor a NegTokenResp, or is cut short";
}

void token_forget_repetition(struct token *token)
{
    if (token->mech_token.len > 0 && der_equal(token->mech_token, token->mic))
        token->mic = (struct der_bytes){NULL, 0};
}

static void put(struct der_writer *out, struct der_bytes bytes)
{
    der_prepend(out, bytes.data, bytes.len);
}

/* The field [number], an element of this tag; none where there is no content. */
static void put_field(struct der_writer *out, unsigned number, unsigned tag,
                      struct der_bytes content)
{
    size_t since = out->used;

    if (!content.data)
        return;
    put(out, content);
    der_enclose(out, tag, since);
    der_enclose(out, DER_CONTEXT_0 + number, since);
}

static void put_hints(struct der_writer *out)
{
    const struct der_bytes name = {(const uint8_t *)hint_name, sizeof(hint_name) - 1};
    size_t since = out->used;

    put_field(out, 0, DER_GENERAL_STRING, name);
    der_enclose(out, DER_SEQUENCE, since);
    der_enclose(out, DER_CONTEXT_0 + 3, since);
}

static void write_init(const struct token *token, struct der_writer *out)
{
    const struct der_bytes spnego = {spnego_oid, sizeof(spnego_oid)};
    size_t since;

    if (token->kind == TOKEN_INIT2) {
        put_field(out, 4, DER_OCTET_STRING, token->mic);
        put_hints(out);
    } else {
        put_field(out, 3, DER_OCTET_STRING, token->mic);
    }
    put_field(out, 2, DER_OCTET_STRING, token->mech_token);
    since = out->used;
    put(out, token->mech_types);
    der_enclose(out, DER_CONTEXT_0, since);
    der_enclose(out, DER_SEQUENCE, 0);
    der_enclose(out, DER_CONTEXT_0, 0);
    since = out->used;
    put(out, spnego);
    der_enclose(out, DER_OID, since);
    der_enclose(out, DER_APPLICATION_0, 0);
}

static void write_response(const struct token *token, struct der_writer *out)
{
    uint8_t state = (uint8_t)token->state;
    struct der_bytes state_bytes = {&state, 1};

    put_field(out, 3, DER_OCTET_STRING, token->mic);
    put_field(out, 2, DER_OCTET_STRING, token->mech_token);
    put_field(out, 1, DER_OID, token->supported_mech);
    if (token->state != STATE_NONE)
        put_field(out, 0, DER_ENUMERATED, state_bytes);
    der_enclose(out, DER_SEQUENCE, 0);
    der_enclose(out, DER_CONTEXT_0 + 1, 0);
}

size_t token_write(const struct token *token, uint8_t *end)
{
    struct der_writer out = {end, 0};

    if (token->kind == TOKEN_RESPONSE)
        write_response(token, &out);
    else
        write_init(token, &out);
    return out.used;
}

size_t token_size_max(const struct token *token)
{
    /* tags and lengths, SPNEGO's identifier and negHints */
    enum { ELEMENTS_MAX = 20, ELEMENT_HEADER_MAX = 6 };

    return token->mech_types.len + token->supported_mech.len + token->mech_token.len +
           token->mic.len + ELEMENTS_MAX * ELEMENT_HEADER_MAX + sizeof(spnego_oid) +
           sizeof(hint_name);
}

size_t token_write_mechs(const struct der_bytes *oids, size_t count, uint8_t *end)
{
    struct der_writer out = {end, 0};

    for (size_t i = count; i > 0; i--) {
        size_t since = out.used;

        put(&out, oids[i - 1]);
        der_enclose(&out, DER_OID, since);
    }
    der_enclose(&out, DER_SEQUENCE, 0);
    return out.used;
}
