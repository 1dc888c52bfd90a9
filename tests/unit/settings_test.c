/* settings_test.c - what krb5.conf and the environment say, what is made of
 * it, and that a snapshot is shared and never changes. */

#include "config.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ntlm/crypto.h"
#include "ntlm/text.h"
#include "scratch.h"
#include "settings.h"
#include "suite.h"
#include "trace.h"

static const char *self; /* this program */

static void clear_environment(void)
{
    static const char *const names[] = {"NETBIOS_COMPUTER_NAME", "NETBIOS_DOMAIN_NAME",
                                        "LM_COMPAT_LEVEL", "NTLM_USER_FILE", "NTLMUSER"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        unsetenv(names[i]);
    setenv("KRB5_CONFIG", "/nonexistent/krb5.conf", 1);
}

static const struct settings *get(void)
{
    const struct settings *settings;

    ck_assert_int_eq(settings_get(&settings), NTLM_OK);
    ck_assert_ptr_nonnull(settings);
    return settings;
}

/* The settings under a krb5.conf with these lines in [ntlmssp]. Each call has
 * a file name of its own, so that nothing waits for a second to pass. */
static const struct settings *get_with(const char *lines)
{
    static int count;
    char name[32], text[2048];

    snprintf(name, sizeof(name), "krb5-%d.conf", count++ % 16);
    snprintf(text, sizeof(text), "[libdefaults]\n dns_lookup_kdc = false\n[ntlmssp]\n%s\n",
             lines);
    setenv("KRB5_CONFIG", scratch_write(name, text), 1);
    return get();
}

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

    ck_assert_ptr_null(settings->complaint);
    ck_assert_uint_eq(settings->lm_compat_level, 5);
    ck_assert(!settings->require_sign && !settings->require_seal);
    ck_assert(settings->require_128 && settings->require_ess);
    ck_assert(!settings->allow_anonymous);
    ck_assert_int_eq(settings->check_bindings, NTLM_CHECK_IF_SENT);
    ck_assert_int_eq(settings->check_target, NTLM_CHECK_OFF);
    ck_assert_uint_eq(settings->max_skew, UINT64_C(36) * 3600 * 10000000);
    ck_assert_ptr_null(settings->account_file);
    ck_assert_ptr_null(settings->user);
    ck_assert_uint_eq(settings->source_count, 0);
    ck_assert_uint_eq(settings->winbind_timeout, 30);
    ck_assert_int_eq(settings->sending, RESTRICTION_ALLOW);
    ck_assert_int_eq(settings->receiving, RESTRICTION_ALLOW);
    ck_assert_uint_eq(count_of(settings->allowed_servers), 0);
    ck_assert(!settings->domain_member);
    ck_assert(!settings->computer_named && !settings->domain_named);
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

    ck_assert_ptr_null(settings->complaint);
    ck_assert_str_eq(settings->netbios_computer, "BOX");
    ck_assert_str_eq(settings->netbios_domain, "CORP");
    ck_assert(settings->domain_member);
    ck_assert_uint_eq(settings->lm_compat_level, 2);
    ck_assert(settings->require_sign && settings->require_seal);
    ck_assert(!settings->require_128 && !settings->require_ess);
    ck_assert(settings->allow_anonymous);
    ck_assert_int_eq(settings->check_bindings, NTLM_CHECK_REQUIRED);
    ck_assert_int_eq(settings->check_target, NTLM_CHECK_IF_SENT);
    ck_assert(has(settings->target_names, "a.example"));
    ck_assert(has(settings->target_names, "b.example"));
    ck_assert(has(settings->target_names, "c.example"));
    ck_assert_uint_eq(settings->max_skew, UINT64_C(3000000000));
    ck_assert_str_eq(settings->account_file, "/etc/ntlm users");
    ck_assert_uint_eq(settings->winbind_timeout, 5);
    ck_assert_int_eq(settings->sending, RESTRICTION_DENY);
    ck_assert_int_eq(settings->receiving, RESTRICTION_AUDIT);
    ck_assert_uint_eq(count_of(settings->allowed_servers), 3);
    ck_assert(has(settings->allowed_servers, "*.OLD.EXAMPLE"));
    ck_assert(has(settings->allowed_servers, "NAS"));
    ck_assert(has(settings->allowed_servers, "\xc3\x89T\xc3\x89"));
    ck_assert(settings->computer_named && settings->domain_named);
    settings_put(settings);
}
END_TEST

static void assert_sources(const char *list, size_t count, enum account_source first)
{
    char line[64];
    const struct settings *settings;

    snprintf(line, sizeof(line), "account_sources = %s", list);
    settings = get_with(line);
    ck_assert_ptr_null(settings->complaint);
    ck_assert_uint_eq(settings->source_count, count);
    if (count > 0)
        ck_assert_int_eq(settings->sources[0], first);
    if (count > 1)
        ck_assert_int_ne(settings->sources[1], first);
    settings_put(settings);
}

