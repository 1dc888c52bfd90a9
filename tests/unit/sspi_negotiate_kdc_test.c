/* sspi_negotiate_kdc_test.c - Negotiate with a KDC to ask, or one that was stopped:
 * when it takes Kerberos, when it falls back to NTLM, and what it does where NTLM
 * is restricted. */

#include <stdlib.h>

#include "kdc.h"
#include "package.h"
#include "scratch.h"
#include "shifted_clock.h"
#include "sspi_kdc_scene.h"
#include "sspi_machine.h"
#include "sspi_pair.h"
#include "sspi_token.h"
#include "suite.h"

START_TEST(negotiate_prefers_kerberos)
{
    struct pair *pair = pair_with("Negotiate", "alice", "secret", "");

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(token_has_kerberos(&pair->client));
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
    ck_assert(!token_has_kerberos(&pair->client));
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
    ck_assert(!token_has_kerberos(&pair->client));
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
    ck_assert(!token_has_kerberos(&pair->client));
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
    ck_assert(token_has_kerberos(&pair->client));
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
    ck_assert(token_has_kerberos(&pair->client));
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
    ck_assert(token_has_kerberos(&pair->server));
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
    ck_assert(token_has_kerberos(&pair->server));
    ck_assert(!token_has(&pair->server, ntlm->elements, ntlm->length));
    pair->server.bare = false;
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
    pair_free(pair);
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
