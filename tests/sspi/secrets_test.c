/* SPDX-License-Identifier: MIT */
/* secrets_test.c - how long secrets are in the memory of a program that calls libsspi: what
 * whole logins leave in blocks that they give back, on the stack, and in all of the process'
 * memory once their handles are gone. What the test itself has of the password is
 * read-only. */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "child.h"
#include "freed.h"
#include "scratch.h"
#include "secrets.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

#define PASSWORD "Wonderland 7"
#define UNITS(text) ((ULONG)(sizeof(text) - 1))
#define ASKED                                                                                  \
    (ISC_REQ_CONFIDENTIALITY | ISC_REQ_INTEGRITY | ISC_REQ_SEQUENCE_DETECT |                   \
     ISC_REQ_REPLAY_DETECT)

static const struct secrets_account alice = {"alice", "CORP", PASSWORD};

static bool learn_account(void *arg)
{
    (void)arg;
    return secrets_add_account(&alice);
}

static bool learn_password(void *arg)
{
    (void)arg;
    secrets_add_password(PASSWORD);
    return true;
}

static bool learn_session(void *arg)
{
    struct exchange *exchange = arg;
    SecPkgContext_SessionKey key;

    if (QueryContextAttributesA(&exchange->client.context, SECPKG_ATTR_SESSION_KEY, &key) !=
            SEC_E_OK ||
        key.SessionKeyLength != 16)
        return false;
    secrets_add_session_key(key.SessionKey);
    return secrets_add_base_key(&alice, exchange->client.token, EXCHANGE_TOKEN_MAX);
}

/* The ways to say who is to log in. */
enum form { PLAIN_A, PLAIN_W, EX_A, EX_W, EX2, BY_FILE, FORMS };

/* Of EX_A and EX_W; the others begin at Flags' User. */
static SEC_WINNT_AUTH_IDENTITY_EXW identity;

static USHORT *mutable(const void *text)
{
    return (USHORT *)(uintptr_t)text;
}

static void name_alice(enum form form)
{
    const bool wide = form == PLAIN_W || form == EX_W;

    identity = (SEC_WINNT_AUTH_IDENTITY_EXW){
        .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
        .Length = sizeof(identity),
        .User = wide ? mutable(u"alice") : mutable("alice"),
        .UserLength = 5,
        .Domain = wide ? mutable(u"CORP") : mutable("CORP"),
        .DomainLength = 4,
        .Password = wide ? mutable(u"" PASSWORD) : mutable(PASSWORD),
        .PasswordLength = UNITS(PASSWORD),
        .Flags = wide ? SEC_WINNT_AUTH_IDENTITY_UNICODE : SEC_WINNT_AUTH_IDENTITY_ANSI,
    };
}

static CredHandle acquire_by(const char *package, bool wide, void *who)
{
    static const WCHAR *const wide_names[] = {u"NTLM", u"Negotiate", u"Kerberos"};
    const WCHAR *name = wide_names[*package == 'K' ? 2 : package[1] == 'e'];
    CredHandle handle;
    SECURITY_STATUS status =
        wide ? AcquireCredentialsHandleW(NULL, (WCHAR *)(uintptr_t)name, SECPKG_CRED_OUTBOUND,
                                         NULL, who, NULL, NULL, &handle, NULL)
             : AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package, SECPKG_CRED_OUTBOUND,
                                         NULL, who, NULL, NULL, &handle, NULL);

    freed_stack();
    ck_assert_int_eq(status, SEC_E_OK);
    return handle;
}

