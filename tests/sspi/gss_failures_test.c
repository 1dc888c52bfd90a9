/* SPDX-License-Identifier: MIT */
/* gss_failures_test.c - each call of GSSAPI that an entry point makes fails in turn: what
 * the caller hears is SSPI's, memory that ends is called so, and nothing is lost. Answers
 * that are odd are in answers_test.c. */

#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <secext.h>
#include <windows.h>

#include "context_buffer.h"
#include "gss_answers.h"
#include "handle.h"
#include "local_accounts.h"
#include "sspi_contexts.h"
#include "sspi_tickets.h"
#include "suite.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define NO_CONTEXTS CONTEXTS_KINDS /* the call makes its own */

static struct contexts contexts;
static char *package, *target;
static bool accounts;

/* None of these asserts what a failure would change, and each undoes what it did. */

static SECURITY_STATUS acquire(CredHandle *credential, ULONG use)
{
    static UCHAR user[] = LOCAL_FIRST, domain[] = "DOMAIN", password[] = "Secret 123";
    SEC_WINNT_AUTH_IDENTITY_A identity = {user,
                                          sizeof(user) - 1,
                                          domain,
                                          sizeof(domain) - 1,
                                          password,
                                          sizeof(password) - 1,
                                          SEC_WINNT_AUTH_IDENTITY_ANSI};
    bool named = use == SECPKG_CRED_OUTBOUND && strcmp(package, "Kerberos") != 0;

    return AcquireCredentialsHandleA(NULL, package, use, NULL, named ? &identity : NULL, NULL,
                                     NULL, credential, NULL);
}

struct end {
    CredHandle credential;
    CtxtHandle context;
    bool begun, done;
    BYTE token[16384];
    ULONG length;
};

static SECURITY_STATUS step(struct end *end, struct end *peer, bool initiator)
{
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

static SECURITY_STATUS log_in_with(struct end *client, struct end *server)
{
    SECURITY_STATUS status = SEC_E_OK;

    for (int i = 0; status == SEC_E_OK && !(client->done && server->done) && i < 8; i++) {
        if (!client->done)
            status = step(client, server, true);
        if (status == SEC_E_OK && !server->done)
            status = step(server, client, false);
    }
    if (client->begun)
        DeleteSecurityContext(&client->context);
    if (server->begun)
        DeleteSecurityContext(&server->context);
    return status;
}

static SECURITY_STATUS log_in(void)
{
    static struct end client, server;
    SECURITY_STATUS status;

    memset(&client, 0, sizeof(client));
    memset(&server, 0, sizeof(server));
    status = acquire(&client.credential, SECPKG_CRED_OUTBOUND);
    if (status != SEC_E_OK)
        return status;
    status = acquire(&server.credential, SECPKG_CRED_INBOUND);
    if (status == SEC_E_OK) {
        status = log_in_with(&client, &server);
        FreeCredentialsHandle(&server.credential);
    }
    FreeCredentialsHandle(&client.credential);
    return status;
}

static SECURITY_STATUS query_credential(void)
{
    SecPkgCredentials_NamesA names;
    CredHandle credential;
    SECURITY_STATUS status = acquire(&credential, SECPKG_CRED_OUTBOUND);

    if (status != SEC_E_OK)
        return status;
    status = QueryCredentialsAttributesA(&credential, SECPKG_CRED_ATTR_NAMES, &names);
    if (status == SEC_E_OK)
        FreeContextBuffer(names.sUserName);
    FreeCredentialsHandle(&credential);
    return status;
}

static SECURITY_STATUS query(CtxtHandle *context, ULONG attribute)
{
    union {
        void *pointers[4];
        SecPkgContext_KeyInfoA key_info;
        SecPkgContext_SessionKey key;
        SecPkgContext_DceInfo dce;
        SecPkgContext_NativeNamesA names;
        SecPkgContext_ClientSpecifiedTarget target;
        SecPkgContext_Sizes sizes;
    } answer;
    SECURITY_STATUS status = QueryContextAttributesA(context, attribute, &answer);

    if (status != SEC_E_OK || attribute == SECPKG_ATTR_SIZES)
        return status;
    if (attribute == SECPKG_ATTR_KEY_INFO) {
        FreeContextBuffer(answer.key_info.sSignatureAlgorithmName);
        FreeContextBuffer(answer.key_info.sEncryptAlgorithmName);
    } else if (attribute == SECPKG_ATTR_NATIVE_NAMES) {
        FreeContextBuffer(answer.names.sClientName);
        FreeContextBuffer(answer.names.sServerName);
    } else if (attribute == SECPKG_ATTR_SESSION_KEY) {
        FreeContextBuffer(answer.key.SessionKey);
    } else if (attribute == SECPKG_ATTR_DCE_INFO) {
        FreeContextBuffer(answer.dce.pPac);
    } else {
        FreeContextBuffer(answer.pointers[0]);
    }
    return status;
}

static SECURITY_STATUS query_context(void)
{
    static const ULONG attributes[] = {SECPKG_ATTR_NAMES,
                                       SECPKG_ATTR_NATIVE_NAMES,
                                       SECPKG_ATTR_DCE_INFO,
                                       SECPKG_ATTR_KEY_INFO,
                                       SECPKG_ATTR_SESSION_KEY,
                                       SECPKG_ATTR_SIZES,
                                       SECPKG_ATTR_CLIENT_SPECIFIED_TARGET};
    SECURITY_STATUS status = SEC_E_OK;

    for (size_t i = 0; i < COUNT(attributes) && status == SEC_E_OK; i++)
        status = query(&contexts.server, attributes[i]);
    return status;
}

static SECURITY_STATUS protect(void)
{
    static BYTE token[128], data[32], padding[16];
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data},
                           {sizeof(padding), SECBUFFER_PADDING, padding}};
    SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
    SECURITY_STATUS status = EncryptMessage(&contexts.client, 0, &message, 0);
    ULONG qop;

    if (status == SEC_E_OK)
        status = DecryptMessage(&contexts.server, &message, 0, &qop);
    message.cBuffers = 2;
    buffers[0].cbBuffer = sizeof(token);
    if (status == SEC_E_OK)
        status = MakeSignature(&contexts.client, 0, &message, 0);
    if (status == SEC_E_OK)
        status = VerifySignature(&contexts.server, &message, 0, &qop);
    return status;
}

