/* spnego_token.c - enough DER for SPNEGO's tokens. */

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

/* Puts a tag and a length around the end of a buffer that is filled from
 * behind. */
static void wrap(uint8_t **start, const uint8_t *end, uint8_t tag)
{
    const ptrdiff_t len = end - *start;

    ck_assert_int_lt(len, 0x80);
    *--*start = (uint8_t)len;
    *--*start = tag;
}

static void put(uint8_t **start, const void *bytes, size_t len)
{
    *start -= len;
    memcpy(*start, bytes, len);
}

gss_buffer_desc spnego_init_token(const gss_OID_desc *mechs, size_t count,
                                  gss_buffer_desc mech_token)
{
    uint8_t buffer[256], *const end = buffer + sizeof(buffer), *start = end, *list_end;
    gss_buffer_desc token;

    ck_assert_uint_lt(mech_token.length, 128);
    put(&start, mech_token.value, mech_token.length);
    wrap(&start, end, OCTET_STRING);
    wrap(&start, end, CONTEXT(2));
    list_end = start;
    while (count-- > 0) {
        const uint8_t *oid_end = start;

        put(&start, mechs[count].elements, mechs[count].length);
        wrap(&start, oid_end, OBJECT_ID);
    }
    wrap(&start, list_end, SEQUENCE);
    wrap(&start, list_end, CONTEXT(0));
    wrap(&start, end, SEQUENCE);
    wrap(&start, end, CONTEXT(0));
    list_end = start;
    put(&start, spnego_oid.elements, spnego_oid.length);
    wrap(&start, list_end, OBJECT_ID);
    wrap(&start, end, APPLICATION_0);
    token.length = (size_t)(end - start);
    token.value = malloc(token.length);
    ck_assert_ptr_nonnull(token.value);
    memcpy(token.value, start, token.length);
    return token;
}
