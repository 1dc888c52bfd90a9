/* SPDX-License-Identifier: MIT */
/* fault_test.c - logins through libsspi in which one call fails: an allocation of any
 * library's, a call of OpenSSL, what reads files. The rest of libsspi without memory is in
 * shortage_test.c and entry_shortage_test.c. */

#include "config.h"

#include <stdio.h>
#include <string.h>

#include "context_buffer.h"
#include "fault_run.h"
#include "handle.h"
#include "kdc.h"
#include "memory_faults.h"
#include "scratch.h"
#include "sspi_fixture.h"
#include "suite.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
#define ASKED (ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT)

struct scenario {
    const char *name, *package, *password, *settings;
    bool forbidden, own_spnego, kerberos;
    /* Kerberos': the client's bindings differ from the server's; the server's keytab */
    bool bindings;
    bool iakerb; /* the client does not get at the KDC, and the server does */
    const char *keys;
    const char *refused_at; /* what fails where it is forbidden; NULL: the acceptor */
};

static const struct scenario scenarios[] = {
    {"NTLM", "NTLM", "secret", "", .forbidden = false},
    {"Negotiate", "Negotiate", "secret", "", .forbidden = false},
    {"Negotiate, ours", "Negotiate", "secret", "", .own_spnego = true},
    {"NTLM, a wrong password", "NTLM", "Secret", "", .forbidden = true},
    {"Negotiate, a wrong password", "Negotiate", "Secret", "", .forbidden = true},
    {"NTLM, restrict_receiving_ntlm", "NTLM", "secret", "restrict_receiving_ntlm = deny\n",
     .forbidden = true},
};

/* Without a password it has a ticket. */
static const struct scenario kerberos[] = {
    {"Kerberos, a ticket", "Kerberos", .kerberos = true},
    {"Kerberos, a password", "Kerberos", "secret", .kerberos = true},
    {"Negotiate, a ticket", "Negotiate", .kerberos = true},
    {"Negotiate, ours, a ticket", "Negotiate", .kerberos = true, .own_spnego = true},
    {"Negotiate, a password of Kerberos'", "Negotiate", "secret", .kerberos = true},
    {"Negotiate, ours, IAKERB", "Negotiate", "secret", .kerberos = true, .own_spnego = true,
     .iakerb = true},
    {"Negotiate, ours, IAKERB with another key", "Negotiate", "secret", .kerberos = true,
     .own_spnego = true, .iakerb = true, .forbidden = true, .keys = "old"},
    {"Kerberos, a wrong password", "Kerberos", "Secret", .kerberos = true, .forbidden = true,
     .refused_at = "InitializeSecurityContext"},
    {"Kerberos, bindings to another channel", "Kerberos", .kerberos = true, .forbidden = true,
     .bindings = true},
    {"Kerberos, another key", "Kerberos", .kerberos = true, .forbidden = true, .keys = "old"},
    {"Negotiate, another key", "Negotiate", .kerberos = true, .forbidden = true, .keys = "old"},
};

struct end {
    CredHandle credential;
    CtxtHandle context;
    bool acquired, begun, done;
    unsigned char token[8192];
    ULONG length, flags;
};

static char *wrong_text;
static const char *first; /* call that failed; NULL: none did */

static void wrong(const char *call, const char *what)
{
    if (!*wrong_text)
        snprintf(wrong_text, FAULT_TEXT, "%s %s", call, what);
}

/* Whether it was done; when it was not, that the status is one of SSPI's. */
static bool was_done(const char *call, SECURITY_STATUS status)
{
    if (FAILED(status) && ((ULONG)status & 0xffff0000) != 0x80090000)
        wrong(call, "gives a status that is not SSPI's");
    if (FAILED(status) && !first)
        first = call;
    return !FAILED(status);
}

static bool acquire(struct end *end, const char *package, ULONG use, void *identity)
{
    SECURITY_STATUS status =
        AcquireCredentialsHandleA(NULL, (char *)(uintptr_t)package, use, NULL, identity, NULL,
                                  NULL, &end->credential, NULL);

    end->acquired = was_done("AcquireCredentialsHandle", status);
    return end->acquired;
}

