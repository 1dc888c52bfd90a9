/* SPDX-License-Identifier: MIT */
/* spnego_token_fuzz.c - SPNEGO's tokens from whatever bytes the fuzzer makes: what
 * is read lies within them, and is the same once it was written and read again. */

#include "config.h"

#include "spnego/token.h"
#include "target.h"

static void must_lie_within(struct der_bytes field, struct der_bytes bytes)
{
    MUST(!field.data || (field.data >= bytes.data && field.len <= bytes.len &&
                         field.data <= bytes.data + bytes.len - field.len));
}

static void must_be_same(struct der_bytes one, struct der_bytes other)
{
    MUST((!one.data && !other.data) || der_equal(one, other));
}

static void must_have_mechs(struct der_bytes mech_types)
{
    struct der_bytes cursor = {NULL, 0}, oid;
    size_t count = 0;

    while (token_next_mech(mech_types, &cursor, &oid)) {
        MUST(der_is_oid(oid));
        count++;
    }
    MUST(count > 0 && cursor.len == 0);
}

static void must_write(const struct token *token)
{
    size_t size = token_write(token, NULL);
    uint8_t *bytes = malloc(size);
    struct token again;

    MUST(bytes);
    MUST(token_write(token, bytes + size) == size);
    MUST(!token_read((struct der_bytes){bytes, size}, &again));
    MUST(again.kind == token->kind && again.state == token->state);
    must_be_same(again.mech_types, token->mech_types);
    must_be_same(again.supported_mech, token->supported_mech);
    must_be_same(again.mech_token, token->mech_token);
    must_be_same(again.mic, token->mic);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct der_bytes bytes = {data, size}, oid;
    struct token token;

    if (token_frame_oid(bytes, &oid))
        must_lie_within(oid, bytes);
    if (token_read(bytes, &token))
        return 0;
    must_lie_within(token.mech_types, bytes);
    must_lie_within(token.hint_name, bytes);
    must_lie_within(token.supported_mech, bytes);
    must_lie_within(token.mech_token, bytes);
    must_lie_within(token.mic, bytes);
    if (token.kind != TOKEN_RESPONSE)
        must_have_mechs(token.mech_types);
    must_write(&token);
    token_forget_repetition(&token);
    return 0;
}
