/* SPDX-License-Identifier: MIT */
/* fork_test.c - a process forks while another of its threads is in the
 * middle of something, and the child can use the library. */

#include "config.h"

#include <pthread.h>
#include <sched.h>
#include <search.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "context_buffer.h"
#include "handle.h"
#include "lock.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

/* The call in which the other thread stays for a while, with whatever it holds.
 * The linker leads such calls here (--wrap). */
enum call { NONE, REALLOCARRAY, TSEARCH, STRDUP, GSS_INIT_SEC_CONTEXT };

static pthread_t forker; /* the thread that forks */
static _Atomic enum call stays_in;
static atomic_bool stays;
static bool fork_waits; /* until it no longer does */
static sem_t may_go_on;

static void pass(enum call call)
{
    if (pthread_equal(pthread_self(), forker) ||
        !atomic_compare_exchange_strong(&stays_in, &call, NONE))
        return;
    stays = true;
    sem_wait(&may_go_on);
}

void *__real_reallocarray(void *old, size_t count, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
void *__real_tsearch(const void *key, void **root, __compar_fn_t compare);
void *__wrap_tsearch(const void *key, void **root, __compar_fn_t compare);
char *__real_strdup(const char *text);
char *__wrap_strdup(const char *text);
OM_uint32 __real_gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t cred,
                                      gss_ctx_id_t *context, gss_name_t target, gss_OID mech,
                                      OM_uint32 flags, OM_uint32 time,
                                      gss_channel_bindings_t bindings, gss_buffer_t input,
                                      gss_OID *actual, gss_buffer_t output,
                                      OM_uint32 *ret_flags, OM_uint32 *ret_time);
OM_uint32 __wrap_gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t cred,
                                      gss_ctx_id_t *context, gss_name_t target, gss_OID mech,
                                      OM_uint32 flags, OM_uint32 time,
                                      gss_channel_bindings_t bindings, gss_buffer_t input,
                                      gss_OID *actual, gss_buffer_t output,
                                      OM_uint32 *ret_flags, OM_uint32 *ret_time);
int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    pass(REALLOCARRAY);
    return __real_reallocarray(old, count, size);
}

void *__wrap_tsearch(const void *key, void **root, __compar_fn_t compare)
{
    pass(TSEARCH);
    return __real_tsearch(key, root, compare);
}

char *__wrap_strdup(const char *text)
{
    pass(STRDUP);
    return __real_strdup(text);
}

OM_uint32 __wrap_gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t cred,
                                      gss_ctx_id_t *context, gss_name_t target, gss_OID mech,
                                      OM_uint32 flags, OM_uint32 time,
                                      gss_channel_bindings_t bindings, gss_buffer_t input,
                                      gss_OID *actual, gss_buffer_t output,
                                      OM_uint32 *ret_flags, OM_uint32 *ret_time)
{
    pass(GSS_INIT_SEC_CONTEXT);
    return __real_gss_init_sec_context(minor, cred, context, target, mech, flags, time,
                                       bindings, input, actual, output, ret_flags, ret_time);
}

/* Check's locks lead here as well. */
static bool is_of_the_process(const pthread_mutex_t *mutex)
{
    return mutex == &lock_of_additions || mutex == &lock_of_handles ||
           mutex == &lock_of_context_buffers;
}

/* The fork is about to wait for the other thread. */
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    if (fork_waits && is_of_the_process(mutex) && pthread_equal(pthread_self(), forker))
        sem_post(&may_go_on);
    return __real_pthread_mutex_lock(mutex);
}

/* Whether that holds in a child that is forked while a thread that does this
 * work stays in this call. */
static bool holds_meanwhile(bool (*holds)(void *arg), enum call call, bool waits,
                            void *(*work)(void *arg), void *arg)
{
    pthread_t other;
    bool held;

    forker = pthread_self();
    fork_waits = waits;
    ck_assert_int_eq(sem_init(&may_go_on, 0, 0), 0);
    stays_in = call;
    ck_assert_int_eq(pthread_create(&other, NULL, work, arg), 0);
    while (!stays)
        sched_yield();
    held = holds_in_child(holds, arg);
    sem_post(&may_go_on);
    pthread_join(other, NULL);
    fork_waits = false;
    stays = false;
    sem_destroy(&may_go_on);
    return held;
}

static void keep(struct object *object)
{
    (void)object;
}

/* Until the table grows, for which 64 are enough where it has that size. */
static void *fill_the_table(void *arg)
{
    static struct object object;
    SecHandle handles[65];
    size_t count = 0;

    object_init(&object, HANDLE_CONTEXT, keep);
    while (stays_in != NONE && count < sizeof(handles) / sizeof(handles[0]))
        handle_open(&handles[count++], &object);
    while (count > 0)
        handle_close(&handles[--count], HANDLE_CONTEXT);
    return arg;
}

static bool can_open_a_handle(void *arg)
{
    static struct object object;
    SecHandle handle;

    (void)arg;
    object_init(&object, HANDLE_CONTEXT, keep);
    return handle_open(&handle, &object) == SEC_E_OK &&
           handle_close(&handle, HANDLE_CONTEXT) == SEC_E_OK;
}

