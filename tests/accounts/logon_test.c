/* SPDX-License-Identifier: MIT */
/* logon_test.c - who is let in by the account file and who is not, what is said about
 * it, and that no password or hash is among it. */

#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "accounts_fixture.h"
#include "hmac_key.h"
#include "ntlm/keys.h"
#include "ntlm/secret.h"
#include "support/trace.h"

/* The account file's name between two texts. */
static const char *with_file(const char *before, const char *after)
{
    static char expected[400];

    snprintf(expected, sizeof(expected), "%s%s%s", before, scratch_path("accounts"), after);
    return expected;
}

START_TEST(the_right_password_gives_the_key_and_the_accounts_own_name)
{
    struct accounts *accounts = accounts_of("Dom:Alice:Password\n");
    struct account_reply reply;
    struct client client;
    uint8_t key[16];

    client_begin_v2(&client, "ALICE", "DOM", "Password");
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.user, "Alice");
    ck_assert_str_eq(reply.domain, "Dom");
    ck_assert_int_eq(ntlm_v2_base_key(hmac_key(client.ntowfv2), client.response, key), NTLM_OK);
    ck_assert_mem_eq(reply.keys.base_key, key, sizeof(key));
    account_reply_clear(&reply);
    ck_assert(ntlm_is_zero(&reply, sizeof(reply)));
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(the_peers_domain_is_not_taken_for_the_accounts)
{
    struct accounts *accounts = accounts_of(":alice:Password\n");
    struct account_reply reply;
    struct client client;

    client_begin_v2(&client, "alice", "ADMINS", "Password");
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.domain, "");
    account_reply_clear(&reply);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(names_and_passwords_need_not_be_ascii)
{
    struct accounts *accounts = accounts_of("D\xc3\xb6m:J\xc3\xbcrgen:p\xc3\xa4ss\n");

    ck_assert_int_eq(log_in(accounts, "j\xc3\x9crgen", "D\xc3\xb6m", "p\xc3\xa4ss"), NTLM_OK);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_wrong_password_and_an_unknown_user_get_the_same_answer)
{
    struct accounts *accounts = accounts_of("DOM:alice:Password\n");

    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "Passwort"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("wrong password for \"DOM\\alice\" (account file ", ")"));
    ck_assert_int_eq(log_in(accounts, "mallory", "DOM", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("unknown user named \"DOM\\mallory\" (account file ", ")"));
    ck_assert_int_eq(log_in(accounts, "mallory", "", "Password"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("unknown user named \"mallory\" (account file ", ")"));
    accounts_close(accounts);
}
END_TEST

START_TEST(the_hash_that_stands_in_for_a_missing_one_lets_nobody_in)
{
    static const char *const users[] = {"mallory", "bob"};
    struct accounts *accounts =
        accounts_of("DOM:alice:Password\nbob:1:" NO_HEX ":" NO_HEX "\n");

    for (size_t i = 0; i < 2; i++) {
        struct account_reply reply;
        struct client client;

        client_begin_v2(&client, users[i], "DOM", "");
        memset(client.nt_hash, 0, sizeof(client.nt_hash));
        client_prove(&client);
        ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                         NTLM_ERR_LOGON_DENIED);
        client_end(&client);
    }
    accounts_close(accounts);
}
END_TEST

START_TEST(a_peers_name_cannot_steer_a_terminal)
{
    struct accounts *accounts = accounts_of("DOM:alice:Password\n");

    ck_assert_int_eq(log_in(accounts, "x\x1b[2J\n", "D\r", "pw"), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(
        failure_detail(NTLM_ERR_LOGON_DENIED),
        with_file("unknown user named \"D\\x0d\\x\\x1b[2J\\x0a\" (account file ", ")"));
    accounts_close(accounts);
}
END_TEST

START_TEST(that_an_account_is_disabled_is_told_to_its_owner_alone)
{
    struct accounts *accounts = accounts_of("alice:1:" LM_HEX ":" NT_HEX ":[UD]:LCT-0:\n");

    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "wrong"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "Password"), NTLM_ERR_ACCOUNT_DISABLED);
    ck_assert_ptr_nonnull(failure_detail(NTLM_ERR_ACCOUNT_DISABLED));
    accounts_close(accounts);
}
END_TEST

