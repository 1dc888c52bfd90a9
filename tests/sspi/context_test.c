/* SPDX-License-Identifier: MIT */
/* context_test.c - a context's life behind its handle. */

#include "config.h"

#include "context.h"
#include "suite.h"

static SecHandle open_context(enum context_stage stage)
{
    struct context *context = context_new(true, package_of(PACKAGE_NEGOTIATE), NULL);
    SecHandle handle;

    ck_assert_ptr_nonnull(context);
    context->stage = stage;
    ck_assert_int_eq(handle_open(&handle, &context->object), SEC_E_OK);
    return handle;
}

START_TEST(a_context_is_entered_and_left)
{
    SecHandle handle = open_context(CONTEXT_HALF);
    struct context *context = context_enter(&handle);

    ck_assert_ptr_nonnull(context);
    ck_assert_ptr_eq(context->package, package_of(PACKAGE_NEGOTIATE));
    context_leave(context);
    ck_assert_int_eq(DeleteSecurityContext(&handle), SEC_E_OK);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

START_TEST(deleting_twice_is_an_invalid_handle)
{
    SecHandle handle = open_context(CONTEXT_DEAD);

    ck_assert_int_eq(DeleteSecurityContext(&handle), SEC_E_OK);
    ck_assert_int_eq(DeleteSecurityContext(&handle), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(DeleteSecurityContext(NULL), SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(a_context_deleted_while_it_is_used_stays_whole)
{
    SecHandle handle = open_context(CONTEXT_COMPLETE);
    struct context *context = context_enter(&handle);

    ck_assert_int_eq(DeleteSecurityContext(&handle), SEC_E_OK);
    ck_assert_int_eq(context->stage, CONTEXT_COMPLETE);
    ck_assert_ptr_null(context_enter(&handle));
    context_leave(context);
}
END_TEST

START_TEST(only_a_complete_context_is_entered_as_such)
{
    static const enum context_stage others[] = {CONTEXT_HALF, CONTEXT_DEAD};
    struct context *context;
    SecHandle handle = open_context(CONTEXT_COMPLETE);

    ck_assert_int_eq(context_enter_complete(&handle, &context), SEC_E_OK);
    context_leave(context);
    DeleteSecurityContext(&handle);
    ck_assert_int_eq(context_enter_complete(&handle, &context), SEC_E_INVALID_HANDLE);
    ck_assert_ptr_null(context);
    for (size_t i = 0; i < 2; i++) {
        handle = open_context(others[i]);
        ck_assert_int_eq(context_enter_complete(&handle, &context), SEC_E_INVALID_HANDLE);
        ck_assert_int_eq(DeleteSecurityContext(&handle), SEC_E_OK);
    }
    context_leave(NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi context");
    TCase *cases = tcase_create("context");
    tcase_add_test(cases, a_context_is_entered_and_left);
    tcase_add_test(cases, deleting_twice_is_an_invalid_handle);
    tcase_add_test(cases, a_context_deleted_while_it_is_used_stays_whole);
    tcase_add_test(cases, only_a_complete_context_is_entered_as_such);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
