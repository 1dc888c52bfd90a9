/* SPDX-License-Identifier: MIT */
/* status_test.c - the status table: what majors tell alone, what minors
 * decide, and that a minor is recognized although the mechglue renumbered it. */

#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>

#include "package_query.h"
#include "status.h"
#include "suite.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define NTLM_CODE(number) (0x4e540000u + (number))

static gss_const_OID negotiate(void)
{
    return package_of(PACKAGE_NEGOTIATE)->mech;
}

static gss_const_OID ntlm(void)
{
    return package_of(PACKAGE_NTLM)->mech;
}

/* A status comes from a GSSAPI call; the mechglue's gss_display_status relies
 * on having been called before. */
static void call_gssapi(void)
{
    ck_assert(package_check(package_of(PACKAGE_KERBEROS)) == SEC_E_OK);
}

START_TEST(success_and_continuation_are_no_errors)
{
    ck_assert_int_eq(status_of(GSS_S_COMPLETE, 0, ntlm()), SEC_E_OK);
    ck_assert_int_eq(status_of(GSS_S_CONTINUE_NEEDED, 0, ntlm()), SEC_I_CONTINUE_NEEDED);
    /* a minor status means nothing beside success */
    ck_assert_int_eq(status_of(GSS_S_COMPLETE, ENOMEM, ntlm()), SEC_E_OK);
}
END_TEST

START_TEST(each_major_status_has_its_status)
{
    static const struct {
        OM_uint32 major;
        SECURITY_STATUS status;
    } rows[] = {
        {GSS_S_BAD_MECH, SEC_E_SECPKG_NOT_FOUND},
        {GSS_S_BAD_NAME, SEC_E_TARGET_UNKNOWN},
        {GSS_S_BAD_NAMETYPE, SEC_E_TARGET_UNKNOWN},
        {GSS_S_BAD_BINDINGS, SEC_E_BAD_BINDINGS},
        {GSS_S_BAD_MIC, SEC_E_MESSAGE_ALTERED},
        {GSS_S_NO_CRED, SEC_E_NO_CREDENTIALS},
        {GSS_S_NO_CONTEXT, SEC_E_INVALID_HANDLE},
        {GSS_S_DEFECTIVE_TOKEN, SEC_E_INVALID_TOKEN},
        {GSS_S_DEFECTIVE_CREDENTIAL, SEC_E_UNKNOWN_CREDENTIALS},
        {GSS_S_CREDENTIALS_EXPIRED, SEC_E_NO_CREDENTIALS},
        {GSS_S_CONTEXT_EXPIRED, SEC_E_CONTEXT_EXPIRED},
        {GSS_S_FAILURE, SEC_E_INTERNAL_ERROR},
        {GSS_S_BAD_QOP, SEC_E_QOP_NOT_SUPPORTED},
        {GSS_S_UNAUTHORIZED, SEC_E_LOGON_DENIED},
        {GSS_S_UNAVAILABLE, SEC_E_UNSUPPORTED_FUNCTION},
        {GSS_S_DUPLICATE_ELEMENT, SEC_E_UNKNOWN_CREDENTIALS},
        {GSS_S_DUPLICATE_TOKEN, SEC_E_OUT_OF_SEQUENCE},
        {GSS_S_OLD_TOKEN, SEC_E_OUT_OF_SEQUENCE},
        {GSS_S_UNSEQ_TOKEN, SEC_E_OUT_OF_SEQUENCE},
        {GSS_S_GAP_TOKEN, SEC_E_OUT_OF_SEQUENCE},
        {GSS_S_CALL_BAD_STRUCTURE, SEC_E_INTERNAL_ERROR},
    };

    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_msg(status_of(rows[i].major, 0, ntlm()) == rows[i].status, "major %#x",
                      rows[i].major);
}
END_TEST