START_TEST(that_an_account_is_locked_is_told_to_its_owner_alone)
{
    struct accounts *accounts = accounts_of("alice:1:" LM_HEX ":" NT_HEX ":[UL]:LCT-0:\n"
                                            "bob:2:" LM_HEX ":" NT_HEX ":[UDL]:LCT-0:\n");

    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "wrong"), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "Password"), NTLM_ERR_ACCOUNT_LOCKED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_ACCOUNT_LOCKED),
                     "\"DOM\\alice\" gave the right password");
    ck_assert_int_eq(log_in(accounts, "bob", "DOM", "Password"), NTLM_ERR_ACCOUNT_DISABLED);
    accounts_close(accounts);
}
END_TEST

START_TEST(an_account_without_a_password_is_denied_even_the_empty_one)
{
    struct accounts *accounts = accounts_of("a:1:" NO_HEX ":" NO_HEX ":[U]:LCT-0:\n"
                                            "b:2:" LM_HEX ":" NT_HEX ":[NU]:LCT-0:\n");

    ck_assert_int_eq(log_in(accounts, "a", "", ""), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("missing NT hash of \"a\" (account file ", ")"));
    ck_assert_int_eq(log_in(accounts, "b", "", ""), NTLM_ERR_LOGON_DENIED);
    ck_assert_int_eq(log_in(accounts, "b", "", "Password"), NTLM_ERR_LOGON_DENIED);
    accounts_close(accounts);
}
END_TEST

#define EMPTY_HEX "31D6CFE0D16AE931B73C59D7E0C089C0" /* the NT hash of "" */

START_TEST(an_empty_password_is_no_login_unless_a_setting_allows_it)
{
    struct accounts *accounts = accounts_of("DOM:guest:\n"
                                            "hashed:1:" NO_HEX ":" EMPTY_HEX ":[U]:LCT-0:\n");

    ck_assert_int_eq(log_in(accounts, "guest", "DOM", ""), NTLM_ERR_LOGON_DENIED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGON_DENIED),
                     with_file("empty password for \"DOM\\guest\" (account file ", ")"));
    ck_assert_int_eq(log_in(accounts, "hashed", "DOM", ""), NTLM_ERR_LOGON_DENIED);
    logon_settings.allow_empty_passwords = true;
    ck_assert_int_eq(log_in(accounts, "guest", "DOM", ""), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "hashed", "DOM", ""), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "guest", "DOM", "x"), NTLM_ERR_LOGON_DENIED);
    logon_settings.allow_empty_passwords = false;
    accounts_close(accounts);
}
END_TEST

#define EMPTY_LM_HEX "AAD3B435B51404EEAAD3B435B51404EE" /* the LM hash of "" */