static CredHandle acquire(const char *package, enum form form)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made = NULL;
    SEC_WINNT_AUTH_IDENTITY_W plain;
    CredHandle handle;

    name_alice(form);
    plain = (SEC_WINNT_AUTH_IDENTITY_W){
        identity.User,     identity.UserLength,     identity.Domain, identity.DomainLength,
        identity.Password, identity.PasswordLength, identity.Flags};
    switch (form) {
    case PLAIN_A:
    case PLAIN_W:
        return acquire_by(package, form == PLAIN_W, &plain);
    case EX_A:
    case EX_W:
        return acquire_by(package, form == EX_W, &identity);
    case EX2:
        ck_assert_int_eq(
            SspiEncodeStringsAsAuthIdentity(u"alice", u"CORP", u"" PASSWORD, &made), SEC_E_OK);
        freed_stack();
        handle = acquire_by(package, true, made);
        SspiFreeAuthIdentity(made);
        freed_stack();
        return handle;
    default:
        return acquire_by(package, false, NULL);
    }
}

/* What is written is not in this process' memory. */
static bool write_accounts(void *lines)
{
    scratch_write("accounts", lines);
    return true;
}

static void set_accounts(const char *lines)
{
    ck_assert(holds_in_child(write_accounts, (void *)(uintptr_t)lines));
    setenv("NTLM_USER_FILE", scratch_path("accounts"), 1);
    setenv("NTLMUSER", "CORP\\alice", 1);
}

static void establish(struct exchange *exchange)
{
    for (int i = 0; i < 6 && (exchange->client.status || exchange->server.status ||
                              !exchange->server.begun);
         i++) {
        SECURITY_STATUS status =
            exchange->servers_turn ? exchange_server(exchange) : exchange_client(exchange);

        freed_stack();
        ck_assert_int_ge(status, SEC_E_OK);
    }
    ck_assert_int_eq(exchange->client.status, SEC_E_OK);
    ck_assert_int_eq(exchange->server.status, SEC_E_OK);
}

/* After each call its dead frames are looked at. */
#define called(call)                                                                           \
    do {                                                                                       \
        SECURITY_STATUS status_ = (call);                                                      \
        freed_stack();                                                                         \
        ck_assert_int_eq(status_, SEC_E_OK);                                                   \
    } while (0)

static void talk(CtxtHandle *from, CtxtHandle *to)
{
    BYTE token[16], data[] = "Attack at dawn";
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, data}};
    SecBufferDesc message = {SECBUFFER_VERSION, 2, buffers};

    called(EncryptMessage(from, 0, &message, 0));
    called(DecryptMessage(to, &message, 0, NULL));
    called(EncryptMessage(from, SECQOP_WRAP_NO_ENCRYPT, &message, 0));
    called(VerifySignature(to, &message, 0, NULL));
    called(MakeSignature(from, 0, &message, 0));
    called(VerifySignature(to, &message, 0, NULL));
}

static void ask(CtxtHandle *context)
{
    SecPkgContext_SessionKey key;
    SecPkgContext_KeyInfoA info;

    called(QueryContextAttributesA(context, SECPKG_ATTR_SESSION_KEY, &key));
    called(FreeContextBuffer(key.SessionKey));
    called(QueryContextAttributesA(context, SECPKG_ATTR_KEY_INFO, &info));
    called(FreeContextBuffer(info.sSignatureAlgorithmName));
    called(FreeContextBuffer(info.sEncryptAlgorithmName));
}

static void move(CtxtHandle *context, const char *package)
{
    SecBuffer packed = {0, SECBUFFER_EMPTY, NULL};

    called(ExportSecurityContext(context, 0, &packed, NULL));
    called(FreeContextBuffer(packed.pvBuffer));
    called(ExportSecurityContext(context, SECPKG_CONTEXT_EXPORT_DELETE_OLD, &packed, NULL));
    called(ImportSecurityContextA((char *)(uintptr_t)package, &packed, NULL, context));
    called(FreeContextBuffer(packed.pvBuffer));
}

static const char *const packages[] = {"NTLM", "Negotiate", "Kerberos"};

