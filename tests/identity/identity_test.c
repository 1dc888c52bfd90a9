/* SPDX-License-Identifier: MIT */
/* identity_test.c - who we are, from each of the places that can say so, and
 * its way into an exported credential and back. */

#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity/identity.h"
#include "ntlm/keys.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/hex.h"
#include "support/trace.h"

#define NT_HEX "a4f49c406510bdcab6824ee7c30fd852" /* of "Password" */
#define NO_HEX "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"

static const struct settings no_settings;

/* The identity is this user with this password; with_lm: and has its LM hash. */
static void is_user(const struct identity *identity, const char *user, const char *domain,
                    const char *password, bool with_lm)
{
    struct ntlm_secret secret;
    uint8_t nt_hash[16], lm_hash[16];

    ck_assert_str_eq(identity_user(identity), user);
    ck_assert_str_eq(identity_domain(identity), domain);
    identity_secret(identity, &secret);
    ck_assert_str_eq(secret.user, user);
    ck_assert_str_eq(secret.domain, domain);
    ck_assert_int_eq(ntlm_nt_hash(password, strlen(password), nt_hash), NTLM_OK);
    ck_assert_mem_eq(secret.nt_hash, nt_hash, sizeof(nt_hash));
    ck_assert_int_eq(secret.lm_hash != NULL, with_lm);
    if (with_lm) {
        ck_assert_int_eq(ntlm_lm_hash(password, strlen(password), lm_hash), NTLM_OK);
        ck_assert_mem_eq(secret.lm_hash, lm_hash, sizeof(lm_hash));
    }
}

START_TEST(a_password_becomes_its_hashes)
{
    struct identity *identity;

    ck_assert_int_eq(identity_from_password("alice", "DOM", "Password", 8, &identity), NTLM_OK);
    is_user(identity, "alice", "DOM", "Password", true);
    identity_release(identity);
    ck_assert_int_eq(
        identity_from_password("alice", NULL, "many words in this one", 22, &identity),
        NTLM_OK);
    is_user(identity, "alice", "", "many words in this one", false);
    identity_release(identity);
}
END_TEST

START_TEST(a_password_is_as_long_as_was_said)
{
    struct identity *identity;

    ck_assert_int_eq(identity_from_password("alice", "", "Password and more", 8, &identity),
                     NTLM_OK);
    is_user(identity, "alice", "", "Password", true);
    identity_release(identity);
    ck_assert_int_eq(identity_from_password("alice", "", NULL, 0, &identity), NTLM_OK);
    is_user(identity, "alice", "", "", true);
    identity_release(identity);
}
END_TEST

START_TEST(a_password_that_is_not_text_is_refused_without_showing_it)
{
    struct identity *identity;

    ck_assert_int_eq(identity_from_password("alice", "", "s3c\xff", 4, &identity),
                     NTLM_ERR_BAD_PASSWORD_TEXT);
    ck_assert_ptr_null(identity);
    ck_assert_str_eq(failure_detail(NTLM_ERR_BAD_PASSWORD_TEXT), "for user \"alice\"");
}
END_TEST

