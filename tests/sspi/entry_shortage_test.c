/* SPDX-License-Identifier: MIT */
/* entry_shortage_test.c - the row of SEC_E_INSUFFICIENT_MEMORY for each entry point
 * that calls a mechanism, beside the two of a login (shortage_test.c): each allocation of
 * libsspi, of the modules and of what they call fails in turn. A call then either has its
 * result or says that memory ran out. */

#include "config.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "context_buffer.h"
#include "gss_answers.h"
#include "local_accounts.h"
#include "module_shortage.h"
#include "sspi_contexts.h"
#include "suite.h"

#ifdef SANITIZED
int main(void)
{
    puts("1..0 # SKIP a sanitizer has malloc");
    return 77;
}
#else

static struct contexts contexts;
static CredHandle credential;
static bool wrong_result; /* no operation may assert anything: that allocates, too */

/* Without Check's macros, as all operations. Each undoes what it did. */
static SECURITY_STATUS ask(CtxtHandle *context, ULONG attribute, bool wide)
{
    union {
        struct {
            void *first, *second;
        } pointers;
        SecPkgContext_KeyInfoW key_info;
        SecPkgContext_SessionKey key;
        SecPkgContext_DceInfo dce;
        char room[64];
    } answer;
    SECURITY_STATUS status;

    memset(&answer, 0, sizeof(answer));
    status = wide ? QueryContextAttributesExW(context, attribute, &answer, sizeof(answer))
                  : QueryContextAttributesExA(context, attribute, &answer, sizeof(answer));
    if (status != SEC_E_OK)
        return status;
    if (attribute == SECPKG_ATTR_SESSION_KEY) {
        FreeContextBuffer(answer.key.SessionKey);
    } else if (attribute == SECPKG_ATTR_DCE_INFO) {
        FreeContextBuffer(answer.dce.pPac);
    } else if (attribute != SECPKG_ATTR_SIZES) {
        FreeContextBuffer(answer.pointers.first);
        if (attribute == SECPKG_ATTR_NATIVE_NAMES || attribute == SECPKG_ATTR_KEY_INFO)
            FreeContextBuffer(answer.pointers.second);
    }
    return status;
}

static SECURITY_STATUS ask_all(CtxtHandle *context)
{
    static const ULONG attributes[] = {SECPKG_ATTR_NAMES,        SECPKG_ATTR_NATIVE_NAMES,
                                       SECPKG_ATTR_DCE_INFO,     SECPKG_ATTR_SESSION_KEY,
                                       SECPKG_ATTR_KEY_INFO,     SECPKG_ATTR_SIZES,
                                       SECPKG_ATTR_PACKAGE_INFO, SECPKG_ATTR_NEGOTIATION_INFO};
    SECURITY_STATUS status = SEC_E_OK;

    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++)
        for (int wide = 0; wide < 2 && status == SEC_E_OK; wide++)
            status = ask(context, attributes[i], wide);
    return status;
}

static SECURITY_STATUS query_client(void)
{
    return ask_all(&contexts.client);
}

static SECURITY_STATUS query_server(void)
{
    SECURITY_STATUS status = ask_all(&contexts.server);

    if (status == SEC_E_OK)
        status = ask(&contexts.server, SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, true);
    return status;
}

/* The signature's algorithm is not guessed where the module could not be asked. */
static SECURITY_STATUS query_key_info_without_extended_security(void)
{
    SecPkgContext_KeyInfoW info;
    SECURITY_STATUS status =
        QueryContextAttributesW(&contexts.client, SECPKG_ATTR_KEY_INFO, &info);

    if (status != SEC_E_OK)
        return status;
    wrong_result |= info.SignatureAlgorithm != 0xffffff7c;
    FreeContextBuffer(info.sSignatureAlgorithmName);
    FreeContextBuffer(info.sEncryptAlgorithmName);
    return status;
}

static SECURITY_STATUS protect(void)
{
    static char token[64], clear[16], data[32];
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(clear), SECBUFFER_DATA | SECBUFFER_READONLY, clear},
                           {sizeof(data), SECBUFFER_DATA, data}};
    SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
    SECURITY_STATUS status = EncryptMessage(&contexts.client, 0, &message, 0);

    if (status != SEC_E_OK)
        return status;
    status = DecryptMessage(&contexts.server, &message, 0, NULL);
    if (status == SEC_E_INSUFFICIENT_MEMORY) { /* it opens afterwards */
        module_allocations_left = 0;
        wrong_result |= DecryptMessage(&contexts.server, &message, 0, NULL) != SEC_E_OK;
    }
    return status;
}

