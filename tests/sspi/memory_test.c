/* SPDX-License-Identifier: MIT */
/* memory_test.c - identities and credentials when memory ends: each
 * allocation of the library's own in turn fails, and each time the answer is
 * that memory ended, with no result, and nothing is lost (which is the
 * sanitizer's to see). */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "context_buffer.h"
#include "credential.h"
#include "shortage.h"
#include "sspi_fixture.h"
#include "sspi_keys.h"
#include "suite.h"

/* A failure came with a result, or a success without. No operation under test may
 * assert anything: that allocates, too. */
static bool inconsistent;

/* Runs the operation with its first, second, ... allocation failing, until it
 * has had enough of them. */
static void run_out(SECURITY_STATUS (*operation)(void))
{
    bool enough = false;
    unsigned n = 0;

    while (!enough) {
        SECURITY_STATUS status;

        ck_assert_uint_lt(++n, 1000);
        allocations_left = n;
        status = operation();
        enough = allocations_left > 0;
        allocations_left = 0;
        ck_assert_msg(status == (enough ? SEC_E_OK : SEC_E_INSUFFICIENT_MEMORY),
                      "allocation %u: %#x", n, (unsigned)status);
        ck_assert(!inconsistent);
        ck_assert_uint_eq(context_buffer_count(), 0);
        ck_assert_uint_eq(handle_count(), 0);
    }
    ck_assert_uint_gt(n, 1);
}

static void must_agree(SECURITY_STATUS status, const void *result)
{
    inconsistent |= (status == SEC_E_OK) != (result != NULL);
}

static SEC_WINNT_AUTH_IDENTITY_EXA alice = {
    SEC_WINNT_AUTH_IDENTITY_VERSION,
    sizeof(alice),
    (UCHAR[]){"alice"},
    5,
    (UCHAR[]){"CORP"},
    4,
    (UCHAR[]){"secret"},
    6,
    SEC_WINNT_AUTH_IDENTITY_ANSI,
    (UCHAR[]){"!kerberos"},
    9,
};

static SECURITY_STATUS read_identity(void)
{
    struct identity *identity;
    SECURITY_STATUS status = identity_read(&alice, &identity);

    must_agree(status, identity);
    identity_release(identity);
    return status;
}

static SECURITY_STATUS name_identity(void)
{
    struct identity identity = {.password = (char[]){"secret"}};
    char *name;
    SECURITY_STATUS status = identity_name(&identity, &name);

    must_agree(status, name);
    free(name);
    return status;
}

static SECURITY_STATUS encode_and_decode(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;
    PCWSTR user = NULL, domain = NULL, password = NULL;
    SECURITY_STATUS status =
        SspiEncodeStringsAsAuthIdentity(u"alice", u"CORP", u"secret", &opaque);

    must_agree(status, opaque);
    if (status == SEC_E_OK) {
        status = SspiEncodeAuthIdentityAsStrings(opaque, &user, &domain, &password);
        must_agree(status, user);
        must_agree(status, domain);
        must_agree(status, password);
    }
    SspiFreeAuthIdentity((PVOID)(uintptr_t)user);
    SspiFreeAuthIdentity((PVOID)(uintptr_t)domain);
    SspiFreeAuthIdentity((PVOID)(uintptr_t)password);
    SspiFreeAuthIdentity(opaque);
    return status;
}

static SECURITY_STATUS marshal(void)
{
    char *bytes;
    ULONG length;
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque = NULL;
    SECURITY_STATUS status = SspiMarshalAuthIdentity(&alice, &length, &bytes);

    must_agree(status, bytes);
    if (status == SEC_E_OK) {
        status = SspiUnmarshalAuthIdentity(length, bytes, &opaque);
        must_agree(status, opaque);
    }
    SspiLocalFree(bytes);
    SspiFreeAuthIdentity(opaque);
    return status;
}

static SECURITY_STATUS exclude(void)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE opaque;
    SECURITY_STATUS status = SspiExcludePackage(&alice, u"NTLM", &opaque);

    must_agree(status, opaque);
    SspiFreeAuthIdentity(opaque);
    return status;
}

static SECURITY_STATUS compare(void)
{
    BOOLEAN same;
    SECURITY_STATUS status = SspiCompareAuthIdentities(&alice, &alice, NULL, &same);

    inconsistent |= (status == SEC_E_OK) != same;
    return status;
}

static SECURITY_STATUS prepare(void)
{
    PCWSTR target, user;
    PUCHAR blob;
    ULONG type, size;
    SECURITY_STATUS status =
        SspiPrepareForCredWrite(&alice, u"www", &type, &target, &user, &blob, &size);

    must_agree(status, target);
    must_agree(status, user);
    must_agree(status, blob);
    SspiLocalFree((PVOID)(uintptr_t)target);
    SspiLocalFree((PVOID)(uintptr_t)user);
    SspiLocalFree(blob);
    return status;
}

static SECURITY_STATUS find_host(void)
{
    WCHAR *host;
    SECURITY_STATUS status = SspiGetTargetHostName(u"HTTP/www", &host);

    must_agree(status, host);
    SspiLocalFree(host);
    return status;
}

static CredHandle handle;

static SECURITY_STATUS acquire(WCHAR *principal, ULONG use, void *auth_data)
{
    return AcquireCredentialsHandleW(principal, (WCHAR[]){u"Negotiate"}, use, NULL, auth_data,
                                     NULL, NULL, &handle, NULL);
}

static SECURITY_STATUS acquire_and_ask(void)
{
    SECURITY_STATUS status = acquire(NULL, SECPKG_CRED_BOTH, &alice);
    SecPkgCredentials_NamesW names = {.sUserName = NULL};

    if (status != SEC_E_OK)
        return status;
    status = QueryCredentialsAttributesW(&handle, SECPKG_CRED_ATTR_NAMES, &names);
    must_agree(status, names.sUserName);
    FreeContextBuffer(names.sUserName);
    FreeCredentialsHandle(&handle);
    return status;
}

static SECURITY_STATUS acquire_and_add(void)
{
    SECURITY_STATUS status = acquire((WCHAR[]){u"alice@CORP"}, SECPKG_CRED_OUTBOUND, NULL);

    if (status != SEC_E_OK)
        return status;
    status = AddCredentialsA(&handle, (char[]){"HTTP/server"}, (char[]){"Negotiate"},
                             SECPKG_CRED_INBOUND, &alice, NULL, NULL, NULL);
    FreeCredentialsHandle(&handle);
    return status;
}

START_TEST(identities_say_that_memory_ended)
{
    run_out(read_identity);
    run_out(name_identity);
    run_out(encode_and_decode);
    run_out(marshal);
    run_out(exclude);
    run_out(compare);
    run_out(prepare);
    run_out(find_host);
}
END_TEST

START_TEST(credentials_say_that_memory_ended)
{
    fixture_accounts("CORP:alice:secret\n");
    keys_for_server("HTTP/server@HOME.TEST");
    run_out(acquire_and_ask);
    run_out(acquire_and_add);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi memory");
    TCase *cases = fixture_case("memory");

    tcase_add_test(cases, identities_say_that_memory_ended);
    tcase_add_test(cases, credentials_say_that_memory_ended);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
