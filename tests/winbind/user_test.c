/* SPDX-License-Identifier: MIT */
/* user_test.c - users who are logged in through winbind: whom it is
 * asked for, when it is asked at all, and that it answers in their place. */

#include "config.h"

#include <string.h>
#include <unistd.h>

#include "fake_wbclient.h"
#include "identity/identity.h"
#include "secrets.h"
#include "suite.h"
#include "support/failure.h"
#include "winbind_socket.h"
#include "wiped.h"

static const struct settings standard = {.winbind_timeout = 60};

static void begin(void)
{
    winbind_socket_make();
    fake_winbind_begin();
}

static struct identity *find(const struct settings *settings, const char *user,
                             const char *domain)
{
    struct identity *identity;

    ck_assert_int_eq(identity_find(settings, NULL, user, domain, &identity), NTLM_OK);
    return identity;
}

static void assert_found(const struct settings *settings, const char *user, const char *domain)
{
    struct identity *identity = find(settings, user, domain);

    ck_assert_str_eq(identity_user(identity), "alice");
    ck_assert_str_eq(identity_domain(identity), "EXAMPLE");
    identity_release(identity);
}

static void assert_not_found(const struct settings *settings, const char *user,
                             const char *domain, const char *why)
{
    struct identity *identity;
    const char *detail;

    ck_assert_int_eq(identity_find(settings, NULL, user, domain, &identity),
                     NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_null(identity);
    detail = failure_detail(NTLM_ERR_NO_IDENTITY);
    ck_assert_msg((why != NULL) == (detail != NULL) && (!why || strstr(detail, why) != NULL),
                  "\"%s\" without \"%s\"", detail, why);
}

START_TEST(who_this_process_runs_as_is_found)
{
    assert_found(&standard, NULL, NULL);
    ck_assert_uint_eq(fake_winbind()->details, 0);
}
END_TEST

START_TEST(a_user_is_found_by_name)
{
    fake_winbind()->own_user = NULL;
    assert_found(&standard, "alice", "EXAMPLE");
}
END_TEST

START_TEST(the_machines_own_domain_need_not_be_named_and_may_be_by_its_dns_name)
{
    assert_found(&standard, "alice", "");
    assert_found(&standard, "alice", NULL);
    assert_found(&standard, "alice", "Example.TEST");
    assert_not_found(&standard, "alice", "other.test", "\"other.test\\alice\"");
    assert_not_found(&standard, "alice", "OTHER", "\"OTHER\\alice\"");
}
END_TEST

/* winbind does not tell it, or the domain has no such name. */
START_TEST(a_machine_whose_domain_is_not_known_has_nobody)
{
    fake_winbind()->result = WBC_ERR_DOMAIN_NOT_FOUND;
    assert_not_found(&standard, "alice", "", "alice");
    ck_assert_uint_eq(fake_winbind()->cache_questions, 0);
    fake_winbind_begin();
    fake_winbind()->cached_user = NULL;
    fake_winbind()->dns_domain = NULL;
    assert_not_found(&standard, "alice", "other.test", "\"other.test\\alice\"");
    fake_winbind()->domain = NULL;
    assert_not_found(&standard, "alice", "", "\"\\alice\"");
}
END_TEST

START_TEST(the_settings_user_is_asked_for_by_default)
{
    struct settings settings = standard;
    char bob[] = "EXAMPLE\\bob";

    settings.user = bob;
    assert_not_found(&settings, NULL, NULL, "winbind has no password of \"EXAMPLE\\bob\"");
    assert_found(&settings, "alice", "EXAMPLE");
}
END_TEST

START_TEST(who_is_no_user_of_the_domain_has_no_identity)
{
    fake_winbind()->own_user = NULL;
    assert_not_found(&standard, NULL, NULL, "does not run as a user of the domain");
    fake_winbind()->own_user = "alice";
    fake_winbind()->own_type = WBC_SID_NAME_DOM_GRP;
    assert_not_found(&standard, NULL, NULL, "\"EXAMPLE\\alice\"");
}
END_TEST

START_TEST(without_winbind_there_is_quietly_no_identity)
{
    struct settings settings = standard;

    winbind_socket_remove();
    assert_not_found(&standard, NULL, NULL, NULL);
    settings.account_sources.count = 1;
    settings.account_sources.choice[0] = ACCOUNTS_IN_WINBIND;
    assert_not_found(&settings, NULL, NULL, "winbind does not run here");
    ck_assert_uint_eq(fake_winbind()->connections, 0);
    winbind_socket_make();
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    assert_not_found(&standard, "alice", "EXAMPLE", "winbind does not answer");
}
END_TEST

/* Kerberos' users, who never had to do with winbind, would wait as well. */
START_TEST(a_winbind_that_hangs_is_not_waited_for_as_long_as_for_a_logon)
{
    fake_winbind_hang(true);
    assert_not_found(&standard, NULL, NULL, "winbind did not answer in 5 seconds");
    fake_winbind_hang(false);
    while (fake_winbind_waiting() > 0)
        usleep(1000);
}
END_TEST

START_TEST(where_a_file_is_named_winbind_is_not_asked_unless_it_is_listed)
{
    char *file = strdup(scratch_write("users", "OTHER:carol:pw\n"));
    struct settings settings = standard;
    struct identity *identity;

    settings.user_file = file;
    identity = find(&settings, NULL, NULL);
    ck_assert_str_eq(identity_user(identity), "carol");
    identity_release(identity);
    ck_assert_int_eq(identity_find(&settings, NULL, "alice", "EXAMPLE", &identity),
                     NTLM_ERR_NO_SUCH_LINE);
    ck_assert_uint_eq(fake_winbind()->cache_questions, 0);
    settings.account_sources.count = 2;
    settings.account_sources.choice[0] = ACCOUNTS_IN_FILE;
    settings.account_sources.choice[1] = ACCOUNTS_IN_WINBIND;
    assert_found(&settings, "alice", "EXAMPLE");
    settings.account_sources.choice[0] = ACCOUNTS_IN_WINBIND;
    settings.account_sources.choice[1] = ACCOUNTS_IN_FILE;
    identity = find(&settings, "carol", "OTHER");
    ck_assert_str_eq(identity_user(identity), "carol");
    identity_release(identity);
    free(file);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_not_passed_over)
{
    struct settings settings = standard;
    struct identity *identity;
    char missing[] = "missing";

    settings.user_file = missing;
    settings.account_sources.count = 2;
    settings.account_sources.choice[1] = ACCOUNTS_IN_WINBIND;
    ck_assert_int_eq(identity_find(&settings, NULL, NULL, NULL, &identity),
                     NTLM_ERR_FILE_UNREADABLE);
    ck_assert_uint_eq(fake_winbind()->connections, 0);
}
END_TEST

static enum ntlm_error answer(struct identity *identity, struct ntlm_writer *out,
                              uint8_t session_key[16])
{
    struct ntlm_secret secret;

    identity_secret(identity, &secret);
    ck_assert_str_eq(secret.user, "alice");
    ck_assert_str_eq(secret.domain, "EXAMPLE");
    ck_assert_ptr_null(secret.nt_hash);
    ck_assert_ptr_nonnull(secret.respond);
    return secret.respond(secret.arg, ntlm_bytes("one", 3), ntlm_bytes("two!", 4), out,
                          session_key);
}

static void assert_answers(struct identity *identity)
{
    const struct fake_winbind *fake = fake_winbind();
    struct ntlm_writer out = {0};
    uint8_t session_key[16];

    ck_assert_int_eq(answer(identity, &out, session_key), NTLM_OK);
    ck_assert_uint_eq(out.len, strlen("AUTHENTICATE"));
    ck_assert_mem_eq(out.data, "AUTHENTICATE", out.len);
    ck_assert_mem_eq(session_key, fake->user_session_key, 16);
    ck_assert_str_eq(fake->asked_account, "alice");
    ck_assert_str_eq(fake->asked_domain, "EXAMPLE");
    ck_assert_uint_eq(fake->negotiate_len, 3);
    ck_assert_mem_eq(fake->negotiate, "one", 3);
    ck_assert_uint_eq(fake->asked_challenge_len, 4);
    ck_assert_mem_eq(fake->asked_challenge, "two!", 4);
    ntlm_writer_clear(&out);
}

START_TEST(winbind_answers_in_the_users_place)
{
    struct identity *identity = find(&standard, "alice", "");

    ck_assert_uint_eq(fake_winbind()->negotiate_len, 0);
    assert_answers(identity);
    identity_release(identity);
}
END_TEST

static bool learn(void *arg)
{
    (void)arg;
    secrets_add("session key", fake_winbind()->user_session_key, 16);
    return true;
}

/* In what libwbclient gave; the other one is the caller's. */
START_TEST(the_key_of_an_answer_is_wiped)
{
    struct identity *identity = find(&standard, "alice", "");

    if (!skipped_sanitized("the_key_of_an_answer_is_wiped")) {
        secrets_learn(learn, NULL);
        wiped_watch(true);
        assert_answers(identity);
        wiped_watch(false);
        ck_assert_str_eq(wiped_secrets(), "1 session key\n");
    }
    identity_release(identity);
}
END_TEST

static void assert_no_answer(enum ntlm_error expected, const char *why)
{
    struct identity *identity;
    struct ntlm_writer out = {0};
    uint8_t session_key[16];
    const char *user = fake_winbind()->cached_user;
    wbcErr result = fake_winbind()->result;

    fake_winbind()->cached_user = "alice";
    fake_winbind()->result = WBC_ERR_SUCCESS;
    identity = find(&standard, NULL, NULL);
    fake_winbind()->cached_user = user;
    fake_winbind()->result = result;
    ck_assert_int_eq(answer(identity, &out, session_key), expected);
    ck_assert_uint_eq(out.len, 0);
    ck_assert_ptr_nonnull(strstr(failure_detail(expected), why));
    identity_release(identity);
}

START_TEST(a_password_that_is_not_kept_any_more_is_told)
{
    fake_winbind()->cached_user = NULL;
    assert_no_answer(NTLM_ERR_NO_IDENTITY, "winbind has no password");
}
END_TEST

START_TEST(a_winbind_that_went_is_told)
{
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    assert_no_answer(NTLM_ERR_NO_AUTHORITY, "winbind does not answer");
}
END_TEST

START_TEST(an_answer_without_a_key_is_none)
{
    fake_winbind()->answer_key_len = 15;
    assert_no_answer(NTLM_ERR_NO_AUTHORITY, "winbind gave no response");
    fake_winbind()->answer = NULL;
    assert_no_answer(NTLM_ERR_NO_AUTHORITY, "winbind gave no response");
}
END_TEST

START_TEST(an_exported_identity_is_winbinds_after_its_import)
{
    struct identity *identity = find(&standard, "alice", ""), *imported;
    struct ntlm_writer out = {0};
    struct ntlm_reader in;

    identity_export(identity, &out);
    for (size_t len = 0; len < out.len; len++) {
        ntlm_reader_init(&in, ntlm_bytes(out.data, len));
        ck_assert_int_eq(identity_import(&in, &imported), NTLM_ERR_BAD_EXPORT);
    }
    ntlm_reader_init(&in, ntlm_bytes(out.data, out.len));
    ck_assert_int_eq(identity_import(&in, &imported), NTLM_OK);
    assert_answers(imported);
    identity_release(imported);
    memset(out.data + out.len - 4, 0, 4); /* the timeout */
    ntlm_reader_init(&in, ntlm_bytes(out.data, out.len));
    ck_assert_int_eq(identity_import(&in, &imported), NTLM_ERR_BAD_EXPORT);
    ntlm_writer_clear(&out);
    identity_release(identity);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("winbind users");
    TCase *cases = tcase_create("users");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, who_this_process_runs_as_is_found);
    tcase_add_test(cases, a_user_is_found_by_name);
    tcase_add_test(cases, the_machines_own_domain_need_not_be_named_and_may_be_by_its_dns_name);
    tcase_add_test(cases, the_settings_user_is_asked_for_by_default);
    tcase_add_test(cases, who_is_no_user_of_the_domain_has_no_identity);
    tcase_add_test(cases, without_winbind_there_is_quietly_no_identity);
    tcase_add_test(cases, a_winbind_that_hangs_is_not_waited_for_as_long_as_for_a_logon);
    tcase_add_test(cases, where_a_file_is_named_winbind_is_not_asked_unless_it_is_listed);
    tcase_add_test(cases, a_file_that_cannot_be_read_is_not_passed_over);
    tcase_add_test(cases, winbind_answers_in_the_users_place);
    tcase_add_test(cases, the_key_of_an_answer_is_wiped);
    tcase_add_test(cases, a_password_that_is_not_kept_any_more_is_told);
    tcase_add_test(cases, a_machine_whose_domain_is_not_known_has_nobody);
    tcase_add_test(cases, a_winbind_that_went_is_told);
    tcase_add_test(cases, an_answer_without_a_key_is_none);
    tcase_add_test(cases, an_exported_identity_is_winbinds_after_its_import);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
