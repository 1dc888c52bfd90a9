/* SPDX-License-Identifier: MIT */
/* exhaustion_test.c - memory that ends: whole exchanges on both sides in which the
 * first allocation fails, then the second, and so on to the last. Each must
 * end in an error that says so, and leave nothing behind.
 *
 * The code under test gets its memory from shortage.c, and OpenSSL has a
 * function to be told; other libraries' memory never ends. */

#include "config.h"

#include <openssl/crypto.h>
#include <string.h>

#include "ntlm/crypto.h"
#include "ntlm/session.h"
#include "ntlm_exchange.h"
#include "shortage.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

/* OpenSSL's, as shortage.h's are ours. */
static unsigned openssl_left;

static bool openssl_fails(void)
{
    return openssl_left > 0 && --openssl_left == 0;
}

/* Not counted as ours. */
void *__real_malloc(size_t size);
void *__real_realloc(void *block, size_t size);

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return openssl_fails() ? NULL : __real_malloc(size);
}

static void *openssl_realloc(void *block, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return openssl_fails() ? NULL : __real_realloc(block, size);
}

static void openssl_free(void *block, const char *file, int line)
{
    (void)file;
    (void)line;
    free(block);
}

static struct exchange x;

static void all_there_is(void)
{
    static const uint8_t machine_id[32], bindings[16] = {1};

    x.client.machine_id = x.server.machine_id = machine_id;
    x.client_bindings = x.server_bindings = bindings;
    x.server.check_target = NTLM_CHECK_REQUIRED;
    x.server.check_reflection = true;
}

static void reflected(void)
{
    all_there_is();
    x.server.check_target = NTLM_CHECK_OFF;
}

static void old(void)
{
    x.client.lm_compat_level = x.server.lm_compat_level = 0;
    x.client.require_ess = false;
}

static void oem(void)
{
    x.client.lm_compat_level = x.server.lm_compat_level = 1;
    x.client.oem_only = true;
}

static void anonymous(void)
{
    exchange_ask_as_nobody(&x);
    x.server.allow_anonymous = true;
}

static void datagram(void)
{
    x.client.datagram = x.server.datagram = true;
}

static void (*const kinds[])(void) = {all_there_is, reflected, old, oem, anonymous, datagram};

/* A message from the one to the other. */
static enum ntlm_error talk(void)
{
    const struct ntlm_outcome *client = ntlm_initiator_outcome(x.initiator);
    const struct ntlm_outcome *server = ntlm_acceptor_outcome(x.acceptor);
    struct ntlm_session *here = NULL, *there = NULL;
    uint8_t data[8] = "message", signature[NTLM_SIGNATURE_SIZE];
    struct ntlm_part part = {.in = data, .len = sizeof(data)};
    struct ntlm_order order;
    enum ntlm_error error =
        ntlm_session_new(client->session_key, client->flags, NTLM_CLIENT, &here);

    if (!error)
        error = ntlm_session_new(server->session_key, server->flags, NTLM_SERVER, &there);
    if (!error)
        error = ntlm_session_seal(here, &part, 1, signature);
    if (!error)
        error = ntlm_session_unseal(there, &part, 1, signature, &order);
    ntlm_session_free(here);
    ntlm_session_free(there);
    return error;
}

/* Whether the error came before memory did end at all. */
static enum ntlm_error run_with(int kind, bool openssl, unsigned until, bool *reached)
{
    unsigned *left = openssl ? &openssl_left : &allocations_left;
    enum ntlm_error error;

    exchange_begin(&x);
    kinds[kind]();
    *left = until;
    error = exchange_run(&x);
    if (!error)
        error = talk();
    *reached = *left == 0;
    *left = 0;
    return error;
}

/* _i: the kind of exchange. */
START_TEST(our_own_memory_may_end_anywhere)
{
    bool reached = true;
    unsigned until;

    for (until = 1; reached; until++) {
        enum ntlm_error error = run_with(_i, false, until, &reached);

        if (reached)
            ck_assert_msg(error == NTLM_ERR_OUT_OF_MEMORY, "allocation %u: %s", until,
                          ntlm_error_text(error));
        else
            ck_assert_int_eq(error, NTLM_OK);
        if (reached && x.acceptor && !ntlm_acceptor_outcome(x.acceptor) &&
            x.tokens[AUTHENTICATE_SENT].data)
            assert_acceptor_dead(&x);
        exchange_end(&x);
    }
    ck_assert_uint_gt(until, 10);
}
END_TEST

/* OpenSSL can do without some of what it asks for. */
START_TEST(openssl_s_memory_may_end_anywhere)
{
    bool reached = true;
    unsigned until, failed = 0;

    for (until = 1; reached; until++) {
        enum ntlm_error error = run_with(_i, true, until, &reached);

        ck_assert_msg(!error || (reached &&
                                 (error == NTLM_ERR_OUT_OF_MEMORY || error == NTLM_ERR_CRYPTO)),
                      "allocation %u: %s", until, ntlm_error_text(error));
        failed += error ? 1 : 0;
        exchange_end(&x);
    }
    ck_assert_uint_gt(failed, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exhaustion");
    TCase *cases = tcase_create("exhaustion");

    if (!CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) ||
        ntlm_crypto_ready())
        return EXIT_FAILURE;
    tcase_add_loop_test(cases, our_own_memory_may_end_anywhere, 0, COUNT(kinds));
    tcase_add_loop_test(cases, openssl_s_memory_may_end_anywhere, 0, COUNT(kinds));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
