/* SPDX-License-Identifier: MIT */
/* token_trace.c - SPNEGO's tokens in the trace. */

#include "config.h"

#include "spnego/token_trace.h"

#include <stdarg.h>
#include <stdio.h>

#include "spnego/oids.h"
#include "support/trace.h"

/* A line that ends where it is full. */
struct line {
    char text[1024];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format,
                                                      ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(line->text + line->used, sizeof(line->text) - line->used, format, args);
    va_end(args);
    if (len > 0)
        line->used += (size_t)len;
    if (line->used >= sizeof(line->text))
        line->used = sizeof(line->text) - 1;
}

static void add_mech(struct line *line, const char *before, struct der_bytes content)
{
    char numbers[OID_NAME_SIZE];
    gss_OID_desc oid = oid_of_bytes(content);

    add(line, "%s%s", before, oid_name(&oid, numbers));
    if (oid_same(&oid, &oid_krb5_ms))
        add(line, " (as Microsoft writes it)");
}

static void add_init(struct line *line, const struct token *token)
{
    struct der_bytes cursor = {NULL, 0}, oid;
    const char *before = " mechTypes: ";

    add(line, token->kind == TOKEN_INIT2 ? "NegTokenInit2" : "NegTokenInit");
    for (; token_next_mech(token->mech_types, &cursor, &oid); before = ", ")
        add_mech(line, before, oid);
    if (token->mech_token.data)
        add(line, "; mechToken: %zu bytes", token->mech_token.len);
}

static void add_response(struct line *line, const struct token *token)
{
    static const char *const states[] = {
        [STATE_ACCEPT_COMPLETED] = "accept-completed",
        [STATE_ACCEPT_INCOMPLETE] = "accept-incomplete",
        [STATE_REJECT] = "reject",
        [STATE_REQUEST_MIC] = "request-mic",
        [STATE_NONE] = "none",
    };

    add(line, "NegTokenResp negState: %s", states[token->state]);
    if (token->supported_mech.data)
        add_mech(line, "; supportedMech: ", token->supported_mech);
    if (token->mech_token.data)
        add(line, "; responseToken: %zu bytes", token->mech_token.len);
}

__attribute__((noinline)) static void decode(const char *what, struct der_bytes bytes)
{
    struct line line = {.used = 0};
    struct token token;
    const char *problem;

    problem = token_read(bytes, &token);
    if (problem) {
        trace("%s %zu bytes that are no SPNEGO token: %s", what, bytes.len, problem);
        return;
    }
    if (token.kind == TOKEN_RESPONSE)
        add_response(&line, &token);
    else
        add_init(&line, &token);
    if (token.mic.data)
        add(&line, "; mechListMIC: %zu bytes", token.mic.len);
    trace("%s %s", what, line.text);
}

void token_trace(const char *what, struct der_bytes bytes)
{
    if (bytes.len > 0 && trace_on())
        decode(what, bytes);
}