START_TEST(the_sources_of_accounts_have_the_order_of_the_list)
{
    assert_sources("file winbind", 2, ACCOUNTS_IN_FILE);
    assert_sources("Winbind, FILE", 2, ACCOUNTS_IN_WINBIND);
    assert_sources("winbind", 1, ACCOUNTS_IN_WINBIND);
    assert_sources("file\n account_sources = winbind", 2, ACCOUNTS_IN_FILE);
    assert_sources("", 0, ACCOUNTS_IN_FILE);
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
    ck_assert_ptr_null(settings->complaint);
    ck_assert_str_eq(settings->netbios_computer, "ENVBOX");
    ck_assert_str_eq(settings->netbios_domain, "ENVCORP");
    ck_assert_uint_eq(settings->lm_compat_level, 3);
    ck_assert_str_eq(settings->account_file, "/env/file");
    ck_assert_str_eq(settings->user, "ENVCORP\\j\xc3\xbcrgen");
    settings_put(settings);
}
END_TEST

START_TEST(an_empty_variable_or_value_is_none)
{
    const struct settings *settings;

    setenv("LM_COMPAT_LEVEL", "", 1);
    setenv("NTLM_USER_FILE", "", 1);
    settings = get_with("lm_compat_level = 1\n account_file = \"\"\n require_sign = \"\"");
    ck_assert_ptr_null(settings->complaint);
    ck_assert_uint_eq(settings->lm_compat_level, 1);
    ck_assert_ptr_null(settings->account_file);
    settings_put(settings);
}
END_TEST

static const struct {
    const char *line, *complaint;
} mistakes[] = {
    {"lm_compat_level = banana", "lm_compat_level = banana in [ntlmssp] of krb5.conf: a number "
                                 "from 0 to 5 is wanted"},
    {"lm_compat_level = 6", "lm_compat_level = 6 in "},
    {"lm_compat_level = -1", "lm_compat_level = -1 in "},
    {"lm_compat_level = 3x", "lm_compat_level = 3x in "},
    {"require_seal = maybe", "require_seal = maybe in [ntlmssp] of krb5.conf: true or false is "
                             "wanted"},
    {"check_target_name = on", "check_target_name = on in [ntlmssp] of krb5.conf: off, if-sent "
                               "or required is wanted"},
    {"max_clock_skew = 36h", "max_clock_skew = 36h in [ntlmssp] of krb5.conf: a number of "
                             "seconds"},
    {"max_clock_skew = 99999999999999999999999", "max_clock_skew = 999"},
    {"netbios_domain_name = caf\xe9", "netbios_domain_name = caf\xe9 in "},
    {"target_names = caf\xe9", "target_names = caf\xe9 in "},
    {"account_sources = file, ldap", "account_sources = file, ldap in "},
    {"account_sources = winbind winbind", "account_sources = winbind winbind in "},
    {"winbind_timeout = 0", "winbind_timeout = 0 in "},
    {"winbind_timeout = 301", "winbind_timeout = 301 in "},
    {"client_allowed_ntlm_servers = a *b*", "client_allowed_ntlm_servers = a *b* in [ntlmssp] "
                                            "of krb5.conf: a list of hosts, each with one * "
                                            "at most, is wanted"},
    {"client_allowed_ntlm_servers = HTTP/b", "client_allowed_ntlm_servers = HTTP/b in "},
    {"client_allowed_ntlm_servers = caf\xe9", "client_allowed_ntlm_servers = caf\xe9 in "},
};

START_TEST(a_value_that_is_not_understood_is_complained_of)
{
    const struct settings *settings = get_with(mistakes[_i].line);

    ck_assert_ptr_nonnull(settings->complaint);
    ck_assert_ptr_eq(strstr(settings->complaint, mistakes[_i].complaint), settings->complaint);
    ck_assert_uint_eq(settings->lm_compat_level, 5);
    ck_assert(!settings->require_seal);
    ck_assert_int_eq(settings->check_target, NTLM_CHECK_OFF);
    ck_assert_uint_eq(settings->max_skew, UINT64_C(36) * 3600 * 10000000);
    ck_assert_str_eq(settings->netbios_domain, settings->netbios_computer);
    ck_assert_uint_eq(settings->source_count, 0);
    ck_assert_uint_eq(settings->winbind_timeout, 30);
    settings_put(settings);
}
END_TEST

