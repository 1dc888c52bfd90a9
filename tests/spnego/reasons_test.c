/* SPDX-License-Identifier: MIT */
/* reasons_test.c - for each way in which a mechanism falls out, what gss_display_status
 * says: of initiators and acceptors, in acquiring and in establishing. */

#include "config.h"

#include <stdio.h>

#include "gss_exchange.h"
#include "kdc.h"
#include "scratch.h"
#include "shifted_clock.h"

#define TOMORROW (25L * 60 * 60)
#define PARTS 3

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -pw secret +requires_preauth carol\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "addprinc -randkey HTTP/other.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n";

#define NTLM_SENDS_NOTHING                                                                     \
    " restrict_sending_ntlm = deny\n client_allowed_ntlm_servers = nowhere\n"
#define NTLM_TAKES_NOTHING " restrict_receiving_ntlm = deny\n"
#define BOUND " kerberos_timeout = 0\n"

/* "tickets" and "keys" are there, anything else is not. What is said begins with who says
 * it: "initiator acquires", "initiator", "acceptor acquires", "acceptor". */
static const struct row {
    const char *what, *settings, *tickets, *keys, *accounts, *user, *password, *target;
    const char *parts[PARTS];
    const gss_OID_desc *initiators, *acceptors; /* gss_set_neg_mechs; NULL: all */
    long shift;
} rows[] = {
    {.what = "neither tickets nor an account",
     .tickets = "none",
     .parts = {"initiator acquires: Kerberos: No Kerberos credentials available",
               "; NTLM: There is no user name and password to log in with"}},
    {.what = "no tickets, and NTLM may not be sent",
     .settings = NTLM_SENDS_NOTHING,
     .tickets = "none",
     .accounts = ACCOUNTS,
     .parts = {"initiator: NTLM: ", "restrict_sending_ntlm",
               "; Kerberos: No Kerberos credentials available"}},
    {.what = "an unknown service",
     .settings = NTLM_SENDS_NOTHING BOUND,
     .target = "HTTP@nowhere.home.test",
     .accounts = ACCOUNTS,
     .parts = {"initiator: Kerberos: Server ",
               "not found in Kerberos database; NTLM: ", "restrict_sending_ntlm"}},
    {.what = "an unknown service, without an account",
     .settings = BOUND,
     .target = "HTTP@nowhere.home.test",
     .parts = {"initiator: Kerberos: Server ", "not found in Kerberos database; NTLM: ",
               "There is no user name and password to log in with"}},
    {.what = "the same within a time",
     .settings = NTLM_SENDS_NOTHING " kerberos_timeout = 60\n",
     .target = "HTTP@nowhere.home.test",
     .accounts = ACCOUNTS,
     .parts = {"initiator: Kerberos: Server ",
               "not found in Kerberos database; NTLM: ", "restrict_sending_ntlm"}},
    {.what = "tickets that have expired",
     .settings = NTLM_SENDS_NOTHING BOUND,
     .accounts = ACCOUNTS,
     .shift = TOMORROW,
     .parts = {"initiator: ", "Kerberos: ", "xpired"}},
    {.what = "a KDC that is not known",
     .settings = NTLM_SENDS_NOTHING BOUND,
     .user = "alice@NOWHERE.TEST",
     .password = "secret",
     .parts = {"Kerberos: Cannot find KDC for realm \"NOWHERE.TEST\"",
               "NTLM: ", "restrict_sending_ntlm"}},
    {.what = "a KDC that nobody is at",
     .settings = NTLM_SENDS_NOTHING BOUND,
     .user = "alice@DEAD.TEST",
     .password = "secret",
     .parts = {"Kerberos: Cannot contact any KDC for realm 'DEAD.TEST'", "NTLM: "}},
    {.what = "a user that the KDC does not know",
     .settings = NTLM_SENDS_NOTHING BOUND,
     .user = "bob@HOME.TEST",
     .password = "secret",
     .parts = {"Kerberos: Client 'bob@HOME.TEST' not found in Kerberos database", "NTLM: "}},
    {.what = "a password that is wrong",
     .settings = NTLM_SENDS_NOTHING BOUND,
     .user = "carol@HOME.TEST",
     .password = "guess",
     .parts = {"Kerberos: Preauthentication failed", "NTLM: "}},
    {.what = "IAKERB with a password that is wrong",
     .settings = NTLM_SENDS_NOTHING BOUND " negotiate_iakerb = true\n",
     .user = "carol@HOME.TEST",
     .password = "guess",
     .parts = {"initiator: IAKERB: ", "; Kerberos: Preauthentication failed"}},
    {.what = "NTLM with a password that is wrong",
     .tickets = "none",
     .user = "TESTDOM\\alice",
     .password = "guess",
     .accounts = ACCOUNTS,
     .parts = {"acceptor: ", "password"}},
    {.what = "an acceptor without a key",
     .settings = BOUND,
     .keys = "none",
     .accounts = ACCOUNTS,
     .initiators = &krb5_oid,
     .parts = {"acceptor: the peer offers no mechanism that there is a credential for: "
               "Kerberos: ",
               "is nonexistent or empty"}},
    {.what = "an acceptor that may not take NTLM, and has no key",
     .settings = NTLM_TAKES_NOTHING,
     .keys = "none",
     .parts = {"acceptor acquires: Kerberos: ", "is nonexistent or empty; NTLM: ",
               "restrict_receiving_ntlm"}},
    {.what = "an acceptor of Kerberos alone, and an initiator of NTLM",
     .accounts = ACCOUNTS,
     .initiators = &ntlmssp_oid,
     .acceptors = &krb5_oid,
     .parts = {"acceptor: the peer offers no mechanism that there is a credential for"}},
    {.what = "a key that is another service's",
     .settings = BOUND,
     .target = "HTTP@other.home.test",
     .initiators = &krb5_oid,
     .parts = {"acceptor: ", "HTTP/other.home.test"}},
};
#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static char said[8192];

