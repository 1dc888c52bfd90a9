/* SPDX-License-Identifier: MIT */
/* spnego_token.c - the DER of SPNEGO's tokens. */

#include "config.h"

#include "spnego_token.h"

#include <string.h>

/* DER tags */
enum {
    OBJECT_IDENTIFIER = 0x06,
    SEQUENCE = 0x30,
    INITIAL_CONTEXT_TOKEN = 0x60, /* RFC 2743 3.1: [APPLICATION 0] */
    AP_REQ = 0x6e,                /* RFC 4120: [APPLICATION 14] */
    CONTEXT_0 = 0xa0,             /* [0]: NegTokenInit; its mechTypes; negState */
    CONTEXT_1 = 0xa1              /* [1]: NegTokenResp; its supportedMech */
};

/* The longest length field: a first byte with the count of those that follow. */
#define LENGTH_BYTES 4

struct der {
    const uint8_t *at;
    size_t left;
};

static struct der der_of(const gss_buffer_desc *token)
{
    return (struct der){token->value, token->length};
}

static bool take_byte(struct der *in, uint8_t *byte)
{
    if (in->left == 0)
        return false;
    *byte = *in->at++;
    in->left--;
    return true;
}

static bool take_length(struct der *in, size_t *length)
{
    uint8_t first, next;

    if (!take_byte(in, &first))
        return false;
    *length = first;
    if (first < 0x80)
        return true;
    first &= 0x7f;
    if (first == 0 || first > LENGTH_BYTES)
        return false;
    for (*length = 0; first > 0; first--) {
        if (!take_byte(in, &next))
            return false;
        *length = *length << 8 | next;
    }
    return true;
}

/* Takes the next value if it has this tag, and gives its contents. Otherwise
 * takes nothing. */
static bool take(struct der *in, uint8_t tag, struct der *contents)
{
    struct der rest = *in;
    uint8_t found;

    if (!take_byte(&rest, &found) || found != tag || !take_length(&rest, &contents->left) ||
        contents->left > rest.left)
        return false;
    contents->at = rest.at;
    in->at = rest.at + contents->left;
    in->left = rest.left - contents->left;
    return true;
}

static bool take_oid(struct der *in, gss_OID_desc *oid)
{
    struct der contents;

    if (!take(in, OBJECT_IDENTIFIER, &contents))
        return false;
    oid->length = (OM_uint32)contents.left;
    oid->elements = (void *)(uintptr_t)contents.at;
    return true;
}

static bool open_initial(const gss_buffer_desc *token, gss_OID_desc *mech, struct der *inner)
{
    struct der in = der_of(token);

    return take(&in, INITIAL_CONTEXT_TOKEN, inner) && take_oid(inner, mech);
}

bool spnego_initial_mech(const gss_buffer_desc *token, gss_OID_desc *mech)
{
    struct der inner;

    return open_initial(token, mech, &inner);
}

bool spnego_is_ap_req(const gss_buffer_desc *token)
{
    return token->length > 0 && *(const uint8_t *)token->value == AP_REQ;
}

bool spnego_is_ntlmssp(const gss_buffer_desc *token)
{
    static const char signature[8] = "NTLMSSP";

    return token->length >= sizeof(signature) &&
           memcmp(token->value, signature, sizeof(signature)) == 0;
}

bool spnego_supported_mech(const gss_buffer_desc *token, gss_OID_desc *mech)
{
    struct der in = der_of(token), choice, fields, state, field;

    if (!take(&in, CONTEXT_1, &choice) || !take(&choice, SEQUENCE, &fields))
        return false;
    take(&fields, CONTEXT_0, &state); /* optional */
    return take(&fields, CONTEXT_1, &field) && take_oid(&field, mech);
}

bool spnego_mech_types(const gss_buffer_desc *token, struct spnego_mech_types *types)
{
    static const char spnego[] = "\x2b\x06\x01\x05\x05\x02"; /* 1.3.6.1.5.5.2 */
    struct der inner, choice, fields, list, mechs;
    gss_OID_desc mech;

    if (!open_initial(token, &mech, &inner) || mech.length != sizeof(spnego) - 1 ||
        memcmp(mech.elements, spnego, mech.length) != 0 || !take(&inner, CONTEXT_0, &choice) ||
        !take(&choice, SEQUENCE, &fields) || !take(&fields, CONTEXT_0, &list) ||
        !take(&list, SEQUENCE, &mechs))
        return false;
    *types = (struct spnego_mech_types){mechs.at, mechs.left};
    return true;
}

bool spnego_next_mech(struct spnego_mech_types *types, gss_OID_desc *mech)
{
    struct der in = {types->at, types->left};

    if (!take_oid(&in, mech))
        return false;
    *types = (struct spnego_mech_types){in.at, in.left};
    return true;
}
