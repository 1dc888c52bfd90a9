/* SPDX-License-Identifier: MIT */
/* credential_test.c - acquiring credentials, by default, by name, with a
 * password and from a credential store, and what they say of themselves. */

#include "config.h"

#include <stdio.h>

#include "gss_exchange.h"

/* The account that the acceptor lets in with this credential. */
static void logs_in_with(gss_OID mech, gss_cred_id_t credential, const char *expected)
{
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.mech = mech,
                                                    .flags = GSS_C_INTEG_FLAG,
                                                    .client_credential = credential});
    assert_name(exchange.source, expected, GSS_C_NT_USER_NAME);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}

static void logs_in_as(gss_OID mech, const char *user, const char *const *store,
                       const char *expected)
{
    gss_cred_id_t credential = credential_of(mech, GSS_C_INITIATE, user, store);

    logs_in_with(mech, credential, expected);
    release(credential);
}

/* Logging in with this gets as far as the acceptor's no. */
static void is_denied(const char *user, const char *const *store)
{
    gss_cred_id_t credential = credential_of(NTLMSSP, GSS_C_INITIATE, user, store);
    struct exchange exchange;

    exchange_run(&exchange, &(struct request){.client_credential = credential});
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
    exchange_end(&exchange);
    release(credential);
}

static gss_cred_usage_t usage_of(gss_cred_id_t credential)
{
    gss_cred_usage_t usage;

    assert_complete(gss_inquire_cred(&minor, credential, NULL, NULL, &usage, NULL));
    return usage;
}

/* No credential for an initiator that names nobody. */
static void has_no_default_identity(void)
{
    gss_cred_id_t credential;

    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_NO_IDENTITY);
}

START_TEST(of_several_accounts_none_is_the_default_initiator)
{
    gss_cred_id_t credential;

    fixture_settings("allow_empty_passwords = true"); /* bob's is empty */
    unsetenv("NTLMUSER");
    has_no_default_identity();
    assert_contains(status_text(minor, NTLMSSP), "4 accounts and no user is named");
    logs_in_as(NTLMSSP, "TESTDOM\\bob", NULL, "TESTDOM\\bob");
    credential = credential_of(NTLMSSP, GSS_C_BOTH, NULL, NULL);
    ck_assert_int_eq(usage_of(credential), GSS_C_ACCEPT);
    release(credential);
    setenv("NTLM_ACCOUNT_FILE", fixture_accounts(), 1);
    setenv("NTLM_USER_FILE", fixture_file("mine", 0600, "TESTDOM:alice:Wonderland 7\n"), 1);
    logs_in_with(NTLMSSP, GSS_C_NO_CREDENTIAL, "TESTDOM\\alice");
}
END_TEST

START_TEST(a_servers_accounts_are_not_the_identity_of_its_process)
{
    char line[256];

    unsetenv("NTLMUSER");
    unsetenv("NTLM_USER_FILE");
    setenv("NTLM_ACCOUNT_FILE", fixture_file("one", 0600, "TESTDOM:alice:Wonderland 7\n"), 1);
    has_no_default_identity();
    logs_in_as(NTLMSSP, "TESTDOM\\alice", STORE("password", "Wonderland 7"), "TESTDOM\\alice");
    snprintf(line, sizeof(line), "account_file = %s", getenv("NTLM_ACCOUNT_FILE"));
    unsetenv("NTLM_ACCOUNT_FILE");
    fixture_settings(line);
    has_no_default_identity();
    logs_in_as(NTLMSSP, "TESTDOM\\alice", STORE("password", "Wonderland 7"), "TESTDOM\\alice");
}
END_TEST

START_TEST(an_acceptor_finds_accounts_by_upn_and_by_each_name_of_their_domain)
{
    static const char *const users[] = {"alice@test.example", "TEST.EXAMPLE\\alice",
                                        "alice@TESTDOM", "TESTDOM\\alice"};

    fixture_settings("domain_aliases = TESTDOM=test.example");
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
        logs_in_as(NTLMSSP, users[i], STORE("password", "Wonderland 7"), "TESTDOM\\alice");
    fixture_settings(NULL);
    is_denied("alice@test.example", STORE("password", "Wonderland 7"));
}
END_TEST