/* "tls-a" for one end, and another channel for the other. */
static SecBuffer binding(bool initiator)
{
    static struct {
        SEC_CHANNEL_BINDINGS head;
        char channel[5];
    } bindings[] = {{{0}, "tls-a"}, {{0}, "tls-b"}};

    for (int i = 0; i < 2; i++) {
        bindings[i].head.cbApplicationDataLength = sizeof(bindings[i].channel);
        bindings[i].head.dwApplicationDataOffset = sizeof(bindings[i].head);
    }
    return (SecBuffer){sizeof(bindings[0]), SECBUFFER_CHANNEL_BINDINGS, &bindings[initiator]};
}

static bool step(const struct scenario *scenario, struct end *end, struct end *peer,
                 bool initiator)
{
    static char target[] = "HTTP/server.home.test";
    SecBuffer in[] = {binding(initiator), {peer->length, SECBUFFER_TOKEN, peer->token}};
    SecBuffer out = {sizeof(end->token), SECBUFFER_TOKEN, end->token};
    SecBufferDesc input = {SECBUFFER_VERSION, (ULONG)(scenario->bindings + (peer->length > 0)),
                           scenario->bindings ? in : in + 1},
                  output = {SECBUFFER_VERSION, 1, &out};
    ULONG asked = scenario->kerberos ? ASKED | ISC_REQ_MUTUAL_AUTH : ASKED;
    CtxtHandle *context = end->begun ? &end->context : NULL;
    SECURITY_STATUS status;

    status = initiator ? InitializeSecurityContextA(&end->credential, context, target, asked, 0,
                                                    0, input.cBuffers ? &input : NULL, 0,
                                                    &end->context, &output, &end->flags, NULL)
                       : AcceptSecurityContext(&end->credential, context, &input, 0, 0,
                                               &end->context, &output, &end->flags, NULL);
    if (!was_done(initiator ? "InitializeSecurityContext" : "AcceptSecurityContext", status))
        return false;
    peer->length = 0;
    end->begun = true;
    end->done = status == SEC_E_OK;
    end->length = out.cbBuffer;
    if (end->done && !(end->flags & ISC_RET_CONFIDENTIALITY))
        wrong("a login", "has not the protection that was asked for");
    return true;
}

/* krb5.conf of the client that does not get at the KDC, and of the server then. */
static char *away, *here;

static bool log_in(const struct scenario *scenario, struct end *client, struct end *server)
{
    static UCHAR user[] = "alice", domain[] = "CORP", realm[] = "HOME.TEST";
    SEC_WINNT_AUTH_IDENTITY_A alice = {user,
                                       5,
                                       scenario->kerberos ? realm : domain,
                                       scenario->kerberos ? 9 : 4,
                                       (UCHAR *)(uintptr_t)scenario->password,
                                       6,
                                       SEC_WINNT_AUTH_IDENTITY_ANSI};
    bool good;

    if (scenario->iakerb)
        setenv("KRB5_CONFIG", away, 1);
    good = acquire(client, scenario->package, SECPKG_CRED_OUTBOUND,
                   scenario->password ? &alice : NULL) &&
           acquire(server, scenario->package, SECPKG_CRED_INBOUND, NULL) &&
           step(scenario, client, server, true);
    if (scenario->iakerb)
        setenv("KRB5_CONFIG", here, 1);

    for (int i = 0; good && i < 8 && !(client->done && server->done); i++) {
        if (!server->done)
            good = step(scenario, server, client, false);
        if (good && !client->done)
            good = step(scenario, client, server, true);
    }
    return good && client->done && server->done;
}

/* ---- what a login is for ---- */

static bool name(const struct scenario *scenario, CtxtHandle *context)
{
    const char *whose = scenario->kerberos ? "alice@HOME.TEST" : "CORP\\alice";
    SecPkgContext_NamesA names = {NULL};
    SECURITY_STATUS status = QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names);
    bool good = was_done("QueryContextAttributes", status);

    if (good && strcmp(names.sUserName, whose) != 0)
        wrong("a login", "has another name");
    if (good)
        FreeContextBuffer(names.sUserName);
    return good;
}

