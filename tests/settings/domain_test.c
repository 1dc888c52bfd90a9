/* SPDX-License-Identifier: MIT */
/* domain_test.c - which names are names of one domain, by domain_aliases and by
 * what the computer is called. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "settings/domain.h"
#include "settings_fixture.h"
#include "suite.h"

static const struct settings *with_aliases(void)
{
    return get_with(
        "netbios_computer_name = BOX\n"
        "domain_aliases = EXAMPLE=example.com, corp.example=CORP LAB=lab.example. .=here.test\n"
        "domain_aliases = corp=corp2 BOX=here\n");
}

static void same(const char *a, const char *b)
{
    const struct settings *settings = with_aliases();

    ck_assert_msg(domain_same(settings, a, b), "%s is not %s", a, b);
    ck_assert_msg(domain_same(settings, b, a), "%s is not %s", b, a);
    settings_put(settings);
}

static void differ(const char *a, const char *b)
{
    const struct settings *settings = with_aliases();

    ck_assert_msg(!domain_same(settings, a, b), "%s is %s", a, b);
    ck_assert_msg(!domain_same(settings, b, a), "%s is %s", b, a);
    settings_put(settings);
}

START_TEST(aliases_are_names_of_one_domain)
{
    same("EXAMPLE", "example.com");
    same("example", "EXAMPLE.COM");
    same("OTHER", "other");
    same("LAB", "lab.example"); /* the dot of an absolute DNS name is no part of it */
    differ("EXAMPLE", "OTHER");
    differ("EXAMPLE", "CORP");
    differ("EXAMPLE", "example.co");
    differ("EXAMPLE", "");
}
END_TEST

START_TEST(aliases_of_aliases_count)
{
    same("corp.example", "CORP2");
    same("CORP", "corp2");
}
END_TEST

START_TEST(a_dot_nothing_and_the_computers_names_are_local)
{
    const struct settings *settings = with_aliases();

    same("", ".");
    same("BOX", ".");
    same("box", "");
    same("HERE", ".");
    same("here.test", ".");
    same("HERE", "");
    differ("EXAMPLE", ".");
    ck_assert(domain_is_local(settings, ""));
    ck_assert(domain_is_local(settings, "here"));
    ck_assert(!domain_is_local(settings, "EXAMPLE"));
    if (settings->dns_computer)
        ck_assert(domain_is_local(settings, settings->dns_computer));
    settings_put(settings);
}
END_TEST

START_TEST(the_other_names_are_listed_once_and_without_the_empty_one)
{
    const struct settings *settings = with_aliases();
    const char **names = domain_other_names(settings, "corp2");

    ck_assert_ptr_nonnull(names);
    ck_assert_str_eq(names[0], "corp");
    ck_assert_str_eq(names[1], "corp.example");
    ck_assert_ptr_null(names[2]);
    free(names);
    names = domain_other_names(settings, "OTHER");
    ck_assert_ptr_null(names[0]);
    free(names);
    names = domain_other_names(settings, "");
    ck_assert_str_eq(names[0], ".");
    for (const char **name = names; *name; name++)
        ck_assert_str_ne(*name, "");
    free(names);
    settings_put(settings);
}
END_TEST

static const char *const bad[] = {"EXAMPLE", "EXAMPLE=", "=example.com",
                                  "A=B=C",   "A=B C",    "EXAMPLE = example.com",
                                  "A=\xff",  "A=B #C=D", "A=B ;C=D"};

START_TEST(what_is_no_pair_of_names_is_an_error)
{
    char line[64] = "domain_aliases = ";

    ck_assert_ptr_nonnull(strstr(get_error_with(strcat(line, bad[_i])), "domain_aliases"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("domains");
    TCase *cases = tcase_create("domains");

    scratch_begin();
    tcase_add_checked_fixture(cases, settings_begin, NULL);
    tcase_add_test(cases, aliases_are_names_of_one_domain);
    tcase_add_test(cases, aliases_of_aliases_count);
    tcase_add_test(cases, a_dot_nothing_and_the_computers_names_are_local);
    tcase_add_test(cases, the_other_names_are_listed_once_and_without_the_empty_one);
    tcase_add_loop_test(cases, what_is_no_pair_of_names_is_an_error, 0,
                        sizeof(bad) / sizeof(bad[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