/* By gss_wrap and gss_get_mic, as with a mechanism that has nothing else. */
static SECURITY_STATUS protect_by_copies(void)
{
    static const struct gss_answer lacking[][GSS_ANSWERS] = {
        {{"gss_wrap_iov_length", 1, GSS_S_UNAVAILABLE, 0, NULL},
         {"gss_unwrap_iov", 1, GSS_S_UNAVAILABLE, 0, NULL}},
        {{"gss_get_mic_iov_length", 1, GSS_S_UNAVAILABLE, 0, NULL},
         {"gss_verify_mic_iov", 1, GSS_S_UNAVAILABLE, 0, NULL}}};
    static char token[64], data[32];
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};
    SECURITY_STATUS status;

    gss_answers_arm(lacking[0]);
    status = EncryptMessage(&contexts.client, 0, &message, 0);
    if (status == SEC_E_OK)
        status = DecryptMessage(&contexts.server, &message, 0, NULL);
    if (status == SEC_E_OK) {
        gss_answers_arm(lacking[1]);
        buffers[0].cbBuffer = sizeof(token);
        status = MakeSignature(&contexts.client, 0, &message, 0);
    }
    if (status == SEC_E_OK)
        status = VerifySignature(&contexts.server, &message, 0, NULL);
    gss_answers_disarm();
    return status;
}

/* More buffers than are kept without memory of their own. */
static SECURITY_STATUS sign_many(void)
{
    static char token[64], data[32];
    SecBuffer buffers[32] = {{sizeof(token), SECBUFFER_TOKEN, token}};
    SecBufferDesc message = {SECBUFFER_VERSION, 32, buffers};
    SECURITY_STATUS status;

    for (size_t i = 1; i < sizeof(buffers) / sizeof(buffers[0]); i++)
        buffers[i] = (SecBuffer){1, SECBUFFER_DATA, &data[i]};
    status = MakeSignature(&contexts.client, 0, &message, 0);
    return status == SEC_E_OK ? VerifySignature(&contexts.server, &message, 0, NULL) : status;
}

static SECURITY_STATUS move(void)
{
    SecBuffer packed = {0, SECBUFFER_EMPTY, NULL};
    CtxtHandle moved;
    SECURITY_STATUS status = ExportSecurityContext(&contexts.server, 0, &packed, NULL);

    if (status != SEC_E_OK)
        return status;
    status = ImportSecurityContextA((char[]){"NTLM"}, &packed, NULL, &moved);
    if (status == SEC_E_OK)
        wrong_result |= DeleteSecurityContext(&moved) != SEC_E_OK;
    FreeContextBuffer(packed.pvBuffer);
    return status;
}

static SECURITY_STATUS impersonate(void)
{
    SECURITY_STATUS status = ImpersonateSecurityContext(&contexts.server);
    unsigned left = module_allocations_left;

    if (status != SEC_E_OK)
        return status;
    module_allocations_left = 0;
    wrong_result |= RevertSecurityContext(&contexts.server) != SEC_E_OK;
    module_allocations_left = left;
    return status;
}

static SECURITY_STATUS query_credential(void)
{
    SecPkgCredentials_NamesW names;
    SECURITY_STATUS status =
        QueryCredentialsAttributesW(&credential, SECPKG_CRED_ATTR_NAMES, &names);

    if (status == SEC_E_OK)
        FreeContextBuffer(names.sUserName);
    return status;
}

static SECURITY_STATUS list_packages(void)
{
    SecPkgInfoW *list, *one;
    ULONG count = 7;
    SECURITY_STATUS status = EnumerateSecurityPackagesW(&count, &list);

    if (status != SEC_E_OK) {
        wrong_result |= count != 0;
        return status;
    }
    wrong_result |= count != 3;
    FreeContextBuffer(list);
    status = QuerySecurityPackageInfoW((WCHAR[]){u"NTLM"}, &one);
    if (status == SEC_E_OK)
        FreeContextBuffer(one);
    return status;
}