/* Other settings then have their default; these would let NTLM through. */
START_TEST(a_restriction_that_is_not_understood_denies)
{
    const struct settings *settings = get_with("restrict_sending_ntlm = denied");

    ck_assert_str_eq(settings->complaint, "restrict_sending_ntlm = denied in [ntlmssp] of "
                                          "krb5.conf: allow, audit or deny is wanted");
    ck_assert_int_eq(settings->sending, RESTRICTION_DENY);
    ck_assert_int_eq(settings->receiving, RESTRICTION_ALLOW);
    settings_put(settings);
    settings = get_with("restrict_receiving_ntlm = 1");
    ck_assert_ptr_nonnull(settings->complaint);
    ck_assert_int_eq(settings->receiving, RESTRICTION_DENY);
    settings_put(settings);
}
END_TEST

START_TEST(a_variable_that_is_not_understood_is_complained_of)
{
    const struct settings *settings;

    setenv("LM_COMPAT_LEVEL", "high", 1);
    settings = get();
    ck_assert_str_eq(settings->complaint, "LM_COMPAT_LEVEL=high in the environment: a number "
                                          "from 0 to 5 is wanted");
    settings_put(settings);
}
END_TEST

START_TEST(a_broken_krb5_conf_is_complained_of_by_name)
{
    const char *good = scratch_write("good.conf", "[ntlmssp]\nlm_compat_level = 2\n");
    const char *bad = scratch_write("bad.conf", "[ntlmssp\nlm_compat_level = 1\n");
    const struct settings *settings;
    char both[300];

    snprintf(both, sizeof(both), "%s:%s", good, bad);
    setenv("KRB5_CONFIG", both, 1);
    settings = get();
    ck_assert_ptr_nonnull(settings->complaint);
    ck_assert_ptr_eq(strstr(settings->complaint, bad), settings->complaint);
    ck_assert_ptr_nonnull(strstr(settings->complaint, "yntax error"));
    ck_assert_uint_eq(settings->lm_compat_level, 5);
    settings_put(settings);
}
END_TEST

START_TEST(a_mistake_outside_of_our_section_that_krb5_refuses_is_told)
{
    const struct settings *settings;

    setenv("KRB5_CONFIG",
           scratch_write("bad.conf", "[libdefaults]\nallow_weak_crypto = perhaps\n"), 1);
    settings = get();
    ck_assert_ptr_nonnull(settings->complaint);
    ck_assert_ptr_eq(strstr(settings->complaint, "krb5.conf: "), settings->complaint);
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

START_TEST(a_name_that_means_nothing_is_traced)
{
    ck_assert_int_eq(trace_open(scratch_path("log")), NTLM_OK);
    settings_put(get_with("lm_compat_lvl = 3\n require_128 = true\n colour = blue"));
    trace_open(NULL);
    ck_assert_msg(strstr(scratch_read("log"), "passed over: colour lm_compat_lvl\n") != NULL,
                  "%s", scratch_read("log"));
}
END_TEST

START_TEST(our_own_names_are_always_target_names)
{
    const struct settings *settings = get_with("netbios_computer_name = BOX");
    char host[256], *dot;

    ck_assert_int_eq(gethostname(host, sizeof(host)), 0);
    ck_assert(has(settings->target_names, "BOX"));
    ck_assert(has(settings->target_names, host));
    dot = strchr(host, '.');
    if (dot)
        *dot = '\0';
    ck_assert(has(settings->target_names, host));
    ck_assert(has(settings->target_names, "localhost"));
    settings_put(settings);
}
END_TEST

START_TEST(a_target_name_is_there_once)
{
    const struct settings *one = get_with("netbios_computer_name = BOX");
    const struct settings *more = get_with("netbios_computer_name = BOX\n"
                                           "target_names = ,, box LOCALHOST \t box ,");

    ck_assert_uint_eq(count_of(one->target_names), count_of(more->target_names));
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
    ck_assert_ptr_null(settings->complaint);
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

START_TEST(a_snapshot_is_shared_while_nothing_changes)
{
    const struct settings *first = get_with("lm_compat_level = 1"), *second = get(), *third;

    ck_assert_ptr_eq(first, second);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 50000000}, NULL);
    third = get(); /* looked again, and found the same */
    ck_assert_ptr_eq(first, third);
    settings_put(first);
    settings_put(second);
    settings_put(third);
}
END_TEST

START_TEST(a_change_of_the_environment_counts_at_once_and_leaves_the_old_snapshot)
{
    const struct settings *before = get_with("lm_compat_level = 1"), *after;

    setenv("LM_COMPAT_LEVEL", "4", 1);
    after = get();
    ck_assert_uint_eq(after->lm_compat_level, 4);
    ck_assert_uint_eq(before->lm_compat_level, 1);
    ck_assert_mem_eq(before->machine_id, after->machine_id, sizeof(after->machine_id));
    settings_put(before);
    settings_put(after);
}
END_TEST