START_TEST(kerberos_minors_decide_where_the_major_does_not)
{
    static const struct {
        OM_uint32 minor;
        SECURITY_STATUS status;
    } rows[] = {
        {(OM_uint32)KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, SEC_E_TARGET_UNKNOWN},
        {(OM_uint32)KRB5KDC_ERR_PREAUTH_FAILED, SEC_E_LOGON_DENIED},
        {(OM_uint32)KRB5KDC_ERR_CLIENT_REVOKED, SEC_E_LOGON_DENIED},
        {(OM_uint32)KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, SEC_E_LOGON_DENIED},
        {(OM_uint32)KRB5_KDC_UNREACH, SEC_E_NO_AUTHENTICATING_AUTHORITY},
        {(OM_uint32)KRB5_REALM_UNKNOWN, SEC_E_NO_AUTHENTICATING_AUTHORITY},
        {(OM_uint32)KRB5KRB_AP_WRONG_PRINC, SEC_E_WRONG_PRINCIPAL},
        {(OM_uint32)KRB5KRB_AP_ERR_MODIFIED, SEC_E_WRONG_PRINCIPAL},
        {(OM_uint32)KRB5KRB_AP_ERR_SKEW, SEC_E_TIME_SKEW},
        {(OM_uint32)KRB5_FCC_NOFILE, SEC_E_NO_CREDENTIALS},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        ck_assert_int_eq(status_of(GSS_S_FAILURE, rows[i].minor, gss_mech_krb5),
                         rows[i].status);
        ck_assert_int_eq(status_of(GSS_S_NO_CRED, rows[i].minor, negotiate()), rows[i].status);
        ck_assert_int_eq(status_of(GSS_S_FAILURE, rows[i].minor, NULL), rows[i].status);
    }
}
END_TEST

/* The same code is a wrong password before there is a ticket, and a key of
 * somebody else's after it was sent. */
START_TEST(an_acceptors_answer_about_its_key_is_a_wrong_principal)
{
    static const OM_uint32 minors[] = {
        (OM_uint32)KRB5KRB_AP_ERR_BAD_INTEGRITY, (OM_uint32)KRB5KRB_AP_ERR_NOKEY,
        (OM_uint32)KRB5KRB_AP_ERR_BADKEYVER, (OM_uint32)KRB5KRB_AP_ERR_MODIFIED};

    for (size_t i = 0; i < COUNT(minors); i++)
        ck_assert_int_eq(status_of_answer(GSS_S_FAILURE, minors[i], gss_mech_krb5),
                         SEC_E_WRONG_PRINCIPAL);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, minors[0], gss_mech_krb5), SEC_E_LOGON_DENIED);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, minors[1], gss_mech_krb5), SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(status_of_answer(GSS_S_FAILURE, NTLM_CODE(40), ntlm()),
                     SEC_E_LOGON_DENIED);
    ck_assert_int_eq(status_of_answer(GSS_S_CONTINUE_NEEDED, 0, ntlm()), SEC_I_CONTINUE_NEEDED);
}
END_TEST

START_TEST(ntlm_minors_decide_where_the_major_does_not)
{
    static const struct {
        OM_uint32 minor;
        SECURITY_STATUS status;
    } rows[] = {
        {NTLM_CODE(40), SEC_E_LOGON_DENIED},
        {NTLM_CODE(49), SEC_E_MESSAGE_ALTERED},
        {NTLM_CODE(50), SEC_E_BAD_BINDINGS},
        {NTLM_CODE(52), SEC_E_WRONG_PRINCIPAL},
        {NTLM_CODE(55), SEC_E_UNSUPPORTED_FUNCTION},
        {NTLM_CODE(59), SEC_E_TIME_SKEW},
        {NTLM_CODE(63), SEC_E_UNSUPPORTED_FUNCTION},
        {NTLM_CODE(73), SEC_E_UNSUPPORTED_FUNCTION},
        {NTLM_CODE(9), SEC_E_UNSUPPORTED_FUNCTION},
        {NTLM_CODE(10), SEC_E_UNSUPPORTED_FUNCTION},
        {NTLM_CODE(79), SEC_E_UNSUPPORTED_FUNCTION},
        {NTLM_CODE(70), SEC_E_NO_CREDENTIALS},
        {NTLM_CODE(107), SEC_E_NO_AUTHENTICATING_AUTHORITY},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        ck_assert_int_eq(status_of(GSS_S_FAILURE, rows[i].minor, ntlm()), rows[i].status);
        ck_assert_int_eq(status_of(GSS_S_FAILURE, rows[i].minor, negotiate()), rows[i].status);
    }
}
END_TEST

