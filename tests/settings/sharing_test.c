/* SPDX-License-Identifier: MIT */
/* sharing_test.c - settings are read once, shared by all threads, never changed, and
 * replaced when the environment or krb5.conf has changed. Forked children have settings
 * whatever their parent's threads do. */

#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <krb5.h>

#include "child.h"
#include "scratch.h"
#include "settings_fixture.h"
#include "suite.h"
#include "support/failure.h"

START_TEST(settings_are_shared_while_nothing_changes)
{
    const struct settings *first = get_with("lm_compat_level = 1"), *second = get(), *third;

    ck_assert_ptr_eq(first, second);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 50000000}, NULL);
    third = get(); /* looked again, and found the same */
    ck_assert_ptr_eq(first, third);
    settings_put(first);
    settings_put(second);
    settings_put(third);
}
END_TEST

START_TEST(a_change_of_the_environment_counts_at_once_and_leaves_the_old_settings)
{
    const struct settings *before = get_with("lm_compat_level = 1"), *after;

    setenv("LM_COMPAT_LEVEL", "4", 1);
    after = get();
    ck_assert_uint_eq(after->lm_compat_level, 4);
    ck_assert_uint_eq(before->lm_compat_level, 1);
    ck_assert_mem_eq(before->machine_id, after->machine_id, sizeof(after->machine_id));
    settings_put(before);
    settings_put(after);
}
END_TEST

START_TEST(a_reference_keeps_settings)
{
    const struct settings *settings = settings_ref(get_with("lm_compat_level = 1"));

    settings_put(settings);
    settings_put(get_with("lm_compat_level = 2"));
    ck_assert_uint_eq(settings->lm_compat_level, 1);
    settings_put(settings);
    settings_put(NULL);
}
END_TEST

static bool is_root(const char *test)
{
    if (geteuid() != 0)
        printf("ok - %s # SKIP needs root\n", test);
    return geteuid() == 0;
}

/* What a user sees who may not read root's file; NULL when it is an error. */
static const struct settings *get_as_nobody(void)
{
    const struct settings *settings;

    ck_assert_int_eq(seteuid(65534), 0);
    settings_get(&settings);
    ck_assert_int_eq(seteuid(0), 0);
    return settings;
}

START_TEST(who_may_not_read_the_file_leaves_the_settings_to_who_may)
{
    const struct settings *roots, *nobodys;

    if (!is_root("who_may_not_read_the_file_leaves_the_settings_to_who_may"))
        return;
    roots = get_with("lm_compat_level = 1");
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 50000000}, NULL);
    nobodys = get_as_nobody();
    ck_assert_ptr_eq(nobodys, roots);
    settings_put(roots);
    settings_put(nobodys);
}
END_TEST

START_TEST(who_may_read_the_file_does_not_share_the_settings_of_who_may_not)
{
    const struct settings *roots;
    const char *detail;

    if (!is_root("who_may_read_the_file_does_not_share_the_settings_of_who_may_not"))
        return;
    setenv("KRB5_CONFIG", scratch_write("roots", "[ntlmssp]\nlm_compat_level = 2\n"), 1);
    ck_assert_ptr_null(get_as_nobody());
    detail = failure_detail(NTLM_ERR_BAD_SETTING);
    ck_assert_ptr_nonnull(detail);
    ck_assert_ptr_nonnull(strstr(detail, "/roots: Permission denied"));
    roots = get();
    ck_assert_uint_eq(roots->lm_compat_level, 2);
    settings_put(roots);
}
END_TEST

/* Asks until the change has come, which takes a second. */
static void *wait_for_level_two(void *arg)
{
    unsigned level;

    (void)arg;
    do {
        const struct settings *settings = get();
        level = settings->lm_compat_level;
        ck_assert(level == 1 || level == 2);
        ck_assert_uint_gt(strlen(settings->netbios_computer), 0);
        settings_put(settings);
    } while (level != 2);
    return NULL;
}

START_TEST(all_threads_see_a_change_of_the_file)
{
    pthread_t threads[4];

    setenv("KRB5_CONFIG", scratch_write("changing", "[ntlmssp]\nlm_compat_level = 1\n"), 1);
    settings_put(get());
    scratch_write("changed", "[ntlmssp]\nlm_compat_level = 2\n");
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, wait_for_level_two, NULL), 0);
    ck_assert_int_eq(rename(scratch_path("changed"), scratch_path("changing")), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}
END_TEST

/* Where a thread that looks at everything again is for a while, with whatever
 * it holds. The linker leads that call here (--wrap). */
static atomic_int looking; /* 1: is to stay there, 2: is there */

int __real_gethostname(char *name, size_t size);
int __wrap_gethostname(char *name, size_t size);

