/* SPDX-License-Identifier: MIT */
/* kdc_test.c - logging in with Kerberos alone and a KDC to ask, or one that
 * was stopped: the rows of the statuses that only it can cause, and delegation.
 * What Negotiate makes of it is in sspi_negotiate_kdc_test.c. */

#include "config.h"

#include "kdc.h"
#include "shifted_clock.h"
#include "sspi_exchange.h"
#include "sspi_kdc_fixture.h"
#include "suite.h"

/* Kerberos alone, asked for by package and by package list. */
static const struct {
    const char *package, *list;
} kerberos[] = {{"Kerberos", ""}, {"Negotiate", "!NTLM"}, {"Negotiate", "Kerberos"}};

enum { KERBEROS_ONLY = sizeof(kerberos) / sizeof(kerberos[0]) };

static struct exchange *kerberos_pair(int which, const char *user, const char *password)
{
    return exchange_with(kerberos[which].package, user, password, kerberos[which].list);
}

/* The status of the first call, for this user, password and target. */
static SECURITY_STATUS refusal(int which, const char *user, const char *password,
                               const char *target)
{
    struct exchange *exchange = kerberos_pair(which, user, password);
    SECURITY_STATUS status;

    exchange->target = (char *)(uintptr_t)target;
    status = exchange_client(exchange);
    exchange_free(exchange);
    return status;
}

START_TEST(a_password_logs_in_with_kerberos)
{
    struct exchange *exchange = kerberos_pair(_i, "alice", "secret");

    exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes, ISC_RET_MUTUAL_AUTH);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    exchange_free(exchange);
}
END_TEST

/* As a principal of the realm that the suffix names, or else as an enterprise name of
 * the default realm. */
