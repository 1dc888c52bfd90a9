/* SPDX-License-Identifier: MIT */
/* kerberos_test.c - our Negotiate beside a real KDC: within kerberos_timeout NTLM goes
 * on where the KDC is silent, and at once the next time; IAKERB where it is allowed.
 * That Kerberos is as through MIT's SPNEGO is in registered.sh and matrix_test. */

#include "config.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <gssapi/gssapi_krb5.h>

#include "child.h"
#include "gss_exchange.h"
#include "kdc.h"
#include "scratch.h"
#include "spnego/token.h"

/* Threads that still wait for a KDC. */
const char suite_kept_open[] = "socket:";

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "addprinc -randkey HTTP/other.home.test\n"
                            "ktadd -k keys HTTP/server.home.test HTTP/other.home.test\n";

static const gss_OID_desc iakerb_oid = OID("\x2b\x06\x01\x05\x02\x05");

static void begin(void)
{
    kdc_begin(realm);
}

static void settings(const char *lines)
{
    char text[256];

    snprintf(text, sizeof(text), "[ntlmssp]\n%s\n", lines);
    kdc_configure_with(text);
}

static void set_up(void)
{
    settings(" kerberos_timeout = 1");
    setenv("KRB5CCNAME", scratch_path("tickets"), 1);
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
    kdc_log_in("alice", "secret");
}

static long seconds_with(gss_cred_id_t credential, const char *target, gss_OID mech)
{
    struct timespec before, after;
    struct exchange exchange;
    gss_OID got;

    clock_gettime(CLOCK_MONOTONIC, &before);
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO,
                                                    .flags = GSS_C_INTEG_FLAG,
                                                    .client_credential = credential,
                                                    .target = target});
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_complete(gss_inquire_context(&minor, exchange.client.context, NULL, NULL, NULL, &got,
                                        NULL, NULL, NULL));
    ck_assert(gss_oid_equal(got, mech));
    exchange_end(&exchange);
    return after.tv_sec - before.tv_sec;
}

static long seconds_for(const char *target, gss_OID mech)
{
    return seconds_with(GSS_C_NO_CREDENTIAL, target, mech);
}

START_TEST(ntlm_goes_on_where_the_kdc_hangs)
{
    kdc_suspend();
    /* libkrb5 would take 27 */
    ck_assert_int_lt(seconds_for("HTTP@server.home.test", NTLMSSP), 15);
    kdc_resume();
}
END_TEST

/* A login that asked it once more would take a second, and leave its thread out. */
static void is_remembered_for(const char *target)
{
    struct exchange exchange;

    settings(" kerberos_timeout = 1\n restrict_sending_ntlm = deny\n"
             " client_allowed_ntlm_servers = nowhere");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO, .target = target});
    ck_assert(GSS_ERROR(exchange.client.major));
    assert_contains(side_text(&exchange, &exchange.client),
                    "Kerberos: its KDC was silent less than a minute ago");
    exchange_end(&exchange);
}

START_TEST(a_silent_kdc_is_remembered_for_its_realm)
{
    kdc_suspend();
    seconds_for("HTTP@server.home.test", NTLMSSP);
    kdc_resume();
    seconds_for("HTTP@server.home.test", NTLMSSP);
    seconds_for("HTTP@other.home.test", NTLMSSP);
    is_remembered_for("HTTP@other.home.test");
}
END_TEST

/* Then it is the client's KDC that is asked. */
START_TEST(a_silent_kdc_is_remembered_for_servers_without_a_realm)
{
    kdc_suspend();
    seconds_for("HTTP@server.nowhere.example", NTLMSSP);
    kdc_resume();
    is_remembered_for("HTTP@other.nowhere.example");
}
END_TEST

#define SLOW "slow.nowhere.example"

/* DNS: of this server it tells nothing when it is asked for the first time. */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **found)
{
    static atomic_bool asked;
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        (int (*)(const char *, const char *, const struct addrinfo *, struct addrinfo **))dlsym(
            RTLD_NEXT, "getaddrinfo");

    while (node && strcmp(node, SLOW) == 0 && !atomic_exchange(&asked, true))
        for (;;)
            pause();
    return node && strstr(node, "nowhere.example") ? EAI_NONAME
                                                   : real(node, service, hints, found);
}

/* It is the server's owner who answers for its name: he could have each client take its own
 * KDC for silent. */