int __wrap_gethostname(char *name, size_t size)
{
    const struct timespec while_others_fork = {.tv_nsec = 100000000};
    int wanted = 1;

    if (atomic_compare_exchange_strong(&looking, &wanted, 2))
        nanosleep(&while_others_fork, NULL);
    return __real_gethostname(name, size);
}

static void *look(void *arg)
{
    settings_put(get_with("max_clock_skew = 7"));
    return arg;
}

static bool has_settings(void *arg)
{
    const struct settings *settings;

    (void)arg;
    return !settings_get(&settings);
}

START_TEST(a_child_that_is_forked_while_another_thread_looks_has_settings)
{
    pthread_t other;

    looking = 1;
    ck_assert_int_eq(pthread_create(&other, NULL, look, NULL), 0);
    while (looking != 2)
        sched_yield();
    ck_assert(holds_in_child(has_settings, NULL));
    pthread_join(other, NULL);
}
END_TEST

/* A process that has not used the settings yet, while a thread gets ready for
 * its forks. The linker leads that call here (--wrap). */
static atomic_int preparing; /* 1: is to stay there, 2: is there, or never came */
static atomic_bool forked;

int __real_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));

/* clang's ThreadSanitizer calls it, too, before it can watch anybody. */
#if __has_attribute(disable_sanitizer_instrumentation)
__attribute__((disable_sanitizer_instrumentation))
#endif
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    int result = __real_pthread_atfork(prepare, parent, child), wanted = 1;

    if (prepare && atomic_compare_exchange_strong(&preparing, &wanted, 2))
        while (!forked)
            sched_yield();
    return result;
}

static void *use_settings(void *arg)
{
    settings_put(get());
    preparing = 2;
    return arg;
}

static bool has_settings_and_a_child_that_has(void *arg)
{
    return has_settings(arg) && holds_in_child(has_settings, arg);
}

START_TEST(a_child_that_is_forked_at_the_first_use_has_children_with_settings)
{
    pthread_t other;

    preparing = 1;
    ck_assert_int_eq(pthread_create(&other, NULL, use_settings, NULL), 0);
    while (preparing != 2)
        sched_yield();
    ck_assert(holds_in_child(has_settings_and_a_child_that_has, NULL));
    forked = true;
    pthread_join(other, NULL);
}
END_TEST

static void write_included(const char *text)
{
    scratch_write("included.conf", text);
    nanosleep(&(struct timespec){.tv_sec = 1, .tv_nsec = 50000000}, NULL);
}

/* libkrb5 itself goes on with what it has. */
START_TEST(a_change_of_an_included_file_is_seen_while_the_program_has_a_krb5_context)
{
    const struct settings *settings;
    krb5_context context;
    char outer[300];

    write_included("[ntlmssp]\nrequire_sign = false\n");
    snprintf(outer, sizeof(outer), "include %s\n", scratch_path("included.conf"));
    setenv("KRB5_CONFIG", scratch_write("outer.conf", outer), 1);
    ck_assert_int_eq(krb5_init_context(&context), 0);
    settings_put(get());
    write_included("[ntlmssp]\nrequire_sign = true\n");
    settings = get();
    ck_assert(settings->require_sign);
    settings_put(settings);
    write_included("[ntlmssp]\nrequire_sign = true\nrequire_seal = true\n");
    settings = get();
    ck_assert(settings->require_seal);
    settings_put(settings);
    krb5_free_context(context);
}
END_TEST

START_TEST(an_empty_entry_of_the_list_hides_no_file)
{
    const struct settings *settings;
    char list[300];

    snprintf(list, sizeof(list), ":/nonexistent::%s",
             scratch_write("behind.conf", "[ntlmssp]\nrequire_sign = true\n"));
    setenv("KRB5_CONFIG", list, 1);
    settings = get();
    ck_assert(settings->require_sign);
    settings_put(settings);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings sharing");
    TCase *cases = tcase_create("sharing");

    scratch_begin();
    tcase_add_checked_fixture(cases, settings_begin, NULL);
    tcase_add_test(cases, settings_are_shared_while_nothing_changes);
    tcase_add_test(cases,
                   a_change_of_the_environment_counts_at_once_and_leaves_the_old_settings);
    tcase_add_test(cases, a_reference_keeps_settings);
    tcase_add_test(cases, who_may_not_read_the_file_leaves_the_settings_to_who_may);
    tcase_add_test(cases, who_may_read_the_file_does_not_share_the_settings_of_who_may_not);
    tcase_add_test(cases, all_threads_see_a_change_of_the_file);
    tcase_add_test(cases, a_child_that_is_forked_while_another_thread_looks_has_settings);
    tcase_add_test(cases, a_child_that_is_forked_at_the_first_use_has_children_with_settings);
    tcase_add_test(cases,
                   a_change_of_an_included_file_is_seen_while_the_program_has_a_krb5_context);
    tcase_add_test(cases, an_empty_entry_of_the_list_hides_no_file);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
