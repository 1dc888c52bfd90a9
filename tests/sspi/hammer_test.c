/* SPDX-License-Identifier: MIT */
/* hammer_test.c - contexts and credentials under several threads at once:
 * one credential for many contexts, one context for many threads, and handles
 * that are closed under the others' hands. ThreadSanitizer watches, where the
 * build has it. */

#include "config.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "context_buffer.h"
#include "handle.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

enum { THREADS = 4, ROUNDS = 25 };

static const char *const packages[] = {"NTLM", "Negotiate"};

/* Check counts in one thread only; so these do, and are asked afterwards. */
static atomic_int good, bad;

static void count(bool as_it_should_be)
{
    atomic_fetch_add(as_it_should_be ? &good : &bad, 1);
}

static void run_threads(void *(*work)(void *), void *arg)
{
    pthread_t threads[THREADS];

    atomic_store(&good, 0);
    atomic_store(&bad, 0);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, work, arg), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(bad, 0);
}

/* One call of one thread's own context. */
struct end {
    CtxtHandle context;
    bool begun;
    unsigned char token[4096];
    ULONG length;
};

static SECURITY_STATUS step(struct exchange *exchange, struct end *end, struct end *peer,
                            bool initiator)
{
    SecBuffer in = {peer->length, SECBUFFER_TOKEN, peer->token};
    SecBuffer out = {sizeof(end->token), SECBUFFER_TOKEN, end->token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle *context = end->begun ? &end->context : NULL;
    SECURITY_STATUS status;

    status = initiator
                 ? InitializeSecurityContextA(&exchange->client.credential, context,
                                              exchange->target, ISC_REQ_CONFIDENTIALITY, 0, 0,
                                              &input, 0, &end->context, &output, NULL, NULL)
                 : AcceptSecurityContext(&exchange->server.credential, context, &input, 0, 0,
                                         &end->context, &output, NULL, NULL);
    end->begun |= status >= 0;
    end->length = out.cbBuffer;
    return status;
}

static bool log_in(struct exchange *exchange, struct end *client, struct end *server)
{
    SECURITY_STATUS ours = SEC_I_CONTINUE_NEEDED, theirs = SEC_I_CONTINUE_NEEDED;

    while (ours != SEC_E_OK || theirs != SEC_E_OK) {
        if (ours != SEC_E_OK && (ours = step(exchange, client, server, true)) < 0)
            return false;
        if (theirs != SEC_E_OK && (theirs = step(exchange, server, client, false)) < 0)
            return false;
    }
    return true;
}

static void end_of(struct end *end)
{
    if (end->begun)
        count(DeleteSecurityContext(&end->context) == SEC_E_OK);
}

static void *log_in_and_out(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct end client = {.length = 0}, server = {.length = 0};
        count(log_in(arg, &client, &server));
        end_of(&client);
        end_of(&server);
    }
    return NULL;
}

START_TEST(one_credential_serves_many_threads)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    run_threads(log_in_and_out, exchange);
    ck_assert_int_eq(good, 3 * THREADS * ROUNDS);
    exchange_free(exchange);
}
END_TEST

/* Anything that a live context can be asked. */
static SECURITY_STATUS use(CtxtHandle *context)
{
    SecPkgContext_NamesA names;
    unsigned char text[16] = "";
    SecBuffer buffers[] = {{16, SECBUFFER_TOKEN, text}, {4, SECBUFFER_DATA, (char[]){"data"}}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status = QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names);

    if (status != SEC_E_OK)
        return status;
    FreeContextBuffer(names.sUserName);
    return EncryptMessage(context, 0, &message, 0);
}

static void *use_context(void *arg)
{
    for (int i = 0; i < 10 * ROUNDS; i++)
        count(use(arg) == SEC_E_OK);
    return NULL;
}

