/* SPDX-License-Identifier: MIT */
/* spnego_token.c - enough DER for SPNEGO's tokens. */

#include "config.h"

#include "spnego_token.h"

#define APPLICATION_0 0x60
#define CONTEXT(number) (0xa0 + (number))
#define SEQUENCE 0x30
#define OBJECT_ID 0x06
#define OCTET_STRING 0x04
#define ENUMERATED 0x0a

struct cursor {
    uint8_t *at;
    size_t left;
};

static uint8_t take_byte(struct cursor *in)
{
    ck_assert_uint_gt(in->left, 0);
    in->left--;
    return *in->at++;
}

static size_t take_length(struct cursor *in)
{
    size_t len = take_byte(in), octets = len & 0x7f;

    if (len < 0x80)
        return len;
    ck_assert_uint_ge(octets, 1);
    ck_assert_uint_le(octets, 4);
    for (len = 0; octets > 0; octets--)
        len = len << 8 | take_byte(in);
    return len;
}

/* What is inside of the next element, which must have this tag. */
static struct cursor enter(struct cursor *in, uint8_t tag)
{
    struct cursor inside;

    ck_assert_uint_eq(take_byte(in), tag);
    inside.left = take_length(in);
    ck_assert_uint_le(inside.left, in->left);
    inside.at = in->at;
    in->at += inside.left;
    in->left -= inside.left;
    return inside;
}

static bool is_next(const struct cursor *in, uint8_t tag)
{
    return in->left > 0 && *in->at == tag;
}

static gss_buffer_desc rest_of(struct cursor in)
{
    return bytes_buffer(in.at, in.left);
}

static gss_OID_desc take_oid(struct cursor *in)
{
    struct cursor inside = enter(in, OBJECT_ID);

    return (gss_OID_desc){(OM_uint32)inside.left, inside.at};
}

/* [number] OCTET STRING OPTIONAL */
static void take_octets(struct cursor *in, uint8_t number, gss_buffer_t out)
{
    struct cursor inside;

    if (!is_next(in, (uint8_t)CONTEXT(number)))
        return;
    inside = enter(in, (uint8_t)CONTEXT(number));
    *out = rest_of(enter(&inside, OCTET_STRING));
    ck_assert_uint_eq(inside.left, 0);
}

static void take_mechs(struct cursor *in, struct spnego_token *out)
{
    struct cursor tagged = enter(in, CONTEXT(0)), list;

    out->mech_list = rest_of(tagged);
    list = enter(&tagged, SEQUENCE);
    while (list.left > 0) {
        ck_assert_uint_lt(out->mech_count, MECHS_MAX);
        out->mechs[out->mech_count++] = take_oid(&list);
    }
}

static void read_init(struct cursor *in, struct spnego_token *out)
{
    struct cursor framed = enter(in, APPLICATION_0), tagged, fields;
    gss_OID_desc mech = take_oid(&framed);

    ck_assert(gss_oid_equal(&mech, SPNEGO));
    tagged = enter(&framed, CONTEXT(0));
    fields = enter(&tagged, SEQUENCE);
    out->init = true;
    take_mechs(&fields, out);
    if (is_next(&fields, CONTEXT(1)))
        enter(&fields, CONTEXT(1)); /* reqFlags */
    take_octets(&fields, 2, &out->mech_token);
    if (is_next(&fields, CONTEXT(3)) && fields.at[2] != OCTET_STRING)
        enter(&fields, CONTEXT(3)); /* NegHints, [MS-SPNG] 2.2.1 */
    take_octets(&fields, 3, &out->mic);
    ck_assert_uint_eq(fields.left, 0);
}

static void read_response(struct cursor *in, struct spnego_token *out)
{
    struct cursor tagged = enter(in, CONTEXT(1)), fields = enter(&tagged, SEQUENCE), inside;

    if (is_next(&fields, CONTEXT(0))) {
        inside = enter(&fields, CONTEXT(0));
        inside = enter(&inside, ENUMERATED);
        ck_assert_uint_eq(inside.left, 1);
        out->state = (enum neg_state) * inside.at;
    }
    if (is_next(&fields, CONTEXT(1))) {
        inside = enter(&fields, CONTEXT(1));
        out->supported_mech = take_oid(&inside);
    }
    take_octets(&fields, 2, &out->mech_token);
    take_octets(&fields, 3, &out->mic);
    ck_assert_uint_eq(fields.left, 0);
}

