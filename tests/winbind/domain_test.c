/* SPDX-License-Identifier: MIT */
/* domain_test.c - the domain that a server tells its clients: winbind is
 * asked for it now and then, and it outlasts winbind. */

#include "config.h"

#include <unistd.h>

#include "scratch.h"
#include "suite.h"
#include "winbind/domain.h"
#include "winbind_fixture.h"

START_TEST(a_winbind_without_a_domain_gives_none)
{
    struct accounts *accounts = open_winbind();

    fake_winbind()->domain = NULL;
    ck_assert_ptr_null(accounts_domain(accounts));
    assert_detail(NTLM_ERR_NO_AUTHORITY, "the name of its domain");
    accounts_close(accounts);
}
END_TEST

START_TEST(a_winbind_that_hangs_is_not_waited_for_as_long_as_for_a_logon)
{
    struct accounts *accounts = open_winbind();

    fake_winbind_hang(true);
    ck_assert_ptr_null(accounts_domain(accounts));
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbind did not answer in 5 seconds");
    fake_winbind_hang(false);
    while (fake_winbind_waiting() > 0)
        usleep(1000);
    accounts_close(accounts);
}
END_TEST

START_TEST(the_domain_is_asked_for_once_a_minute)
{
    struct accounts *accounts = open_winbind();
    const struct winbind_domain *domain = accounts_domain(accounts), *again;

    ck_assert_str_eq(domain->netbios_computer, "BOX");
    ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
    ck_assert_str_eq(domain->dns_domain, "example.test");
    fake_winbind()->domain = "OTHER";
    fake_winbind()->dns_domain = NULL;
    again = accounts_domain(accounts);
    ck_assert_ptr_eq(again, domain);
    winbind_domain_put(again);
    later += 60;
    again = accounts_domain(accounts);
    ck_assert_str_eq(again->netbios_domain, "OTHER");
    ck_assert_ptr_null(again->dns_domain);
    ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
    ck_assert_uint_eq(fake_winbind()->details, 2);
    winbind_domain_put(again);
    winbind_domain_put(domain);
    accounts_close(accounts);
}
END_TEST

START_TEST(a_domain_that_is_known_stays_so_when_winbind_goes)
{
    struct accounts *accounts = open_winbind();
    const struct winbind_domain *domain;

    winbind_domain_put(accounts_domain(accounts));
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    later += 60;
    for (int i = 0; i < 2; i++) {
        domain = accounts_domain(accounts);
        ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
        winbind_domain_put(domain);
    }
    ck_assert_uint_eq(fake_winbind()->details, 2);
    accounts_close(accounts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("winbind domain");
    TCase *cases = tcase_create("domain");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    /* This one first: a domain that was known once stays so. */
    tcase_add_test(cases, a_winbind_without_a_domain_gives_none);
    tcase_add_test(cases, a_winbind_that_hangs_is_not_waited_for_as_long_as_for_a_logon);
    tcase_add_test(cases, the_domain_is_asked_for_once_a_minute);
    tcase_add_test(cases, a_domain_that_is_known_stays_so_when_winbind_goes);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
