/* SPDX-License-Identifier: MIT */
/* block_test.c - FreeContextBuffer frees what this library gave out, and
 * nothing else. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "context_buffer.h"
#include "suite.h"

START_TEST(a_block_is_zeroed_and_freed_once)
{
    char *buffer = context_buffer_alloc(100);

    ck_assert_ptr_nonnull(buffer);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(buffer[i], 0);
    ck_assert_uint_eq(context_buffer_count(), 1);
    ck_assert_int_eq(FreeContextBuffer(buffer), SEC_E_OK);
    ck_assert_uint_eq(context_buffer_count(), 0);
    ck_assert_int_eq(FreeContextBuffer(buffer), SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(what_is_no_block_is_refused_and_left_alone)
{
    char local[16] = "mine", *buffer = context_buffer_alloc(16);

    ck_assert_int_eq(FreeContextBuffer(local), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(FreeContextBuffer(buffer + 1), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(FreeContextBuffer((void *)(uintptr_t)16), SEC_E_INVALID_HANDLE);
    ck_assert_str_eq(local, "mine");
    ck_assert_int_eq(FreeContextBuffer(buffer), SEC_E_OK);
}
END_TEST

START_TEST(freeing_nothing_is_fine)
{
    ck_assert_int_eq(FreeContextBuffer(NULL), SEC_E_OK);
}
END_TEST

START_TEST(an_empty_block_is_a_block)
{
    void *buffer = context_buffer_alloc(0);

    ck_assert_ptr_nonnull(buffer);
    ck_assert(context_buffer_free(buffer));
}
END_TEST

START_TEST(a_copy_has_the_bytes)
{
    char *buffer = context_buffer_copy("a\0b", 4);

    ck_assert_mem_eq(buffer, "a\0b", 4);
    ck_assert(context_buffer_free(buffer));
}
END_TEST

START_TEST(a_block_larger_than_memory_is_none)
{
    ck_assert_ptr_null(context_buffer_alloc(SIZE_MAX));
    ck_assert_uint_eq(context_buffer_count(), 0);
}
END_TEST

START_TEST(buffers_are_aligned_for_anything_and_freed_in_any_order)
{
    void *buffers[50];

    for (size_t i = 0; i < 50; i++) {
        buffers[i] = context_buffer_alloc(i);
        ck_assert_uint_eq((uintptr_t)buffers[i] % _Alignof(max_align_t), 0);
    }
    for (size_t i = 0; i < 50; i++)
        ck_assert(context_buffer_free(buffers[i * 7 % 50]));
    ck_assert_uint_eq(context_buffer_count(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi context_buffer");
    TCase *cases = tcase_create("context_buffer");
    tcase_add_test(cases, a_block_is_zeroed_and_freed_once);
    tcase_add_test(cases, what_is_no_block_is_refused_and_left_alone);
    tcase_add_test(cases, freeing_nothing_is_fine);
    tcase_add_test(cases, an_empty_block_is_a_block);
    tcase_add_test(cases, a_copy_has_the_bytes);
    tcase_add_test(cases, a_block_larger_than_memory_is_none);
    tcase_add_test(cases, buffers_are_aligned_for_anything_and_freed_in_any_order);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
