/* SPDX-License-Identifier: MIT */
/* settings_fixture.c - writes the krb5.conf, and takes what is made of it. */

#include "config.h"

#include "settings_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"

void settings_begin(void)
{
    for (enum setting i = 0; i < SETTING_COUNT; i++)
        if (setting_table[i].variable)
            unsetenv(setting_table[i].variable);
    setenv("KRB5_CONFIG", "/nonexistent/krb5.conf", 1);
}

const struct settings *get(void)
{
    const struct settings *settings;

    ck_assert_msg(!settings_get(&settings), "%s", failure_detail(NTLM_ERR_BAD_SETTING));
    return settings;
}

const char *get_error(void)
{
    const struct settings *settings;

    ck_assert_int_eq(settings_get(&settings), NTLM_ERR_BAD_SETTING);
    ck_assert_ptr_null(settings);
    ck_assert_ptr_nonnull(failure_detail(NTLM_ERR_BAD_SETTING));
    return failure_detail(NTLM_ERR_BAD_SETTING);
}

static void set_lines(const char *lines)
{
    static int count;
    char name[32], text[2048];

    snprintf(name, sizeof(name), "krb5-%d.conf", count++ % 16);
    snprintf(text, sizeof(text), "[libdefaults]\n dns_lookup_kdc = false\n[ntlmssp]\n%s\n",
             lines);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
}

const struct settings *get_with(const char *lines)
{
    set_lines(lines);
    return get();
}

const char *get_error_with(const char *lines)
{
    set_lines(lines);
    return get_error();
}
