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
#include "memory_faults.h"
#include "sspi_fixture.h"
#include "suite.h"

#define COUNT(table) (int)(sizeof(table) / sizeof((table)[0]))
#define ASKED (ISC_REQ_CONFIDENTIALITY | ISC_REQ_REPLAY_DETECT | ISC_REQ_SEQUENCE_DETECT)

static const struct scenario {
    const char *name, *package, *password, *settings;
    bool forbidden, own_spnego;
} scenarios[] = {
    {"NTLM", "NTLM", "secret", "", .forbidden = false},
    {"Negotiate", "Negotiate", "secret", "", .forbidden = false},
    {"Negotiate, ours", "Negotiate", "secret", "", .own_spnego = true},
    {"NTLM, a wrong password", "NTLM", "Secret", "", .forbidden = true},
    {"Negotiate, a wrong password", "Negotiate", "Secret", "", .forbidden = true},
    {"NTLM, restrict_receiving_ntlm", "NTLM", "secret", "restrict_receiving_ntlm = deny\n",
     .forbidden = true},
};

struct end {
    CredHandle credential;
    CtxtHandle context;
    bool acquired, begun, done;
    unsigned char token[8192];
    ULONG length, flags;
};

static char *wrong_text;

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

static bool step(struct end *end, struct end *peer, bool initiator)
{
    static char target[] = "HTTP/server.home.test";
    SecBuffer in = {peer->length, SECBUFFER_TOKEN, peer->token};
    SecBuffer out = {sizeof(end->token), SECBUFFER_TOKEN, end->token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    CtxtHandle *context = end->begun ? &end->context : NULL;
    SECURITY_STATUS status;

    status = initiator ? InitializeSecurityContextA(&end->credential, context, target, ASKED, 0,
                                                    0, peer->length ? &input : NULL, 0,
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

static bool log_in(const struct scenario *scenario, struct end *client, struct end *server)
{
    static UCHAR user[] = "alice", domain[] = "CORP";
    SEC_WINNT_AUTH_IDENTITY_A alice = {user,
                                       5,
                                       domain,
                                       4,
                                       (UCHAR *)(uintptr_t)scenario->password,
                                       6,
                                       SEC_WINNT_AUTH_IDENTITY_ANSI};
    bool good = acquire(client, scenario->package, SECPKG_CRED_OUTBOUND, &alice) &&
                acquire(server, scenario->package, SECPKG_CRED_INBOUND, NULL);

    for (int i = 0; good && i < 8 && !(client->done && server->done); i++) {
        if (!client->done)
            good = step(client, server, true);
        if (good && !server->done)
            good = step(server, client, false);
    }
    return good && client->done && server->done;
}

/* ---- what a login is for ---- */

static bool name(CtxtHandle *context)
{
    SecPkgContext_NamesA names = {NULL};
    SECURITY_STATUS status = QueryContextAttributesA(context, SECPKG_ATTR_NAMES, &names);
    bool good = was_done("QueryContextAttributes", status);

    if (good && strcmp(names.sUserName, "CORP\\alice") != 0)
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
    memset(&client, 0, sizeof(client));
    memset(&server, 0, sizeof(server));
    good = log_in(scenario, &client, &server);
    if (scenario->forbidden && server.done)
        wrong("IT", "IS LET IN");
    good = good && name(&server.context) && pass(&client.context, &server.context) &&
           move_context(scenario, &server) && name(&server.context);
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

static void run(int scenario, const char *test, struct fault_plan plan)
{
    if (skipped_without_fork(test))
        return;
#ifdef SANITIZED
    if (plan.kind == FAULT_MEMORY) {
        printf("ok - %s # SKIP a sanitizer has malloc\n", test);
        return;
    }
#endif
    plan.name = scenarios[scenario].name;
    plan.operation = operation;
    plan.argument = &scenarios[scenario];
    /* Kerberos looks for a KDC each time */
    plan.few =
        scenarios[scenario].forbidden || strcmp(scenarios[scenario].package, "Negotiate") == 0;
    plan.lasting = plan.kind == FAULT_FILES ? lasting : lasting + 1;
    if (scenarios[scenario].own_spnego) {
        setenv("MECHANISM", SPNEGO_MECH_CONF, 1); /* spnego_mend.c looks at it, too */
        setenv("GSS_MECH_CONFIG", SPNEGO_MECH_CONF, 1);
    }
    fixture_accounts("CORP:alice:secret\n");
    if (*scenarios[scenario].settings)
        fixture_settings("krb5.conf", scenarios[scenario].settings);
    fault_run(&plan, 2);
}

START_TEST(whichever_call_of_openssl_fails)
{
    run(_i, "whichever_call_of_openssl_fails",
        (struct fault_plan){.callers = modules, .kind = FAULT_OPENSSL});
}
END_TEST

START_TEST(whichever_call_of_a_file_fails)
{
    run(_i, "whichever_call_of_a_file_fails",
        (struct fault_plan){.callers = readers, .kind = FAULT_FILES, .theirs = theirs});
}
END_TEST

START_TEST(whichever_allocation_fails)
{
    run(_i, "whichever_allocation_fails",
        (struct fault_plan){
            .callers = all, .kind = FAULT_MEMORY, .theirs = theirs, .warm = true});
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calls that fail under libsspi");
    TCase *cases = fixture_case("faults");

    tcase_set_timeout(cases, 1200);
    tcase_add_loop_test(cases, whichever_call_of_openssl_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_call_of_a_file_fails, 0, COUNT(scenarios));
    tcase_add_loop_test(cases, whichever_allocation_fails, 0, COUNT(scenarios));
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
