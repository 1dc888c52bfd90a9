/* SPDX-License-Identifier: MIT */
/* offer.c - the mechanisms that an initiator offers. */

#include "config.h"

#include "spnego/offer.h"

#include <stdlib.h>
#include <string.h>

#include "spnego/oids.h"
#include "spnego/status.h"

struct offer {
    struct der_bytes named; /* by the server; not there: it has not spoken */
    struct der_bytes *oids;
    size_t count;
};

static bool is_named(struct der_bytes named, gss_OID mech)
{
    struct der_bytes cursor = {NULL, 0}, oid;

    if (!named.data)
        return true;
    while (token_next_mech(named, &cursor, &oid)) {
        gss_OID_desc one = oid_of_bytes(oid);

        if (oid_same_mech(&one, mech))
            return true;
    }
    return false;
}

static OM_uint32 read_hello(OM_uint32 *minor, struct der_bytes bytes, struct der_bytes *named)
{
    struct token hello;
    const char *problem;

    *named = (struct der_bytes){NULL, 0};
    if (bytes.len == 0)
        return GSS_S_COMPLETE;
    problem = token_read(bytes, &hello);
    if (problem)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_BAD_TOKEN, "%s", problem);
    if (hello.kind == TOKEN_RESPONSE)
        return status_fail(minor, GSS_S_DEFECTIVE_TOKEN, SPNEGO_ERR_UNEXPECTED_TOKEN,
                           "a NegTokenResp, before our NegTokenInit");
    *named = hello.mech_types;
    return GSS_S_COMPLETE;
}

static OM_uint32 set_list(OM_uint32 *minor, struct context *context, const struct offer *offer)
{
    size_t size = token_write_mechs(offer->oids, offer->count, NULL);
    uint8_t *list = context_new_mech_types(context, size);

    if (!list)
        return status_no_memory(minor);
    token_write_mechs(offer->oids, offer->count, list + size);
    return GSS_S_COMPLETE;
}

OM_uint32 offer_make(OM_uint32 *minor, struct context *context, struct der_bytes hello)
{
    struct der_bytes few[8];
    struct offer offer = {.oids = few};
    gss_OID_set order = credential_order(context->credential);
    OM_uint32 major = read_hello(minor, hello, &offer.named);

    if (major != GSS_S_COMPLETE)
        return major;
    if (order->count > sizeof(few) / sizeof(few[0]))
        offer.oids = reallocarray(NULL, order->count, sizeof(*offer.oids));
    if (!offer.oids)
        return status_no_memory(minor);
    for (size_t i = 0; i < order->count; i++)
        if (is_named(offer.named, &order->elements[i]))
            offer.oids[offer.count++] = oid_bytes(&order->elements[i]);
    if (offer.count > 0)
        major = set_list(minor, context, &offer);
    else if (order->count > 0)
        major = status_fail(minor, GSS_S_BAD_MECH, SPNEGO_ERR_NONE_IN_COMMON, "%s",
                            context_reasons(context));
    else
        major = status_fail(minor, GSS_S_FAILURE, SPNEGO_ERR_NO_CREDENTIAL, "%s",
                            context_reasons(context));
    if (offer.oids != few)
        free(offer.oids);
    return major;
}

void offer_first(struct context *context)
{
    struct der_bytes cursor = {NULL, 0}, oid;

    if (token_next_mech(context_mech_types(context), &cursor, &oid))
        context->mech = oid_of_bytes(oid);
}

/* What is behind the first. */
static struct der_bytes rest_of(const struct context *context)
{
    struct der_bytes cursor = {NULL, 0}, oid;

    token_next_mech(context_mech_types(context), &cursor, &oid);
    return cursor;
}

bool offer_has_more(const struct context *context)
{
    return rest_of(context).len > 0;
}

/* The list's new header takes the place of the first's end. */
void offer_drop_first(struct context *context)
{
    struct der_bytes rest = rest_of(context);
    uint8_t *end = context->mech_types + context->mech_types_len;
    struct der_writer list = {.end = end, .used = rest.len};

    der_enclose(&list, DER_SEQUENCE, 0);
    memmove(context->mech_types, end - list.used, list.used);
    context->mech_types_len = list.used;
    context->mech = (gss_OID_desc){0, NULL};
}