START_TEST(a_user_with_an_at_logs_in_with_kerberos)
{
    static const char *const users[] = {"alice@HOME.TEST", "alice@mail.example"};

    for (size_t i = 0; i < 2; i++) {
        struct exchange *exchange = kerberos_pair(_i, users[i], "secret");

        exchange_establish(exchange);
        ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
        exchange_free(exchange);
    }
    ck_assert_int_eq(refusal(_i, "alice@mail.example", "wrong", "HTTP/server.home.test"),
                     SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(isc_req_delegate_with_mutual_auth_delegates)
{
    struct exchange *exchange = kerberos_pair(_i, "alice", "secret");

    exchange->client.requested = ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH;
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes, ISC_RET_DELEGATE | ISC_RET_MUTUAL_AUTH);
    ck_assert_uint_eq(exchange->server.attributes, ASC_RET_DELEGATE | ASC_RET_MUTUAL_AUTH);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_unsupported_function_for_isc_req_delegate_without_mutual_auth)
{
    struct exchange *exchange = kerberos_pair(_i, "alice", "secret");

    exchange->client.requested = ISC_REQ_DELEGATE;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange->client.requested = ISC_REQ_DELEGATE | ISC_REQ_CONFIDENTIALITY;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_logon_denied_for_a_wrong_password)
{
    ck_assert_int_eq(refusal(_i, "alice", "wrong", "HTTP/server.home.test"),
                     SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(sec_e_logon_denied_for_an_unknown_user)
{
    ck_assert_int_eq(refusal(_i, "nobody", "secret", "HTTP/server.home.test"),
                     SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(sec_e_logon_denied_for_accounts_that_may_not)
{
    ck_assert_int_eq(refusal(_i, "revoked", "secret", "HTTP/server.home.test"),
                     SEC_E_LOGON_DENIED);
    ck_assert_int_eq(refusal(_i, "expired", "secret", "HTTP/server.home.test"),
                     SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(sec_e_target_unknown_when_the_kdc_does_not_know_the_spn)
{
    ck_assert_int_eq(refusal(_i, "alice", "secret", "HTTP/nowhere.home.test"),
                     SEC_E_TARGET_UNKNOWN);
    ck_assert_int_eq(refusal(_i, "alice", "secret", "server"), SEC_E_TARGET_UNKNOWN);
}
END_TEST

START_TEST(sec_e_no_authenticating_authority_when_the_kdc_does_not_answer)
{
    ck_assert_int_eq(refusal(_i, "alice@DEAD.TEST", "secret", "HTTP/server.dead.test"),
                     SEC_E_NO_AUTHENTICATING_AUTHORITY);
}
END_TEST

START_TEST(sec_e_no_authenticating_authority_for_an_unknown_realm)
{
    ck_assert_int_eq(refusal(_i, "alice@NOWHERE.TEST", "secret", "HTTP/server.home.test"),
                     SEC_E_NO_AUTHENTICATING_AUTHORITY);
}
END_TEST

START_TEST(sec_e_no_credentials_without_tickets)
{
    struct exchange *exchange = exchange_new("Kerberos", NULL);

    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

/* A ticket to ask with is there, and nobody to ask. */
START_TEST(sec_e_no_authenticating_authority_when_the_kdc_is_stopped)
{
    static const char *const targets[] = {"HTTP/server.home.test", "HTTP/nowhere.home.test"};

    for (size_t i = 0; i < 2; i++) {
        struct exchange *exchange = exchange_new(_i ? "Negotiate" : "Kerberos", NULL);

        exchange->target = (char *)(uintptr_t)targets[i];
        exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
        ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_AUTHENTICATING_AUTHORITY);
        exchange_free(exchange);
    }
    for (int which = 0; which < KERBEROS_ONLY; which++)
        ck_assert_int_eq(refusal(which, "alice", "secret", targets[0]),
                         SEC_E_NO_AUTHENTICATING_AUTHORITY);
}
END_TEST

START_TEST(sec_e_no_credentials_when_the_tickets_have_expired)
{
    struct exchange *exchange;

    log_in();
    clock_shift(TOMORROW);
    exchange = exchange_new(_i ? "Negotiate" : "Kerberos", NULL);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

/* The KDC's word is an hour old when the server hears of it. */
START_TEST(sec_e_time_skew_when_the_clocks_differ)
{
    struct exchange *exchange = kerberos_pair(_i, "alice", "secret");

    exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    clock_shift(60L * 60);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_TIME_SKEW);
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_context_expired_when_the_ticket_has_ended)
{
    struct exchange *exchange = kerberos_pair(_i, "alice", "secret");

    exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    clock_shift(TOMORROW);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_CONTEXT_EXPIRED);
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

/* The server is another than the one that was named: it has no such key. */
START_TEST(sec_e_wrong_principal_when_another_server_is_there)
{
    struct exchange *exchange = kerberos_pair(_i, "alice", "secret");

    exchange->target = (char *)(uintptr_t) "HTTP/away.home.test";
    exchange->client.requested = ISC_REQ_MUTUAL_AUTH;
    exchange->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_lt(exchange_server(exchange), 0);
    ck_assert_uint_gt(exchange->server.said, 0);
    exchange->server.length = exchange->server.said;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_WRONG_PRINCIPAL);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const only[] = {
        a_password_logs_in_with_kerberos,
        a_user_with_an_at_logs_in_with_kerberos,
        isc_req_delegate_with_mutual_auth_delegates,
        sec_e_unsupported_function_for_isc_req_delegate_without_mutual_auth,
        sec_e_logon_denied_for_a_wrong_password,
        sec_e_logon_denied_for_an_unknown_user,
        sec_e_logon_denied_for_accounts_that_may_not,
        sec_e_target_unknown_when_the_kdc_does_not_know_the_spn,
        sec_e_no_authenticating_authority_when_the_kdc_does_not_answer,
        sec_e_no_authenticating_authority_for_an_unknown_realm,
        sec_e_wrong_principal_when_another_server_is_there,
        sec_e_time_skew_when_the_clocks_differ,
        sec_e_context_expired_when_the_ticket_has_ended,
    };
    Suite *suite = suite_create("sspi kdc");
    TCase *cases = kdc_case(), *stopped = stopped_kdc_case();

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
        tcase_add_loop_test(cases, only[i], 0, KERBEROS_ONLY);
    tcase_add_test(cases, sec_e_no_credentials_without_tickets);
    tcase_add_loop_test(cases, sec_e_no_credentials_when_the_tickets_have_expired, 0, 2);
    suite_add_tcase(suite, cases);
    tcase_add_loop_test(stopped, sec_e_no_authenticating_authority_when_the_kdc_is_stopped, 0,
                        2);
    suite_add_tcase(suite, stopped);
    return suite_run(suite);
}
