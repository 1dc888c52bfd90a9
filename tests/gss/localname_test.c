/* SPDX-License-Identifier: MIT */
/* localname_test.c - which account of this machine a name maps to. The
 * machine's accounts are the table below. */

#include "config.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "gss/localname.h"
#include "gss/module.h"
#include "scratch.h"
#include "suite.h"
#include "support/sysaccount.h"

static const struct {
    const char *asked, *name;
    uid_t uid;
} accounts[] = {
    {"CORP\\alice", "alice.corp", 5001}, /* as a directory answers */
    {"SHOP\\root", "SHOP\\root", 0},
    {"alice", "alice", 1001},
    {"bob", "bob", 1002},
    {"root", "root", 0},
    {"daemon", "daemon", 1},
    {"service", "service", 999},
    {"nobody", "nobody", 65534},
    {"dynamic", "dynamic", 61999},
    {"CORP\\printer", "printer", 998},
};

static size_t needed_room; /* of the caller, or ERANGE */
static int lookup_error;

/* Stands in for the C library's. */
int getpwnam_r(const char *name, struct passwd *entry, char *room, size_t size,
               struct passwd **found)
{
    *found = NULL;
    if (size < needed_room)
        return ERANGE;
    for (size_t i = 0; i < sizeof(accounts) / sizeof(accounts[0]); i++) {
        if (lookup_error || strcmp(name, accounts[i].asked) != 0)
            continue;
        strcpy(room, accounts[i].name);
        *entry = (struct passwd){.pw_name = room, .pw_uid = accounts[i].uid};
        *found = entry;
    }
    return lookup_error;
}

static struct settings settings = {
    .netbios_computer = (char[]){"WEB"},
    .netbios_domain = (char[]){"OWN"},
};

static struct name *user(const char *text)
{
    struct name *name;

    ck_assert_uint_eq(name_import(text, strlen(text), NULL, &name), NTLM_OK);
    return name;
}

static void maps(const char *text, const char *local)
{
    struct name *name = user(text);
    char *mapped;

    ck_assert_uint_eq(local_name_of(name, &settings, &mapped), NTLM_OK);
    ck_assert_str_eq(mapped, local);
    free(mapped);
    name_free(name);
}

static void maps_to_nobody(struct name *name)
{
    char *mapped = (char *)name;

    ck_assert_uint_eq(local_name_of(name, &settings, &mapped), NTLM_ERR_NO_LOCAL_USER);
    ck_assert_ptr_null(mapped);
    name_free(name);
}

START_TEST(a_domains_user_is_the_account_that_the_machine_calls_so)
{
    maps("CORP\\alice", "alice.corp");
    maps("alice@CORP", "alice.corp");
}
END_TEST

START_TEST(a_user_without_a_domain_or_of_our_own_is_the_account_in_lower_case)
{
    maps("bob", "bob");
    maps("BoB", "bob");
    maps("OWN\\Bob", "bob");
    maps("own\\bob", "bob");
    maps("web\\bob", "bob");
}
END_TEST

START_TEST(a_user_of_another_domain_is_no_local_account)
{
    maps_to_nobody(user("CORP\\bob"));
    maps_to_nobody(user("SHOP\\alice"));
    maps_to_nobody(user("\\bob@OWN"));
}
END_TEST

START_TEST(users_of_each_local_domain_are_local_accounts)
{
    char *local[] = {(char[]){"CORP"}, NULL};
    char *aliases[] = {(char[]){"CORP"}, (char[]){"corp.example"}, (char[]){"OWN"},
                       (char[]){"own.example"}, NULL};

    maps_to_nobody(user("CORP\\bob"));
    settings.domain_aliases = aliases;
    settings.local_domains = local;
    maps("CORP\\bob", "bob");
    maps("corp.example\\bob", "bob");
    maps("OWN.EXAMPLE\\bob", "bob");
    maps(".\\bob", "bob");
    maps_to_nobody(user("SHOP\\bob"));
    settings.domain_aliases = settings.local_domains = NULL;
}
END_TEST

START_TEST(no_login_becomes_an_account_of_the_system)
{
    maps_to_nobody(user("root"));
    maps_to_nobody(user("OWN\\ROOT"));
    maps_to_nobody(user("SHOP\\root"));
    maps_to_nobody(user("daemon"));
    maps_to_nobody(user("service"));
    maps_to_nobody(user("nobody"));
    maps_to_nobody(user("dynamic"));
    maps_to_nobody(user("CORP\\printer"));
}
END_TEST

START_TEST(a_setting_lists_the_accounts_of_the_system_that_a_login_may_become)
{
    char *listed[] = {(char[]){"service"}, (char[]){"printer"}, NULL};

    settings.allowed_system_accounts = listed;
    maps("OWN\\Service", "service");
    maps("CORP\\printer", "printer");
    maps_to_nobody(user("daemon"));
    maps_to_nobody(user("root"));
    settings.allowed_system_accounts = NULL;
}
END_TEST

static const struct {
    const char *text;
    uid_t first;
} login_defs[] = {
    {"UID_MIN 500\n", 500},
    {"# UID_MIN 500\nUID_MIN\t\t  2000\nSYS_UID_MAX 499\n", 2000},
    {"SYS_UID_MAX 499\n", 500},
    {"UID_MINIMUM 7\nMY_UID_MIN 8\n", 1000},
    {"UID_MIN 0\n", 1000},
    {"UID_MIN many\n", 1000},
    {"UID_MIN 99999999999999999999\n", 1000},
    {"", 1000},
};

START_TEST(the_first_user_id_of_people_is_that_of_login_defs)
{
    ck_assert_uint_eq(sysaccount_first_user(scratch_write("login.defs", login_defs[_i].text)),
                      login_defs[_i].first);
    ck_assert_uint_eq(sysaccount_first_user("/nonexistent"), 1000);
}
END_TEST

