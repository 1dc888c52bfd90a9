/* SPDX-License-Identifier: MIT */
/* names_test.c - secext.h: names of users and of the machine. alice has tickets;
 * who runs the test is whoever the system says. */

#include "config.h"

#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <secext.h>
#include <windows.h>

#include "sspi_kerberos_fixture.h"
#include "sspi_tickets.h"
#include "suite.h"

/* What the system says, where a test sets it; NULL: the truth. */
static const char *host_name;
static struct passwd *entry_of_user;
static bool no_account;

int __real_gethostname(char *name, size_t size);
int __wrap_gethostname(char *name, size_t size);

int __wrap_gethostname(char *name, size_t size)
{
    if (!host_name)
        return __real_gethostname(name, size);
    snprintf(name, size, "%s", host_name);
    return 0;
}

int __real_getpwuid_r(uid_t uid, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found);
int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found);

int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found)
{
    if (!entry_of_user && !no_account)
        return __real_getpwuid_r(uid, entry, memory, size, found);
    *found = no_account ? NULL : entry_of_user;
    return 0;
}

static const EXTENDED_NAME_FORMAT directory[] = {
    NameFullyQualifiedDN, NameUniqueId,  NameCanonical,
    NameCanonicalEx,      NameGivenName, NameSurname,
};

#define DIRECTORY (sizeof(directory) / sizeof(directory[0]))

