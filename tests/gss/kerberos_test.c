/* SPDX-License-Identifier: MIT */
/* kerberos_test.c - NTLM beside a real Kerberos: Negotiate takes Kerberos where
 * there is a ticket to be had, and falls to NTLM where there is none, or where
 * the KDC cannot say; but not where NTLM is restricted. The user and the server
 * have accounts and keys for both throughout. */

#include "config.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <gssapi/gssapi_krb5.h>
#include <krb5.h>

#include "gss_exchange.h"
#include "kdc.h"
#include "scratch.h"
#include "shifted_clock.h"
#include "spnego_token.h"

/* More than twice what libkrb5 takes to give up a KDC that is silent. */
#define PATIENCE 60
#define TOMORROW (25L * 60 * 60)

/* With our SPNEGO, what Kerberos asks a silent KDC with outlasts the login. */
const char suite_kept_open[] = "socket:";

static const char realm[] = "addprinc -pw secret alice\n"
                            "addprinc -randkey HTTP/server.home.test\n"
                            "ktadd -k keys HTTP/server.home.test\n"
                            "addprinc -randkey HTTP/keyless.home.test\n";

static const char server[] = "HTTP@server.home.test";

/* The tickets' file; what is asked of it comes from here on. */
static void use_tickets(const char *name)
{
    setenv("KRB5CCNAME", scratch_path(name), 1);
}

static void log_in(void)
{
    kdc_log_in("alice", "secret");
}

static void set_up(void)
{
    kdc_configure();
    use_tickets("tickets");
    setenv("KRB5_KTNAME", scratch_path("keys"), 1);
}

static void begin(void)
{
    kdc_begin(realm);
}

static void begin_logged_in(void)
{
    kdc_begin(realm);
    set_up();
    log_in();
}

/* A ticket for the server is there already. GSSAPI is left alone, for the tests
 * to find as their fixture has it. */
static void begin_and_stop(void)
{
    krb5_creds wanted = {0}, *ticket;
    krb5_context context;
    krb5_ccache tickets;

    begin_logged_in();
    ck_assert_int_eq(krb5_init_context(&context), 0);
    ck_assert_int_eq(krb5_cc_default(context, &tickets), 0);
    ck_assert_int_eq(krb5_cc_get_principal(context, tickets, &wanted.client), 0);
    ck_assert_int_eq(krb5_parse_name(context, "HTTP/server.home.test", &wanted.server), 0);
    ck_assert_int_eq(krb5_get_credentials(context, 0, tickets, &wanted, &ticket), 0);
    krb5_free_creds(context, ticket);
    krb5_free_cred_contents(context, &wanted);
    krb5_cc_close(context, tickets);
    krb5_free_context(context);
    kdc_end();
}

static void assert_mechanism(gss_ctx_id_t context, gss_OID expected)
{
    gss_OID mech;

    assert_complete(
        gss_inquire_context(&minor, context, NULL, NULL, NULL, &mech, NULL, NULL, NULL));
    ck_assert(gss_oid_equal(mech, expected));
}

/* Negotiate with this target ends in this mechanism on both sides. */
static void assert_negotiated(const char *target, OM_uint32 flags, gss_OID mech)
{
    struct exchange exchange;

    exchange_establish(&exchange,
                       &(struct request){.mech = SPNEGO, .flags = flags, .target = target});
    assert_mechanism(exchange.client.context, mech);
    assert_mechanism(exchange.server.context, mech);
    if (mech == KRB5)
        assert_name(exchange.source, "alice@HOME.TEST", (gss_OID)GSS_KRB5_NT_PRINCIPAL_NAME);
    else
        assert_name(exchange.source, "TESTDOM\\alice", GSS_C_NT_USER_NAME);
    if (flags & GSS_C_CONF_FLAG)
        assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}

static void assert_takes_kerberos(void)
{
    assert_negotiated(server, GSS_C_MUTUAL_FLAG | GSS_C_CONF_FLAG, KRB5);
    assert_negotiated(server, 0, KRB5);
}

static void assert_falls_to_ntlm(const char *target)
{
    assert_negotiated(target, GSS_C_MUTUAL_FLAG | GSS_C_CONF_FLAG, NTLMSSP);
    assert_negotiated(target, 0, NTLMSSP);
}

