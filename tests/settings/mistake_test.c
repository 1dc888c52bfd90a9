/* SPDX-License-Identifier: MIT */
/* mistake_test.c - settings that are not understood: what is complained
 * of, in which words, and what is in force then. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "scratch.h"
#include "settings_fixture.h"
#include "suite.h"
#include "support/trace.h"

static const struct {
    const char *line, *error_text;
} mistakes[] = {
    {"lm_compat_level = banana", "lm_compat_level = banana in [ntlmssp] of krb5.conf: a number "
                                 "from 0 to 5 is wanted"},
    {"lm_compat_level = 6", "lm_compat_level = 6 in "},
    {"lm_compat_level = -1", "lm_compat_level = -1 in "},
    {"lm_compat_level = 3x", "lm_compat_level = 3x in "},
    {"require_seal = maybe", "require_seal = maybe in [ntlmssp] of krb5.conf: true or false is "
                             "wanted"},
    {"check_target_name = on", "check_target_name = on in [ntlmssp] of krb5.conf: off, if-sent "
                               "or required is wanted"},
    {"max_clock_skew = 36h", "max_clock_skew = 36h in [ntlmssp] of krb5.conf: a number of "
                             "seconds"},
    {"max_clock_skew = 99999999999999999999999", "max_clock_skew = 999"},
    {"netbios_domain_name = caf\xe9", "netbios_domain_name = caf\xe9 in "},
    {"target_names = caf\xe9", "target_names = caf\xe9 in "},
    {"account_sources = file, ldap", "account_sources = file, ldap in "},
    {"account_sources = winbind winbind", "account_sources = winbind winbind in "},
    {"winbind_timeout = 0", "winbind_timeout = 0 in "},
    {"winbind_timeout = 301", "winbind_timeout = 301 in "},
    {"client_allowed_ntlm_servers = a *b*", "client_allowed_ntlm_servers = a *b* in [ntlmssp] "
                                            "of krb5.conf: a list of hosts, each with one * "
                                            "at most, is wanted"},
    {"client_allowed_ntlm_servers = HTTP/b", "client_allowed_ntlm_servers = HTTP/b in "},
    {"client_allowed_ntlm_servers = caf\xe9", "client_allowed_ntlm_servers = caf\xe9 in "},
};

START_TEST(a_value_that_is_not_understood_is_complained_of)
{
    const struct settings *settings = get_with(mistakes[_i].line);

    ck_assert_ptr_nonnull(settings->error_text);
    ck_assert_ptr_eq(strstr(settings->error_text, mistakes[_i].error_text),
                     settings->error_text);
    ck_assert_uint_eq(settings->lm_compat_level, 5);
    ck_assert(!settings->require_seal);
    ck_assert_int_eq(settings->check_target, NTLM_CHECK_OFF);
    ck_assert_uint_eq(settings->max_skew, UINT64_C(36) * 3600 * 10000000);
    ck_assert_str_eq(settings->netbios_domain, settings->netbios_computer);
    ck_assert_uint_eq(settings->source_count, 0);
    ck_assert_uint_eq(settings->winbind_timeout, 30);
    settings_put(settings);
}
END_TEST

/* Other settings then have their default; these would let NTLM through. */
START_TEST(a_restriction_that_is_not_understood_denies)
{
    const struct settings *settings = get_with("restrict_sending_ntlm = denied");

    ck_assert_str_eq(settings->error_text, "restrict_sending_ntlm = denied in [ntlmssp] of "
                                           "krb5.conf: allow, audit or deny is wanted");
    ck_assert_int_eq(settings->sending, RESTRICTION_DENY);
    ck_assert_int_eq(settings->receiving, RESTRICTION_ALLOW);
    settings_put(settings);
    settings = get_with("restrict_receiving_ntlm = 1");
    ck_assert_ptr_nonnull(settings->error_text);
    ck_assert_int_eq(settings->receiving, RESTRICTION_DENY);
    settings_put(settings);
}
END_TEST

START_TEST(a_variable_that_is_not_understood_is_complained_of)
{
    const struct settings *settings;

    setenv("LM_COMPAT_LEVEL", "high", 1);
    settings = get();
    ck_assert_str_eq(settings->error_text, "LM_COMPAT_LEVEL=high in the environment: a number "
                                           "from 0 to 5 is wanted");
    settings_put(settings);
}
END_TEST

START_TEST(a_broken_krb5_conf_is_complained_of_by_name)
{
    const char *good = scratch_write("good.conf", "[ntlmssp]\nlm_compat_level = 2\n");
    const char *bad = scratch_write("bad.conf", "[ntlmssp\nlm_compat_level = 1\n");
    const struct settings *settings;
    char both[300];

    snprintf(both, sizeof(both), "%s:%s", good, bad);
    setenv("KRB5_CONFIG", both, 1);
    settings = get();
    ck_assert_ptr_nonnull(settings->error_text);
    ck_assert_ptr_eq(strstr(settings->error_text, bad), settings->error_text);
    ck_assert_ptr_nonnull(strstr(settings->error_text, "yntax error"));
    ck_assert_uint_eq(settings->lm_compat_level, 5);
    settings_put(settings);
}
END_TEST

START_TEST(a_mistake_outside_of_our_section_that_krb5_refuses_is_told)
{
    const struct settings *settings;

    setenv("KRB5_CONFIG",
           scratch_write("bad.conf", "[libdefaults]\nallow_weak_crypto = perhaps\n"), 1);
    settings = get();
    ck_assert_ptr_nonnull(settings->error_text);
    ck_assert_ptr_eq(strstr(settings->error_text, "krb5.conf: "), settings->error_text);
    settings_put(settings);
}
END_TEST

START_TEST(a_name_that_means_nothing_is_traced)
{
    ck_assert_int_eq(trace_open(scratch_path("log")), NTLM_OK);
    settings_put(get_with("lm_compat_lvl = 3\n require_128 = true\n colour = blue"));
    trace_open(NULL);
    ck_assert_msg(strstr(scratch_read("log"), "passed over: colour lm_compat_lvl\n") != NULL,
                  "%s", scratch_read("log"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings mistakes");
    TCase *cases = tcase_create("mistakes");

    scratch_begin();
    tcase_add_checked_fixture(cases, settings_begin, NULL);
    tcase_add_loop_test(cases, a_value_that_is_not_understood_is_complained_of, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(cases, a_restriction_that_is_not_understood_denies);
    tcase_add_test(cases, a_variable_that_is_not_understood_is_complained_of);
    tcase_add_test(cases, a_broken_krb5_conf_is_complained_of_by_name);
    tcase_add_test(cases, a_mistake_outside_of_our_section_that_krb5_refuses_is_told);
    tcase_add_test(cases, a_name_that_means_nothing_is_traced);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
