/* SPDX-License-Identifier: MIT */
/* logon_test.c - logons that winbind answers: when it is asked, with what, and
 * what is made of its answers. */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "ntlm/keys.h"
#include "scratch.h"
#include "secrets.h"
#include "suite.h"
#include "winbind_fixture.h"
#include "wiped.h"

#define NOT_THERE "winbind does not run here (there is no socket " WINBIND_SOCKET ")"

START_TEST(without_a_socket_there_are_no_accounts_unless_winbind_is_listed)
{
    const struct settings standard = {.winbind_timeout = 60};
    struct accounts *accounts;

    winbind_socket_remove();
    ck_assert_int_eq(accounts_open(&standard, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
    accounts = open_winbind();
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, NOT_THERE);
    ck_assert_ptr_null(accounts_domain(accounts));
    ck_assert_uint_eq(fake_winbind()->connections, 0);
    winbind_socket_make();
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_file_in_the_sockets_place_is_no_winbind)
{
    const struct settings standard = {.winbind_timeout = 60};
    struct accounts *accounts;

    scratch_write(WINBIND_SOCKET, "");
    ck_assert_int_eq(accounts_open(&standard, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
}
END_TEST

START_TEST(where_no_file_is_named_a_running_winbind_is_the_source)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = {.winbind_timeout = 60};
    struct accounts *accounts = open_accounts(&settings);

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    accounts_close(accounts);
    settings.account_file = file;
    accounts = open_accounts(&settings);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    ck_assert_uint_eq(fake_winbind()->logons, 1);
    accounts_close(accounts);
    free(file);
}
END_TEST

START_TEST(the_callers_own_file_is_the_only_source)
{
    const struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);
    struct accounts *accounts;

    ck_assert_int_eq(accounts_open(&settings, scratch_write("accounts", "D:u:p\n"), &accounts),
                     NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    ck_assert_ptr_null(accounts_domain(accounts));
    ck_assert_uint_eq(fake_winbind()->connections, 0);
    accounts_close(accounts);
}
END_TEST

START_TEST(winbind_is_asked_with_all_that_the_client_sent)
{
    static const uint8_t challenge[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct accounts *accounts = open_winbind();
    const struct fake_winbind *fake = fake_winbind();
    const struct ntlm_logon logon = logon_of("alice", "EXAMPLE");

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_str_eq(fake->asked_account, "alice");
    ck_assert_str_eq(fake->asked_domain, "EXAMPLE");
    ck_assert_str_eq(fake->asked_workstation, "DESK");
    ck_assert_uint_eq(fake->level, WBC_AUTH_USER_LEVEL_RESPONSE);
    ck_assert_uint_eq(fake->parameter_control, 0x820);
    ck_assert_mem_eq(fake->challenge, challenge, 8);
    ck_assert_uint_eq(fake->nt_len, logon.nt_response.len);
    ck_assert_mem_eq(fake->nt_response, logon.nt_response.data, fake->nt_len);
    ck_assert_uint_eq(fake->lm_len, 24);
    accounts_close(accounts);
}
END_TEST

START_TEST(with_ntlmv1_and_extended_session_security_the_challenge_is_the_one_answered)
{
    static const uint8_t client[24] = {9, 8, 7, 6, 5, 4, 3, 2}, response[24];
    struct accounts *accounts = open_winbind();
    struct ntlm_logon logon = logon_of("alice", "EXAMPLE");
    struct account_reply reply;
    uint8_t expected[8];

    logon.kind = NTLM_RESPONSE_V1_ESS;
    logon.nt_response = ntlm_bytes(response, sizeof(response));
    logon.lm_response = ntlm_bytes(client, sizeof(client));
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply), NTLM_OK);
    ck_assert_int_eq(ntlm_v1_ess_challenge(logon.server_challenge, client, expected), NTLM_OK);
    ck_assert_mem_eq(fake_winbind()->challenge, expected, 8);
    ck_assert_uint_eq(fake_winbind()->nt_len, 24);
    ck_assert_uint_eq(fake_winbind()->lm_len, 0);
    account_reply_clear(&reply);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_yes_gives_the_keys_the_true_name_and_the_sids)
{
    struct accounts *accounts = open_winbind();
    const struct ntlm_logon logon = logon_of("ALICE@example.test", "");
    struct account_reply reply;

    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply), NTLM_OK);
    ck_assert_str_eq(reply.user, "Alice");
    ck_assert_str_eq(reply.domain, "EXAMPLE");
    ck_assert_mem_eq(reply.keys.base_key, "0123456789abcde", 16);
    ck_assert(!reply.keys.has_lm_key);
    ck_assert_str_eq(reply.sids[0], "S-1-5-21-0");
    ck_assert_str_eq(reply.sids[1], "S-1-5-21-1");
    ck_assert_str_eq(reply.sids[2], "S-1-5-21-2");
    ck_assert_ptr_null(reply.sids[3]);
    account_reply_clear(&reply);
    memcpy(fake_winbind()->lm_session_key, "lmlmlmlm", 8);
    fake_winbind()->sid_count = 0;
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply), NTLM_OK);
    ck_assert(reply.keys.has_lm_key);
    ck_assert_mem_eq(reply.keys.lm_key, "lmlmlmlm", 8);
    ck_assert_ptr_null(reply.sids[0]);
    account_reply_clear(&reply);
    accounts_close(accounts);
}
END_TEST