START_TEST(the_default_initiator_is_ntlmusers_account)
{
    logs_in_with(NTLMSSP, GSS_C_NO_CREDENTIAL, "TESTDOM\\alice");
    logs_in_as(NTLMSSP, NULL, NULL, "TESTDOM\\alice");
    logs_in_as(SPNEGO, NULL, NULL, "TESTDOM\\alice");
}
END_TEST

START_TEST(the_environment_names_the_default_user)
{
    setenv("NTLMUSER", "Zoë", 1);
    logs_in_with(NTLMSSP, GSS_C_NO_CREDENTIAL, "TESTDOM\\Zoë");
    logs_in_as(NTLMSSP, NULL, NULL, "TESTDOM\\Zoë");
}
END_TEST

static bool is_among(gss_OID mech, gss_OID_set mechs)
{
    int present;

    assert_complete(gss_test_oid_set_member(&minor, mech, mechs, &present));
    return present != 0;
}

START_TEST(the_mechanisms_that_are_tried_by_default_are_ours_and_spnego_with_it)
{
    gss_cred_id_t credential;
    gss_OID_set mechs;

    assert_complete(gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, GSS_C_NO_OID_SET, GSS_C_INITIATE,
                                     &credential, &mechs, NULL));
    ck_assert(is_among(NTLMSSP, mechs) && is_among(SPNEGO, mechs));
    gss_release_oid_set(&minor, &mechs);
    logs_in_with(NTLMSSP, credential, "TESTDOM\\alice");
    logs_in_with(SPNEGO, credential, "TESTDOM\\alice");
    release(credential);
}
END_TEST

START_TEST(a_name_chooses_its_line_of_the_account_file)
{
    fixture_settings("allow_empty_passwords = true"); /* bob's is empty */
    logs_in_as(NTLMSSP, "TESTDOM\\bob", NULL, "TESTDOM\\bob");
    logs_in_as(NTLMSSP, "bob", NULL, "TESTDOM\\bob");
    logs_in_as(NTLMSSP, "bob@TESTDOM", NULL, "TESTDOM\\bob");
    logs_in_as(SPNEGO, "TESTDOM\\Zoë", NULL, "TESTDOM\\Zoë");
}
END_TEST

START_TEST(a_name_without_a_line_is_no_credential)
{
    gss_name_t name = user_of("TESTDOM\\mallory");
    gss_cred_id_t credential;

    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, name, NULL, &credential));
    assert_minor(NTLM_ERR_NO_SUCH_LINE);
    assert_contains(status_text(minor, NTLMSSP), "mallory");
    ck_assert_ptr_null(credential);
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(a_service_is_no_user_to_log_in_as)
{
    gss_name_t name = service_of("HTTP@server.test");
    gss_cred_id_t credential;

    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, name, NULL, &credential));
    assert_minor(NTLM_ERR_NO_IDENTITY);
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(a_password_needs_no_account_file)
{
    gss_cred_id_t credential, server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    struct exchange exchange;

    unsetenv("NTLM_USER_FILE");
    credential = credential_by_password(NTLMSSP, "TESTDOM\\alice", "Wonderland 7");
    exchange_establish(&exchange, &(struct request){.client_credential = credential,
                                                    .server_credential = server});
    assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    exchange_end(&exchange);
    release(credential);
    release(server);
}
END_TEST

START_TEST(a_password_works_under_spnego)
{
    gss_cred_id_t credential = credential_by_password(SPNEGO, "TESTDOM\\Zoë", "Pässwörd €𝄞");

    logs_in_with(SPNEGO, credential, "TESTDOM\\Zoë");
    release(credential);
}
END_TEST

/* gss_acquire_cred_with_password refuses it before we are asked. */
START_TEST(an_empty_password_comes_through_a_cred_store)
{
    fixture_settings("allow_empty_passwords = true"); /* bob's is empty */
    unsetenv("NTLMUSER");
    logs_in_as(NTLMSSP, "TESTDOM\\bob", STORE("password", ""), "TESTDOM\\bob");
    is_denied("TESTDOM\\alice", STORE("password", ""));
}
END_TEST

