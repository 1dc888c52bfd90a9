/* SPDX-License-Identifier: MIT */
/* handle_test.c - handles are looked up, never dereferenced, and what
 * they stand for lives as long as somebody uses it. The last test hammers the
 * table from several threads; it is at its best under ThreadSanitizer. */

#include "config.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>

#include "handle.h"
#include "suite.h"

struct thing {
    struct object object;
    int value;
};

/* Whether the system has no random numbers. */
static bool no_random;

ssize_t __real_getrandom(void *buffer, size_t size, unsigned flags);
ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags);

ssize_t __wrap_getrandom(void *buffer, size_t size, unsigned flags)
{
    return no_random ? -1 : __real_getrandom(buffer, size, flags);
}

static atomic_int destroyed;

static void destroy(struct object *object)
{
    struct thing *thing = (struct thing *)object;

    thing->value = -1;
    free(thing);
    atomic_fetch_add(&destroyed, 1);
}

static SecHandle open_thing(enum handle_kind kind, int value)
{
    struct thing *thing = malloc(sizeof(*thing));
    SecHandle handle;

    ck_assert_ptr_nonnull(thing);
    object_init(&thing->object, kind, destroy);
    thing->value = value;
    ck_assert_int_eq(handle_open(&handle, &thing->object), SEC_E_OK);
    return handle;
}

static void reset(void)
{
    atomic_store(&destroyed, 0);
}

/* First, for the first handle is what the number is for. */
START_TEST(without_random_numbers_handles_are_no_small_numbers)
{
    SecHandle first, second;

    no_random = true;
    first = open_thing(HANDLE_CREDENTIAL, 7);
    second = open_thing(HANDLE_CREDENTIAL, 7);
    no_random = false;
    ck_assert_uint_gt(first.dwUpper, 65536);
    ck_assert_uint_ne(first.dwUpper, second.dwUpper);
    ck_assert_int_eq(handle_close(&first, HANDLE_CREDENTIAL), SEC_E_OK);
    ck_assert_int_eq(handle_close(&second, HANDLE_CREDENTIAL), SEC_E_OK);
}
END_TEST

