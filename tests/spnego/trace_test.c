/* SPDX-License-Identifier: MIT */
/* trace_test.c - what NTLM_TRACE shows of a negotiation with Kerberos in it: each token
 * decoded, and each decision. That of NTLM alone is in caller_test.c. */

#include "config.h"

#include <stdio.h>

#include "gss_exchange.h"
#include "kdc.h"
#include "scratch.h"

/* A thread still waits by a socket. The trace stays open too: its file has that word in
 * its name. */
const char suite_kept_open[] = "socket:";

#define LINES 8

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

/* "tickets" are there, anything else is not. The lines come in this order. */
static const struct row {
    const char *what, *settings, *tickets, *password, *target;
    const gss_OID_desc *acceptors; /* gss_set_neg_mechs; NULL: all */
    bool silent;                   /* the KDC; two logins begin then, and no more */
    const char *lines[LINES];
} rows[] = {
    {.what = "a ticket",
     .settings = " kerberos_timeout = 60\n",
     .tickets = "tickets",
     .lines = {"SPNEGO initiator sends NegTokenInit mechTypes: Kerberos, NTLM; mechToken: ",
               "SPNEGO acceptor receives NegTokenInit mechTypes: Kerberos, NTLM; mechToken: ",
               "SPNEGO: Kerberos is chosen, the initiator's first",
               "SPNEGO acceptor sends NegTokenResp negState: accept-completed; "
               "supportedMech: Kerberos",
               "SPNEGO initiator receives NegTokenResp negState: accept-completed; "
               "supportedMech: Kerberos"}},
    {.what = "no ticket",
     .settings = " kerberos_timeout = 60\n",
     .tickets = "none",
     .lines = {"SPNEGO leaves a mechanism out: Kerberos: No Kerberos credentials available",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: ",
               "SPNEGO: NTLM is chosen, the initiator's first"}},
    {.what = "a service that the KDC does not know",
     .settings = " kerberos_timeout = 60\n",
     .tickets = "tickets",
     .target = "HTTP@nowhere.home.test",
     .lines = {"SPNEGO leaves a mechanism out: Kerberos: Server ",
               "not found in Kerberos database",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: "}},
    {.what = "the same without a bound",
     .settings = " kerberos_timeout = 0\n",
     .tickets = "tickets",
     .target = "HTTP@nowhere.home.test",
     .lines = {"SPNEGO leaves a mechanism out: Kerberos: Server ",
               "not found in Kerberos database",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: "}},
    {.what = "a password that is wrong",
     .settings = " kerberos_timeout = 60\n",
     .tickets = "none",
     .password = "guess",
     .lines = {"SPNEGO leaves a mechanism out: Kerberos: ",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: "}},
    {.what = "a KDC that is silent to a ticket",
     .settings = " kerberos_timeout = 1\n",
     .tickets = "tickets",
     .silent = true,
     .lines = {"SPNEGO leaves Kerberos out: its KDC did not answer in time (kerberos_timeout)",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: ",
               "SPNEGO leaves Kerberos out: its KDC was silent less than a minute ago",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: "}},
    {.what = "a KDC that is silent to a password",
     .settings = " kerberos_timeout = 1\n",
     .tickets = "none",
     .password = "secret",
     .silent = true,
     .lines = {"SPNEGO leaves Kerberos out: its KDC did not answer in time (kerberos_timeout)",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: ",
               "SPNEGO leaves Kerberos out: its KDC was silent less than a minute ago",
               "SPNEGO initiator sends NegTokenInit mechTypes: NTLM; mechToken: "}},
    {.what = "IAKERB between Kerberos and NTLM",
     .settings = " kerberos_timeout = 60\n negotiate_iakerb = true\n",
     .tickets = "none",
     .password = "secret",
     .lines = {"SPNEGO initiator sends NegTokenInit mechTypes: Kerberos, IAKERB, NTLM; "
               "mechToken: ",
               "SPNEGO: Kerberos is chosen, the initiator's first"}},
    {.what = "IAKERB where the KDC is silent",
     .settings = " kerberos_timeout = 1\n negotiate_iakerb = true\n",
     .tickets = "none",
     .password = "secret",
     .silent = true,
     .lines = {"SPNEGO leaves Kerberos out: its KDC did not answer in time (kerberos_timeout)",
               "SPNEGO initiator sends NegTokenInit mechTypes: IAKERB, NTLM; mechToken: "}},
    {.what = "an acceptor of NTLM alone",
     .settings = " kerberos_timeout = 60\n",
     .tickets = "tickets",
     .acceptors = &ntlmssp_oid,
     .lines =
         {"SPNEGO initiator sends NegTokenInit mechTypes: Kerberos, NTLM; mechToken: ",
          "SPNEGO: NTLM is chosen, ",
          "SPNEGO acceptor sends NegTokenResp negState: request-mic; supportedMech: NTLM",
          "SPNEGO: the acceptor chose NTLM",
          "SPNEGO initiator sends NegTokenResp negState: accept-incomplete; responseToken: ",
          "; mechListMIC: 16 bytes", "SPNEGO: the peer's mechListMIC is right"}},
};

static void begin(void)
{
    kdc_begin(realm);
}

static void configure(const struct row *row)
{
    char lines[256];

    snprintf(lines, sizeof(lines), "[ntlmssp]\n%s", row->settings);
    kdc_configure_with(lines);
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    kdc_log_in("alice", "secret");
    setenv("KRB5CCNAME", scratch_path(row->tickets), 1);
    setenv("NTLM_USER_FILE", fixture_file("users", 0600, ACCOUNTS "HOME.TEST:alice:secret\n"),
           1);
}

static void log_in(const struct row *row)
{
    gss_OID_set_desc mechs = {1, SPNEGO}, chosen = {1, (gss_OID)(uintptr_t)row->acceptors};
    gss_cred_id_t client = GSS_C_NO_CREDENTIAL, server = GSS_C_NO_CREDENTIAL;
    struct exchange exchange;
    OM_uint32 ignored;

    if (row->password)
        client = credential_by_password(SPNEGO, "alice@HOME.TEST", row->password);
    if (row->acceptors) {
        assert_complete(gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &mechs, GSS_C_ACCEPT,
                                         &server, NULL, NULL));
        assert_complete(gss_set_neg_mechs(&minor, server, &chosen));
    }
    exchange_begin(
        &exchange,
        &(struct request){.mech = SPNEGO,
                          .flags = GSS_C_INTEG_FLAG,
                          .client_credential = client,
                          .server_credential = server,
                          .target = row->target ? row->target : "HTTP@server.home.test"});
    while (exchange_step(&exchange) && !row->silent)
        ;
    exchange_end(&exchange);
    gss_release_cred(&ignored, &client);
    gss_release_cred(&ignored, &server);
}

/* The lines in their order, other text between them. */
static void assert_told(const char *text, const struct row *row)
{
    const char *at = text;

    for (size_t i = 0; i < LINES && row->lines[i]; i++) {
        const char *found = strstr(at, row->lines[i]);

        ck_assert_msg(found, "%s: \"%s\" is not told after what is before it: %.1500s",
                      row->what, row->lines[i], at);
        at = found + strlen(row->lines[i]);
    }
}

START_TEST(the_trace_shows_what_was_decided_about_kerberos)
{
    static char text[256 * 1024];
    const struct row *row = &rows[_i];
    const char *path = fixture_file("socket:trace", 0600, "");
    size_t size;
    FILE *file;

    if (skipped_without_fork("the_trace_shows_what_was_decided_about_kerberos"))
        return; /* a process has one trace */
    configure(row);
    setenv("NTLM_TRACE", path, 1);
    if (row->silent)
        kdc_suspend();
    for (int i = 0; i < (row->silent ? 2 : 1); i++)
        log_in(row);
    if (row->silent)
        kdc_resume();
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(file);
    size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    assert_told(text, row);
    ck_assert_ptr_null(strstr(text, "secret"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_trace");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = fixture_case(suite, "kdc");
    tcase_set_timeout(cases, 120);
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_loop_test(cases, the_trace_shows_what_was_decided_about_kerberos, 0,
                        sizeof(rows) / sizeof(rows[0]));
    return suite_run(suite);
}