START_TEST(a_user_must_be_named_in_text)
{
    struct identity *identity;

    ck_assert_int_eq(identity_from_password(NULL, "D", "pw", 2, &identity),
                     NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(identity_from_password("", "D", "pw", 2, &identity), NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(identity_from_password("\xff", "D", "pw", 2, &identity),
                     NTLM_ERR_BAD_NAME);
    ck_assert_int_eq(identity_from_nt_hash("u", "\xff", NT_HEX, &identity), NTLM_ERR_BAD_NAME);
    ck_assert_ptr_null(identity);
}
END_TEST

START_TEST(an_nt_hash_is_32_hexadecimal_digits)
{
    static const char *const wrong[] = {"", NT_HEX "0", "a4f49c406510bdcab6824ee7c30fd85",
                                        "a4f49c406510bdcab6824ee7c30fd85g",
                                        " a4f49c406510bdcab6824ee7c30fd85"};
    struct identity *identity;

    ck_assert_int_eq(identity_from_nt_hash("alice", "DOM", NT_HEX, &identity), NTLM_OK);
    is_user(identity, "alice", "DOM", "Password", false);
    identity_release(identity);
    ck_assert_int_eq(
        identity_from_nt_hash("alice", "", "A4F49C406510BDCAB6824EE7C30FD852", &identity),
        NTLM_OK);
    is_user(identity, "alice", "", "Password", false);
    identity_release(identity);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_int_eq(identity_from_nt_hash("alice", "", wrong[i], &identity),
                         NTLM_ERR_BAD_NT_HASH);
        ck_assert_ptr_null(identity);
        ck_assert_str_eq(failure_detail(NTLM_ERR_BAD_NT_HASH), "for user \"alice\"");
    }
}
END_TEST

static void from_file(const struct settings *settings, const char *user, const char *domain,
                      const char *expected_user, const char *expected_domain,
                      const char *password)
{
    struct identity *identity;

    ck_assert_int_eq(identity_find(settings, scratch_path("accounts"), user, domain, &identity),
                     NTLM_OK);
    is_user(identity, expected_user, expected_domain, password, true);
    identity_release(identity);
}

START_TEST(a_line_of_the_account_file_gives_its_names_and_hashes)
{
    scratch_write("accounts", "Dom:Alice:one\nDom:Bob:two\n:carol:three\n");
    from_file(&no_settings, "bob", "dom", "Bob", "Dom", "two");
    from_file(&no_settings, "alice", NULL, "Alice", "Dom", "one");
}
END_TEST

START_TEST(a_line_without_a_domain_is_good_for_the_one_asked_for)
{
    scratch_write("accounts", ":carol:three\n");
    from_file(&no_settings, "carol", "DOM", "carol", "DOM", "three");
    from_file(&no_settings, "carol", "", "carol", "", "three");
}
END_TEST

START_TEST(without_a_user_the_files_only_account_is_our_identity)
{
    struct identity *identity;

    scratch_write("accounts", "# us\nDom:Alice:one\n");
    from_file(&no_settings, NULL, NULL, "Alice", "Dom", "one");
    scratch_write("accounts", "# a server's\nDom:Alice:one\nDom:Bob:two\n");
    ck_assert_int_eq(
        identity_find(&no_settings, scratch_path("accounts"), NULL, NULL, &identity),
        NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_null(identity);
}
END_TEST

/* What a server's processes log in as elsewhere is none of its clients. */
START_TEST(a_servers_account_file_is_nobodys_identity)
{
    char *file = strdup(scratch_write("accounts", "DOM:alice:one\n"));
    struct settings settings = {.account_file = file};
    struct identity *identity;

    ck_assert_int_eq(identity_find(&settings, NULL, NULL, NULL, &identity),
                     NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(identity_find(&settings, NULL, "alice", "DOM", &identity),
                     NTLM_ERR_NO_IDENTITY);
    settings = (struct settings){.own_account_file = file};
    ck_assert_int_eq(identity_find(&settings, NULL, NULL, NULL, &identity),
                     NTLM_ERR_NO_IDENTITY);
    settings = (struct settings){.account_file = file, .account_sources = {.count = 1}};
    ck_assert_int_eq(identity_find(&settings, NULL, NULL, NULL, &identity),
                     NTLM_ERR_NO_IDENTITY);
    free(file);
}
END_TEST

static const struct {
    const char *setting, *user, *domain, *password;
} own_users[] = {
    {"bob", "bob", "FIRST", "one"},         {"second\\bob", "bob", "SECOND", "two"},
    {"bob@second", "bob", "SECOND", "two"}, {"\\bob@any", "bob@any", "THIRD", "three"},
    {"DOM\\x@y", "x@y", "DOM", "four"},     {"x@y@DOM", "x@y", "DOM", "four"},
};

START_TEST(the_settings_user_is_split_into_user_and_domain)
{
    char *user = strdup(own_users[_i].setting);
    const struct settings settings = {.user = user};

    scratch_write("accounts",
                  "FIRST:bob:one\nSECOND:bob:two\nTHIRD:bob@any:three\nDOM:x@y:four\n");
    from_file(&settings, NULL, NULL, own_users[_i].user, own_users[_i].domain,
              own_users[_i].password);
    free(user);
}
END_TEST

START_TEST(a_settings_user_at_realm_may_be_the_whole_name_of_a_line)
{
    char user[] = "bob@example.com";
    const struct settings settings = {.user = user};

    scratch_write("accounts", "DOM:alice:one\nDOM:bob@example.com:two\n");
    from_file(&settings, NULL, NULL, "bob@example.com", "DOM", "two");
    from_file(&settings, NULL, "DOM", "bob@example.com", "DOM", "two");
    scratch_write("accounts", ":bob@example.com:two\nexample.com:bob:three\n");
    from_file(&settings, NULL, NULL, "bob@example.com", "", "two");
    scratch_write("accounts", ":alice:two\nexample.com:bob:three\n");
    from_file(&settings, NULL, NULL, "bob", "example.com", "three");
}
END_TEST

START_TEST(a_settings_user_who_is_not_there_is_named_as_he_was_set)
{
    char with_at[] = "bob@example.com", with_backslash[] = "DOM\\bob@example.com";
    struct settings settings = {.user = with_at};
    const char *path = scratch_write("accounts", "DOM:alice:one\nANY:bob@example.com:two\n");
    struct identity *identity;

    settings.user = with_backslash; /* is one user of one domain */
    ck_assert_int_eq(identity_find(&settings, path, NULL, NULL, &identity),
                     NTLM_ERR_NO_SUCH_LINE);
    ck_assert_ptr_null(identity);
    settings.user = with_at;
    ck_assert_int_eq(identity_find(&settings, scratch_write("accounts", "D:alice:one\n"), NULL,
                                   NULL, &identity),
                     NTLM_ERR_NO_SUCH_LINE);
    ck_assert_ptr_nonnull(
        strstr(failure_detail(NTLM_ERR_NO_SUCH_LINE), "no line for \"bob@example.com\""));
}
END_TEST

START_TEST(lm_hashes_are_kept_for_who_may_send_them_alone)
{
    struct settings settings = {.lm_compat_level = 2};
    const char *path = scratch_write("accounts", "DOM:alice:one\n");
    struct identity *identity;

    ck_assert_int_eq(identity_find(&settings, path, NULL, NULL, &identity), NTLM_OK);
    is_user(identity, "alice", "DOM", "one", true);
    identity_release(identity);
    settings.lm_compat_level = 3;
    scratch_write("others", "DOM:alice:one\n");
    ck_assert_int_eq(identity_find(&settings, scratch_path("others"), NULL, NULL, &identity),
                     NTLM_OK);
    is_user(identity, "alice", "DOM", "one", false);
    identity_release(identity);
}
END_TEST

START_TEST(a_user_or_domain_that_is_given_goes_before_the_settings)
{
    char user[] = "DOM\\alice";
    const struct settings settings = {.user = user};

    scratch_write("accounts", "DOM:alice:one\nDOM:bob:two\nOTHER:alice:three\n");
    from_file(&settings, "bob", NULL, "bob", "DOM", "two");
    from_file(&settings, NULL, "OTHER", "alice", "OTHER", "three");
    from_file(&settings, NULL, "", "alice", "DOM", "one");
}
END_TEST

START_TEST(the_settings_name_the_file_unless_the_caller_does)
{
    char *named = strdup(scratch_write("settings-own", "DOM:s:pw\n"));
    const struct settings settings = {.user_file = named};
    struct identity *identity;

    ck_assert_int_eq(identity_find(&settings, NULL, NULL, NULL, &identity), NTLM_OK);
    is_user(identity, "s", "DOM", "pw", true);
    identity_release(identity);
    scratch_write("accounts", "DOM:c:pw\n");
    from_file(&settings, NULL, NULL, "c", "DOM", "pw");
    free(named);
}
END_TEST

START_TEST(what_a_file_cannot_give_is_said)
{
    const char *path = scratch_write("accounts", "DOM:u:pw\nv:1:" NO_HEX ":" NO_HEX "\n");
    struct identity *identity;

    ck_assert_int_eq(identity_find(&no_settings, NULL, "u", "", &identity),
                     NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(identity_find(&no_settings, path, "w", "", &identity),
                     NTLM_ERR_NO_SUCH_LINE);
    ck_assert_int_eq(identity_find(&no_settings, path, "v", "", &identity),
                     NTLM_ERR_NO_IDENTITY);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_NO_IDENTITY), "has no password"));
    ck_assert_int_eq(identity_find(&no_settings, scratch_path("missing"), "u", "", &identity),
                     NTLM_ERR_FILE_UNREADABLE);
    ck_assert_int_eq(chmod(path, 0602), 0);
    ck_assert_int_eq(identity_find(&no_settings, path, "u", "", &identity),
                     NTLM_ERR_FILE_INSECURE);
    ck_assert_ptr_null(identity);
}
END_TEST

static struct identity *export_and_import(const struct identity *identity)
{
    struct ntlm_writer out = {0};
    struct identity *imported;
    struct ntlm_reader in;
    uint8_t *data;
    size_t len;

    identity_export(identity, &out);
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    ntlm_reader_init(&in, ntlm_bytes(data, len));
    ck_assert_int_eq(identity_import(&in, &imported), NTLM_OK);
    ck_assert_uint_eq(ntlm_reader_left(&in), 0);
    free(data);
    return imported;
}

START_TEST(an_exported_identity_comes_back_whole)
{
    struct identity *identity, *imported;

    ck_assert_int_eq(identity_from_password("J\xc3\xbcrgen", "DOM", "Password", 8, &identity),
                     NTLM_OK);
    imported = export_and_import(identity);
    is_user(imported, "J\xc3\xbcrgen", "DOM", "Password", true);
    identity_release(imported);
    identity_release(identity);
    ck_assert_int_eq(identity_from_nt_hash("u", "", NT_HEX, &identity), NTLM_OK);
    imported = export_and_import(identity);
    is_user(imported, "u", "", "Password", false);
    identity_release(imported);
    identity_release(identity);
}
END_TEST

static enum ntlm_error import_of(const uint8_t *data, size_t len)
{
    struct identity *imported;
    struct ntlm_reader in;
    enum ntlm_error error;

    ntlm_reader_init(&in, ntlm_bytes(data, len));
    error = identity_import(&in, &imported);
    ck_assert((!error) == (imported != NULL));
    identity_release(imported);
    return error;
}

START_TEST(a_damaged_export_is_refused)
{
    struct ntlm_writer out = {0};
    struct identity *identity;
    uint8_t *data;
    size_t len;

    ck_assert_int_eq(identity_from_password("user", "DOM", "pw", 2, &identity), NTLM_OK);
    identity_export(identity, &out);
    identity_release(identity);
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    for (size_t cut = 0; cut < len; cut++)
        ck_assert_int_eq(import_of(data, cut), NTLM_ERR_BAD_EXPORT);
    for (size_t at = 0; at < 12; at++) { /* mark, length, user */
        uint8_t kept = data[at];
        data[at] = at < 8 ? (uint8_t)(kept ^ 0x80) : at == 8 ? 0 : 0xff;
        ck_assert_int_eq(import_of(data, len), NTLM_ERR_BAD_EXPORT);
        data[at] = kept;
    }
    data[len - 17] = 2; /* neither with an LM hash nor without */
    ck_assert_int_eq(import_of(data, len), NTLM_ERR_BAD_EXPORT);
    free(data);
}
END_TEST

START_TEST(an_export_without_a_user_is_refused)
{
    struct ntlm_writer out = {0};
    uint8_t *data;
    size_t len;

    ntlm_write32(&out, 0x3144494e);
    ntlm_write_zeros(&out, 4 + 4 + 16 + 1 + 16);
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    ck_assert_int_eq(import_of(data, len), NTLM_ERR_BAD_EXPORT);
    free(data);
}
END_TEST

static void *release(void *arg)
{
    identity_release(arg);
    return NULL;
}

START_TEST(an_identity_lives_until_its_last_reference_goes)
{
    struct identity *identity;
    pthread_t threads[4];

    ck_assert_int_eq(identity_from_password("u", "", "pw", 2, &identity), NTLM_OK);
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, release, identity_ref(identity)), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    is_user(identity, "u", "", "pw", true);
    identity_release(identity);
    identity_release(NULL);
}
END_TEST