START_TEST(a_silent_dns_is_no_silent_kdc)
{
    const char *names = "[libdefaults]\n dns_canonicalize_hostname = true\n";
    char files[1024];
    struct exchange exchange;

    if (skipped_without_fork("a_silent_dns_is_no_silent_kdc"))
        return; /* its thread stays out */
    snprintf(files, sizeof(files), "%s:%s", scratch_write("names.conf", names),
             getenv("KRB5_CONFIG"));
    setenv("KRB5_CONFIG", files, 1);
    seconds_for("HTTP@" SLOW, NTLMSSP);
    settings(" kerberos_timeout = 30\n restrict_sending_ntlm = deny\n"
             " client_allowed_ntlm_servers = nowhere");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO, .target = "HTTP@" SLOW});
    assert_contains(side_text(&exchange, &exchange.client), "less than a minute ago");
    exchange_end(&exchange);
    exchange_run(&exchange,
                 &(struct request){.mech = SPNEGO, .target = "HTTP@other.nowhere.example"});
    assert_contains(side_text(&exchange, &exchange.client), "not found in Kerberos database");
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_silent_kdc_is_not_that_of_other_tickets)
{
    gss_key_value_element_desc elements[] = {{"ccache", scratch_path("tickets")},
                                             {"client_keytab", scratch_path("nothing")},
                                             {"rcache", "none:"}};
    const gss_key_value_set_desc store = {3, elements};
    gss_OID_set_desc mechs = {1, SPNEGO};
    gss_cred_id_t stored;
    OM_uint32 ignored;

    if (skipped_without_fork("a_silent_kdc_is_not_that_of_other_tickets"))
        return; /* another test's KDC was silent for the default ones */
    assert_complete(gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
                                          GSS_C_INITIATE, &store, &stored, NULL, NULL));
    kdc_suspend();
    seconds_with(stored, "HTTP@server.home.test", NTLMSSP);
    kdc_resume();
    settings(" kerberos_timeout = 30"); /* however slow this machine is */
    seconds_for("HTTP@server.home.test", KRB5);
    seconds_with(stored, "HTTP@server.home.test", NTLMSSP);
    gss_release_cred(&ignored, &stored);
}
END_TEST

START_TEST(kerberos_comes_in_time)
{
    settings(" kerberos_timeout = 30"); /* however slow this machine is */
    seconds_for("HTTP@server.home.test", KRB5);
    settings(" kerberos_timeout = 0");
    seconds_for("HTTP@server.home.test", KRB5);
}
END_TEST

static struct gss_channel_bindings_struct with_addresses(const char *data, const char *address)
{
    struct gss_channel_bindings_struct bindings = bindings_of(data);

    bindings.initiator_addrtype = bindings.acceptor_addrtype = GSS_C_AF_INET;
    bindings.initiator_address = bindings.acceptor_address = text_buffer(address);
    return bindings;
}

/* Its AP-REQ comes without the frame that names the mechanism, and a third token follows. */
START_TEST(kerberos_comes_in_dce_style)
{
    gss_buffer_desc text = text_buffer("a message"), mic;
    struct exchange exchange;

    settings(" kerberos_timeout = 30");
    exchange_establish(&exchange,
                       &(struct request){.mech = SPNEGO,
                                         .flags = GSS_C_DCE_STYLE | GSS_C_MUTUAL_FLAG,
                                         .target = "HTTP@server.home.test"});
    ck_assert_uint_ne(exchange.client.flags & GSS_C_DCE_STYLE, 0);
    ck_assert_uint_ne(exchange.server.flags & GSS_C_DCE_STYLE, 0);
    assert_complete(gss_get_mic(&minor, exchange.client.context, 0, &text, &mic));
    assert_complete(gss_verify_mic(&minor, exchange.server.context, &text, &mic, NULL));
    release_buffer(&mic);
    exchange_end(&exchange);
}
END_TEST