START_TEST(both_password_keys_of_a_cred_store_count)
{
    logs_in_as(NTLMSSP, "TESTDOM\\alice", STORE("password", "Wonderland 7"), "TESTDOM\\alice");
    logs_in_as(NTLMSSP, "TESTDOM\\alice", STORE("ntlmssp_password", "Wonderland 7"),
               "TESTDOM\\alice");
    logs_in_as(SPNEGO, "TESTDOM\\alice", STORE("ntlmssp_password", "Wonderland 7"),
               "TESTDOM\\alice");
    is_denied("TESTDOM\\alice", STORE("password", "wonderland 7"));
    is_denied("TESTDOM\\alice", STORE("ntlmssp_password", "Wonderland 7 "));
}
END_TEST

START_TEST(a_password_without_a_user_name_is_that_of_ntlmuser)
{
    gss_cred_id_t credential;

    setenv("NTLMUSER", "alice", 1);
    logs_in_as(NTLMSSP, NULL, STORE("password", "Wonderland 7", "ntlmssp_domain", "TESTDOM"),
               "TESTDOM\\alice");
    unsetenv("NTLMUSER");
    assert_status(GSS_S_NO_CRED, acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME,
                                              STORE("password", "Wonderland 7"), &credential));
    assert_minor(NTLM_ERR_NO_IDENTITY);
    assert_contains(status_text(minor, NTLMSSP), "without a user name");
}
END_TEST

START_TEST(a_cred_store_names_the_domain_of_a_user_without_one)
{
    gss_cred_id_t credential =
        credential_of(NTLMSSP, GSS_C_INITIATE, "alice",
                      STORE("password", "Wonderland 7", "ntlmssp_domain", "TESTDOM"));
    gss_name_t name;

    assert_complete(gss_inquire_cred(&minor, credential, &name, NULL, NULL, NULL));
    assert_name(name, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    gss_release_name(&minor, &name);
    logs_in_with(NTLMSSP, credential, "TESTDOM\\alice");
    release(credential);
    is_denied("OTHERDOM\\alice",
              STORE("password", "Wonderland 7", "ntlmssp_domain", "TESTDOM"));
}
END_TEST

START_TEST(a_cred_store_takes_an_nt_hash)
{
    /* MD4 of "Wonderland 7" in UTF-16LE */
    logs_in_as(NTLMSSP, "TESTDOM\\alice",
               STORE("ntlmssp_nthash", "cc00bb161ae632398b69c69b56b6dec5"), "TESTDOM\\alice");
    is_denied("TESTDOM\\alice", STORE("ntlmssp_nthash", "00112233445566778899aabbccddeeff"));
}
END_TEST

START_TEST(an_nt_hash_that_is_none_is_said_to_be)
{
    gss_name_t name = user_of("TESTDOM\\alice");
    gss_cred_id_t credential;

    assert_status(GSS_S_DEFECTIVE_CREDENTIAL,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, name,
                               STORE("ntlmssp_nthash", "Wonderland 7"), &credential));
    assert_minor(NTLM_ERR_BAD_NT_HASH);
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(a_password_that_is_no_text_is_said_to_be_none)
{
    gss_name_t name = user_of("TESTDOM\\alice");
    gss_cred_id_t credential;

    assert_status(
        GSS_S_DEFECTIVE_CREDENTIAL,
        acquire_from(NTLMSSP, GSS_C_INITIATE, name, STORE("password", "caf\xe9"), &credential));
    assert_minor(NTLM_ERR_BAD_PASSWORD_TEXT);
    ck_assert_ptr_null(strstr(status_text(minor, NTLMSSP), "caf"));
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(a_cred_store_names_an_account_file_for_both_usages)
{
    const char *file = fixture_file("others", 0600, "OTHERDOM:dinah:Meow\n");
    gss_cred_id_t client, server;
    struct exchange exchange;

    client = credential_of(NTLMSSP, GSS_C_INITIATE, "dinah", STORE("ntlmssp_keyfile", file));
    server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE("ntlmssp_keyfile", file));
    exchange_establish(
        &exchange, &(struct request){.client_credential = client, .server_credential = server});
    assert_name(exchange.source, "OTHERDOM\\dinah", GSS_C_NT_USER_NAME);
    exchange_end(&exchange);

    exchange_run(&exchange,
                 &(struct request){.server_credential = server}); /* alice, to them */
    assert_refused(&exchange, &exchange.server, GSS_S_FAILURE, NTLM_ERR_LOGON_DENIED);
    exchange_end(&exchange);
    release(client);
    release(server);
}
END_TEST

START_TEST(keys_of_other_mechanisms_are_passed_over)
{
    logs_in_as(NTLMSSP, "TESTDOM\\alice",
               STORE("keytab", "/nonexistent", "ccache", "/nonexistent", "rcache", "none:"),
               "TESTDOM\\alice");
    release(credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, STORE("keytab", "/nonexistent")));
}
END_TEST

