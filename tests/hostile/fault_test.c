/* SPDX-License-Identifier: MIT */
/* fault_test.c - logins through the mechglue in which one call fails: of OpenSSL, of what
 * reads files, sockets and the kernel's random numbers. Whichever it is, a login ends as it
 * should or with a clean error, and what is forbidden is never let in. */

#include "config.h"

#include "fault_login.h"
#include "fault_run.h"
#include "kdc.h"
#include "scratch.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
#define ALL (GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG)

/* ---- the logins ---- */

/* The first ones are allowed. */
#define ALLOWED 4
static const struct scenario {
    const char *name, *settings;
    struct fault_login login;
    bool forbidden, negotiated;
} scenarios[] = {
    {.name = "password, channel bindings",
     .login = {.user = "TESTDOM\\alice",
               .password = "Wonderland 7",
               .flags = ALL,
               .client_bindings = "tls",
               .server_bindings = "tls"}},
    {.name = "the login file", .login = {.flags = ALL}},
    {.name = "NTLM in SPNEGO",
     .login = {.user = "TESTDOM\\alice",
               .password = "Wonderland 7",
               .flags = ALL,
               .client_bindings = "tls",
               .server_bindings = "tls"},
     .negotiated = true},
    {.name = "NTLMv1",
     .settings = " lm_compat_level = 2\n require_ess = false\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7", .flags = ALL}},
    {.name = "a wrong password",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 8", .flags = ALL},
     .forbidden = true},
    {.name = "an empty password",
     .login = {.user = "TESTDOM\\alice", .password = ""},
     .forbidden = true},
    {.name = "an unknown user",
     .login = {.user = "TESTDOM\\mallory", .password = "Wonderland 7"},
     .forbidden = true},
    {.name = "bindings to another channel",
     .login = {.user = "TESTDOM\\alice",
               .password = "Wonderland 7",
               .client_bindings = "tls",
               .server_bindings = "other"},
     .forbidden = true},
    {.name = "require_channel_bindings",
     .settings = " require_channel_bindings = true\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7"},
     .forbidden = true},
    {.name = "require_sign",
     .settings = " require_sign = true\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7"},
     .forbidden = true},
    {.name = "restrict_receiving_ntlm",
     .settings = " restrict_receiving_ntlm = deny\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7", .flags = ALL},
     .forbidden = true},
    {.name = "restrict_sending_ntlm",
     .settings = " restrict_sending_ntlm = deny\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7", .flags = ALL},
     .forbidden = true},
    {.name = "a wrong password in SPNEGO",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 8", .flags = ALL},
     .forbidden = true,
     .negotiated = true},
    {.name = "restrict_receiving_ntlm in SPNEGO",
     .settings = " restrict_receiving_ntlm = deny\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7"},
     .forbidden = true,
     .negotiated = true},
};

/* Returns whether it ended as it does when nothing fails. */
static bool operation(const void *argument, char *wrong)
{
    const struct scenario *scenario = argument;
    struct fault_login login = scenario->login;
    struct fault_outcome outcome;

    login.mech = scenario->negotiated ? SPNEGO : NTLMSSP;
    if (!login.source)
        login.source = "TESTDOM\\alice";
    fault_login(&login, &outcome);
    strcpy(wrong, outcome.wrong);
    if (scenario->forbidden && outcome.let_in)
        strcpy(wrong, "IT IS LET IN");
    else if (scenario->forbidden && outcome.whole)
        strcpy(wrong, "it goes on");
    if (!scenario->forbidden && !outcome.whole && !*outcome.first && !*wrong)
        strcpy(wrong, "it ends without an error");
    return outcome.whole != scenario->forbidden;
}

static const char *const modules[] = {"mech_ntlmssp", "mech_spnego", NULL};
#ifdef SANITIZED
/* What others lose and where they crash could not be told apart. */
static const char *const readers[] = {"mech_ntlmssp", "mech_spnego", NULL};
#else
static const char *const readers[] = {"mech_ntlmssp", "mech_spnego", "libkrb5", "libgssapi",
                                      NULL};
#endif
static const char *const openssl_itself[] = {"libcrypto", NULL};

static const char *const all[] = {"lib", "mech_", NULL};
static const char *const all_but_openssl[] = {"mech_",       "libgssapi",    "libkrb5",
                                              "libkeyutils", "libunistring", "/libc.",
                                              "libk5crypto", "libcom_err",   NULL};
/* libkrb5 1.20's krb5_cccol_have_content frees what it has not read of a ticket cache that
 * breaks off; spake.so and others free what they had no memory for. */
static const char *const theirs[] = {"libgssapi_krb5", "libkrb5", "libk5crypto",
                                     "/krb5/plugins/", NULL};
static const char *const openssl_too[] = {"libgssapi_krb5", "libcrypto", NULL};

