/* SPDX-License-Identifier: MIT */
/* memory_test.c - settings, accounts and identity when memory ends. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "accounts/accounts.h"
#include "database_fixture.h"
#include "identity/identity.h"
#include "run_out.h"
#include "scratch.h"
#include "settings/settings.h"
#include "suite.h"

#define LM_HEX "e52cac67419a9a224a3b108f3fa6cb6d"
#define NT_HEX "a4f49c406510bdcab6824ee7c30fd852"

static const char *accounts_file;
static const struct settings no_settings;

/* How far the clock is ahead by which an account file is checked again. */
static time_t ahead;

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    int result = __real_clock_gettime(clock, time);

    if (clock == CLOCK_MONOTONIC_COARSE)
        time->tv_sec += ahead;
    return result;
}

static enum ntlm_error get_settings(void)
{
    const struct settings *settings;
    enum ntlm_error error = settings_get(&settings);

    inconsistent |= (!error) != (settings != NULL);
    settings_put(settings);
    return error;
}

static enum ntlm_error log_in_as(const char *user)
{
    static const uint8_t response[48];
    const struct ntlm_logon logon = {.kind = NTLM_RESPONSE_V2,
                                     .user = user,
                                     .domain = "",
                                     .workstation = "",
                                     .server_name = "",
                                     .server_domain = "",
                                     .nt_response = ntlm_bytes(response, sizeof(response))};
    struct account_reply reply = {.user = NULL};
    struct accounts *accounts;
    enum ntlm_error error = accounts_open(&no_settings, accounts_file, &accounts);

    if (!error)
        error = accounts_logon(accounts, &no_settings, &logon, &reply);
    inconsistent |= (!error) != (reply.user != NULL);
    accounts_close(accounts);
    return error;
}

static enum ntlm_error log_in_as_alice(void)
{
    return log_in_as("alice");
}

static enum ntlm_error log_in_as_bob(void)
{
    return log_in_as("bob");
}

static enum ntlm_error log_in_as_nobody(void)
{
    return log_in_as("nobody@nowhere");
}

static enum ntlm_error finish(enum ntlm_error error, struct identity *identity)
{
    inconsistent |= (!error) != (identity != NULL);
    identity_release(identity);
    return error;
}

static enum ntlm_error identity_of_file(void)
{
    char user[] = "DOM\\alice";
    const struct settings settings = {.user = user};
    struct identity *identity;
    enum ntlm_error error = identity_find(&settings, accounts_file, NULL, NULL, &identity);

    return finish(error, identity);
}

static enum ntlm_error identity_of_only_account(void)
{
    struct identity *identity;
    enum ntlm_error error = identity_find(&no_settings, accounts_file, NULL, NULL, &identity);

    return finish(error, identity);
}

static enum ntlm_error identity_of_password(void)
{
    struct identity *identity;
    enum ntlm_error error = identity_from_password("alice", "DOM", "pw", 2, &identity);

    return finish(error, identity);
}

static enum ntlm_error identity_of_hash(void)
{
    struct identity *identity;
    enum ntlm_error error = identity_from_nt_hash("alice", "DOM", NT_HEX, &identity);

    return finish(error, identity);
}

static struct identity *kept;

static enum ntlm_error copy_by_export(void)
{
    struct ntlm_writer out = {0};
    struct identity *copy = NULL;
    struct ntlm_reader in;
    uint8_t *data;
    size_t len;
    enum ntlm_error error;

    identity_export(kept, &out);
    error = ntlm_writer_take(&out, &data, &len);
    ntlm_reader_init(&in, ntlm_bytes(data, len));
    if (!error)
        error = identity_import(&in, &copy);
    free(data);
    return finish(error, copy);
}

START_TEST(settings_are_read_or_memory_ended)
{
    setenv("KRB5_CONFIG", "/nonexistent", 1);
    ck_assert_int_eq(get_settings(), NTLM_OK);
    setenv("NTLMUSER", "DOM\\alice", 1);
    setenv("KRB5_CONFIG",
           scratch_write("krb5.conf", "[ntlmssp]\nnetbios_domain_name = DOM\n"
                                      "target_names = a b c\naccount_file = /file\n"
                                      "lm_compat_level = 3\n"),
           1);
    run_out(get_settings, NTLM_OK);
}
END_TEST

START_TEST(a_broken_krb5_conf_is_told_or_memory_ended)
{
    setenv("KRB5_CONFIG", "/nonexistent", 1);
    ck_assert_int_eq(get_settings(), NTLM_OK);
    setenv("KRB5_CONFIG", scratch_write("broken.conf", "[ntlmssp\n"), 1);
    run_out(get_settings, NTLM_ERR_BAD_SETTING);
}
END_TEST