START_TEST(a_minor_of_another_mechanism_decides_nothing)
{
    ck_assert_int_eq(
        status_of(GSS_S_FAILURE, (OM_uint32)KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, ntlm()),
        SEC_E_INTERNAL_ERROR);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, NTLM_CODE(40), gss_mech_krb5),
                     SEC_E_INTERNAL_ERROR);
}
END_TEST

START_TEST(a_telling_major_is_not_overruled_by_a_minor)
{
    ck_assert_int_eq(
        status_of(GSS_S_BAD_MIC, (OM_uint32)KRB5KRB_AP_ERR_BAD_INTEGRITY, gss_mech_krb5),
        SEC_E_MESSAGE_ALTERED);
}
END_TEST

START_TEST(memory_that_ended_is_insufficient_memory)
{
    ck_assert_int_eq(status_of(GSS_S_FAILURE, ENOMEM, ntlm()), SEC_E_INSUFFICIENT_MEMORY);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, ENOMEM, gss_mech_krb5),
                     SEC_E_INSUFFICIENT_MEMORY);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, NTLM_CODE(1), ntlm()), SEC_E_INSUFFICIENT_MEMORY);
    ck_assert_int_eq(status_of(GSS_S_DEFECTIVE_TOKEN, NTLM_CODE(1), ntlm()),
                     SEC_E_INVALID_TOKEN);
}
END_TEST

START_TEST(sec_e_internal_error_for_an_unknown_minor)
{
    ck_assert_int_eq(status_of(GSS_S_FAILURE, 123456789, gss_mech_krb5), SEC_E_INTERNAL_ERROR);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, 0, NULL), SEC_E_INTERNAL_ERROR);
}
END_TEST

/* A minor status that this mechanism gives for want of a ticket. */
static OM_uint32 fail_without_ticket(gss_const_OID mech)
{
    gss_OID_desc name_mech = *mech;
    gss_buffer_desc text = {9, (char[]){"host@here"}}, token = GSS_C_EMPTY_BUFFER;
    gss_ctx_id_t context = GSS_C_NO_CONTEXT;
    gss_name_t name;
    OM_uint32 minor, ignored;

    ck_assert_uint_eq(gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &name), 0);
    ck_assert(
        GSS_ERROR(gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &context, name, &name_mech,
                                       0, 0, NULL, GSS_C_NO_BUFFER, NULL, &token, NULL, NULL)));
    gss_release_name(&ignored, &name);
    gss_release_buffer(&ignored, &token);
    return minor;
}

START_TEST(a_minor_that_the_mechglue_renumbered_is_recognized)
{
    OM_uint32 first, second;

    setenv("KRB5CCNAME", "FILE:/nonexistent/ccache", 1);
    /* The same code of two mechanisms: only one of them can keep it. */
    first = fail_without_ticket(gss_mech_krb5);
    second = fail_without_ticket(gss_mech_krb5_old);
    ck_assert_uint_ne(first, second);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, second, gss_mech_krb5_old), SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(status_of(GSS_S_FAILURE, first, gss_mech_krb5), SEC_E_NO_CREDENTIALS);
    /* as it comes through SPNEGO */
    ck_assert_int_eq(status_of(GSS_S_FAILURE, second, negotiate()), SEC_E_NO_CREDENTIALS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi status");
    TCase *cases = tcase_create("status");
    tcase_add_checked_fixture(cases, call_gssapi, NULL);
    tcase_add_test(cases, success_and_continuation_are_no_errors);
    tcase_add_test(cases, each_major_status_has_its_status);
    tcase_add_test(cases, kerberos_minors_decide_where_the_major_does_not);
    tcase_add_test(cases, an_acceptors_answer_about_its_key_is_a_wrong_principal);
    tcase_add_test(cases, ntlm_minors_decide_where_the_major_does_not);
    tcase_add_test(cases, a_minor_of_another_mechanism_decides_nothing);
    tcase_add_test(cases, a_telling_major_is_not_overruled_by_a_minor);
    tcase_add_test(cases, memory_that_ended_is_insufficient_memory);
    tcase_add_test(cases, sec_e_internal_error_for_an_unknown_minor);
    tcase_add_test(cases, a_minor_that_the_mechglue_renumbered_is_recognized);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