START_TEST(neither_trace_nor_errors_show_a_secret)
{
    struct identity *identity;

    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    scratch_write("accounts", "DOM:u:s3cret\n");
    from_file(&no_settings, "u", "DOM", "u", "DOM", "s3cret");
    ck_assert_int_eq(identity_from_password("u", "", "s3cret\xff", 7, &identity),
                     NTLM_ERR_BAD_PASSWORD_TEXT);
    ck_assert_int_eq(identity_from_nt_hash("u", "", "s3cret", &identity), NTLM_ERR_BAD_NT_HASH);
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), "user \"DOM\\u\" of "));
    ck_assert_ptr_null(strstr(scratch_read("log"), "s3c"));
}
END_TEST

static TCase *source_cases(void)
{
    TCase *cases = tcase_create("sources");

    tcase_add_test(cases, a_password_becomes_its_hashes);
    tcase_add_test(cases, a_password_is_as_long_as_was_said);
    tcase_add_test(cases, a_password_that_is_not_text_is_refused_without_showing_it);
    tcase_add_test(cases, a_user_must_be_named_in_text);
    tcase_add_test(cases, an_nt_hash_is_32_hexadecimal_digits);
    tcase_add_test(cases, a_line_of_the_account_file_gives_its_names_and_hashes);
    tcase_add_test(cases, a_line_without_a_domain_is_good_for_the_one_asked_for);
    tcase_add_test(cases, without_a_user_the_files_only_account_is_our_identity);
    tcase_add_test(cases, a_servers_account_file_is_nobodys_identity);
    tcase_add_loop_test(cases, the_settings_user_is_split_into_user_and_domain, 0,
                        sizeof(own_users) / sizeof(own_users[0]));
    tcase_add_test(cases, a_settings_user_at_realm_may_be_the_whole_name_of_a_line);
    tcase_add_test(cases, a_settings_user_who_is_not_there_is_named_as_he_was_set);
    tcase_add_test(cases, lm_hashes_are_kept_for_who_may_send_them_alone);
    tcase_add_test(cases, a_user_or_domain_that_is_given_goes_before_the_settings);
    tcase_add_test(cases, the_settings_name_the_file_unless_the_caller_does);
    tcase_add_test(cases, what_a_file_cannot_give_is_said);
    tcase_add_test(cases, neither_trace_nor_errors_show_a_secret);
    return cases;
}

static TCase *life_cases(void)
{
    TCase *cases = tcase_create("life");

    tcase_add_test(cases, an_exported_identity_comes_back_whole);
    tcase_add_test(cases, a_damaged_export_is_refused);
    tcase_add_test(cases, an_export_without_a_user_is_refused);
    tcase_add_test(cases, an_identity_lives_until_its_last_reference_goes);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("identity");

    scratch_begin();
    suite_add_tcase(suite, source_cases());
    suite_add_tcase(suite, life_cases());
    return suite_run(suite);
}
