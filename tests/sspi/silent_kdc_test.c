/* SPDX-License-Identifier: MIT */
/* silent_kdc_test.c - Negotiate with a password and a KDC that takes connections and says
 * nothing, with mech_spnego.so registered: its kerberos_timeout is for libsspi's
 * programs, too. */

#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "kdc.h"
#include "package.h"
#include "scratch.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_kdc_fixture.h"
#include "sspi_token.h"
#include "suite.h"

/* Kerberos' thread still waits by it. */
const char suite_kept_open[] = "socket:";

/* libkrb5 takes 27 seconds for the first of them; were the KDC asked each time, all would
 * take as many times three. */
#define LOGINS 6
#define LONG 15

/* ---- Kerberos' credential, as it is taken out of SPNEGO's: its keys ---- */

static struct {
    const void *value; /* of the token, as long as it is there */
    unsigned wiped;
} exported;

/* The linker leads libsspi's calls here (--wrap). */
OM_uint32 __real_gss_export_cred(OM_uint32 *minor, gss_cred_id_t cred, gss_buffer_t token);
OM_uint32 __wrap_gss_export_cred(OM_uint32 *minor, gss_cred_id_t cred, gss_buffer_t token);
OM_uint32 __real_gss_release_buffer(OM_uint32 *minor, gss_buffer_t buffer);
OM_uint32 __wrap_gss_release_buffer(OM_uint32 *minor, gss_buffer_t buffer);

OM_uint32 __wrap_gss_export_cred(OM_uint32 *minor, gss_cred_id_t cred, gss_buffer_t token)
{
    OM_uint32 major = __real_gss_export_cred(minor, cred, token);

    exported.value = major == GSS_S_COMPLETE ? token->value : NULL;
    return major;
}

OM_uint32 __wrap_gss_release_buffer(OM_uint32 *minor, gss_buffer_t buffer)
{
    if (buffer->value && buffer->value == exported.value) {
        for (size_t i = 0; i < buffer->length; i++)
            ck_assert_int_eq(((const char *)buffer->value)[i], 0);
        exported.value = NULL;
        exported.wiped++;
    }
    return __real_gss_release_buffer(minor, buffer);
}

/* ---- tests ---- */

static void log_in_by_ntlm(void)
{
    struct exchange *exchange = exchange_with("Negotiate", "alice", "secret", "");

    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}

START_TEST(logins_by_password_do_not_wait_for_a_silent_kdc)
{
    struct timespec before, after;

    if (skipped_without_fork("logins_by_password_do_not_wait_for_a_silent_kdc"))
        return; /* another test's KDC would be remembered */
    kdc_configure_with("[ntlmssp]\n kerberos_timeout = 3\n");
    kdc_suspend();
    clock_gettime(CLOCK_MONOTONIC, &before);
    for (int i = 0; i < LOGINS; i++)
        log_in_by_ntlm();
    clock_gettime(CLOCK_MONOTONIC, &after);
    kdc_resume();
    ck_assert_int_lt(after.tv_sec - before.tv_sec, LONG);
}
END_TEST

/* NTLM is not there to go on: IAKERB is. */
START_TEST(iakerb_goes_on_where_the_kdc_is_silent)
{
    struct timespec before, after;
    struct exchange *exchange;

    if (skipped_without_fork("iakerb_goes_on_where_the_kdc_is_silent"))
        return; /* as above */
    kdc_configure_with("[ntlmssp]\n kerberos_timeout = 3\n negotiate_iakerb = true\n");
    kdc_suspend();
    clock_gettime(CLOCK_MONOTONIC, &before);
    exchange = exchange_with("Negotiate", "alice", "secret", "!ntlm");
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    clock_gettime(CLOCK_MONOTONIC, &after);
    kdc_resume();
    ck_assert(token_has(&exchange->client, package_iakerb.elements, package_iakerb.length));
    ck_assert_int_lt(after.tv_sec - before.tv_sec, LONG);
    exchange_free(exchange);
}
END_TEST

/* What the KDC says is told as before, be there a bound or none; a credential's exported form
 * is wiped. */
START_TEST(what_a_kdc_says_is_told)
{
    static const struct {
        const char *user, *password, *list, *package;
        SECURITY_STATUS status;
    } rows[] = {
        {"alice", "secret", "!ntlm", "Kerberos", SEC_E_OK},
        {"alice", "secret", "", "Kerberos", SEC_E_OK},
        {"alice@mail.example", "secret", "", "Kerberos", SEC_E_OK},
        {"alice@mail.example", "secret", "!ntlm", "Kerberos", SEC_E_OK},
        {"alice", "guess", "!ntlm", NULL, SEC_E_LOGON_DENIED},
        {"alice", "", "!ntlm", NULL, SEC_E_LOGON_DENIED},
        {"nobody", "secret", "!ntlm", NULL, SEC_E_LOGON_DENIED},
        {"revoked", "secret", "!ntlm", NULL, SEC_E_LOGON_DENIED},
    };
    static const char *const lines[] = {
        "[ntlmssp]\n kerberos_timeout = 0\n", "[ntlmssp]\n kerberos_timeout = 60\n",
        "[ntlmssp]\n kerberos_timeout = 60\n negotiate_iakerb = true\n"};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct exchange *exchange;

        kdc_configure_with(lines[_i]);
        exported.wiped = 0;
        exchange = exchange_with("Negotiate", rows[i].user, rows[i].password, rows[i].list);
        if (rows[i].status == SEC_E_OK) {
            ck_assert_uint_gt(exported.wiped, 0);
            exchange_establish(exchange);
            ck_assert_str_eq(exchange_package(&exchange->client), rows[i].package);
        } else {
            ck_assert_int_eq(exchange_client(exchange), rows[i].status);
        }
        exchange_free(exchange);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi silent_kdc");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = kdc_case();
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, logins_by_password_do_not_wait_for_a_silent_kdc);
    tcase_add_test(cases, iakerb_goes_on_where_the_kdc_is_silent);
    tcase_add_loop_test(cases, what_a_kdc_says_is_told, 0, 3);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
