/* SPDX-License-Identifier: MIT */
/* former_failure_test.c - the text of an error is that of the call which returned
 * it: a detail of a former call's failure is never shown for it, whichever function
 * of the module fails. */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gss/module.h"
#include "gss/oids.h"
#include "gss/status.h"
#include "scratch.h"
#include "suite.h"

#define FORMER "the former failure"

static gss_buffer_desc text = {4, (void *)(uintptr_t) "text"}, out;
static gss_OID_desc unknown = {3, (void *)(uintptr_t) "\x2a\x03\x04"};
static gss_buffer_set_t set;
static gss_ctx_id_t context;
static gss_cred_id_t credential;
static gss_iov_buffer_desc iov = {.type = GSS_IOV_BUFFER_TYPE_DATA};
static gss_name_t name, other;
static OM_uint32 number;
static int more;

/* X(function, its arguments behind the minor status): each call fails. */
#define FAILING_CALLS(X)                                                                       \
    X(gss_accept_sec_context, &context, NULL, &text, NULL, NULL, NULL, &out, NULL, NULL, NULL) \
    X(gss_acquire_cred, NULL, 0, NULL, 77, &credential, NULL, NULL)                            \
    X(gss_acquire_cred_from, NULL, 0, NULL, GSS_C_INITIATE, NULL, &credential, NULL, NULL)     \
    X(gss_compare_name, NULL, NULL, NULL)                                                      \
    X(gss_context_time, NULL, NULL)                                                            \
    X(gss_display_name, NULL, NULL, NULL)                                                      \
    X(gss_display_name_ext, name, &unknown, &out)                                              \
    X(gss_display_status, 2, GSS_C_MECH_CODE, NULL, NULL, NULL)                                \
    X(gss_duplicate_name, NULL, NULL)                                                          \
    X(gss_export_cred, NULL, &out)                                                             \
    X(gss_export_name, NULL, NULL)                                                             \
    X(gss_export_name_composite, NULL, NULL)                                                   \
    X(gss_export_sec_context, &context, &out)                                                  \
    X(gss_get_mic, NULL, 0, &text, &out)                                                       \
    X(gss_get_mic_iov, NULL, 0, &iov, 1)                                                       \
    X(gss_get_mic_iov_length, NULL, 0, NULL, 1)                                                \
    X(gss_get_name_attribute, name, &text, NULL, NULL, NULL, NULL, &more)                      \
    X(gss_import_cred, &text, &credential)                                                     \
    X(gss_import_name, &text, &unknown, &other)                                                \
    X(gss_import_sec_context, &text, &context)                                                 \
    X(gss_indicate_mechs, NULL)                                                                \
    X(gss_init_sec_context, NULL, &context, NULL, NULL, 0, 0, NULL, NULL, NULL, &out, NULL,    \
      NULL)                                                                                    \
    X(gss_inquire_attrs_for_mech, &unknown, NULL, NULL)                                        \
    X(gss_inquire_context, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)                     \
    X(gss_inquire_cred, NULL, NULL, NULL, NULL, NULL)                                          \
    X(gss_inquire_cred_by_mech, NULL, NULL, NULL, NULL, NULL, NULL)                            \
    X(gss_inquire_mech_for_saslname, NULL, NULL)                                               \
    X(gss_inquire_name, NULL, NULL, NULL, NULL)                                                \
    X(gss_inquire_names_for_mech, NULL, NULL)                                                  \
    X(gss_inquire_saslname_for_mech, &unknown, NULL, NULL, NULL)                               \
    X(gss_inquire_sec_context_by_oid, NULL, &unknown, &set)                                    \
    X(gss_localname, NULL, NULL, NULL)                                                         \
    X(gss_set_sec_context_option, &context, &unknown, NULL)                                    \
    X(gss_store_cred, NULL, 77, NULL, 1, 1, NULL, NULL)                                        \
    X(gss_store_cred_into, NULL, 77, NULL, 1, 1, NULL, NULL, NULL)                             \
    X(gss_unwrap, NULL, &text, &out, NULL, NULL)                                               \
    X(gss_unwrap_aead, NULL, &text, NULL, &out, NULL, NULL)                                    \
    X(gss_unwrap_iov, NULL, NULL, NULL, &iov, 1)                                               \
    X(gss_verify_mic, NULL, &text, &text, NULL)                                                \
    X(gss_verify_mic_iov, NULL, NULL, &iov, 1)                                                 \
    X(gss_wrap, NULL, 1, 0, NULL, NULL, NULL)                                                  \
    X(gss_wrap_aead, NULL, 1, 0, NULL, &text, NULL, &out)                                      \
    X(gss_wrap_iov, NULL, 1, 0, NULL, &iov, 1)                                                 \
    X(gss_wrap_iov_length, NULL, 1, 0, NULL, &iov, 1)                                          \
    X(gss_wrap_size_limit, NULL, 1, 0, 100, &number)                                           \
    X(gssspi_acquire_cred_with_password, NULL, NULL, 0, NULL, GSS_C_INITIATE, &credential,     \
      NULL, NULL)                                                                              \
    X(gssspi_authorize_localname, NULL, NULL, NULL)                                            \
    X(gssspi_mech_invoke, NULL, &unknown, NULL)                                                \
    X(gssspi_set_cred_option, &credential, &unknown, NULL)

