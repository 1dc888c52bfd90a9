/* SPDX-License-Identifier: MIT */
/* exhaustion_test.c - the row of SEC_E_INSUFFICIENT_MEMORY: an exchange and
 * all that can be asked afterwards, in which each of libsspi's allocations fails
 * in turn. GSSAPI's own memory does not end here. */

#include "config.h"

#include <search.h>
#include <string.h>

#include "context_buffer.h"
#include "handle.h"
#include "shortage.h"
#include "sspi_fixture.h"
#include "suite.h"

#define ACCOUNTS "CORP:alice:secret\n"

/* A table's node is allocated in the C library. */
void *__real_tsearch(const void *key, void **root, __compar_fn_t compare);
void *__wrap_tsearch(const void *key, void **root, __compar_fn_t compare);

void *__wrap_tsearch(const void *key, void **root, __compar_fn_t compare)
{
    return allocation_fails() ? NULL : __real_tsearch(key, root, compare);
}

struct end {
    CredHandle credential;
    CtxtHandle context;
    bool acquired, begun, done;
    char *token; /* the package's memory */
    ULONG length;
};

static SECURITY_STATUS acquire(struct end *end, WCHAR *package, ULONG use, void *identity)
{
    SECURITY_STATUS status = AcquireCredentialsHandleW(NULL, package, use, NULL, identity, NULL,
                                                       NULL, &end->credential, NULL);

    end->acquired = status == SEC_E_OK;
    return status;
}

/* Without Check's macros, here and below: they allocate, too. */
static void drop_token(struct end *end)
{
    FreeContextBuffer(end->token);
    end->token = NULL;
}

static SECURITY_STATUS step(struct end *end, struct end *peer, bool initiator)
{
    static WCHAR target[] = u"HTTP/server.home.test";
    SecBuffer in = {peer->length, SECBUFFER_TOKEN, peer->token};
    SecBuffer out = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle *context = end->begun ? &end->context : NULL;
    SECURITY_STATUS status;

    status =
        initiator
            ? InitializeSecurityContextW(&end->credential, context, target,
                                         ISC_REQ_ALLOCATE_MEMORY | ISC_REQ_CONFIDENTIALITY, 0,
                                         0, &input, 0, &end->context, &output, NULL, NULL)
            : AcceptSecurityContext(&end->credential, context, &input, ASC_REQ_ALLOCATE_MEMORY,
                                    0, &end->context, &output, NULL, NULL);
    if (status < 0)
        return status;
    drop_token(peer);
    peer->length = 0;
    end->begun = true;
    end->done = status == SEC_E_OK;
    end->token = out.pvBuffer;
    end->length = out.cbBuffer;
    return SEC_E_OK;
}

/* One attribute's answer: whatever it has of the package's memory. */
union answer {
    struct {
        void *first, *second;
    } pointers;
    SecPkgContext_SessionKey key;
    SecPkgContext_DceInfo dce;
    char room[64];
};

static SECURITY_STATUS ask(struct end *end, ULONG attribute, bool wide)
{
    union answer answer;
    SECURITY_STATUS status;

    memset(&answer, 0, sizeof(answer));
    status = wide ? QueryContextAttributesW(&end->context, attribute, &answer)
                  : QueryContextAttributesA(&end->context, attribute, &answer);
    if (status != SEC_E_OK)
        return status;
    if (attribute == SECPKG_ATTR_SESSION_KEY) {
        FreeContextBuffer(answer.key.SessionKey);
    } else if (attribute == SECPKG_ATTR_DCE_INFO) {
        FreeContextBuffer(answer.dce.pPac);
    } else {
        FreeContextBuffer(answer.pointers.first);
        if (attribute == SECPKG_ATTR_NATIVE_NAMES || attribute == SECPKG_ATTR_KEY_INFO)
            FreeContextBuffer(answer.pointers.second);
    }
    return SEC_E_OK;
}

static SECURITY_STATUS ask_all(struct end *end)
{
    static const ULONG attributes[] = {SECPKG_ATTR_NAMES,
                                       SECPKG_ATTR_NATIVE_NAMES,
                                       SECPKG_ATTR_DCE_INFO,
                                       SECPKG_ATTR_SESSION_KEY,
                                       SECPKG_ATTR_KEY_INFO,
                                       SECPKG_ATTR_PACKAGE_INFO,
                                       SECPKG_ATTR_NEGOTIATION_INFO,
                                       SECPKG_ATTR_CLIENT_SPECIFIED_TARGET};
    SECURITY_STATUS status = SEC_E_OK;

    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        for (int wide = 0; wide < 2 && status == SEC_E_OK; wide++)
            status = ask(end, attributes[i], wide);
    return status;
}

static void let_go(struct end *end)
{
    drop_token(end);
    if (end->begun)
        ck_assert_int_eq(DeleteSecurityContext(&end->context), SEC_E_OK);
    if (end->acquired)
        ck_assert_int_eq(FreeCredentialsHandle(&end->credential), SEC_E_OK);
}

static SECURITY_STATUS log_in(struct end *client, struct end *server, WCHAR *package)
{
    SEC_WINNT_AUTH_IDENTITY_W alice = {
        (USHORT[]){'a', 'l', 'i', 'c', 'e'},      5, (USHORT[]){'C', 'O', 'R', 'P'}, 4,
        (USHORT[]){'s', 'e', 'c', 'r', 'e', 't'}, 6, SEC_WINNT_AUTH_IDENTITY_UNICODE};
    SECURITY_STATUS status = acquire(client, package, SECPKG_CRED_OUTBOUND, &alice);

    if (status == SEC_E_OK)
        status = acquire(server, package, SECPKG_CRED_INBOUND, NULL);
    while (status == SEC_E_OK && !(client->done && server->done)) {
        if (!client->done)
            status = step(client, server, true);
        if (status == SEC_E_OK && !server->done)
            status = step(server, client, false);
    }
    return status == SEC_E_OK ? ask_all(client) : status;
}

START_TEST(sec_e_insufficient_memory_whichever_allocation_fails)
{
    static WCHAR packages[][10] = {u"NTLM", u"Negotiate"};
    SECURITY_STATUS status;
    unsigned reached = 0;

    fixture_accounts(ACCOUNTS);
    do {
        struct end client = {.length = 0}, server = {.length = 0};
        allocations_left = ++reached;
        status = log_in(&client, &server, packages[_i]);
        allocations_left = 0;
        ck_assert_msg(status == SEC_E_OK || status == SEC_E_INSUFFICIENT_MEMORY,
                      "allocation %u: 0x%08x", reached, (unsigned)status);
        let_go(&client);
        let_go(&server);
        ck_assert_uint_eq(handle_count(), 0);
        ck_assert_uint_eq(context_buffer_count(), 0);
    } while (status != SEC_E_OK);
    ck_assert_uint_gt(reached, 40);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi exhaustion");
    TCase *cases = fixture_case("exhaustion");

    tcase_add_loop_test(cases, sec_e_insufficient_memory_whichever_allocation_fails, 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
