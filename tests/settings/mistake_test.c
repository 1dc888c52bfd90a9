/* SPDX-License-Identifier: MIT */
/* mistake_test.c - settings that are not understood: in which words
 * the error says so. */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scratch.h"
#include "settings_fixture.h"
#include "suite.h"

#define assert_says(text, part) ck_assert_msg(strstr(text, part) != NULL, "%s", text)

static const struct {
    const char *line, *error_text;
} mistakes[] = {
    {"lm_compat_level = banana", "lm_compat_level = banana in [ntlmssp] of krb5.conf: must be "
                                 "a number from 0 to 5"},
    {"lm_compat_level = 6", "lm_compat_level = 6 in "},
    {"lm_compat_level = -1", "lm_compat_level = -1 in "},
    {"lm_compat_level = 3x", "lm_compat_level = 3x in "},
    {"require_seal = maybe", "require_seal = maybe in [ntlmssp] of krb5.conf: must be true or "
                             "false"},
    {"check_target_name = on", "check_target_name = on in [ntlmssp] of krb5.conf: must be off, "
                               "if-sent or required"},
    {"max_clock_skew = 36h", "max_clock_skew = 36h in [ntlmssp] of krb5.conf: must be a "
                             "number from 0 to 4294967295"},
    {"max_clock_skew = 99999999999999999999999", "max_clock_skew = 999"},
    {"netbios_domain_name = caf\xe9", "netbios_domain_name = caf\\xe9 in "},
    {"target_names = caf\xe9", "target_names = caf\\xe9 in "},
    {"account_sources = file, ldap", "account_sources = file, ldap in [ntlmssp] of krb5.conf: "
                                     "must be a list of file or winbind, each once"},
    {"account_sources = winbind winbind", "account_sources = winbind winbind in "},
    {"winbind_timeout = 0", "winbind_timeout = 0 in "},
    {"winbind_timeout = 301", "winbind_timeout = 301 in "},
    {"restrict_sending_ntlm = denied", "restrict_sending_ntlm = denied in [ntlmssp] of "
                                       "krb5.conf: must be allow, audit or deny"},
    {"restrict_receiving_ntlm = 1", "restrict_receiving_ntlm = 1 in "},
    {"client_allowed_ntlm_servers = a *b*", "client_allowed_ntlm_servers = a *b* in [ntlmssp] "
                                            "of krb5.conf: must be a list of host names, "
                                            "each with at most one *, and no comment"},
    {"client_allowed_ntlm_servers = HTTP/b", "client_allowed_ntlm_servers = HTTP/b in "},
    {"client_allowed_ntlm_servers = caf\xe9", "client_allowed_ntlm_servers = caf\\xe9 in "},
    {"client_allowed_ntlm_servers = nas ; not *.example.com", "client_allowed_ntlm_servers = "},
    {"allowed_system_accounts = www-data # not root",
     "allowed_system_accounts = www-data # not root in [ntlmssp] of krb5.conf: must be a list "
     "of "
     "UTF-8 text, and no comment"},
    {"target_names = #old", "target_names = #old in "},
    {"require_sign = true # please", "require_sign = true # please in "},
};

START_TEST(a_value_that_is_not_understood_leaves_no_settings)
{
    const char *text = get_error_with(mistakes[_i].line);

    ck_assert_msg(strstr(text, mistakes[_i].error_text) == text, "%s", text);
}
END_TEST

START_TEST(a_variable_that_is_not_understood_leaves_no_settings)
{
    setenv("LM_COMPAT_LEVEL", "high", 1);
    ck_assert_str_eq(get_error(), "LM_COMPAT_LEVEL=high in the environment: must be a number "
                                  "from 0 to 5");
}
END_TEST

START_TEST(settings_are_there_again_when_the_mistake_is_mended)
{
    get_error_with("lm_compat_level = 6");
    settings_put(get_with("lm_compat_level = 5"));
}
END_TEST

START_TEST(a_broken_krb5_conf_is_complained_of_by_name)
{
    const char *good = scratch_write("good.conf", "[ntlmssp]\nlm_compat_level = 2\n");
    const char *bad = scratch_write("bad.conf", "[ntlmssp\nlm_compat_level = 1\n");
    const char *text;
    char both[300];

    snprintf(both, sizeof(both), "%s:%s", good, bad);
    setenv("KRB5_CONFIG", both, 1);
    text = get_error();
    ck_assert_ptr_eq(strstr(text, bad), text);
    assert_says(text, ", line 1: the section's heading has no ]");
}
END_TEST