/* "MACHINE\user" of who runs this; static. */
static const char *sam_name(void)
{
    static char name[300];
    struct passwd *user = getpwuid(geteuid());
    char host[256];

    ck_assert_ptr_nonnull(user);
    gethostname(host, sizeof(host));
    host[strcspn(host, ".")] = '\0';
    if (strlen(host) > 15)
        host[15] = '\0';
    for (char *at = host; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    snprintf(name, sizeof(name), "%s\\%s", host, user->pw_name);
    return name;
}

static void is_called(EXTENDED_NAME_FORMAT format, const char *expected)
{
    char name[300];
    WCHAR wide[300];
    ULONG size = sizeof(name), units = 300;

    ck_assert_msg(GetUserNameExA(format, name, &size), "%u", (unsigned)GetLastError());
    ck_assert_str_eq(name, expected);
    ck_assert_uint_eq(size, strlen(expected));
    ck_assert(GetUserNameExW(format, wide, &units));
    ck_assert_uint_eq(units, size); /* ASCII */
    for (ULONG i = 0; i <= size; i++)
        ck_assert_uint_eq(wide[i], (unsigned char)name[i]);
}

static void is_not_called(EXTENDED_NAME_FORMAT format, DWORD error)
{
    char name[300];
    ULONG size = sizeof(name);

    SetLastError(0);
    ck_assert(!GetUserNameExA(format, name, &size));
    ck_assert_uint_eq(GetLastError(), error);
}

static void translates(const char *account, EXTENDED_NAME_FORMAT from, EXTENDED_NAME_FORMAT to,
                       const char *expected)
{
    char name[300];
    WCHAR wide[300] = {0};
    ULONG size = sizeof(name);

    for (size_t i = 0; i < strlen(account); i++)
        wide[i] = (unsigned char)account[i];
    SetLastError(0);
    ck_assert_int_eq(TranslateNameA(account, from, to, name, &size), expected != NULL);
    if (!expected) {
        ck_assert_uint_eq(GetLastError(), ERROR_NONE_MAPPED);
        return;
    }
    ck_assert_str_eq(name, expected);
    size = 300;
    ck_assert(TranslateNameW(wide, from, to, wide, &size));
    ck_assert_uint_eq(size, strlen(expected) + 1);
    ck_assert_uint_eq(wide[0], (unsigned char)expected[0]);
}

START_TEST(the_user_has_the_systems_name)
{
    is_called(NameSamCompatible, sam_name());
}
END_TEST

START_TEST(the_user_has_the_tickets_name)
{
    is_called(NameUserPrincipal, "alice@HOME.TEST");
    is_called(NameDnsDomain, "home.test\\alice");
}
END_TEST

/* A domain's user of winbind's, and a long name. */
START_TEST(the_systems_names_of_others)
{
    char full[1001];
    struct passwd other = {.pw_name = (char[]){"CORP\\bob"},
                           .pw_gecos = (char[]){"Bob,room 1"},
                           .pw_uid = geteuid()};

    entry_of_user = &other;
    is_called(NameSamCompatible, "CORP\\bob");
    is_called(NameDisplay, "Bob");
    other.pw_gecos = NULL;
    is_not_called(NameDisplay, ERROR_NONE_MAPPED);
    memset(full, 'x', sizeof(full) - 1);
    full[sizeof(full) - 1] = '\0';
    other.pw_name = full;
    is_not_called(NameSamCompatible, ERROR_NONE_MAPPED);
    other.pw_name = (char[]){"bob"};
    host_name = "a-very-long-name.corp.test";
    is_called(NameSamCompatible, "A-VERY-LONG-NAM\\bob");
    entry_of_user = NULL;
    host_name = NULL;
}
END_TEST

START_TEST(a_system_without_the_user_has_no_name)
{
    no_account = true;
    is_not_called(NameSamCompatible, ERROR_NONE_MAPPED);
    no_account = false;
}
END_TEST

START_TEST(a_name_that_is_not_utf_8_has_no_wide_form)
{
    struct passwd other = {.pw_name = (char[]){"b\xf6se"}, .pw_uid = geteuid()};
    WCHAR wide[300];
    ULONG size = 300;

    entry_of_user = &other;
    SetLastError(0);
    ck_assert(!GetUserNameExW(NameSamCompatible, wide, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
    entry_of_user = NULL;
}
END_TEST

START_TEST(without_a_ticket_there_is_no_principal)
{
    setenv("KRB5CCNAME", "MEMORY:none", 1);
    is_not_called(NameUserPrincipal, ERROR_NONE_MAPPED);
    is_not_called(NameDnsDomain, ERROR_NONE_MAPPED);
}
END_TEST

START_TEST(a_directorys_names_are_none)
{
    char name[300];
    ULONG size = sizeof(name);

    is_not_called(directory[_i], ERROR_NONE_MAPPED);
    ck_assert(!GetComputerObjectNameA(directory[_i], name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_CANT_ACCESS_DOMAIN_INFO);
    ck_assert(!TranslateNameA(sam_name(), NameSamCompatible, directory[_i], name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_NONE_MAPPED);
}
END_TEST

START_TEST(an_unknown_form_is_an_error)
{
    char name[300];
    ULONG size = sizeof(name);

    is_not_called(NameUnknown, ERROR_NO_SUCH_USER);
    ck_assert(!GetComputerObjectNameA(NameUnknown, name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

START_TEST(a_small_buffer_hears_the_size)
{
    char name[300] = "untouched";
    ULONG size = 1, length = (ULONG)strlen(sam_name());

    ck_assert(!GetUserNameExA(NameSamCompatible, name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_MORE_DATA);
    ck_assert_uint_eq(size, length + 1);
    ck_assert_str_eq(name, "untouched");
    size = 0;
    ck_assert(!GetUserNameExW(NameSamCompatible, NULL, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_MORE_DATA);
    ck_assert_uint_eq(size, length + 1);
    size = length;
    ck_assert(!TranslateNameA(sam_name(), NameSamCompatible, NameSamCompatible, name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    ck_assert(TranslateNameA(sam_name(), NameSamCompatible, NameSamCompatible, name, &size));
    ck_assert_uint_eq(size, length + 1);
}
END_TEST

START_TEST(what_is_not_given_is_an_error)
{
    char name[300];
    WCHAR wide[300];
    ULONG size = 300;

    SetLastError(0);
    ck_assert(!GetUserNameExA(NameSamCompatible, name, NULL));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
    ck_assert(!GetUserNameExW(NameSamCompatible, wide, NULL));
    ck_assert(!GetComputerObjectNameA(NameDnsDomain, name, NULL));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
    ck_assert(!TranslateNameA(sam_name(), NameSamCompatible, NameDisplay, name, NULL));
    SetLastError(0);
    ck_assert(!TranslateNameA(NULL, NameSamCompatible, NameDisplay, name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
    SetLastError(0);
    ck_assert(!TranslateNameW(NULL, NameUserPrincipal, NameDisplay, wide, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_INVALID_PARAMETER);
}
END_TEST

START_TEST(an_unpaired_surrogate_is_no_name)
{
    WCHAR name[] = {'M', '\\', 0xd83d, 0}, wide[300];
    ULONG size = 300;

    ck_assert(!TranslateNameW(name, NameSamCompatible, NameDisplay, wide, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_NO_UNICODE_TRANSLATION);
}
END_TEST

/* Numbers that no form has: as for a form that the name has not. */
START_TEST(numbers_of_no_form_are_none)
{
    static const int numbers[] = {-1, 4, 5, 11, 15, 0x7fffffff};
    char name[300];
    ULONG size = sizeof(name);

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        EXTENDED_NAME_FORMAT format = (EXTENDED_NAME_FORMAT)numbers[i];

        is_not_called(format, ERROR_NONE_MAPPED);
        ck_assert(!GetComputerObjectNameA(format, name, &size));
        ck_assert_uint_eq(GetLastError(), ERROR_CANT_ACCESS_DOMAIN_INFO);
        translates(sam_name(), NameSamCompatible, format, NULL);
        translates(sam_name(), format, NameSamCompatible, NULL);
    }
}
END_TEST

START_TEST(a_machine_without_a_key_is_in_no_domain)
{
    char name[300];
    ULONG size = sizeof(name);

    ck_assert(!GetComputerObjectNameA(NameServicePrincipal, name, &size));
    ck_assert_uint_eq(GetLastError(), ERROR_CANT_ACCESS_DOMAIN_INFO);
}
END_TEST

START_TEST(a_machine_with_a_key_has_its_principals_name)
{
    char host[256], service[300], name[300], expected[300];
    WCHAR wide[300];
    ULONG size = sizeof(name);

    gethostname(host, sizeof(host));
    snprintf(service, sizeof(service), "host/%s@HOME.TEST", host);
    tickets_add(service, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    ck_assert(GetComputerObjectNameA(NameServicePrincipal, name, &size));
    *strchr(service, '@') = '\0';
    ck_assert_str_eq(name, service);
    size = sizeof(wide) / sizeof(wide[0]);
    ck_assert(GetComputerObjectNameW(NameServicePrincipal, wide, &size));
    ck_assert_uint_eq(size, strlen(service));
    ck_assert_uint_eq(wide[size], 0);
    for (ULONG i = 0; i < size; i++)
        ck_assert_uint_eq(wide[i], (unsigned char)service[i]);
    size = sizeof(name);
    ck_assert(GetComputerObjectNameA(NameDnsDomain, name, &size));
    snprintf(expected, sizeof(expected), "home.test\\%.*s$", (int)strcspn(sam_name(), "\\"),
             sam_name());
    ck_assert_str_eq(name, expected);
}
END_TEST

START_TEST(users_names_translate)
{
    const char *sam = sam_name(), *user = strchr(sam, '\\') + 1;

    translates(sam, NameSamCompatible, NameSamCompatible, sam);
    translates(sam, NameUnknown, NameSamCompatible, sam);
    translates(user, NameUnknown, NameSamCompatible, sam);
    translates(sam, NameSamCompatible, NameUserPrincipal, "alice@HOME.TEST");
}
END_TEST

START_TEST(a_principal_of_the_realm_is_the_user_of_its_name)
{
    const char *sam = sam_name();
    char principal[300];

    snprintf(principal, sizeof(principal), "%s@HOME.TEST", strchr(sam, '\\') + 1);
    translates(principal, NameUserPrincipal, NameSamCompatible, sam);
}
END_TEST

START_TEST(others_names_do_not)
{
    const char *user = strchr(sam_name(), '\\') + 1;
    char longer[300];

    snprintf(longer, sizeof(longer), "%.*sX\\%s", (int)strcspn(sam_name(), "\\"), sam_name(),
             user);
    translates(longer, NameUnknown, NameSamCompatible, NULL);
    translates(geteuid() == 1 ? "root" : "daemon", NameUnknown, NameUserPrincipal, NULL);
    translates("nobody@HOME.TEST", NameUserPrincipal, NameUserPrincipal, NULL);
    translates("no such user", NameUnknown, NameSamCompatible, NULL);
    translates("OTHER\\root", NameSamCompatible, NameSamCompatible, NULL);
    translates(user, NameSamCompatible, NameSamCompatible, NULL);
    translates("stranger@ELSEWHERE.TEST", NameUserPrincipal, NameSamCompatible, NULL);
    translates("CN=alice", NameFullyQualifiedDN, NameSamCompatible, NULL);
    translates("", NameUnknown, NameSamCompatible, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi names");
    TCase *cases = kerberos_case("names");

    tcase_add_test(cases, the_user_has_the_systems_name);
    tcase_add_test(cases, the_user_has_the_tickets_name);
    tcase_add_test(cases, the_systems_names_of_others);
    tcase_add_test(cases, a_system_without_the_user_has_no_name);
    tcase_add_test(cases, a_name_that_is_not_utf_8_has_no_wide_form);
    tcase_add_test(cases, without_a_ticket_there_is_no_principal);
    tcase_add_loop_test(cases, a_directorys_names_are_none, 0, DIRECTORY);
    tcase_add_test(cases, an_unknown_form_is_an_error);
    tcase_add_test(cases, a_small_buffer_hears_the_size);
    tcase_add_test(cases, what_is_not_given_is_an_error);
    tcase_add_test(cases, an_unpaired_surrogate_is_no_name);
    tcase_add_test(cases, numbers_of_no_form_are_none);
    tcase_add_test(cases, a_machine_without_a_key_is_in_no_domain);
    tcase_add_test(cases, a_machine_with_a_key_has_its_principals_name);
    tcase_add_test(cases, users_names_translate);
    tcase_add_test(cases, a_principal_of_the_realm_is_the_user_of_its_name);
    tcase_add_test(cases, others_names_do_not);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