START_TEST(negotiate_takes_kerberos_with_a_ticket)
{
    log_in();
    assert_takes_kerberos();
}
END_TEST

START_TEST(negotiate_falls_to_ntlm_without_tickets)
{
    log_in();
    ck_assert_int_eq(unlink(scratch_path("tickets")), 0);
    assert_falls_to_ntlm(server);
}
END_TEST

START_TEST(negotiate_falls_to_ntlm_when_the_tickets_file_is_empty)
{
    krb5_context context;
    krb5_principal alice;
    krb5_ccache tickets;

    ck_assert_int_eq(krb5_init_context(&context), 0);
    ck_assert_int_eq(krb5_parse_name(context, "alice", &alice), 0);
    ck_assert_int_eq(krb5_cc_default(context, &tickets), 0);
    ck_assert_int_eq(krb5_cc_initialize(context, tickets, alice), 0);
    krb5_cc_close(context, tickets);
    krb5_free_principal(context, alice);
    krb5_free_context(context);
    assert_falls_to_ntlm(server);
}
END_TEST

START_TEST(negotiate_falls_to_ntlm_when_the_tickets_have_expired)
{
    log_in();
    clock_shift(TOMORROW);
    assert_falls_to_ntlm(server);
    clock_shift(0);
}
END_TEST

START_TEST(negotiate_falls_to_ntlm_when_the_kdc_does_not_know_the_service)
{
    log_in();
    assert_falls_to_ntlm("HTTP@nowhere.home.test");
    assert_falls_to_ntlm("ldap@server.home.test");
}
END_TEST

START_TEST(negotiate_falls_to_ntlm_when_the_servers_realm_has_no_kdc)
{
    log_in();
    assert_falls_to_ntlm("HTTP@server.dead.test");
}
END_TEST

/* The client comes with a ticket, and the server asks for NTLM. */
START_TEST(negotiate_falls_to_ntlm_when_the_server_has_no_key)
{
    log_in();
    setenv("KRB5_KTNAME", scratch_path("no-keys"), 1);
    assert_falls_to_ntlm(server);
}
END_TEST

START_TEST(negotiate_does_not_fall_to_ntlm_when_the_server_cannot_read_the_ticket)
{
    struct exchange exchange;

    log_in();
    exchange_run(&exchange,
                 &(struct request){.mech = SPNEGO, .target = "HTTP@keyless.home.test"});
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    exchange_end(&exchange);
}
END_TEST

#define SENDING_DENIED "[ntlmssp]\n restrict_sending_ntlm = deny\n"
#define RECEIVING_DENIED "[ntlmssp]\n restrict_receiving_ntlm = deny\n"

/* Which mechanisms the first token offers. */
static bool offers(const struct exchange *exchange, gss_OID mech)
{
    struct spnego_token token;

    spnego_read(exchange->tokens[0], &token);
    for (size_t i = 0; i < token.mech_count; i++)
        if (gss_oid_equal(&token.mechs[i], mech))
            return true;
    return false;
}

START_TEST(where_ntlm_may_not_go_out_kerberos_goes)
{
    struct exchange exchange;

    log_in();
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .target = server});
    ck_assert(offers(&exchange, NTLMSSP));
    exchange_end(&exchange);
    kdc_configure_with(SENDING_DENIED);
    assert_takes_kerberos();
    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .target = server});
    ck_assert(offers(&exchange, KRB5));
    ck_assert(!offers(&exchange, NTLMSSP));
    exchange_end(&exchange);
}
END_TEST

START_TEST(where_ntlm_may_not_go_out_nothing_replaces_kerberos)
{
    struct exchange exchange;

    log_in();
    kdc_configure_with(SENDING_DENIED " client_allowed_ntlm_servers = nas.home.test\n");
    exchange_run(&exchange,
                 &(struct request){.mech = SPNEGO, .target = "HTTP@nowhere.home.test"});
    ck_assert(GSS_ERROR(exchange.client.major));
    ck_assert_uint_eq(exchange.tokens[0].length, 0);
    exchange_end(&exchange);
    assert_falls_to_ntlm("HTTP@nas.home.test");
}
END_TEST

