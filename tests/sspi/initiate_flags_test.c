/* SPDX-License-Identifier: MIT */
/* initiate_flags_test.c - the rows of fContextReq: what each request does
 * to NTLM's messages and what pfContextAttr answers. Where Kerberos differs is
 * in sspi_kerberos_test.c. */

#include "config.h"

#include <string.h>

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_token.h"
#include "suite.h"

/* NegotiateFlags and MsvAvFlags of [MS-NLMP] */
#define ANONYMOUS 0x800u
#define AV_UNVERIFIED 0x4u

static const char *const packages[] = {"NTLM", "Negotiate"};

static struct exchange *exchange_of(const char *package, ULONG requested)
{
    struct exchange *exchange = exchange_of_alice(package);

    exchange->client.requested = requested;
    return exchange;
}

/* What a NEGOTIATE asks for, and what the context has in the end, given these
 * requests. */
static void gives(const char *package, ULONG requested, uint32_t protection, ULONG attributes)
{
    struct exchange *exchange = exchange_of(package, requested);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_flags(&exchange->client) & (TOKEN_SIGN | TOKEN_SEAL), protection);
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes, attributes);
    exchange_free(exchange);
}

START_TEST(nothing_asked_carries_neither_sign_nor_seal)
{
    gives(packages[_i], 0, 0, 0);
}
END_TEST

START_TEST(isc_req_delegate_needs_mutual_auth_and_ntlm_ignores_it)
{
    struct exchange *exchange = exchange_of("Negotiate", ISC_REQ_DELEGATE);

    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
    gives("NTLM", ISC_REQ_DELEGATE, 0, 0);
    gives("Negotiate", ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH, 0, 0);
}
END_TEST

START_TEST(isc_req_mutual_auth_goes_on_without_it_and_tells_the_truth)
{
    gives(packages[_i], ISC_REQ_MUTUAL_AUTH, 0, 0);
}
END_TEST

START_TEST(isc_req_replay_detect_implies_integrity)
{
    gives(packages[_i], ISC_REQ_REPLAY_DETECT, TOKEN_SIGN,
          ISC_RET_REPLAY_DETECT | ISC_RET_INTEGRITY);
}
END_TEST

START_TEST(isc_req_sequence_detect_implies_integrity)
{
    gives(packages[_i], ISC_REQ_SEQUENCE_DETECT, TOKEN_SIGN,
          ISC_RET_SEQUENCE_DETECT | ISC_RET_INTEGRITY);
}
END_TEST

START_TEST(isc_req_confidentiality_seals_and_signs)
{
    gives(packages[_i], ISC_REQ_CONFIDENTIALITY, TOKEN_SEAL | TOKEN_SIGN,
          ISC_RET_CONFIDENTIALITY | ISC_RET_INTEGRITY);
}
END_TEST

START_TEST(isc_req_integrity_signs)
{
    gives(packages[_i], ISC_REQ_INTEGRITY, TOKEN_SIGN, ISC_RET_INTEGRITY);
}
END_TEST

START_TEST(isc_req_no_integrity_switches_integrity_off)
{
    gives(packages[_i], ISC_REQ_NO_INTEGRITY | ISC_REQ_INTEGRITY, 0, 0);
    gives(packages[_i], ISC_REQ_NO_INTEGRITY, 0, 0);
}
END_TEST

/* MsvAvFlags of the client's AUTHENTICATE. */
static unsigned av_flags(ULONG requested, const char *target, const char *package)
{
    struct exchange *exchange = exchange_of(package, requested);
    const unsigned char *flags;
    unsigned value = 0;
    size_t length;

    exchange->target = (char *)(uintptr_t)target;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    flags = token_av(&exchange->client, TOKEN_AV_FLAGS, &length);
    if (flags) {
        ck_assert_uint_eq(length, 4);
        value = flags[0];
    }
    exchange_free(exchange);
    return value;
}

START_TEST(isc_req_unverified_target_name_is_bit_4_of_msvavflags_beside_a_target)
{
    const char *target = "HTTP/server.home.test";

    ck_assert_uint_eq(av_flags(ISC_REQ_UNVERIFIED_TARGET_NAME, target, packages[_i]) &
                          AV_UNVERIFIED,
                      AV_UNVERIFIED);
    ck_assert_uint_eq(
        av_flags(ISC_REQ_UNVERIFIED_TARGET_NAME, NULL, packages[_i]) & AV_UNVERIFIED, 0);
    ck_assert_uint_eq(av_flags(ISC_REQ_INTEGRITY, target, packages[_i]) & AV_UNVERIFIED, 0);
}
END_TEST

START_TEST(isc_req_connection_is_the_default)
{
    gives(packages[_i], ISC_REQ_CONNECTION, 0, ISC_RET_CONNECTION);
}
END_TEST

START_TEST(isc_req_stream_changes_no_token)
{
    gives(packages[_i], ISC_REQ_STREAM, 0, ISC_RET_STREAM);
}
END_TEST

