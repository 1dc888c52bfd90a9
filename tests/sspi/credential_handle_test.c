/* SPDX-License-Identifier: MIT */
/* credential_handle_test.c - CredHandles in a caller's hands: acquired,
 * asked, added to, freed. */

#include "config.h"

#include <pthread.h>
#include <string.h>

#include "context_buffer.h"
#include "credential.h"
#include "sspi_fixture.h"
#include "sspi_keys.h"
#include "suite.h"
#include "timestamp.h"

#define ACCOUNTS "CORP:alice:secret\n:bob:hush\n"

static SEC_WINNT_AUTH_IDENTITY_A alice = {
    (UCHAR[]){"alice"},  5, (UCHAR[]){"CORP"},           4,
    (UCHAR[]){"secret"}, 6, SEC_WINNT_AUTH_IDENTITY_ANSI};
static SEC_WINNT_AUTH_IDENTITY_W bob = {
    (USHORT[]){'b', 'o', 'b'},      3, NULL, 0, (USHORT[]){'h', 'u', 's', 'h'}, 4,
    SEC_WINNT_AUTH_IDENTITY_UNICODE};

static SECURITY_STATUS acquire(const char *package, ULONG use, void *auth_data,
                               CredHandle *handle)
{
    return AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package, use, NULL, auth_data,
                                     NULL, NULL, handle, NULL);
}

static CredHandle acquired(const char *package, ULONG use, void *auth_data)
{
    CredHandle handle;

    ck_assert_int_eq(acquire(package, use, auth_data, &handle), SEC_E_OK);
    return handle;
}

static SECURITY_STATUS add(CredHandle *handle, const char *package, ULONG use, void *auth_data)
{
    return AddCredentialsA(handle, NULL, (char *)(uintptr_t)package, use, auth_data, NULL, NULL,
                           NULL);
}

static void is_let_go(CredHandle handle)
{
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
    ck_assert_uint_eq(handle_count(), 0);
    ck_assert_uint_eq(context_buffer_count(), 0);
}

static void is_called(CredHandle *handle, const char *narrow, const WCHAR *wide)
{
    SecPkgCredentials_NamesA a;
    SecPkgCredentials_NamesW w;
    size_t size = sizeof(*wide);

    while (wide[size / sizeof(*wide) - 1])
        size += sizeof(*wide);
    ck_assert_int_eq(QueryCredentialsAttributesA(handle, SECPKG_CRED_ATTR_NAMES, &a), SEC_E_OK);
    ck_assert_str_eq(a.sUserName, narrow);
    ck_assert_int_eq(FreeContextBuffer(a.sUserName), SEC_E_OK);
    ck_assert_int_eq(
        QueryCredentialsAttributesExW(handle, SECPKG_CRED_ATTR_NAMES, &w, sizeof(w)), SEC_E_OK);
    ck_assert_mem_eq(w.sUserName, wide, size);
    ck_assert_int_eq(FreeContextBuffer(w.sUserName), SEC_E_OK);
}

START_TEST(a_handle_is_acquired_and_freed)
{
    CredHandle handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &alice);

    ck_assert_uint_eq(handle_count(), 1);
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(FreeCredentialsHandle(NULL), SEC_E_INVALID_HANDLE);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

START_TEST(both_kinds_of_function_take_both_kinds_of_identity)
{
    CredHandle narrow, wide;
    TimeStamp expiry = {.QuadPart = 0};

    ck_assert_int_eq(AcquireCredentialsHandleW(NULL, (WCHAR[]){u"nTLM"}, SECPKG_CRED_OUTBOUND,
                                               NULL, &alice, NULL, NULL, &wide, &expiry),
                     SEC_E_OK);
    is_called(&wide, "CORP\\alice", u"CORP\\alice");
    ck_assert_int_eq(expiry.QuadPart, TIMESTAMP_NEVER);
    ck_assert_int_eq(FreeCredentialsHandle(&wide), SEC_E_OK);
    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, (char[]){"ntlm"}, SECPKG_CRED_OUTBOUND,
                                               NULL, &bob, NULL, NULL, &narrow, NULL),
                     SEC_E_OK);
    is_called(&narrow, "bob", u"bob");
    is_let_go(narrow);
}
END_TEST

