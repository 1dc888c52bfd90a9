/* SPDX-License-Identifier: MIT */
/* spnego_exchange.c - our SPNEGO in both roles, step by step, and tokens that are
 * altered between them. */

#include "config.h"

#include "spnego_exchange.h"

#include <stdlib.h>

const gss_OID_desc other_oid = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1f");

struct der_bytes bytes_of(gss_buffer_desc buffer)
{
    return (struct der_bytes){buffer.value, buffer.length};
}

struct der_bytes content_of(const gss_OID_desc *oid)
{
    return (struct der_bytes){oid->elements, oid->length};
}

struct token sent(const struct exchange *exchange, int step)
{
    struct token token;
    const char *problem = token_read(bytes_of(exchange->tokens[step]), &token);

    ck_assert_msg(!problem, "%s", problem);
    return token;
}

gss_buffer_desc written(const struct token *token)
{
    size_t size = token_write(token, NULL);
    uint8_t *bytes = malloc(size);

    ck_assert_ptr_nonnull(bytes);
    token_write(token, bytes + size);
    return (gss_buffer_desc){size, bytes};
}

void replace_token(struct exchange *exchange, int step, const struct token *token)
{
    gss_buffer_desc made = written(token);

    release_buffer(&exchange->tokens[step]);
    exchange->tokens[step] = made;
}

void negotiation_begin(struct exchange *exchange, OM_uint32 flags, int steps)
{
    exchange_begin(exchange, &(struct request){.mech = SPNEGO, .flags = flags});
    for (int i = 0; i < steps; i++)
        ck_assert(exchange_step(exchange));
}

gss_cred_id_t credential_without_integrity(void)
{
    gss_OID_desc no_ci_flags =
        OID("\x2a\x85\x70\x2b\x0d\x1d"); /* GSS_KRB5_CRED_NO_CI_FLAGS_X */
    gss_cred_id_t credential = credential_of(SPNEGO, GSS_C_INITIATE, NULL, NULL);

    assert_complete(gss_set_cred_option(&minor, &credential, &no_ci_flags, GSS_C_NO_BUFFER));
    return credential;
}

void negotiation_finish(struct exchange *exchange)
{
    while (exchange_step(exchange))
        continue;
}

void negotiation_is_complete(struct exchange *exchange)
{
    ck_assert_msg(exchange->client.complete, "the initiator: %s",
                  side_text(exchange, &exchange->client));
    ck_assert_msg(exchange->server.complete, "the acceptor: %s",
                  side_text(exchange, &exchange->server));
}

void negotiation_fails(const struct exchange *exchange, const struct side *side,
                       OM_uint32 major, const char *text)
{
    ck_assert_uint_eq(side->major, major);
    assert_contains(side_text(exchange, side), text);
}

void leave_out_the_token(struct token *token)
{
    token->mech_token = NO_BYTES;
}

void add_a_mic(struct token *token)
{
    token->mic = (struct der_bytes){(const uint8_t *)"mic", 3};
}

void begin_anew(struct token *token)
{
    *token = (struct token){.kind = TOKEN_INIT,
                            .mech_types = {(const uint8_t *)"\x30\x04\x06\x02\x2a\x03", 6}};
}