/* mech_spnego.so finds out once for a process whether SPNEGO is its own
 * (mech/spnego/registration.h), by files, and leaves it to MIT's where it cannot. */
static const char *const lasting[] = {"mech_spnego", "libgssapi_krb5", NULL};

static void run(const struct scenario *scenario, struct fault_plan plan, unsigned least)
{
    bool unread =
        plan.kind == FAULT_FILES && (plan.way == FAULT_FAILS || plan.way == FAULT_ENDS);

    plan.name = scenario->name;
    plan.operation = operation;
    plan.argument = scenario;
    plan.lasting = unread ? lasting : lasting + 1;
    plan.few = scenario->forbidden;
    if (!scenario->forbidden && plan.kind == FAULT_FILES && plan.way == FAULT_FAILS)
        plan.needed = "getrandom";
    if (!scenario->login.source)
        fixture_settings(scenario->settings);
    if (scenario->negotiated) {
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1); /* spnego_mend.c looks at it, too */
        setenv("GSS_MECH_CONFIG", SPNEGO_MECH_CONF, 1);
    }
    fault_run(&plan, least);
}

START_TEST(whichever_call_of_openssl_fails)
{
    if (skipped_without_fork("whichever_call_of_openssl_fails"))
        return;
    run(&scenarios[_i], (struct fault_plan){.callers = modules, .kind = FAULT_OPENSSL}, 5);
}
END_TEST

START_TEST(whichever_call_of_a_file_fails)
{
    if (skipped_without_fork("whichever_call_of_a_file_fails"))
        return;
    run(&scenarios[_i],
        (struct fault_plan){.callers = readers, .kind = FAULT_FILES, .theirs = theirs}, 5);
}
END_TEST

static void run_short(const struct scenario *scenario, const char *test, struct fault_plan plan,
                      unsigned least)
{
#ifdef SANITIZED
    (void)scenario, (void)plan, (void)least;
    printf("ok - %s # SKIP a sanitizer has malloc\n", test);
#else
    if (skipped_without_fork(test))
        return;
    plan.kind = FAULT_MEMORY;
    run(scenario, plan, least);
#endif
}

START_TEST(whichever_allocation_fails)
{
    run_short(&scenarios[_i], "whichever_allocation_fails",
              (struct fault_plan){.callers = all, .theirs = theirs, .warm = true}, 5);
}
END_TEST

START_TEST(whichever_allocation_of_the_first_login_fails)
{
    run_short(&scenarios[_i], "whichever_allocation_of_the_first_login_fails",
              (struct fault_plan){.callers = all_but_openssl, .theirs = theirs}, 100);
}
END_TEST

/* It keeps some itself when it has none left for its providers. */
START_TEST(whichever_allocation_of_openssl_s_first_use_fails)
{
    run_short(&scenarios[_i], "whichever_allocation_of_openssl_s_first_use_fails",
              (struct fault_plan){.callers = openssl_itself, .theirs = openssl_too}, 1000);
}
END_TEST

/* Its configuration, and the random numbers. */
START_TEST(whichever_call_of_openssl_s_own_files_fails)
{
    if (skipped_without_fork("whichever_call_of_openssl_s_own_files_fails"))
        return;
    run(&scenarios[_i], (struct fault_plan){.callers = openssl_itself, .kind = FAULT_FILES}, 1);
}
END_TEST

START_TEST(wherever_a_file_ends)
{
    if (skipped_without_fork("wherever_a_file_ends"))
        return;
    run(&scenarios[_i],
        (struct fault_plan){.callers = readers, .kind = FAULT_FILES, .way = FAULT_ENDS}, 1);
}
END_TEST

START_TEST(whichever_read_is_short)
{
    if (skipped_without_fork("whichever_read_is_short"))
        return;
    run(&scenarios[_i],
        (struct fault_plan){
            .callers = readers, .kind = FAULT_FILES, .way = FAULT_SHORT, .always = true},
        1);
}
END_TEST

START_TEST(whichever_read_is_interrupted)
{
    if (skipped_without_fork("whichever_read_is_interrupted"))
        return;
    run(&scenarios[_i],
        (struct fault_plan){
            .callers = readers, .kind = FAULT_FILES, .way = FAULT_INTERRUPTED, .always = true},
        1);
}
END_TEST

/* All of them at once. */
START_TEST(every_read_is_short_or_interrupted)
{
    const enum fault_way ways[] = {FAULT_SHORT, FAULT_INTERRUPTED};
    char bad[256] = "";

    fixture_settings(scenarios[0].settings);
    faults_arm(readers, FAULT_FILES, ways[_i], EVERY_CALL);
    ck_assert_msg(operation(&scenarios[0], bad) && !*bad, "%s", bad);
    ck_assert(faults_disarm());
}
END_TEST

