/* SPDX-License-Identifier: MIT */
/* kerberos_attribute_test.c - what can be asked of Kerberos' contexts: their
 * end, sizes, keys and names. */

#include "config.h"

#include <string.h>
#include <time.h>

#include "shifted_clock.h"
#include "sspi_kerberos_fixture.h"
#include "sspi_tickets.h"
#include "suite.h"
#include "timestamp.h"

START_TEST(ptsexpiry_is_the_tickets)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    SecPkgContext_Lifespan span;

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    exchange_establish(exchange);
    ck_assert_int_gt(exchange->client.expiry.QuadPart, timestamp_after(35000).QuadPart);
    ck_assert_int_le(exchange->client.expiry.QuadPart, timestamp_after(36000).QuadPart);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->client.context, SECPKG_ATTR_LIFESPAN, &span),
        SEC_E_OK);
    ck_assert_int_eq(span.tsExpiry.QuadPart, exchange->client.expiry.QuadPart);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_sizes_of_kerberos)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_CONFIDENTIALITY);
    SecPkgContext_Sizes sizes;

    exchange_establish(exchange);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->client.context, SECPKG_ATTR_SIZES, &sizes),
        SEC_E_OK);
    ck_assert_uint_eq(sizes.cbMaxToken, 48000);
    ck_assert_uint_eq(sizes.cbMaxSignature, 28);    /* RFC 4121 4.2.6.1, AES */
    ck_assert_uint_eq(sizes.cbSecurityTrailer, 60); /* 4.2.6.2: header, confounder, HMAC */
    ck_assert_uint_eq(sizes.cbBlockSize, 1);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_key_info_of_kerberos)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_CONFIDENTIALITY);
    SecPkgContext_KeyInfoA info;

    exchange_establish(exchange);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_KEY_INFO, &info),
        SEC_E_OK);
    ck_assert_str_eq(info.sSignatureAlgorithmName, "HMAC-SHA1-96");
    ck_assert_str_eq(info.sEncryptAlgorithmName, "Kerberos AES256-CTS-HMAC-SHA1-96");
    ck_assert_uint_eq(info.KeySize, 256);
    ck_assert_uint_eq(info.EncryptAlgorithm, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    ck_assert_uint_eq(info.SignatureAlgorithm, CKSUMTYPE_HMAC_SHA1_96_AES256);
    FreeContextBuffer(info.sSignatureAlgorithmName);
    FreeContextBuffer(info.sEncryptAlgorithmName);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_names_and_session_key_of_kerberos)
{
    struct exchange *exchange = exchange_of(packages[_i], 0);
    SecPkgContext_SessionKey ours, theirs;
    SecPkgContext_NamesA names;

    exchange_establish(exchange);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_OK);
    ck_assert_str_eq(names.sUserName, "alice@HOME.TEST");
    FreeContextBuffer(names.sUserName);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->client.context, SECPKG_ATTR_SESSION_KEY, &ours),
        SEC_E_OK);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_SESSION_KEY, &theirs),
        SEC_E_OK);
    ck_assert_uint_eq(ours.SessionKeyLength, 32);
    ck_assert_uint_eq(theirs.SessionKeyLength, 32);
    ck_assert_mem_eq(ours.SessionKey, theirs.SessionKey, 32);
    FreeContextBuffer(ours.SessionKey);
    FreeContextBuffer(theirs.SessionKey);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_client_specified_target_is_told_by_the_ticket)
{
    struct exchange *exchange = exchange_of(packages[_i], 0);
    static const WCHAR expected[] = u"HTTP/server.home.test";
    SecPkgContext_ClientSpecifiedTarget target;

    exchange_establish(exchange);
    ck_assert_int_eq(QueryContextAttributesA(&exchange->server.context,
                                             SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_OK);
    ck_assert_mem_eq(target.sTargetName, expected, sizeof(expected));
    FreeContextBuffer(target.sTargetName);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_last_client_token_status_of_kerberos)
{
    struct exchange *exchange = exchange_of("Kerberos", ISC_REQ_MUTUAL_AUTH);
    SecPkgContext_LastClientTokenStatus last;

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(QueryContextAttributesA(&exchange->client.context,
                                             SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_OK);
    ck_assert_int_eq(last.LastClientTokenStatus, SecPkgAttrLastClientTokenYes);
    exchange_free(exchange);

    exchange = exchange_of("Kerberos", ISC_REQ_MUTUAL_AUTH | ISC_REQ_USE_DCE_STYLE);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(QueryContextAttributesA(&exchange->client.context,
                                             SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_OK);
    ck_assert_int_eq(last.LastClientTokenStatus, SecPkgAttrLastClientTokenNo);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_context_expired_for_what_is_asked_of_an_expired_context)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    SecPkgContext_Lifespan span;
    SecPkgContext_NamesA names;

    exchange_establish(exchange);
    clock_shift(TOMORROW);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->client.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_CONTEXT_EXPIRED);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_CONTEXT_EXPIRED);
    ck_assert_int_eq(ImpersonateSecurityContext(&exchange->server.context),
                     SEC_E_NO_IMPERSONATION);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->client.context, SECPKG_ATTR_LIFESPAN, &span),
        SEC_E_OK);
    ck_assert_int_lt(span.tsExpiry.QuadPart, timestamp_at(time(NULL)).QuadPart);
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_context_expired_for_the_import_of_an_expired_context)
{
    struct exchange *exchange = exchange_of("Kerberos", ISC_REQ_MUTUAL_AUTH);
    SecBuffer packed = {0, SECBUFFER_EMPTY, NULL};
    CtxtHandle moved;

    exchange_establish(exchange);
    ck_assert_int_eq(ExportSecurityContext(&exchange->client.context, 0, &packed, NULL),
                     SEC_E_OK);
    clock_shift(TOMORROW);
    ck_assert_int_eq(
        ImportSecurityContextA((LPSTR)(ULONG_PTR) "Kerberos", &packed, NULL, &moved),
        SEC_E_CONTEXT_EXPIRED);
    clock_shift(0);
    ck_assert_int_eq(
        ImportSecurityContextA((LPSTR)(ULONG_PTR) "Kerberos", &packed, NULL, &moved), SEC_E_OK);
    ck_assert_int_eq(DeleteSecurityContext(&moved), SEC_E_OK);
    ck_assert_int_eq(FreeContextBuffer(packed.pvBuffer), SEC_E_OK);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi kerberos attributes");
    TCase *cases = kerberos_case("attributes");

    tcase_add_loop_test(cases, ptsexpiry_is_the_tickets, 0, 2);
    tcase_add_loop_test(cases, secpkg_attr_sizes_of_kerberos, 0, 2);
    tcase_add_loop_test(cases, secpkg_attr_key_info_of_kerberos, 0, 2);
    tcase_add_loop_test(cases, secpkg_attr_names_and_session_key_of_kerberos, 0, 2);
    tcase_add_loop_test(cases, secpkg_attr_client_specified_target_is_told_by_the_ticket, 0, 2);
    tcase_add_test(cases, secpkg_attr_last_client_token_status_of_kerberos);
    tcase_add_loop_test(cases, sec_e_context_expired_for_what_is_asked_of_an_expired_context, 0,
                        2);
    tcase_add_test(cases, sec_e_context_expired_for_the_import_of_an_expired_context);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
