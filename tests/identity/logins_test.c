/* SPDX-License-Identifier: MIT */
/* logins_test.c - logins in the kernel's keyring: which one is found, when it ends, and
 * what becomes of them. Who may see and touch them is keyring_test.c's. */

#include "config.h"

#include <keyutils.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "identity/logins.h"
#include "keyring_fixture.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"

static const struct settings in_session = {.login_keyring = LOGIN_KEYRING_SESSION,
                                           .login_lifetime = 3600};

/* How far the clock is ahead. */
static time_t ahead;

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = __real_clock_gettime(clock, time);

    if (clock == CLOCK_REALTIME)
        time->tv_sec += ahead;
    return result;
}

static void begin(void)
{
    ahead = 0;
    keyring_begin();
}

static enum ntlm_error store(const char *user, const char *domain, const char *password,
                             struct login_request request)
{
    struct identity *identity;
    enum ntlm_error error;

    if (request.keyring == LOGIN_KEYRING_OFF)
        request.keyring = LOGIN_KEYRING_SESSION;
    ck_assert_int_eq(
        identity_from_password(user, domain, password, strlen(password), &identity), NTLM_OK);
    error = logins_store(&in_session, identity, &request);
    identity_release(identity);
    return error;
}

static void log_in(const char *user, const char *domain, const char *target)
{
    const struct login_request request = {.target = target,
                                          .lifetime = LOGIN_LIFETIME_DEFAULT,
                                          .overwrite = true,
                                          .preferred = true};

    ck_assert_int_eq(store(user, domain, "Password", request), NTLM_OK);
}

static enum ntlm_error find(const char *user, const char *domain, const char *host)
{
    struct identity *identity;
    enum ntlm_error error = identity_find_for_host(&in_session, user, domain, host, &identity);

    ck_assert(!error == (identity != NULL));
    identity_release(identity);
    return error;
}

/* This user is found, with the hash of "Password" and nothing else. */
static void finds(const char *expected_user, const char *expected_domain, const char *user,
                  const char *domain, const char *host)
{
    struct identity *identity;
    struct ntlm_secret secret;
    uint8_t nt_hash[16];

    ck_assert_int_eq(identity_find_for_host(&in_session, user, domain, host, &identity),
                     NTLM_OK);
    ck_assert_str_eq(identity_user(identity), expected_user);
    ck_assert_str_eq(identity_domain(identity), expected_domain);
    identity_secret(identity, &secret);
    ck_assert_int_eq(ntlm_nt_hash("Password", 8, nt_hash), NTLM_OK);
    ck_assert_mem_eq(secret.nt_hash, nt_hash, sizeof(nt_hash));
    ck_assert_ptr_null(secret.lm_hash);
    ck_assert(identity_is_login(identity));
    identity_release(identity);
}

START_TEST(without_a_login_there_is_quietly_nobody)
{
    if (skipped_without_keyring("without_a_login_there_is_quietly_nobody"))
        return;
    ck_assert_int_eq(find(NULL, NULL, NULL), NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_null(failure_detail(NTLM_ERR_NO_IDENTITY));
    ck_assert_int_eq(find("alice", "DOM", "host"), NTLM_ERR_NO_IDENTITY);
}
END_TEST

START_TEST(a_login_is_the_default_identity)
{
    if (skipped_without_keyring("a_login_is_the_default_identity"))
        return;
    log_in("alice", "DOM", NULL);
    finds("alice", "DOM", NULL, NULL, NULL);
    finds("alice", "DOM", NULL, NULL, "any.host");
    finds("alice", "DOM", NULL, NULL, "");
    finds("alice", "DOM", "ALICE", "dom", "any.host");
    ck_assert_int_eq(find("bob", "", NULL), NTLM_ERR_NO_IDENTITY);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_IDENTITY), "no login is for bob");
    ck_assert_int_eq(find("alice", "OTHER", NULL), NTLM_ERR_NO_IDENTITY);
}
END_TEST

START_TEST(a_login_without_a_domain_is_good_for_the_one_asked_for)
{
    if (skipped_without_keyring("a_login_without_a_domain_is_good_for_the_one_asked_for"))
        return;
    log_in("alice", "", NULL);
    finds("alice", "DOM", "alice", "DOM", NULL);
    finds("alice", "", "alice", "", NULL);
}
END_TEST

