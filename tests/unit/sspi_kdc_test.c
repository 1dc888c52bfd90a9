/* sspi_kdc_test.c - logging in with a KDC to ask, or one that was stopped: the
 * rows of the statuses that only it can cause, delegation, when Negotiate falls
 * back to NTLM, and what it does where NTLM is restricted. */

#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_krb5.h>

#include "kdc.h"
#include "package.h"
#include "scratch.h"
#include "shifted_clock.h"
#include "sspi_machine.h"
#include "sspi_pair.h"
#include "sspi_token.h"
#include "sspi_words.h"
#include "suite.h"

static const char realm[] = "addprinc -pw secret +requires_preauth alice\n"
                            "addprinc -pw secret +requires_preauth revoked\n"
                            "modprinc -allow_tix revoked\n"
                            "addprinc -pw secret -expire 2001-01-01 expired\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n"
                            "addprinc -randkey HTTP/away.home.test\n";

#define TOMORROW (25L * 60 * 60)

static void begin(void)
{
    kdc_begin(realm);
}

static void set_up(void)
{
    kdc_configure();
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
}

/* The default credential's tickets are alice's. */
static void log_in(void)
{
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    kdc_log_in("alice", "secret");
}

static void begin_and_stop(void)
{
    kdc_begin(realm);
    log_in();
    kdc_end();
}

static void set_up_logged_in(void)
{
    set_up();
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
}

/* An identity of HOME.TEST with a package list. */
static struct pair *pair_with(const char *package, const char *user, const char *password,
                              const char *list)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex =
        words_identity((struct words){user, "HOME.TEST", password, list});

    machine_accounts("HOME.TEST:alice:secret\n");
    return pair_new(package, &ex);
}

/* Kerberos alone, asked for by package and by package list. */
static const struct {
    const char *package, *list;
} kerberos[] = {{"Kerberos", ""}, {"Negotiate", "!NTLM"}, {"Negotiate", "Kerberos"}};

enum { KERBEROS_ONLY = sizeof(kerberos) / sizeof(kerberos[0]) };

static struct pair *kerberos_pair(int which, const char *user, const char *password)
{
    return pair_with(kerberos[which].package, user, password, kerberos[which].list);
}

static bool offers_kerberos(const struct side *side)
{
    return token_has(side, gss_mech_krb5->elements, gss_mech_krb5->length);
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

START_TEST(negotiate_prefers_kerberos)
{
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "");

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(offers_kerberos(&pair->client));
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "Kerberos");
    pair_free(pair);
}
END_TEST

/* Before the first token is out, whatever Kerberos fails of. */
static void falls_back(const char *user, const char *target)
{
    struct pair *pair = pair_with("Negotiate", user, "secret", "");

    pair->target = (char *)(uintptr_t)target;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(!offers_kerberos(&pair->client));
    ck_assert_uint_eq(token_type(&pair->client), 1);
    ck_assert_int_eq(pair_server(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(pair_client(pair), 0);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    ck_assert_str_eq(token_target(&pair->client), target);
    pair_free(pair);
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
    struct pair *pair;

    log_in();
    machine_accounts("HOME.TEST:alice:secret\n");
    clock_shift(TOMORROW);
    pair = pair_new("Negotiate", NULL);
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    ck_assert_str_eq(pair_package(&pair->server), "NTLM");
    clock_shift(0);
    pair_free(pair);
}
END_TEST

START_TEST(negotiate_falls_back_to_ntlm_when_the_kdc_is_stopped)
{
    struct pair *pair;

    falls_back("alice", "HTTP/server.home.test");
    pair = pair_new("Negotiate", NULL);
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    pair_free(pair);
}
END_TEST

#define SENDING_DENIED "[ntlmssp]\n restrict_sending_ntlm = deny\n"

START_TEST(negotiate_takes_kerberos_where_ntlm_is_restricted)
{
    struct pair *pair;

    kdc_configure_with(SENDING_DENIED);
    pair = pair_with("Negotiate", "alice", "secret", "");
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "Kerberos");
    pair_free(pair);
}
END_TEST

/* Kerberos' reason, as if there were no NTLM; but of credentials that cannot be
 * had SPNEGO says no more than that. */
START_TEST(negotiate_does_not_fall_back_to_ntlm_that_is_restricted)
{
    static const struct {
        const char *user, *password, *target;
        SECURITY_STATUS status;
    } rows[] = {
        {"alice", "secret", "HTTP/nowhere.home.test", SEC_E_TARGET_UNKNOWN},
        {"alice", "wrong", "HTTP/server.home.test", SEC_E_NO_CREDENTIALS},
        {"alice@DEAD.TEST", "secret", "HTTP/server.home.test", SEC_E_NO_CREDENTIALS},
    };

    kdc_configure_with(SENDING_DENIED);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct pair *pair = pair_with("Negotiate", rows[i].user, rows[i].password, "");

        pair->target = (char *)(uintptr_t)rows[i].target;
        ck_assert_int_eq(pair_client(pair), rows[i].status);
        pair_free(pair);
    }
}
END_TEST