START_TEST(one_context_serves_many_threads)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    exchange->client.requested = ISC_REQ_CONFIDENTIALITY;
    exchange_establish(exchange);
    run_threads(use_context, &exchange->client.context);
    ck_assert_int_eq(good, 10 * THREADS * ROUNDS);
    exchange_free(exchange);
}
END_TEST

static atomic_int used, deleted;

/* Whoever is there first deletes; the others find out. */
static void *use_and_delete(void *arg)
{
    SECURITY_STATUS status;

    for (int i = 0; i < ROUNDS; i++) {
        status = use(arg);
        count(status == SEC_E_OK || status == SEC_E_INVALID_HANDLE);
        if (atomic_fetch_add(&used, 1) < 2 * ROUNDS)
            continue;
        status = DeleteSecurityContext(arg);
        count(status == SEC_E_OK || status == SEC_E_INVALID_HANDLE);
        if (status == SEC_E_OK)
            atomic_fetch_add(&deleted, 1);
    }
    return NULL;
}

START_TEST(a_context_may_be_deleted_under_the_others_hands)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    atomic_store(&used, 0);
    atomic_store(&deleted, 0);
    exchange->client.requested = ISC_REQ_CONFIDENTIALITY;
    exchange_establish(exchange);
    run_threads(use_and_delete, &exchange->client.context);
    ck_assert_int_eq(deleted, 1);
    exchange->client.begun = false;
    exchange_free(exchange);
}
END_TEST

static void *log_in_while_it_lasts(void *arg)
{
    struct exchange *exchange = arg;

    for (int i = 0; i < ROUNDS; i++) {
        struct end client = {.length = 0}, server = {.length = 0};
        SECURITY_STATUS status = step(exchange, &client, &server, true);
        count(status == SEC_I_CONTINUE_NEEDED || status == SEC_E_INVALID_HANDLE);
        if (atomic_fetch_add(&used, 1) == ROUNDS)
            count(FreeCredentialsHandle(&exchange->client.credential) == SEC_E_OK);
        end_of(&client);
    }
    return NULL;
}

START_TEST(a_credential_may_be_freed_under_the_others_hands)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CredHandle freed = exchange->client.credential;

    atomic_store(&used, 0);
    run_threads(log_in_while_it_lasts, exchange);
    ck_assert_int_eq(FreeCredentialsHandle(&freed), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(FreeCredentialsHandle(&exchange->server.credential), SEC_E_OK);
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_uint_eq(context_buffer_count(), 0);
    free(exchange);
}
END_TEST

/* The same call, by all threads: one takes it, and what it leaves is a context
 * that is complete, or begun again by a later one, or dead. */
static void *answer(void *arg)
{
    struct exchange *exchange = arg;
    struct end client = {.context = exchange->client.context, .begun = true}, server;
    SECURITY_STATUS status;

    server.length = exchange->server.length;
    memcpy(server.token, exchange->server.token, server.length);
    status = step(exchange, &client, &server, true);
    count(status == SEC_E_OK || status == SEC_I_CONTINUE_NEEDED ||
          status == SEC_E_INVALID_TOKEN || status == SEC_E_INVALID_HANDLE);
    if (status >= 0)
        atomic_fetch_add(&used, 1);
    return NULL;
}

START_TEST(one_call_is_taken_once_whoever_tries)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);

        /* every call of a login asks for the same */
        exchange->client.requested = ISC_REQ_CONFIDENTIALITY;
        ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
        ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
        atomic_store(&used, 0);
        run_threads(answer, exchange);
        ck_assert_int_eq(used, 1);
        exchange_free(exchange);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        one_credential_serves_many_threads,
        one_context_serves_many_threads,
        a_context_may_be_deleted_under_the_others_hands,
        a_credential_may_be_freed_under_the_others_hands,
        one_call_is_taken_once_whoever_tries,
    };
    Suite *suite = suite_create("sspi hammer");
    TCase *cases = fixture_case("hammer");

    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_loop_test(cases, tests[i], 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
