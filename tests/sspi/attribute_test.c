/* SPDX-License-Identifier: MIT */
/* attribute_test.c - the rows of what a context can be asked, for NTLM
 * alone and by Negotiate; Kerberos' answers are in sspi_kerberos_test.c. */

#include "config.h"

#include <string.h>

#include "context_buffer.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"
#include "timestamp.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

static struct exchange *established(const char *package)
{
    struct exchange *exchange = exchange_of_alice(package);

    exchange->client.requested = ISC_REQ_CONFIDENTIALITY;
    exchange_establish(exchange);
    return exchange;
}

static struct exchange *half_made(const char *package)
{
    struct exchange *exchange = exchange_of_alice(package);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    return exchange;
}

static SECURITY_STATUS ask(struct side *side, ULONG attribute, void *buffer)
{
    return QueryContextAttributesA(&side->context, attribute, buffer);
}

static struct side *side_of(struct exchange *exchange, int which)
{
    return which ? &exchange->server : &exchange->client;
}

/* Both sides say so; text is a context buffer, freed here. */
static void said(SEC_CHAR *text, const char *expected)
{
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(FreeContextBuffer(text), SEC_E_OK);
}

static void said_wide(SEC_WCHAR *text, const SEC_WCHAR *expected, size_t size)
{
    ck_assert_mem_eq(text, expected, size);
    ck_assert_int_eq(FreeContextBuffer(text), SEC_E_OK);
}