START_TEST(the_lm_hash_of_no_password_is_none)
{
    struct accounts *accounts = accounts_of("alice:1:" EMPTY_LM_HEX ":" NT_HEX ":[U]:LCT-0:\n");
    struct account_reply reply;
    struct client client;
    uint8_t lm_hash[16];

    ck_assert_int_eq(ntlm_lm_hash("", 0, lm_hash), NTLM_OK);
    client_begin(&client, NTLM_RESPONSE_LM, "alice", "DOM", "");
    ntlm_v1_response(lm_hash, client.logon.server_challenge, client.response);
    client.logon.nt_response = ntlm_bytes(NULL, 0);
    client.logon.lm_response = ntlm_bytes(client.response, 24);
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(ntlmv1_and_lm_are_answered_from_their_hashes)
{
    struct accounts *accounts =
        accounts_of("DOM:alice:Password\nbob:1:" NO_HEX ":" NT_HEX "\n");
    struct account_reply reply;
    struct client client;
    uint8_t lm_hash[16];

    ck_assert_int_eq(ntlm_lm_hash("Password", 8, lm_hash), NTLM_OK);
    client_begin(&client, NTLM_RESPONSE_V1, "alice", "DOM", "Password");
    ntlm_v1_response(client.nt_hash, client.logon.server_challenge, client.response);
    client.logon.nt_response = ntlm_bytes(client.response, 24);
    client.logon.lm_response = client.logon.nt_response;
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    ck_assert(reply.keys.has_lm_key);
    ck_assert_mem_eq(reply.keys.lm_key, lm_hash, sizeof(reply.keys.lm_key));
    account_reply_clear(&reply);
    client.logon.kind = NTLM_RESPONSE_LM;
    client.logon.nt_response = ntlm_bytes(NULL, 0);
    ntlm_v1_response(lm_hash, client.logon.server_challenge, client.response);
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply), NTLM_OK);
    account_reply_clear(&reply);
    client.logon.user = "bob"; /* who has no LM hash */
    ck_assert_int_eq(accounts_logon(accounts, &logon_settings, &client.logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    client_end(&client);
    accounts_close(accounts);
}
END_TEST

START_TEST(neither_trace_nor_errors_show_a_secret)
{
    static const char *const secrets[] = {"s3cret", "Password", LM_HEX,
                                          NT_HEX,   "A4F49C",   "guess"};
    struct accounts *accounts;
    char said[2000] = "";

    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    accounts = accounts_of("DOM:alice:s3cret\nDOM::s3cret bad\nDOM s3cret\nDOM:\xff:s3cret\n"
                           "bob:1:" LM_HEX ":" NT_HEX ":[U]:LCT-0:\n"
                           "eve:1:" LM_HEX ":" NT_HEX ":[UD]:LCT-0:\n");
    ck_assert_int_eq(chmod(scratch_path("accounts"), 0644), 0);
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "s3cret"), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "bob", "DOM", "Password"), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "alice", "DOM", "guess"), NTLM_ERR_LOGON_DENIED);
    strcat(said, failure_detail(NTLM_ERR_LOGON_DENIED));
    ck_assert_int_eq(log_in(accounts, "carol", "DOM", "guess"), NTLM_ERR_LOGON_DENIED);
    strcat(said, failure_detail(NTLM_ERR_LOGON_DENIED));
    ck_assert_int_eq(log_in(accounts, "eve", "DOM", "Password"), NTLM_ERR_ACCOUNT_DISABLED);
    strcat(said, failure_detail(NTLM_ERR_ACCOUNT_DISABLED));
    accounts_close(accounts);
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "\"DOM\\alice\" logged in"));
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
        ck_assert_ptr_null(strstr(scratch_read("log"), secrets[i]));
        ck_assert_ptr_null(strstr(said, secrets[i]));
    }
}
END_TEST

static void *log_in_often(void *arg)
{
    struct accounts *accounts = arg;

    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(log_in(accounts, "alice", "DOM", "Password"), NTLM_OK);
        ck_assert_int_eq(log_in(accounts, "alice", "DOM", "wrong"), NTLM_ERR_LOGON_DENIED);
    }
    accounts_close(accounts);
    return NULL;
}

START_TEST(many_threads_log_in_at_once_and_the_last_closes)
{
    struct accounts *accounts = accounts_of("DOM:alice:Password\n");
    pthread_t threads[4];

    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(
            pthread_create(&threads[i], NULL, log_in_often, accounts_ref(accounts)), 0);
    accounts_close(accounts);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accounts logon");
    TCase *cases = tcase_create("logon");

    scratch_begin();
    tcase_add_test(cases, the_right_password_gives_the_key_and_the_accounts_own_name);
    tcase_add_test(cases, the_peers_domain_is_not_taken_for_the_accounts);
    tcase_add_test(cases, names_and_passwords_need_not_be_ascii);
    tcase_add_test(cases, a_wrong_password_and_an_unknown_user_get_the_same_answer);
    tcase_add_test(cases, the_hash_that_stands_in_for_a_missing_one_lets_nobody_in);
    tcase_add_test(cases, a_peers_name_cannot_steer_a_terminal);
    tcase_add_test(cases, that_an_account_is_disabled_is_told_to_its_owner_alone);
    tcase_add_test(cases, that_an_account_is_locked_is_told_to_its_owner_alone);
    tcase_add_test(cases, an_account_without_a_password_is_denied_even_the_empty_one);
    tcase_add_test(cases, an_empty_password_is_no_login_unless_a_setting_allows_it);
    tcase_add_test(cases, the_lm_hash_of_no_password_is_none);
    tcase_add_test(cases, ntlmv1_and_lm_are_answered_from_their_hashes);
    tcase_add_test(cases, neither_trace_nor_errors_show_a_secret);
    tcase_add_test(cases, many_threads_log_in_at_once_and_the_last_closes);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