static bool pass(CtxtHandle *from, CtxtHandle *to)
{
    static const char said[] = "Will you walk a little faster?";
    char token[256], data[sizeof(said)], padding[16];
    SecBuffer buffers[] = {{sizeof(token), SECBUFFER_TOKEN, token},
                           {sizeof(data), SECBUFFER_DATA, memcpy(data, said, sizeof(said))},
                           {sizeof(padding), SECBUFFER_PADDING, padding}};
    SecBufferDesc message = {SECBUFFER_VERSION, 3, buffers};
    bool good = was_done("EncryptMessage", EncryptMessage(from, 0, &message, 0));

    if (good && memcmp(data, said, sizeof(said)) == 0)
        wrong("EncryptMessage", "did not encrypt");
    good = good && was_done("DecryptMessage", DecryptMessage(to, &message, 0, NULL));
    if (good && memcmp(data, said, sizeof(said)) != 0)
        wrong("DecryptMessage", "gives something else");
    message.cBuffers = 2;
    memcpy(data, said, sizeof(said));
    buffers[0].cbBuffer = sizeof(token);
    good = was_done("MakeSignature", MakeSignature(from, 0, &message, 0)) && good;
    data[0] ^= good;
    if (good && !FAILED(VerifySignature(to, &message, 0, NULL)))
        wrong("VerifySignature", "takes a text that was altered");
    return good;
}

static bool move_context(const struct scenario *scenario, struct end *end)
{
    SecBuffer packed = {0, SECBUFFER_EMPTY, NULL};
    char *package = (char *)(uintptr_t)scenario->package;
    CtxtHandle moved;
    bool good = was_done("ExportSecurityContext",
                         ExportSecurityContext(&end->context, 0, &packed, NULL));

    if (!good)
        return false;
    good = was_done("ImportSecurityContext",
                    ImportSecurityContextA(package, &packed, NULL, &moved));
    FreeContextBuffer(packed.pvBuffer);
    if (good) {
        DeleteSecurityContext(&end->context);
        end->context = moved;
    }
    return good;
}

static void let_go(struct end *end)
{
    if (end->begun && FAILED(DeleteSecurityContext(&end->context)))
        wrong("DeleteSecurityContext", "fails");
    if (end->acquired && FAILED(FreeCredentialsHandle(&end->credential)))
        wrong("FreeCredentialsHandle", "fails");
}

/* Returns whether it ended as it does when nothing fails. */
static bool operation(const void *argument, char *text)
{
    static struct end client, server;
    const struct scenario *scenario = argument;
    bool good;

    wrong_text = text;
    first = NULL;
    memset(&client, 0, sizeof(client));
    memset(&server, 0, sizeof(server));
    good = log_in(scenario, &client, &server);
    if (scenario->forbidden && server.done)
        wrong("IT", "IS LET IN");
    if (scenario->forbidden && !*faults_told() &&
        (!first || strcmp(first, scenario->refused_at ? scenario->refused_at
                                                      : "AcceptSecurityContext") != 0))
        wrong(first ? first : "nothing", "is what refuses it");
    good = good && name(scenario, &server.context) && pass(&client.context, &server.context) &&
           move_context(scenario, &server) && name(scenario, &server.context);
    let_go(&client);
    let_go(&server);
    if (handle_count() != 0 || context_buffer_count() != 0)
        wrong("a login", "leaves something behind");
    return good != scenario->forbidden;
}

/* ---- whose calls ---- */

static const char *const modules[] = {"mech_ntlmssp", "mech_spnego", NULL};
#ifdef SANITIZED
/* What others lose and where they crash could not be told apart. */
static const char *const readers[] = {"", "mech_ntlmssp", "mech_spnego", NULL};
#else
static const char *const readers[] = {"",        "mech_ntlmssp", "mech_spnego",
                                      "libkrb5", "libgssapi",    NULL};
#endif
static const char *const all[] = {"", "lib", "mech_", NULL};
/* libkrb5 1.20's krb5_cccol_have_content frees what it has not read of a ticket cache that
 * breaks off; spake.so and others free what they had no memory for. */
static const char *const theirs[] = {"libgssapi_krb5", "libkrb5", "libk5crypto",
                                     "/krb5/plugins/", NULL};

/* mech_spnego.so finds out once for a process whether SPNEGO is its own
 * (mech/spnego/registration.h), by files, and leaves it to MIT's where it cannot. */
static const char *const lasting[] = {"mech_spnego", "libgssapi_krb5", NULL};