START_TEST(secpkg_attr_sizes_of_ntlm)
{
    struct exchange *exchange = established(packages[_i]);

    for (int i = 0; i < 2; i++) {
        SecPkgContext_Sizes sizes;
        ck_assert_int_eq(ask(side_of(exchange, i), SECPKG_ATTR_SIZES, &sizes), SEC_E_OK);
        ck_assert_uint_eq(sizes.cbMaxToken, 2888);
        ck_assert_uint_eq(sizes.cbMaxSignature, 16);
        ck_assert_uint_eq(sizes.cbSecurityTrailer, 16);
        ck_assert_uint_eq(sizes.cbBlockSize, 0);
    }
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_stream_sizes_is_not_supported)
{
    struct exchange *exchange = established(packages[_i]);
    SecPkgContext_StreamSizes sizes;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_STREAM_SIZES, &sizes),
                     SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_names_is_the_client)
{
    struct exchange *exchange = established(packages[_i]);

    for (int i = 0; i < 2; i++) {
        SecPkgContext_NamesA names;
        SecPkgContext_NamesW wide;
        ck_assert_int_eq(ask(side_of(exchange, i), SECPKG_ATTR_NAMES, &names), SEC_E_OK);
        said(names.sUserName, "CORP\\alice");
        ck_assert_int_eq(
            QueryContextAttributesW(&side_of(exchange, i)->context, SECPKG_ATTR_NAMES, &wide),
            SEC_E_OK);
        said_wide(wide.sUserName, u"CORP\\alice", sizeof(u"CORP\\alice"));
    }
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_native_names_are_client_and_server)
{
    struct exchange *exchange = established(packages[_i]);
    SecPkgContext_NativeNamesA names;
    SecPkgContext_NativeNamesW wide;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_NATIVE_NAMES, &names), SEC_E_OK);
    said(names.sClientName, "CORP\\alice");
    said(names.sServerName, "HTTP@server.home.test");
    ck_assert_int_eq(
        QueryContextAttributesW(&exchange->client.context, SECPKG_ATTR_NATIVE_NAMES, &wide),
        SEC_E_OK);
    said_wide(wide.sClientName, u"CORP\\alice", sizeof(u"CORP\\alice"));
    said_wide(wide.sServerName, u"HTTP@server.home.test", sizeof(u"HTTP@server.home.test"));

    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_NATIVE_NAMES, &names), SEC_E_OK);
    said(names.sClientName, "CORP\\alice");
    FreeContextBuffer(names.sServerName);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_lifespan_of_what_never_ends)
{
    struct exchange *exchange = established(packages[_i]);

    for (int i = 0; i < 2; i++) {
        SecPkgContext_Lifespan span;
        ck_assert_int_eq(ask(side_of(exchange, i), SECPKG_ATTR_LIFESPAN, &span), SEC_E_OK);
        ck_assert_int_eq(span.tsExpiry.QuadPart, TIMESTAMP_NEVER);
        ck_assert_int_gt(span.tsStart.QuadPart, 0);
        ck_assert_int_le(span.tsStart.QuadPart, timestamp_after(0).QuadPart);
    }
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_lifespan_has_no_end_until_it_is_known)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    for (int i = 0; i < 2; i++) {
        SecPkgContext_Lifespan span;
        ck_assert_int_eq(ask(side_of(exchange, i), SECPKG_ATTR_LIFESPAN, &span), SEC_E_OK);
        ck_assert_int_eq(span.tsExpiry.QuadPart, TIMESTAMP_NEVER);
    }
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_flags_is_what_pfcontextattr_said)
{
    struct exchange *exchange = established(packages[_i]);

    for (int i = 0; i < 2; i++) {
        SecPkgContext_Flags flags;
        ck_assert_int_eq(ask(side_of(exchange, i), SECPKG_ATTR_FLAGS, &flags), SEC_E_OK);
        ck_assert_uint_eq(flags.Flags, side_of(exchange, i)->attributes);
        ck_assert_uint_ne(flags.Flags, 0);
    }
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_key_info_of_ntlm)
{
    struct exchange *exchange = established(packages[_i]);

    for (int i = 0; i < 2; i++) {
        SecPkgContext_KeyInfoA info;
        SecPkgContext_KeyInfoW wide;
        ck_assert_int_eq(ask(side_of(exchange, i), SECPKG_ATTR_KEY_INFO, &info), SEC_E_OK);
        said(info.sSignatureAlgorithmName, "HMAC-MD5");
        said(info.sEncryptAlgorithmName, "RSADSI RC4");
        ck_assert_uint_eq(info.KeySize, 128);
        ck_assert_uint_eq(info.EncryptAlgorithm, 0x6801);
        ck_assert_uint_eq(info.SignatureAlgorithm, 0xffffff76);
        ck_assert_int_eq(QueryContextAttributesW(&side_of(exchange, i)->context,
                                                 SECPKG_ATTR_KEY_INFO, &wide),
                         SEC_E_OK);
        said_wide(wide.sSignatureAlgorithmName, u"HMAC-MD5", sizeof(u"HMAC-MD5"));
        said_wide(wide.sEncryptAlgorithmName, u"RSADSI RC4", sizeof(u"RSADSI RC4"));
    }
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_session_key_is_the_same_on_both_sides)
{
    struct exchange *exchange = established(packages[_i]);
    SecPkgContext_SessionKey ours, theirs;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_SESSION_KEY, &ours), SEC_E_OK);
    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_SESSION_KEY, &theirs), SEC_E_OK);
    ck_assert_uint_eq(ours.SessionKeyLength, 16);
    ck_assert_uint_eq(theirs.SessionKeyLength, 16);
    ck_assert_mem_eq(ours.SessionKey, theirs.SessionKey, 16);
    FreeContextBuffer(ours.SessionKey);
    FreeContextBuffer(theirs.SessionKey);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_package_info_is_one_buffer)
{
    struct exchange *exchange = established(packages[_i]);
    size_t buffers = context_buffer_count();
    SecPkgContext_PackageInfoA info;
    SecPkgContext_PackageInfoW wide;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_PACKAGE_INFO, &info), SEC_E_OK);
    ck_assert_uint_eq(context_buffer_count(), buffers + 1);
    ck_assert_str_eq(info.PackageInfo->Name, "NTLM");
    ck_assert_uint_eq(info.PackageInfo->wRPCID, 10);
    FreeContextBuffer(info.PackageInfo);
    ck_assert_int_eq(
        QueryContextAttributesW(&exchange->client.context, SECPKG_ATTR_PACKAGE_INFO, &wide),
        SEC_E_OK);
    ck_assert_mem_eq(wide.PackageInfo->Name, u"NTLM", sizeof(u"NTLM"));
    FreeContextBuffer(wide.PackageInfo);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_negotiation_info_is_complete_when_done)
{
    struct exchange *exchange = established(packages[_i]);
    SecPkgContext_NegotiationInfoA info;
    SecPkgContext_NegotiationInfoW wide;

    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_NEGOTIATION_INFO, &info), SEC_E_OK);
    ck_assert_str_eq(info.PackageInfo->Name, "NTLM");
    ck_assert_uint_eq(info.NegotiationState, SECPKG_NEGOTIATION_COMPLETE);
    FreeContextBuffer(info.PackageInfo);
    ck_assert_int_eq(
        QueryContextAttributesW(&exchange->server.context, SECPKG_ATTR_NEGOTIATION_INFO, &wide),
        SEC_E_OK);
    ck_assert_mem_eq(wide.PackageInfo->Name, u"NTLM", sizeof(u"NTLM"));
    FreeContextBuffer(wide.PackageInfo);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_negotiation_info_is_in_progress_until_then)
{
    struct exchange *exchange = half_made(packages[_i]);
    SecPkgContext_NegotiationInfoA info;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_NEGOTIATION_INFO, &info), SEC_E_OK);
    ck_assert_str_eq(info.PackageInfo->Name, packages[_i]);
    ck_assert_uint_eq(info.NegotiationState, SECPKG_NEGOTIATION_IN_PROGRESS);
    FreeContextBuffer(info.PackageInfo);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_dce_info_has_the_clients_name)
{
    struct exchange *exchange = established(packages[_i]);
    SecPkgContext_DceInfo info;

    ck_assert_int_eq(
        QueryContextAttributesW(&exchange->server.context, SECPKG_ATTR_DCE_INFO, &info),
        SEC_E_OK);
    ck_assert_uint_eq(info.AuthzSvc, 1);
    said_wide(info.pPac, u"CORP\\alice", sizeof(u"CORP\\alice"));
    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_DCE_INFO, &info), SEC_E_OK);
    said(info.pPac, "CORP\\alice");
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_client_specified_target_is_known_to_both_sides)
{
    struct exchange *exchange = half_made(packages[_i]);
    SecPkgContext_ClientSpecifiedTarget target;
    static const WCHAR name[] = u"HTTP/server.home.test";

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_OK);
    said_wide(target.sTargetName, name, sizeof(name));
    exchange_establish(exchange);
    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_OK);
    said_wide(target.sTargetName, name, sizeof(name));
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_client_specified_target_of_none)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecPkgContext_ClientSpecifiedTarget target;

    exchange->target = NULL;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_TARGET_UNKNOWN);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_INVALID_HANDLE);
    exchange_establish(exchange);
    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_TARGET_UNKNOWN);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_last_client_token_status)
{
    struct exchange *exchange = half_made(packages[_i]);
    SecPkgContext_LastClientTokenStatus last;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_OK);
    ck_assert_int_eq(last.LastClientTokenStatus,
                     _i == 0 ? SecPkgAttrLastClientTokenNo : SecPkgAttrLastClientTokenMaybe);
    exchange_establish(exchange);
    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_OK);
    ck_assert_int_eq(last.LastClientTokenStatus, SecPkgAttrLastClientTokenYes);
    ck_assert_int_eq(ask(&exchange->server, SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

START_TEST(secpkg_attr_access_token_endpoint_and_unique_bindings_are_none)
{
    static const ULONG ids[] = {SECPKG_ATTR_ACCESS_TOKEN, SECPKG_ATTR_ENDPOINT_BINDINGS,
                                SECPKG_ATTR_UNIQUE_BINDINGS, 4711};
    struct exchange *exchange = established(packages[_i]);
    char room[64];

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        ck_assert_int_eq(ask(&exchange->server, ids[i], room), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

START_TEST(what_needs_a_whole_context_is_not_asked_of_half_a_one)
{
    static const ULONG ids[] = {SECPKG_ATTR_SIZES,    SECPKG_ATTR_NAMES,
                                SECPKG_ATTR_DCE_INFO, SECPKG_ATTR_NATIVE_NAMES,
                                SECPKG_ATTR_KEY_INFO, SECPKG_ATTR_SESSION_KEY};
    struct exchange *exchange = half_made(packages[_i]);
    char room[64];

    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        ck_assert_int_eq(ask(&exchange->client, ids[i], room), SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_buffer_that_is_missing_or_too_small_is_refused)
{
    struct exchange *exchange = established(packages[_i]);
    SecPkgContext_NamesA names;
    SecPkgContext_NamesW wide;

    ck_assert_int_eq(ask(&exchange->client, SECPKG_ATTR_NAMES, NULL), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(QueryContextAttributesExA(&exchange->client.context, SECPKG_ATTR_NAMES,
                                               &names, sizeof(names) - 1),
                     SEC_E_BUFFER_TOO_SMALL);
    ck_assert_int_eq(QueryContextAttributesExA(&exchange->client.context, SECPKG_ATTR_NAMES,
                                               &names, sizeof(names)),
                     SEC_E_OK);
    said(names.sUserName, "CORP\\alice");
    ck_assert_int_eq(QueryContextAttributesExW(&exchange->client.context, SECPKG_ATTR_NAMES,
                                               &wide, sizeof(wide)),
                     SEC_E_OK);
    said_wide(wide.sUserName, u"CORP\\alice", sizeof(u"CORP\\alice"));
    exchange_free(exchange);
}
END_TEST

START_TEST(setcontextattributes_has_nothing_to_set)
{
    struct exchange *exchange = established(packages[_i]);
    CtxtHandle zero = {0, 0};
    char room[64];

    ck_assert_int_eq(
        SetContextAttributesA(&exchange->client.context, SECPKG_ATTR_NAMES, room, 64),
        SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(
        SetContextAttributesW(&exchange->client.context, SECPKG_ATTR_NAMES, room, 64),
        SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(SetContextAttributesA(&zero, SECPKG_ATTR_NAMES, room, 64),
                     SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_handle_that_is_not_live_has_no_attributes)
{
    struct exchange *exchange = established(packages[_i]);
    CtxtHandle zero = {0, 0};
    char room[64];

    ck_assert_int_eq(QueryContextAttributesA(&zero, SECPKG_ATTR_FLAGS, room),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(QueryContextAttributesW(NULL, SECPKG_ATTR_FLAGS, room),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->client.credential, SECPKG_ATTR_FLAGS, room),
        SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        secpkg_attr_sizes_of_ntlm,
        secpkg_attr_stream_sizes_is_not_supported,
        secpkg_attr_names_is_the_client,
        secpkg_attr_native_names_are_client_and_server,
        secpkg_attr_lifespan_of_what_never_ends,
        secpkg_attr_lifespan_has_no_end_until_it_is_known,
        secpkg_attr_flags_is_what_pfcontextattr_said,
        secpkg_attr_key_info_of_ntlm,
        secpkg_attr_session_key_is_the_same_on_both_sides,
        secpkg_attr_package_info_is_one_buffer,
        secpkg_attr_negotiation_info_is_complete_when_done,
        secpkg_attr_negotiation_info_is_in_progress_until_then,
        secpkg_attr_dce_info_has_the_clients_name,
        secpkg_attr_client_specified_target_is_known_to_both_sides,
        secpkg_attr_client_specified_target_of_none,
        secpkg_attr_last_client_token_status,
        secpkg_attr_access_token_endpoint_and_unique_bindings_are_none,
        what_needs_a_whole_context_is_not_asked_of_half_a_one,
        a_buffer_that_is_missing_or_too_small_is_refused,
        setcontextattributes_has_nothing_to_set,
        a_handle_that_is_not_live_has_no_attributes,
    };
    Suite *suite = suite_create("sspi attribute");
    TCase *cases = fixture_case("attribute");

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
