/* SPDX-License-Identifier: MIT */
/* status_test.c - the module's minor statuses and their texts as they come out
 * of the mechglue, which may renumber them, and out of SPNEGO, which does. */

#include "config.h"

#include <pthread.h>

#include "gss_exchange.h"

#define WRONG_PASSWORD "Unknown user or wrong password"

/* A wrong password's minor status at the acceptor, with its text. */
static OM_uint32 denied_minor(gss_OID mech, const char *user)
{
    gss_cred_id_t wrong = credential_by_password(mech, user, "wrong");
    OM_uint32 status;
    struct exchange exchange;

    exchange_run(&exchange, &(struct request){.mech = mech, .client_credential = wrong});
    ck_assert(GSS_ERROR(exchange.server.major));
    status = exchange.server.minor;
    exchange_end(&exchange);
    release(wrong);
    return status;
}

START_TEST(a_minor_status_is_the_modules_number)
{
    ck_assert_uint_eq(denied_minor(NTLMSSP, "TESTDOM\\alice"), NTLM_ERR_LOGON_DENIED);
}
END_TEST

START_TEST(the_text_survives_spnego)
{
    OM_uint32 raw = denied_minor(NTLMSSP, "TESTDOM\\bob");
    OM_uint32 spnego = denied_minor(SPNEGO, "TESTDOM\\alice");
    const char *text = status_text(spnego, SPNEGO);

    ck_assert_uint_ne(raw, spnego);
    ck_assert_str_eq(text, status_text(raw, NTLMSSP)); /* the detail is the thread's */
    assert_contains(text, WRONG_PASSWORD);
    assert_contains(text, "TESTDOM\\alice");
    /* The mechanism that the caller names does not matter. */
    ck_assert_str_eq(status_text(spnego, GSS_C_NO_OID), text);
}
END_TEST

/* One failure of each kind that an application can bring about in a moment,
 * by way of whoever calls the module. */
START_TEST(each_failure_has_a_text_of_its_own)
{
    gss_buffer_desc text = text_buffer("text"), out = GSS_C_EMPTY_BUFFER;
    gss_OID_desc unknown = OID("\x2a\x03\x04");
    gss_buffer_set_t set = GSS_C_NO_BUFFER_SET;
    struct exchange exchange;

    exchange_establish(
        &exchange, &(struct request){.mech = _i ? SPNEGO : NTLMSSP, .flags = GSS_C_CONF_FLAG});
    gss_wrap(&minor, exchange.client.context, 1, 3, &text, NULL, &out);
    assert_contains(status_text(minor, exchange.asked.mech),
                    "only the default quality of protection");
    gss_unwrap(&minor, exchange.client.context, &text, &out, NULL, NULL);
    assert_contains(status_text(minor, exchange.asked.mech), "shorter than its signature");
    gss_inquire_sec_context_by_oid(&minor, exchange.client.context, &unknown, &set);
    assert_contains(status_text(minor, exchange.asked.mech), "not known to NTLM");
    exchange_end(&exchange);
}
END_TEST

static void *show_in_thread(void *arg)
{
    OM_uint32 status = *(OM_uint32 *)arg, ignored, more = 0;
    gss_buffer_desc *shown = malloc(sizeof(*shown));

    if (shown)
        gss_display_status(&ignored, status, GSS_C_MECH_CODE, NTLMSSP, &more, shown);
    return shown;
}

START_TEST(the_detail_is_for_the_thread_that_failed)
{
    OM_uint32 status = denied_minor(NTLMSSP, "TESTDOM\\alice");
    gss_buffer_desc *shown;
    pthread_t thread;
    void *result;

    assert_contains(status_text(status, NTLMSSP), WRONG_PASSWORD ": ");
    ck_assert_int_eq(pthread_create(&thread, NULL, show_in_thread, &status), 0);
    pthread_join(thread, &result);
    shown = result;
    ck_assert_ptr_nonnull(shown);
    assert_bytes(*shown, WRONG_PASSWORD, strlen(WRONG_PASSWORD));
    release_buffer(shown);
    free(shown);
}
END_TEST

START_TEST(the_detail_is_that_of_the_last_failure)
{
    OM_uint32 alice = denied_minor(NTLMSSP, "TESTDOM\\alice");

    assert_contains(status_text(alice, NTLMSSP), "alice");
    denied_minor(NTLMSSP, "TESTDOM\\mallory");
    assert_contains(status_text(alice, NTLMSSP), "mallory");
    unsetenv("NTLM_USER_FILE");
    denied_minor(NTLMSSP, "TESTDOM\\mallory");               /* now: no accounts */
    assert_contains(status_text(alice, NTLMSSP), "mallory"); /* another error's */
}
END_TEST

/* What an earlier failure said must not be said of a later one of the same
 * kind that has nothing to add. */
START_TEST(a_detail_is_not_left_to_later_failures)
{
    gss_buffer_desc name_token = bytes_buffer(
        "\x04\x01\x00\x0c\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a\0\0\0\5xyzzy", 25);
    gss_buffer_desc damaged;
    gss_cred_id_t credential;
    struct exchange exchange;
    gss_name_t name;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    ck_assert(GSS_ERROR(gss_import_name(&minor, &name_token, GSS_C_NT_EXPORT_NAME, &name)));
    assert_contains(status_text(NTLM_ERR_BAD_EXPORT, NTLMSSP), "name is damaged");
    assert_complete(gss_export_sec_context(&minor, &exchange.client.context, &damaged));
    damaged.length--;
    assert_status(GSS_S_DEFECTIVE_TOKEN,
                  gss_import_sec_context(&minor, &damaged, &exchange.client.context));
    ck_assert_str_eq(status_text(minor, NTLMSSP), ntlm_error_text(NTLM_ERR_BAD_EXPORT));
    release_buffer(&damaged);
    exchange_end(&exchange);

    ck_assert(GSS_ERROR(gss_import_name(&minor, &name_token, GSS_C_NT_EXPORT_NAME, &name)));
    credential = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    assert_complete(gss_export_cred(&minor, credential, &damaged));
    release(credential);
    ((uint8_t *)damaged.value)[20] ^= 0xff; /* its kind */
    assert_status(GSS_S_DEFECTIVE_TOKEN, gss_import_cred(&minor, &damaged, &credential));
    ck_assert_str_eq(status_text(minor, NTLMSSP), ntlm_error_text(NTLM_ERR_BAD_EXPORT));
    release_buffer(&damaged);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_status");
    TCase *cases = fixture_case(suite, "texts");
    tcase_add_test(cases, a_minor_status_is_the_modules_number);
    tcase_add_test(cases, the_text_survives_spnego);
    tcase_add_loop_test(cases, each_failure_has_a_text_of_its_own, 0, 2);
    cases = fixture_case(suite, "details");
    tcase_add_test(cases, the_detail_is_for_the_thread_that_failed);
    tcase_add_test(cases, the_detail_is_that_of_the_last_failure);
    tcase_add_test(cases, a_detail_is_not_left_to_later_failures);
    return suite_run(suite);
}