static void make_kerberos(const struct scenario *scenario)
{
    const char *allowed = scenario->iakerb ? "[ntlmssp]\n negotiate_iakerb = true\n" : "";

    kdc_configure_away(allowed);
    away = strdup(getenv("KRB5_CONFIG"));
    kdc_configure_with(allowed);
    here = strdup(getenv("KRB5_CONFIG"));
    setenv("KRB5_KTNAME", scratch_path(scenario->keys ? scenario->keys : "keys"), 1);
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    if (!scenario->password)
        kdc_log_in("alice", "secret");
}

static void make_world(const struct scenario *scenario)
{
    if (scenario->own_spnego) {
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1); /* spnego_mend.c looks at it, too */
        setenv("GSS_MECH_CONFIG", SPNEGO_MECH_CONF, 1);
    }
    if (scenario->kerberos) {
        make_kerberos(scenario);
        return;
    }
    fixture_accounts("CORP:alice:secret\n");
    if (*scenario->settings)
        fixture_settings("krb5.conf", scenario->settings);
}

static void run(const struct scenario *scenario, const char *test, struct fault_plan plan)
{
    if (skipped_without_fork(test))
        return;
#ifdef SANITIZED
    if (plan.kind == FAULT_MEMORY) {
        printf("ok - %s # SKIP a sanitizer has malloc\n", test);
        return;
    }
#endif
    plan.name = scenario->name;
    plan.operation = operation;
    plan.argument = scenario;
    /* Kerberos looks for a KDC each time */
    plan.most = scenario->kerberos ? 3 : 0;
    plan.few = scenario->forbidden || strcmp(scenario->package, "NTLM") != 0;
    plan.lasting = plan.kind == FAULT_FILES ? lasting : lasting + 1;
    make_world(scenario);
    fault_run(&plan, 2);
}

START_TEST(whichever_call_of_openssl_fails)
{
    run(&scenarios[_i], "whichever_call_of_openssl_fails",
        (struct fault_plan){.callers = modules, .kind = FAULT_OPENSSL});
}
END_TEST

START_TEST(whichever_call_of_a_file_fails)
{
    run(&scenarios[_i], "whichever_call_of_a_file_fails",
        (struct fault_plan){.callers = readers, .kind = FAULT_FILES, .theirs = theirs});
}
END_TEST

START_TEST(whichever_allocation_fails)
{
    run(&scenarios[_i], "whichever_allocation_fails",
        (struct fault_plan){
            .callers = all, .kind = FAULT_MEMORY, .theirs = theirs, .warm = true});
}
END_TEST

/* ---- Kerberos ---- */

/* The server's first key is not its last one. */
static void begin(void)
{
    kdc_begin("addprinc -pw secret alice\n"
              "addprinc -randkey HTTP/server.home.test\n"
              "ktadd -k old HTTP/server.home.test\n"
              "ktadd -k keys HTTP/server.home.test\n");
}

START_TEST(whichever_call_of_a_file_fails_with_kerberos)
{
    run(&kerberos[_i], "whichever_call_of_a_file_fails_with_kerberos",
        (struct fault_plan){.callers = readers, .kind = FAULT_FILES, .theirs = theirs});
}
END_TEST

START_TEST(whichever_allocation_fails_with_kerberos)
{
    run(&kerberos[_i], "whichever_allocation_fails_with_kerberos",
        (struct fault_plan){
            .callers = all, .kind = FAULT_MEMORY, .theirs = theirs, .warm = true});
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls that fail under libsspi");
    TCase *cases = fixture_case("faults"), *kdc;

    tcase_set_timeout(cases, 1200);
    tcase_add_loop_test(cases, whichever_call_of_openssl_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_call_of_a_file_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_allocation_fails, 0, COUNT(scenarios));
    suite_add_tcase(suite, cases);
    if (!kdc_is_installed())
        return suite_run(suite);
    kdc = fixture_case("kdc");
    tcase_set_timeout(kdc, 1200);
    tcase_add_unchecked_fixture(kdc, begin, kdc_end);
    tcase_add_loop_test(kdc, whichever_call_of_a_file_fails_with_kerberos, 0, COUNT(kerberos));
    tcase_add_loop_test(kdc, whichever_allocation_fails_with_kerberos, 0, COUNT(kerberos));
    suite_add_tcase(suite, kdc);
    return suite_run(suite);
}
