/* SPDX-License-Identifier: MIT */
/* connection_test.c - the connections to winbind: kept, used by many
 * threads and by forked processes, and given up when winbind hangs. */

#include "config.h"

#include <pthread.h>
#include <unistd.h>

#include "child.h"
#include "scratch.h"
#include "suite.h"
#include "winbind/domain.h"
#include "winbind_fixture.h"

START_TEST(a_connection_is_kept_for_the_next_question)
{
    struct accounts *accounts = open_winbind();

    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_uint_eq(fake_winbind()->connections, 1);
    fake_winbind()->result = WBC_ERR_WINBIND_NOT_AVAILABLE;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    fake_winbind()->result = WBC_ERR_SUCCESS;
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_uint_eq(fake_winbind()->connections, 2);
    accounts_close(accounts);
}
END_TEST

static bool connects_once(void *accounts)
{
    return !log_in(accounts, "alice") && !log_in(accounts, "alice") &&
           fake_winbind()->connections == 2;
}

START_TEST(a_forked_process_has_connections_of_its_own)
{
    struct accounts *accounts = open_winbind();

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert(holds_in_child(connects_once, accounts));
    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_OK);
    ck_assert_uint_eq(fake_winbind()->connections, 1);
    accounts_close(accounts);
}
END_TEST

enum { THREADS = 12, LOGONS = 40, PATIENT = 16 };

static void *log_in_often(void *arg)
{
    const struct winbind_domain *domain;

    for (int i = 0; i < LOGONS; i++) {
        ck_assert_int_eq(log_in(arg, "alice"), NTLM_OK);
        domain = accounts_domain(arg);
        ck_assert_str_eq(domain->netbios_domain, "EXAMPLE");
        winbind_domain_put(domain);
    }
    return NULL;
}

START_TEST(no_connection_is_used_by_two_threads_at_once)
{
    struct accounts *accounts = open_winbind();
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, log_in_often, accounts), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert(!fake_winbind()->shared);
    ck_assert_uint_eq(fake_winbind()->logons, THREADS * LOGONS);
    accounts_close(accounts);
}
END_TEST

static void wait_until_waiting(unsigned count)
{
    while (fake_winbind_waiting() != count)
        usleep(1000);
}

static void *find_it_hanging(void *arg)
{
    ck_assert_int_eq(log_in(arg, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY,
                  "winbind did not answer in 1 seconds (winbind_timeout)");
    return NULL;
}

START_TEST(while_a_question_has_no_answer_the_next_is_not_waited_for_as_long)
{
    struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);
    struct accounts *impatient, *patient;

    settings.winbind_timeout = 1;
    impatient = open_accounts(&settings);
    settings.winbind_timeout = 300;
    patient = open_accounts(&settings);
    fake_winbind_hang(true);
    find_it_hanging(impatient);
    ck_assert_int_eq(log_in(patient, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbind did not answer in 5 seconds");
    fake_winbind_hang(false);
    while (log_in(patient, "alice"))
        usleep(1000);
    wait_until_waiting(0);
    accounts_close(impatient);
    accounts_close(patient);
}
END_TEST

/* As many questions as may be left behind hang afterwards. */
static struct accounts *hang_on_all(void)
{
    struct settings settings = asking(ACCOUNTS_IN_WINBIND, 1);
    pthread_t threads[PATIENT];
    struct accounts *accounts;

    settings.winbind_timeout = 1;
    accounts = open_accounts(&settings);
    fake_winbind_hang(true);
    for (int i = 0; i < PATIENT; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, find_it_hanging, accounts), 0);
    for (int i = 0; i < PATIENT; i++)
        pthread_join(threads[i], NULL);
    wait_until_waiting(PATIENT);
    return accounts;
}

START_TEST(a_winbind_that_hangs_is_not_waited_for_and_asked_again_when_it_is_back)
{
    struct accounts *accounts = hang_on_all();

    ck_assert_int_eq(log_in(accounts, "alice"), NTLM_ERR_NO_AUTHORITY);
    assert_detail(NTLM_ERR_NO_AUTHORITY, "winbind hangs: 16 earlier requests are unanswered");
    ck_assert_uint_eq(fake_winbind_waiting(), PATIENT);
    fake_winbind_hang(false);
    while (log_in(accounts, "alice"))
        usleep(1000);
    wait_until_waiting(0);
    accounts_close(accounts);
}
END_TEST

#ifndef __SANITIZE_THREAD__ /* which forbids what this one does */
static bool is_let_in(void *patient)
{
    fake_winbind_hang(false);
    for (int i = 0; i < 20; i++)
        if (log_in(patient, "alice"))
            return false;
    return true;
}

START_TEST(questions_that_a_parent_left_behind_do_not_count_in_a_forked_process)
{
    struct accounts *patient = open_winbind(), *accounts = hang_on_all();

    ck_assert(holds_in_child(is_let_in, patient));
    fake_winbind_hang(false);
    wait_until_waiting(0);
    accounts_close(accounts);
    accounts_close(patient);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("winbind connections");
    TCase *cases = tcase_create("connections");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, NULL);
    tcase_add_test(cases, a_connection_is_kept_for_the_next_question);
    tcase_add_test(cases, a_forked_process_has_connections_of_its_own);
    tcase_add_test(cases, no_connection_is_used_by_two_threads_at_once);
    tcase_add_test(cases, while_a_question_has_no_answer_the_next_is_not_waited_for_as_long);
    tcase_add_test(cases,
                   a_winbind_that_hangs_is_not_waited_for_and_asked_again_when_it_is_back);
#ifndef __SANITIZE_THREAD__
    tcase_add_test(cases, questions_that_a_parent_left_behind_do_not_count_in_a_forked_process);
#endif
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
