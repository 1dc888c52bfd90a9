/* SPDX-License-Identifier: MIT */
/* status_text_test.c - the major status and the text of each error. */

#include "config.h"

#include <string.h>

#include "gss/module.h"
#include "gss/oids.h"
#include "gss/status.h"
#include "suite.h"

static const enum ntlm_error all[] = {
#define MEMBER(symbol, number, text) NTLM_ERR_##symbol,
    NTLM_ERRORS(MEMBER)
#undef MEMBER
};

static void shows(enum ntlm_error error, const char *text)
{
    gss_buffer_desc out;
    OM_uint32 minor = 1, context = 7;

    ck_assert_uint_eq(gss_display_status(&minor, (OM_uint32)error, GSS_C_MECH_CODE,
                                         oid_out(&oid_ntlmssp), &context, &out),
                      GSS_S_COMPLETE);
    ck_assert_uint_eq(minor, 0);
    ck_assert_uint_eq(context, 0);
    ck_assert_str_eq(out.value, text);
    ck_assert_uint_eq(out.length, strlen(text));
    free(out.value);
}

START_TEST(every_error_but_a_sequence_is_a_gssapi_error)
{
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        OM_uint32 minor, major = status_of(&minor, all[i]);
        ck_assert_uint_eq(minor, all[i]);
        if (all[i] == NTLM_ERR_OUT_OF_SEQUENCE)
            ck_assert_uint_eq(major, GSS_S_UNSEQ_TOKEN);
        else
            ck_assert_msg(GSS_ERROR(major), "%s", ntlm_error_text(all[i]));
    }
}
END_TEST

START_TEST(success_is_complete_with_minor_zero)
{
    OM_uint32 minor = 9;

    ck_assert_uint_eq(status_of(&minor, NTLM_OK), GSS_S_COMPLETE);
    ck_assert_uint_eq(minor, 0);
    ck_assert_uint_eq(status_of(NULL, NTLM_OK), GSS_S_COMPLETE);
}
END_TEST

START_TEST(causes_have_the_major_status_that_callers_act_on)
{
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_UNKNOWN_OPTION), GSS_S_UNAVAILABLE);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_TRUNCATED), GSS_S_DEFECTIVE_TOKEN);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_LOGON_DENIED), GSS_S_FAILURE);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_MIC_WRONG), GSS_S_BAD_SIG);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_BINDINGS_DIFFER), GSS_S_BAD_BINDINGS);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_NO_ACCOUNTS), GSS_S_NO_CRED);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_NO_IDENTITY), GSS_S_NO_CRED);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_FILE_INSECURE), GSS_S_DEFECTIVE_CREDENTIAL);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_DEAD_CONTEXT), GSS_S_NO_CONTEXT);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_BAD_NAME), GSS_S_BAD_NAME);
    ck_assert_uint_eq(status_of(NULL, NTLM_ERR_BAD_NAME_TYPE), GSS_S_BAD_NAMETYPE);
}
END_TEST

START_TEST(a_caller_may_choose_the_major_status)
{
    OM_uint32 minor;

    ck_assert_uint_eq(status_as(&minor, GSS_S_GAP_TOKEN, NTLM_ERR_OUT_OF_SEQUENCE),
                      GSS_S_GAP_TOKEN);
    ck_assert_uint_eq(minor, NTLM_ERR_OUT_OF_SEQUENCE);
}
END_TEST

START_TEST(a_text_is_the_codes_own_when_nothing_particular_is_known)
{
    status_of(NULL, fail(NTLM_ERR_TIME_SKEW, "by 40 hours"));
    shows(NTLM_ERR_LOGON_DENIED, "Unknown user or wrong password");
    status_of(NULL, NTLM_ERR_TIME_SKEW);
    shows(NTLM_ERR_TIME_SKEW, ntlm_error_text(NTLM_ERR_TIME_SKEW));
}
END_TEST

START_TEST(a_text_ends_with_the_detail_of_the_threads_last_failure)
{
    status_of(NULL, fail(NTLM_ERR_LOGON_DENIED, "CORP\\alice"));
    shows(NTLM_ERR_LOGON_DENIED, "Unknown user or wrong password: CORP\\alice");
}
END_TEST

START_TEST(what_is_not_ours_to_show_is_a_bad_status)
{
    gss_buffer_desc out;
    OM_uint32 minor, context = 0;

    ck_assert_uint_eq(
        gss_display_status(&minor, 2, GSS_C_MECH_CODE, GSS_C_NO_OID, &context, &out),
        GSS_S_BAD_STATUS);
    ck_assert_ptr_null(out.value);
    ck_assert_uint_eq(gss_display_status(&minor, NTLM_ERR_LOGON_DENIED, GSS_C_GSS_CODE,
                                         GSS_C_NO_OID, &context, &out),
                      GSS_S_BAD_STATUS);
    ck_assert_uint_eq(gss_display_status(&minor, NTLM_ERR_LOGON_DENIED, GSS_C_MECH_CODE,
                                         oid_out(&oid_nt_user_name), &context, &out),
                      GSS_S_BAD_MECH);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status");
    TCase *cases = tcase_create("status");
    tcase_add_test(cases, every_error_but_a_sequence_is_a_gssapi_error);
    tcase_add_test(cases, success_is_complete_with_minor_zero);
    tcase_add_test(cases, causes_have_the_major_status_that_callers_act_on);
    tcase_add_test(cases, a_caller_may_choose_the_major_status);
    tcase_add_test(cases, a_text_is_the_codes_own_when_nothing_particular_is_known);
    tcase_add_test(cases, a_text_ends_with_the_detail_of_the_threads_last_failure);
    tcase_add_test(cases, what_is_not_ours_to_show_is_a_bad_status);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