START_TEST(a_mistake_outside_of_our_section_that_krb5_refuses_is_told)
{
    const char *text;

    setenv("KRB5_CONFIG",
           scratch_write("bad.conf", "[libdefaults]\nallow_weak_crypto = perhaps\n"), 1);
    text = get_error();
    ck_assert_ptr_eq(strstr(text, "krb5.conf: "), text);
}
END_TEST

/* Whole files, of which only the settings' names and places are wrong. */
static const struct {
    const char *text, *error_text;
} strays[] = {
    {"[ntlmssp]\nrequire_sgin = true\n",
     ", line 2: [ntlmssp] has no setting require_sgin; did you mean require_sign?"},
    {"[ntlmssp]\nRequire_Sign = true\n",
     "[ntlmssp] has no setting Require_Sign; did you mean require_sign?"},
    {"[ntlmssp]\nrequire-sign = true\n", "no setting require-sign; did you mean require_sign?"},
    {"[ntlmssp]\nlm_compat_level = 5\n\n# x\n colour=blue\n",
     ", line 5: [ntlmssp] has no setting colour"},
    {"[ntlmssp]\nNTLM_USER_FILE = /etc/users\n", "[ntlmssp] has no setting NTLM_USER_FILE"},
    {"[ntlmssp]\nrequire_sign = {\n x = true\n}\n", "require_sign needs a value on its line"},
    {"[ntlmssp]\ntarget_names =\n", "target_names needs a value on its line"},
    {"[ntlmssp]\ntarget_names = \v\n", "target_names needs a value on its line"},
    {"[ntlmssp]\ntarget_names = a\n target_names =\f\n",
     "target_names needs a value on its line"},
    {"[ntlmssp]\n\f[nltmssp]\n", "did you mean [ntlmssp]"},
    {"[ntlmssp]\n\vtarget_nmaes = a\n", "did you mean target_names"},
    {"[ntlmsspp]\nrequire_sign = true\n",
     ", line 1: nothing reads the section [ntlmsspp]; did you mean [ntlmssp]?"},
    {"[NTLMSSP]\nrequire_sign = true\n", "nothing reads the section [NTLMSSP]; "},
    {"[ ntlmssp ]\nrequire_sign = true\n", "nothing reads the section [ ntlmssp ]; "},
    {"[ntlmsps]\n x = y\n", "nothing reads the section [ntlmsps]; "},
    {"[nltmssp]\n x = y\n", "nothing reads the section [nltmssp]; "},
    {"[ntmlsp]\n x = y\n", "nothing reads the section [ntmlsp]; "},
    {"[ntlm]\n x = y\n", "nothing reads the section [ntlm]; "},
    {"[gss-ntlmssp]\n x = y\n", "nothing reads the section [gss-ntlmssp]; "},
    {"[libdefaults]\nrequire_sign = true\n",
     ", line 2: nothing reads require_sign here; it belongs in [ntlmssp]"},
    {"[libdefaults]\nrequire_sgin = true\n",
     ", line 2: nothing reads require_sgin here; did you mean require_sign in [ntlmssp]?"},
    {"[spnego]\nRestrict-Receiving-NTLM = deny\n",
     "nothing reads Restrict-Receiving-NTLM here; did you mean restrict_receiving_ntlm in "},
    {"module /nonexistent:x\n[ntlmssp]\nrequire_sign = true\n", "module declaration"},
    {"[mine]\nrestrict_receiving_ntlm = deny\n", "nothing reads restrict_receiving_ntlm here"},
    {"[realms]\nA = {\n account_file = /x\n}\n", "nothing reads account_file here"},
    {"[appdefaults]\nntlmssp = {\n require_sign = true\n}\n",
     "nothing reads the subsection ntlmssp; "},
    {"[libdefaults]\nNTLM = {\n require_sign = true\n}\n",
     "nothing reads the subsection NTLM; "},
    {"require_sign = true\n[ntlmssp]\n", "nothing reads require_sign here"},
    {" [ntlmssp]\nrequire_sign = true\n", "nothing reads require_sign here"},
    {"\xef\xbb\xbf[ntlmssp]\nrequire_sign = true\n", "nothing reads require_sign here"},
    {"[ntlmssp]\nrequire_sign = \"\"\n", ", line 2: require_sign needs a value on its line"},
    {"# x\nINCLUDE /etc/x\n", ", line 2: nothing reads this line; to include files, begin it "},
    {" include /etc/x\n", "begin it with \"include \""},
    {"\tincludedir /etc/x\n", "begin it with \"includedir \""},
    {"includ /etc/x\n", "begin it with \"include \""},
    {"include:/etc/x\n", "begin it with \"include \""},
    {"include_dir /etc/x\n", "begin it with \"includedir \""},
    {"\xef\xbb\xbfinclude /etc/x\n", "begin it with \"include \""},
};

