/* SPDX-License-Identifier: MIT */
/* flags_test.c - each row of the flag tables, in both directions. */

#include "config.h"

#include <gssapi/gssapi_ext.h>

#include "flags.h"
#include "suite.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct row {
    ULONG request;
    OM_uint32 gss; /* as the only flag asked for */
    ULONG result;  /* what gss reads as */
};

#define INTEGRITY GSS_C_INTEG_FLAG

static const struct row isc[] = {
    {ISC_REQ_MUTUAL_AUTH, GSS_C_MUTUAL_FLAG, ISC_RET_MUTUAL_AUTH},
    {ISC_REQ_REPLAY_DETECT, GSS_C_REPLAY_FLAG | INTEGRITY,
     ISC_RET_REPLAY_DETECT | ISC_RET_INTEGRITY},
    {ISC_REQ_SEQUENCE_DETECT, GSS_C_SEQUENCE_FLAG | INTEGRITY,
     ISC_RET_SEQUENCE_DETECT | ISC_RET_INTEGRITY},
    {ISC_REQ_CONFIDENTIALITY, GSS_C_CONF_FLAG | INTEGRITY,
     ISC_RET_CONFIDENTIALITY | ISC_RET_INTEGRITY},
    {ISC_REQ_INTEGRITY, INTEGRITY, ISC_RET_INTEGRITY},
    {ISC_REQ_USE_DCE_STYLE, GSS_C_DCE_STYLE, ISC_RET_USED_DCE_STYLE},
    {ISC_REQ_DATAGRAM, 0x10000, ISC_RET_DATAGRAM},
    {ISC_REQ_EXTENDED_ERROR, GSS_C_EXTENDED_ERROR_FLAG, ISC_RET_EXTENDED_ERROR},
    {ISC_REQ_IDENTIFY, GSS_C_IDENTIFY_FLAG, ISC_RET_IDENTIFY},
    {ISC_REQ_NULL_SESSION, GSS_C_ANON_FLAG, ISC_RET_NULL_SESSION},
    {ISC_REQ_UNVERIFIED_TARGET_NAME, 0x20000, 0},
    {ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH, GSS_C_DELEG_FLAG | GSS_C_MUTUAL_FLAG,
     ISC_RET_DELEGATE | ISC_RET_MUTUAL_AUTH},
};

START_TEST(each_isc_request_asks_for_its_gss_flag)
{
    for (size_t i = 0; i < COUNT(isc); i++) {
        bool datagram = isc[i].request == ISC_REQ_DATAGRAM;
        OM_uint32 gss;
        ck_assert_int_eq(
            flags_from_isc(isc[i].request, datagram ? PACKAGE_NTLM : PACKAGE_NEGOTIATE, &gss),
            SEC_E_OK);
        ck_assert_uint_eq(gss, isc[i].gss);
    }
}
END_TEST

START_TEST(each_gss_flag_reads_as_its_isc_result)
{
    for (size_t i = 0; i < COUNT(isc); i++)
        ck_assert_uint_eq(flags_to_isc(isc[i].gss, 0), isc[i].result);
    ck_assert_uint_eq(flags_to_isc(0, 0), 0);
}
END_TEST

START_TEST(no_integrity_takes_back_integrity_and_nothing_else)
{
    OM_uint32 gss;

    flags_from_isc(ISC_REQ_NO_INTEGRITY | ISC_REQ_INTEGRITY, PACKAGE_NEGOTIATE, &gss);
    ck_assert_uint_eq(gss, 0);
    flags_from_isc(ISC_REQ_NO_INTEGRITY | ISC_REQ_CONFIDENTIALITY, PACKAGE_NEGOTIATE, &gss);
    ck_assert_uint_eq(gss, GSS_C_CONF_FLAG | INTEGRITY);
}
END_TEST

START_TEST(nothing_asked_is_nothing_asked)
{
    OM_uint32 gss = 1;

    ck_assert_int_eq(flags_from_isc(ISC_REQ_CONNECTION | ISC_REQ_ALLOCATE_MEMORY |
                                        ISC_REQ_STREAM | ISC_REQ_USE_SESSION_KEY,
                                    PACKAGE_NTLM, &gss),
                     SEC_E_OK);
    ck_assert_uint_eq(gss, 0);
}
END_TEST

