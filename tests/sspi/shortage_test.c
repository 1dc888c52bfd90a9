/* SPDX-License-Identifier: MIT */
/* shortage_test.c - the row of SEC_E_INSUFFICIENT_MEMORY, with the mechanism modules: each
 * allocation of libsspi, of the modules and of what they call fails in turn. A login
 * then either succeeds all the same or says that memory ran out.
 * The other entry points are in entry_shortage_test.c. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "context_buffer.h"
#include "handle.h"
#include "module_shortage.h"
#include "sspi_fixture.h"
#include "suite.h"

#ifdef SANITIZED
int main(void)
{
    puts("1..0 # SKIP a sanitizer has malloc");
    return 77;
}
#else

struct end {
    CredHandle credential;
    CtxtHandle context;
    bool acquired, begun, done;
    unsigned char token[8192];
    ULONG length;
};

static SECURITY_STATUS acquire(struct end *end, char *package, ULONG use, void *identity)
{
    SECURITY_STATUS status = AcquireCredentialsHandleA(NULL, package, use, NULL, identity, NULL,
                                                       NULL, &end->credential, NULL);

    end->acquired = status == SEC_E_OK;
    return status;
}

static SECURITY_STATUS step(struct end *end, struct end *peer, bool initiator)
{
    static char target[] = "HTTP/server.home.test";
    SecBuffer in = {peer->length, SECBUFFER_TOKEN, peer->token};
    SecBuffer out = {sizeof(end->token), SECBUFFER_TOKEN, end->token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle *context = end->begun ? &end->context : NULL;
    SECURITY_STATUS status;

    status = initiator ? InitializeSecurityContextA(&end->credential, context, target,
                                                    ISC_REQ_CONFIDENTIALITY, 0, 0,
                                                    peer->length ? &input : NULL, 0,
                                                    &end->context, &output, NULL, NULL)
                       : AcceptSecurityContext(&end->credential, context, &input, 0, 0,
                                               &end->context, &output, NULL, NULL);
    if (FAILED(status))
        return status;
    peer->length = 0;
    end->begun = true;
    end->done = status == SEC_E_OK;
    end->length = out.cbBuffer;
    return SEC_E_OK;
}

static SECURITY_STATUS log_in(struct end *client, struct end *server, char *package)
{
    static UCHAR user[] = "alice", domain[] = "CORP", password[] = "secret";
    SEC_WINNT_AUTH_IDENTITY_A alice = {
        user, 5, domain, 4, password, 6, SEC_WINNT_AUTH_IDENTITY_ANSI};
    SECURITY_STATUS status = acquire(client, package, SECPKG_CRED_OUTBOUND, &alice);

    if (status == SEC_E_OK)
        status = acquire(server, package, SECPKG_CRED_INBOUND, NULL);
    while (status == SEC_E_OK && !(client->done && server->done)) {
        if (!client->done)
            status = step(client, server, true);
        if (status == SEC_E_OK && !server->done)
            status = step(server, client, false);
    }
    return status;
}

static void let_go(struct end *end)
{
    if (end->begun)
        ck_assert_int_eq(DeleteSecurityContext(&end->context), SEC_E_OK);
    if (end->acquired)
        ck_assert_int_eq(FreeCredentialsHandle(&end->credential), SEC_E_OK);
}

/* What a login came to in which the n-th allocation failed. *enough: it did not come
 * to that many. */
static SECURITY_STATUS log_in_short(char *package, unsigned n, bool *enough)
{
    static struct end client, server;
    SECURITY_STATUS status;

    memset(&client, 0, sizeof(client));
    memset(&server, 0, sizeof(server));
    module_allocations_left = n;
    status = log_in(&client, &server, package);
    *enough = module_allocations_left > 0;
    module_allocations_left = 0;
    let_go(&client);
    let_go(&server);
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_uint_eq(context_buffer_count(), 0);
    return status;
}

START_TEST(sec_e_insufficient_memory_whichever_allocation_of_a_module_fails)
{
    static const char *const packages[] = {"NTLM", "Negotiate"};
    char *package = (char *)(uintptr_t)packages[_i];
    unsigned wrong = 0, n = 0;
    bool enough = false;
    SECURITY_STATUS status;

    fixture_accounts("CORP:alice:secret\n");
    ck_assert_int_eq(log_in_short(package, 0, &enough), SEC_E_OK); /* all is loaded */
    for (enough = false; !enough;) {
        status = log_in_short(package, ++n, &enough);
        if (status != SEC_E_OK && status != SEC_E_INSUFFICIENT_MEMORY) {
            printf("# %s, allocation %u: 0x%08x\n", package, n, (unsigned)status);
            wrong++;
        }
    }
    printf("# %s: %u allocations\n", package, n - 1);
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi shortage");
    TCase *cases = fixture_case("shortage");

    tcase_add_loop_test(cases, sec_e_insufficient_memory_whichever_allocation_of_a_module_fails,
                        0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
#endif