/* A NUL character, before and in a line of ours, and in another program's. */
static const struct {
    const char *text;
    size_t len;
} nuls[] = {
    {"[ntlmssp]\n\0 require_sign = true\n", 33},
    {"[ntlmssp]\n require_sign = true\0x\n", 33},
    {"[libdefaults]\n a = b\0\n[ntlmssp]\n", 32},
};

START_TEST(a_nul_character_leaves_no_settings)
{
    char name[32];

    snprintf(name, sizeof(name), "nul-%d.conf", _i);
    setenv("KRB5_CONFIG", scratch_write_bytes(name, nuls[_i].text, nuls[_i].len), 1);
    assert_says(get_error(), ", line 2: the line has a NUL character");
}
END_TEST

START_TEST(a_setting_that_nothing_reads_leaves_no_settings)
{
    const char *text;
    char name[32];

    /* a name of its own: a file is looked at again only after a second */
    snprintf(name, sizeof(name), "stray-%d.conf", _i);
    setenv("KRB5_CONFIG", scratch_write(name, strays[_i].text), 1);
    text = get_error();
    assert_says(text, strays[_i].error_text);
}
END_TEST

/* Each section of krb5.conf(5) and of kdc.conf(5), and what other programs keep
 * there. */
START_TEST(what_other_programs_have_in_krb5_conf_is_theirs)
{
    setenv("KRB5_CONFIG",
           scratch_write("theirs.conf",
                         "[libdefaults]\n default_realm = EXAMPLE.COM\n clockskew = 300\n"
                         "[realms]\n EXAMPLE.COM = {\n  kdc = kdc.example.com\n }\n"
                         "[domain_realm]\n .example.com = EXAMPLE.COM\n ntlm = EXAMPLE.COM\n"
                         "[capaths]\n A.COM = {\n  B.COM = .\n }\n"
                         "[appdefaults]\n pam = {\n  debug = false\n }\n user = x\n"
                         "[plugins]\n clpreauth = {\n  enable_only = spake\n }\n"
                         "[dbmodules]\n x = {\n  db_library = db2\n }\n[dbdefaults]\n a = b\n"
                         "[kdcdefaults]\n a = b\n[kdc]\n a = b\n[kadmin]\n a = b\n"
                         "[logging]\n kdc = SYSLOG\n[login]\n a = b\n[otp]\n a = b\n"
                         "[gssapi]\n a = b\n[kcm]\n a = b\n[password_quality]\n a = b\n"
                         "[sssd]\n a = b\n[ntp]\n a = b\n[nss]\n a = b\n[smb]\n a = b\n"
                         "[ntlmssp]\n lm_compat_level = 4\n"),
           1);
    settings_put(get());
}
END_TEST

