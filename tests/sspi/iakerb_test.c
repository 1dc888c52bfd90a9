/* SPDX-License-Identifier: MIT */
/* iakerb_test.c - Negotiate with a password and no way to the KDC, with mech_spnego.so
 * registered: where its negotiate_iakerb allows it, the login is by Kerberos, through
 * the server, which has one. */

#include "config.h"

#include <stdlib.h>

#include "kdc.h"
#include "package.h"
#include "scratch.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_kdc_fixture.h"
#include "sspi_token.h"
#include "suite.h"

static const char allowed[] = "[ntlmssp]\n negotiate_iakerb = true\n";

static struct exchange *client_without_kdc(const char *lines, const char *list)
{
    kdc_configure_away(lines);
    return exchange_with("Negotiate", "alice", "secret", list);
}

static bool offers_iakerb(struct exchange *exchange)
{
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    return token_has(&exchange->client, package_iakerb.elements, package_iakerb.length);
}

START_TEST(a_client_without_a_kdc_logs_in_through_the_server)
{
    static const char *const lists[] = {"", "kerberos", "!ntlm"};
    struct exchange *exchange = client_without_kdc(allowed, lists[_i]);

    ck_assert(offers_iakerb(exchange));
    kdc_configure_with(allowed);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    exchange_free(exchange);
}
END_TEST

START_TEST(iakerb_is_not_offered_without_the_setting)
{
    struct exchange *exchange = client_without_kdc("", "");

    ck_assert(!offers_iakerb(exchange));
    exchange_free(exchange);
}
END_TEST

START_TEST(iakerb_is_not_offered_where_kerberos_is_excluded)
{
    struct exchange *exchange = client_without_kdc(allowed, "!kerberos");

    ck_assert(!offers_iakerb(exchange));
    exchange_free(exchange);
}
END_TEST

/* It would be refused once more, and counted. */
START_TEST(iakerb_is_not_offered_with_a_password_that_the_kdc_refused)
{
    struct exchange *exchange;

    kdc_configure_with(allowed);
    exchange = exchange_with("Negotiate", "alice", "guess", "");
    ck_assert(!offers_iakerb(exchange));
    exchange_free(exchange);
}
END_TEST

START_TEST(iakerb_is_not_offered_by_mits_spnego)
{
    struct exchange *exchange;

    if (skipped_without_fork("iakerb_is_not_offered_by_mits_spnego"))
        return; /* a process has one registration */
    setenv("GSS_MECH_CONFIG", MECH_CONFIG, 1);
    exchange = client_without_kdc(allowed, "");
    ck_assert(!offers_iakerb(exchange));
    exchange_free(exchange);
    exchange = client_without_kdc(allowed, "!ntlm");
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_AUTHENTICATING_AUTHORITY);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi iakerb");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = kdc_case();
    tcase_add_loop_test(cases, a_client_without_a_kdc_logs_in_through_the_server, 0, 3);
    tcase_add_test(cases, iakerb_is_not_offered_without_the_setting);
    tcase_add_test(cases, iakerb_is_not_offered_where_kerberos_is_excluded);
    tcase_add_test(cases, iakerb_is_not_offered_with_a_password_that_the_kdc_refused);
    tcase_add_test(cases, iakerb_is_not_offered_by_mits_spnego);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
