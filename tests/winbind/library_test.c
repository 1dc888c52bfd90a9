/* SPDX-License-Identifier: MIT */
/* library_test.c - libwbclient that cannot be loaded at first: a failure is not for
 * the life of the process. */

#include "config.h"

#include <dlfcn.h>

#include "suite.h"
#include "support/failure.h"
#include "winbind/library.h"
#include "winbind/winbind.h"
#include "winbind_socket.h"

/* Loading fails as often as this says, and then gives another library so often. The linker
 * leads the call here (--wrap). */
static int failures, others;

void *__real_dlopen(const char *name, int flags);
void *__wrap_dlopen(const char *name, int flags);

void *__wrap_dlopen(const char *name, int flags)
{
    if (failures-- > 0)
        name = "/nonexistent/library.so";
    else if (others-- > 0)
        name = "libc.so.6";
    return __real_dlopen(name, flags);
}

START_TEST(a_library_that_could_not_be_loaded_is_tried_again)
{
    const struct wbclient *library;

    winbind_socket_make();
    failures = 2;
    ck_assert_int_eq(wbclient_load(&library), NTLM_ERR_NO_AUTHORITY);
    ck_assert_ptr_null(library);
    ck_assert_ptr_nonnull(failure_detail(NTLM_ERR_NO_AUTHORITY));
    ck_assert(!winbind_is_there());
    ck_assert(winbind_is_there());
    ck_assert_int_eq(wbclient_load(&library), NTLM_OK);
    ck_assert_ptr_nonnull(library->wbcCtxCreate);
}
END_TEST

/* An older one, without a function that is needed. */
START_TEST(a_library_that_lacks_a_function_is_named)
{
    const struct wbclient *library;

    if (skipped_without_fork("a_library_that_lacks_a_function_is_named"))
        return; /* it stays loaded */
    winbind_socket_make();
    others = 1;
    ck_assert_int_eq(wbclient_load(&library), NTLM_ERR_NO_AUTHORITY);
    ck_assert_ptr_null(library);
    ck_assert_ptr_nonnull(strstr(failure_detail(NTLM_ERR_NO_AUTHORITY), "wbcAddNamedBlob"));
    ck_assert_int_eq(wbclient_load(&library), NTLM_OK);
}
END_TEST

START_TEST(without_a_socket_nothing_is_loaded)
{
    const struct wbclient *library;

    winbind_socket_remove();
    failures = 1;
    ck_assert(!winbind_is_there());
    ck_assert_int_eq(wbclient_load(&library), NTLM_ERR_NO_AUTHORITY);
    ck_assert_int_eq(failures, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("winbind library");
    TCase *cases = tcase_create("library");

    scratch_begin();
    tcase_add_test(cases, a_library_that_could_not_be_loaded_is_tried_again);
    tcase_add_test(cases, a_library_that_lacks_a_function_is_named);
    tcase_add_test(cases, without_a_socket_nothing_is_loaded);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
