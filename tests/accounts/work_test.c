/* SPDX-License-Identifier: MIT */
/* work_test.c - who logs in without success cannot tell by the time that it takes
 * whether there is such a user. */

#include "config.h"

#include <string.h>

#include "accounts_fixture.h"
#include "work.h"

/* What is asked of the libraries, and how long the reason is that is written, for a user
 * of six bytes and a wrong password. */
static struct work work_once(struct accounts *accounts, const char *user, const char *domain,
                             size_t *said)
{
    struct client client;
    struct account_reply reply;
    struct work work;
    enum ntlm_error error;

    client_begin_v2(&client, user, domain, "wrong");
    work_begin();
    error = accounts_logon(accounts, &logon_settings, &client.logon, &reply);
    work = work_done();
    ck_assert_int_eq(error, NTLM_ERR_LOGON_DENIED);
    *said = strlen(failure_detail(error));
    client_end(&client);
    return work;
}

/* The same, when no look at the file or its directories, which is due once a second, was
 * among it. */
static struct work work_for(struct accounts *accounts, const char *user, const char *domain,
                            size_t *said)
{
    struct work least = work_once(accounts, user, domain, said);

    for (int i = 0; i < 2; i++) {
        struct work again = work_once(accounts, user, domain, said);

        if (again.allocations < least.allocations)
            least = again;
    }
    return least;
}

/* Names that are not ASCII: only those need libunistring, whose calls are counted. */
static void same_work(struct accounts *accounts, const char *domain)
{
    static const char *const users[] = {"ñallo", "ñohas", "émpty", "ñoDOM", "ļocal"};
    size_t said, said_first;
    struct work first = work_for(accounts, "älice", domain, &said_first);

    ck_assert_uint_gt(first.digests, 0);
    ck_assert_uint_gt(first.letters, 0);
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        struct work other = work_for(accounts, users[i], domain, &said);

        assert_same_work(&other, &first);
        ck_assert_uint_eq(said, said_first);
    }
}

START_TEST(an_unknown_user_costs_the_same_work_as_a_wrong_password)
{
    struct accounts *accounts =
        accounts_of("DOM:älice:Password\nñohas:1:" NO_HEX ":" NO_HEX "\nDOM:émpty:\n"
                    ":ñoDOM:Password\n.:ļocal:Password\n");

    work_for(accounts, "älice", "DOM", &(size_t){0}); /* reads the file */
    same_work(accounts, "DOM");
    same_work(accounts, "OTHER");
    same_work(accounts, "");
    accounts_close(accounts);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accounts work");
    TCase *cases = tcase_create("work");

    scratch_begin();
    tcase_add_test(cases, an_unknown_user_costs_the_same_work_as_a_wrong_password);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