/* [MS-NLMP] 3.1.5.1.1, 3.2.5.1.1: STATUS_NOT_SUPPORTED */
START_TEST(sec_e_unsupported_function_for_ntlm_that_is_restricted)
{
    struct pair *pair;

    kdc_configure_with(SENDING_DENIED);
    pair = pair_with("NTLM", "alice", "secret", "");
    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    kdc_configure_with(SENDING_DENIED " client_allowed_ntlm_servers = nas.home.test\n");
    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair_free(pair);
    kdc_configure();
    pair = pair_with("NTLM", "alice", "secret", "");
    kdc_configure_with(SENDING_DENIED " client_allowed_ntlm_servers = nas.home.test\n");
    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair->target = (char *)(uintptr_t) "cifs/nas.home.test";
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    kdc_configure_with("[ntlmssp]\n restrict_receiving_ntlm = deny\n");
    ck_assert_int_eq(pair_server(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair_free(pair);
}
END_TEST

START_TEST(negotiate_with_ntlm_alone_does_not_ask_the_kdc)
{
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "NTLM");

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(!offers_kerberos(&pair->client));
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->server), "NTLM");
    pair_free(pair);
}
END_TEST

START_TEST(a_null_target_does_not_ask_the_kdc)
{
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "");

    pair->target = NULL;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(!offers_kerberos(&pair->client));
    pair_free(pair);
}
END_TEST

START_TEST(a_fresh_exchange_is_not_limited_as_the_one_before)
{
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "");
    char *target = pair->target;

    pair->target = NULL;
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    pair->target = target;
    pair->server.length = 0;
    pair->servers_turn = false;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(offers_kerberos(&pair->client));
    ck_assert_int_ge(pair_server(pair), 0);
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
    pair_free(pair);
}
END_TEST

START_TEST(a_server_without_a_key_gets_ntlm_when_it_asks_for_it)
{
    SecBuffer buffer = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc token = {SECBUFFER_VERSION, 1, &buffer};
    struct pair *pair;

    setenv("KRB5_KTNAME", scratch_path("no-keys"), 1);
    pair = pair_with("Negotiate", "alice", "secret", "");
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(offers_kerberos(&pair->client));
    ck_assert_int_eq(pair_server(pair), SEC_I_CONTINUE_NEEDED);
    /* SPNEGO has no mechanism's context yet, which could be completed. */
    ck_assert_int_eq(CompleteAuthToken(&pair->server.context, &token), SEC_E_OK);
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    ck_assert_str_eq(pair_package(&pair->server), "NTLM");
    pair_free(pair);
}
END_TEST

START_TEST(a_server_that_speaks_first_gets_kerberos_if_it_has_it)
{
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "");

    pair->server.bare = true;
    ck_assert_int_eq(pair_server(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(offers_kerberos(&pair->server));
    pair->server.bare = false;
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "Kerberos");
    pair_free(pair);
}
END_TEST

START_TEST(a_server_that_speaks_first_does_not_offer_ntlm_that_is_restricted)
{
    const gss_OID_desc *ntlm = package_of(PACKAGE_NTLM)->mech;
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "");

    pair->server.bare = true;
    ck_assert_int_eq(pair_server(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has(&pair->server, ntlm->elements, ntlm->length));
    pair_free(pair);

    kdc_configure_with("[ntlmssp]\n restrict_receiving_ntlm = deny\n");
    pair = pair_with("Negotiate", "alice", "secret", "");
    pair->server.bare = true;
    ck_assert_int_eq(pair_server(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(offers_kerberos(&pair->server));
    ck_assert(!token_has(&pair->server, ntlm->elements, ntlm->length));
    pair->server.bare = false;
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
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
    const TTest *const negotiate[] = {
        sec_e_no_credentials_without_tickets,
        negotiate_prefers_kerberos,
        negotiate_falls_back_to_ntlm_when_the_kdc_does_not_know_the_service,
        negotiate_falls_back_to_ntlm_when_there_is_no_kdc,
        negotiate_falls_back_to_ntlm_when_the_tickets_have_expired,
        negotiate_takes_kerberos_where_ntlm_is_restricted,
        negotiate_does_not_fall_back_to_ntlm_that_is_restricted,
        sec_e_unsupported_function_for_ntlm_that_is_restricted,
        negotiate_with_ntlm_alone_does_not_ask_the_kdc,
        a_null_target_does_not_ask_the_kdc,
        a_fresh_exchange_is_not_limited_as_the_one_before,
        a_server_without_a_key_gets_ntlm_when_it_asks_for_it,
        a_server_that_speaks_first_gets_kerberos_if_it_has_it,
        a_server_that_speaks_first_does_not_offer_ntlm_that_is_restricted,
    };
    Suite *suite = suite_create("sspi kdc");
    TCase *cases = machine_case("kdc"), *stopped;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    tcase_set_timeout(cases, 60);
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    for (size_t i = 0; i < sizeof(only) / sizeof(only[0]); i++)
        tcase_add_loop_test(cases, only[i], 0, KERBEROS_ONLY);
    for (size_t i = 0; i < sizeof(negotiate) / sizeof(negotiate[0]); i++)
        tcase_add_test(cases, negotiate[i]);
    tcase_add_loop_test(cases, sec_e_no_credentials_when_the_tickets_have_expired, 0, 2);
    suite_add_tcase(suite, cases);
    stopped = machine_case("stopped");
    tcase_set_timeout(stopped, 60);
    tcase_add_unchecked_fixture(stopped, begin_and_stop, kdc_end);
    tcase_add_checked_fixture(stopped, set_up_logged_in, NULL);
    tcase_add_loop_test(stopped, sec_e_no_authenticating_authority_when_the_kdc_is_stopped, 0,
                        2);
    tcase_add_test(stopped, negotiate_falls_back_to_ntlm_when_the_kdc_is_stopped);
    suite_add_tcase(suite, stopped);
    return suite_run(suite);
}