static SECURITY_STATUS move(void)
{
    SecBuffer packed = {0, SECBUFFER_EMPTY, NULL};
    SECURITY_STATUS status = ExportSecurityContext(&contexts.client, 0, &packed, NULL);
    CtxtHandle moved;

    if (status != SEC_E_OK)
        return status;
    status = ImportSecurityContextA(package, &packed, NULL, &moved);
    if (status == SEC_E_OK)
        DeleteSecurityContext(&moved);
    FreeContextBuffer(packed.pvBuffer);
    return status;
}

static SECURITY_STATUS impersonate(void)
{
    SECURITY_STATUS status = ImpersonateSecurityContext(&contexts.server);

    return status == SEC_E_OK ? RevertSecurityContext(&contexts.server) : status;
}

static const struct entry {
    const char *name, *package, *target;
    SECURITY_STATUS (*call)(void);
    enum contexts_kind kind;
    bool needs_root;
    const char *user; /* NULL: LOCAL_FIRST */
} entries[] = {
    {"a login by NTLM", "NTLM", "HTTP/localhost", log_in, NO_CONTEXTS, false, NULL},
    {"a login by Negotiate", "Negotiate", "HTTP/localhost", log_in, NO_CONTEXTS, false, NULL},
    {"a login by Kerberos", "Kerberos", "aes/localhost", log_in, NO_CONTEXTS, false, NULL},
    {"NTLM's credential", "NTLM", NULL, query_credential, NO_CONTEXTS, false, NULL},
    {"Kerberos' credential", "Kerberos", NULL, query_credential, NO_CONTEXTS, false, NULL},
    {"QueryContextAttributes, NTLM", NULL, NULL, query_context, CONTEXTS_NTLM, false, NULL},
    {"QueryContextAttributes, Kerberos", NULL, NULL, query_context, CONTEXTS_KERBEROS, false,
     NULL},
    {"messages, NTLM", NULL, NULL, protect, CONTEXTS_NTLM, false, NULL},
    {"messages, Kerberos", NULL, NULL, protect, CONTEXTS_KERBEROS, false, NULL},
    {"ExportSecurityContext, NTLM", "NTLM", NULL, move, CONTEXTS_NTLM, false, NULL},
    {"ExportSecurityContext, Kerberos", "Kerberos", NULL, move, CONTEXTS_KERBEROS, false, NULL},
    {"ImpersonateSecurityContext", NULL, NULL, impersonate, CONTEXTS_NTLM, true, NULL},
    {"ImpersonateSecurityContext, an account of the system's", NULL, NULL, impersonate,
     CONTEXTS_NTLM, true, "daemon"},
};

