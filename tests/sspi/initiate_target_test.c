/* SPDX-License-Identifier: MIT */
/* initiate_target_test.c - the row of pszTargetName: what becomes of each
 * form of it, in NTLM's MsvAvTargetName and for GSSAPI. What Kerberos makes of
 * them is in sspi_kerberos_test.c. */

#include "config.h"

#include <string.h>

#include <gssapi/gssapi_krb5.h>

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_token.h"
#include "suite.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

/* Up to the client's AUTHENTICATE. */
static void authenticate(struct exchange *exchange)
{
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_uint_eq(token_type(&exchange->client), 3);
}

static const struct {
    const char *given, *shown;
} forms[] = {
    {"HTTP/www.home.test", "HTTP/www.home.test"},
    {"www.home.test", "www.home.test"},
    {"MSSQLSvc/db.home.test:1433", "MSSQLSvc/db.home.test:1433"},
    {"MSSQLSvc/db.home.test:INSTANCE", "MSSQLSvc/db.home.test:INSTANCE"},
    {"ldap/dc.home.test/home.test", "ldap/dc.home.test/home.test"},
    {"alice@HOME.TEST", "alice@HOME.TEST"},
    {"HOME\\alice", "alice@HOME"},
    /* elsewhere it takes the next character as it is, as in names of Kerberos */
    {"HTTP/home\\alice", "HTTP/homealice"},
    {"\\alice", "alice"},
    {"HOME\\al\\ice", "HOMEalice"},
    {"HOME\\alice@HOME", "HOMEalice@HOME"},
};

enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

START_TEST(psztargetname_is_kept_as_given_in_msvavtargetname)
{
    for (int i = 0; i < FORMS; i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        exchange->target = (char *)(uintptr_t)forms[i].given;
        authenticate(exchange);
        ck_assert_str_eq(token_target(&exchange->client), forms[i].shown);
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(psztargetname_may_be_null_or_empty_where_the_package_can_do_without)
{
    static const char *const none[] = {NULL, ""};

    for (int i = 0; i < 2; i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        exchange->target = (char *)(uintptr_t)none[i];
        authenticate(exchange);
        ck_assert_str_eq(token_target(&exchange->client), "");
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(psztargetname_that_is_null_leaves_negotiate_with_ntlm)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");

    exchange->target = NULL;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(!token_has(&exchange->client, gss_mech_krb5->elements, gss_mech_krb5->length));
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_counts_on_the_first_call_only)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->target = NULL;
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_str_eq(token_target(&exchange->client), "HTTP/server.home.test");
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_of_the_wide_form_may_have_any_letter)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    static WCHAR target[] = u"HTTP/b\u00fccher.test";
    const unsigned char *shown;
    size_t length;

    ck_assert_int_eq(InitializeSecurityContextW(&exchange->client.credential, NULL, target, 0,
                                                0, 0, NULL, 0, &exchange->client.context,
                                                &output, NULL, NULL),
                     SEC_I_CONTINUE_NEEDED);
    exchange->client.begun = true;
    exchange->client.length = out.cbBuffer;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    shown = token_av(&exchange->client, TOKEN_AV_TARGET_NAME, &length);
    ck_assert_uint_eq(length, sizeof(target) - sizeof(WCHAR));
    ck_assert_mem_eq(shown, target, length);
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_that_no_name_can_be_is_an_unknown_target)
{
    struct exchange *exchange = exchange_of_alice("NTLM");

    exchange->target = (char *)(uintptr_t) "HTTP/\x01";
    ck_assert_int_eq(exchange_client(exchange), SEC_E_TARGET_UNKNOWN);
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_without_a_service_is_a_server_that_restrictions_may_except)
{
    static const struct {
        const char *target;
        SECURITY_STATUS status;
    } targets[] = {
        {"fileserver", SEC_I_CONTINUE_NEEDED},
        {"FILESERVER:445", SEC_I_CONTINUE_NEEDED},
        {"cifs/fileserver", SEC_I_CONTINUE_NEEDED},
        {"other", SEC_E_UNSUPPORTED_FUNCTION},
        {"alice@FILESERVER", SEC_E_UNSUPPORTED_FUNCTION},
        {"FILESERVER\\alice", SEC_E_UNSUPPORTED_FUNCTION},
    };

    fixture_settings("restricted.conf", "restrict_sending_ntlm = deny\n"
                                        "client_allowed_ntlm_servers = fileserver\n");
    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        exchange->target = (char *)(uintptr_t)targets[i].target;
        ck_assert_int_eq(exchange_client(exchange), targets[i].status);
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(a_target_buffer_stands_in_for_psztargetname)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    char spn[] = "HTTP/elsewhere.test";

    exchange->client.extra = (SecBuffer){sizeof(spn), SECBUFFER_TARGET, spn};
    authenticate(exchange);
    ck_assert_str_eq(token_target(&exchange->client), "HTTP/server.home.test");
    exchange_free(exchange);

    exchange = exchange_of_alice(packages[_i]);
    exchange->target = NULL;
    exchange->client.extra = (SecBuffer){sizeof(spn), SECBUFFER_TARGET, spn};
    authenticate(exchange);
    ck_assert_str_eq(token_target(&exchange->client), spn);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_target_buffer_of_the_wide_form_is_wide)
{
    struct exchange *exchange = exchange_of_alice("NTLM");
    WCHAR spn[] = u"HTTP/elsewhere.test";
    SecBuffer in = {sizeof(spn), SECBUFFER_TARGET, spn};
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};

    in.cbBuffer--;
    ck_assert_int_eq(InitializeSecurityContextW(&exchange->client.credential, NULL, NULL, 0, 0,
                                                0, &input, 0, &exchange->client.context,
                                                &output, NULL, NULL),
                     SEC_E_INVALID_PARAMETER);
    in.cbBuffer++;
    ck_assert_int_eq(InitializeSecurityContextW(&exchange->client.credential, NULL, NULL, 0, 0,
                                                0, &input, 0, &exchange->client.context,
                                                &output, NULL, NULL),
                     SEC_I_CONTINUE_NEEDED);
    exchange->client.begun = true;
    exchange->client.length = out.cbBuffer;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_str_eq(token_target(&exchange->client), "HTTP/elsewhere.test");
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi initiate target");
    TCase *cases = fixture_case("target");

    tcase_add_loop_test(cases, psztargetname_is_kept_as_given_in_msvavtargetname, 0, 2);
    tcase_add_loop_test(
        cases, psztargetname_may_be_null_or_empty_where_the_package_can_do_without, 0, 2);
    tcase_add_test(cases, psztargetname_that_is_null_leaves_negotiate_with_ntlm);
    tcase_add_loop_test(cases, psztargetname_counts_on_the_first_call_only, 0, 2);
    tcase_add_loop_test(cases, psztargetname_of_the_wide_form_may_have_any_letter, 0, 2);
    tcase_add_test(cases, psztargetname_that_no_name_can_be_is_an_unknown_target);
    tcase_add_loop_test(
        cases, psztargetname_without_a_service_is_a_server_that_restrictions_may_except, 0, 2);
    tcase_add_loop_test(cases, a_target_buffer_stands_in_for_psztargetname, 0, 2);
    tcase_add_test(cases, a_target_buffer_of_the_wide_form_is_wide);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