START_TEST(one_credential_both_initiates_and_accepts)
{
    gss_OID mechs[] = {NTLMSSP, SPNEGO};

    for (size_t i = 0; i < 2; i++) {
        gss_cred_id_t credential = credential_of(mechs[i], GSS_C_BOTH, NULL, NULL);
        struct exchange exchange;

        exchange_establish(&exchange, &(struct request){.mech = mechs[i],
                                                        .flags = GSS_C_CONF_FLAG,
                                                        .client_credential = credential,
                                                        .server_credential = credential});
        assert_talk(exchange.client.context, exchange.server.context);
        exchange_end(&exchange);
        release(credential);
    }
}
END_TEST

START_TEST(usage_both_becomes_the_one_that_can_be_had)
{
    gss_cred_id_t credential;

    unsetenv("NTLM_USER_FILE");
    credential =
        credential_of(NTLMSSP, GSS_C_BOTH, "TESTDOM\\alice", STORE("password", "Wonderland 7"));
    ck_assert_int_eq(usage_of(credential), GSS_C_INITIATE);
    release(credential);
    setenv("NTLM_USER_FILE", fixture_file("nobody", 0600, "# nobody yet\n"), 1);
    credential = credential_of(NTLMSSP, GSS_C_BOTH, NULL, NULL);
    ck_assert_int_eq(usage_of(credential), GSS_C_ACCEPT);
    release(credential);
}
END_TEST

START_TEST(usage_both_hides_no_mistake_in_what_was_given)
{
    gss_name_t name = user_of("TESTDOM\\alice");
    gss_cred_id_t credential;

    assert_status(
        GSS_S_DEFECTIVE_CREDENTIAL,
        acquire_from(NTLMSSP, GSS_C_BOTH, name, STORE("ntlmssp_nthash", "0123"), &credential));
    assert_minor(NTLM_ERR_BAD_NT_HASH);
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(usage_both_that_is_neither_says_what_it_missed)
{
    gss_name_t name = user_of("TESTDOM\\mallory");
    gss_cred_id_t credential;

    unsetenv("NTLM_USER_FILE");
    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_BOTH, name,
                               STORE("ntlmssp_keyfile", fixture_path("missing")), &credential));
    assert_minor(NTLM_ERR_FILE_UNREADABLE);
    assert_contains(status_text(minor, NTLMSSP), fixture_path("missing"));
    gss_release_name(&minor, &name);
}
END_TEST

START_TEST(a_credential_is_good_for_its_usage_only)
{
    gss_cred_id_t initiator = credential_of(NTLMSSP, GSS_C_INITIATE, NULL, NULL);
    gss_cred_id_t acceptor = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    struct exchange exchange;

    exchange_run(&exchange, &(struct request){.client_credential = acceptor});
    assert_refused(&exchange, &exchange.client, GSS_S_NO_CRED, NTLM_ERR_NOT_INITIATOR);
    ck_assert_ptr_null(exchange.client.context);
    exchange_end(&exchange);
    exchange_run(&exchange, &(struct request){.server_credential = initiator});
    assert_refused(&exchange, &exchange.server, GSS_S_NO_CRED, NTLM_ERR_NOT_ACCEPTOR);
    ck_assert_ptr_null(exchange.server.context);
    exchange_end(&exchange);
    release(initiator);
    release(acceptor);
}
END_TEST