START_TEST(delegation_without_mutual_authentication_is_refused_but_by_ntlm)
{
    OM_uint32 gss;

    ck_assert_int_eq(flags_from_isc(ISC_REQ_DELEGATE, PACKAGE_NEGOTIATE, &gss),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(flags_from_isc(ISC_REQ_DELEGATE, PACKAGE_KERBEROS, &gss),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(flags_from_isc(ISC_REQ_DELEGATE, PACKAGE_NTLM, &gss), SEC_E_OK);
    ck_assert_uint_eq(gss, 0);
}
END_TEST

START_TEST(kerberos_has_no_null_session)
{
    OM_uint32 gss;

    ck_assert_int_eq(flags_from_isc(ISC_REQ_NULL_SESSION, PACKAGE_KERBEROS, &gss),
                     SEC_E_UNSUPPORTED_FUNCTION);
}
END_TEST

START_TEST(negotiate_has_no_datagrams)
{
    OM_uint32 gss;

    ck_assert_int_eq(flags_from_isc(ISC_REQ_DATAGRAM, PACKAGE_NEGOTIATE, &gss), SEC_E_OK);
    ck_assert_uint_eq(gss, 0);
}
END_TEST

START_TEST(nobody_is_prompted)
{
    OM_uint32 gss;

    ck_assert_int_eq(flags_from_isc(ISC_REQ_PROMPT_FOR_CREDS, PACKAGE_NTLM, &gss),
                     SEC_E_UNSUPPORTED_FUNCTION);
}
END_TEST

START_TEST(what_gssapi_does_not_know_is_echoed)
{
    static const ULONG isc_echo[][2] = {
        {ISC_REQ_ALLOCATE_MEMORY, ISC_RET_ALLOCATED_MEMORY},
        {ISC_REQ_USE_SUPPLIED_CREDS, ISC_RET_USED_SUPPLIED_CREDS},
        {ISC_REQ_EXTENDED_ERROR, ISC_RET_EXTENDED_ERROR},
        {ISC_REQ_DATAGRAM, ISC_RET_DATAGRAM},
        {ISC_REQ_CONNECTION, ISC_RET_CONNECTION},
        {ISC_REQ_STREAM, ISC_RET_STREAM},
        {ISC_REQ_MUTUAL_AUTH, 0},
    };
    static const ULONG asc_echo[][2] = {
        {ASC_REQ_ALLOCATE_MEMORY, ASC_RET_ALLOCATED_MEMORY},
        {ASC_REQ_EXTENDED_ERROR, ASC_RET_EXTENDED_ERROR},
        {ASC_REQ_DATAGRAM, ASC_RET_DATAGRAM},
        {ASC_REQ_CONNECTION, ASC_RET_CONNECTION},
        {ASC_REQ_STREAM, ASC_RET_STREAM},
        {ASC_REQ_ALLOW_MISSING_BINDINGS | ASC_REQ_PROXY_BINDINGS, 0},
    };

    for (size_t i = 0; i < COUNT(isc_echo); i++)
        ck_assert_uint_eq(flags_to_isc(0, isc_echo[i][0]), isc_echo[i][1]);
    for (size_t i = 0; i < COUNT(asc_echo); i++)
        ck_assert_uint_eq(flags_to_asc(0, asc_echo[i][0]), asc_echo[i][1]);
}
END_TEST

START_TEST(each_asc_flag_has_its_own_value_in_both_directions)
{
    static const struct row asc[] = {
        {ASC_REQ_DELEGATE, GSS_C_DELEG_FLAG, ASC_RET_DELEGATE},
        {ASC_REQ_MUTUAL_AUTH, GSS_C_MUTUAL_FLAG, ASC_RET_MUTUAL_AUTH},
        {ASC_REQ_REPLAY_DETECT, GSS_C_REPLAY_FLAG, ASC_RET_REPLAY_DETECT},
        {ASC_REQ_SEQUENCE_DETECT, GSS_C_SEQUENCE_FLAG, ASC_RET_SEQUENCE_DETECT},
        {ASC_REQ_CONFIDENTIALITY, GSS_C_CONF_FLAG, ASC_RET_CONFIDENTIALITY},
        {ASC_REQ_INTEGRITY, GSS_C_INTEG_FLAG, ASC_RET_INTEGRITY},
        {ASC_REQ_USE_DCE_STYLE, GSS_C_DCE_STYLE, ASC_RET_USED_DCE_STYLE},
        {ASC_REQ_DATAGRAM, 0x10000, ASC_RET_DATAGRAM},
        {ASC_REQ_EXTENDED_ERROR, GSS_C_EXTENDED_ERROR_FLAG, ASC_RET_EXTENDED_ERROR},
        {ASC_REQ_IDENTIFY, GSS_C_IDENTIFY_FLAG, ASC_RET_IDENTIFY},
        {ASC_REQ_ALLOW_NULL_SESSION, GSS_C_ANON_FLAG, ASC_RET_NULL_SESSION},
    };

    for (size_t i = 0; i < COUNT(asc); i++) {
        ck_assert_uint_eq(flags_from_asc(asc[i].request), asc[i].gss);
        ck_assert_uint_eq(flags_to_asc(asc[i].gss, 0), asc[i].result);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi flags");
    TCase *cases = tcase_create("flags");
    tcase_add_test(cases, each_isc_request_asks_for_its_gss_flag);
    tcase_add_test(cases, each_gss_flag_reads_as_its_isc_result);
    tcase_add_test(cases, no_integrity_takes_back_integrity_and_nothing_else);
    tcase_add_test(cases, nothing_asked_is_nothing_asked);
    tcase_add_test(cases, delegation_without_mutual_authentication_is_refused_but_by_ntlm);
    tcase_add_test(cases, kerberos_has_no_null_session);
    tcase_add_test(cases, negotiate_has_no_datagrams);
    tcase_add_test(cases, nobody_is_prompted);
    tcase_add_test(cases, what_gssapi_does_not_know_is_echoed);
    tcase_add_test(cases, each_asc_flag_has_its_own_value_in_both_directions);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