START_TEST(a_user_at_realm_is_the_domains_user)
{
    if (skipped_without_keyring("a_user_at_realm_is_the_domains_user"))
        return;
    log_in("alice", "CORP", NULL);
    log_in("bob@corp", "", "bobs");
    finds("alice", "CORP", "alice@corp", "", NULL);
    finds("bob@corp", "", "bob@corp", "", "bobs");
    ck_assert_int_eq(find("alice@other", "", NULL), NTLM_ERR_NO_IDENTITY);
}
END_TEST

START_TEST(the_closest_target_decides)
{
    if (skipped_without_keyring("the_closest_target_decides"))
        return;
    log_in("host", "D", "www.corp.example");
    log_in("near", "D", "*.corp.example");
    log_in("far", "D", "*.example");
    log_in("any", "D", "*");
    finds("host", "D", NULL, NULL, "WWW.corp.example");
    finds("near", "D", NULL, NULL, "mail.corp.example");
    finds("far", "D", NULL, NULL, "mail.other.example");
    finds("any", "D", NULL, NULL, "localhost");
    finds("any", "D", NULL, NULL, "");
    finds("any", "D", NULL, NULL, NULL);
    finds("far", "D", "far", "", "www.corp.example");
    ck_assert_int_eq(find("far", "", "localhost"), NTLM_ERR_NO_IDENTITY);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_IDENTITY), "no login is for far at LOCALHOST");
}
END_TEST

START_TEST(a_host_without_a_login_has_no_identity)
{
    if (skipped_without_keyring("a_host_without_a_login_has_no_identity"))
        return;
    log_in("near", "D", "*.corp.example");
    finds("near", "D", NULL, NULL, NULL);
    ck_assert_int_eq(find(NULL, NULL, "elsewhere"), NTLM_ERR_NO_IDENTITY);
    ck_assert_str_eq(failure_detail(NTLM_ERR_NO_IDENTITY), "no login is for ELSEWHERE");
    ck_assert_int_eq(find(NULL, NULL, ""), NTLM_ERR_NO_IDENTITY);
}
END_TEST

START_TEST(the_later_of_two_is_chosen_unless_it_is_not_to_be)
{
    const struct login_request aside = {.lifetime = 60, .overwrite = true};

    if (skipped_without_keyring("the_later_of_two_is_chosen_unless_it_is_not_to_be"))
        return;
    log_in("alice", "D", NULL);
    log_in("bob", "D", NULL);
    finds("bob", "D", NULL, NULL, "host");
    finds("alice", "D", "alice", NULL, "host");
    log_in("alice", "D", NULL);
    finds("alice", "D", NULL, NULL, NULL);
    ck_assert_int_eq(store("carol", "D", "Password", aside), NTLM_OK);
    finds("alice", "D", NULL, NULL, NULL);
    finds("carol", "D", "carol", NULL, NULL);
}
END_TEST

START_TEST(a_login_is_replaced_only_when_that_is_asked)
{
    struct login_request request = {.lifetime = 60};
    struct logins logins;

    if (skipped_without_keyring("a_login_is_replaced_only_when_that_is_asked"))
        return;
    ck_assert_int_eq(store("alice", "DOM", "former", request), NTLM_OK);
    ck_assert_int_eq(store("Alice", "dom", "Password", request), NTLM_ERR_LOGIN_EXISTS);
    request.target = "other";
    ck_assert_int_eq(store("alice", "DOM", "Password", request), NTLM_OK);
    request.target = NULL;
    request.overwrite = true;
    ck_assert_int_eq(store("Alice", "dom", "Password", request), NTLM_OK);
    finds("Alice", "dom", NULL, NULL, "host");
    ck_assert_int_eq(logins_load(LOGIN_KEYRING_SESSION, &logins), NTLM_OK);
    ck_assert_uint_eq(logins.count, 2);
    logins_clear(&logins);
    ck_assert_int_ne(keyring_nth("hash:", 1), 0);
    ck_assert_int_eq(keyring_nth("hash:", 2), 0);
    request.overwrite = false;
    ahead = 61; /* one whose time is over is in nobody's way */
    ck_assert_int_eq(store("alice", "dom", "Password", request), NTLM_OK);
}
END_TEST

