/* SPDX-License-Identifier: MIT */
/* fips_test.c - NTLM where OpenSSL's configuration, or the kernel, is in FIPS mode: off, in
 * both roles and under Negotiate, unless allow_in_fips_mode says otherwise. */

#include "config.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "gss_exchange.h"

#define INIT "openssl_conf = openssl_init\n[openssl_init]\n"
#define PROVIDERS                                                                              \
    "providers = provider_sect\n[provider_sect]\ndefault = default_sect\nbase = "              \
    "default_sect\n[default_sect]\nactivate = 1\n"
#define ALGORITHMS INIT "alg_section = algorithm_sect\n[algorithm_sect]\n"

static const struct {
    const char *conf; /* openssl.cnf */
    bool on;
} rows[] = {
    {ALGORITHMS "default_properties = fips=yes\n", true},
    /* fips_module(7)'s own, where Debian has no fips.so and no fipsmodule.cnf */
    {INIT "alg_section = algorithm_sect\n" PROVIDERS
          "[algorithm_sect]\ndefault_properties = fips=yes\n",
     true},
    {ALGORITHMS "default_properties = \"provider=default,fips\"\n", true},
    {ALGORITHMS "fips_mode = yes\n", true},
    {ALGORITHMS "fips_mode = YES\n", true},
    {ALGORITHMS "fips_mode = true\n", true},
    {ALGORITHMS "fips_mode = T\n", true},
    {ALGORITHMS "fips_mode = 1\n", true},
    {ALGORITHMS "fips_mode = on\n", true},
    {ALGORITHMS "default_properties = provider=default\nfips_mode = on\n", true},
    {ALGORITHMS "default_properties = fips=no\n", false},
    {ALGORITHMS "default_properties = ?fips=yes\n", false}, /* a wish */
    {ALGORITHMS "default_properties = -fips\n", false},
    {ALGORITHMS "default_properties = provider=default\n", false},
    {ALGORITHMS "fips_mode = no\n", false},
    {ALGORITHMS "fips_mode = off\n", false},
    {INIT PROVIDERS, false},
    {"[algorithm_sect]\ndefault_properties = fips=yes\n", false}, /* nobody names it */
    {INIT "alg_section = nowhere\n", false},
    {"openssl_conf = nowhere\n", false},
    {"", false},
    {"not [ a configuration", false},
};
#define ROWS (int)(sizeof(rows) / sizeof(rows[0]))

/* Before OpenSSL's first use: each test is a process of its own. */
static void configure(const char *conf)
{
    setenv("OPENSSL_CONF", conf ? fixture_file("openssl.cnf", 0600, conf) : "/nonexistent", 1);
}

static OM_uint32 first_token(gss_OID mech)
{
    gss_name_t name = service_of("HTTP@server.test");
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_buffer_desc token = GSS_C_EMPTY_BUFFER;
    OM_uint32 ignored, major;

    major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, name, mech, 0, 0,
                                 GSS_C_NO_CHANNEL_BINDINGS, GSS_C_NO_BUFFER, NULL, &token, NULL,
                                 NULL);
    release_buffer(&token);
    gss_delete_sec_context(&ignored, &context, GSS_C_NO_BUFFER);
    gss_release_name(&ignored, &name);
    return major;
}

static void assert_off(void)
{
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;

    assert_status(GSS_S_UNAUTHORIZED, first_token(NTLMSSP));
    assert_minor(NTLM_ERR_FIPS_MODE);
    assert_contains(status_text(minor, NTLMSSP), "FIPS mode");
    assert_contains(status_text(minor, NTLMSSP), "allow_in_fips_mode");
    assert_status(GSS_S_UNAUTHORIZED,
                  acquire_from(NTLMSSP, GSS_C_ACCEPT, GSS_C_NO_NAME, STORE(NULL), &credential));
    assert_minor(NTLM_ERR_FIPS_MODE);
    ck_assert_ptr_null(credential);
}

static void assert_on(void)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}

START_TEST(openssls_configuration_decides)
{
    if (skipped_without_fork("openssls_configuration_decides"))
        return;
    configure(rows[_i].conf);
    if (rows[_i].on)
        assert_off();
    else
        assert_on();
}
END_TEST

START_TEST(the_setting_allows_it)
{
    if (skipped_without_fork("the_setting_allows_it"))
        return;
    configure(rows[_i].conf);
    fixture_settings("allow_in_fips_mode = true\n");
    assert_on();
}
END_TEST

START_TEST(without_a_configuration_there_is_no_fips_mode)
{
    if (skipped_without_fork("without_a_configuration_there_is_no_fips_mode"))
        return;
    configure(NULL);
    assert_on();
}
END_TEST

/* Negotiate is left with Kerberos, of which there is none here. */
START_TEST(negotiate_does_not_offer_it)
{
    if (skipped_without_fork("negotiate_does_not_offer_it"))
        return;
    configure(rows[0].conf);
    ck_assert(GSS_ERROR(first_token(SPNEGO)));
}
END_TEST

/* A credential of before, and the context of now. */
START_TEST(contexts_are_refused_too)
{
    gss_cred_id_t credential;
    gss_buffer_desc input = bytes_buffer("NTLMSSP\0\1\0\0\0\1\2\0\0", 16);
    gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;

    if (skipped_without_fork("contexts_are_refused_too"))
        return;
    configure(rows[0].conf);
    fixture_settings("allow_in_fips_mode = true\n");
    credential = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE(NULL));
    fixture_settings(NULL);
    assert_status(GSS_S_UNAUTHORIZED,
                  gss_accept_sec_context(&minor, &context, credential, &input,
                                         GSS_C_NO_CHANNEL_BINDINGS, NULL, NULL, &output, NULL,
                                         NULL, NULL));
    assert_minor(NTLM_ERR_FIPS_MODE);
    release(credential);
}
END_TEST

static bool write_flag(const char *digit)
{
    FILE *file;

    if (unshare(CLONE_NEWNS) != 0 ||
        mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("none", "/proc/sys", "tmpfs", 0, NULL) != 0 ||
        mkdir("/proc/sys/crypto", 0755) != 0)
        return false;
    file = fopen("/proc/sys/crypto/fips_enabled", "w");
    return file && fputs(digit, file) >= 0 && fclose(file) == 0;
}

static const char *const kernels[] = {"0\n", "1\n", ""};

/* _i: what the kernel says. */
START_TEST(the_kernel_decides_too)
{
    if (skipped_without_fork("the_kernel_decides_too"))
        return;
    configure("");
    if (!write_flag(kernels[_i])) {
        printf("ok - the_kernel_decides_too # SKIP it takes a mount namespace\n");
        return;
    }
    if (*kernels[_i] != '1') {
        assert_on();
        return;
    }
    assert_off();
    assert_contains(status_text((OM_uint32)NTLM_ERR_FIPS_MODE, NTLMSSP), "the kernel");
    fixture_settings("allow_in_fips_mode = true\n");
    assert_on();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fips");
    TCase *cases = fixture_case(suite, "fips");

    tcase_add_loop_test(cases, openssls_configuration_decides, 0, ROWS);
    tcase_add_loop_test(cases, the_setting_allows_it, 0, ROWS);
    tcase_add_test(cases, without_a_configuration_there_is_no_fips_mode);
    tcase_add_test(cases, negotiate_does_not_offer_it);
    tcase_add_test(cases, contexts_are_refused_too);
    tcase_add_loop_test(cases, the_kernel_decides_too, 0, 3);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
