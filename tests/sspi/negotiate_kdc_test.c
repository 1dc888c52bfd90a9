/* SPDX-License-Identifier: MIT */
/* negotiate_kdc_test.c - Negotiate with a KDC to ask, or one that was stopped:
 * when it takes Kerberos, when it falls back to NTLM, and what it does where NTLM
 * is restricted. */

#include "config.h"

#include <stdlib.h>

#include "kdc.h"
#include "package.h"
#include "scratch.h"
#include "shifted_clock.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_kdc_fixture.h"
#include "sspi_token.h"
#include "suite.h"

START_TEST(negotiate_prefers_kerberos)
{
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has_kerberos(&exchange->client));
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    exchange_free(exchange);
}
END_TEST

/* Before the first token is out, whatever Kerberos fails of. */
static void falls_back(const char *user, const char *target)
{
    struct exchange *exchange = exchange_with("Negotiate", user, "secret", "");

    exchange->target = (char *)(uintptr_t)target;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(!token_has_kerberos(&exchange->client));
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    ck_assert_str_eq(token_target(&exchange->client), target);
    exchange_free(exchange);
}

START_TEST(negotiate_falls_back_to_ntlm_when_the_kdc_does_not_know_the_service)
{
    falls_back("alice", "HTTP/nowhere.home.test");
    falls_back("alice", "server");
}
END_TEST

START_TEST(negotiate_falls_back_to_ntlm_when_there_is_no_kdc)
{
    falls_back("alice@DEAD.TEST", "HTTP/server.home.test");
    falls_back("alice@NOWHERE.TEST", "HTTP/server.home.test");
    falls_back("alice", "HTTP/server.dead.test");
}
END_TEST

START_TEST(negotiate_falls_back_to_ntlm_when_the_tickets_have_expired)
{
    struct exchange *exchange;

    log_in();
    fixture_accounts("HOME.TEST:alice:secret\n");
    clock_shift(TOMORROW);
    exchange = exchange_new("Negotiate", NULL);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_falls_back_to_ntlm_when_the_kdc_is_stopped)
{
    struct exchange *exchange;

    falls_back("alice", "HTTP/server.home.test");
    exchange = exchange_new("Negotiate", NULL);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

#define SENDING_DENIED "[ntlmssp]\n restrict_sending_ntlm = deny\n"

START_TEST(negotiate_takes_kerberos_where_ntlm_is_restricted)
{
    struct exchange *exchange;

    kdc_configure_with(SENDING_DENIED);
    exchange = exchange_with("Negotiate", "alice", "secret", "");
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    exchange_free(exchange);
}
END_TEST

/* Kerberos' reason, as if there were no NTLM. */
START_TEST(negotiate_does_not_fall_back_to_ntlm_that_is_restricted)
{
    static const struct {
        const char *user, *password, *target;
        SECURITY_STATUS status;
    } rows[] = {
        {"alice", "secret", "HTTP/nowhere.home.test", SEC_E_TARGET_UNKNOWN},
        {"alice", "wrong", "HTTP/server.home.test", SEC_E_LOGON_DENIED},
        {"alice@DEAD.TEST", "secret", "HTTP/server.home.test",
         SEC_E_NO_AUTHENTICATING_AUTHORITY},
    };

    kdc_configure_with(SENDING_DENIED);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct exchange *exchange =
            exchange_with("Negotiate", rows[i].user, rows[i].password, "");

        exchange->target = (char *)(uintptr_t)rows[i].target;
        ck_assert_int_eq(exchange_client(exchange), rows[i].status);
        exchange_free(exchange);
    }
}
END_TEST

