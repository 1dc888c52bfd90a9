/* SPDX-License-Identifier: MIT */
/* sspi_exchange.c - see sspi_pair.h. */

#include "config.h"

#include "sspi_exchange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "context_buffer.h"
#include "handle.h"
#include "sspi_fixture.h"

#define MAX_LEGS 10

static char *mutable(const char *text)
{
    return (char *)(uintptr_t)text; /* SSPI's strings are not const */
}

SEC_WINNT_AUTH_IDENTITY_A exchange_identity(const char *domain, const char *user,
                                            const char *password)
{
    return (SEC_WINNT_AUTH_IDENTITY_A){(UCHAR *)mutable(user),      (ULONG)strlen(user),
                                       (UCHAR *)mutable(domain),    (ULONG)strlen(domain),
                                       (UCHAR *)mutable(password),  (ULONG)strlen(password),
                                       SEC_WINNT_AUTH_IDENTITY_ANSI};
}

static void side_acquire(struct side *side, const char *package, ULONG use, void *identity)
{
    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, mutable(package), use, NULL, identity,
                                               NULL, NULL, &side->credential, NULL),
                     SEC_E_OK);
}

struct exchange *exchange_new(const char *package, void *identity)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));

    ck_assert_ptr_nonnull(exchange);
    exchange->target = mutable("HTTP/server.home.test");
    exchange->client.room = exchange->server.room = EXCHANGE_TOKEN_MAX;
    side_acquire(&exchange->client, package, SECPKG_CRED_OUTBOUND, identity);
    side_acquire(&exchange->server, package, SECPKG_CRED_INBOUND, NULL);
    return exchange;
}

struct exchange *exchange_of_alice(const char *package)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = exchange_identity("CORP", "alice", "secret");

    fixture_accounts("CORP:alice:secret\nCORP:bob:geheim\n");
    return exchange_new(package, &alice);
}

void side_credential(struct side *side, const char *package, ULONG use, void *identity)
{
    ck_assert_int_eq(FreeCredentialsHandle(&side->credential), SEC_E_OK);
    side_acquire(side, package, use, identity);
}

static void side_end(struct side *side)
{
    if (side->begun)
        ck_assert_int_eq(DeleteSecurityContext(&side->context), SEC_E_OK);
    ck_assert_int_eq(FreeCredentialsHandle(&side->credential), SEC_E_OK);
}

void exchange_end(struct exchange *exchange)
{
    side_end(&exchange->client);
    side_end(&exchange->server);
    free(exchange);
}

void exchange_free(struct exchange *exchange)
{
    exchange_end(exchange);
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_uint_eq(context_buffer_count(), 0);
}

/* What a call reads, and where it writes. */
struct buffers {
    SecBuffer in[2], out[1];
    SecBufferDesc input, output;
};

static void lay_out(struct buffers *buffers, struct side *side, struct side *peer)
{
    buffers->in[0] = (SecBuffer){peer->length, SECBUFFER_TOKEN, peer->token};
    buffers->in[1] = side->extra;
    buffers->input = (SecBufferDesc){SECBUFFER_VERSION, 2, buffers->in};
    buffers->out[0] = (SecBuffer){side->room, SECBUFFER_TOKEN, side->token};
    buffers->output = (SecBufferDesc){SECBUFFER_VERSION, 1, buffers->out};
    if (side->requested & ISC_REQ_ALLOCATE_MEMORY)
        buffers->out[0].pvBuffer = NULL;
}

static SECURITY_STATUS collect(struct buffers *buffers, struct side *side,
                               SECURITY_STATUS status)
{
    SecBuffer *out = &buffers->out[0];

    side->status = status;
    side->said = out->cbBuffer;
    if (status >= 0)
        side->length = out->cbBuffer;
    if ((side->requested & ISC_REQ_ALLOCATE_MEMORY) && out->pvBuffer) {
        memcpy(side->token, out->pvBuffer, out->cbBuffer);
        ck_assert_int_eq(FreeContextBuffer(out->pvBuffer), SEC_E_OK);
    }
    if (status >= 0)
        side->begun = true;
    return status;
}

SECURITY_STATUS exchange_client(struct exchange *exchange)
{
    struct side *side = &exchange->client;
    struct buffers buffers;
    SECURITY_STATUS status;

    lay_out(&buffers, side, &exchange->server);
    status = InitializeSecurityContextA(
        &side->credential, side->begun ? &side->context : NULL, exchange->target,
        side->requested, 0, SECURITY_NATIVE_DREP, side->bare ? NULL : &buffers.input, 0,
        &side->context, &buffers.output, &side->attributes, &side->expiry);
    if (status >= 0)
        exchange->servers_turn = true;
    return collect(&buffers, side, status);
}

SECURITY_STATUS exchange_server(struct exchange *exchange)
{
    struct side *side = &exchange->server;
    struct buffers buffers;
    SECURITY_STATUS status;

    lay_out(&buffers, side, &exchange->client);
    status = AcceptSecurityContext(&side->credential, side->begun ? &side->context : NULL,
                                   side->bare ? NULL : &buffers.input, side->requested,
                                   SECURITY_NATIVE_DREP, &side->context, &buffers.output,
                                   &side->attributes, &side->expiry);
    if (status >= 0)
        exchange->servers_turn = false;
    return collect(&buffers, side, status);
}

static bool is_done(const struct side *side)
{
    return side->begun && side->status == SEC_E_OK;
}

SECURITY_STATUS exchange_run(struct exchange *exchange)
{
    SECURITY_STATUS status;

    for (int i = 0; i < MAX_LEGS; i++) {
        if (is_done(&exchange->client) && is_done(&exchange->server))
            return SEC_E_OK;
        status = exchange->servers_turn ? exchange_server(exchange) : exchange_client(exchange);
        if (status < 0)
            return status;
    }
    ck_abort_msg("the exchange does not end");
}

void exchange_establish(struct exchange *exchange)
{
    SECURITY_STATUS status = exchange_run(exchange);

    ck_assert_msg(status == SEC_E_OK, "the exchange fails with 0x%08x", (unsigned)status);
}

const char *exchange_package(struct side *side)
{
    SecPkgContext_NegotiationInfoA info;
    static char name[32];

    ck_assert_int_eq(
        QueryContextAttributesA(&side->context, SECPKG_ATTR_NEGOTIATION_INFO, &info), SEC_E_OK);
    snprintf(name, sizeof(name), "%s", info.PackageInfo->Name);
    FreeContextBuffer(info.PackageInfo);
    return name;
}