/* All that an application does, once; kind: the form and, NTLM or Negotiate, the package. */
static void log_in(int kind)
{
    const char *package = packages[kind / FORMS];
    struct exchange *exchange;

    secrets_forget();
    secrets_learn(learn_account, NULL);
    set_accounts("CORP:alice:" PASSWORD "\n");
    exchange = exchange_new(package, NULL);
    called(FreeCredentialsHandle(&exchange->client.credential));
    exchange->client.credential = acquire(package, (enum form)(kind % FORMS));
    exchange->client.requested = ASKED;
    establish(exchange);
    secrets_learn(learn_session, exchange);
    talk(&exchange->client.context, &exchange->server.context);
    talk(&exchange->server.context, &exchange->client.context);
    ask(&exchange->client.context);
    ask(&exchange->server.context);
    move(&exchange->client.context, package);
    move(&exchange->server.context, package);
    talk(&exchange->client.context, &exchange->server.context);
    called(DeleteSecurityContext(&exchange->client.context));
    called(DeleteSecurityContext(&exchange->server.context));
    exchange->client.begun = exchange->server.begun = false;
    exchange_free(exchange);
    freed_stack();
}

START_TEST(memory_that_is_given_back_has_no_secret)
{
    if (skipped_sanitized("memory_that_is_given_back_has_no_secret"))
        return;
    freed_watch(true);
    log_in(_i);
    freed_assert_clean();
}
END_TEST

static void assert_none_is_left(void)
{
    char where[256];
    const char *found = secrets_found_anywhere(where, sizeof(where));

    ck_assert_msg(!found, "%s in %s", found, where);
}

/* A process keeps what it has read of the account file, with hashes. */
static void forget_the_account(void)
{
    CredHandle handle;

    set_accounts("CORP:bob:another\n");
    setenv("NTLMUSER", "CORP\\bob", 1);
    handle = acquire("NTLM", BY_FILE);
    ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
}

START_TEST(no_secret_is_left_in_memory)
{
    if (skipped_sanitized("no_secret_is_left_in_memory") ||
        skipped_without_fork("no_secret_is_left_in_memory"))
        return;
    log_in(_i);
    forget_the_account();
    assert_none_is_left();
}
END_TEST

/* What it makes its tokens of is derived from the password. */
START_TEST(a_credential_keeps_no_password)
{
    CredHandle handle;

    if (skipped_sanitized("a_credential_keeps_no_password") ||
        skipped_without_fork("a_credential_keeps_no_password"))
        return;
    secrets_learn(learn_password, NULL);
    fixture_accounts("");
    for (int form = PLAIN_A; form < BY_FILE; form++) {
        handle = acquire(packages[_i], (enum form)form);
        assert_none_is_left();
        ck_assert_int_eq(FreeCredentialsHandle(&handle), SEC_E_OK);
        assert_none_is_left();
    }
}
END_TEST

/* A context that is limited to other mechanisms than its credential needs another one of
 * GSSAPI: the identity is gone by then. */
START_TEST(a_context_needs_no_password)
{
    static const struct {
        const char *package, *target;
    } rows[] = {{"NTLM", "HTTP/server.home.test"},
                {"NTLM", NULL},
                {"Negotiate", "HTTP/server.home.test"},
                {"Negotiate", NULL}};
    struct exchange *exchange;

    set_accounts("CORP:alice:" PASSWORD "\n");
    exchange = exchange_new(rows[_i].package, NULL);
    called(FreeCredentialsHandle(&exchange->client.credential));
    exchange->client.credential = acquire(rows[_i].package, EX2);
    exchange->target = (char *)(uintptr_t)rows[_i].target;
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

#define FREE(block) SspiLocalFree((void *)(uintptr_t)(block))

/* Each function that makes something of an identity. */
static void convert(PSEC_WINNT_AUTH_IDENTITY_OPAQUE made)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE copy, received, limited;
    PCWSTR texts[3], target, user;
    ULONG length, type, blob_size;
    PUCHAR blob;
    char *bytes;

    called(SspiCopyAuthIdentity(made, &copy));
    called(SspiMarshalAuthIdentity(copy, &length, &bytes));
    called(SspiUnmarshalAuthIdentity(length, bytes, &received));
    called(SspiExcludePackage(received, u"Kerberos", &limited));
    called(SspiEncodeAuthIdentityAsStrings(limited, &texts[0], &texts[1], &texts[2]));
    called(SspiPrepareForCredWrite(copy, u"HTTP/server", &type, &target, &user, &blob,
                                   &blob_size));
    FREE(texts[0]);
    FREE(texts[1]);
    FREE(texts[2]);
    FREE(target);
    FREE(user);
    FREE(blob);
    FREE(bytes);
    SspiFreeAuthIdentity(copy);
    SspiFreeAuthIdentity(received);
    SspiFreeAuthIdentity(limited);
    freed_stack();
}

