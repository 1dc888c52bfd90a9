/* SPDX-License-Identifier: MIT */
/* initiate_test.c - InitializeSecurityContext, parameter by parameter, but
 * for pszTargetName, fContextReq and pOutput, which have files of their own. */

#include "config.h"

#include <string.h>

#include "context.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"
#include "timestamp.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

/* The parameters that the tests below vary; the others are as they should be. */
struct call {
    CredHandle *credential;
    CtxtHandle *context, *new_context;
    ULONG reserved, drep;
    SecBufferDesc *input;
    ULONG *attributes;
    TimeStamp *expiry;
};

static SECURITY_STATUS call(struct exchange *exchange, struct call args)
{
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    SECURITY_STATUS status;

    status = InitializeSecurityContextA(
        args.credential, args.context, exchange->target, 0, args.reserved, args.drep,
        args.input, args.reserved, args.new_context, &output, args.attributes, args.expiry);
    if (status >= 0)
        exchange->client.length = out.cbBuffer;
    return status;
}

/* The client's second call, with the server's token and whatever else. */
static SECURITY_STATUS answer(struct exchange *exchange, struct call args)
{
    SecBuffer in = {exchange->server.length, SECBUFFER_TOKEN, exchange->server.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in};

    args.input = &input;
    return call(exchange, args);
}

static void half_way(struct exchange *exchange)
{
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
}

START_TEST(ntlm_logs_in)
{
    struct exchange *exchange = exchange_of_alice("NTLM");

    half_way(exchange);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    ck_assert_uint_gt(exchange->client.length, 0);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_OK);
    ck_assert_uint_eq(exchange->server.length, 0);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_logs_in)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");

    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_that_is_inbound_only_has_no_credentials)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CtxtHandle context;

    ck_assert_int_eq(call(exchange, (struct call){.credential = &exchange->server.credential,
                                                  .new_context = &context}),
                     SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_for_both_directions_initiates)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = exchange_identity("CORP", "alice", "secret");
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    side_credential(&exchange->client, packages[_i], SECPKG_CRED_BOTH, &alice);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_without_an_identity_to_be_had_says_so_when_it_is_used)
{
    struct exchange *exchange;

    fixture_forget_accounts();
    exchange = exchange_new(packages[_i], NULL);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_may_be_null_once_phcontext_is_given)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    half_way(exchange);
    ck_assert_int_ge(answer(exchange, (struct call){.context = &exchange->client.context}), 0);
    ck_assert_int_ge(exchange_server(exchange), 0);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_that_is_not_live_is_an_invalid_handle)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CredHandle dead = {0, 0};
    CtxtHandle context;

    ck_assert_int_eq(call(exchange, (struct call){.new_context = &context}),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(
        call(exchange, (struct call){.credential = &dead, .new_context = &context}),
        SEC_E_INVALID_HANDLE);
    half_way(exchange);
    ck_assert_int_eq(answer(exchange, (struct call){.credential = &dead,
                                                    .context = &exchange->client.context}),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(call(exchange, (struct call){.credential = &exchange->client.context,
                                                  .new_context = &context}),
                     SEC_E_INVALID_HANDLE);
    /* It was the caller's mistake: the exchange is as good as before. */
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcredential_may_be_freed_while_its_contexts_live)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CredHandle other;

    half_way(exchange);
    ck_assert_int_eq(FreeCredentialsHandle(&exchange->client.credential), SEC_E_OK);
    ck_assert_int_ge(answer(exchange, (struct call){.context = &exchange->client.context}), 0);
    ck_assert_int_ge(exchange_server(exchange), 0);
    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, (char *)(uintptr_t) "NTLM",
                                               SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                               &other, NULL),
                     SEC_E_OK);
    exchange->client.credential = other; /* for exchange_free */
    exchange_free(exchange);
}
END_TEST

START_TEST(phcontext_and_phnewcontext_may_be_the_same_pointer)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    half_way(exchange);
    ck_assert_int_ge(answer(exchange, (struct call){.credential = &exchange->client.credential,
                                                    .context = &exchange->client.context,
                                                    .new_context = &exchange->client.context}),
                     0);
    exchange_free(exchange);
}
END_TEST

