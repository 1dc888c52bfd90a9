/* SPDX-License-Identifier: MIT */
/* fault_test.c - logins through the mechglue in which one call fails: of OpenSSL, of what
 * reads files, sockets and the kernel's random numbers. Whichever it is, a login ends as it
 * should or with a clean error, and what is forbidden is never let in. */

#include "config.h"

#include "database_fixture.h"
#include "fault_scenario.h"
#include "kdc.h"
#include "scratch.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <linux/keyctl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
#define ALL (GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG)

/* ---- the logins ---- */

static bool be_in_fips_mode(const char *test)
{
    (void)test;
    setenv("OPENSSL_CONF",
           fixture_file("openssl.cnf", 0600,
                        "openssl_conf = i\n[i]\nalg_section = a\n"
                        "[a]\ndefault_properties = fips=yes\n"),
           1);
    return true;
}

/* In the place of the account file, for both sides. */
static bool have_a_database(const char *test)
{
    if (skipped_without_databases(test))
        return false;
    setenv("NTLM_USER_FILE", database_of("accounts.mdb", ACCOUNTS), 1);
    return true;
}

/* A session keyring of the test's own. By the kernel's call: those of libkeyutils are ones
 * that fail. */
static bool skipped_without_own_keyring(const char *test)
{
#ifdef HAVE_KEYUTILS
    if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) >= 0 &&
        syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0) >= 0) {
        setenv("NTLM_LOGIN_KEYRING", "session", 1);
        return false;
    }
#endif
    printf("ok - %s # SKIP there is no keyctl here\n", test);
    return true;
}

/* What the client has is in the keyring alone. */
static bool be_logged_in(const char *test, const char *password, const char *target)
{
    char command[256];

    if (skipped_without_own_keyring(test))
        return false;
    setenv("NTLM_ACCOUNT_FILE", getenv("NTLM_USER_FILE"), 1);
    unsetenv("NTLM_USER_FILE");
    unsetenv("NTLMUSER");
    snprintf(command, sizeof(command),
             "echo '%s' | ./gss-negotiate login --target '%s' 'TESTDOM\\alice' >/dev/null",
             password, target);
    ck_assert_int_eq(system(command), 0);
    return true;
}

static bool have_a_login(const char *test)
{
    return be_logged_in(test, "Wonderland 7", "*");
}

static bool have_a_wrong_login(const char *test)
{
    return be_logged_in(test, "Wonderland 8", "*");
}

static bool have_a_login_elsewhere(const char *test)
{
    return be_logged_in(test, "Wonderland 7", "*.elsewhere.test");
}

/* The first ones are allowed. */
#define ALLOWED 6
static const struct fault_scenario scenarios[] = {
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
    {.name = "an account and a login of a database",
     .login = {.flags = ALL},
     .begin = have_a_database},
    {.name = "a login of the keyring", .login = {.flags = ALL}, .begin = have_a_login},
    {.name = "a wrong password",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 8", .flags = ALL},
     .forbidden = true},
    {.name = "an empty password",
     .login = {.user = "TESTDOM\\bob", .nt_hash = "31d6cfe0d16ae931b73c59d7e0c089c0"},
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
     .login = {.user = "TESTDOM\\alice",
               .password = "Wonderland 7",
               .flags = ALL,
               .any_acceptor = true},
     .forbidden = true},
    {.name = "restrict_sending_ntlm",
     .settings = " restrict_sending_ntlm = deny\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7", .flags = ALL},
     .forbidden = true,
     .refused_at = "gss_acquire_cred_with_password"},
    {.name = "a wrong password for a database",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 8"},
     .forbidden = true,
     .begin = have_a_database},
    {.name = "an empty password for a database",
     .login = {.user = "TESTDOM\\bob", .nt_hash = "31d6cfe0d16ae931b73c59d7e0c089c0"},
     .forbidden = true,
     .begin = have_a_database},
    {.name = "an unknown user for a database",
     .login = {.user = "TESTDOM\\mallory", .password = "Wonderland 7"},
     .forbidden = true,
     .begin = have_a_database},
    {.name = "a login of the keyring with a wrong password",
     .forbidden = true,
     .begin = have_a_wrong_login},
    {.name = "a login of the keyring for another server",
     .forbidden = true,
     .refused_at = "gss_init_sec_context",
     .begin = have_a_login_elsewhere},
    {.name = "FIPS mode",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7"},
     .forbidden = true,
     .refused_at = "gss_acquire_cred",
     .begin = be_in_fips_mode},
    {.name = "a wrong password in SPNEGO",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 8", .flags = ALL},
     .forbidden = true,
     .negotiated = true},
    {.name = "restrict_receiving_ntlm in SPNEGO",
     .settings = " restrict_receiving_ntlm = deny\n",
     .login = {.user = "TESTDOM\\alice", .password = "Wonderland 7", .any_acceptor = true},
     .forbidden = true,
     .negotiated = true},
};

START_TEST(whichever_call_of_openssl_fails)
{
    fault_sweep(&scenarios[_i], SWEEP_OPENSSL, "whichever_call_of_openssl_fails", 5);
}
END_TEST

START_TEST(whichever_call_of_a_file_fails)
{
    fault_sweep(&scenarios[_i], SWEEP_FILES, "whichever_call_of_a_file_fails", 5);
}
END_TEST

START_TEST(whichever_allocation_fails)
{
    fault_sweep(&scenarios[_i], SWEEP_MEMORY, "whichever_allocation_fails", 5);
}
END_TEST

START_TEST(whichever_allocation_of_the_first_login_fails)
{
    fault_sweep(&scenarios[_i], SWEEP_FIRST_MEMORY,
                "whichever_allocation_of_the_first_login_fails", 100);
}
END_TEST