static bool learn(void *arg)
{
    (void)arg;
    secrets_add("session key", "0123456789abcde", 16);
    secrets_add("LM session key", "lmlmlmlm", 8);
    return true;
}

START_TEST(each_copy_of_a_logons_keys_is_wiped)
{
    struct accounts *accounts = open_winbind();
    const struct ntlm_logon logon = logon_of("alice", "EXAMPLE");
    struct account_reply reply;

    if (!skipped_sanitized("each_copy_of_a_logons_keys_is_wiped")) {
        memcpy(fake_winbind()->lm_session_key, "lmlmlmlm", 8);
        secrets_learn(learn, NULL);
        wiped_watch(true);
        ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply), NTLM_OK);
        account_reply_clear(&reply);
        wiped_watch(false);
        ck_assert_str_eq(wiped_secrets(), "1 LM session key\n3 session key\n");
    }
    accounts_close(accounts);
}
END_TEST

static const struct {
    uint32_t status;
    const char *name;
    enum ntlm_error error;
} refusals[] = {
    {0xc0000064, "NT_STATUS_NO_SUCH_USER", NTLM_ERR_LOGON_DENIED},
    {0xc000006a, "NT_STATUS_WRONG_PASSWORD", NTLM_ERR_LOGON_DENIED},
    {0xc000006d, "NT_STATUS_LOGON_FAILURE", NTLM_ERR_LOGON_DENIED},
    {0xc0000072, "NT_STATUS_ACCOUNT_DISABLED", NTLM_ERR_ACCOUNT_DISABLED},
    {0xc0000193, "NT_STATUS_ACCOUNT_EXPIRED", NTLM_ERR_ACCOUNT_EXPIRED},
    {0xc0000234, "NT_STATUS_ACCOUNT_LOCKED_OUT", NTLM_ERR_ACCOUNT_LOCKED},
    {0xc0000071, "NT_STATUS_PASSWORD_EXPIRED", NTLM_ERR_PASSWORD_EXPIRED},
    {0xc0000224, "NT_STATUS_PASSWORD_MUST_CHANGE", NTLM_ERR_PASSWORD_EXPIRED},
    {0xc000005e, "NT_STATUS_NO_LOGON_SERVERS", NTLM_ERR_NO_AUTHORITY},
    {0xc0000233, "NT_STATUS_DOMAIN_CONTROLLER_NOT_FOUND", NTLM_ERR_NO_AUTHORITY},
    {0xc000018d, "NT_STATUS_TRUSTED_RELATIONSHIP_FAILURE", NTLM_ERR_NO_AUTHORITY},
    {0xc000006f, "NT_STATUS_INVALID_LOGON_HOURS", NTLM_ERR_LOGON_REFUSED},
    {0xc0000413, "NT_STATUS_AUTHENTICATION_FIREWALL_FAILED", NTLM_ERR_LOGON_REFUSED},
};