START_TEST(a_reference_keeps_a_snapshot)
{
    const struct settings *settings = settings_ref(get_with("lm_compat_level = 1"));

    settings_put(settings);
    settings_put(get_with("lm_compat_level = 2"));
    ck_assert_uint_eq(settings->lm_compat_level, 1);
    settings_put(settings);
    settings_put(NULL);
}
END_TEST

/* Asks until the change has come, which takes a second. */
static void *wait_for_level_two(void *arg)
{
    unsigned level;

    (void)arg;
    do {
        const struct settings *settings = get();
        level = settings->lm_compat_level;
        ck_assert(level == 1 || level == 2);
        ck_assert_uint_gt(strlen(settings->netbios_computer), 0);
        settings_put(settings);
    } while (level != 2);
    return NULL;
}

START_TEST(all_threads_see_a_change_of_the_file)
{
    pthread_t threads[4];

    setenv("KRB5_CONFIG", scratch_write("changing", "[ntlmssp]\nlm_compat_level = 1\n"), 1);
    settings_put(get());
    scratch_write("changed", "[ntlmssp]\nlm_compat_level = 2\n");
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, wait_for_level_two, NULL), 0);
    ck_assert_int_eq(rename(scratch_path("changed"), scratch_path("changing")), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}
END_TEST

static int show(void)
{
    const struct settings *settings;

    if (settings_get(&settings) != NTLM_OK)
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

static TCase *value_cases(void)
{
    TCase *cases = tcase_create("values");

    tcase_add_checked_fixture(cases, clear_environment, NULL);
    tcase_add_test(cases, without_any_setting_the_defaults_are_in_force);
    tcase_add_test(cases, krb5_conf_sets_each_of_them);
    tcase_add_test(cases, the_sources_of_accounts_have_the_order_of_the_list);
    tcase_add_test(cases, the_first_of_two_values_counts);
    tcase_add_test(cases, the_environment_is_over_krb5_conf);
    tcase_add_test(cases, an_empty_variable_or_value_is_none);
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

static TCase *mistake_cases(void)
{
    TCase *cases = tcase_create("mistakes");

    tcase_add_checked_fixture(cases, clear_environment, NULL);
    tcase_add_loop_test(cases, a_value_that_is_not_understood_is_complained_of, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(cases, a_restriction_that_is_not_understood_denies);
    tcase_add_test(cases, a_variable_that_is_not_understood_is_complained_of);
    tcase_add_test(cases, a_broken_krb5_conf_is_complained_of_by_name);
    tcase_add_test(cases, a_mistake_outside_of_our_section_that_krb5_refuses_is_told);
    tcase_add_test(cases, a_name_that_means_nothing_is_traced);
    return cases;
}

/* Where a thread that looks at everything again is for a while, with whatever
 * it holds. The linker leads that call here (--wrap). */
static atomic_int looking; /* 1: is to stay there, 2: is there */

int __real_gethostname(char *name, size_t size);
int __wrap_gethostname(char *name, size_t size);

int __wrap_gethostname(char *name, size_t size)
{
    const struct timespec while_others_fork = {.tv_nsec = 100000000};
    int wanted = 1;

    if (atomic_compare_exchange_strong(&looking, &wanted, 2))
        nanosleep(&while_others_fork, NULL);
    return __real_gethostname(name, size);
}

static void *look(void *arg)
{
    settings_put(get_with("max_clock_skew = 7"));
    return arg;
}

START_TEST(a_child_that_is_forked_while_another_thread_looks_has_settings)
{
    pthread_t other;
    int status;
    pid_t child;

    looking = 1;
    ck_assert_int_eq(pthread_create(&other, NULL, look, NULL), 0);
    while (looking != 2)
        sched_yield();
    child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        const struct settings *settings;

        signal(SIGALRM, SIG_DFL); /* Check has one of its own */
        alarm(10);
        _exit(settings_get(&settings) == NTLM_OK ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    pthread_join(other, NULL);
}
END_TEST

static TCase *snapshot_cases(void)
{
    TCase *cases = tcase_create("snapshots");

    tcase_add_checked_fixture(cases, clear_environment, NULL);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, a_snapshot_is_shared_while_nothing_changes);
    tcase_add_test(cases,
                   a_change_of_the_environment_counts_at_once_and_leaves_the_old_snapshot);
    tcase_add_test(cases, a_reference_keeps_a_snapshot);
    tcase_add_test(cases, all_threads_see_a_change_of_the_file);
    tcase_add_test(cases, a_child_that_is_forked_while_another_thread_looks_has_settings);
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
    suite_add_tcase(suite, mistake_cases());
    suite_add_tcase(suite, snapshot_cases());
    return suite_run(suite);
}
