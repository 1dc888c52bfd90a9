/* SPDX-License-Identifier: MIT */
/* store_test.c - which identities can be kept as a login, for how long, and for which
 * questions the login is found: those that a password does not make. */

#include "config.h"

#include "identity/logins.h"
#include "identity/object.h"
#include "keyring_fixture.h"
#include "ntlm/filetime.h"
#include "suite.h"
#include "support/failure.h"
#include "support/system.h"

static const struct settings in_session = {.login_keyring = LOGIN_KEYRING_SESSION,
                                           .login_lifetime = 3600};

static void begin(void)
{
    keyring_begin();
}

/* An identity whose time is over in so many seconds; 0: never. */
static struct identity *made(const char *user, const char *domain, int seconds)
{
    struct identity *identity;

    ck_assert_int_eq(identity_new(user, domain, &identity), NTLM_OK);
    ck_assert_int_eq(identity_make_ntowfv2(identity), NTLM_OK);
    if (seconds != 0)
        identity->expires = system_now() + (uint64_t)seconds * NTLM_FILETIME_SECOND;
    return identity;
}

static enum ntlm_error store(struct identity *identity, const char *target, uint32_t lifetime)
{
    const struct login_request request = {.keyring = LOGIN_KEYRING_SESSION,
                                          .target = target,
                                          .lifetime = lifetime,
                                          .overwrite = true};
    enum ntlm_error error = logins_store(&in_session, identity, &request);

    identity_release(identity);
    return error;
}

static enum ntlm_error find(const char *user, const char *domain, uint32_t *lifetime)
{
    struct identity *identity;
    enum ntlm_error error = logins_find(&in_session, user, domain, NULL, &identity);

    *lifetime = error ? 0 : identity_lifetime(identity);
    identity_release(identity);
    return error;
}

/* The identity's own seconds, those asked for, and the most and the least that the login
 * then has. */
static const struct {
    int own;
    uint32_t asked, least, most;
} times[] = {
    {1000, 0, 900, 1000},
    {1000, 2000, 900, 1000},
    {2000, 1000, 900, 1000},
    {1000, LOGIN_LIFETIME_DEFAULT, 900, 1000},
    {0, LOGIN_LIFETIME_DEFAULT, 3500, 3600},
    {0, 0, UINT32_MAX, UINT32_MAX},
};

START_TEST(a_login_is_good_no_longer_than_its_identity)
{
    uint32_t lifetime;

    if (skipped_without_keyring("a_login_is_good_no_longer_than_its_identity"))
        return;
    ck_assert_int_eq(store(made("alice", "DOM", times[_i].own), NULL, times[_i].asked),
                     NTLM_OK);
    ck_assert_int_eq(find("alice", "DOM", &lifetime), NTLM_OK);
    ck_assert_uint_ge(lifetime, times[_i].least);
    ck_assert_uint_le(lifetime, times[_i].most);
}
END_TEST

START_TEST(an_identity_whose_time_is_over_is_not_kept)
{
    ck_assert_int_eq(store(made("alice", "DOM", -1), NULL, 60), NTLM_ERR_LOGIN_EXPIRED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGIN_EXPIRED), "alice");
}
END_TEST

START_TEST(what_winbind_keeps_is_not_kept_here)
{
    struct identity *identity = made("alice", "DOM", 0);

    identity->winbind_timeout = 30;
    ck_assert_int_eq(store(identity, NULL, 60), NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_NO_IDENTITY), "winbind"));
}
END_TEST

START_TEST(names_that_a_key_does_not_hold_are_refused)
{
    static char name[KEYRING_CONTENT_MAX + 1];
    uint32_t lifetime;

    if (skipped_without_keyring("names_that_a_key_does_not_hold_are_refused"))
        return;
    memset(name, 'a', sizeof(name) - 1);
    ck_assert_int_eq(store(made(name, "DOM", 0), NULL, 60), NTLM_ERR_BAD_NAME);
    ck_assert_int_eq(keyring_nth("hash:", 0), 0); /* it is not left behind */
    ck_assert_int_eq(find(NULL, "", &lifetime), NTLM_ERR_NO_IDENTITY);
}
END_TEST

static const struct {
    const char *text;
    bool is;
} targets[] = {
    {"", false},    {"*", true},       {"server.test", true},   {"*.test", true},
    {"*a*", false}, {"HTTP/a", false}, {"a b", false},          {"a\tb", false},
    {"a\n", false}, {"a\xff", false},  {"\xc3\xa4.test", true},
};

START_TEST(a_target_is_one_pattern_of_hosts)
{
    char text[257];

    for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
        ck_assert_msg(login_is_target(targets[i].text) == targets[i].is, "\"%s\"",
                      targets[i].text);
    memset(text, 'a', sizeof(text));
    text[255] = '\0';
    ck_assert(login_is_target(text));
    text[255] = 'a';
    text[256] = '\0';
    ck_assert(!login_is_target(text));
}
END_TEST

