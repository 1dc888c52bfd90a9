/* SPDX-License-Identifier: MIT */
/* settings_test.c - what krb5.conf, the environment and the host's name say, and
 * what is made of it. */

#include "config.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "ntlm/acceptor.h"
#include "ntlm/crypto.h"
#include "scratch.h"
#include "settings/sources.h"
#include "settings_fixture.h"
#include "suite.h"
#include "support/trace.h"

static const char *self; /* this program */

static bool has(char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static size_t count_of(char *const *names)
{
    size_t count = 0;

    while (names[count])
        count++;
    return count;
}

START_TEST(without_any_setting_the_defaults_are_in_force)
{
    const struct settings *settings = get();

    ck_assert_uint_eq(settings->lm_compat_level, 5);
    ck_assert(!settings->require_sign && !settings->require_seal);
    ck_assert(settings->require_128 && settings->require_ess);
    ck_assert(!settings->allow_anonymous);
    ck_assert_int_eq(settings->require_channel_bindings, false);
    ck_assert_int_eq(settings->check_target_name, NTLM_CHECK_OFF);
    ck_assert_uint_eq(settings->max_clock_skew, 36 * 3600);
    ck_assert_ptr_null(settings->account_file);
    ck_assert_ptr_null(settings->user);
    ck_assert_uint_eq(settings->account_sources.count, 0);
    ck_assert_uint_eq(settings->winbind_timeout, 30);
    ck_assert_int_eq(settings->restrict_sending_ntlm, RESTRICTION_ALLOW);
    ck_assert_int_eq(settings->restrict_receiving_ntlm, RESTRICTION_ALLOW);
    ck_assert_uint_eq(count_of(settings->client_allowed_ntlm_servers), 0);
    ck_assert(!settings->domain_member);
    ck_assert(!settings->netbios_computer_name && !settings->netbios_domain_name);
    ck_assert_str_eq(settings->netbios_domain, settings->netbios_computer);
    settings_put(settings);
}
END_TEST

START_TEST(krb5_conf_sets_each_of_them)
{
    const struct settings *settings =
        get_with("netbios_computer_name = BOX\n netbios_domain_name = CORP\n"
                 "lm_compat_level = 2\n require_sign = yes\n require_seal = 1\n"
                 "require_128 = no\n require_ess = OFF\n allow_anonymous = t\n"
                 "require_channel_bindings = true\n check_target_name = if-sent\n"
                 "target_names = a.example, b.example\n target_names = c.example\n"
                 "max_clock_skew = 300\n account_file = /etc/ntlm users\n"
                 "winbind_timeout = 5\n"
                 "restrict_sending_ntlm = deny\n restrict_receiving_ntlm = audit\n"
                 "client_allowed_ntlm_servers = *.old.example, nas\n"
                 "client_allowed_ntlm_servers = \xc3\xa9t\xc3\xa9\n");

    ck_assert_str_eq(settings->netbios_computer, "BOX");
    ck_assert_str_eq(settings->netbios_domain, "CORP");
    ck_assert(settings->domain_member);
    ck_assert_uint_eq(settings->lm_compat_level, 2);
    ck_assert(settings->require_sign && settings->require_seal);
    ck_assert(!settings->require_128 && !settings->require_ess);
    ck_assert(settings->allow_anonymous);
    ck_assert_int_eq(settings->require_channel_bindings, true);
    ck_assert_int_eq(settings->check_target_name, NTLM_CHECK_IF_SENT);
    ck_assert(has(settings->target_names, "a.example"));
    ck_assert(has(settings->target_names, "b.example"));
    ck_assert(has(settings->target_names, "c.example"));
    ck_assert_uint_eq(settings->max_clock_skew, 300);
    ck_assert_str_eq(settings->account_file, "/etc/ntlm users");
    ck_assert_uint_eq(settings->winbind_timeout, 5);
    ck_assert_int_eq(settings->restrict_sending_ntlm, RESTRICTION_DENY);
    ck_assert_int_eq(settings->restrict_receiving_ntlm, RESTRICTION_AUDIT);
    ck_assert_uint_eq(count_of(settings->client_allowed_ntlm_servers), 3);
    ck_assert(has(settings->client_allowed_ntlm_servers, "*.OLD.EXAMPLE"));
    ck_assert(has(settings->client_allowed_ntlm_servers, "NAS"));
    ck_assert(has(settings->client_allowed_ntlm_servers, "\xc3\x89T\xc3\x89"));
    ck_assert(settings->netbios_computer_name && settings->netbios_domain_name);
    settings_put(settings);
}
END_TEST

static void assert_sources(const char *list, size_t count, enum account_source first)
{
    char line[64];
    const struct settings *settings;

    snprintf(line, sizeof(line), "account_sources = %s", list);
    settings = get_with(line);
    ck_assert_uint_eq(settings->account_sources.count, count);
    if (count > 0)
        ck_assert_int_eq(settings->account_sources.choice[0], first);
    if (count > 1)
        ck_assert_int_ne(settings->account_sources.choice[1], first);
    settings_put(settings);
}

START_TEST(the_sources_of_accounts_have_the_order_of_the_list)
{
    assert_sources("file winbind", 2, ACCOUNTS_IN_FILE);
    assert_sources("Winbind, FILE", 2, ACCOUNTS_IN_WINBIND);
    assert_sources("winbind", 1, ACCOUNTS_IN_WINBIND);
    assert_sources("file\n account_sources = winbind", 2, ACCOUNTS_IN_FILE);
    assert_sources("\"\"", 0, ACCOUNTS_IN_FILE);
    assert_sources(" ,", 0, ACCOUNTS_IN_FILE);
}
END_TEST

START_TEST(the_first_of_two_values_counts)
{
    const struct settings *settings = get_with("lm_compat_level = 1\nlm_compat_level = 4");

    ck_assert_uint_eq(settings->lm_compat_level, 1);
    settings_put(settings);
}
END_TEST

START_TEST(the_environment_is_over_krb5_conf)
{
    const struct settings *settings;

    setenv("NETBIOS_COMPUTER_NAME", "ENVBOX", 1);
    setenv("NETBIOS_DOMAIN_NAME", "ENVCORP", 1);
    setenv("LM_COMPAT_LEVEL", "3", 1);
    setenv("NTLM_USER_FILE", "/env/file", 1);
    setenv("NTLMUSER", "ENVCORP\\j\xc3\xbcrgen", 1);
    settings = get_with("netbios_computer_name = BOX\n netbios_domain_name = CORP\n"
                        "lm_compat_level = banana\n account_file = /etc/file\n");
    ck_assert_str_eq(settings->netbios_computer, "ENVBOX");
    ck_assert_str_eq(settings->netbios_domain, "ENVCORP");
    ck_assert_uint_eq(settings->lm_compat_level, 3);
    ck_assert_str_eq(settings->user_file, "/env/file");
    ck_assert_str_eq(settings_account_file(settings), "/env/file");
    ck_assert_str_eq(settings->user, "ENVCORP\\j\xc3\xbcrgen");
    settings_put(settings);
}
END_TEST

START_TEST(a_servers_account_file_has_a_variable_of_its_own)
{
    const struct settings *settings;

    settings = get_with("account_file = /etc/file\n");
    ck_assert_str_eq(settings_account_file(settings), "/etc/file");
    ck_assert_ptr_null(settings->user_file);
    settings_put(settings);
    setenv("NTLM_USER_FILE", "/env/both", 1);
    settings = get_with("account_file = /etc/file\n");
    ck_assert_str_eq(settings_account_file(settings), "/env/both");
    settings_put(settings);
    setenv("NTLM_ACCOUNT_FILE", "/env/accounts", 1);
    settings = get_with("account_file = /etc/file\n");
    ck_assert_str_eq(settings_account_file(settings), "/env/accounts");
    ck_assert_str_eq(settings->user_file, "/env/both");
    settings_put(settings);
}
END_TEST

START_TEST(an_empty_variable_is_none)
{
    const struct settings *settings;

    setenv("LM_COMPAT_LEVEL", "", 1);
    setenv("NTLM_USER_FILE", "", 1);
    settings = get_with("lm_compat_level = 1\n");
    ck_assert_uint_eq(settings->lm_compat_level, 1);
    ck_assert_ptr_null(settings->user_file);
    settings_put(settings);
}
END_TEST

START_TEST(included_files_count)
{
    const char *inner = scratch_write("inner.conf", "[ntlmssp]\nlm_compat_level = 4\n");
    const struct settings *settings;
    char text[300];

    snprintf(text, sizeof(text), "include %s\n", inner);
    setenv("KRB5_CONFIG", scratch_write("outer.conf", text), 1);
    settings = get();
    ck_assert_uint_eq(settings->lm_compat_level, 4);
    settings_put(settings);
}
END_TEST

START_TEST(our_own_names_are_always_target_names)
{
    const struct settings *settings = get_with("netbios_computer_name = BOX");
    char host[256], *dot;

    ck_assert_int_eq(gethostname(host, sizeof(host)), 0);
    ck_assert(has(settings->hosts, "BOX"));
    ck_assert(has(settings->hosts, host));
    dot = strchr(host, '.');
    if (dot)
        *dot = '\0';
    ck_assert(has(settings->hosts, host));
    ck_assert(has(settings->hosts, "localhost"));
    settings_put(settings);
}
END_TEST

START_TEST(a_target_name_is_there_once)
{
    const struct settings *one = get_with("netbios_computer_name = BOX");
    const struct settings *more = get_with("netbios_computer_name = BOX\n"
                                           "target_names = ,, box LOCALHOST \t box ,");

    ck_assert_uint_eq(count_of(one->hosts), count_of(more->hosts));
    settings_put(one);
    settings_put(more);
}
END_TEST

START_TEST(a_domain_named_like_the_computer_is_no_membership)
{
    const struct settings *settings = get_with("netbios_computer_name = BOX\n"
                                               "netbios_domain_name = box");

    ck_assert_str_eq(settings->netbios_domain, "box");
    ck_assert(!settings->domain_member);
    settings_put(settings);
}
END_TEST

static const struct {
    const char *host, *computer, *dns_computer, *dns_domain;
} hosts[] = {
    {"mailserver", "MAILSERVER", NULL, NULL},
    {"mail.example.com", "MAIL", "mail.example.com", "example.com"},
    {"a-rather-long-name.example", "A-RATHER-LONG-N", "a-rather-long-name.example", "example"},
    {"m\xc3\xbcller", "M\xc3\x9cLLER", NULL, NULL},
    {"trailing.", "TRAILING", NULL, NULL},
    {"bad\xff", "LOCALHOST", NULL, NULL},
    {"", "LOCALHOST", NULL, NULL},
};

START_TEST(names_come_from_the_hosts_name)
{
    const char *host = hosts[_i].host;
    const struct settings *settings;

    if (unshare(CLONE_NEWUTS) != 0 || sethostname(host, strlen(host)) != 0) {
        puts("skipped: names_come_from_the_hosts_name (only root can set the host's name)");
        return;
    }
    settings = get_with("");
    ck_assert_str_eq(settings->netbios_computer, hosts[_i].computer);
    ck_assert_pstr_eq(settings->dns_computer, hosts[_i].dns_computer);
    ck_assert_pstr_eq(settings->dns_domain, hosts[_i].dns_domain);
    settings_put(settings);
}
END_TEST

START_TEST(the_machine_id_is_this_boots)
{
    static const char label[] = "gss-negotiate machine id";
    const struct settings *settings = get();
    uint8_t expected[32];
    char boot[36];
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

    ck_assert_int_eq(read(fd, boot, sizeof(boot)), sizeof(boot));
    close(fd);
    ntlm_sha256(
        (struct ntlm_bytes[]){ntlm_bytes(label, strlen(label)), ntlm_bytes(boot, sizeof(boot))},
        2, expected);
    ck_assert_mem_eq(settings->machine_id, expected, sizeof(expected));
    settings_put(settings);
}
END_TEST

static int show(void)
{
    const struct settings *settings;

    if (settings_get(&settings))
        return 1;
    printf("level %u, file %s, trace %s\n", settings->lm_compat_level,
           settings->account_file ? settings->account_file : "none", trace_on() ? "on" : "off");
    settings_put(settings);
    fflush(stdout);
    _exit(0); /* a sanitizer can't look for leaks in a set-uid process */
}

/* A copy of this program that runs as another user, whoever starts it. */
static const char *make_set_uid_program(void)
{
    const char *path = scratch_path("set-uid");
    struct statvfs fs;
    char command[1024];

    if (geteuid() != 0 || statvfs(scratch_path(""), &fs) != 0 || fs.f_flag & ST_NOSUID)
        return NULL;
    snprintf(command, sizeof(command), "cp '%s' '%s'", self, path);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(chown(path, 65534, 65534), 0);
    ck_assert_int_eq(chmod(path, 04755), 0);
    ck_assert_int_eq(chmod(scratch_path(""), 0755), 0);
    return path;
}

START_TEST(a_set_uid_program_is_not_steered)
{
    const char *program = make_set_uid_program();
    char command[1024], line[200] = "";
    FILE *output;

    if (!program) {
        puts("skipped: a_set_uid_program_is_not_steered (only root can make one)");
        return;
    }
    snprintf(command, sizeof(command),
             "KRB5_CONFIG=%s LM_COMPAT_LEVEL=3 NTLM_USER_FILE=/x "
             "NTLM_TRACE=- %s show",
             scratch_write("steer.conf", "[ntlmssp]\nlm_compat_level = 1\n"), program);
    output = popen(command, "r");
    ck_assert_ptr_nonnull(fgets(line, sizeof(line), output));
    ck_assert_int_eq(pclose(output), 0);
    unlink(program);
    ck_assert_str_eq(line, "level 5, file none, trace off\n");
}
END_TEST

static bool winbind_runs(void)
{
    return true;
}

static bool no_winbind_runs(void)
{
    return false;
}

/* F: the file, K: the keyring, W: winbind. */
static const struct {
    const char *listed;
    bool file, keyring, winbind;
    const char *order;
} identities[] = {
    {"", true, true, true, "FK"},     {"", true, true, false, "FK"},
    {"", false, true, true, "KW"},    {"", false, true, false, "K"},
    {"", false, false, true, "W"},    {"", true, false, true, "F"},
    {"FW", true, true, false, "FKW"}, {"WF", true, true, false, "KWF"},
    {"W", true, true, false, "KW"},   {"FW", false, false, false, "W"},
};

START_TEST(a_clients_keyring_comes_before_winbind)
{
    static const char letters[] = {
        [ACCOUNTS_IN_FILE] = 'F', [ACCOUNTS_IN_WINBIND] = 'W', [ACCOUNTS_IN_KEYRING] = 'K'};
    struct settings settings = {
        .user_file = (char *)(uintptr_t)(identities[_i].file ? "/accounts" : NULL),
        .login_keyring = identities[_i].keyring ? LOGIN_KEYRING_SESSION : LOGIN_KEYRING_OFF};
    char order[ACCOUNT_SOURCE_COUNT + 1] = "";
    struct source_order found;

    for (const char *at = identities[_i].listed; *at; at++)
        settings.account_sources.choice[settings.account_sources.count++] =
            *at == 'F' ? ACCOUNTS_IN_FILE : ACCOUNTS_IN_WINBIND;
    found = settings_identity_sources(&settings,
                                      identities[_i].winbind ? winbind_runs : no_winbind_runs);
    for (size_t i = 0; i < found.count; i++)
        order[i] = letters[found.sources[i]];
    ck_assert_str_eq(order, identities[_i].order);
}
END_TEST

static TCase *value_cases(void)
{
    TCase *cases = tcase_create("values");

    tcase_add_checked_fixture(cases, settings_begin, NULL);
    tcase_add_test(cases, without_any_setting_the_defaults_are_in_force);
    tcase_add_test(cases, krb5_conf_sets_each_of_them);
    tcase_add_test(cases, the_sources_of_accounts_have_the_order_of_the_list);
    tcase_add_loop_test(cases, a_clients_keyring_comes_before_winbind, 0,
                        sizeof(identities) / sizeof(identities[0]));
    tcase_add_test(cases, the_first_of_two_values_counts);
    tcase_add_test(cases, the_environment_is_over_krb5_conf);
    tcase_add_test(cases, a_servers_account_file_has_a_variable_of_its_own);
    tcase_add_test(cases, an_empty_variable_is_none);
    tcase_add_test(cases, included_files_count);
    tcase_add_test(cases, our_own_names_are_always_target_names);
    tcase_add_test(cases, a_target_name_is_there_once);
    tcase_add_test(cases, a_domain_named_like_the_computer_is_no_membership);
    tcase_add_loop_test(cases, names_come_from_the_hosts_name, 0,
                        sizeof(hosts) / sizeof(hosts[0]));
    tcase_add_test(cases, the_machine_id_is_this_boots);
    tcase_add_test(cases, a_set_uid_program_is_not_steered);
    return cases;
}

int main(int argc, char **argv)
{
    Suite *suite = suite_create("settings");

    if (argc == 2 && strcmp(argv[1], "show") == 0)
        return show();
    self = argv[0];
    scratch_begin();
    suite_add_tcase(suite, value_cases());
    return suite_run(suite);
}