START_TEST(a_login_ends_with_its_time_and_says_so)
{
    struct identity *identity;

    if (skipped_without_keyring("a_login_ends_with_its_time_and_says_so"))
        return;
    log_in("alice", "DOM", NULL);
    ck_assert_int_eq(identity_find(&in_session, NULL, NULL, NULL, &identity), NTLM_OK);
    ck_assert_uint_le(identity_lifetime(identity), 3600);
    ck_assert_uint_gt(identity_lifetime(identity), 3500);
    ck_assert_int_eq(identity_check_host(identity, "host"), NTLM_OK);
    ahead = 3601;
    ck_assert_uint_eq(identity_lifetime(identity), 0);
    ck_assert_int_eq(identity_check_host(identity, "host"), NTLM_ERR_LOGIN_EXPIRED);
    identity_release(identity);
    ck_assert_int_eq(find(NULL, NULL, NULL), NTLM_ERR_LOGIN_EXPIRED);
    ck_assert_str_eq(failure_detail(NTLM_ERR_LOGIN_EXPIRED), "DOM\\alice for *");
    ck_assert_int_eq(find("alice", "", "host"), NTLM_ERR_LOGIN_EXPIRED);
}
END_TEST

START_TEST(the_kernel_takes_the_hash_away_when_the_time_is_over)
{
    const struct login_request request = {.lifetime = 1};
    char content[64];

    if (skipped_without_keyring("the_kernel_takes_the_hash_away_when_the_time_is_over"))
        return;
    ck_assert_int_eq(store("alice", "DOM", "Password", request), NTLM_OK);
    int32_t hash = keyring_nth("hash:", 0);
    ck_assert_int_eq(keyctl_read(hash, content, sizeof(content)), 20);
    sleep(2);
    ck_assert_int_eq(keyctl_read(hash, content, sizeof(content)), -1);
    ck_assert_int_eq(find(NULL, NULL, NULL), NTLM_ERR_LOGIN_EXPIRED);
    ahead = -3600; /* by whatever clock */
    ck_assert_int_eq(find(NULL, NULL, NULL), NTLM_ERR_LOGIN_EXPIRED);
}
END_TEST

START_TEST(an_expired_login_for_a_host_is_not_passed_over)
{
    const struct login_request request = {.target = "host", .lifetime = 60};

    if (skipped_without_keyring("an_expired_login_for_a_host_is_not_passed_over"))
        return;
    ck_assert_int_eq(store("alice", "DOM", "Password", request), NTLM_OK);
    log_in("bob", "DOM", NULL);
    ahead = 61;
    ck_assert_int_eq(find(NULL, NULL, "host"), NTLM_ERR_LOGIN_EXPIRED);
    finds("bob", "DOM", NULL, NULL, "other");
    finds("bob", "DOM", NULL, NULL, NULL);
}
END_TEST

START_TEST(a_login_of_no_lifetime_stays)
{
    const struct login_request request = {.lifetime = 0};
    struct identity *identity;

    if (skipped_without_keyring("a_login_of_no_lifetime_stays"))
        return;
    ck_assert_int_eq(store("alice", "DOM", "Password", request), NTLM_OK);
    ahead = 400L * 24 * 3600;
    ck_assert_int_eq(identity_find(&in_session, NULL, NULL, NULL, &identity), NTLM_OK);
    ck_assert_uint_eq(identity_lifetime(identity), UINT32_MAX);
    identity_release(identity);
}
END_TEST