/* Whether a call that failed so may end so. */
static bool is_right(SECURITY_STATUS status, OM_uint32 minor)
{
    if (status == SEC_E_OK)
        return true; /* there was another way */
    return minor == ENOMEM ? status == SEC_E_INSUFFICIENT_MEMORY
                           : ((ULONG)status & 0xffff0000) == 0x80090000;
}

/* Runs the entry with each of its calls failing. How many failures its caller hears of. */
static unsigned fail_each(const struct entry *entry, OM_uint32 minor)
{
    struct gss_answer answers[GSS_ANSWERS] = {{.major = GSS_S_FAILURE, .minor = minor}};
    unsigned wrong = 0, told = 0;
    bool given = true;

    for (unsigned n = 1; given; n++) {
        SECURITY_STATUS status;

        if (entry->kind != NO_CONTEXTS)
            contexts = contexts_make_as(entry->kind, CONTEXTS_SEAL,
                                        entry->user ? entry->user : LOCAL_FIRST);
        answers[0].nth = n;
        gss_answers_arm(answers);
        status = entry->call();
        given = gss_answers_disarm();
        if (!is_right(status, minor)) {
            printf("# %s, call %u: 0x%08x\n", entry->name, n, (unsigned)status);
            wrong++;
        }
        told += status != SEC_E_OK;
        if (entry->kind != NO_CONTEXTS)
            contexts_end(&contexts);
        ck_assert_uint_eq(context_buffer_count(), 0);
        ck_assert_uint_eq(handle_count(), 0);
    }
    ck_assert_uint_eq(wrong, 0);
    return told;
}

START_TEST(whichever_call_of_gssapi_fails)
{
    const struct entry *entry = &entries[_i];

    if (entry->needs_root && !accounts) {
        printf("ok - %s # SKIP needs root\n", entry->name);
        return;
    }
    package = (char *)(uintptr_t)entry->package;
    target = (char *)(uintptr_t)entry->target;
    contexts = contexts_make(CONTEXTS_NTLM, CONTEXTS_SEAL); /* all is loaded */
    contexts_end(&contexts);
    ck_assert_uint_gt(fail_each(entry, ENOMEM), 0);
    ck_assert_uint_gt(fail_each(entry, EIO), 0);
}
END_TEST

static void no_text(void *const words[])
{
    gss_answers_put(words[3], "", 0);
}

static void text_with_a_nul(void *const words[])
{
    gss_answers_put(words[3], "root\0x", 6);
}

static void other_account(void *const words[])
{
    gss_answers_put(words[3], "nobody", 6);
}

static void no_client(void *const words[])
{
    OM_uint32 minor;

    gss_release_name(&minor, words[2]);
}

/* The client's account, and then whether a login may be one of the system's. */
static const struct gss_answer accounts_of_none[][GSS_ANSWERS] = {
    {{"gss_localname", 1, GSS_S_COMPLETE, 0, no_text}},
    {{"gss_localname", 1, GSS_S_COMPLETE, 0, text_with_a_nul}},
    {{"gss_localname", 2, GSS_S_COMPLETE, 0, no_text}},
    {{"gss_localname", 2, GSS_S_COMPLETE, 0, other_account}},
    {{"gss_inquire_context", 1, GSS_S_COMPLETE, 0, no_client}},
};

