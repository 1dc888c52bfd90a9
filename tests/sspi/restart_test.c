/* SPDX-License-Identifier: MIT */
/* restart_test.c - a client that begins again while the server has a context of it. */

#include "config.h"

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

/* The client has another context, and its first token is the server's next. */
static void begin_again(struct exchange *exchange, const char *package)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = exchange_identity("CORP", "alice", "secret");

    ck_assert_int_eq(DeleteSecurityContext(&exchange->client.context), SEC_E_OK);
    exchange->client.begun = false;
    side_credential(&exchange->client, package, SECPKG_CRED_OUTBOUND, &alice);
    exchange->server.length = 0;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
}

/* A refused context is there to be deleted, as on Windows. */
START_TEST(a_refused_contexts_handle_is_invalid_and_a_new_one_logs_in)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SEC_WINNT_AUTH_IDENTITY_A wrong = exchange_identity("CORP", "alice", "wrong");

    side_credential(&exchange->client, packages[_i], SECPKG_CRED_OUTBOUND, &wrong);
    ck_assert_int_eq(exchange_run(exchange), SEC_E_LOGON_DENIED);
    begin_again(exchange, packages[_i]);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(DeleteSecurityContext(&exchange->server.context), SEC_E_OK);
    exchange->server.begun = false;
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

/* With NTLM it begins anew, with SPNEGO a NegTokenInit comes out of turn. */
START_TEST(a_half_made_context_takes_ntlms_first_token_once_more)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    begin_again(exchange, packages[_i]);
    if (_i == 0)
        exchange_establish(exchange);
    else
        ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi restart");
    TCase *cases = fixture_case("restart");

    tcase_add_loop_test(cases, a_refused_contexts_handle_is_invalid_and_a_new_one_logs_in, 0,
                        2);
    tcase_add_loop_test(cases, a_half_made_context_takes_ntlms_first_token_once_more, 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