START_TEST(each_refusal_of_the_domain_controller_has_its_error)
{
    struct accounts *accounts = open_winbind();

    fake_winbind()->result = WBC_ERR_AUTH_ERROR;
    fake_winbind()->nt_status = refusals[_i].status;
    fake_winbind()->nt_string = refusals[_i].name;
    ck_assert_int_eq(log_in(accounts, "bob"), refusals[_i].error);
    assert_detail(refusals[_i].error, "\"EXAMPLE\\bob\"");
    if (refusals[_i].status != 0xc0000064)
        assert_detail(refusals[_i].error, refusals[_i].name);
    accounts_close(accounts);
}
END_TEST

START_TEST(answers_that_make_no_sense_let_nobody_in)
{
    struct accounts *accounts = open_winbind();
    struct fake_winbind *fake = fake_winbind();

    fake->result = WBC_ERR_INVALID_PARAM;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "WBC_ERR_INVALID_PARAM");
    fake->result = WBC_ERR_SUCCESS;
    fake->account = NULL;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    fake_winbind_begin();
    fake->user_flags = WBC_AUTH_USER_INFO_GUEST;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    fake_winbind_begin();
    memset(fake->user_session_key, 0, sizeof(fake->user_session_key));
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_LOGON_DENIED);
    assert_detail(NTLM_ERR_LOGON_DENIED, "guest");
    accounts_close(accounts);
}
END_TEST

static const char *long_domain(void)
{
    static char name[257];

    memset(name, 'D', sizeof(name) - 1);
    return name;
}

/* Who names no domain is named without one. */
START_TEST(who_names_no_domain_is_told_the_same)
{
    const struct ntlm_logon logon = logon_of("alice", ""),
                            far = logon_of("alice", long_domain());
    struct accounts *accounts = open_winbind();
    struct fake_winbind *fake = fake_winbind();
    struct account_reply reply;

    fake->domain = NULL;
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply),
                     NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "the account name of \"alice\"");
    fake_winbind_begin();
    fake->user_flags = WBC_AUTH_USER_INFO_GUEST;
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    assert_detail(NTLM_ERR_LOGON_DENIED, "lets \"alice\" in as a guest");
    fake_winbind_begin();
    fake->result = WBC_ERR_AUTH_ERROR;
    fake->nt_status = 0xc0000064;
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply),
                     NTLM_ERR_LOGON_DENIED);
    assert_detail(NTLM_ERR_LOGON_DENIED, "unknown user \"alice\"");
    fake->nt_status = 0xc0000072;
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &logon, &reply),
                     NTLM_ERR_ACCOUNT_DISABLED);
    assert_detail(NTLM_ERR_ACCOUNT_DISABLED, "\"alice\": no reason given");
    ck_assert_int_eq(accounts_logon(accounts, &no_settings, &far, &reply),
                     NTLM_ERR_LOGON_DENIED);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_winbind_that_does_not_listen_is_told_from_one_that_forbids_it)
{
    struct accounts *accounts = open_winbind();

    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbind does not answer (" WINBIND_SOCKET ")");
    fake_winbind()->ping_result = WBC_ERR_SUCCESS;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbindd_priv");
    accounts_close(accounts);
}
END_TEST

/* libwbclient would cut it off, and ask for another user. */
START_TEST(a_name_that_is_too_long_for_winbind_is_nobodys)
{
    struct accounts *accounts = open_winbind();
    char name[257];

    memset(name, 'a', sizeof(name) - 1);
    name[256] = '\0';
    ck_assert_int_eq(log_in(accounts, name), NTLM_ERR_LOGON_DENIED);
    ck_assert_uint_eq(fake_winbind()->logons, 0);
    name[255] = '\0';
    ck_assert_int_eq(log_in(accounts, name), NTLM_OK);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_user_unknown_to_the_first_source_is_asked_of_the_next)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = asking(ACCOUNTS_IN_FILE, 2);
    struct accounts *accounts;

    settings.account_file = file;
    accounts = open_accounts(&settings);
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_int_eq(log_in(accounts, "carol"), NTLM_ERR_LOGON_DENIED);
    assert_detail(NTLM_ERR_LOGON_DENIED, "wrong password for \"EXAMPLE\\carol\"");
    ck_assert_uint_eq(fake_winbind()->logons, 1);
    accounts_close(accounts);
    free(file);
}
END_TEST

