/* SPDX-License-Identifier: MIT */
/* replay_test.c - answers from another time and another place: replayed,
 * reflected, or of a clock that is wrong. */

#include "config.h"

#include <string.h>

#include "ntlm_forge.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

/* Replay */

static void answer_with(const struct exchange *recorded)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_replace(&x, AUTHENTICATE_SENT, exchange_token(recorded, AUTHENTICATE_SENT));
}

/* _i: whether the client keeps to the old generation, which has no timestamp. */
START_TEST(a_replayed_answer_is_refused)
{
    struct exchange recorded;

    exchange_begin(&recorded);
    recorded.client.lm_compat_level = x.client.lm_compat_level = _i ? 1 : 3;
    recorded.server.lm_compat_level = x.server.lm_compat_level = 4;
    ck_assert_int_eq(exchange_run(&recorded), NTLM_OK);
    x.server_side.now += 10000000;
    x.server_side.next_random = 7;
    answer_with(&recorded);
    assert_refused_for(&x, _i ? NTLM_ERR_LOGON_DENIED : NTLM_ERR_REPLAY);
    exchange_end(&recorded);
}
END_TEST

START_TEST(a_replay_at_the_same_moment_is_denied)
{
    struct exchange recorded;

    exchange_begin(&recorded);
    ck_assert_int_eq(exchange_run(&recorded), NTLM_OK);
    x.server_side.next_random = 7;
    answer_with(&recorded);
    assert_refused_for(&x, NTLM_ERR_LOGON_DENIED);
    exchange_end(&recorded);
}
END_TEST

START_TEST(a_second_authenticate_is_refused)
{
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    ck_assert_int_eq(exchange_accept(&x), NTLM_ERR_ALREADY_COMPLETE);
    ck_assert_int_eq(x.server_side.error, NTLM_ERR_ALREADY_COMPLETE);
    assert_acceptor_dead(&x);
}
END_TEST

/* Reflection: this machine's own client was led elsewhere, and its answer
 * comes back to us. */

static const uint8_t machine_id[32] = {1, 2, 3}, other_machine[32] = {3, 2, 1};

static void both_roles(const char *target)
{
    x.client.machine_id = x.server.machine_id = machine_id;
    x.server.check_reflection = true;
    x.client.target_name = target;
}

START_TEST(an_answer_of_this_machine_for_another_server_is_refused)
{
    both_roles("HTTP/elsewhere");
    assert_refused_for(&x, NTLM_ERR_REFLECTION);
    ck_assert_ptr_nonnull(strstr(x.server_side.detail, "HTTP/elsewhere"));
}
END_TEST

START_TEST(a_process_that_honestly_runs_both_roles_is_not_refused)
{
    static const char *const targets[] = {"HTTP/server.example.org", "", NULL};

    both_roles(targets[_i]);
    assert_agreed(&x);
}
END_TEST

START_TEST(an_answer_for_another_server_is_no_reflection_where_that_cannot_be_told)
{
    both_roles("HTTP/elsewhere");
    if (_i == 0)
        x.client.machine_id = other_machine;
    else if (_i == 1)
        x.client.machine_id = NULL;
    else if (_i == 2)
        x.server.machine_id = NULL;
    else
        x.server.check_reflection = false;
    assert_agreed(&x);
}
END_TEST

/* Clocks. What is in the response counts, not when it arrives. */

static const struct {
    int64_t ahead; /* of ours */
    enum ntlm_error error;
} skews[] = {
    {0, NTLM_OK},
    {HOURS_36, NTLM_OK},
    {HOURS_36 + 1, NTLM_ERR_TIME_SKEW},
    {-(int64_t)HOURS_36, NTLM_OK},
    {-(int64_t)HOURS_36 - 1, NTLM_ERR_TIME_SKEW},
    {-133500000000000000, NTLM_ERR_TIME_SKEW}, /* 1601 */
    {INT64_MAX, NTLM_ERR_TIME_SKEW},
};

START_TEST(clocks_may_be_apart_up_to_the_limit)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    forge_time(&x, x.server_side.now + (uint64_t)skews[_i].ahead);
    if (!skews[_i].error)
        assert_agreed(&x);
    else
        assert_refused_for(&x, skews[_i].error);
}
END_TEST

START_TEST(where_there_is_no_limit_clocks_may_be_far_apart)
{
    x.server.max_skew = 0;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    forge_time(&x, x.server_side.now + (uint64_t)skews[_i].ahead);
    assert_agreed(&x);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("replay");
    TCase *cases = tcase_create("replay");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, a_replayed_answer_is_refused, 0, 2);
    tcase_add_test(cases, a_replay_at_the_same_moment_is_denied);
    tcase_add_test(cases, a_second_authenticate_is_refused);
    tcase_add_test(cases, an_answer_of_this_machine_for_another_server_is_refused);
    tcase_add_loop_test(cases, a_process_that_honestly_runs_both_roles_is_not_refused, 0, 3);
    tcase_add_loop_test(
        cases, an_answer_for_another_server_is_no_reflection_where_that_cannot_be_told, 0, 4);
    tcase_add_loop_test(cases, clocks_may_be_apart_up_to_the_limit, 0, COUNT(skews));
    tcase_add_loop_test(cases, where_there_is_no_limit_clocks_may_be_far_apart, 0,
                        COUNT(skews));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