/* [MS-NLMP] 3.1.5.1.1, 3.2.5.1.1: STATUS_NOT_SUPPORTED */
START_TEST(sec_e_unsupported_function_for_ntlm_that_is_restricted)
{
    struct exchange *exchange;

    kdc_configure_with(SENDING_DENIED);
    exchange = exchange_with("NTLM", "alice", "secret", "");
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    kdc_configure_with(SENDING_DENIED " client_allowed_ntlm_servers = nas.home.test\n");
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
    kdc_configure();
    exchange = exchange_with("NTLM", "alice", "secret", "");
    kdc_configure_with(SENDING_DENIED " client_allowed_ntlm_servers = nas.home.test\n");
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange->target = (char *)(uintptr_t) "cifs/nas.home.test";
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    kdc_configure_with("[ntlmssp]\n restrict_receiving_ntlm = deny\n");
    ck_assert_int_eq(exchange_server(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_with_ntlm_alone_does_not_ask_the_kdc)
{
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "NTLM");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(!token_has_kerberos(&exchange->client));
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(a_null_target_does_not_ask_the_kdc)
{
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "");

    exchange->target = NULL;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(!token_has_kerberos(&exchange->client));
    exchange_free(exchange);
}
END_TEST

START_TEST(a_fresh_exchange_is_not_limited_as_the_one_before)
{
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "");
    char *target = exchange->target;

    exchange->target = NULL;
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange->target = target;
    exchange->server.length = 0;
    exchange->servers_turn = false;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has_kerberos(&exchange->client));
    ck_assert_int_ge(exchange_server(exchange), 0);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_without_a_key_gets_ntlm_when_it_asks_for_it)
{
    SecBuffer buffer = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc token = {SECBUFFER_VERSION, 1, &buffer};
    struct exchange *exchange;

    setenv("KRB5_KTNAME", scratch_path("no-keys"), 1);
    exchange = exchange_with("Negotiate", "alice", "secret", "");
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has_kerberos(&exchange->client));
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    /* SPNEGO has no mechanism's context yet, which could be completed. */
    ck_assert_int_eq(CompleteAuthToken(&exchange->server.context, &token), SEC_E_OK);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_that_speaks_first_gets_kerberos_if_it_has_it)
{
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "");

    exchange->server.bare = true;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has_kerberos(&exchange->server));
    exchange->server.bare = false;
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_that_speaks_first_does_not_offer_ntlm_that_is_restricted)
{
    const gss_OID_desc *ntlm = package_of(PACKAGE_NTLM)->mech;
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "");

    exchange->server.bare = true;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has(&exchange->server, ntlm->elements, ntlm->length));
    exchange_free(exchange);

    kdc_configure_with("[ntlmssp]\n restrict_receiving_ntlm = deny\n");
    exchange = exchange_with("Negotiate", "alice", "secret", "");
    exchange->server.bare = true;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has_kerberos(&exchange->server));
    ck_assert(!token_has(&exchange->server, ntlm->elements, ntlm->length));
    exchange->server.bare = false;
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi negotiate kdc");
    TCase *cases = kdc_case(), *stopped = stopped_kdc_case();

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    tcase_add_test(cases, negotiate_prefers_kerberos);
    tcase_add_test(cases, negotiate_falls_back_to_ntlm_when_the_kdc_does_not_know_the_service);
    tcase_add_test(cases, negotiate_falls_back_to_ntlm_when_there_is_no_kdc);
    tcase_add_test(cases, negotiate_falls_back_to_ntlm_when_the_tickets_have_expired);
    tcase_add_test(cases, negotiate_takes_kerberos_where_ntlm_is_restricted);
    tcase_add_test(cases, negotiate_does_not_fall_back_to_ntlm_that_is_restricted);
    tcase_add_test(cases, sec_e_unsupported_function_for_ntlm_that_is_restricted);
    tcase_add_test(cases, negotiate_with_ntlm_alone_does_not_ask_the_kdc);
    tcase_add_test(cases, a_null_target_does_not_ask_the_kdc);
    tcase_add_test(cases, a_fresh_exchange_is_not_limited_as_the_one_before);
    tcase_add_test(cases, a_server_without_a_key_gets_ntlm_when_it_asks_for_it);
    tcase_add_test(cases, a_server_that_speaks_first_gets_kerberos_if_it_has_it);
    tcase_add_test(cases, a_server_that_speaks_first_does_not_offer_ntlm_that_is_restricted);
    suite_add_tcase(suite, cases);
    tcase_add_test(stopped, negotiate_falls_back_to_ntlm_when_the_kdc_is_stopped);
    suite_add_tcase(suite, stopped);
    return suite_run(suite);
}
