/* SPDX-License-Identifier: MIT */
/* accept_test.c - AcceptSecurityContext: its parameters, which tokens it
 * takes, a server that speaks first, and the rows of ASC_REQ_ flags. Its
 * bindings are in sspi_initiate_input_test.c, its output in
 * sspi_initiate_output_test.c. */

#include "config.h"

#include <string.h>

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_token.h"
#include "suite.h"
#include "timestamp.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

/* A client and a server with different packages. */
static struct exchange *mixed_pair(const char *clients, const char *servers)
{
    struct exchange *exchange = exchange_of_alice(clients);

    side_credential(&exchange->server, servers, SECPKG_CRED_INBOUND, NULL);
    return exchange;
}

static SECURITY_STATUS accept(struct exchange *exchange, CredHandle *credential,
                              CtxtHandle *context, CtxtHandle *new_context)
{
    SecBuffer in = {exchange->client.length, SECBUFFER_TOKEN, exchange->client.token};
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->server.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};

    return AcceptSecurityContext(credential, context, &input, 0, 0, new_context, &output, NULL,
                                 NULL);
}

START_TEST(phcredential_that_is_outbound_only_has_no_credentials)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CtxtHandle context;

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(accept(exchange, &exchange->client.credential, NULL, &context),
                     SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_without_accounts_says_so_when_it_is_used)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = exchange_identity("CORP", "alice", "secret");
    struct exchange *exchange;

    fixture_forget_accounts();
    exchange = exchange_new(packages[_i], &alice);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange),
                     _i == 0 ? SEC_E_NO_AUTHENTICATING_AUTHORITY : SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_invalid_handle_for_handles_that_are_not_live)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecHandle zero = {0, 0}, made;

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(accept(exchange, NULL, NULL, &made), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(accept(exchange, &zero, NULL, &made), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(accept(exchange, &exchange->client.context, NULL, &made),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(accept(exchange, &exchange->server.credential, NULL, NULL),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(accept(exchange, NULL, &zero, &made), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(accept(exchange, NULL, &exchange->server.credential, &made),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(accept(exchange, NULL, &exchange->client.context, &made),
                     SEC_E_INVALID_HANDLE);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_may_be_null_once_phcontext_is_given)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_int_ge(accept(exchange, NULL, &exchange->server.context, NULL), 0);
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_accepts_raw_ntlm)
{
    struct exchange *exchange = mixed_pair("NTLM", "Negotiate");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(ntlm_accepts_only_ntlm)
{
    struct exchange *exchange = mixed_pair("Negotiate", "NTLM");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

START_TEST(tokens_of_nobodys_are_invalid)
{
    static const char *const tokens[] = {"x", "NTLMSSP", "`\x06\x06\x04*\x03\x04\x05", "`\x84",
                                         "NTLMSSP\0\1\0\0"};
    static const ULONG lengths[] = {1, 7, 8, 2, 12};

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        memcpy(exchange->client.token, tokens[i], lengths[i]);
        exchange->client.length = lengths[i];
        ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(a_raw_kerberos_token_needs_a_key)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    memcpy(exchange->client.token, "\x6e\x82", 2);
    exchange->client.length = 2;
    ck_assert_int_eq(exchange_server(exchange),
                     _i == 0 ? SEC_E_INVALID_TOKEN : SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

START_TEST(pinput_without_a_token_is_invalid)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->server.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 0, NULL}, output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle context;

    ck_assert_int_eq(AcceptSecurityContext(&exchange->server.credential, NULL, &input, 0, 0,
                                           &context, &output, NULL, NULL),
                     SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

/* The offer, by a server whose call has no input, or an empty token. */
static void speak_first(struct exchange *exchange, bool bare)
{
    exchange->server.bare = bare;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(exchange->server.length, 0);
    exchange->server.bare = false;
}

START_TEST(a_server_that_speaks_first_is_followed)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");

    speak_first(exchange, _i);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(exchange->client.token[0], 0x60);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(ptsexpiry_is_the_largest_value_until_it_is_known)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");

    speak_first(exchange, true);
    ck_assert_int_eq(exchange->server.expiry.QuadPart, TIMESTAMP_NEVER);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange->server.expiry.QuadPart, TIMESTAMP_NEVER);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_that_spoke_first_takes_raw_ntlm_as_well)
{
    struct exchange *exchange = mixed_pair("NTLM", "Negotiate");

    speak_first(exchange, true);
    exchange->server.length = 0; /* which the client did not read */
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(ntlm_has_nothing_to_say_first)
{
    struct exchange *exchange = exchange_of_alice("NTLM");

    exchange->server.bare = true;
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

/* What the server has in the end when the client asked for this. */
static void gives(const char *package, ULONG clients, ULONG servers, ULONG attributes)
{
    struct exchange *exchange = exchange_of_alice(package);

    exchange->client.requested = clients;
    exchange->server.requested = servers;
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->server.attributes, attributes);
    exchange_free(exchange);
}

/* Acceptors of NTLM cannot know which order the client cares for. */
#define SIGNED (ASC_RET_INTEGRITY | ASC_RET_REPLAY_DETECT | ASC_RET_SEQUENCE_DETECT)

START_TEST(asc_ret_tells_what_the_context_has_whatever_was_requested)
{
    const ULONG all = ASC_REQ_DELEGATE | ASC_REQ_MUTUAL_AUTH | ASC_REQ_REPLAY_DETECT |
                      ASC_REQ_SEQUENCE_DETECT | ASC_REQ_CONFIDENTIALITY | ASC_REQ_INTEGRITY |
                      ASC_REQ_USE_DCE_STYLE | ASC_REQ_IDENTIFY | ASC_REQ_ALLOW_NULL_SESSION;

    gives(packages[_i], 0, 0, 0);
    gives(packages[_i], 0, all, 0);
}
END_TEST

START_TEST(asc_ret_integrity_replay_and_sequence_detect)
{
    gives(packages[_i], ISC_REQ_INTEGRITY, ASC_REQ_INTEGRITY, SIGNED);
}
END_TEST

START_TEST(asc_ret_confidentiality)
{
    gives(packages[_i], ISC_REQ_CONFIDENTIALITY, 0, SIGNED | ASC_RET_CONFIDENTIALITY);
}
END_TEST

START_TEST(asc_ret_identify)
{
    gives(packages[_i], ISC_REQ_IDENTIFY, 0, ASC_RET_IDENTIFY);
}
END_TEST

START_TEST(asc_req_allocate_memory_connection_and_stream_are_echoed)
{
    gives(packages[_i], 0, ASC_REQ_ALLOCATE_MEMORY, ASC_RET_ALLOCATED_MEMORY);
    gives(packages[_i], 0, ASC_REQ_CONNECTION, ASC_RET_CONNECTION);
    gives(packages[_i], 0, ASC_REQ_STREAM, ASC_RET_STREAM);
}
END_TEST

/* A refused logon; the length of the token there still is. */
static ULONG refusal(ULONG requested, ULONG *attributes)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");
    ULONG said;

    fixture_accounts("CORP:alice:another\n");
    exchange->server.requested = requested;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    exchange->server.attributes = 0;
    ck_assert_int_eq(exchange_server(exchange), SEC_E_LOGON_DENIED);
    said = exchange->server.said;
    *attributes = exchange->server.attributes;
    exchange_free(exchange);
    return said;
}

START_TEST(asc_req_extended_error_gives_the_error_token)
{
    ULONG attributes, length = refusal(ASC_REQ_EXTENDED_ERROR, &attributes);

    ck_assert_uint_gt(length, 0);
    ck_assert_uint_lt(length, 64);
    ck_assert_uint_eq(attributes, ASC_RET_EXTENDED_ERROR);
    ck_assert_uint_eq(refusal(0, &attributes), EXCHANGE_TOKEN_MAX);
    ck_assert_uint_eq(attributes, 0);
}
END_TEST

/* One null session of the client's, on a machine that knows them. */
static SECURITY_STATUS null_session(const char *package, ULONG clients, ULONG servers)
{
    struct exchange *exchange;
    SECURITY_STATUS status;

    fixture_settings("anonymous.conf", "allow_anonymous = true\n");
    exchange = exchange_of_alice(package);
    exchange->client.requested = ISC_REQ_NULL_SESSION | clients;
    exchange->server.requested = servers;
    status = exchange_run(exchange);
    if (status == SEC_E_OK)
        ck_assert_uint_eq(exchange->server.attributes, ASC_RET_NULL_SESSION);
    exchange_free(exchange);
    return status;
}

START_TEST(asc_req_allow_null_session_lets_nobody_in_and_nothing_else_does)
{
    ck_assert_int_eq(null_session(packages[_i], 0, ASC_REQ_ALLOW_NULL_SESSION), SEC_E_OK);
    ck_assert_int_eq(null_session(packages[_i], 0, 0), SEC_E_LOGON_DENIED);
}
END_TEST

START_TEST(isc_req_null_session_has_no_protection_so_who_asks_for_it_is_refused)
{
    static const ULONG asked[] = {ISC_REQ_INTEGRITY, ISC_REQ_CONFIDENTIALITY};

    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
        ck_assert_int_eq(null_session(packages[_i], asked[i], ASC_REQ_ALLOW_NULL_SESSION),
                         SEC_E_UNSUPPORTED_FUNCTION);
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        phcredential_that_is_outbound_only_has_no_credentials,
        phcredential_without_accounts_says_so_when_it_is_used,
        sec_e_invalid_handle_for_handles_that_are_not_live,
        phcredential_may_be_null_once_phcontext_is_given,
        tokens_of_nobodys_are_invalid,
        a_raw_kerberos_token_needs_a_key,
        pinput_without_a_token_is_invalid,
        asc_ret_tells_what_the_context_has_whatever_was_requested,
        asc_ret_integrity_replay_and_sequence_detect,
        asc_ret_confidentiality,
        asc_ret_identify,
        asc_req_allocate_memory_connection_and_stream_are_echoed,
        asc_req_allow_null_session_lets_nobody_in_and_nothing_else_does,
        isc_req_null_session_has_no_protection_so_who_asks_for_it_is_refused,
    };
    Suite *suite = suite_create("sspi accept");
    TCase *cases = fixture_case("accept");

    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    tcase_add_test(cases, negotiate_accepts_raw_ntlm);
    tcase_add_test(cases, ntlm_accepts_only_ntlm);
    tcase_add_loop_test(cases, a_server_that_speaks_first_is_followed, 0, 2);
    tcase_add_test(cases, ptsexpiry_is_the_largest_value_until_it_is_known);
    tcase_add_test(cases, a_server_that_spoke_first_takes_raw_ntlm_as_well);
    tcase_add_test(cases, ntlm_has_nothing_to_say_first);
    tcase_add_test(cases, asc_req_extended_error_gives_the_error_token);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