START_TEST(logins_are_removed_as_they_are_named)
{
    const struct login_selection bobs = {.user = "BOB", .domain = "d"};
    const struct login_selection target = {.target = "a.Host"};
    const struct login_selection all = {.user = NULL};
    size_t removed;

    if (skipped_without_keyring("logins_are_removed_as_they_are_named"))
        return;
    ck_assert_int_eq(logins_remove(LOGIN_KEYRING_SESSION, &all, &removed), NTLM_OK);
    ck_assert_uint_eq(removed, 0);
    log_in("alice", "D", NULL);
    log_in("alice", "D", "a.host");
    log_in("bob", "D", NULL);
    log_in("bob", "E", NULL);
    int32_t kept = keyring_nth("hash:", 0);
    ck_assert_int_eq(logins_remove(LOGIN_KEYRING_SESSION, &bobs, &removed), NTLM_OK);
    ck_assert_uint_eq(removed, 1);
    ck_assert_int_eq(find("bob", "D", NULL), NTLM_ERR_NO_IDENTITY);
    finds("bob", "E", "bob", NULL, NULL);
    ck_assert_int_eq(logins_remove(LOGIN_KEYRING_SESSION, &target, &removed), NTLM_OK);
    ck_assert_uint_eq(removed, 1);
    ck_assert_int_eq(logins_remove(LOGIN_KEYRING_SESSION, &all, &removed), NTLM_OK);
    ck_assert_uint_eq(removed, 2);
    ck_assert_int_eq(keyring_of_logins(), 0);
    ck_assert_int_eq(keyctl_read(kept, NULL, 0), -1);
    ck_assert_int_eq(find(NULL, NULL, NULL), NTLM_ERR_NO_IDENTITY);
    log_in("alice", "D", NULL);
    finds("alice", "D", NULL, NULL, NULL);
}
END_TEST

static const char *const bad_targets[] = {"", "a*b*", "HTTP/host", "two words", "\xff"};

START_TEST(a_target_is_a_host_or_a_pattern)
{
    const struct login_request request = {.target = bad_targets[_i]};

    ck_assert_int_eq(store("alice", "DOM", "Password", request), NTLM_ERR_BAD_ARGUMENT);
}
END_TEST

START_TEST(lifetimes_are_read_as_people_write_them)
{
    static const struct {
        const char *text;
        long seconds;
    } rows[] = {{"0", 0},         {"90", 90},
                {"90s", 90},      {"2m", 120},
                {"10h", 36000},   {"365d", 31536000},
                {"366d", -1},     {"", -1},
                {"h", -1},        {"1w", -1},
                {"-1", -1},       {"1h30", -1},
                {"31536001", -1}, {"99999999999999999999", -1}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t seconds = 7;
        ck_assert_int_eq(login_lifetime_of(rows[i].text, &seconds), rows[i].seconds >= 0);
        if (rows[i].seconds >= 0)
            ck_assert_int_eq(seconds, rows[i].seconds);
    }
}
END_TEST