static const struct entry {
    const char *name;
    SECURITY_STATUS (*call)(void);
    enum contexts_kind kind;
    bool needs_root;
} entries[] = {
    {"QueryContextAttributes, client", query_client, CONTEXTS_NTLM, false},
    {"QueryContextAttributes, server", query_server, CONTEXTS_NTLM, false},
    {"QueryContextAttributes, Negotiate", query_client, CONTEXTS_NEGOTIATE_NTLM, false},
    {"SECPKG_ATTR_KEY_INFO", query_key_info_without_extended_security, CONTEXTS_NTLM_OLD,
     false},
    {"EncryptMessage and DecryptMessage", protect, CONTEXTS_NTLM, false},
    {"EncryptMessage and DecryptMessage, Negotiate", protect, CONTEXTS_NEGOTIATE_NTLM, false},
    {"messages by copies", protect_by_copies, CONTEXTS_NTLM, false},
    {"messages of many buffers", sign_many, CONTEXTS_NTLM, false},
    {"ExportSecurityContext and ImportSecurityContext", move, CONTEXTS_NTLM, false},
    {"QueryCredentialsAttributes", query_credential, CONTEXTS_NTLM, false},
    {"EnumerateSecurityPackages", list_packages, CONTEXTS_NTLM, false},
    {"ImpersonateSecurityContext", impersonate, CONTEXTS_NTLM, true},
    {"ImpersonateSecurityContext, Negotiate", impersonate, CONTEXTS_NEGOTIATE_NTLM, true},
};

static bool accounts;

/* How many of the entry's allocations end it with another status than that memory
 * ended. A context that the shortage spoiled is made anew. */
static unsigned count_wrong(const struct entry *entry)
{
    unsigned wrong = 0, n = 0;
    bool enough = false;

    while (!enough) {
        SECURITY_STATUS status;

        contexts = contexts_make_as(entry->kind, CONTEXTS_SEAL, LOCAL_FIRST);
        wrong_result = false;
        module_allocations_left = ++n;
        status = entry->call();
        enough = module_allocations_left > 0;
        module_allocations_left = 0;
        if (wrong_result || (status != SEC_E_OK && status != SEC_E_INSUFFICIENT_MEMORY)) {
            printf("# %s, allocation %u: 0x%08x%s\n", entry->name, n, (unsigned)status,
                   wrong_result ? ", a wrong result" : "");
            wrong++;
        }
        ck_assert_uint_eq(context_buffer_count(), 0);
        contexts_end(&contexts);
    }
    printf("# %s: %u allocations\n", entry->name, n - 1);
    return wrong;
}

static void *run(void *entry)
{
    return (void *)(uintptr_t)count_wrong(entry);
}

START_TEST(sec_e_insufficient_memory_whichever_entry_point_runs_out)
{
    const struct entry *entry = &entries[_i];
    pthread_t thread;
    void *wrong;

    if (entry->needs_root && !accounts) {
        printf("ok - %s # SKIP needs root\n", entry->name);
        return;
    }
    contexts = contexts_make_as(entry->kind, CONTEXTS_SEAL, LOCAL_FIRST); /* all is loaded */
    contexts_end(&contexts);
    ck_assert_int_eq(AcquireCredentialsHandleA(NULL, (char[]){"NTLM"}, SECPKG_CRED_OUTBOUND,
                                               NULL, NULL, NULL, NULL, &credential, NULL),
                     SEC_E_OK);
    ck_assert_int_eq(pthread_create(&thread, NULL, run, (void *)(uintptr_t)entry), 0);
    ck_assert_int_eq(pthread_join(thread, &wrong), 0);
    ck_assert_ptr_null(wrong);
    ck_assert_int_eq(FreeCredentialsHandle(&credential), SEC_E_OK);
}
END_TEST

int main(void)
{
    static const char *const users[] = {LOCAL_FIRST, NULL};
    Suite *suite = suite_create("sspi entry shortage");
    TCase *cases = tcase_create("entries");

    accounts = local_accounts_begin();
    contexts_begin(users);
    tcase_add_loop_test(cases, sec_e_insufficient_memory_whichever_entry_point_runs_out, 0,
                        sizeof(entries) / sizeof(entries[0]));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
#endif
