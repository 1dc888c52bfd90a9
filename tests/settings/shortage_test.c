/* SPDX-License-Identifier: MIT */
/* shortage_test.c - whatever allocation fails while the settings are read, libkrb5's
 * own among them: a setting is then never taken for one that is not set. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "every_allocation.h"
#include "scratch.h"
#include "settings_fixture.h"
#include "suite.h"
#include "support/failure.h"

static const char *const lines[] = {"restrict_receiving_ntlm = deny\n",
                                    "require_channel_bindings = true\n",
                                    "require_sign = true\n", "check_target_name = required\n",
                                    "restrict_sending_ntlm = deny\n"};

static bool is_in_force(const struct settings *settings, int line)
{
    const bool in_force[] = {settings->restrict_receiving_ntlm == RESTRICTION_DENY,
                             settings->require_channel_bindings, settings->require_sign,
                             settings->check_target_name == 2,
                             settings->restrict_sending_ntlm == RESTRICTION_DENY};

    return in_force[line];
}

/* The settings that there are with the Nth allocation failing; NULL: an error. Each
 * time anew: the file's name is another one. */
static const struct settings *get_short(int line, unsigned n, bool *enough)
{
    const struct settings *settings;
    char name[32];

    snprintf(name, sizeof(name), "krb5-%u.conf", n % 2);
    char *text = malloc(256);
    /* with a heading that libkrb5 takes for the last, and without */
    snprintf(text, 256, "[libdefaults]\n a = b\n[ntlmssp]%s\n%s", n / 2 % 2 ? "*" : "",
             lines[line]);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
    free(text);
    every_allocation_left = n;
    settings_get(&settings);
    *enough = every_allocation_left > 0;
    every_allocation_left = 0;
    return settings;
}

START_TEST(a_failed_allocation_never_lifts_a_setting)
{
    unsigned n, refusals = 0;
    bool enough = false;

    if (skipped_without_fork("a_failed_allocation_never_lifts_a_setting"))
        return;
    for (n = 1; !enough; n++) {
        const struct settings *settings = get_short(_i, n, &enough), *next;

        refusals += settings == NULL;
        ck_assert_msg(!settings || is_in_force(settings, _i), "allocation %u: %s", n,
                      lines[_i]);
        ck_assert_msg(!enough || settings, "nothing failed, and there are no settings");
        settings_put(settings);
        next = get(); /* the failure is not for ever */
        ck_assert(is_in_force(next, _i));
        settings_put(next);
    }
#ifndef SANITIZED
    ck_assert_uint_gt(n, 50);
    ck_assert_uint_gt(refusals, 20);
#else
    (void)refusals;
#endif
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings when memory ends");
    TCase *cases = tcase_create("shortage");

    scratch_begin();
    tcase_set_timeout(cases, 120);
    tcase_add_checked_fixture(cases, settings_begin, NULL);
    tcase_add_loop_test(cases, a_failed_allocation_never_lifts_a_setting, 0,
                        sizeof(lines) / sizeof(lines[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