/* Kerberos has a copy of them in its thread. _i: what differs; 0: nothing. */
START_TEST(channel_bindings_count_within_kerberos_time)
{
    struct gss_channel_bindings_struct ours = with_addresses("tls-unique:1", "\x7f\1\1\1");
    struct gss_channel_bindings_struct theirs[] = {
        ours, with_addresses("tls-unique:2", "\x7f\1\1\1"),
        with_addresses("tls-unique:1", "\x7f\1\1\2"), bindings_of("tls-unique:1")};
    struct exchange exchange;

    settings(" kerberos_timeout = 30"); /* however slow this machine is */
    exchange_run(&exchange, &(struct request){.mech = SPNEGO,
                                              .flags = GSS_C_MUTUAL_FLAG,
                                              .client_bindings = &ours,
                                              .server_bindings = &theirs[_i],
                                              .target = "HTTP@server.home.test"});
    if (_i == 0) {
        assert_complete(exchange.client.major);
        assert_complete(exchange.server.major);
    } else {
        ck_assert_uint_eq(exchange.server.major, GSS_S_BAD_BINDINGS);
        ck_assert(!exchange.client.complete);
    }
    exchange_end(&exchange);
}
END_TEST

/* Kerberos asks DNS for it in its time, and not again with the second call, for which
 * there is no time: the realm that it had first is the one that counts. */
START_TEST(the_targets_name_is_made_once_a_login)
{
    static const char *const timeouts[] = {" kerberos_timeout = 30", " kerberos_timeout = 0"};
    struct exchange exchange;

    settings(timeouts[_i]);
    exchange_begin(&exchange, &(struct request){.mech = SPNEGO,
                                                .flags = GSS_C_MUTUAL_FLAG,
                                                .target = "HTTP@server.home.test"});
    while (exchange_step(&exchange))
        settings("[domain_realm]\n server.home.test = DEAD.TEST");
    assert_complete(exchange.client.major);
    assert_complete(exchange.server.major);
    exchange_end(&exchange);
}
END_TEST