void spnego_read(gss_buffer_desc token, struct spnego_token *out)
{
    struct cursor in = {token.value, token.length};

    *out = (struct spnego_token){.state = NO_STATE};
    if (is_next(&in, APPLICATION_0))
        read_init(&in, out);
    else
        read_response(&in, out);
    ck_assert_uint_eq(in.left, 0);
}

/* A token is written from its end to its start, so that each length is known
 * when it is due. */
struct writer {
    uint8_t bytes[16384], *start;
};

static uint8_t *writer_end(struct writer *out)
{
    return out->bytes + sizeof(out->bytes);
}

static void put(struct writer *out, const void *bytes, size_t len)
{
    ck_assert_int_ge(out->start - out->bytes, (ptrdiff_t)len);
    out->start -= len;
    memcpy(out->start, bytes, len);
}

/* Puts a tag and a length before what was written since `end`. */
static void wrap(struct writer *out, const uint8_t *end, uint8_t tag)
{
    const size_t len = (size_t)(end - out->start);
    const uint8_t brief[] = {tag, (uint8_t)len},
                  large[] = {tag, 0x82, (uint8_t)(len >> 8), (uint8_t)len};

    if (len < 0x80)
        put(out, brief, sizeof(brief));
    else
        put(out, large, sizeof(large));
}

/* [number] OCTET STRING OPTIONAL */
static void put_octets(struct writer *out, uint8_t number, gss_buffer_desc octets)
{
    const uint8_t *end = out->start;

    if (octets.length == 0)
        return;
    put(out, octets.value, octets.length);
    wrap(out, end, OCTET_STRING);
    wrap(out, end, (uint8_t)CONTEXT(number));
}

static void put_oid(struct writer *out, const gss_OID_desc *oid)
{
    const uint8_t *end = out->start;

    put(out, oid->elements, oid->length);
    wrap(out, end, OBJECT_ID);
}

static gss_buffer_desc taken(struct writer *out)
{
    gss_buffer_desc token = {.length = (size_t)(writer_end(out) - out->start)};

    token.value = malloc(token.length);
    ck_assert_ptr_nonnull(token.value);
    memcpy(token.value, out->start, token.length);
    return token;
}

gss_buffer_desc spnego_init_token(const gss_OID_desc *mechs, size_t count,
                                  gss_buffer_desc mech_token)
{
    struct writer out;
    const uint8_t *list_end;

    out.start = writer_end(&out);
    put_octets(&out, 2, mech_token);
    list_end = out.start;
    while (count-- > 0)
        put_oid(&out, &mechs[count]);
    wrap(&out, list_end, SEQUENCE);
    wrap(&out, list_end, CONTEXT(0));
    wrap(&out, writer_end(&out), SEQUENCE);
    wrap(&out, writer_end(&out), CONTEXT(0));
    put_oid(&out, &spnego_oid);
    wrap(&out, writer_end(&out), APPLICATION_0);
    return taken(&out);
}

/* [number] ENUMERATED or OBJECT IDENTIFIER OPTIONAL */
static void put_state(struct writer *out, enum neg_state state)
{
    const uint8_t *end = out->start, value = (uint8_t)state;

    if (state == NO_STATE)
        return;
    put(out, &value, 1);
    wrap(out, end, ENUMERATED);
    wrap(out, end, CONTEXT(0));
}

static void put_supported(struct writer *out, const gss_OID_desc *mech)
{
    const uint8_t *end = out->start;

    if (mech->length == 0)
        return;
    put_oid(out, mech);
    wrap(out, end, CONTEXT(1));
}

gss_buffer_desc spnego_write(const struct spnego_token *token)
{
    struct writer out;

    if (token->init)
        return spnego_init_token(token->mechs, token->mech_count, token->mech_token);
    out.start = writer_end(&out);
    put_octets(&out, 3, token->mic);
    put_octets(&out, 2, token->mech_token);
    put_supported(&out, &token->supported_mech);
    put_state(&out, token->state);
    wrap(&out, writer_end(&out), SEQUENCE);
    wrap(&out, writer_end(&out), CONTEXT(1));
    return taken(&out);
}

gss_buffer_desc spnego_response_token(gss_buffer_desc mech_token, gss_buffer_desc mic)
{
    return spnego_write(
        &(struct spnego_token){.state = NO_STATE, .mech_token = mech_token, .mic = mic});
}