/* [MS-NLMP] 1.3.1.4: there is no NEGOTIATE. */
START_TEST(isc_req_datagram_begins_with_an_empty_token)
{
    struct exchange *exchange = exchange_of("NTLM", ISC_REQ_DATAGRAM | ISC_REQ_INTEGRITY);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(exchange->client.length, 0);
    ck_assert_uint_eq(exchange->client.attributes & ISC_RET_DATAGRAM, ISC_RET_DATAGRAM);
    exchange_free(exchange);
}
END_TEST

START_TEST(isc_req_datagram_is_nothing_to_negotiate)
{
    struct exchange *exchange = exchange_of("Negotiate", ISC_REQ_DATAGRAM | ISC_REQ_INTEGRITY);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_flags(&exchange->client) & TOKEN_DATAGRAM, 0);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

/* The client's failing second call; the length of the token it still makes. */
static ULONG error_token(ULONG requested, ULONG *attributes)
{
    struct exchange *exchange = exchange_of("Negotiate", requested);
    ULONG said;

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->server.length--;
    exchange->client.attributes = 0;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    said = exchange->client.said;
    *attributes = exchange->client.attributes;
    exchange_free(exchange);
    return said;
}

START_TEST(isc_req_extended_error_gives_a_failing_sides_error_token)
{
    ULONG attributes, length = error_token(ISC_REQ_EXTENDED_ERROR, &attributes);

    ck_assert_uint_gt(length, 0);
    ck_assert_uint_lt(length, 64);
    ck_assert_uint_eq(attributes, ISC_RET_EXTENDED_ERROR);
    ck_assert_uint_eq(
        error_token(ISC_REQ_EXTENDED_ERROR | ISC_REQ_ALLOCATE_MEMORY, &attributes), length);
    /* not asked for: nothing was touched */
    ck_assert_uint_eq(error_token(0, &attributes), EXCHANGE_TOKEN_MAX);
    ck_assert_uint_eq(attributes, 0);
}
END_TEST

START_TEST(isc_req_extended_error_without_an_error_token_gives_an_empty_one)
{
    struct exchange *exchange = exchange_of("NTLM", ISC_REQ_EXTENDED_ERROR);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->server.length = 20;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(exchange->client.said, 0);
    exchange_free(exchange);
}
END_TEST

START_TEST(isc_req_prompt_for_creds_is_not_supported)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_PROMPT_FOR_CREDS);

    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

START_TEST(isc_req_identify_is_told_to_the_server)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_IDENTIFY);

    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes, ISC_RET_IDENTIFY);
    ck_assert_uint_eq(exchange->server.attributes & ASC_RET_IDENTIFY, ASC_RET_IDENTIFY);
    exchange_free(exchange);
}
END_TEST

START_TEST(isc_req_null_session_tells_nobodys_name)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_NULL_SESSION);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_uint_eq(token_flags(&exchange->client) & ANONYMOUS, ANONYMOUS);
    ck_assert(!token_has(&exchange->client, u"alice", 10));
    ck_assert_uint_eq(exchange->client.attributes, ISC_RET_NULL_SESSION);
    exchange_free(exchange);
}
END_TEST

START_TEST(isc_req_null_session_needs_no_identity)
{
    struct exchange *exchange;

    fixture_forget_accounts();
    exchange = exchange_new(packages[_i], NULL);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    exchange->client.requested = ISC_REQ_NULL_SESSION;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    exchange_free(exchange);
}
END_TEST

START_TEST(isc_req_use_dce_style_is_answered)
{
    gives(packages[_i], ISC_REQ_USE_DCE_STYLE, 0, ISC_RET_USED_DCE_STYLE);
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        nothing_asked_carries_neither_sign_nor_seal,
        isc_req_mutual_auth_goes_on_without_it_and_tells_the_truth,
        isc_req_replay_detect_implies_integrity,
        isc_req_sequence_detect_implies_integrity,
        isc_req_confidentiality_seals_and_signs,
        isc_req_integrity_signs,
        isc_req_no_integrity_switches_integrity_off,
        isc_req_unverified_target_name_is_bit_4_of_msvavflags_beside_a_target,
        isc_req_connection_is_the_default,
        isc_req_stream_changes_no_token,
        isc_req_prompt_for_creds_is_not_supported,
        isc_req_identify_is_told_to_the_server,
        isc_req_null_session_tells_nobodys_name,
        isc_req_null_session_needs_no_identity,
        isc_req_use_dce_style_is_answered,
    };
    Suite *suite = suite_create("sspi initiate flags");
    TCase *cases = fixture_case("flags");

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    tcase_add_test(cases, isc_req_delegate_needs_mutual_auth_and_ntlm_ignores_it);
    tcase_add_test(cases, isc_req_datagram_begins_with_an_empty_token);
    tcase_add_test(cases, isc_req_datagram_is_nothing_to_negotiate);
    tcase_add_test(cases, isc_req_extended_error_gives_a_failing_sides_error_token);
    tcase_add_test(cases, isc_req_extended_error_without_an_error_token_gives_an_empty_one);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
