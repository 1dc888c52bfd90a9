/* SPDX-License-Identifier: MIT */
/* initiate_status_test.c - the rows of the statuses, as NTLM's exchanges
 * cause them, and what a failed call leaves. Those that only Kerberos causes are in
 * sspi_kerberos_test.c and sspi_kdc_test.c, SEC_E_INSUFFICIENT_MEMORY's in
 * sspi_exhaustion_test.c; what GSSAPI's statuses are in sspi_status_test.c. */

#include "config.h"

#include <string.h>

#include "handle.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

#define ACCOUNTS "CORP:alice:secret\n"

static const char *const packages[] = {"NTLM", "Negotiate"};

static struct exchange *exchange_as(const char *package, const char *user, const char *password)
{
    SEC_WINNT_AUTH_IDENTITY_A identity = exchange_identity("CORP", user, password);

    fixture_accounts(ACCOUNTS);
    return exchange_new(package, &identity);
}

static struct exchange *exchange_of(const char *package)
{
    return exchange_as(package, "alice", "secret");
}

static void half_way(struct exchange *exchange)
{
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
}

START_TEST(sec_e_ok_may_come_with_a_last_token)
{
    struct exchange *exchange = exchange_of("NTLM");

    half_way(exchange);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    ck_assert_uint_gt(exchange->client.length, 0);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_OK);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_i_continue_needed_comes_with_a_token_to_send)
{
    struct exchange *exchange = exchange_of(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_gt(exchange->client.length, 0);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_i_complete_needed_is_answered_by_nobody_and_completeauthtoken_works)
{
    struct exchange *exchange = exchange_of(packages[_i]);
    SecBuffer buffer = {4, SECBUFFER_TOKEN, (char[]){"what"}};
    SecBufferDesc token = {SECBUFFER_VERSION, 1, &buffer};
    SecBufferDesc none = {SECBUFFER_VERSION, 0, NULL};
    CtxtHandle zero = {0, 0};

    half_way(exchange);
    ck_assert_int_eq(CompleteAuthToken(&exchange->client.context, &token), SEC_E_OK);
    ck_assert_int_eq(CompleteAuthToken(&exchange->server.context, &token), SEC_E_OK);
    exchange_establish(exchange);
    ck_assert_int_eq(CompleteAuthToken(&exchange->client.context, &token), SEC_E_OK);
    ck_assert_int_eq(CompleteAuthToken(&exchange->server.context, &token), SEC_E_OK);
    ck_assert_int_eq(CompleteAuthToken(&exchange->client.context, &none), SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(CompleteAuthToken(&exchange->client.context, NULL), SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(CompleteAuthToken(&zero, &token), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(CompleteAuthToken(NULL, &token), SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

/* A server that has made its offer has no context of GSSAPI's yet. */
START_TEST(completeauthtoken_works_before_the_client_has_spoken)
{
    struct exchange *exchange = exchange_of("Negotiate");
    SecBuffer buffer = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc token = {SECBUFFER_VERSION, 1, &buffer};

    exchange->server.bare = true;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(CompleteAuthToken(&exchange->server.context, &token), SEC_E_OK);
    exchange_free(exchange);
}
END_TEST

START_TEST(applycontroltoken_is_not_supported)
{
    struct exchange *exchange = exchange_of(packages[_i]);
    CtxtHandle zero = {0, 0};

    exchange_establish(exchange);
    ck_assert_int_eq(ApplyControlToken(&exchange->client.context, NULL),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(ApplyControlToken(&zero, NULL), SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_logon_denied_for_a_wrong_password)
{
    struct exchange *exchange = exchange_as(packages[_i], "alice", "guessed");

    ck_assert_int_eq(exchange_run(exchange), SEC_E_LOGON_DENIED);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_logon_denied_for_an_unknown_user)
{
    struct exchange *exchange = exchange_as(packages[_i], "mallory", "secret");

    ck_assert_int_eq(exchange_run(exchange), SEC_E_LOGON_DENIED);
    exchange_free(exchange);
}
END_TEST

/* SPNEGO's "reject", which is all that a server may say. */
START_TEST(sec_e_logon_denied_when_the_server_rejects_without_a_reason)
{
    static const unsigned char reject[] = {0xa1, 0x07, 0x30, 0x05, 0xa0,
                                           0x03, 0x0a, 0x01, 0x02};
    struct exchange *exchange = exchange_of("Negotiate");

    half_way(exchange);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    memcpy(exchange->server.token, reject, sizeof(reject));
    exchange->server.length = sizeof(reject);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_LOGON_DENIED);
    exchange_free(exchange);
}
END_TEST

/* A byte of what the MIC covers, in the NEGOTIATE that was received. */
START_TEST(sec_e_message_altered_when_a_mic_is_not_right)
{
    struct exchange *exchange = exchange_of("NTLM");

    exchange->client.requested = ISC_REQ_INTEGRITY;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_ge(exchange->client.length, 40);
    exchange->client.token[36] ^= 1; /* a byte of Version, which means nothing */
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_MESSAGE_ALTERED);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_wrong_principal_when_ntlms_target_is_not_the_server)
{
    struct exchange *exchange;

    fixture_settings("target.conf",
                     "check_target_name = required\ntarget_names = server.test\n");
    exchange = exchange_of(packages[_i]);
    exchange->target = (char *)(uintptr_t) "HTTP/elsewhere.test";
    ck_assert_int_eq(exchange_run(exchange), SEC_E_WRONG_PRINCIPAL);
    exchange_free(exchange);
    exchange = exchange_of(packages[_i]);
    exchange->target = (char *)(uintptr_t) "HTTP/server.test";
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_unsupported_function_when_required_protection_is_not_to_be_had)
{
    struct exchange *exchange;

    fixture_settings("seal.conf", "require_seal = true\n");
    exchange = exchange_of("NTLM");
    ck_assert_int_eq(exchange_run(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
}
END_TEST

/* The server gets its own token back. A NEGOTIATE would begin anew. */
static void send_back(struct exchange *exchange)
{
    memcpy(exchange->client.token, exchange->server.token, exchange->server.length);
    exchange->client.length = exchange->server.length;
}

START_TEST(sec_e_invalid_token_for_a_message_out_of_turn)
{
    struct exchange *exchange = exchange_of(packages[_i]);

    half_way(exchange);
    send_back(exchange);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_invalid_token_for_a_token_cut_short)
{
    struct exchange *exchange = exchange_of(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->client.length -= 30; /* a NEGOTIATE of 16 bytes or more is one */
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);

    exchange = exchange_of(packages[_i]);
    half_way(exchange);
    exchange->server.length -= 20;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

/* All that takes a context's handle says that this is none. */
static void is_dead(CtxtHandle *context)
{
    char text[16] = "";
    SecBuffer buffers[] = {{sizeof(text), SECBUFFER_TOKEN, text}, {1, SECBUFFER_DATA, text}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};
    char room[64];

    ck_assert_int_eq(QueryContextAttributesA(context, SECPKG_ATTR_FLAGS, room),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(QueryContextAttributesW(context, SECPKG_ATTR_PACKAGE_INFO, room),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(SetContextAttributesA(context, SECPKG_ATTR_FLAGS, room, 4),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(CompleteAuthToken(context, &desc), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(ApplyControlToken(context, &desc), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(MakeSignature(context, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(VerifySignature(context, &desc, 0, NULL), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(EncryptMessage(context, 0, &desc, 0), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(DecryptMessage(context, &desc, 0, NULL), SEC_E_INVALID_HANDLE);
}

START_TEST(a_failed_call_leaves_a_handle_for_deletion_and_nothing_else)
{
    struct exchange *exchange = exchange_of(packages[_i]);
    size_t handles;

    half_way(exchange);
    handles = handle_count();
    exchange->server.token[0] ^= 0xff;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    ck_assert_uint_eq(handle_count(), handles);
    is_dead(&exchange->client.context);
    exchange->server.token[0] ^= 0xff;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_HANDLE);
    send_back(exchange);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    is_dead(&exchange->server.context);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(DeleteSecurityContext(&exchange->client.context), SEC_E_OK);
    ck_assert_int_eq(DeleteSecurityContext(&exchange->client.context), SEC_E_INVALID_HANDLE);
    exchange->client.begun = false;
    exchange_free(exchange);
}
END_TEST

START_TEST(a_failed_first_call_leaves_no_handle)
{
    struct exchange *exchange = exchange_of(packages[_i]);
    size_t handles = handle_count();
    CtxtHandle before = exchange->client.context;

    exchange->client.requested = ISC_REQ_PROMPT_FOR_CREDS;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_uint_eq(handle_count(), handles);
    ck_assert_mem_eq(&before, &exchange->client.context, sizeof(before));
    exchange_free(exchange);
}
END_TEST

START_TEST(a_failed_fresh_exchange_leaves_a_handle_for_deletion_as_well)
{
    struct exchange *exchange = exchange_of(packages[_i]);

    exchange_establish(exchange);
    exchange->client.requested = ISC_REQ_PROMPT_FOR_CREDS;
    exchange->server.length = 0;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    is_dead(&exchange->client.context);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_half_made_context_protects_no_messages)
{
    struct exchange *exchange = exchange_of(packages[_i]);
    char text[16] = "";
    SecBuffer buffers[] = {{sizeof(text), SECBUFFER_TOKEN, text}, {1, SECBUFFER_DATA, text}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};

    half_way(exchange);
    ck_assert_int_eq(EncryptMessage(&exchange->client.context, 0, &desc, 0),
                     SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        sec_i_continue_needed_comes_with_a_token_to_send,
        sec_i_complete_needed_is_answered_by_nobody_and_completeauthtoken_works,
        applycontroltoken_is_not_supported,
        sec_e_logon_denied_for_a_wrong_password,
        sec_e_logon_denied_for_an_unknown_user,
        sec_e_wrong_principal_when_ntlms_target_is_not_the_server,
        sec_e_invalid_token_for_a_message_out_of_turn,
        sec_e_invalid_token_for_a_token_cut_short,
        a_failed_call_leaves_a_handle_for_deletion_and_nothing_else,
        a_failed_first_call_leaves_no_handle,
        a_failed_fresh_exchange_leaves_a_handle_for_deletion_as_well,
        a_half_made_context_protects_no_messages,
    };
    Suite *suite = suite_create("sspi initiate status");
    TCase *cases = fixture_case("status");

    tcase_add_test(cases, sec_e_ok_may_come_with_a_last_token);
    tcase_add_test(cases, completeauthtoken_works_before_the_client_has_spoken);
    tcase_add_test(cases, sec_e_logon_denied_when_the_server_rejects_without_a_reason);
    tcase_add_test(cases, sec_e_message_altered_when_a_mic_is_not_right);
    tcase_add_test(cases, sec_e_unsupported_function_when_required_protection_is_not_to_be_had);
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