START_TEST(a_principal_is_named_in_both_kinds)
{
    CredHandle handle;

    fixture_accounts("CORP:alice:secret\nCORP:j\xc3\xbcrgen:hush\n");
    ck_assert_int_eq(AcquireCredentialsHandleW((WCHAR[]){u"CORP\\j\u00fcrgen"},
                                               (WCHAR[]){u"NTLM"}, SECPKG_CRED_OUTBOUND, NULL,
                                               NULL, NULL, NULL, &handle, NULL),
                     SEC_E_OK);
    is_called(&handle, "CORP\\j\xc3\xbcrgen", u"CORP\\j\u00fcrgen");
    is_let_go(handle);
    ck_assert_int_eq(AcquireCredentialsHandleA((char[]){"CORP\\j\xc3\xbcrgen"},
                                               (char[]){"NTLM"}, SECPKG_CRED_OUTBOUND, NULL,
                                               NULL, NULL, NULL, &handle, NULL),
                     SEC_E_OK);
    is_called(&handle, "CORP\\j\xc3\xbcrgen", u"CORP\\j\u00fcrgen");
    is_let_go(handle);
}
END_TEST

START_TEST(what_cannot_be_acquired_leaves_no_handle)
{
    static const WCHAR unpaired[] = {0xd800, 0};
    SEC_WINNT_AUTH_IDENTITY_A broken = alice, malformed = alice;
    CredHandle handle;

    broken.User = NULL;
    malformed.User = (UCHAR[]){"alic\xff"};
    ck_assert_int_eq(acquire("Schannel", SECPKG_CRED_OUTBOUND, NULL, &handle),
                     SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(acquire(NULL, SECPKG_CRED_OUTBOUND, NULL, &handle),
                     SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(acquire("NTLM", 0, NULL, &handle), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_OUTBOUND, NULL, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_OUTBOUND, &broken, &handle),
                     SEC_E_UNKNOWN_CREDENTIALS);
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_OUTBOUND, &malformed, &handle),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_OUTBOUND | SECPKG_CRED_PROCESS_POLICY_ONLY,
                             &alice, &handle),
                     SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(AcquireCredentialsHandleW((WCHAR *)(uintptr_t)unpaired, (WCHAR[]){u"NTLM"},
                                               SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                               &handle, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(AcquireCredentialsHandleA((char[]){"\xff"}, (char[]){"NTLM"},
                                               SECPKG_CRED_OUTBOUND, NULL, NULL, NULL, NULL,
                                               &handle, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_uint_eq(handle_count(), 0);
}
END_TEST

START_TEST(a_user_that_is_no_name_is_unknown_when_it_is_used)
{
    SEC_WINNT_AUTH_IDENTITY_A odd = alice;
    struct credential *credential;
    CredHandle handle;

    odd.User = (UCHAR[]){"a\\b\\c"};
    handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &odd);
    credential = credential_get(&handle);
    ck_assert_int_eq(credential->initiator_status, SEC_E_UNKNOWN_CREDENTIALS);
    object_release(&credential->object);
    is_let_go(handle);
}
END_TEST

/* The first call of a client; its context does not outlive it. */
static SECURITY_STATUS use(CredHandle *handle)
{
    char token[4096];
    SecBuffer buffer = {sizeof(token), SECBUFFER_TOKEN, token};
    SecBufferDesc output = {SECBUFFER_VERSION, 1, &buffer};
    CtxtHandle context;
    ULONG attributes;
    SECURITY_STATUS status = InitializeSecurityContextA(handle, NULL, (char[]){"HTTP/server"},
                                                        0, 0, SECURITY_NATIVE_DREP, NULL, 0,
                                                        &context, &output, &attributes, NULL);

    if (!FAILED(status))
        ck_assert_int_eq(DeleteSecurityContext(&context), SEC_E_OK);
    return status;
}

START_TEST(acquiring_may_succeed_and_using_say_that_nothing_is_there)
{
    static const char *const packages[] = {"Negotiate", "NTLM", "Kerberos"};

    for (size_t i = 0; i < 3; i++) {
        CredHandle handle = acquired(packages[i], SECPKG_CRED_OUTBOUND, NULL);
        ck_assert_int_eq(use(&handle), SEC_E_NO_CREDENTIALS);
        is_let_go(handle);
    }
}
END_TEST

START_TEST(the_name_is_that_of_the_one_who_logs_in)
{
    CredHandle handle = acquired("Negotiate", SECPKG_CRED_OUTBOUND, &alice);

    is_called(&handle, "CORP\\alice", u"CORP\\alice");
    is_let_go(handle);
    fixture_accounts(ACCOUNTS);
    handle = acquired("NTLM", SECPKG_CRED_BOTH, NULL);
    is_called(&handle, "CORP\\alice", u"CORP\\alice");
    is_let_go(handle);
    handle = acquired("NTLM", SECPKG_CRED_BOTH, &bob);
    is_called(&handle, "bob", u"bob");
    is_let_go(handle);
}
END_TEST

START_TEST(the_name_of_an_acceptor_is_the_service)
{
    CredHandle handle;

    fixture_accounts(ACCOUNTS);
    ck_assert_int_eq(AcquireCredentialsHandleA((char[]){"HTTP/server"}, (char[]){"NTLM"},
                                               SECPKG_CRED_INBOUND, NULL, NULL, NULL, NULL,
                                               &handle, NULL),
                     SEC_E_OK);
    is_called(&handle, "HTTP@server", u"HTTP@server");
    is_let_go(handle);
    keys_for_server("HTTP/server@HOME.TEST");
    handle = acquired("Kerberos", SECPKG_CRED_INBOUND, NULL);
    is_called(&handle, "HTTP/server@HOME.TEST", u"HTTP/server@HOME.TEST");
    is_let_go(handle);
}
END_TEST

START_TEST(nobody_has_no_name)
{
    SecPkgCredentials_NamesA names = {.sUserName = NULL};
    CredHandle handle = acquired("Negotiate", SECPKG_CRED_BOTH, NULL);

    ck_assert_int_eq(QueryCredentialsAttributesA(&handle, SECPKG_CRED_ATTR_NAMES, &names),
                     SEC_E_NO_CREDENTIALS);
    ck_assert_ptr_null(names.sUserName);
    is_let_go(handle);
}
END_TEST

START_TEST(only_names_are_an_attribute)
{
    SecPkgCredentials_NamesA names;
    CredHandle handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &alice), dead = handle;

    for (ULONG id = 0; id < 10; id++)
        if (id != SECPKG_CRED_ATTR_NAMES) {
            ck_assert_int_eq(QueryCredentialsAttributesA(&handle, id, &names),
                             SEC_E_UNSUPPORTED_FUNCTION);
            ck_assert_int_eq(QueryCredentialsAttributesW(&handle, id, &names),
                             SEC_E_UNSUPPORTED_FUNCTION);
        }
    ck_assert_int_eq(QueryCredentialsAttributesA(&handle, SECPKG_CRED_ATTR_NAMES, NULL),
                     SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(QueryCredentialsAttributesExA(&handle, SECPKG_CRED_ATTR_NAMES, &names,
                                                   sizeof(names) - 1),
                     SEC_E_BUFFER_TOO_SMALL);
    is_let_go(handle);
    ck_assert_int_eq(QueryCredentialsAttributesA(&dead, SECPKG_CRED_ATTR_NAMES, &names),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(QueryCredentialsAttributesW(NULL, SECPKG_CRED_ATTR_NAMES, &names),
                     SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(nothing_can_be_set)
{
    CredHandle handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &alice), dead = handle;
    ULONG value = 0;

    ck_assert_int_eq(SetCredentialsAttributesA(&handle, SECPKG_CRED_ATTR_KDC_PROXY_SETTINGS,
                                               &value, sizeof(value)),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(
        SetCredentialsAttributesW(&handle, SECPKG_CRED_ATTR_NAMES, &value, sizeof(value)),
        SEC_E_UNSUPPORTED_FUNCTION);
    is_let_go(handle);
    ck_assert_int_eq(SetCredentialsAttributesA(&dead, SECPKG_CRED_ATTR_CERT, &value, 4),
                     SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(SetCredentialsAttributesW(NULL, SECPKG_CRED_ATTR_CERT, &value, 4),
                     SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(passwords_are_not_changed_here)
{
    ck_assert_int_eq(ChangeAccountPasswordA((char[]){"NTLM"}, (char[]){"CORP"},
                                            (char[]){"alice"}, (char[]){"old"}, (char[]){"new"},
                                            FALSE, 0, NULL),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(ChangeAccountPasswordW((WCHAR[]){u"NTLM"}, (WCHAR[]){u"CORP"},
                                            (WCHAR[]){u"alice"}, (WCHAR[]){u"old"},
                                            (WCHAR[]){u"new"}, FALSE, 0, NULL),
                     SEC_E_UNSUPPORTED_FUNCTION);
}
END_TEST

static void has_sides(CredHandle *handle, bool initiator, bool acceptor)
{
    struct credential *credential = credential_get(handle);

    ck_assert_ptr_nonnull(credential);
    ck_assert_int_eq(credential->initiator_status == SEC_E_OK, initiator);
    ck_assert_int_eq(credential->acceptor_status == SEC_E_OK, acceptor);
    ck_assert_uint_eq((credential->use & SECPKG_CRED_OUTBOUND) != 0, initiator);
    ck_assert_uint_eq((credential->use & SECPKG_CRED_INBOUND) != 0, acceptor);
    object_release(&credential->object);
}

START_TEST(a_side_that_was_not_there_is_added)
{
    CredHandle handle;
    TimeStamp expiry = {.QuadPart = 0};

    fixture_accounts(ACCOUNTS);
    handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &bob);
    has_sides(&handle, true, false);
    ck_assert_int_eq(add(&handle, "NTLM", SECPKG_CRED_INBOUND, NULL), SEC_E_OK);
    has_sides(&handle, true, true);
    is_called(&handle, "bob", u"bob");
    ck_assert_int_eq(use(&handle), SEC_I_CONTINUE_NEEDED);
    is_let_go(handle);

    handle = acquired("Negotiate", SECPKG_CRED_INBOUND, NULL);
    ck_assert_int_eq(AddCredentialsW(&handle, NULL, (WCHAR[]){u"Negotiate"},
                                     SECPKG_CRED_OUTBOUND, &alice, NULL, NULL, &expiry),
                     SEC_E_OK);
    has_sides(&handle, true, true);
    is_called(&handle, "CORP\\alice", u"CORP\\alice");
    ck_assert_int_eq(use(&handle), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(expiry.QuadPart, TIMESTAMP_NEVER);
    is_let_go(handle);
}
END_TEST

START_TEST(a_side_that_had_nothing_is_filled)
{
    CredHandle handle = acquired("Negotiate", SECPKG_CRED_OUTBOUND, NULL);

    ck_assert_int_eq(use(&handle), SEC_E_NO_CREDENTIALS);
    ck_assert_int_eq(add(&handle, "Negotiate", SECPKG_CRED_OUTBOUND, &alice), SEC_E_OK);
    ck_assert_int_eq(use(&handle), SEC_I_CONTINUE_NEEDED);
    is_let_go(handle);
}
END_TEST

START_TEST(what_is_there_is_not_added_again)
{
    CredHandle handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &alice), dead = handle;

    ck_assert_int_eq(add(&handle, "NTLM", SECPKG_CRED_OUTBOUND, &bob),
                     SEC_E_UNSUPPORTED_FUNCTION);
    is_called(&handle, "CORP\\alice", u"CORP\\alice");
    ck_assert_int_eq(add(&handle, "Kerberos", SECPKG_CRED_INBOUND, NULL),
                     SEC_E_UNSUPPORTED_FUNCTION);
    ck_assert_int_eq(add(&handle, "Schannel", SECPKG_CRED_INBOUND, NULL),
                     SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(add(&handle, "NTLM", 0, NULL), SEC_E_INVALID_PARAMETER);
    is_let_go(handle);
    ck_assert_int_eq(add(&dead, "NTLM", SECPKG_CRED_INBOUND, NULL), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(add(NULL, "NTLM", SECPKG_CRED_INBOUND, NULL), SEC_E_INVALID_HANDLE);
}
END_TEST

/* Who had it before goes on with what it had. */
START_TEST(adding_leaves_those_alone_who_use_it)
{
    CredHandle handle;
    struct credential *before;

    fixture_accounts(ACCOUNTS);
    handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &bob);
    before = credential_get(&handle);
    ck_assert_int_eq(add(&handle, "NTLM", SECPKG_CRED_INBOUND, NULL), SEC_E_OK);
    ck_assert_int_eq(before->acceptor_status, SEC_E_NO_CREDENTIALS);
    is_let_go(handle);
    ck_assert_pstr_eq(
        fixture_log_in(before->initiator, GSS_C_NO_CREDENTIAL, before->package->mech), "bob");
    object_release(&before->object);
}
END_TEST

START_TEST(a_freed_credential_lives_as_long_as_it_is_used)
{
    CredHandle handle = acquired("NTLM", SECPKG_CRED_OUTBOUND, &bob);
    struct credential *credential = credential_get(&handle);

    fixture_accounts(ACCOUNTS);
    is_let_go(handle);
    ck_assert_ptr_null(credential_get(&handle));
    ck_assert_pstr_eq(
        fixture_log_in(credential->initiator, GSS_C_NO_CREDENTIAL, credential->package->mech),
        "bob");
    object_release(&credential->object);
}
END_TEST

#define THREADS 4
#define ROUNDS 25

/* What goes wrong here goes wrong in a sanitizer: no assertion may be made in
 * another thread. */
static void *ask_add_and_use(void *argument)
{
    CredHandle *shared = argument, own;
    SecPkgCredentials_NamesA names;
    size_t count = 0; /* of failures, and of additions */

    for (int i = 0; i < ROUNDS; i++) {
        count +=
            QueryCredentialsAttributesA(shared, SECPKG_CRED_ATTR_NAMES, &names) != SEC_E_OK;
        count += FreeContextBuffer(names.sUserName) != SEC_E_OK;
        count += acquire("NTLM", SECPKG_CRED_OUTBOUND, &bob, &own) != SEC_E_OK;
        count += FreeCredentialsHandle(&own) != SEC_E_OK;
        count += add(shared, "NTLM", SECPKG_CRED_INBOUND, NULL) == SEC_E_OK;
    }
    return (void *)count;
}

START_TEST(many_threads_may_use_a_credential_at_once)
{
    pthread_t threads[THREADS];
    CredHandle shared;
    size_t count = 0;

    fixture_accounts(ACCOUNTS);
    shared = acquired("NTLM", SECPKG_CRED_OUTBOUND, &alice);
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_add_and_use, &shared), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *result;
        ck_assert_int_eq(pthread_join(threads[i], &result), 0);
        count += (size_t)result;
    }
    ck_assert_uint_eq(count, 1); /* one of all threads, once */
    has_sides(&shared, true, true);
    is_let_go(shared);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi credential handle");
    TCase *cases = fixture_case("credential handle");

    tcase_add_test(cases, a_handle_is_acquired_and_freed);
    tcase_add_test(cases, both_kinds_of_function_take_both_kinds_of_identity);
    tcase_add_test(cases, a_principal_is_named_in_both_kinds);
    tcase_add_test(cases, what_cannot_be_acquired_leaves_no_handle);
    tcase_add_test(cases, a_user_that_is_no_name_is_unknown_when_it_is_used);
    tcase_add_test(cases, acquiring_may_succeed_and_using_say_that_nothing_is_there);
    tcase_add_test(cases, the_name_is_that_of_the_one_who_logs_in);
    tcase_add_test(cases, the_name_of_an_acceptor_is_the_service);
    tcase_add_test(cases, nobody_has_no_name);
    tcase_add_test(cases, only_names_are_an_attribute);
    tcase_add_test(cases, nothing_can_be_set);
    tcase_add_test(cases, passwords_are_not_changed_here);
    tcase_add_test(cases, a_side_that_was_not_there_is_added);
    tcase_add_test(cases, a_side_that_had_nothing_is_filled);
    tcase_add_test(cases, what_is_there_is_not_added_again);
    tcase_add_test(cases, adding_leaves_those_alone_who_use_it);
    tcase_add_test(cases, a_freed_credential_lives_as_long_as_it_is_used);
    tcase_add_test(cases, many_threads_may_use_a_credential_at_once);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
