/* SPDX-License-Identifier: MIT */
/* outputs_test.c - what calls that fail leave in their output parameters: no attributes,
 * an expiry long ago, no pointer and no length, whatever was there before. What is the
 * caller's own stays: what is in a handle's place, and buffers of the caller's memory. */

#include "config.h"

#include <secext.h>

#include "context.h"
#include "context_buffer.h"
#include "gss_answers.h"
#include "handle.h"
#include "shortage.h"
#include "sspi_contexts.h"
#include "sspi_outputs.h"
#include "suite.h"

static char ntlm[] = "NTLM", nowhere[] = "Mistletoe";
static WCHAR nowhere_w[] = u"Mistletoe", target[] = u"HTTP/www";
static CredHandle outbound, inbound;
static CtxtHandle none, half, dead;
static struct contexts contexts;
static BYTE no_token[64] = "no token at all";
static SecBuffer rubbish = {16, SECBUFFER_TOKEN, no_token};
static SecBufferDesc input = {SECBUFFER_VERSION, 1, &rubbish};
static SecBufferDesc output = {SECBUFFER_VERSION, 1, &o.token};
static SEC_WINNT_AUTH_IDENTITY_A alice = {
    (UCHAR[]){"alice"},  5, (UCHAR[]){"CORP"},           4,
    (UCHAR[]){"secret"}, 6, SEC_WINNT_AUTH_IDENTITY_ANSI};
/* Encrypted: not to be read here. */
static SEC_WINNT_AUTH_IDENTITY_EXA encrypted = {
    .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
    .Length = sizeof(encrypted),
    .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI | SEC_WINNT_AUTH_IDENTITY_FLAGS_PROCESS_ENCRYPTED};

static SECURITY_STATUS acquire(const char *package, ULONG use, void *identity)
{
    return AcquireCredentialsHandleA(NULL, (SEC_CHAR *)(uintptr_t)package, use, NULL, identity,
                                     NULL, NULL, &o.handle, &o.expiry);
}

#define ISC(credential, context, target, flags)                                                \
    InitializeSecurityContextA(credential, context, target, flags, 0, 0, &input, 0, &o.handle, \
                               &output, &o.attributes, &o.expiry)
#define ASC(credential, context, flags)                                                        \
    AcceptSecurityContext(credential, context, &input, flags, 0, &o.handle, &output,           \
                          &o.attributes, &o.expiry)

/* A context of which there is one token, and no answer yet. */
static CtxtHandle begin_context(void)
{
    outputs_poison();
    ck_assert_int_eq(InitializeSecurityContextA(&outbound, NULL, NULL, ISC_REQ_ALLOCATE_MEMORY,
                                                0, 0, NULL, 0, &o.handle, &output,
                                                &o.attributes, NULL),
                     SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(FreeContextBuffer(o.token.pvBuffer), SEC_E_OK);
    return o.handle;
}

static void begin_module(void)
{
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL);
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_OUTBOUND, &alice), SEC_E_OK);
    outbound = o.handle;
    ck_assert_int_eq(acquire("NTLM", SECPKG_CRED_INBOUND, NULL), SEC_E_OK);
    inbound = o.handle;
    half = begin_context();
    dead = begin_context();
    ck_assert_int_eq(ISC(NULL, &dead, NULL, 0), SEC_E_INVALID_TOKEN);
}

static void end_module(void)
{
    DeleteSecurityContext(&half);
    DeleteSecurityContext(&dead);
    FreeCredentialsHandle(&outbound);
    FreeCredentialsHandle(&inbound);
    contexts_end(&contexts);
    ck_assert_uint_eq(context_buffer_count(), 0);
    ck_assert_uint_eq(handle_count(), 0);
}