START_TEST(a_login_is_found_only_where_the_settings_have_it_looked_for)
{
    const struct settings off = {.login_keyring = LOGIN_KEYRING_OFF};
    struct identity *identity;

    if (skipped_without_keyring("a_login_is_found_only_where_the_settings_have_it_looked_for"))
        return;
    log_in("alice", "DOM", NULL);
    ck_assert_int_eq(identity_find(&off, NULL, NULL, NULL, &identity), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(identity_find(&off, NULL, "alice", "DOM", &identity),
                     NTLM_ERR_NO_IDENTITY);
}
END_TEST

START_TEST(a_file_that_the_user_names_comes_before_the_logins)
{
    char *file = (char *)(uintptr_t)scratch_write("own", "D:alice:other\nD:bob:other\n");
    const struct settings both = {.login_keyring = LOGIN_KEYRING_SESSION, .user_file = file};
    struct identity *identity;

    if (skipped_without_keyring("a_file_that_the_user_names_comes_before_the_logins"))
        return;
    log_in("alice", "D", NULL);
    log_in("carol", "D", NULL);
    ck_assert_int_eq(identity_find(&both, NULL, "alice", "D", &identity), NTLM_OK);
    ck_assert(!identity_is_login(identity));
    identity_release(identity);
    ck_assert_int_eq(identity_find(&both, NULL, "carol", "D", &identity), NTLM_OK);
    ck_assert(identity_is_login(identity));
    identity_release(identity);
    ck_assert_int_eq(identity_find(&both, NULL, "dave", "D", &identity), NTLM_ERR_NO_SUCH_LINE);
    ck_assert_int_eq(identity_find(&both, file, "carol", "D", &identity),
                     NTLM_ERR_NO_SUCH_LINE);
}
END_TEST

START_TEST(the_settings_user_is_looked_for_among_the_logins)
{
    char own[] = "DOM\\bob", other[] = "zoe@DOM";
    struct settings named = in_session;
    struct identity *identity;

    if (skipped_without_keyring("the_settings_user_is_looked_for_among_the_logins"))
        return;
    log_in("bob", "DOM", NULL);
    log_in("zoe", "DOM", NULL);
    log_in("alice", "DOM", NULL);
    named.user = own;
    ck_assert_int_eq(identity_find(&named, NULL, NULL, NULL, &identity), NTLM_OK);
    ck_assert_str_eq(identity_user(identity), "bob");
    identity_release(identity);
    named.user = other;
    ck_assert_int_eq(identity_find(&named, NULL, NULL, NULL, &identity), NTLM_OK);
    ck_assert_str_eq(identity_user(identity), "zoe");
    identity_release(identity);
}
END_TEST

START_TEST(an_exported_login_keeps_its_time_and_its_target)
{
    struct identity *identity, *copy;
    struct ntlm_writer out = {0};
    struct ntlm_reader in;

    if (skipped_without_keyring("an_exported_login_keeps_its_time_and_its_target"))
        return;
    log_in("alice", "DOM", "*.corp");
    ck_assert_int_eq(identity_find(&in_session, NULL, NULL, NULL, &identity), NTLM_OK);
    identity_export(identity, &out);
    for (size_t cut = 0; cut <= out.len; cut++) {
        ntlm_reader_init(&in, ntlm_bytes(out.data, cut));
        ck_assert_int_eq(identity_import(&in, &copy),
                         cut < out.len ? NTLM_ERR_BAD_EXPORT : NTLM_OK);
    }
    ntlm_writer_clear(&out);
    ck_assert_uint_gt(identity_lifetime(copy), 3500);
    ck_assert_uint_le(identity_lifetime(copy), 3600);
    ck_assert_int_eq(identity_check_host(copy, "www.corp"), NTLM_OK);
    ck_assert_int_eq(identity_check_host(copy, "www.other"), NTLM_ERR_NO_IDENTITY);
    identity_release(copy);
    identity_release(identity);
}
END_TEST

static bool child_finds(void *arg)
{
    (void)arg;
    return !find("alice", "DOM", "host");
}

START_TEST(a_child_has_its_parents_logins)
{
    if (skipped_without_keyring("a_child_has_its_parents_logins"))
        return;
    log_in("alice", "DOM", NULL);
    ck_assert(holds_in_child(child_finds, NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("logins");
    TCase *cases = tcase_create("logins");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, without_a_login_there_is_quietly_nobody);
    tcase_add_test(cases, a_login_is_the_default_identity);
    tcase_add_test(cases, a_login_without_a_domain_is_good_for_the_one_asked_for);
    tcase_add_test(cases, a_user_at_realm_is_the_domains_user);
    tcase_add_test(cases, the_closest_target_decides);
    tcase_add_test(cases, a_host_without_a_login_has_no_identity);
    tcase_add_test(cases, the_later_of_two_is_chosen_unless_it_is_not_to_be);
    tcase_add_test(cases, a_login_is_replaced_only_when_that_is_asked);
    tcase_add_test(cases, a_login_ends_with_its_time_and_says_so);
    tcase_add_test(cases, the_kernel_takes_the_hash_away_when_the_time_is_over);
    tcase_add_test(cases, an_expired_login_for_a_host_is_not_passed_over);
    tcase_add_test(cases, a_login_of_no_lifetime_stays);
    tcase_add_test(cases, logins_are_removed_as_they_are_named);
    tcase_add_loop_test(cases, a_target_is_a_host_or_a_pattern, 0,
                        sizeof(bad_targets) / sizeof(bad_targets[0]));
    tcase_add_test(cases, lifetimes_are_read_as_people_write_them);
    tcase_add_test(cases, a_login_is_found_only_where_the_settings_have_it_looked_for);
    tcase_add_test(cases, a_file_that_the_user_names_comes_before_the_logins);
    tcase_add_test(cases, the_settings_user_is_looked_for_among_the_logins);
    tcase_add_test(cases, an_exported_login_keeps_its_time_and_its_target);
    tcase_add_test(cases, a_child_has_its_parents_logins);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
