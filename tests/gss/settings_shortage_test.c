/* SPDX-License-Identifier: MIT */
/* settings_shortage_test.c - a login whose settings are read while memory ends, at each
 * allocation in turn, libkrb5's own among them: what a setting forbids is let in neither
 * then nor afterwards, neither in this thread nor in another. */

#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "every_allocation.h"
#include "gss/module.h"
#include "ntlm/error.h"
#include "scratch.h"
#include "suite.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))

/* Each forbids a login that asks for no protection, has no channel bindings, and names
 * no target. */
static const struct {
    const char *line;
    enum ntlm_error error;
} rules[] = {
    {"restrict_receiving_ntlm = deny", NTLM_ERR_RECEIVING_RESTRICTED},
    {"require_channel_bindings = true", NTLM_ERR_BINDINGS_MISSING},
    {"require_sign = true", NTLM_ERR_WEAK_NO_SIGN},
    {"require_seal = true", NTLM_ERR_WEAK_NO_SEAL},
    {"check_target_name = required", NTLM_ERR_TARGET_NAME},
    {"restrict_sending_ntlm = deny", NTLM_ERR_SENDING_RESTRICTED},
    {"require_sgin = true", NTLM_ERR_BAD_SETTING},
};

/* Both sides, as far as they go. The minor status of who refused; 0: nobody did. */
static OM_uint32 log_in(void)
{
    gss_buffer_desc to_server = GSS_C_EMPTY_BUFFER, to_client = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t client = GSS_C_NO_CONTEXT, server = GSS_C_NO_CONTEXT;
    OM_uint32 major = GSS_S_CONTINUE_NEEDED, minor = 0, ignored;

    for (int i = 0; i < 2 && !GSS_ERROR(major); i++) {
        major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &client, GSS_C_NO_NAME, NULL,
                                     0, 0, NULL, &to_client, NULL, &to_server, NULL, NULL);
        free(to_client.value);
        to_client = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
        if (!GSS_ERROR(major))
            major = gss_accept_sec_context(&minor, &server, GSS_C_NO_CREDENTIAL, &to_server,
                                           NULL, NULL, NULL, &to_client, NULL, NULL, NULL);
        free(to_server.value);
        to_server = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    }
    free(to_client.value);
    gss_delete_sec_context(&ignored, &client, NULL);
    gss_delete_sec_context(&ignored, &server, NULL);
    return minor;
}

static void *log_in_there(void *minor)
{
    *(OM_uint32 *)minor = log_in();
    return NULL;
}

/* Settings that no login has read yet. */
static void write_settings(const char *line)
{
    static unsigned count;
    char name[32], text[256];

    snprintf(name, sizeof(name), "krb5-%u.conf", count++ % 4);
    snprintf(text, sizeof(text), "[libdefaults]\n a = b\n[ntlmssp]\n%s\n", line);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
}

static void begin(void)
{
    setenv("NTLM_USER_FILE", scratch_write("accounts", "TESTDOM:alice:Wonderland 7\n"), 1);
    unsetenv("NTLM_ACCOUNT_FILE");
    write_settings("");
    ck_assert_uint_eq(log_in(), 0); /* OpenSSL is loaded now */
}

/* A login here, its Nth allocation failing; another thread logs in, at the same time or
 * after it. False when there was no Nth. */
static bool log_in_short(int rule, unsigned n, bool at_once)
{
    OM_uint32 here, there = 0, next;
    pthread_t other;
    bool failed;

    write_settings(rules[rule].line);
    if (at_once)
        ck_assert_int_eq(pthread_create(&other, NULL, log_in_there, &there), 0);
    every_allocation_left = n;
    here = log_in();
    failed = every_allocation_left == 0;
    every_allocation_left = 0;
    if (!at_once)
        ck_assert_int_eq(pthread_create(&other, NULL, log_in_there, &there), 0);
    pthread_join(other, NULL);
    next = log_in();
    ck_assert_msg(here != 0, "allocation %u: %s lets in", n, rules[rule].line);
    ck_assert_msg(failed || here == (OM_uint32)rules[rule].error, "%s: %#x", rules[rule].line,
                  here);
    ck_assert_msg(there == (OM_uint32)rules[rule].error, "allocation %u: %s: %#x there", n,
                  rules[rule].line, there);
    ck_assert_msg(next == (OM_uint32)rules[rule].error, "allocation %u: %s: %#x next", n,
                  rules[rule].line, next);
    return failed;
}

START_TEST(a_login_is_refused_at_every_allocation)
{
    const int rule = _i / 2;
    const bool at_once = _i % 2;
    unsigned n = 1;

    if (skipped_without_fork("a_login_is_refused_at_every_allocation"))
        return;
    while (log_in_short(rule, n, at_once))
        n++;
#ifndef SANITIZED
    ck_assert_uint_gt(n, at_once ? 1 : 20);
#endif
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("logins when memory ends while settings are read");
    TCase *cases = tcase_create("shortage");

    scratch_begin();
    tcase_set_timeout(cases, 300);
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_loop_test(cases, a_login_is_refused_at_every_allocation, 0, 2 * COUNT(rules));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