static void say(const char *who, OM_uint32 major, OM_uint32 status)
{
    if (GSS_ERROR(major))
        snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s: %s\n", who,
                 status_text(status, SPNEGO));
}

static gss_cred_id_t acquire(const struct row *row, gss_cred_usage_t usage)
{
    gss_buffer_desc password = text_buffer(row->password ? row->password : "");
    gss_name_t name = row->user ? user_of(row->user) : GSS_C_NO_NAME;
    const gss_OID_desc *only = usage == GSS_C_ACCEPT ? row->acceptors : row->initiators;
    gss_OID_set_desc mechs = {1, SPNEGO}, chosen = {1, (gss_OID)(uintptr_t)only};
    gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
    OM_uint32 major, ignored;

    if (row->user && usage == GSS_C_INITIATE)
        major = gss_acquire_cred_with_password(&minor, name, &password, 0, &mechs, usage,
                                               &credential, NULL, NULL);
    else
        major =
            gss_acquire_cred(&minor, GSS_C_NO_NAME, 0, &mechs, usage, &credential, NULL, NULL);
    say(usage == GSS_C_ACCEPT ? "acceptor acquires" : "initiator acquires", major, minor);
    if (major == GSS_S_COMPLETE && only)
        assert_complete(gss_set_neg_mechs(&minor, credential, &chosen));
    gss_release_name(&ignored, &name);
    return credential;
}

static void establish(const struct row *row)
{
    struct request request = {.mech = SPNEGO,
                              .target = row->target ? row->target : "HTTP@server.home.test",
                              .client_credential = acquire(row, GSS_C_INITIATE),
                              .server_credential = acquire(row, GSS_C_ACCEPT)};
    struct exchange exchange;

    if (request.client_credential && request.server_credential) {
        exchange_begin(&exchange, &request);
        while (exchange_step(&exchange))
            continue;
        say("initiator", exchange.client.major, exchange.client.minor);
        say("acceptor", exchange.server.major, exchange.server.minor);
        exchange_end(&exchange);
    }
    if (request.client_credential)
        release(request.client_credential);
    if (request.server_credential)
        release(request.server_credential);
}

START_TEST(each_reason_is_told)
{
    const struct row *row = &rows[_i];
    char settings[512];

    if (skipped_without_fork("each_reason_is_told"))
        return; /* what one process knows of its settings and KDCs */
    snprintf(settings, sizeof(settings), "[ntlmssp]\n%s\n", row->settings ? row->settings : "");
    kdc_configure_with(settings);
    setenv("KRB5CCNAME", scratch_path(row->tickets ? row->tickets : "tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path(row->keys ? row->keys : "keys"), 1);
    if (!row->accounts)
        unsetenv("NTLM_USER_FILE");
    clock_shift(row->shift);
    said[0] = '\0';
    establish(row);
    clock_shift(0);
    for (int i = 0; i < PARTS && row->parts[i]; i++)
        ck_assert_msg(strstr(said, row->parts[i]), "%s: \"%s\" does not say \"%s\"", row->what,
                      said, row->parts[i]);
}
END_TEST

static void begin(void)
{
    kdc_begin(realm);
}

static void set_up(void)
{
    kdc_configure();
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    kdc_log_in("alice", "secret");
}

int main(void)
{
    Suite *suite = suite_create("spnego_reasons");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = fixture_case(suite, "kdc");
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    tcase_add_loop_test(cases, each_reason_is_told, 0, ROWS);
    return suite_run(suite);
}
