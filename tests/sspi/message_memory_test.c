/* SPDX-License-Identifier: MIT */
/* message_memory_test.c - NTLM's messages pass without one allocation.
 * malloc and its kin are this program's: also for libgssapi, the mechanism's
 * module and OpenSSL. */

#include "config.h"

#include <stddef.h>
#include <stdio.h>

#include "message_layout.h"
#include "sanitized.h"
#include "sspi_contexts.h"
#include "suite.h"

#ifdef SANITIZED

int main(void)
{
    puts("ok - ntlm_messages_allocate_nothing # SKIP the sanitizer's malloc cannot be counted");
    return EXIT_SUCCESS;
}

#else

/* glibc's, which stay there for whoever replaces them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static _Thread_local unsigned long allocations;

/* Everyone's: hidden, as this build makes symbols, they would be called by this
 * program alone, and count nothing. */
#pragma GCC visibility push(default)

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    allocations++;
    return __libc_realloc(memory, size);
}

#pragma GCC visibility pop

static void send_one(CtxtHandle *from, CtxtHandle *to, bool seal)
{
    static BYTE token[16];
    static char data[512];
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data}};
    SecBufferDesc desc = {SECBUFFER_VERSION, 2, buffers};

    if (seal) {
        ck_assert_int_eq(EncryptMessage(from, 0, &desc, 0), SEC_E_OK);
        ck_assert_int_eq(DecryptMessage(to, &desc, 0, NULL), SEC_E_OK);
    } else {
        ck_assert_int_eq(MakeSignature(from, 0, &desc, 0), SEC_E_OK);
        ck_assert_int_eq(VerifySignature(to, &desc, 0, NULL), SEC_E_OK);
    }
}

START_TEST(ntlm_messages_allocate_nothing)
{
    struct contexts contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEQUENCE);
    unsigned long before, checks;

    /* Check itself allocates: as much for the same calls. */
    before = allocations;
    send_one(&contexts.client, &contexts.server, true);
    before = allocations;
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(0, 0);
    checks = allocations - before;
    before = allocations;
    send_one(&contexts.client, &contexts.server, true);
    send_one(&contexts.server, &contexts.client, false);
    ck_assert_uint_eq(allocations - before, checks);
    contexts_end(&contexts);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi message memory");
    TCase *cases = tcase_create("NTLM");

    contexts_begin(users);
    tcase_add_loop_test(cases, ntlm_messages_allocate_nothing, CONTEXTS_NTLM,
                        CONTEXTS_KERBEROS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}

#endif