START_TEST(whichever_allocation_of_openssl_s_first_use_fails)
{
    fault_sweep(&scenarios[_i], SWEEP_FIRST_OPENSSL,
                "whichever_allocation_of_openssl_s_first_use_fails", 1000);
}
END_TEST

START_TEST(whichever_call_of_openssl_s_own_files_fails)
{
    fault_sweep(&scenarios[_i], SWEEP_FILES_OF_OPENSSL,
                "whichever_call_of_openssl_s_own_files_fails", 1);
}
END_TEST

START_TEST(wherever_a_file_ends)
{
    fault_sweep(&scenarios[_i], SWEEP_ENDS, "wherever_a_file_ends", 1);
}
END_TEST

START_TEST(whichever_read_is_short)
{
    fault_sweep(&scenarios[_i], SWEEP_SHORT, "whichever_read_is_short", 1);
}
END_TEST

START_TEST(whichever_read_is_interrupted)
{
    fault_sweep(&scenarios[_i], SWEEP_INTERRUPTED, "whichever_read_is_interrupted", 1);
}
END_TEST

/* All of them at once. */
START_TEST(every_read_is_short_or_interrupted)
{
    const enum fault_way ways[] = {FAULT_SHORT, FAULT_INTERRUPTED};
    char bad[256] = "";

    fixture_settings(scenarios[0].settings);
    faults_arm(fault_readers, FAULT_FILES, ways[_i], EVERY_CALL);
    ck_assert_msg(fault_scenario_log_in(&scenarios[0], bad) && !*bad, "%s", bad);
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

static const struct fault_scenario kerberos[] = {
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
    log_in();
    fault_sweep(&kerberos[_i], SWEEP_FILES, "whichever_call_of_a_file_fails_with_kerberos", 5);
}
END_TEST

START_TEST(whichever_allocation_fails_with_kerberos)
{
    log_in();
    fault_sweep(&kerberos[_i], SWEEP_MEMORY, "whichever_allocation_fails_with_kerberos", 20);
}
END_TEST

/* ---- nothing is forgotten ---- */

/* Each, beside the module of NTLM in the build tree, with how many functions of OpenSSL it
 * calls at least. */
static const struct {
    const char *name;
    unsigned least;
} objects[] = {{"mech_ntlmssp.so", 21},
               {"mech_spnego.so", 20},
               {"libsspi.so", 0},
               {"../gss-negotiate", 40}};

static const ElfW(Ehdr) * map_object(const char *name, size_t *size)
{
    const char *slash = strrchr(GSS_MODULE, '/');
    char path[sizeof(GSS_MODULE) + 32];
    struct stat st;
    void *map;
    int fd;

    snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - GSS_MODULE), GSS_MODULE, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    ck_assert_msg(fd >= 0 && fstat(fd, &st) == 0, "%s", path);
    *size = (size_t)st.st_size;
    map = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    ck_assert_ptr_ne(map, MAP_FAILED);
    ck_assert_mem_eq(map, ELFMAG, SELFMAG);
    return map;
}

static bool is_of_openssl(const char *name)
{
    static const char *const libraries[] = {"libcrypto.so.3", "libssl.so.3"};
    bool found = false;

    for (int i = 0; i < COUNT(libraries) && !found; i++) {
        void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_LOCAL);
        void *address = library ? dlsym(library, name) : NULL;
        Dl_info info;

        found = address && dladdr(address, &info) &&
                (strstr(info.dli_fname, "libcrypto") || strstr(info.dli_fname, "libssl"));
        if (library)
            dlclose(library);
    }
    return found;
}

/* How many functions of OpenSSL's are in this table of what is called, or defined. */
static unsigned count_openssl(const ElfW(Ehdr) * file, const ElfW(Shdr) * table)
{
    const char *bytes = (const char *)file;
    const ElfW(Sym) *symbols = (const void *)(bytes + table->sh_offset);
    const ElfW(Shdr) *sections = (const void *)(bytes + file->e_shoff);
    const char *names = bytes + sections[table->sh_link].sh_offset;
    unsigned found = 0;

    for (size_t i = 1; i < table->sh_size / sizeof(*symbols); i++) {
        const char *name = names + symbols[i].st_name;

        if (symbols[i].st_shndx != SHN_UNDEF || !is_of_openssl(name))
            continue;
        ck_assert_msg(fault_knows_openssl(name), "tests/lib/openssl_faults.c lacks %s", name);
        found++;
    }
    return found;
}

START_TEST(every_function_of_openssl_is_known)
{
    size_t size;
    const ElfW(Ehdr) *file = map_object(objects[_i].name, &size);
    const ElfW(Shdr) *sections = (const void *)((const char *)file + file->e_shoff);
    unsigned found = 0;

    for (int i = 0; i < file->e_shnum; i++)
        if (sections[i].sh_type == SHT_DYNSYM)
            found += count_openssl(file, &sections[i]);
    ck_assert_uint_ge(found, objects[_i].least);
    munmap((void *)(uintptr_t)file, size);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls that fail");
    TCase *cases = fixture_case(suite, "faults"), *kdc;

    scratch_begin();
    tcase_set_timeout(cases, 1200);
    tcase_add_loop_test(cases, every_function_of_openssl_is_known, 0, COUNT(objects));
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
    kdc = fixture_case(suite, "kdc");
    tcase_set_timeout(kdc, 1200);
    tcase_add_unchecked_fixture(kdc, begin, kdc_end);
    tcase_add_loop_test(kdc, whichever_call_of_a_file_fails_with_kerberos, 0, COUNT(kerberos));
    tcase_add_loop_test(kdc, whichever_allocation_fails_with_kerberos, 0, COUNT(kerberos));
    return suite_run(suite);
}
