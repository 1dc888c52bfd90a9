/* SPDX-License-Identifier: MIT */
/* settings_fixture.c - writes the krb5.conf, and takes what is made of it. */

#include "config.h"

#include "settings_fixture.h"

#include <stdio.h>
#include <stdlib.h>

#include "scratch.h"
#include "suite.h"

void settings_begin(void)
{
    static const char *const names[] = {"NETBIOS_COMPUTER_NAME", "NETBIOS_DOMAIN_NAME",
                                        "LM_COMPAT_LEVEL", "NTLM_USER_FILE", "NTLMUSER"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
    setenv("KRB5_CONFIG", "/nonexistent/krb5.conf", 1);
}

const struct settings *get(void)
{
    const struct settings *settings;

    ck_assert_int_eq(settings_get(&settings), NTLM_OK);
    ck_assert_ptr_nonnull(settings);
    return settings;
}

const struct settings *get_with(const char *lines)
{
    static int count;
    char name[32], text[2048];

    snprintf(name, sizeof(name), "krb5-%d.conf", count++ % 16);
    snprintf(text, sizeof(text), "[libdefaults]\n dns_lookup_kdc = false\n[ntlmssp]\n%s\n",
             lines);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
    return get();
}