/* These have nothing to fail at. */
#define UNFAILING_CALLS(X)                                                                     \
    X(gss_delete_sec_context, &context, NULL)                                                  \
    X(gss_internal_release_oid, NULL)                                                          \
    X(gss_release_cred, &credential)                                                           \
    X(gss_release_name, NULL)

#define DEFINE_CALL(function, ...)                                                             \
    static OM_uint32 call_##function(OM_uint32 *minor)                                         \
    {                                                                                          \
        return function(minor, __VA_ARGS__);                                                   \
    }
FAILING_CALLS(DEFINE_CALL)
UNFAILING_CALLS(DEFINE_CALL)

struct call {
    const char *function;
    OM_uint32 (*call)(OM_uint32 *minor);
};

#define LIST_CALL(function, ...) {#function, call_##function},
static const struct call failing[] = {FAILING_CALLS(LIST_CALL)};
static const struct call unfailing[] = {UNFAILING_CALLS(LIST_CALL)};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What gss_display_status says of a minor status. Lives until the next call. */
static const char *shown(OM_uint32 status)
{
    static char shown_text[2048];
    OM_uint32 minor, message = 0;
    gss_buffer_desc buffer;

    ck_assert_uint_eq(gss_display_status(&minor, status, GSS_C_MECH_CODE, oid_out(&oid_ntlmssp),
                                         &message, &buffer),
                      GSS_S_COMPLETE);
    snprintf(shown_text, sizeof(shown_text), "%s", (char *)buffer.value);
    free(buffer.value);
    return shown_text;
}

/* One call returned this error with a detail, and another one recorded it and
 * succeeded all the same. */
static void fail_before(OM_uint32 status)
{
    const enum ntlm_error error = (enum ntlm_error)status;

    status_of(NULL, fail(error, FORMER));
    ck_assert_ptr_nonnull(strstr(shown(status), FORMER));
    fail(error, FORMER);
    status_of(NULL, NTLM_OK);
}

START_TEST(a_former_failure_never_speaks)
{
    const struct call *call = &failing[_i];
    OM_uint32 first, second;

    ck_assert_msg(GSS_ERROR(call->call(&first)), "%s succeeds", call->function);
    if (first)
        fail_before(first);
    ck_assert_msg(GSS_ERROR(call->call(&second)), "%s succeeds", call->function);
    ck_assert_uint_eq(first, second);
    ck_assert_msg(!strstr(shown(second), FORMER), "%s: %s", call->function, shown(second));
}
END_TEST

START_TEST(a_call_that_succeeds_leaves_the_failure_to_be_shown)
{
    const enum ntlm_error error = NTLM_ERR_FILE_INSECURE;
    OM_uint32 minor;

    status_of(NULL, fail(error, FORMER));
    ck_assert(!GSS_ERROR(unfailing[_i].call(&minor)));
    ck_assert_ptr_nonnull(strstr(shown((OM_uint32)error), FORMER));
}
END_TEST

static bool is_called(const char *function)
{
    for (size_t i = 0; i < COUNT(failing); i++)
        if (strcmp(function, failing[i].function) == 0)
            return true;
    for (size_t i = 0; i < COUNT(unfailing); i++)
        if (strcmp(function, unfailing[i].function) == 0)
            return true;
    return false;
}

START_TEST(each_exported_function_is_tried)
{
    FILE *symbols = popen("nm -D --defined-only -P '" MODULE "'", "r");
    char line[512];
    size_t count = 0;

    ck_assert_ptr_nonnull(symbols);
    while (fgets(line, sizeof(line), symbols)) {
        line[strcspn(line, " @")] = '\0';
        ck_assert_msg(is_called(line), "%s is not tried", line);
        count++;
    }
    ck_assert_int_eq(pclose(symbols), 0);
    ck_assert_uint_eq(count, COUNT(failing) + COUNT(unfailing));
}
END_TEST

START_TEST(a_direct_call_without_a_context_does_not_repeat_a_wrong_usage)
{
    OM_uint32 minor;

    gss_acquire_cred(&minor, NULL, 0, NULL, 77, &credential, NULL, NULL);
    ck_assert_ptr_nonnull(strstr(shown(minor), "usage 77"));
    gss_wrap(&minor, NULL, 1, 0, NULL, NULL, NULL);
    ck_assert_uint_eq(minor, NTLM_ERR_BAD_ARGUMENT);
    ck_assert_ptr_null(strstr(shown(minor), "usage"));
}
END_TEST

static void begin(void)
{
    gss_buffer_desc user = {5, (void *)(uintptr_t) "alice"};
    OM_uint32 minor;

    unsetenv("NTLM_USER_FILE");
    unsetenv("NTLM_ACCOUNT_FILE");
    unsetenv("NTLMUSER");
    setenv("KRB5_CONFIG", scratch_write("krb5.conf", ""), 1);
    ck_assert_uint_eq(gss_import_name(&minor, &user, NULL, &name), GSS_S_COMPLETE);
}

static void end(void)
{
    OM_uint32 minor;

    gss_release_name(&minor, &name);
}

int main(void)
{
    Suite *suite = suite_create("former failures");
    TCase *cases = tcase_create("details");

    scratch_begin();
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, a_former_failure_never_speaks, 0, (int)COUNT(failing));
    tcase_add_loop_test(cases, a_call_that_succeeds_leaves_the_failure_to_be_shown, 0,
                        (int)COUNT(unfailing));
    tcase_add_test(cases, each_exported_function_is_tried);
    tcase_add_test(cases, a_direct_call_without_a_context_does_not_repeat_a_wrong_usage);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
