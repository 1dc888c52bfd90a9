/* SPDX-License-Identifier: MIT */
/* identity_name_test.c - the name that GSSAPI gets of a SEC_WINNT_AUTH_IDENTITY. */

#include "config.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "identity.h"
#include "suite.h"

/* Whether the system knows nobody. */
static bool no_account;

int __real_getpwuid_r(uid_t uid, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found);
int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found);

int __wrap_getpwuid_r(uid_t uid, struct passwd *entry, char *memory, size_t size,
                      struct passwd **found)
{
    *found = NULL;
    return no_account ? 0 : __real_getpwuid_r(uid, entry, memory, size, found);
}

static struct identity fields(const char *user, const char *domain, const char *password)
{
    return (struct identity){.user = (char *)(uintptr_t)user,
                             .domain = (char *)(uintptr_t)domain,
                             .password = (char *)(uintptr_t)password};
}

static void is_called(const char *user, const char *domain, const char *expected)
{
    struct identity identity = fields(user, domain, NULL);
    char *name;

    ck_assert_int_eq(identity_name(&identity, &name), SEC_E_OK);
    ck_assert_pstr_eq(name, expected);
    free(name);
}

START_TEST(kerberos_and_ntlm_get_one_name)
{
    is_called("alice", "CORP", "alice@CORP");
    is_called("alice", NULL, "alice");
    is_called("alice", "", "alice");
    is_called("alice/admin", "CORP", "alice/admin@CORP");
    is_called(NULL, NULL, NULL);
    is_called("", "CORP", NULL);
}
END_TEST

START_TEST(the_user_field_may_say_domain_or_realm)
{
    is_called("CORP\\alice", NULL, "alice@CORP");
    is_called("CORP\\alice", "OTHER", "alice@CORP");
    is_called("\\alice", NULL, "alice");
    is_called("alice@corp.example.com", NULL, "alice@corp.example.com");
    is_called("alice@corp.example.com", "CORP", "alice@corp.example.com");
    is_called("\\alice@corp.example.com", NULL, "alice@corp.example.com");
}
END_TEST

START_TEST(what_is_a_name_to_neither_is_refused)
{
    static const struct {
        const char *user, *domain;
    } bad[] = {{"a\\b\\c", NULL},
               {"alice", "A\\B"},
               {"alice", "a@b"},
               {"CORP\\", NULL},
               {"A@B\\c", NULL}};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct identity identity = fields(bad[i].user, bad[i].domain, NULL);
        char *name;
        ck_assert_int_eq(identity_name(&identity, &name), SEC_E_UNKNOWN_CREDENTIALS);
        ck_assert_ptr_null(name);
    }
}
END_TEST

START_TEST(a_password_alone_is_the_callers_own)
{
    struct identity identity = fields(NULL, "CORP", "secret");
    struct passwd *me = getpwuid(geteuid());
    char *name, expected[256];

    ck_assert_ptr_nonnull(me);
    snprintf(expected, sizeof(expected), "%s@CORP", me->pw_name);
    ck_assert_int_eq(identity_name(&identity, &name), SEC_E_OK);
    ck_assert_str_eq(name, expected);
    free(name);
    no_account = true; /* GSSAPI may know */
    ck_assert_int_eq(identity_name(&identity, &name), SEC_E_OK);
    ck_assert_ptr_null(name);
    no_account = false;
}
END_TEST

START_TEST(all_empty_is_anonymous_and_all_null_is_not)
{
    struct identity identity = fields("", "", "");

    ck_assert(identity_is_anonymous(&identity));
    identity = fields("", NULL, "");
    ck_assert(identity_is_anonymous(&identity));
    identity = fields(NULL, NULL, NULL);
    ck_assert(!identity_is_anonymous(&identity));
    identity = fields("", "", NULL);
    ck_assert(!identity_is_anonymous(&identity));
    identity = fields("", "CORP", "");
    ck_assert(!identity_is_anonymous(&identity));
    identity = fields("alice", "", "");
    ck_assert(!identity_is_anonymous(&identity));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi identity name");
    TCase *cases = tcase_create("identity name");

    tcase_add_test(cases, kerberos_and_ntlm_get_one_name);
    tcase_add_test(cases, the_user_field_may_say_domain_or_realm);
    tcase_add_test(cases, what_is_a_name_to_neither_is_refused);
    tcase_add_test(cases, a_password_alone_is_the_callers_own);
    tcase_add_test(cases, all_empty_is_anonymous_and_all_null_is_not);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