START_TEST(nothing_to_offer_is_no_credential_in_either_role)
{
    gss_cred_id_t credential;
    struct exchange exchange;

    unsetenv("NTLM_USER_FILE");
    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_INITIATE, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_NO_IDENTITY);
    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_ACCEPT, GSS_C_NO_NAME, NULL, &credential));
    assert_minor(NTLM_ERR_NO_ACCOUNTS);
    assert_status(GSS_S_NO_CRED,
                  acquire_from(NTLMSSP, GSS_C_BOTH, GSS_C_NO_NAME, NULL, &credential));
    exchange_run(&exchange, &(struct request){0});
    assert_refused(&exchange, &exchange.client, GSS_S_NO_CRED, NTLM_ERR_NO_IDENTITY);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_credential_may_be_released_while_its_contexts_live)
{
    gss_cred_id_t client = credential_of(NTLMSSP, GSS_C_INITIATE, "TESTDOM\\Zoë", NULL);
    gss_cred_id_t server = credential_of(NTLMSSP, GSS_C_ACCEPT, NULL, NULL);
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG,
                                                .client_credential = client,
                                                .server_credential = server});
    exchange_step(&exchange);
    exchange_step(&exchange);
    release(client);
    release(server);
    exchange.asked.client_credential = exchange.asked.server_credential = GSS_C_NO_CREDENTIAL;
    while (exchange_step(&exchange))
        continue;
    ck_assert(exchange.server.complete);
    assert_name(exchange.source, "TESTDOM\\Zoë", GSS_C_NT_USER_NAME);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_credential");
    TCase *cases = fixture_case(suite, "acquire");
    tcase_add_test(cases, the_default_initiator_is_ntlmusers_account);
    tcase_add_test(cases, an_acceptor_finds_accounts_by_upn_and_by_each_name_of_their_domain);
    tcase_add_test(cases, of_several_accounts_none_is_the_default_initiator);
    tcase_add_test(cases, a_servers_accounts_are_not_the_identity_of_its_process);
    tcase_add_test(cases, the_environment_names_the_default_user);
    tcase_add_test(cases, the_mechanisms_that_are_tried_by_default_are_ours_and_spnego_with_it);
    tcase_add_test(cases, a_name_chooses_its_line_of_the_account_file);
    tcase_add_test(cases, a_name_without_a_line_is_no_credential);
    tcase_add_test(cases, a_service_is_no_user_to_log_in_as);
    tcase_add_test(cases, a_password_needs_no_account_file);
    tcase_add_test(cases, a_password_works_under_spnego);
    cases = fixture_case(suite, "store");
    tcase_add_test(cases, an_empty_password_comes_through_a_cred_store);
    tcase_add_test(cases, both_password_keys_of_a_cred_store_count);
    tcase_add_test(cases, a_password_without_a_user_name_is_that_of_ntlmuser);
    tcase_add_test(cases, a_cred_store_names_the_domain_of_a_user_without_one);
    tcase_add_test(cases, a_cred_store_takes_an_nt_hash);
    tcase_add_test(cases, an_nt_hash_that_is_none_is_said_to_be);
    tcase_add_test(cases, a_password_that_is_no_text_is_said_to_be_none);
    tcase_add_test(cases, a_cred_store_names_an_account_file_for_both_usages);
    tcase_add_test(cases, keys_of_other_mechanisms_are_passed_over);
    cases = fixture_case(suite, "usage");
    tcase_add_test(cases, one_credential_both_initiates_and_accepts);
    tcase_add_test(cases, usage_both_becomes_the_one_that_can_be_had);
    tcase_add_test(cases, usage_both_hides_no_mistake_in_what_was_given);
    tcase_add_test(cases, usage_both_that_is_neither_says_what_it_missed);
    tcase_add_test(cases, a_credential_is_good_for_its_usage_only);
    tcase_add_test(cases, a_credential_may_be_released_while_its_contexts_live);
    cases = fixture_case(suite, "refusal");
    tcase_add_test(cases, nothing_to_offer_is_no_credential_in_either_role);
    return suite_run(suite);
}