/* NTLM was offered: that this server is no exception is found out when it
 * chooses NTLM. */
START_TEST(a_server_cannot_choose_ntlm_where_it_may_not_go)
{
    struct spnego_token said;
    struct exchange exchange;

    log_in();
    setenv("KRB5_KTNAME", scratch_path("no-keys"), 1);
    kdc_configure_with(SENDING_DENIED " client_allowed_ntlm_servers = nas.home.test\n");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO, .target = server});
    assert_refused(&exchange, &exchange.client, GSS_S_UNAUTHORIZED,
                   NTLM_ERR_SENDING_RESTRICTED);
    ck_assert_int_eq(exchange.steps, 3);
    spnego_read(exchange.tokens[2], &said);
    ck_assert_int_eq(said.state, REJECT);
    ck_assert_uint_eq(said.mech_token.length, 0);
    exchange_end(&exchange);
}
END_TEST

START_TEST(where_ntlm_may_not_come_in_kerberos_comes)
{
    struct exchange exchange;

    log_in();
    kdc_configure_with(RECEIVING_DENIED);
    assert_takes_kerberos();
    use_tickets("no-tickets");
    exchange_run(&exchange, &(struct request){.mech = SPNEGO, .target = server});
    ck_assert(GSS_ERROR(exchange.server.major));
    ck_assert_ptr_null(exchange.source);
    exchange_end(&exchange);
}
END_TEST

/* Connections to it are refused. */
START_TEST(negotiate_falls_to_ntlm_when_the_kdc_is_stopped)
{
    assert_falls_to_ntlm("HTTP@keyless.home.test");
}
END_TEST

START_TEST(negotiate_takes_kerberos_without_a_kdc_when_the_ticket_is_there)
{
    assert_takes_kerberos();
}
END_TEST

START_TEST(negotiate_falls_to_ntlm_when_the_kdc_is_silent)
{
    struct timespec begun, ended;

    /* From krb5 1.22 on; older ones give up by themselves. */
    kdc_configure_with("[libdefaults]\n request_timeout = 30\n");
    kdc_suspend();
    clock_gettime(CLOCK_MONOTONIC, &begun);
    assert_negotiated(server, GSS_C_CONF_FLAG, NTLMSSP);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    kdc_resume();
    printf("# NTLM came after %ld s\n", (long)(ended.tv_sec - begun.tv_sec));
    ck_assert_int_lt(ended.tv_sec - begun.tv_sec, PATIENCE);
}
END_TEST

static TCase *kdc_case(Suite *suite, const char *name, SFun begin_it)
{
    TCase *cases = fixture_case(suite, name);

    tcase_add_unchecked_fixture(cases, begin_it, kdc_end);
    tcase_add_checked_fixture(cases, set_up, NULL);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("gss_kerberos");
    TCase *cases = kdc_case(suite, "a KDC", begin);

    if (!kdc_is_installed())
        return 77; /* automake's for a test that was skipped */
    scratch_begin();
    tcase_add_test(cases, negotiate_takes_kerberos_with_a_ticket);
    tcase_add_test(cases, negotiate_falls_to_ntlm_without_tickets);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_tickets_file_is_empty);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_tickets_have_expired);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_kdc_does_not_know_the_service);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_servers_realm_has_no_kdc);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_server_has_no_key);
    tcase_add_test(cases,
                   negotiate_does_not_fall_to_ntlm_when_the_server_cannot_read_the_ticket);
    tcase_add_test(cases, where_ntlm_may_not_go_out_kerberos_goes);
    tcase_add_test(cases, where_ntlm_may_not_go_out_nothing_replaces_kerberos);
    tcase_add_test(cases, a_server_cannot_choose_ntlm_where_it_may_not_go);
    tcase_add_test(cases, where_ntlm_may_not_come_in_kerberos_comes);
    cases = kdc_case(suite, "a KDC that was stopped", begin_and_stop);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_kdc_is_stopped);
    tcase_add_test(cases, negotiate_takes_kerberos_without_a_kdc_when_the_ticket_is_there);
    cases = kdc_case(suite, "a KDC that hangs", begin_logged_in);
    tcase_add_test(cases, negotiate_falls_to_ntlm_when_the_kdc_is_silent);
    return suite_run(suite);
}