/* ---- Kerberos in our SPNEGO; NTLM has neither logins nor accounts ---- */

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

#define KERBEROS                                                                               \
    .flags = ALL | GSS_C_MUTUAL_FLAG, .target = "HTTP@server.home.test",                       \
    .source = "alice@HOME.TEST"

static const struct scenario kerberos[] = {
    {.name = "a ticket", .login = {KERBEROS}, .negotiated = true},
    {.name = "Kerberos with a password",
     .login = {KERBEROS, .user = "alice@HOME.TEST", .password = "secret"},
     .negotiated = true},
    {.name = "Kerberos with a wrong password",
     .login = {KERBEROS, .user = "alice@HOME.TEST", .password = "Secret"},
     .forbidden = true,
     .negotiated = true},
    {.name = "a ticket, bindings to another channel",
     .login = {KERBEROS, .client_bindings = "tls", .server_bindings = "other"},
     .forbidden = true,
     .negotiated = true},
};

static void begin(void)
{
    kdc_begin(realm);
}

static void log_in(void)
{
    kdc_configure();
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    setenv("NTLM_USER_FILE", scratch_path("none"), 1);
    unsetenv("NTLMUSER");
    kdc_log_in("alice", "secret");
}

START_TEST(whichever_call_of_a_file_fails_with_kerberos)
{
    if (skipped_without_fork("whichever_call_of_a_file_fails_with_kerberos"))
        return;
    log_in();
    run(&kerberos[_i],
        (struct fault_plan){.callers = readers, .kind = FAULT_FILES, .theirs = theirs}, 5);
}
END_TEST

START_TEST(whichever_allocation_fails_with_kerberos)
{
    log_in();
    run_short(&kerberos[_i], "whichever_allocation_fails_with_kerberos",
              (struct fault_plan){.callers = all, .theirs = theirs, .warm = true}, 20);
}
END_TEST

/* ---- nothing is forgotten ---- */

static const void *section(const struct link_map *map, ElfW(Sxword) tag)
{
    for (const ElfW(Dyn) *entry = map->l_ld; entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == tag)
            return (const void *)(uintptr_t)entry->d_un.d_ptr;
    return NULL;
}

/* Calls without a definition come first in the table, before those that have a hash. */
START_TEST(every_function_of_openssl_is_known)
{
    void *module = dlopen(GSS_MODULE, RTLD_NOW | RTLD_LOCAL);
    void *openssl = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_NOLOAD);
    const struct link_map *map = module;
    const ElfW(Sym) * symbols;
    const uint32_t *hash;
    const char *names;
    unsigned found = 0;

    ck_assert_msg(module && openssl, "%s", dlerror());
    symbols = section(map, DT_SYMTAB);
    names = section(map, DT_STRTAB);
    hash = section(map, DT_GNU_HASH);
    for (uint32_t i = 1; i < hash[1]; i++) {
        const char *name = names + symbols[i].st_name;
        void *address = symbols[i].st_shndx == SHN_UNDEF ? dlsym(openssl, name) : NULL;
        Dl_info info;

        if (!address || !dladdr(address, &info) || !strstr(info.dli_fname, "libcrypto"))
            continue;
        ck_assert_msg(fault_knows_openssl(name), "tests/lib/openssl_faults.c lacks %s", name);
        found++;
    }
    ck_assert_uint_gt(found, 20);
    dlclose(openssl);
    dlclose(module);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls that fail");
    TCase *cases = fixture_case(suite, "faults"), *kdc;

    tcase_set_timeout(cases, 1200);
    tcase_add_test(cases, every_function_of_openssl_is_known);
    tcase_add_loop_test(cases, whichever_call_of_openssl_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_call_of_a_file_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_allocation_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_allocation_of_the_first_login_fails, 0,
                        COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_allocation_of_openssl_s_first_use_fails, 0, 1);
    tcase_add_loop_test(cases, wherever_a_file_ends, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_read_is_short, 0, ALLOWED);
    tcase_add_loop_test(cases, whichever_read_is_interrupted, 0, ALLOWED);
    tcase_add_loop_test(cases, every_read_is_short_or_interrupted, 0, 2);
    tcase_add_loop_test(cases, whichever_call_of_openssl_s_own_files_fails, 0, 1);
    if (!kdc_is_installed())
        return suite_run(suite);
    scratch_begin();
    kdc = fixture_case(suite, "kdc");
    tcase_set_timeout(kdc, 1200);
    tcase_add_unchecked_fixture(kdc, begin, kdc_end);
    tcase_add_loop_test(kdc, whichever_call_of_a_file_fails_with_kerberos, 0, COUNT(kerberos));
    tcase_add_loop_test(kdc, whichever_allocation_fails_with_kerberos, 0, COUNT(kerberos));
    return suite_run(suite);
}
