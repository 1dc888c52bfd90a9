/* SPDX-License-Identifier: MIT */
/* mistake_test.c - settings that are not understood: in which words
 * the error says so. */

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
    {"lm_compat_level = banana", "lm_compat_level = banana in [ntlmssp] of krb5.conf: must be "
                                 "a number from 0 to 5"},
    {"lm_compat_level = 6", "lm_compat_level = 6 in "},
    {"lm_compat_level = -1", "lm_compat_level = -1 in "},
    {"lm_compat_level = 3x", "lm_compat_level = 3x in "},
    {"require_seal = maybe", "require_seal = maybe in [ntlmssp] of krb5.conf: must be true or "
                             "false"},
    {"check_target_name = on", "check_target_name = on in [ntlmssp] of krb5.conf: must be off, "
                               "if-sent or required"},
    {"max_clock_skew = 36h", "max_clock_skew = 36h in [ntlmssp] of krb5.conf: must be a "
                             "number from 0 to 4294967295"},
    {"max_clock_skew = 99999999999999999999999", "max_clock_skew = 999"},
    {"netbios_domain_name = caf\xe9", "netbios_domain_name = caf\\xe9 in "},
    {"target_names = caf\xe9", "target_names = caf\\xe9 in "},
    {"account_sources = file, ldap", "account_sources = file, ldap in [ntlmssp] of krb5.conf: "
                                     "must be a list of file or winbind, each once"},
    {"account_sources = winbind winbind", "account_sources = winbind winbind in "},
    {"winbind_timeout = 0", "winbind_timeout = 0 in "},
    {"winbind_timeout = 301", "winbind_timeout = 301 in "},
    {"restrict_sending_ntlm = denied", "restrict_sending_ntlm = denied in [ntlmssp] of "
                                       "krb5.conf: must be allow, audit or deny"},
    {"restrict_receiving_ntlm = 1", "restrict_receiving_ntlm = 1 in "},
    {"client_allowed_ntlm_servers = a *b*", "client_allowed_ntlm_servers = a *b* in [ntlmssp] "
                                            "of krb5.conf: must be a list of host names, "
                                            "each with at most one *"},
    {"client_allowed_ntlm_servers = HTTP/b", "client_allowed_ntlm_servers = HTTP/b in "},
    {"client_allowed_ntlm_servers = caf\xe9", "client_allowed_ntlm_servers = caf\\xe9 in "},
};

START_TEST(a_value_that_is_not_understood_leaves_no_settings)
{
    const char *text = get_error_with(mistakes[_i].line);

    ck_assert_msg(strstr(text, mistakes[_i].error_text) == text, "%s", text);
}
END_TEST

START_TEST(a_variable_that_is_not_understood_leaves_no_settings)
{
    setenv("LM_COMPAT_LEVEL", "high", 1);
    ck_assert_str_eq(get_error(), "LM_COMPAT_LEVEL=high in the environment: must be a number "
                                  "from 0 to 5");
}
END_TEST

START_TEST(settings_are_there_again_when_the_mistake_is_mended)
{
    get_error_with("lm_compat_level = 6");
    settings_put(get_with("lm_compat_level = 5"));
}
END_TEST

START_TEST(a_broken_krb5_conf_is_complained_of_by_name)
{
    const char *good = scratch_write("good.conf", "[ntlmssp]\nlm_compat_level = 2\n");
    const char *bad = scratch_write("bad.conf", "[ntlmssp\nlm_compat_level = 1\n");
    const char *text;
    char both[300];

    snprintf(both, sizeof(both), "%s:%s", good, bad);
    setenv("KRB5_CONFIG", both, 1);
    text = get_error();
    ck_assert_ptr_eq(strstr(text, bad), text);
    ck_assert_ptr_nonnull(strstr(text, "yntax error"));
}
END_TEST

START_TEST(a_mistake_outside_of_our_section_that_krb5_refuses_is_told)
{
    const char *text;

    setenv("KRB5_CONFIG",
           scratch_write("bad.conf", "[libdefaults]\nallow_weak_crypto = perhaps\n"), 1);
    text = get_error();
    ck_assert_ptr_eq(strstr(text, "krb5.conf: "), text);
}
END_TEST

START_TEST(a_name_that_means_nothing_is_traced)
{
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
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
    tcase_add_loop_test(cases, a_value_that_is_not_understood_leaves_no_settings, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(cases, settings_are_there_again_when_the_mistake_is_mended);
    tcase_add_test(cases, a_variable_that_is_not_understood_leaves_no_settings);
    tcase_add_test(cases, a_broken_krb5_conf_is_complained_of_by_name);
    tcase_add_test(cases, a_mistake_outside_of_our_section_that_krb5_refuses_is_told);
    tcase_add_test(cases, a_name_that_means_nothing_is_traced);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