START_TEST(a_refusal_of_winbinds_is_not_asked_of_the_file)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = asking(ACCOUNTS_IN_WINBIND, 2);
    struct accounts *accounts;

    settings.account_file = file;
    accounts = open_accounts(&settings);
    fake_winbind()->result = WBC_ERR_AUTH_ERROR;
    fake_winbind()->nt_status = 0xc000006a;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_LOGON_DENIED);
    assert_detail(NTLM_ERR_LOGON_DENIED, "\"EXAMPLE\\dave\": no reason given");
    fake_winbind()->nt_status = 0xc0000064;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_LOGON_DENIED);
    assert_detail(NTLM_ERR_LOGON_DENIED, file);
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_NO_AUTHORITY);
    accounts_close(accounts);
    free(file);
}
END_TEST

/* With the file first, and with winbind first. */
START_TEST(a_source_that_is_broken_says_so_when_it_is_asked)
{
    char *file = strdup(scratch_write("accounts", "EXAMPLE:carol:pw\n"));
    struct settings settings = asking(_i ? ACCOUNTS_IN_WINBIND : ACCOUNTS_IN_FILE, 2);
    struct accounts *accounts, *none;

    settings.account_file = file;
    accounts = open_accounts(&settings);
    unlink(file);
    ck_assert_int_eq(accounts_open(&settings, NULL, &none), NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(log_in(accounts, "alice"), _i ? NTLM_OK : NTLM_ERR_FILE_UNREADABLE);
    fake_winbind()->result = WBC_ERR_AUTH_ERROR;
    fake_winbind()->nt_status = 0xc0000064;
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_FILE_UNREADABLE);
    assert_detail(NTLM_ERR_FILE_UNREADABLE, file);
    scratch_write("accounts", "EXAMPLE:carol:pw\n");
    winbind_socket_remove();
    ck_assert_int_eq(log_in(accounts, "dave"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, NOT_THERE);
    ck_assert_int_eq(log_in(accounts, "carol"),
                     _i ? NTLM_ERR_NO_AUTHORITY : NTLM_ERR_LOGON_DENIED);
    accounts_close(accounts);
    free(file);
}
END_TEST

START_TEST(a_listed_file_that_is_not_named_is_skipped)
{
    struct settings settings = asking(ACCOUNTS_IN_FILE, 2);
    struct accounts *accounts = open_accounts(&settings);

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    accounts_close(accounts);
    settings = asking(ACCOUNTS_IN_FILE, 1);
    ck_assert_int_eq(accounts_open(&settings, NULL, &accounts), NTLM_ERR_NO_ACCOUNTS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("winbind");
    TCase *cases = tcase_create("answers");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, without_a_socket_there_are_no_accounts_unless_winbind_is_listed);
    tcase_add_test(cases, each_copy_of_a_logons_keys_is_wiped);
    tcase_add_test(cases, a_file_in_the_sockets_place_is_no_winbind);
    tcase_add_test(cases, where_no_file_is_named_a_running_winbind_is_the_source);
    tcase_add_test(cases, the_callers_own_file_is_the_only_source);
    tcase_add_test(cases, winbind_is_asked_with_all_that_the_client_sent);
    tcase_add_test(cases,
                   with_ntlmv1_and_extended_session_security_the_challenge_is_the_one_answered);
    tcase_add_test(cases, a_yes_gives_the_keys_the_true_name_and_the_sids);
    tcase_add_loop_test(cases, each_refusal_of_the_domain_controller_has_its_error, 0,
                        sizeof(refusals) / sizeof(refusals[0]));
    tcase_add_test(cases, answers_that_make_no_sense_let_nobody_in);
    tcase_add_test(cases, who_names_no_domain_is_told_the_same);
    tcase_add_test(cases, a_winbind_that_does_not_listen_is_told_from_one_that_forbids_it);
    tcase_add_test(cases, a_name_that_is_too_long_for_winbind_is_nobodys);
    tcase_add_test(cases, a_user_unknown_to_the_first_source_is_asked_of_the_next);
    tcase_add_test(cases, a_refusal_of_winbinds_is_not_asked_of_the_file);
    tcase_add_loop_test(cases, a_source_that_is_broken_says_so_when_it_is_asked, 0, 2);
    tcase_add_test(cases, a_listed_file_that_is_not_named_is_skipped);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