START_TEST(a_file_of_the_list_that_cannot_be_read_leaves_no_settings)
{
    const char *good = scratch_write("good.conf", "[ntlmssp]\nlm_compat_level = 2\n");
    char list[600];

    snprintf(list, sizeof(list), "%s:%s", good, scratch_path(""));
    setenv("KRB5_CONFIG", list, 1);
    assert_says(get_error(), ": Is a directory");
    if (geteuid() != 0) {
        puts("skipped: a file without permission (only root can make one)");
        return;
    }
    snprintf(list, sizeof(list), "%s:%s", good,
             scratch_write("bad.conf", "[ntlmssp]\nrequire_sign = true\n"));
    ck_assert_int_eq(chmod(good, 0644), 0);
    ck_assert_int_eq(chmod(scratch_path("bad.conf"), 0), 0);
    ck_assert_int_eq(chmod(scratch_path(""), 0755), 0);
    setenv("KRB5_CONFIG", list, 1);
    ck_assert_int_eq(seteuid(65534), 0);
    assert_says(get_error(), "/bad.conf: Permission denied");
    ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

/* Nobody writes to the pipe, and the device has no end: neither is read. */
START_TEST(what_is_no_file_is_not_read)
{
    char error_text[300];

    ck_assert_int_eq(mkfifo(scratch_path("pipe"), 0600), 0);
    setenv("KRB5_CONFIG", scratch_path("pipe"), 1);
    snprintf(error_text, sizeof(error_text), "%s: not a regular file", scratch_path("pipe"));
    ck_assert_str_eq(get_error(), error_text);
    ck_assert_int_eq(unlink(scratch_path("pipe")), 0);
    setenv("KRB5_CONFIG", "/dev/zero", 1);
    ck_assert_str_eq(get_error(), "/dev/zero: not a regular file");
    setenv("KRB5_CONFIG", "/dev/null", 1);
    settings_put(get());
}
END_TEST

static const struct {
    const char *line, *error_text;
} includes[] = {
    {"include /nonexistent/krb5.conf\n", "/nonexistent/krb5.conf: No such file or directory"},
    {"includedir /nonexistent\n", "/nonexistent: No such file or directory"},
    {"include /\n", "/: Is a directory"},
    {"include /dev/zero\n", "/dev/zero: not a regular file"},
};

START_TEST(an_include_that_cannot_be_read_leaves_no_settings)
{
    char name[32];

    snprintf(name, sizeof(name), "outer-%d.conf", _i);
    setenv("KRB5_CONFIG", scratch_write(name, includes[_i].line), 1);
    ck_assert_str_eq(get_error(), includes[_i].error_text);
}
END_TEST

/* Nor is the directory left open. */
START_TEST(what_an_included_directory_has_is_read)
{
    const char *directory = scratch_path("included.d");
    const struct settings *settings;
    char text[300], path[300];
    FILE *file;

    ck_assert_int_eq(mkdir(directory, 0755), 0);
    snprintf(path, sizeof(path), "%s/one.conf", directory);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("[ntlmssp]\n require_seal = true\n", file);
    ck_assert_int_eq(fclose(file), 0);
    snprintf(text, sizeof(text), "includedir %s\n", directory);
    setenv("KRB5_CONFIG", scratch_write("including.conf", text), 1);
    settings = get();
    ck_assert(settings->require_seal);
    settings_put(settings);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(directory), 0);
}
END_TEST

START_TEST(files_that_include_each_other_leave_no_settings)
{
    char text[300];

    snprintf(text, sizeof(text), "include %s\n", scratch_path("circle.conf"));
    setenv("KRB5_CONFIG", scratch_write("circle.conf", text), 1);
    assert_says(get_error(), "circle.conf: Too many levels");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings mistakes");
    TCase *cases = tcase_create("mistakes");

    scratch_begin();
    tcase_add_checked_fixture(cases, settings_begin, NULL);
    tcase_add_loop_test(cases, a_value_that_is_not_understood_leaves_no_settings, 0,
                        sizeof(mistakes) / sizeof(mistakes[0]));
    tcase_add_test(cases, settings_are_there_again_when_the_mistake_is_mended);
    tcase_add_test(cases, a_variable_that_is_not_understood_leaves_no_settings);
    tcase_add_test(cases, a_broken_krb5_conf_is_complained_of_by_name);
    tcase_add_test(cases, a_mistake_outside_of_our_section_that_krb5_refuses_is_told);
    tcase_add_loop_test(cases, a_setting_that_nothing_reads_leaves_no_settings, 0,
                        sizeof(strays) / sizeof(strays[0]));
    tcase_add_loop_test(cases, a_nul_character_leaves_no_settings, 0,
                        sizeof(nuls) / sizeof(nuls[0]));
    tcase_add_test(cases, what_other_programs_have_in_krb5_conf_is_theirs);
    tcase_add_test(cases, a_file_of_the_list_that_cannot_be_read_leaves_no_settings);
    tcase_add_loop_test(cases, an_include_that_cannot_be_read_leaves_no_settings, 0,
                        sizeof(includes) / sizeof(includes[0]));
    tcase_add_test(cases, what_is_no_file_is_not_read);
    tcase_add_test(cases, what_an_included_directory_has_is_read);
    tcase_add_test(cases, files_that_include_each_other_leave_no_settings);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