START_TEST(a_keyring_has_two_names)
{
    enum login_keyring keyring = LOGIN_KEYRING_OFF;

    ck_assert(login_keyring_of("Session", &keyring));
    ck_assert_int_eq(keyring, LOGIN_KEYRING_SESSION);
    ck_assert(login_keyring_of("persistent", &keyring));
    ck_assert_int_eq(keyring, LOGIN_KEYRING_PERSISTENT);
    ck_assert(!login_keyring_of("off", &keyring));
    ck_assert(!login_keyring_of("", &keyring));
}
END_TEST

/* Whether the login of this user and domain answers the question. */
static const struct {
    const char *user, *domain, *asked_user, *asked_domain;
    bool answers;
} questions[] = {
    {"alice", "DOM", NULL, "", true},
    {"alice", "DOM", NULL, "dom", true},
    {"alice", "DOM", NULL, "OTHER", false},
    {"alice", "", NULL, "OTHER", true},
    {"alice", "DOM", "ALICE", "", true},
    {"alice", "DOM", "alice", "OTHER", false},
    {"alice", "", "alice", "OTHER", true},
    {"alice", "DOM", "alice@dom", "", true},
    {"alice", "DOM", "alice@other", "", false},
    {"alice", "DOM", "bob@dom", "", false},
    {"alice", "DOM", "alicea@dom", "", false},
    {"alice", "", "alice@dom", "", false},
    {"alice", "DOM", "alice@dom", "DOM", false},
    {"alice", "DOM", "bob", "", false},
};

START_TEST(a_login_answers_for_its_own_user)
{
    uint32_t lifetime;

    if (skipped_without_keyring("a_login_answers_for_its_own_user"))
        return;
    ck_assert_int_eq(store(made(questions[_i].user, questions[_i].domain, 0), NULL, 60),
                     NTLM_OK);
    ck_assert_int_eq(find(questions[_i].asked_user, questions[_i].asked_domain, &lifetime),
                     questions[_i].answers ? NTLM_OK : NTLM_ERR_NO_IDENTITY);
}
END_TEST

START_TEST(only_a_login_is_for_some_hosts)
{
    struct identity *identity = made("alice", "DOM", 0);

    ck_assert_int_eq(identity_check_host(identity, "HOST.TEST"), NTLM_OK);
    identity->target = strdup("*.TEST");
    ck_assert_int_eq(identity_check_host(identity, "host.test"), NTLM_OK);
    ck_assert_int_eq(identity_check_host(identity, "host.other"), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(identity_check_host(identity, "\xff.test"), NTLM_ERR_BAD_TEXT);
    identity->expires = 1;
    ck_assert_uint_eq(identity_lifetime(identity), 0);
    ck_assert_int_eq(identity_check_host(identity, "host.test"), NTLM_ERR_LOGIN_EXPIRED);
    identity->expires = UINT64_MAX;
    ck_assert_uint_eq(identity_lifetime(identity), UINT32_MAX - 1);
    identity_release(identity);
}
END_TEST

/* What to remove, of alice of DOM for *.test; each alone. */
static const struct {
    struct login_selection selection;
    size_t removed;
} selections[] = {
    {{.user = "ALICE"}, 1},          {{.user = "bob"}, 0},       {{.domain = "dom"}, 1},
    {{.domain = "OTHER"}, 0},        {{.target = "*.TEST"}, 1},  {{.target = "a.test"}, 0},
    {{"alice", "DOM", "*.test"}, 1}, {{"alice", "DOM", "*"}, 0}, {{NULL, NULL, NULL}, 1},
};

START_TEST(what_is_selected_is_removed)
{
    size_t removed = 7;

    if (skipped_without_keyring("what_is_selected_is_removed"))
        return;
    ck_assert_int_eq(store(made("alice", "DOM", 0), "*.test", 60), NTLM_OK);
    ck_assert_int_eq(logins_remove(LOGIN_KEYRING_SESSION, &selections[_i].selection, &removed),
                     NTLM_OK);
    ck_assert_uint_eq(removed, selections[_i].removed);
    ck_assert((keyring_nth("hash:", 0) == 0) == (removed == 1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *cases = tcase_create("store");

    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_loop_test(cases, a_login_is_good_no_longer_than_its_identity, 0,
                        sizeof(times) / sizeof(times[0]));
    tcase_add_test(cases, an_identity_whose_time_is_over_is_not_kept);
    tcase_add_test(cases, what_winbind_keeps_is_not_kept_here);
    tcase_add_test(cases, names_that_a_key_does_not_hold_are_refused);
    tcase_add_test(cases, a_target_is_one_pattern_of_hosts);
    tcase_add_test(cases, a_keyring_has_two_names);
    tcase_add_loop_test(cases, a_login_answers_for_its_own_user, 0,
                        sizeof(questions) / sizeof(questions[0]));
    tcase_add_test(cases, only_a_login_is_for_some_hosts);
    tcase_add_loop_test(cases, what_is_selected_is_removed, 0,
                        sizeof(selections) / sizeof(selections[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