START_TEST(credentials)
{
    FAILS(SEC_E_SECPKG_NOT_FOUND, "expiry", acquire(nowhere, 1, NULL));
    FAILS(SEC_E_INVALID_PARAMETER, "expiry", acquire("NTLM", 0, NULL));
    FAILS(SEC_E_UNKNOWN_CREDENTIALS, "expiry", acquire(ntlm, 2, &encrypted));
    FAILS(SEC_E_NO_CREDENTIALS, "expiry",
          acquire("NTLM", 2 | SECPKG_CRED_PROCESS_POLICY_ONLY, &alice));
    FAILS(SEC_E_SECPKG_NOT_FOUND, "expiry",
          AcquireCredentialsHandleW(NULL, nowhere_w, 1, NULL, NULL, NULL, NULL, &o.handle,
                                    &o.expiry));
    FAILS(SEC_E_INVALID_PARAMETER, "expiry",
          AcquireCredentialsHandleA(NULL, ntlm, 1, NULL, NULL, NULL, NULL, NULL, &o.expiry));
    FAILS(SEC_E_INVALID_HANDLE, "expiry",
          AddCredentialsA(&none, NULL, ntlm, 1, NULL, NULL, NULL, &o.expiry));
    FAILS(SEC_E_UNSUPPORTED_FUNCTION, "expiry",
          AddCredentialsA(&outbound, NULL, ntlm, 2, &alice, NULL, NULL, &o.expiry));
    FAILS(SEC_E_SECPKG_NOT_FOUND, "expiry",
          AddCredentialsW(&outbound, NULL, nowhere_w, 1, NULL, NULL, NULL, &o.expiry));
    FAILS(SEC_E_INVALID_HANDLE, "pointer",
          QueryCredentialsAttributesA(&none, SECPKG_CRED_ATTR_NAMES, &o.pointer));
    FAILS(SEC_E_INVALID_HANDLE, "pointer",
          QueryCredentialsAttributesExW(&none, SECPKG_CRED_ATTR_NAMES, &o.pointer,
                                        sizeof(o.pointer)));
    FAILS(SEC_E_BUFFER_TOO_SMALL, "",
          QueryCredentialsAttributesExW(&outbound, SECPKG_CRED_ATTR_NAMES, &o.pointer, 1));
    FAILS(SEC_E_UNSUPPORTED_FUNCTION, "", QueryCredentialsAttributesW(&outbound, 77, &o.info));
}
END_TEST