START_TEST(phnewcontext_gets_the_handle_on_every_call)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CtxtHandle copy = {0, 0};

    half_way(exchange);
    ck_assert_int_ge(answer(exchange, (struct call){.credential = &exchange->client.credential,
                                                    .context = &exchange->client.context,
                                                    .new_context = &copy}),
                     0);
    ck_assert_mem_eq(&copy, &exchange->client.context, sizeof(copy));
    exchange_free(exchange);
}
END_TEST

START_TEST(phnewcontext_must_be_there_on_the_first_call)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(call(exchange, (struct call){.credential = &exchange->client.credential}),
                     SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcontext_that_is_not_live_is_an_invalid_handle)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CtxtHandle zero = {0, 0}, forged = {1, 1}, deleted;

    half_way(exchange);
    deleted = exchange->client.context;
    ck_assert_int_eq(DeleteSecurityContext(&exchange->client.context), SEC_E_OK);
    exchange->client.begun = false;

    ck_assert_int_eq(answer(exchange, (struct call){.context = &zero}), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(answer(exchange, (struct call){.context = &forged}), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(answer(exchange, (struct call){.context = &deleted}),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(answer(exchange, (struct call){.context = &exchange->client.credential}),
                     SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}
END_TEST

START_TEST(phcontext_of_the_other_side_is_an_invalid_handle)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    half_way(exchange);
    ck_assert_int_eq(answer(exchange, (struct call){.context = &exchange->server.context}),
                     SEC_E_INVALID_HANDLE);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(reserved1_and_reserved2_are_ignored)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(call(exchange, (struct call){.credential = &exchange->client.credential,
                                                  .new_context = &exchange->client.context,
                                                  .reserved = 4711}),
                     SEC_I_CONTINUE_NEEDED);
    exchange->client.begun = true;
    exchange_free(exchange);
}
END_TEST

START_TEST(targetdatarep_makes_no_difference)
{
    static const ULONG dreps[] = {SECURITY_NATIVE_DREP, SECURITY_NETWORK_DREP};

    for (int i = 0; i < 2; i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        ck_assert_int_eq(
            call(exchange, (struct call){.credential = &exchange->client.credential,
                                         .new_context = &exchange->client.context,
                                         .drep = dreps[i]}),
            SEC_I_CONTINUE_NEEDED);
        exchange->client.begun = true;
        ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
        ck_assert_int_ge(answer(exchange, (struct call){.context = &exchange->client.context,
                                                        .drep = dreps[i]}),
                         0);
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(pinput_is_null_on_the_first_call)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    exchange->client.bare = true;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->client.bare = false;
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(pinput_on_the_first_call_may_hold_an_empty_token)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_uint_eq(exchange->server.length, 0);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(pinput_of_ntlm_has_no_token_on_the_first_call)
{
    struct exchange *exchange = exchange_of_alice("NTLM");

    half_way(exchange);
    ck_assert_int_eq(DeleteSecurityContext(&exchange->client.context), SEC_E_OK);
    exchange->client.begun = false;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

/* One broken second call, after which the context is only good for deletion. */
static void answer_is_invalid(const char *package, SecBufferDesc *input)
{
    struct exchange *exchange = exchange_of_alice(package);

    half_way(exchange);
    ck_assert_int_eq(
        call(exchange, (struct call){.context = &exchange->client.context, .input = input}),
        SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(answer(exchange, (struct call){.context = &exchange->client.context}),
                     SEC_E_INVALID_HANDLE);
    exchange_free(exchange);
}

START_TEST(pinput_must_bring_the_peers_token_later)
{
    SecBuffer buffers[] = {{4, SECBUFFER_DATA, (char[]){"data"}},
                           {0, SECBUFFER_TOKEN, NULL},
                           {100, SECBUFFER_TOKEN, NULL},
                           {7, SECBUFFER_TOKEN, (char[]){"garbage"}}};

    answer_is_invalid(packages[_i], NULL);
    answer_is_invalid(packages[_i], &(SecBufferDesc){SECBUFFER_VERSION, 0, NULL});
    for (int i = 0; i < 4; i++)
        answer_is_invalid(packages[_i], &(SecBufferDesc){SECBUFFER_VERSION, 1, &buffers[i]});
}
END_TEST

START_TEST(pinput_may_hold_buffers_that_are_not_known)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    char text[] = "who knows";

    exchange->client.extra = (SecBuffer){sizeof(text), 4711, text};
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.extra.cbBuffer, sizeof(text));
    ck_assert_str_eq(text, "who knows");
    exchange_free(exchange);
}
END_TEST

START_TEST(pfcontextattr_is_valid_on_every_success)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    exchange->client.requested = ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONFIDENTIALITY;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(exchange->client.attributes & ISC_RET_ALLOCATED_MEMORY,
                      ISC_RET_ALLOCATED_MEMORY);
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes,
                      ISC_RET_ALLOCATED_MEMORY | ISC_RET_INTEGRITY | ISC_RET_CONFIDENTIALITY);
    exchange_free(exchange);
}
END_TEST

START_TEST(pfcontextattr_and_ptsexpiry_may_be_null)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(call(exchange, (struct call){.credential = &exchange->client.credential,
                                                  .new_context = &exchange->client.context}),
                     SEC_I_CONTINUE_NEEDED);
    exchange->client.begun = true;
    exchange_free(exchange);
}
END_TEST

START_TEST(ptsexpiry_of_what_never_expires_is_the_largest_value)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange->client.expiry.QuadPart, TIMESTAMP_NEVER);
    exchange_establish(exchange);
    ck_assert_int_eq(exchange->client.expiry.QuadPart, TIMESTAMP_NEVER);
    ck_assert_int_eq(exchange->server.expiry.QuadPart, TIMESTAMP_NEVER);
    exchange_free(exchange);
}
END_TEST

