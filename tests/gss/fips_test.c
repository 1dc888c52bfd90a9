/* SPDX-License-Identifier: MIT */
/* fips_test.c - NTLM where OpenSSL's configuration, or the kernel, is in FIPS mode: off, in
 * both roles and under Negotiate, unless allow_in_fips_mode says otherwise. */

#include "config.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gss_exchange.h"

#define INIT "openssl_conf = openssl_init\n[openssl_init]\n"
#define PROVIDERS                                                                              \
    "providers = provider_sect\n[provider_sect]\ndefault = default_sect\nbase = "              \
    "default_sect\n[default_sect]\nactivate = 1\n"
#define ALGORITHMS INIT "alg_section = algorithm_sect\n[algorithm_sect]\n"

/* Whether FIPS mode is on, or nobody knows. */
enum mode { OFF, ON, UNKNOWN };

static const struct {
    const char *conf; /* openssl.cnf */
    enum mode mode;
} rows[] = {
    {ALGORITHMS "default_properties = fips=yes\n", ON},
    /* fips_module(7)'s own, where Debian has no fips.so and no fipsmodule.cnf */
    {INIT "alg_section = algorithm_sect\n" PROVIDERS
          "[algorithm_sect]\ndefault_properties = fips=yes\n",
     ON},
    {ALGORITHMS "default_properties = \"provider=default,fips\"\n", ON},
    {ALGORITHMS "fips_mode = yes\n", ON},
    {ALGORITHMS "fips_mode = YES\n", ON},
    {ALGORITHMS "fips_mode = true\n", ON},
    {ALGORITHMS "fips_mode = T\n", ON},
    {ALGORITHMS "fips_mode = 1\n", ON},
    {ALGORITHMS "fips_mode = on\n", ON},
    {ALGORITHMS "default_properties = provider=default\nfips_mode = on\n", ON},
    {ALGORITHMS "default_properties = fips=no\n", OFF},
    {ALGORITHMS "default_properties = ?fips=yes\n", OFF}, /* a wish */
    {ALGORITHMS "default_properties = -fips\n", OFF},
    {ALGORITHMS "default_properties = provider=default\n", OFF},
    {ALGORITHMS "fips_mode = no\n", OFF},
    {ALGORITHMS "fips_mode = off\n", OFF},
    {INIT PROVIDERS, OFF},
    {"[algorithm_sect]\ndefault_properties = fips=yes\n", OFF}, /* nobody names it */
    {INIT "alg_section = nowhere\n", OFF},
    {"openssl_conf = nowhere\n", OFF},
    {"", OFF},
    {"not [ a configuration", UNKNOWN},
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

static void assert_off(enum ntlm_error error)
{
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;

    assert_status(GSS_S_UNAUTHORIZED, first_token(NTLMSSP));
    assert_minor(error);
    assert_contains(status_text(minor, NTLMSSP), "FIPS mode");
    assert_contains(status_text(minor, NTLMSSP), "allow_in_fips_mode");
    assert_status(GSS_S_UNAUTHORIZED,
                  acquire_from(NTLMSSP, GSS_C_ACCEPT, GSS_C_NO_NAME, STORE(NULL), &credential));
    assert_minor(error);
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
    if (rows[_i].mode == OFF)
        assert_on();
    else
        assert_off(rows[_i].mode == ON ? NTLM_ERR_FIPS_MODE : NTLM_ERR_FIPS_MODE_UNKNOWN);
}
END_TEST

/* What is there and cannot be read, also by root. */
START_TEST(a_configuration_that_cannot_be_read_is_not_none)
{
    const char *path = fixture_path("openssl.cnf");

    if (skipped_without_fork("a_configuration_that_cannot_be_read_is_not_none"))
        return;
    ck_assert_int_eq(symlink(path, path), 0);
    setenv("OPENSSL_CONF", path, 1);
    assert_off(NTLM_ERR_FIPS_MODE_UNKNOWN);
    ck_assert_int_eq(unlink(path), 0);
    fixture_file("openssl.cnf", 0600, "");
    assert_on(); /* it is looked at again */
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
    if (*kernels[_i] == '0') {
        assert_on();
        return;
    }
    assert_off(*kernels[_i] ? NTLM_ERR_FIPS_MODE : NTLM_ERR_FIPS_MODE_UNKNOWN);
    assert_contains(status_text(minor, NTLMSSP), *kernels[_i] ? "the kernel" : "fips_enabled");
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
    tcase_add_test(cases, a_configuration_that_cannot_be_read_is_not_none);
    tcase_add_test(cases, without_a_configuration_there_is_no_fips_mode);
    tcase_add_test(cases, negotiate_does_not_offer_it);
    tcase_add_test(cases, contexts_are_refused_too);
    tcase_add_loop_test(cases, the_kernel_decides_too, 0, 3);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