START_TEST(identities_leave_no_secret)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made;

    if (skipped_sanitized("identities_leave_no_secret"))
        return;
    secrets_learn(learn_password, NULL);
    freed_watch(true);
    called(SspiEncodeStringsAsAuthIdentity(u"alice", u"CORP", u"" PASSWORD, &made));
    convert(made);
    SspiFreeAuthIdentity(made);
    for (int form = EX_A; form <= EX_W; form++) {
        name_alice((enum form)form);
        convert(&identity);
    }
    freed_assert_clean();
}
END_TEST

/* Where the caller's own strings are, and the structure. _i: EX or the plain one. */
START_TEST(a_zeroed_identity_has_no_secret)
{
    static const SEC_WINNT_AUTH_IDENTITY_EXW zeros;
    SEC_WINNT_AUTH_IDENTITY_W plain;
    BYTE text[64];

    name_alice(EX_W);
    memcpy(text, identity.Password, UNITS(PASSWORD) * sizeof(WCHAR));
    plain = (SEC_WINNT_AUTH_IDENTITY_W){
        .Password = (USHORT *)text, .PasswordLength = UNITS(PASSWORD), .Flags = identity.Flags};
    identity.User = identity.Domain = NULL;
    identity.UserLength = identity.DomainLength = 0;
    identity.Password = (USHORT *)text;
    SspiZeroAuthIdentity(_i ? (void *)&plain : (void *)&identity);
    for (size_t i = 0; i < UNITS(PASSWORD) * sizeof(WCHAR); i++)
        ck_assert_uint_eq(text[i], 0);
    if (_i)
        ck_assert_mem_eq(&plain, &zeros, sizeof(plain));
    else
        ck_assert_mem_eq(&identity, &zeros, sizeof(identity));
}
END_TEST

START_TEST(a_zeroed_identity_of_the_library_has_no_secret)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made;

    if (skipped_sanitized("a_zeroed_identity_of_the_library_has_no_secret") ||
        skipped_without_fork("a_zeroed_identity_of_the_library_has_no_secret"))
        return;
    secrets_learn(learn_password, NULL);
    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(u"alice", u"CORP", u"" PASSWORD, &made),
                     SEC_E_OK);
    SspiZeroAuthIdentity(made);
    assert_none_is_left();
    SspiFreeAuthIdentity(made);
}
END_TEST

int main(int argc, char **argv)
{
    Suite *suite = suite_create("sspi secrets");
    TCase *cases;

    (void)argc;
    freed_begin(argv);
    cases = fixture_case("secrets");
    tcase_add_loop_test(cases, memory_that_is_given_back_has_no_secret, 0, 2 * FORMS);
    tcase_add_loop_test(cases, no_secret_is_left_in_memory, 0, 2 * FORMS);
    tcase_add_loop_test(cases, a_credential_keeps_no_password, 0, 3);
    tcase_add_loop_test(cases, a_context_needs_no_password, 0, 4);
    tcase_add_test(cases, identities_leave_no_secret);
    tcase_add_loop_test(cases, a_zeroed_identity_has_no_secret, 0, 2);
    tcase_add_test(cases, a_zeroed_identity_of_the_library_has_no_secret);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
