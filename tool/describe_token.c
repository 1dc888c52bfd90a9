/* SPDX-License-Identifier: MIT */
/* describe_token.c - see describe_token.h. The tokens are taken apart by spnego/token.h and
 * ntlm/describe.h. */

#include "config.h"

#include "describe_token.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ntlm/describe.h"
#include "ntlm/message.h"
#include "spnego/oids.h"
#include "spnego/token.h"

struct page {
    void (*take)(void *arg, const struct ntlm_field *field);
    void *arg;
    unsigned deeper; /* than the depth that an inner message gives */
};

__attribute__((format(printf, 4, 5))) static void put(const struct page *page, unsigned depth,
                                                      const char *name, const char *format, ...)
{
    char value[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    page->take(page->arg, &(struct ntlm_field){.depth = depth, .name = name, .value = value});
}

static void take_inner(void *arg, const struct ntlm_field *field)
{
    const struct page *page = arg;
    struct ntlm_field deeper = *field;

    deeper.depth += page->deeper;
    page->take(page->arg, &deeper);
}

static struct ntlm_bytes bytes_of(struct der_bytes bytes)
{
    return ntlm_bytes(bytes.data, bytes.len);
}

static bool is_ntlm(struct ntlm_bytes token)
{
    enum ntlm_message_type type;

    return ntlm_message_type(token, &type) != NTLM_ERR_NOT_NTLM;
}

static void put_mech(const struct page *page, unsigned depth, const char *name,
                     struct der_bytes content)
{
    char numbers[OID_NAME_SIZE];
    gss_OID_desc oid = oid_of_bytes(content);

    put(page, depth, name, "%s%s", oid_name(&oid, numbers),
        oid_same(&oid, &oid_krb5_ms) ? " (as Microsoft writes it)" : "");
}

/* A mechanism's token in one of SPNEGO's. */
static void put_inner(const struct page *page, const char *name, struct der_bytes inner)
{
    struct page nested = *page;
    struct der_bytes oid;

    if (!inner.data)
        return;
    put(page, 1, name, "%zu bytes", inner.len);
    nested.deeper = 2;
    if (is_ntlm(bytes_of(inner)))
        ntlm_describe_fields(bytes_of(inner), take_inner, &nested);
    else if (token_frame_oid(inner, &oid))
        put_mech(page, 2, "mechanism", oid);
}

static void put_init(const struct page *page, const struct token *token, size_t len)
{
    struct der_bytes cursor = {NULL, 0}, oid;

    put(page, 0, token->kind == TOKEN_INIT2 ? "NegTokenInit2" : "NegTokenInit", "%zu bytes",
        len);
    put(page, 1, "mechTypes", "%zu bytes", token->mech_types.len);
    while (token_next_mech(token->mech_types, &cursor, &oid))
        put_mech(page, 2, "MechType", oid);
    put_inner(page, "mechToken", token->mech_token);
    if (token->hint_name.data)
        put(page, 1, "hintName", "\"%.*s\"", (int)token->hint_name.len,
            (const char *)token->hint_name.data);
}

static void put_response(const struct page *page, const struct token *token, size_t len)
{
    static const char *const states[] = {
        [STATE_ACCEPT_COMPLETED] = "accept-completed",
        [STATE_ACCEPT_INCOMPLETE] = "accept-incomplete",
        [STATE_REJECT] = "reject",
        [STATE_REQUEST_MIC] = "request-mic",
        [STATE_NONE] = "none",
    };

    put(page, 0, "NegTokenResp", "%zu bytes", len);
    put(page, 1, "negState", "%s", states[token->state]);
    if (token->supported_mech.data)
        put_mech(page, 1, "supportedMech", token->supported_mech);
    put_inner(page, "responseToken", token->mech_token);
}

static void describe_spnego(const struct page *page, struct der_bytes bytes)
{
    struct token token;
    const char *problem = token_read(bytes, &token);

    if (problem) {
        put(page, 0, "SPNEGO", "%zu bytes, malformed: %s", bytes.len, problem);
        return;
    }
    if (token.kind == TOKEN_RESPONSE)
        put_response(page, &token, bytes.len);
    else
        put_init(page, &token, bytes.len);
    if (token.mic.data)
        put(page, 1, "mechListMIC", "%zu bytes", token.mic.len);
}

/* Whether these are RFC 2743's frame of another mechanism's token. */
static bool is_framed(struct der_bytes bytes, struct der_bytes *oid)
{
    gss_OID_desc found;

    if (!token_frame_oid(bytes, oid))
        return false;
    found = oid_of_bytes(*oid);
    return !oid_same(&found, &oid_spnego);
}

void describe_token(struct ntlm_bytes token,
                    void (*take)(void *arg, const struct ntlm_field *field), void *arg)
{
    const struct page page = {.take = take, .arg = arg};
    const struct der_bytes bytes = {token.data, token.len};
    struct der_bytes oid;

    if (is_ntlm(token) || token.len == 0) {
        ntlm_describe_fields(token, take, arg);
    } else if (is_framed(bytes, &oid)) {
        put(&page, 0, "token", "%zu bytes", token.len);
        put_mech(&page, 1, "mechanism", oid);
    } else {
        describe_spnego(&page, bytes);
    }
}

struct ntlm_bytes token_ntlm_message(struct ntlm_bytes token)
{
    const struct ntlm_bytes none = {NULL, 0};
    struct token spnego;

    if (is_ntlm(token))
        return token;
    if (token_read((struct der_bytes){token.data, token.len}, &spnego) ||
        !is_ntlm(bytes_of(spnego.mech_token)))
        return none;
    return bytes_of(spnego.mech_token);
}