START_TEST(a_live_handle_gives_its_object)
{
    SecHandle handle = open_thing(HANDLE_CREDENTIAL, 7);
    struct object *object = handle_get(&handle, HANDLE_CREDENTIAL);

    ck_assert_ptr_nonnull(object);
    ck_assert_int_eq(((struct thing *)object)->value, 7);
    object_release(object);
    ck_assert_int_eq(handle_close(&handle, HANDLE_CREDENTIAL), SEC_E_OK);
    ck_assert_int_eq(destroyed, 1);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

START_TEST(a_dead_handle_is_invalid)
{
    SecHandle handle = open_thing(HANDLE_CONTEXT, 1);

    handle_close(&handle, HANDLE_CONTEXT);
    ck_assert_ptr_null(handle_get(&handle, HANDLE_CONTEXT));
    ck_assert_int_eq(handle_close(&handle, HANDLE_CONTEXT), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(destroyed, 1);
}
END_TEST

START_TEST(a_dead_handle_stays_dead_when_its_place_is_taken_again)
{
    SecHandle dead = open_thing(HANDLE_CONTEXT, 1), live;

    handle_close(&dead, HANDLE_CONTEXT);
    live = open_thing(HANDLE_CONTEXT, 2);
    ck_assert_uint_eq(dead.dwLower, live.dwLower);
    ck_assert_ptr_null(handle_get(&dead, HANDLE_CONTEXT));
    ck_assert_int_eq(handle_close(&dead, HANDLE_CONTEXT), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(handle_close(&live, HANDLE_CONTEXT), SEC_E_OK);
}
END_TEST

START_TEST(a_handle_of_the_other_kind_is_invalid)
{
    SecHandle handle = open_thing(HANDLE_CREDENTIAL, 1);

    ck_assert_ptr_null(handle_get(&handle, HANDLE_CONTEXT));
    ck_assert_int_eq(handle_close(&handle, HANDLE_CONTEXT), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(handle_close(&handle, HANDLE_CREDENTIAL), SEC_E_OK);
}
END_TEST

START_TEST(a_forged_handle_is_invalid)
{
    static const SecHandle forged[] = {
        {0, 0}, {1, 0}, {1, 1}, {0, 1}, {64, 1}, {UINTPTR_MAX, UINTPTR_MAX}, {65, 0}};
    SecHandle live = open_thing(HANDLE_CONTEXT, 1);
    SecHandle near[] = {live, live, live, live};

    near[0].dwLower++;
    near[1].dwLower--;
    near[2].dwUpper++;
    near[3].dwUpper = (ULONG_PTR)&near;
    for (size_t i = 0; i < sizeof(forged) / sizeof(forged[0]); i++)
        ck_assert_ptr_null(handle_get(&forged[i], HANDLE_CONTEXT));
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
        ck_assert_int_eq(handle_close(&near[i], HANDLE_CONTEXT), SEC_E_INVALID_HANDLE);
    ck_assert_ptr_null(handle_get(NULL, HANDLE_CONTEXT));
    ck_assert_int_eq(handle_close(NULL, HANDLE_CONTEXT), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(handle_close(&live, HANDLE_CONTEXT), SEC_E_OK);
}
END_TEST

START_TEST(a_copied_handle_works_until_one_of_the_two_is_closed)
{
    SecHandle handle = open_thing(HANDLE_CONTEXT, 1), copy = handle;

    ck_assert_int_eq(handle_close(&copy, HANDLE_CONTEXT), SEC_E_OK);
    ck_assert_int_eq(handle_close(&handle, HANDLE_CONTEXT), SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(an_object_in_use_outlives_its_handle)
{
    SecHandle handle = open_thing(HANDLE_CONTEXT, 9);
    struct object *object = handle_get(&handle, HANDLE_CONTEXT);

    handle_close(&handle, HANDLE_CONTEXT);
    ck_assert_int_eq(destroyed, 0);
    ck_assert_int_eq(((struct thing *)object)->value, 9);
    object_release(object);
    ck_assert_int_eq(destroyed, 1);
}
END_TEST

START_TEST(a_handle_may_come_to_stand_for_another_object)
{
    SecHandle handle = open_thing(HANDLE_CREDENTIAL, 1), other, dead;
    struct object *before = handle_get(&handle, HANDLE_CREDENTIAL), *after, *third;

    other = open_thing(HANDLE_CREDENTIAL, 2);
    after = handle_get(&other, HANDLE_CREDENTIAL);
    handle_close(&other, HANDLE_CREDENTIAL);
    ck_assert_int_eq(handle_replace(&handle, after), SEC_E_OK);
    ck_assert_int_eq(((struct thing *)before)->value, 1);
    object_release(before);
    ck_assert_int_eq(destroyed, 1);
    third = handle_get(&handle, HANDLE_CREDENTIAL);
    ck_assert_ptr_eq(third, after);
    ck_assert_uint_eq(handle_count(), 1);

    dead = handle;
    ck_assert_int_eq(handle_close(&handle, HANDLE_CREDENTIAL), SEC_E_OK);
    ck_assert_int_eq(handle_replace(&dead, third), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(handle_replace(NULL, third), SEC_E_INVALID_HANDLE);
    handle = open_thing(HANDLE_CONTEXT, 3);
    ck_assert_int_eq(handle_replace(&handle, third), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(handle_close(&handle, HANDLE_CONTEXT), SEC_E_OK);
    object_release(third);
    ck_assert_int_eq(destroyed, 3);
}
END_TEST

START_TEST(the_table_grows)
{
    enum { MANY = 1000 };
    SecHandle handles[MANY];

    for (int i = 0; i < MANY; i++)
        handles[i] = open_thing(i % 2 ? HANDLE_CONTEXT : HANDLE_CREDENTIAL, i);
    ck_assert_uint_eq(handle_count(), MANY);
    for (int i = 0; i < MANY; i++) {
        enum handle_kind kind = i % 2 ? HANDLE_CONTEXT : HANDLE_CREDENTIAL;
        struct object *object = handle_get(&handles[i], kind);
        ck_assert_int_eq(((struct thing *)object)->value, i);
        object_release(object);
        ck_assert_int_eq(handle_close(&handles[i], kind), SEC_E_OK);
    }
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_int_eq(destroyed, MANY);
}
END_TEST

START_TEST(releasing_nothing_is_fine)
{
    object_release(NULL);
}
END_TEST

enum { THREADS = 4, ROUNDS = 2000, SHARED = 8 };

static SecHandle shared[SHARED];
static atomic_int closed;

/* Each thread uses handles that all share, closes some of them under the
 * others' hands, and opens and closes its own. */
static void *hammer(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;

    for (int round = 0; round < ROUNDS; round++) {
        SecHandle own = open_thing(HANDLE_CREDENTIAL, round);
        size_t pick = (seed = seed * 1103515245 + 12345) / 65536 % SHARED;
        struct object *object = handle_get(&shared[pick], HANDLE_CONTEXT);
        if (object) {
            ck_assert_int_eq(((struct thing *)object)->value, (int)pick);
            object_release(object);
        }
        if (round == ROUNDS / 2 + (int)pick &&
            handle_close(&shared[pick], HANDLE_CONTEXT) == SEC_E_OK)
            atomic_fetch_add(&closed, 1);
        ck_assert_int_eq(handle_close(&own, HANDLE_CREDENTIAL), SEC_E_OK);
        ck_assert_ptr_null(handle_get(&own, HANDLE_CREDENTIAL));
    }
    return NULL;
}

START_TEST(many_threads_may_open_use_and_close_at_once)
{
    pthread_t threads[THREADS];

    atomic_store(&closed, 0);
    for (int i = 0; i < SHARED; i++)
        shared[i] = open_thing(HANDLE_CONTEXT, i);
    for (uintptr_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, hammer, (void *)(i + 1)), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < SHARED; i++)
        if (handle_close(&shared[i], HANDLE_CONTEXT) == SEC_E_OK)
            atomic_fetch_add(&closed, 1);
    ck_assert_int_eq(closed, SHARED);
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_int_eq(destroyed, SHARED + THREADS * ROUNDS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi handle");
    TCase *cases = tcase_create("handle");
    tcase_add_checked_fixture(cases, reset, NULL);
    tcase_add_test(cases, without_random_numbers_handles_are_no_small_numbers);
    tcase_add_test(cases, a_live_handle_gives_its_object);
    tcase_add_test(cases, a_dead_handle_is_invalid);
    tcase_add_test(cases, a_dead_handle_stays_dead_when_its_place_is_taken_again);
    tcase_add_test(cases, a_handle_of_the_other_kind_is_invalid);
    tcase_add_test(cases, a_forged_handle_is_invalid);
    tcase_add_test(cases, a_copied_handle_works_until_one_of_the_two_is_closed);
    tcase_add_test(cases, an_object_in_use_outlives_its_handle);
    tcase_add_test(cases, a_handle_may_come_to_stand_for_another_object);
    tcase_add_test(cases, the_table_grows);
    tcase_add_test(cases, releasing_nothing_is_fine);
    tcase_add_test(cases, many_threads_may_open_use_and_close_at_once);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