static int status_of(pid_t child)
{
    int status = 0;

    ck_assert_int_ge(child, 0);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool goes_on(void *arg)
{
    (void)arg;
    seconds_for("HTTP@server.home.test", NTLMSSP);
    return true;
}

/* libkrb5 goes from UDP to TCP after one second, for which its thread wants memory: a fork in
 * that moment can leave a lock taken. For ten seconds after it the thread only waits. */
#define QUIET " kerberos_timeout = 2"

/* A process with a thread out: it forks, both go on, and it ends. */
static void fork_and_end(void)
{
    goes_on(NULL);
    if (!holds_in_child(goes_on, NULL))
        exit(5);
    goes_on(NULL);
    exit(3);
}

START_TEST(a_program_forks_and_ends_while_kerberos_waits)
{
    pid_t child;

    settings(QUIET);
    kdc_suspend();
    child = fork();
    if (child == 0)
        fork_and_end();
    ck_assert_int_eq(status_of(child), 3);
    kdc_resume();
}
END_TEST

static bool offers(const struct exchange *exchange, const gss_OID_desc *mech)
{
    struct der_bytes cursor = {NULL, 0}, oid;
    struct token token;

    ck_assert_ptr_null(token_read(
        (struct der_bytes){exchange->tokens[0].value, exchange->tokens[0].length}, &token));
    while (token_next_mech(token.mech_types, &cursor, &oid))
        if (oid.len == mech->length && memcmp(oid.data, mech->elements, oid.len) == 0)
            return true;
    return false;
}

/* In seconds; whether the credential has Kerberos, and NTLM in any case. */
static long seconds_to_acquire(const char *user, const char *password, bool *has_kerberos)
{
    struct timespec before, after;
    struct exchange exchange;
    gss_cred_id_t credential;

    clock_gettime(CLOCK_MONOTONIC, &before);
    credential = credential_by_password(SPNEGO, user, password);
    clock_gettime(CLOCK_MONOTONIC, &after);
    exchange_begin(&exchange, &(struct request){.mech = SPNEGO,
                                                .client_credential = credential,
                                                .target = "HTTP@server.home.test"});
    ck_assert(exchange_step(&exchange));
    *has_kerberos = offers(&exchange, KRB5);
    ck_assert(offers(&exchange, NTLMSSP));
    exchange_end(&exchange);
    release(credential);
    return after.tv_sec - before.tv_sec;
}

START_TEST(a_password_is_tried_with_a_kdc_that_hangs_for_its_time)
{
    bool has_kerberos;

    kdc_suspend();
    ck_assert_int_lt(seconds_to_acquire("alice@HOME.TEST", "secret", &has_kerberos), 15);
    ck_assert(!has_kerberos);
    kdc_resume();
    /* it is remembered, for this realm alone */
    seconds_to_acquire("alice@HOME.TEST", "secret", &has_kerberos);
    ck_assert(!has_kerberos);
    settings(" kerberos_timeout = 30"); /* however slow this machine is */
    seconds_to_acquire("alice", "secret", &has_kerberos);
    ck_assert(has_kerberos);
}
END_TEST

START_TEST(a_password_gets_a_ticket_in_time)
{
    bool has_kerberos;

    settings(" kerberos_timeout = 30"); /* however slow this machine is */
    seconds_to_acquire("alice@HOME.TEST", "secret", &has_kerberos);
    ck_assert(has_kerberos);
    settings(" kerberos_timeout = 0");
    seconds_to_acquire("alice@HOME.TEST", "secret", &has_kerberos);
    ck_assert(has_kerberos);
}
END_TEST

START_TEST(iakerb_is_offered_where_a_setting_allows_it)
{
    struct exchange exchange;

    exchange_establish(&exchange,
                       &(struct request){.mech = SPNEGO, .target = "HTTP@server.home.test"});
    ck_assert(!offers(&exchange, &iakerb_oid));
    exchange_end(&exchange);
    settings(" negotiate_iakerb = true");
    exchange_establish(&exchange,
                       &(struct request){.mech = SPNEGO, .target = "HTTP@server.home.test"});
    ck_assert(offers(&exchange, &iakerb_oid));
    exchange_end(&exchange);
}
END_TEST

/* IAKERB's initiator with tickets sends Kerberos' own token in IAKERB's frame, with which
 * MIT's acceptor is complete and has no context. */
START_TEST(a_credential_of_iakerbs_logs_in_again_with_its_tickets)
{
    static const OM_uint32 flags[] = {GSS_C_INTEG_FLAG, GSS_C_INTEG_FLAG | GSS_C_MUTUAL_FLAG};
    gss_OID_set_desc iakerb = {1, (gss_OID)(uintptr_t)&iakerb_oid};
    gss_cred_id_t credential;
    struct exchange exchange;

    settings(" negotiate_iakerb = true\n kerberos_timeout = 0");
    setenv("KRB5CCNAME", scratch_path("none"), 1);
    credential = credential_by_password(SPNEGO, "alice@HOME.TEST", "secret");
    assert_complete(gss_set_neg_mechs(&minor, credential, &iakerb));
    for (int i = 0; i < 3; i++) {
        exchange_establish(&exchange, &(struct request){.mech = SPNEGO,
                                                        .flags = flags[_i],
                                                        .client_credential = credential,
                                                        .target = "HTTP@server.home.test"});
        assert_name(exchange.source, "alice@HOME.TEST", (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME);
        assert_talk(exchange.client.context, exchange.server.context);
        exchange_end(&exchange);
    }
    release(credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_kerberos");
    TCase *cases;

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    scratch_begin();
    cases = fixture_case(suite, "kdc");
    tcase_add_unchecked_fixture(cases, begin, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    /* these first: without forks a KDC that was silent is remembered */
    tcase_add_test(cases, a_password_gets_a_ticket_in_time);
    tcase_add_test(cases, kerberos_comes_in_time);
    tcase_add_test(cases, kerberos_comes_in_dce_style);
    tcase_add_loop_test(cases, channel_bindings_count_within_kerberos_time, 0, 4);
    tcase_add_loop_test(cases, the_targets_name_is_made_once_a_login, 0, 2);
    tcase_add_test(cases, a_password_is_tried_with_a_kdc_that_hangs_for_its_time);
    tcase_add_test(cases, ntlm_goes_on_where_the_kdc_hangs);
    tcase_add_test(cases, a_silent_dns_is_no_silent_kdc);
    tcase_add_test(cases, a_silent_kdc_is_remembered_for_its_realm);
    tcase_add_test(cases, a_silent_kdc_is_remembered_for_servers_without_a_realm);
    tcase_add_test(cases, a_silent_kdc_is_not_that_of_other_tickets);
    tcase_add_test(cases, a_program_forks_and_ends_while_kerberos_waits);
    tcase_add_test(cases, iakerb_is_offered_where_a_setting_allows_it);
    tcase_add_loop_test(cases, a_credential_of_iakerbs_logs_in_again_with_its_tickets, 0, 2);
    return suite_run(suite);
}
