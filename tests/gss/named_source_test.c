/* SPDX-License-Identifier: MIT */
/* named_source_test.c - where the settings name a source of accounts that cannot be
 * used, or are wrong themselves, the reason reaches who accepts. */

#include "config.h"

#include "gss_exchange.h"

/* The acceptor's credential is there, so that no other mechanism's reason is told, and
 * its contexts fail with this one. */
static void assert_told_when_accepting(gss_cred_usage_t usage, OM_uint32 major,
                                       enum ntlm_error error, const char *part)
{
    gss_cred_id_t client = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    gss_cred_id_t server = credential_of(NTLMSSP, usage, NULL, NULL);
    struct exchange exchange;

    for (int i = 0; i < 2; i++) { /* with this credential, and with the default one */
        exchange_run(&exchange,
                     &(struct request){.client_credential = client,
                                       .server_credential = i ? GSS_C_NO_CREDENTIAL : server});
        assert_refused(&exchange, &exchange.server, major, error);
        assert_contains(side_text(&exchange, &exchange.server), part);
        exchange_end(&exchange);
    }
    release(client);
    release(server);
}

START_TEST(an_account_file_that_others_may_write_is_named)
{
    const char *path = fixture_file("insecure", 0622, ACCOUNTS);
    gss_cred_id_t credential;

    setenv("NTLM_USER_FILE", path, 1);
    assert_status(GSS_S_DEFECTIVE_CREDENTIAL,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_FILE_INSECURE);
    assert_contains(status_text(minor, NTLMSSP), path);
    assert_told_when_accepting(GSS_C_ACCEPT, GSS_S_DEFECTIVE_CREDENTIAL, NTLM_ERR_FILE_INSECURE,
                               path);
    assert_told_when_accepting(GSS_C_BOTH, GSS_S_DEFECTIVE_CREDENTIAL, NTLM_ERR_FILE_INSECURE,
                               path);
}
END_TEST

START_TEST(an_account_file_of_the_cred_store_is_named)
{
    const char *path = fixture_path("missing");
    gss_cred_id_t client = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    gss_cred_id_t server =
        credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE("ntlmssp_keyfile", path));
    gss_cred_id_t credential;
    struct exchange exchange;

    exchange_run(&exchange,
                 &(struct request){.client_credential = client, .server_credential = server});
    assert_refused(&exchange, &exchange.server, GSS_S_NO_CRED, NTLM_ERR_FILE_UNREADABLE);
    assert_contains(side_text(&exchange, &exchange.server), path);
    exchange_end(&exchange);
    assert_status(GSS_S_NO_CRED, acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME,
                                              STORE("ntlmssp_keyfile", path), &credential));
    release(client);
    release(server);
}
END_TEST

START_TEST(an_account_file_that_is_not_there_is_named)
{
    const char *path = fixture_path("missing");
    gss_cred_id_t credential;

    setenv("NTLM_USER_FILE", path, 1);
    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_FILE_UNREADABLE);
    assert_contains(status_text(minor, NTLMSSP), path);
    assert_told_when_accepting(GSS_C_ACCEPT, GSS_S_NO_CRED, NTLM_ERR_FILE_UNREADABLE, path);
}
END_TEST

START_TEST(sources_of_accounts_that_are_listed_and_not_there_are_told)
{
    unsetenv("NTLM_USER_FILE");
    fixture_settings("account_sources = file");
    assert_told_when_accepting(GSS_C_ACCEPT, GSS_S_NO_CRED, NTLM_ERR_NO_ACCOUNTS, "account");
}
END_TEST

START_TEST(an_account_file_that_is_mended_serves_the_credential_that_is_there)
{
    gss_cred_id_t client = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    gss_cred_id_t server;
    struct exchange exchange;

    setenv("NTLM_USER_FILE", fixture_path("later"), 1);
    server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    fixture_file("later", 0600, ACCOUNTS);
    exchange_establish(
        &exchange, &(struct request){.client_credential = client, .server_credential = server});
    exchange_end(&exchange);
    release(client);
    release(server);
}
END_TEST

START_TEST(a_broken_setting_refuses_a_credential_and_says_which)
{
    gss_cred_id_t credential, client;
    struct exchange exchange;

    fixture_settings("require_sign = perhaps");
    assert_status(GSS_S_FAILURE,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_BAD_SETTING);
    assert_contains(status_text(minor, NTLMSSP), "require_sign = perhaps");
    exchange_run(&exchange, &(struct request){0});
    assert_refused(&exchange, &exchange.client, GSS_S_FAILURE, NTLM_ERR_BAD_SETTING);
    exchange_end(&exchange);

    fixture_settings(NULL);
    setenv("LM_COMPAT_LEVEL", "6", 1);
    credential = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    unsetenv("LM_COMPAT_LEVEL");
    client = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    exchange_begin(&exchange, &(struct request){.client_credential = client,
                                                .server_credential = credential});
    exchange_step(&exchange);
    setenv("LM_COMPAT_LEVEL", "6", 1);
    exchange_step(&exchange);
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_BAD_SETTING);
    assert_contains(side_text(&exchange, &exchange.server), "LM_COMPAT_LEVEL=6");
    exchange_end(&exchange);
    release(client);
    release(credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_named_source");
    TCase *cases = fixture_case(suite, "reasons");

    tcase_add_test(cases, an_account_file_that_others_may_write_is_named);
    tcase_add_test(cases, an_account_file_of_the_cred_store_is_named);
    tcase_add_test(cases, an_account_file_that_is_not_there_is_named);
    tcase_add_test(cases, sources_of_accounts_that_are_listed_and_not_there_are_told);
    tcase_add_test(cases, an_account_file_that_is_mended_serves_the_credential_that_is_there);
    tcase_add_test(cases, a_broken_setting_refuses_a_credential_and_says_which);
    return suite_run(suite);
}