START_TEST(login_defs_that_cannot_be_read_make_all_accounts_the_systems)
{
    ck_assert_uint_eq(sysaccount_first_user("/"), (uid_t)-1);
    ck_assert_uint_eq(sysaccount_first_user("/dev/null/login.defs"), (uid_t)-1);
}
END_TEST

START_TEST(only_ascii_is_lowered_so_that_two_names_stay_two)
{
    maps_to_nobody(user("OWN\\\xe2\x84\xaa"
                        "ob")); /* the Kelvin sign, k */
    maps_to_nobody(user("carol"));
}
END_TEST

START_TEST(services_and_the_anonymous_have_no_account)
{
    struct name *name;

    ck_assert_uint_eq(name_of_service("bob", "", &name), NTLM_OK);
    maps_to_nobody(name);
    ck_assert_uint_eq(name_of_anonymous(&name), NTLM_OK);
    maps_to_nobody(name);
}
END_TEST

START_TEST(a_large_entry_is_read_and_an_endless_one_is_given_up)
{
    needed_room = 100000;
    maps("CORP\\alice", "alice.corp");
    needed_room = SIZE_MAX;
    maps_to_nobody(user("CORP\\alice"));
    needed_room = 0;
}
END_TEST

START_TEST(a_failing_lookup_maps_to_nobody)
{
    lookup_error = EIO;
    maps_to_nobody(user("bob"));
    lookup_error = 0;
}
END_TEST

START_TEST(gss_localname_follows_the_settings)
{
    struct name *name = user("HERE\\Bob");
    gss_buffer_desc local;
    OM_uint32 minor;

    ck_assert_uint_eq(gss_localname(&minor, (gss_name_t)name, &oid_ntlmssp, &local),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(local.length, 3);
    ck_assert_str_eq(local.value, "bob");
    free(local.value);
    ck_assert_uint_eq(gss_localname(&minor, (gss_name_t)name, &oid_nt_user_name, &local),
                      GSS_S_BAD_MECH);
    name_free(name);

    name = user("CORP\\bob");
    ck_assert_uint_eq(gss_localname(&minor, (gss_name_t)name, NULL, &local), GSS_S_FAILURE);
    ck_assert_uint_eq(minor, NTLM_ERR_NO_LOCAL_USER);
    ck_assert_ptr_null(local.value);
    name_free(name);
}
END_TEST

static OM_uint32 authorized(const char *text, const char *account, const gss_OID_desc *type)
{
    gss_buffer_desc wanted = {strlen(account), (void *)(uintptr_t)account};
    struct name *name = user(text);
    OM_uint32 minor,
        major = gssspi_authorize_localname(&minor, (gss_name_t)name, &wanted, type);

    name_free(name);
    return major;
}

START_TEST(an_account_is_authorized_for_its_own_name_alone)
{
    ck_assert_uint_eq(authorized("HERE\\Bob", "bob", &oid_nt_user_name), GSS_S_COMPLETE);
    ck_assert_uint_eq(authorized("CORP\\alice", "alice.corp", NULL), GSS_S_COMPLETE);
    ck_assert_uint_eq(authorized("CORP\\alice", "alice", NULL), GSS_S_UNAUTHORIZED);
    ck_assert_uint_eq(authorized("bob", "Bob", NULL), GSS_S_UNAUTHORIZED);
    ck_assert_uint_eq(authorized("bob", "bo", NULL), GSS_S_UNAUTHORIZED);
    ck_assert_uint_eq(authorized("bob", "", NULL), GSS_S_UNAUTHORIZED);
    ck_assert_uint_eq(authorized("root", "root", NULL), GSS_S_UNAUTHORIZED);
    ck_assert_uint_eq(authorized("CORP\\bob", "bob", NULL), GSS_S_UNAUTHORIZED);
    ck_assert_uint_eq(authorized("bob", "bob", &oid_nt_string_uid_name), GSS_S_BAD_NAMETYPE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("localname");
    TCase *cases = tcase_create("localname");

    scratch_begin();
    setenv("KRB5_CONFIG", "/dev/null", 1);
    setenv("NETBIOS_COMPUTER_NAME", "WEB", 1);
    setenv("NETBIOS_DOMAIN_NAME", "HERE", 1);
    tcase_add_test(cases, a_domains_user_is_the_account_that_the_machine_calls_so);
    tcase_add_test(cases, a_user_without_a_domain_or_of_our_own_is_the_account_in_lower_case);
    tcase_add_test(cases, a_user_of_another_domain_is_no_local_account);
    tcase_add_test(cases, users_of_each_local_domain_are_local_accounts);
    tcase_add_test(cases, no_login_becomes_an_account_of_the_system);
    tcase_add_test(cases, a_setting_lists_the_accounts_of_the_system_that_a_login_may_become);
    tcase_add_loop_test(cases, the_first_user_id_of_people_is_that_of_login_defs, 0,
                        sizeof(login_defs) / sizeof(login_defs[0]));
    tcase_add_test(cases, login_defs_that_cannot_be_read_make_all_accounts_the_systems);
    tcase_add_test(cases, only_ascii_is_lowered_so_that_two_names_stay_two);
    tcase_add_test(cases, services_and_the_anonymous_have_no_account);
    tcase_add_test(cases, a_large_entry_is_read_and_an_endless_one_is_given_up);
    tcase_add_test(cases, a_failing_lookup_maps_to_nobody);
    tcase_add_test(cases, gss_localname_follows_the_settings);
    tcase_add_test(cases, an_account_is_authorized_for_its_own_name_alone);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