START_TEST(a_child_that_is_forked_while_another_thread_opens_a_handle_can_open_one)
{
    ck_assert(holds_meanwhile(can_open_a_handle, REALLOCARRAY, true, fill_the_table, NULL));
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

static void *allocate(void *arg)
{
    context_buffer_free(context_buffer_alloc(1));
    return arg;
}

static bool can_allocate(void *arg)
{
    (void)arg;
    return context_buffer_free(context_buffer_alloc(1));
}

START_TEST(a_child_that_is_forked_while_another_thread_allocates_can_allocate)
{
    ck_assert(holds_meanwhile(can_allocate, TSEARCH, true, allocate, NULL));
    ck_assert_uint_eq(context_buffer_count(), 0);
}
END_TEST

struct credentials {
    CredHandle parents, childs;
};

static CredHandle credential_of_alice(void)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = exchange_identity("CORP", "alice", "secret");
    CredHandle handle;

    ck_assert_int_eq(AcquireCredentialsHandleA((char[]){"alice"}, (char[]){"NTLM"},
                                               SECPKG_CRED_OUTBOUND, NULL, &alice, NULL, NULL,
                                               &handle, NULL),
                     SEC_E_OK);
    return handle;
}

static SECURITY_STATUS add(CredHandle *handle)
{
    return AddCredentialsA(handle, NULL, (char[]){"NTLM"}, SECPKG_CRED_INBOUND, NULL, NULL,
                           NULL, NULL);
}

/* It stays where it copies the former side's principal, which is the only strdup of
 * the library in this. From there on it is memory's work alone: GSSAPI has locks, too,
 * and those are not ours to free in a child. */
static void *add_a_side(void *arg)
{
    struct credentials *credentials = arg;

    add(&credentials->parents);
    return NULL;
}

static bool can_add_a_side(void *arg)
{
    struct credentials *credentials = arg;

    return add(&credentials->childs) == SEC_E_OK;
}

START_TEST(a_child_that_is_forked_while_another_thread_adds_credentials_can_add_some)
{
    struct credentials credentials = {credential_of_alice(), credential_of_alice()};

    fixture_accounts("CORP:alice:secret\n");
    ck_assert(holds_meanwhile(can_add_a_side, STRDUP, true, add_a_side, &credentials));
    ck_assert_int_eq(FreeCredentialsHandle(&credentials.parents), SEC_E_OK);
    ck_assert_int_eq(FreeCredentialsHandle(&credentials.childs), SEC_E_OK);
}
END_TEST

static SECURITY_STATUS answer(struct exchange *exchange)
{
    SecBuffer in = {exchange->server.length, SECBUFFER_TOKEN, exchange->server.token};
    SecBuffer out = {sizeof(exchange->client.token), SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle *context = &exchange->client.context;
    SECURITY_STATUS status =
        InitializeSecurityContextA(&exchange->client.credential, context, exchange->target, 0,
                                   0, 0, &input, 0, context, &output, NULL, NULL);

    exchange->client.length = out.cbBuffer;
    return status;
}

static void *take_a_call(void *arg)
{
    struct exchange **exchanges = arg;

    answer(exchanges[0]);
    return NULL;
}

/* Asked, continued and deleted. */
static bool can_use_only_what_nobody_was_at_work_on(void *arg)
{
    struct exchange **exchanges = arg;
    CtxtHandle *lost = &exchanges[0]->client.context;
    ULONG flags;

    return QueryContextAttributesA(lost, SECPKG_ATTR_FLAGS, &flags) == SEC_E_INVALID_HANDLE &&
           answer(exchanges[0]) == SEC_E_INVALID_HANDLE &&
           DeleteSecurityContext(lost) == SEC_E_OK && answer(exchanges[1]) == SEC_E_OK &&
           DeleteSecurityContext(&exchanges[1]->client.context) == SEC_E_OK;
}

START_TEST(a_child_loses_the_context_that_another_thread_was_at_work_on_and_no_other)
{
    struct exchange *exchanges[] = {exchange_of_alice("NTLM"), exchange_of_alice("NTLM")};

    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(exchange_client(exchanges[i]), SEC_I_CONTINUE_NEEDED);
        ck_assert_int_eq(exchange_server(exchanges[i]), SEC_I_CONTINUE_NEEDED);
    }
    ck_assert(holds_meanwhile(can_use_only_what_nobody_was_at_work_on, GSS_INIT_SEC_CONTEXT,
                              false, take_a_call, exchanges));
    ck_assert_int_eq(exchange_server(exchanges[0]), SEC_E_OK); /* the parent lost nothing */
    exchange_end(exchanges[0]);
    exchange_free(exchanges[1]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi fork");
    TCase *cases = fixture_case("fork");

    tcase_add_test(cases,
                   a_child_that_is_forked_while_another_thread_opens_a_handle_can_open_one);
    tcase_add_test(cases, a_child_that_is_forked_while_another_thread_allocates_can_allocate);
    tcase_add_test(cases,
                   a_child_that_is_forked_while_another_thread_adds_credentials_can_add_some);
    tcase_add_test(cases,
                   a_child_loses_the_context_that_another_thread_was_at_work_on_and_no_other);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