START_TEST(the_wide_form_does_the_same)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &out};
    WCHAR target[] = u"HTTP/server.home.test", broken[] = {0xd800, 0};

    ck_assert_int_eq(InitializeSecurityContextW(&exchange->client.credential, NULL, broken, 0,
                                                0, 0, NULL, 0, &exchange->client.context,
                                                &output, NULL, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(InitializeSecurityContextW(&exchange->client.credential, NULL, target, 0,
                                                0, 0, NULL, 0, &exchange->client.context,
                                                &output, NULL, NULL),
                     SEC_I_CONTINUE_NEEDED);
    exchange->client.begun = true;
    exchange->client.length = out.cbBuffer;
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        phcredential_that_is_inbound_only_has_no_credentials,
        phcredential_for_both_directions_initiates,
        phcredential_without_an_identity_to_be_had_says_so_when_it_is_used,
        phcredential_may_be_null_once_phcontext_is_given,
        phcredential_that_is_not_live_is_an_invalid_handle,
        phcredential_may_be_freed_while_its_contexts_live,
        phcontext_and_phnewcontext_may_be_the_same_pointer,
        phnewcontext_gets_the_handle_on_every_call,
        phnewcontext_must_be_there_on_the_first_call,
        phcontext_that_is_not_live_is_an_invalid_handle,
        phcontext_of_the_other_side_is_an_invalid_handle,
        reserved1_and_reserved2_are_ignored,
        targetdatarep_makes_no_difference,
        pinput_is_null_on_the_first_call,
        pinput_on_the_first_call_may_hold_an_empty_token,
        pinput_must_bring_the_peers_token_later,
        pinput_may_hold_buffers_that_are_not_known,
        pfcontextattr_is_valid_on_every_success,
        pfcontextattr_and_ptsexpiry_may_be_null,
        ptsexpiry_of_what_never_expires_is_the_largest_value,
        the_wide_form_does_the_same,
    };
    Suite *suite = suite_create("sspi initiate");
    TCase *cases = fixture_case("initiate");

    tcase_add_test(cases, ntlm_logs_in);
    tcase_add_test(cases, negotiate_logs_in);
    tcase_add_test(cases, pinput_of_ntlm_has_no_token_on_the_first_call);
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
