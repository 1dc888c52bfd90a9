/* SPDX-License-Identifier: MIT */
/* message_threads_test.c - messages from many threads: each on a context
 * of its own, several on one, and one whose handle is deleted under them. A
 * failure is counted, for Check's assertions belong to one thread. */

#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#include "handle.h"
#include "sspi_contexts.h"
#include "suite.h"

#define THREADS 4
#define ROUNDS 200

static struct contexts contexts[THREADS];
static atomic_uint failures, done;

static SECURITY_STATUS send_one(CtxtHandle *from, CtxtHandle *to)
{
    BYTE token[128];
    char data[] = "some text";
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status = EncryptMessage(from, 0, &desc, 0);

    if (to && status == SEC_E_OK)
        status = DecryptMessage(to, &desc, 0, NULL);
    if (to && status == SEC_E_OK && strcmp(data, "some text") != 0)
        status = SEC_E_MESSAGE_ALTERED;
    return status;
}

static void *converse(void *own)
{
    struct contexts *exchange = own;

    for (int i = 0; i < ROUNDS; i++) {
        failures += send_one(&exchange->client, &exchange->server) != SEC_E_OK;
        failures += send_one(&exchange->server, &exchange->client) != SEC_E_OK;
    }
    return NULL;
}

static void *send_alone(void *shared)
{
    struct contexts *exchange = shared;

    for (int i = 0; i < ROUNDS; i++)
        failures += send_one(&exchange->client, NULL) != SEC_E_OK;
    return NULL;
}

static void *send_until_it_goes(void *shared)
{
    struct contexts *exchange = shared;
    SECURITY_STATUS status;

    while ((status = send_one(&exchange->client, NULL)) == SEC_E_OK)
        done++;
    failures += status != SEC_E_INVALID_HANDLE;
    return NULL;
}

static void start(pthread_t *threads, void *(*run)(void *), bool one_each)
{
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &contexts[one_each ? i : 0]),
                         0);
}

static void join(pthread_t *threads)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(failures, 0);
}

START_TEST(contexts_serve_their_threads_at_once)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        contexts[i] =
            contexts_make(i % 2 ? CONTEXTS_NTLM : CONTEXTS_KERBEROS, CONTEXTS_SEQUENCE);
    start(threads, converse, true);
    join(threads);
    for (int i = 0; i < THREADS; i++)
        contexts_end(&contexts[i]);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

/* The next message is the one after all of theirs: none was lost or doubled. */
START_TEST(one_context_serves_many_threads)
{
    pthread_t threads[THREADS];
    BYTE token[16];
    char data[] = "last";
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};

    contexts[0] = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEQUENCE);
    start(threads, send_alone, false);
    join(threads);
    ck_assert_int_eq(MakeSignature(&contexts[0].client, 0, &desc, 0), SEC_E_OK);
    ck_assert_uint_eq(token[12] | (unsigned)token[13] << 8, THREADS * ROUNDS);
    contexts_end(&contexts[0]);
}
END_TEST

START_TEST(a_context_may_be_deleted_under_its_threads)
{
    pthread_t threads[THREADS];

    contexts[0] = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEQUENCE);
    start(threads, send_until_it_goes, false);
    while (done < THREADS)
        sched_yield();
    contexts_end(&contexts[0]);
    join(threads);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi message threads");
    TCase *cases = tcase_create("threads");

    contexts_begin(users);
    tcase_add_test(cases, contexts_serve_their_threads_at_once);
    tcase_add_test(cases, one_context_serves_many_threads);
    tcase_add_test(cases, a_context_may_be_deleted_under_its_threads);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
