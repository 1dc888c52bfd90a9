/* SPDX-License-Identifier: MIT */
/* system_test.c - the system's clock and random bytes, and the environment that
 * the protocol runs on in production. */

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "support/system.h"
#include "support/trace.h"

/* What getrandom(2) does next. The linker leads calls to it here. */
static enum { WORKS, IS_INTERRUPTED_ONCE, GIVES_LITTLE, FAILS } generator;

ssize_t __real_getrandom(void *out, size_t len, unsigned flags);
ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags);

ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags)
{
    if (generator == FAILS) {
        errno = ENOSYS;
        return -1;
    }
    if (generator == IS_INTERRUPTED_ONCE) {
        generator = WORKS;
        errno = EINTR;
        return -1;
    }
    return __real_getrandom(out, generator == GIVES_LITTLE && len > 3 ? 3 : len, flags);
}

/* Not time(), whose coarser clock may be a tick behind. */
static uint64_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec;
}

START_TEST(the_environment_tells_the_systems_time)
{
    const struct ntlm_env *env = production_env();
    uint64_t before = seconds_now(), told;

    told = env->now(env->arg) / 10000000 - UINT64_C(11644473600);
    ck_assert_uint_ge(told, before);
    ck_assert_uint_le(told, seconds_now());
}
END_TEST

START_TEST(the_environment_gives_random_bytes)
{
    const struct ntlm_env *env = production_env();
    uint8_t a[16] = {0}, b[16] = {0};

    ck_assert_int_eq(env->random(env->arg, a, sizeof(a)), NTLM_OK);
    ck_assert_int_eq(env->random(env->arg, b, sizeof(b)), NTLM_OK);
    ck_assert_mem_ne(a, b, sizeof(a));
}
END_TEST

START_TEST(the_environments_failures_and_notes_arrive)
{
    const struct ntlm_env *env = production_env();

    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
    ck_assert_int_eq(ntlm_fail(env, NTLM_ERR_TIME_SKEW, "by %d%%", 40), NTLM_ERR_TIME_SKEW);
    ck_assert_str_eq(failure_detail(NTLM_ERR_TIME_SKEW), "by 40%");
    ntlm_fail(env, NTLM_ERR_TIME_SKEW, NULL);
    ck_assert_ptr_null(failure_detail(NTLM_ERR_TIME_SKEW));
    ntlm_note(env, "a note of %d%%", 90);
    trace_open(NULL);
    ck_assert_ptr_nonnull(strstr(scratch_read("log"), " a note of 90%\n"));
}
END_TEST

START_TEST(random_bytes_are_asked_for_until_all_are_there)
{
    uint8_t some[64] = {0}, zeros[8] = {0};

    generator = _i ? GIVES_LITTLE : IS_INTERRUPTED_ONCE;
    ck_assert_int_eq(system_random(some, sizeof(some)), NTLM_OK);
    for (size_t i = 0; i < sizeof(some); i += sizeof(zeros))
        ck_assert_mem_ne(some + i, zeros, sizeof(zeros));
}
END_TEST

START_TEST(a_generator_that_fails_says_why)
{
    uint8_t some[16];

    generator = FAILS;
    ck_assert_int_eq(system_random(some, sizeof(some)), NTLM_ERR_RANDOM);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_RANDOM), strerror(ENOSYS)));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("system");
    TCase *cases = tcase_create("system");

    scratch_begin();
    tcase_add_test(cases, the_environment_tells_the_systems_time);
    tcase_add_test(cases, the_environment_gives_random_bytes);
    tcase_add_test(cases, the_environments_failures_and_notes_arrive);
    tcase_add_loop_test(cases, random_bytes_are_asked_for_until_all_are_there, 0, 2);
    tcase_add_test(cases, a_generator_that_fails_says_why);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