/* KRB5_CONFIG, with D in the place of the scratch directory, and what is in D/krb5.conf. */
static const struct {
    const char *list, *text;
    enum ntlm_error expected;
} worlds[] = {
    {"D/krb5.conf", "include D/one\nincludedir D/parts\n[ntlmssp]\n lm_compat_level = 3\n",
     NTLM_OK},
    {"D/krb5.conf:D/one::D/nowhere", "[ntlmssp]\ntarget_names = a\ntarget_names = b c\n",
     NTLM_OK},
    {"D/krb5.conf", "[ntlmssp]\ndomain_aliases = A=a.test B=b.test\n", NTLM_OK},
    {"D/nowhere", "", NTLM_OK},
    {"~/krb5.conf", "[ntlmssp]\nlm_compat_level = 3\n", NTLM_OK},
    {"krb5.conf:parts/two.conf", "[ntlmssp]\nlm_compat_level = 3\n", NTLM_OK},
    {"D/krb5.conf", "include D/nowhere\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "includedir D/nowhere\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "include D/parts\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "include D/krb5.conf\n", NTLM_ERR_BAD_SETTING},
    {"D/parts", "", NTLM_ERR_BAD_SETTING},
    {"D/one:D/krb5.conf", "[libdefaults\n", NTLM_ERR_BAD_SETTING},
    {"D/one:D/krb5.conf", "[a]\nb = {\nc\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "[ntlmssp]\nrequire_sgin = true\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "[ntlmssp]\nrequire_sign = perhaps\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "[ntlmsp]\nrequire_sign = true\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "[ntlmssp]\ndomain_aliases = a.test\n", NTLM_ERR_BAD_SETTING},
    {"D/krb5.conf", "[ntlmssp]\nnetbios_domain_name = \xff\n", NTLM_ERR_BAD_SETTING},
};

/* The text with the directory in it; the caller frees it. */
static char *placed(const char *text)
{
    const char *directory = scratch_path("");
    char *out = malloc(8 * strlen(directory) + strlen(text) + 1), *at = out;

    for (; *text; text++)
        at = *text == 'D' ? stpcpy(at, directory) : (*at = *text, at + 1);
    *at = '\0';
    return out;
}

START_TEST(settings_of_any_files_are_read_or_memory_ended)
{
    char *list = placed(worlds[_i].list), *text = placed(worlds[_i].text);
    int here;

    setenv("KRB5_CONFIG", "/nonexistent", 1);
    ck_assert_int_eq(get_settings(), NTLM_OK);
    ck_assert(mkdir(scratch_path("parts"), 0700) == 0 || errno == EEXIST);
    scratch_write("one", "[ntlmssp]\nnetbios_domain_name = ONE\n");
    scratch_write("parts/two.conf", "[ntlmssp]\nlogin_lifetime = 60\n");
    scratch_write("parts/Three_3", "[ntlmssp]\nrequire_sign = true\n");
    scratch_write("parts/.hidden.conf", "[ntlmssp\n");
    scratch_write("parts/four.conf~", "[ntlmssp\n");
    scratch_write("krb5.conf", text);
    setenv("KRB5_CONFIG", list, 1);
    setenv("HOME", scratch_path(""), 1);
    here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_eq(chdir(scratch_path("")), 0);
    run_out(get_settings, worlds[_i].expected);
    ck_assert_int_eq(fchdir(here), 0);
    close(here);
    free(list);
    free(text);
}
END_TEST

START_TEST(logons_are_answered_or_memory_ended)
{
    accounts_file = scratch_write("accounts", "DOM:alice:pw\nbob:1:" LM_HEX ":" NT_HEX "\n");
    run_out(log_in_as_alice, NTLM_ERR_LOGON_DENIED);
    run_out(log_in_as_bob, NTLM_ERR_LOGON_DENIED);
    run_out(log_in_as_nobody, NTLM_ERR_LOGON_DENIED);
}
END_TEST

static enum ntlm_error log_in_as_alice_later(void)
{
    ahead += 2;
    return log_in_as_alice();
}

/* Which is looked at anew each time. */
START_TEST(a_database_answers_or_memory_ended)
{
    if (skipped_without_databases("a_database_answers_or_memory_ended"))
        return;
    accounts_file = database_of("database", "DOM:alice:pw\nbob:1:" LM_HEX ":" NT_HEX "\n");
    run_out(log_in_as_alice, NTLM_ERR_LOGON_DENIED);
    run_out(log_in_as_alice_later, NTLM_ERR_LOGON_DENIED);
    run_out(log_in_as_bob, NTLM_ERR_LOGON_DENIED);
    run_out(log_in_as_nobody, NTLM_ERR_LOGON_DENIED);
    run_out(identity_of_file, NTLM_OK);
    accounts_file = database_of("lone", "DOM:alice:pw\n");
    run_out(identity_of_only_account, NTLM_OK);
}
END_TEST

START_TEST(identities_are_made_or_memory_ended)
{
    accounts_file = scratch_write("accounts", "DOM:alice:pw\n");
    run_out(identity_of_file, NTLM_OK);
    run_out(identity_of_only_account, NTLM_OK);
    run_out(identity_of_password, NTLM_OK);
    run_out(identity_of_hash, NTLM_OK);
}
END_TEST

static enum ntlm_error identity_of_file_later(void)
{
    ahead += 2;
    return identity_of_file();
}

START_TEST(a_file_is_checked_again_or_memory_ended)
{
    accounts_file = scratch_write("accounts", "DOM:alice:pw\n");
    ck_assert_int_eq(identity_of_file(), NTLM_OK);
    run_out(identity_of_file_later, NTLM_OK);
}
END_TEST

START_TEST(an_export_comes_back_or_memory_ended)
{
    ck_assert_int_eq(identity_from_password("alice", "DOM", "pw", 2, &kept), NTLM_OK);
    run_out(copy_by_export, NTLM_OK);
    identity_release(kept);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory");
    TCase *cases = tcase_create("memory");

    scratch_begin();
    tcase_add_test(cases, settings_are_read_or_memory_ended);
    tcase_add_test(cases, a_broken_krb5_conf_is_told_or_memory_ended);
    tcase_add_loop_test(cases, settings_of_any_files_are_read_or_memory_ended, 0,
                        sizeof(worlds) / sizeof(worlds[0]));
    tcase_add_test(cases, logons_are_answered_or_memory_ended);
    tcase_add_test(cases, a_database_answers_or_memory_ended);
    tcase_add_test(cases, identities_are_made_or_memory_ended);
    tcase_add_test(cases, a_file_is_checked_again_or_memory_ended);
    tcase_add_test(cases, an_export_comes_back_or_memory_ended);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