START_TEST(a_client_of_no_account_is_not_impersonated)
{
    if (!accounts)
        return;
    contexts = contexts_make_as(CONTEXTS_NTLM, CONTEXTS_SEAL, "daemon");
    gss_answers_arm(accounts_of_none[_i]);
    ck_assert_int_eq(ImpersonateSecurityContext(&contexts.server), SEC_E_NO_IMPERSONATION);
    ck_assert(gss_answers_disarm());
    ck_assert_uint_eq(geteuid(), 0);
    ck_assert_int_eq(impersonate(), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

/* secext.h's functions have one answer for all that Kerberos cannot tell. */
START_TEST(a_name_that_kerberos_cannot_tell_is_none)
{
    struct gss_answer answers[GSS_ANSWERS] = {{.major = GSS_S_FAILURE, .minor = EIO}};
    char name[300];
    ULONG size;

    contexts = contexts_make(CONTEXTS_KERBEROS, CONTEXTS_SEAL);
    for (unsigned n = 1; n <= 3; n++) {
        answers[0].nth = n;
        size = sizeof(name);
        gss_answers_arm(answers);
        ck_assert(!GetUserNameExA(NameUserPrincipal, name, &size));
        ck_assert(gss_answers_disarm());
        ck_assert_uint_eq(GetLastError(), ERROR_NONE_MAPPED);
    }
    size = sizeof(name);
    ck_assert(GetUserNameExA(NameUserPrincipal, name, &size));
    ck_assert_str_eq(name, LOCAL_FIRST "@TEST");
    for (unsigned n = 1; n <= 2; n++) {
        answers[0].nth = n;
        size = sizeof(name);
        gss_answers_arm(answers);
        ck_assert(
            !TranslateNameA("root@TEST", NameUserPrincipal, NameSamCompatible, name, &size));
        ck_assert(gss_answers_disarm());
        ck_assert_uint_eq(GetLastError(), ERROR_NONE_MAPPED);
    }
    contexts_end(&contexts);
}
END_TEST

static void long_text(void *const words[])
{
    static char text[600];

    memset(text, 'x', sizeof(text));
    gss_answers_put(words[2], text, sizeof(text));
}

START_TEST(a_name_that_is_too_long_is_none)
{
    static const struct gss_answer answers[GSS_ANSWERS] = {
        {"gss_display_name", 1, GSS_S_COMPLETE, 0, long_text}};
    char name[1000];
    ULONG size = sizeof(name);

    contexts = contexts_make(CONTEXTS_KERBEROS, CONTEXTS_SEAL);
    gss_answers_arm(answers);
    ck_assert(!GetUserNameExA(NameUserPrincipal, name, &size));
    ck_assert(gss_answers_disarm());
    ck_assert_uint_eq(GetLastError(), ERROR_NONE_MAPPED);
    contexts_end(&contexts);
}
END_TEST

/* The machine's key is asked for by a name, and then the realm by another. */
START_TEST(a_machine_whose_realm_cannot_be_told_is_in_no_domain)
{
    struct gss_answer answers[GSS_ANSWERS] = {{.major = GSS_S_FAILURE, .minor = EIO}};
    char host[256] = "", service[300], name[300];
    ULONG size = sizeof(name);
    bool given = true;

    contexts = contexts_make(CONTEXTS_KERBEROS, CONTEXTS_SEAL);
    gethostname(host, sizeof(host) - 1);
    snprintf(service, sizeof(service), "host/%s@TEST", host);
    tickets_add(service, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    for (answers[0].nth = 1; given; answers[0].nth++) {
        size = sizeof(name);
        gss_answers_arm(answers);
        if (!GetComputerObjectNameA(NameDnsDomain, name, &size))
            ck_assert_uint_eq(GetLastError(), ERROR_CANT_ACCESS_DOMAIN_INFO);
        else
            ck_assert_int_eq(strncmp(name, "test\\", 5), 0);
        given = gss_answers_disarm();
    }
    ck_assert_uint_gt(answers[0].nth, 5);
    contexts_end(&contexts);
}
END_TEST

int main(void)
{
    static const char *const users[] = {LOCAL_FIRST, "daemon", NULL};
    Suite *suite = suite_create("sspi failures of GSSAPI");
    TCase *cases = tcase_create("failures");

    accounts = local_accounts_begin();
    contexts_begin(users);
    tcase_add_loop_test(cases, whichever_call_of_gssapi_fails, 0, COUNT(entries));
    tcase_add_loop_test(cases, a_client_of_no_account_is_not_impersonated, 0,
                        COUNT(accounts_of_none));
    tcase_add_test(cases, a_name_that_kerberos_cannot_tell_is_none);
    tcase_add_test(cases, a_name_that_is_too_long_is_none);
    tcase_add_test(cases, a_machine_whose_realm_cannot_be_told_is_in_no_domain);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
