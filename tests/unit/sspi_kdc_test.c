/* sspi_kdc_test.c - logging in with Kerberos alone and a KDC to ask, or one that
 * was stopped: the rows of the statuses that only it can cause, and delegation.
 * What Negotiate makes of it is in sspi_negotiate_kdc_test.c. */

#include "kdc.h"
#include "shifted_clock.h"
#include "sspi_kdc_scene.h"
#include "sspi_pair.h"
#include "suite.h"

/* Kerberos alone, asked for by package and by package list. */
static const struct {
    const char *package, *list;
} kerberos[] = {{"Kerberos", ""}, {"Negotiate", "!NTLM"}, {"Negotiate", "Kerberos"}};

enum { KERBEROS_ONLY = sizeof(kerberos) / sizeof(kerberos[0]) };

static struct pair *kerberos_pair(int which, const char *user, const char *password)
{
    return pair_with(kerberos[which].package, user, password, kerberos[which].list);
}

START_TEST(a_password_logs_in_with_kerberos)
{
    struct pair *pair = kerberos_pair(_i, "alice", "secret");

    pair->client.requested = ISC_REQ_MUTUAL_AUTH;
    pair_establish(pair);
    ck_assert_uint_eq(pair->client.attributes, ISC_RET_MUTUAL_AUTH);
    ck_assert_str_eq(pair_package(&pair->client), "Kerberos");
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
    pair_free(pair);
}
END_TEST

START_TEST(isc_req_delegate_with_mutual_auth_delegates)
{
    struct pair *pair = kerberos_pair(_i, "alice", "secret");

    pair->client.requested = ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH;
    pair_establish(pair);
    ck_assert_uint_eq(pair->client.attributes, ISC_RET_DELEGATE | ISC_RET_MUTUAL_AUTH);
    ck_assert_uint_eq(pair->server.attributes, ASC_RET_DELEGATE | ASC_RET_MUTUAL_AUTH);
    pair_free(pair);
}
END_TEST

START_TEST(sec_e_unsupported_function_for_isc_req_delegate_without_mutual_auth)
{
    struct pair *pair = kerberos_pair(_i, "alice", "secret");

    pair->client.requested = ISC_REQ_DELEGATE;
    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair->client.requested = ISC_REQ_DELEGATE | ISC_REQ_CONFIDENTIALITY;
    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair_free(pair);
}
END_TEST

/* The status of the first leg, for this user, password and target. */
static SECURITY_STATUS refusal(int which, const char *user, const char *password,
                               const char *target)
{
    struct pair *pair = kerberos_pair(which, user, password);
    SECURITY_STATUS status;

    pair->target = (char *)(uintptr_t)target;
    status = pair_client(pair);
    pair_free(pair);
    return status;
}

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
    struct pair *pair = pair_new("Kerberos", NULL);

    ck_assert_int_eq(pair_client(pair), SEC_E_NO_CREDENTIALS);
    pair_free(pair);
}
END_TEST

/* A ticket to ask with is there, and nobody to ask. */
START_TEST(sec_e_no_authenticating_authority_when_the_kdc_is_stopped)
{
    static const char *const targets[] = {"HTTP/server.home.test", "HTTP/nowhere.home.test"};

    for (size_t i = 0; i < 2; i++) {
        struct pair *pair = pair_new(_i ? "Negotiate" : "Kerberos", NULL);

        pair->target = (char *)(uintptr_t)targets[i];
        pair->client.requested = ISC_REQ_MUTUAL_AUTH;
        ck_assert_int_eq(pair_client(pair), SEC_E_NO_AUTHENTICATING_AUTHORITY);
        pair_free(pair);
    }
    for (int which = 0; which < KERBEROS_ONLY; which++)
        ck_assert_int_eq(refusal(which, "alice", "secret", targets[0]),
                         SEC_E_NO_AUTHENTICATING_AUTHORITY);
}
END_TEST

START_TEST(sec_e_no_credentials_when_the_tickets_have_expired)
{
    struct pair *pair;

    log_in();
    clock_shift(TOMORROW);
    pair = pair_new(_i ? "Negotiate" : "Kerberos", NULL);
    ck_assert_int_eq(pair_client(pair), SEC_E_NO_CREDENTIALS);
    clock_shift(0);
    pair_free(pair);
}
END_TEST

/* The KDC's word is an hour old when the server hears of it. */
START_TEST(sec_e_time_skew_when_the_clocks_differ)
{
    struct pair *pair = kerberos_pair(_i, "alice", "secret");

    pair->client.requested = ISC_REQ_MUTUAL_AUTH;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    clock_shift(60L * 60);
    ck_assert_int_eq(pair_server(pair), SEC_E_TIME_SKEW);
    clock_shift(0);
    pair_free(pair);
}
END_TEST

START_TEST(sec_e_context_expired_when_the_ticket_has_ended)
{
    struct pair *pair = kerberos_pair(_i, "alice", "secret");

    pair->client.requested = ISC_REQ_MUTUAL_AUTH;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    clock_shift(TOMORROW);
    ck_assert_int_eq(pair_server(pair), SEC_E_CONTEXT_EXPIRED);
    clock_shift(0);
    pair_free(pair);
}
END_TEST

/* The server is another than the one that was named: it has no such key. */
START_TEST(sec_e_wrong_principal_when_another_server_is_there)
{
    struct pair *pair = kerberos_pair(_i, "alice", "secret");

    pair->target = (char *)(uintptr_t) "HTTP/away.home.test";
    pair->client.requested = ISC_REQ_MUTUAL_AUTH;
    pair->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_lt(pair_server(pair), 0);
    ck_assert_uint_gt(pair->server.said, 0);
    pair->server.length = pair->server.said;
    ck_assert_int_eq(pair_client(pair), SEC_E_WRONG_PRINCIPAL);
    pair_free(pair);
}
END_TEST

int main(void)
{
    const TTest *const only[] = {
        a_password_logs_in_with_kerberos,
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