/* What is in the place of a handle stays as it is: no handle. */
START_TEST(a_failure_makes_no_handle)
{
    CtxtHandle begun = begin_context();

    ck_assert_int_eq(DeleteSecurityContext(&begun), SEC_E_OK);
    o.handle = begun;
    ck_assert_int_eq(ISC(&outbound, NULL, NULL, 0), SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(DeleteSecurityContext(&o.handle), SEC_E_INVALID_HANDLE);
    ck_assert_int_eq(acquire(ntlm, SECPKG_CRED_OUTBOUND, &alice), SEC_E_OK);
    ck_assert_int_eq(FreeCredentialsHandle(&o.handle), SEC_E_OK);
    ck_assert_int_eq(acquire(nowhere, SECPKG_CRED_OUTBOUND, &alice), SEC_E_SECPKG_NOT_FOUND);
    ck_assert_int_eq(FreeCredentialsHandle(&o.handle), SEC_E_INVALID_HANDLE);
}
END_TEST

START_TEST(establishing_a_context)
{
    const ULONG memory = ISC_REQ_ALLOCATE_MEMORY; /* ASC_REQ_ALLOCATE_MEMORY as well */
    WCHAR one[] = {'H', 0}, high[] = {0xd800, 'x', 0};

    FAILS(SEC_E_INVALID_HANDLE, "attributes expiry", ISC(&none, NULL, NULL, 0));
    FAILS(SEC_E_INVALID_HANDLE, "token attributes expiry", ISC(&none, NULL, NULL, memory));
    FAILS(SEC_E_INVALID_PARAMETER, "token attributes expiry",
          ISC(&outbound, NULL, (char[]){"\xff\xff"}, memory));
    FAILS(SEC_E_INVALID_PARAMETER, "token attributes expiry",
          InitializeSecurityContextW(&outbound, NULL, one, memory, 0, 0, NULL, 0, &o.handle,
                                     &output, &o.attributes, &o.expiry));
    FAILS(SEC_E_INVALID_PARAMETER, "token attributes expiry",
          InitializeSecurityContextW(&outbound, NULL, high, memory, 0, 0, NULL, 0, &o.handle,
                                     &output, &o.attributes, &o.expiry));
    FAILS(SEC_E_NO_CREDENTIALS, "token attributes expiry", ISC(&inbound, NULL, NULL, memory));
    FAILS(SEC_E_INVALID_TOKEN, "token attributes expiry", ISC(&outbound, NULL, NULL, memory));
    FAILS(SEC_E_INVALID_HANDLE, "token attributes expiry", ASC(&none, NULL, memory));
    FAILS(SEC_E_INVALID_TOKEN, "token attributes expiry", ASC(&inbound, NULL, memory));
    FAILS(SEC_E_INVALID_TOKEN, "attributes expiry", ASC(&inbound, NULL, 0));
}
END_TEST

/* The handle is still the caller's to delete. */
START_TEST(going_on_with_a_context)
{
    const ULONG memory = ISC_REQ_ALLOCATE_MEMORY;
    CtxtHandle begun = begin_context(), same = begun;

    FAILS(SEC_E_INVALID_HANDLE, "token attributes expiry", ISC(NULL, &none, NULL, memory));
    FAILS(SEC_E_INVALID_HANDLE, "token attributes expiry", ISC(NULL, &dead, NULL, memory));
    FAILS(SEC_E_INVALID_HANDLE, "token attributes expiry", ASC(NULL, &half, memory));
    FAILS(SEC_E_INVALID_TOKEN, "token attributes expiry", ISC(NULL, &begun, NULL, memory));
    ck_assert_mem_eq(&begun, &same, sizeof(same));
    ck_assert_int_eq(DeleteSecurityContext(&begun), SEC_E_OK);
    begun = begin_context();
    FAILS(SEC_E_INVALID_TOKEN, "attributes expiry",
          InitializeSecurityContextA(NULL, &begun, NULL, 0, 0, 0, &input, 0, &begun, &output,
                                     &o.attributes, &o.expiry));
    ck_assert_int_eq(DeleteSecurityContext(&begun), SEC_E_OK);
}
END_TEST

#define QUERY(handle, attribute) QueryContextAttributesA(handle, attribute, &o.info)

/* Each row as large as it is: what lies behind it stays. Of NEGOTIATION_INFO only the
 * pointer: a NegotiationState of 0 is SECPKG_NEGOTIATION_COMPLETE. */
static const struct {
    ULONG attribute;
    size_t size, emptied;
} rows[] = {
#define WHOLE(id, type)                                                                        \
    {                                                                                          \
        SECPKG_ATTR_##id, sizeof(SecPkgContext_##type), sizeof(SecPkgContext_##type)           \
    }
    WHOLE(SIZES, Sizes),
    WHOLE(NAMES, NamesA),
    WHOLE(LIFESPAN, Lifespan),
    WHOLE(DCE_INFO, DceInfo),
    WHOLE(KEY_INFO, KeyInfoA),
    WHOLE(SESSION_KEY, SessionKey),
    WHOLE(PACKAGE_INFO, PackageInfoA),
    {SECPKG_ATTR_NEGOTIATION_INFO, sizeof(SecPkgContext_NegotiationInfoA),
     sizeof(PSecPkgInfoA)},
    WHOLE(NATIVE_NAMES, NativeNamesA),
    WHOLE(FLAGS, Flags),
    WHOLE(CLIENT_SPECIFIED_TARGET, ClientSpecifiedTarget),
    {SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, sizeof(SecPkgContext_LastClientTokenStatus), 0},
    {SECPKG_ATTR_STREAM_SIZES, sizeof(SecPkgContext_StreamSizes), 0}, /* nobody has it */
};

static void asks(CtxtHandle *handle, int row)
{
    char zeros[sizeof(o.info)] = "";
    size_t emptied = rows[row].emptied;

    outputs_poison();
    ck_assert_int_ne(QUERY(handle, rows[row].attribute), SEC_E_OK);
    ck_assert_mem_eq(&o.info, zeros, emptied);
    ck_assert_mem_eq((char *)&o.info + emptied, (char *)&outputs_before.info + emptied,
                     sizeof(o.info) - emptied);
}

START_TEST(asking_about_a_context)
{
    asks(&none, _i);
    asks(&dead, _i);
    outputs_poison();
    ck_assert_int_ne(
        QueryContextAttributesExW(&none, rows[_i].attribute, &o.info, (ULONG)rows[_i].size - 1),
        SEC_E_OK);
    ck_assert_mem_eq(&o.info, &outputs_before.info, sizeof(o.info));
}
END_TEST

START_TEST(asking_about_a_context_of_which_gssapi_tells_nothing)
{
    static const struct gss_answer answers[GSS_ANSWERS] = {
        {"gss_display_name", 1, GSS_S_FAILURE, 0, NULL}};

    asks(&half, 1);
    asks(&half, 4);
    gss_answers_arm(answers);
    asks(&contexts.server, 1);
    ck_assert(gss_answers_disarm());
    gss_answers_arm(answers);
    asks(&contexts.server, 8);
    ck_assert(gss_answers_disarm());
    FAILS(SEC_E_INVALID_HANDLE, "pointer", QuerySecurityContextToken(&none, &o.pointer));
    FAILS(SEC_E_UNSUPPORTED_FUNCTION, "pointer",
          QuerySecurityContextToken(&contexts.server, &o.pointer));
}
END_TEST

START_TEST(names_of_a_context_that_has_expired)
{
    static const struct gss_answer answers[GSS_ANSWERS] = {
        {"gss_context_time", 1, GSS_S_CONTEXT_EXPIRED, 0, NULL}};
    struct object *object = handle_get(&contexts.server, HANDLE_CONTEXT);
    gss_name_t client = (gss_name_t)&o, server = (gss_name_t)&o;

    gss_answers_arm(answers);
    ck_assert_int_eq(context_names((struct context *)object, &client, &server),
                     SEC_E_CONTEXT_EXPIRED);
    ck_assert(gss_answers_disarm());
    ck_assert_ptr_eq(client, GSS_C_NO_NAME);
    ck_assert_ptr_eq(server, GSS_C_NO_NAME);
    object_release(object);
}
END_TEST

START_TEST(packages)
{
    FAILS(SEC_E_SECPKG_NOT_FOUND, "", /* as on Windows */
          QuerySecurityPackageInfoA(nowhere, (PSecPkgInfoA *)&o.pointer));
    FAILS(SEC_E_SECPKG_NOT_FOUND, "", /* as on Windows */
          QuerySecurityPackageInfoW(nowhere_w, (PSecPkgInfoW *)&o.pointer));
    FAILS(SEC_E_SECPKG_NOT_FOUND, "", /* as on Windows */
          QuerySecurityPackageInfoA(NULL, (PSecPkgInfoA *)&o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "count", EnumerateSecurityPackagesA(&o.count, NULL));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer",
          EnumerateSecurityPackagesW(NULL, (PSecPkgInfoW *)&o.pointer));
}
END_TEST

START_TEST(moving_a_context)
{
    FAILS(SEC_E_INVALID_HANDLE, "token pointer",
          ExportSecurityContext(&none, 0, &o.token, &o.pointer));
    FAILS(SEC_E_INVALID_HANDLE, "token pointer",
          ExportSecurityContext(&half, 0, &o.token, &o.pointer));
    FAILS(SEC_E_UNSUPPORTED_FUNCTION, "token pointer",
          ExportSecurityContext(&contexts.client, SECPKG_CONTEXT_EXPORT_TO_KERNEL, &o.token,
                                &o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer",
          ExportSecurityContext(&contexts.client, 0, NULL, &o.pointer));
    FAILS(SEC_E_INVALID_TOKEN, "", ImportSecurityContextA(ntlm, &rubbish, NULL, &o.handle));
    FAILS(SEC_E_SECPKG_NOT_FOUND, "",
          ImportSecurityContextW(nowhere_w, &rubbish, NULL, &o.handle));
    FAILS(SEC_E_INVALID_PARAMETER, "", ImportSecurityContextA(ntlm, NULL, NULL, &o.handle));
}
END_TEST

/* The caller's memory stays the caller's, with its size; so does what says how a message was
 * protected. */
START_TEST(messages)
{
    SecBuffer buffers[] = {{16, SECBUFFER_TOKEN, no_token}, {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    const SecBuffer as_before[] = {buffers[0], buffers[1]};
    CtxtHandle *const handles[] = {&none, &half, &contexts.client};

    for (int i = 0; i < 3; i++) {
        const SECURITY_STATUS status = i < 2 ? SEC_E_INVALID_HANDLE : SEC_E_MESSAGE_ALTERED;

        FAILS(status, "", VerifySignature(handles[i], &message, 0, &o.count));
        FAILS(status, "", DecryptMessage(handles[i], &message, 0, &o.count));
        ck_assert_mem_eq(buffers, as_before, sizeof(buffers));
    }
    buffers[0].cbBuffer = 3;
    FAILS(SEC_E_BUFFER_TOO_SMALL, "", MakeSignature(&contexts.client, 0, &message, 0));
    FAILS(SEC_E_BUFFER_TOO_SMALL, "", EncryptMessage(&contexts.client, 0, &message, 0));
    ck_assert_uint_eq(buffers[0].cbBuffer, 3);
    ck_assert_ptr_eq(buffers[0].pvBuffer, no_token);
}
END_TEST

#define STRING(output) ((PCWSTR *)(void *)&(output))

START_TEST(identities)
{
    FAILS(SEC_E_INVALID_TOKEN, "", /* as on Windows */
          SspiEncodeStringsAsAuthIdentity(NULL, NULL, NULL, &o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer",
          SspiEncodeStringsAsAuthIdentity(u"a", NULL, NULL, &o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer second third",
          SspiEncodeAuthIdentityAsStrings(&encrypted, STRING(o.pointer), STRING(o.second),
                                          STRING(o.third)));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer", SspiCopyAuthIdentity(NULL, &o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "user identity",
          SspiCompareAuthIdentities(&alice, NULL, &o.user, &o.identity));
    FAILS(SEC_E_INVALID_PARAMETER, "size pointer",
          SspiMarshalAuthIdentity(NULL, &o.size, (char **)&o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer",
          SspiMarshalAuthIdentity(&alice, NULL, (char **)&o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "size", SspiMarshalAuthIdentity(&alice, &o.size, NULL));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer",
          SspiUnmarshalAuthIdentity(sizeof(no_token), (char *)no_token, &o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer", SspiExcludePackage(&alice, NULL, &o.pointer));
    FAILS(SEC_E_INVALID_PARAMETER, "count pointer",
          SspiPrepareForCredRead(NULL, u"www", &o.count, STRING(o.pointer)));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer",
          SspiPrepareForCredRead(&alice, u"www", NULL, STRING(o.pointer)));
    FAILS(SEC_E_INVALID_PARAMETER, "count size pointer second third",
          SspiPrepareForCredWrite(NULL, u"www", &o.count, STRING(o.pointer), STRING(o.second),
                                  (PUCHAR *)&o.third, &o.size));
    FAILS(SEC_E_INVALID_PARAMETER, "count pointer second third",
          SspiPrepareForCredWrite(&alice, u"www", &o.count, STRING(o.pointer), STRING(o.second),
                                  (PUCHAR *)&o.third, NULL));
    FAILS(SEC_E_INVALID_PARAMETER, "pointer", SspiGetTargetHostName(NULL, (PWSTR *)&o.pointer));
}
END_TEST

/* Of a name of which nothing is known the buffer and its size stay the caller's. */
START_TEST(names)
{
    FAILS(FALSE, "", GetUserNameExA(NameUnknown, (LPSTR)&o.info, &o.count));
    FAILS(FALSE, "", GetUserNameExW(NameCanonical, (LPWSTR)&o.info, &o.count));
    FAILS(FALSE, "", GetComputerObjectNameA(NameUnknown, (LPSTR)&o.info, &o.count));
    FAILS(FALSE, "", TranslateNameA(NULL, NameUnknown, NameDisplay, (LPSTR)&o.info, &o.count));
    FAILS(FALSE, "",
          TranslateNameW(u"no such user", NameUnknown, NameDisplay, (LPWSTR)&o.info, &o.count));
}
END_TEST

static SECURITY_STATUS acquires(void)
{
    return acquire("NTLM", SECPKG_CRED_OUTBOUND, &alice);
}

static SECURITY_STATUS begins(void)
{
    return InitializeSecurityContextW(&outbound, NULL, target, ISC_REQ_ALLOCATE_MEMORY, 0, 0,
                                      NULL, 0, &o.handle, &output, &o.attributes, &o.expiry);
}

static SECURITY_STATUS enumerates(void)
{
    return EnumerateSecurityPackagesW(&o.count, (PSecPkgInfoW *)&o.pointer);
}

static SECURITY_STATUS marshals(void)
{
    return SspiMarshalAuthIdentity(&alice, &o.size, (char **)&o.pointer);
}

static SECURITY_STATUS encodes(void)
{
    return SspiEncodeAuthIdentityAsStrings(&alice, STRING(o.pointer), STRING(o.second),
                                           STRING(o.third));
}

static SECURITY_STATUS stores(void)
{
    return SspiPrepareForCredWrite(&alice, u"www", &o.count, STRING(o.pointer),
                                   STRING(o.second), (PUCHAR *)&o.third, &o.size);
}

static SECURITY_STATUS exports(void)
{
    return ExportSecurityContext(&contexts.client, 0, &o.token, &o.pointer);
}

static const struct shortage_row {
    SECURITY_STATUS (*call)(void);
    const char *emptied;
} shortages[] = {
    {acquires, "expiry"},
    {begins, "token attributes expiry"},
    {enumerates, "count pointer"},
    {marshals, "size pointer"},
    {encodes, "pointer second third"},
    {stores, "count size pointer second third"},
    {exports, "token pointer"},
};

START_TEST(memory_that_ends_leaves_nothing)
{
    const struct shortage_row *row = &shortages[_i];
    SECURITY_STATUS status;
    unsigned nth = 0;

    do {
        outputs_poison();
        allocations_left = ++nth;
        status = row->call();
        allocations_left = 0;
        if (status < 0)
            outputs_assert(row->emptied, status, SEC_E_INSUFFICIENT_MEMORY, row->emptied);
    } while (status < 0);
    ck_assert_uint_gt(nth, 1);
    if (row->call == acquires)
        ck_assert_int_eq(FreeCredentialsHandle(&o.handle), SEC_E_OK);
    if (row->call == begins)
        ck_assert_int_eq(DeleteSecurityContext(&o.handle), SEC_E_OK);
    FreeContextBuffer(o.token.pvBuffer); /* each of them, if it is one */
    FreeContextBuffer(o.pointer);
    FreeContextBuffer(o.second);
    FreeContextBuffer(o.third);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    const TTest *const tests[] = {
        credentials,
        a_failure_makes_no_handle,
        establishing_a_context,
        going_on_with_a_context,
        asking_about_a_context_of_which_gssapi_tells_nothing,
        names_of_a_context_that_has_expired,
        packages,
        moving_a_context,
        messages,
        identities,
        names,
    };
    Suite *suite = suite_create("sspi outputs");
    TCase *cases = tcase_create("outputs");

    contexts_begin(users);
    tcase_add_checked_fixture(cases, begin_module, end_module);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(cases, tests[i]);
    tcase_add_loop_test(cases, asking_about_a_context, 0, sizeof(rows) / sizeof(rows[0]));
    tcase_add_loop_test(cases, memory_that_ends_leaves_nothing, 0,
                        sizeof(shortages) / sizeof(shortages[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
