/* SPDX-License-Identifier: MIT */
/* initiate_output_test.c - the row of pOutput: where the token goes, and
 * that none is lost. Both sides. */

#include "config.h"

#include <string.h>

#include "context_buffer.h"
#include "handle.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

/* The client's call with this output. */
static SECURITY_STATUS initiate(struct exchange *exchange, SecBufferDesc *output)
{
    struct side *side = &exchange->client;
    SecBuffer in = {exchange->server.length, SECBUFFER_TOKEN, exchange->server.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in};

    return InitializeSecurityContextA(&side->credential, side->begun ? &side->context : NULL,
                                      exchange->target, side->requested, 0, 0, &input, 0,
                                      &side->context, output, NULL, NULL);
}

/* The server's. */
static SECURITY_STATUS accept(struct exchange *exchange, SecBufferDesc *output)
{
    struct side *side = &exchange->server;
    SecBuffer in = {exchange->client.length, SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in};

    return AcceptSecurityContext(&side->credential, side->begun ? &side->context : NULL, &input,
                                 side->requested, 0, &side->context, output, NULL, NULL);
}

/* Outputs that no token can go to, and the status of each. */
static struct {
    SecBuffer buffer;
    ULONG count;
    SECURITY_STATUS status;
} useless[] = {
    {{0, 0, NULL}, 0, SEC_E_BUFFER_TOO_SMALL},
    {{9, SECBUFFER_DATA, (char[]){"not this"}}, 1, SEC_E_BUFFER_TOO_SMALL},
    {{3, SECBUFFER_TOKEN, (char[]){"abc"}}, 1, SEC_E_BUFFER_TOO_SMALL},
    {{EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, NULL}, 1, SEC_E_INTERNAL_ERROR},
};

enum { USELESS = sizeof(useless) / sizeof(useless[0]) };

/* Each of them, and no descriptor at all: the same call, made in vain. */
static void try_useless(struct exchange *exchange,
                        SECURITY_STATUS step(struct exchange *exchange, SecBufferDesc *output),
                        bool size_is_told)
{
    for (int i = 0; i < USELESS; i++) {
        SecBuffer buffer = useless[i].buffer;
        SecBufferDesc output = {SECBUFFER_VERSION, useless[i].count, &buffer};

        ck_assert_int_eq(step(exchange, &output), useless[i].status);
        if (buffer.BufferType == SECBUFFER_TOKEN && buffer.pvBuffer && size_is_told)
            ck_assert_uint_gt(buffer.cbBuffer, 3);
        else
            ck_assert_uint_eq(buffer.cbBuffer, useless[i].buffer.cbBuffer);
    }
    ck_assert_int_eq(step(exchange, NULL), SEC_E_BUFFER_TOO_SMALL);
}

START_TEST(isc_req_allocate_memory_is_freed_with_freecontextbuffer)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecBuffer buffer = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};

    exchange->client.requested = ISC_REQ_ALLOCATE_MEMORY;
    ck_assert_int_eq(initiate(exchange, &output), SEC_I_CONTINUE_NEEDED);
    ck_assert_ptr_nonnull(buffer.pvBuffer);
    ck_assert_uint_gt(buffer.cbBuffer, 0);
    ck_assert_uint_eq(context_buffer_count(), 1);
    ck_assert_int_eq(FreeContextBuffer(buffer.pvBuffer), SEC_E_OK);
    exchange->client.begun = true;
    exchange_free(exchange);
}
END_TEST

START_TEST(poutput_is_allocated_on_every_call_of_either_side)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    exchange->client.requested = ISC_REQ_ALLOCATE_MEMORY;
    exchange->server.requested = ASC_REQ_ALLOCATE_MEMORY;
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes & ISC_RET_ALLOCATED_MEMORY,
                      ISC_RET_ALLOCATED_MEMORY);
    ck_assert_uint_eq(exchange->server.attributes & ASC_RET_ALLOCATED_MEMORY,
                      ASC_RET_ALLOCATED_MEMORY);
    exchange_free(exchange);
}
END_TEST

START_TEST(poutput_that_is_useless_on_the_first_call_makes_no_context)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    size_t handles = handle_count();

    try_useless(exchange, initiate, false);
    ck_assert_uint_eq(handle_count(), handles);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    try_useless(exchange, accept, false);
    ck_assert_uint_eq(handle_count(), handles + 1);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(poutput_that_is_useless_on_a_later_call_loses_nothing)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    try_useless(exchange, initiate, true);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_buffer_too_small_for_the_acceptors_later_call_loses_nothing)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    try_useless(exchange, accept, true);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(poutput_of_the_size_that_was_told_is_enough)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->client.room = 10;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_BUFFER_TOO_SMALL);
    exchange->client.room = exchange->client.said - 1;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(exchange->client.said, exchange->client.room + 1);
    exchange->client.room = exchange->client.said;
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_uint_eq(exchange->client.length, exchange->client.room);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(poutput_may_be_allocated_when_the_call_is_made_again)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->client.room = 10;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_BUFFER_TOO_SMALL);
    exchange->client.requested = ISC_REQ_ALLOCATE_MEMORY;
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_token_that_was_never_fetched_goes_with_its_context)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->client.room = 10;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_BUFFER_TOO_SMALL);
    exchange_free(exchange);
}
END_TEST

START_TEST(poutput_is_not_needed_where_there_is_no_token)
{
    struct exchange *exchange = exchange_of_alice("NTLM");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    ck_assert_int_eq(accept(exchange, NULL), SEC_E_OK);
    exchange_free(exchange);
}
END_TEST

START_TEST(an_empty_token_is_told_by_its_size)
{
    struct exchange *exchange = exchange_of_alice("NTLM");
    SecBuffer buffer = {4711, SECBUFFER_TOKEN, &buffer};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    exchange->server.requested = ASC_REQ_ALLOCATE_MEMORY;
    ck_assert_int_eq(accept(exchange, &output), SEC_E_OK);
    ck_assert_uint_eq(buffer.cbBuffer, 0);
    ck_assert_ptr_null(buffer.pvBuffer);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        isc_req_allocate_memory_is_freed_with_freecontextbuffer,
        poutput_is_allocated_on_every_call_of_either_side,
        poutput_that_is_useless_on_the_first_call_makes_no_context,
        poutput_that_is_useless_on_a_later_call_loses_nothing,
        poutput_of_the_size_that_was_told_is_enough,
        poutput_may_be_allocated_when_the_call_is_made_again,
        a_token_that_was_never_fetched_goes_with_its_context,
    };
    Suite *suite = suite_create("sspi initiate output");
    TCase *cases = fixture_case("output");

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    tcase_add_test(cases, sec_e_buffer_too_small_for_the_acceptors_later_call_loses_nothing);
    tcase_add_test(cases, poutput_is_not_needed_where_there_is_no_token);
    tcase_add_test(cases, an_empty_token_is_told_by_its_size);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
