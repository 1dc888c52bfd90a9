/* SPDX-License-Identifier: MIT */
/* kerberos_test.c - Kerberos' side of the rows, without a KDC. What only a KDC
 * can say is in sspi_kdc_test.c, what contexts tell in
 * sspi_kerberos_attribute_test.c. */

#include "config.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "scratch.h"
#include "shifted_clock.h"
#include "sspi_fixture.h"
#include "sspi_kerberos_fixture.h"
#include "sspi_tickets.h"
#include "sspi_token.h"
#include "suite.h"

/* A client and a server with different packages. */
static struct exchange *mixed_pair(const char *clients, const char *servers)
{
    struct exchange *exchange = exchange_of(clients, 0);

    side_credential(&exchange->server, servers, SECPKG_CRED_INBOUND, NULL);
    return exchange;
}

START_TEST(kerberos_logs_in_with_one_token)
{
    struct exchange *exchange = exchange_of("Kerberos", 0);

    ck_assert_int_eq(exchange_client(exchange), SEC_E_OK);
    ck_assert_uint_eq(exchange->client.attributes, 0);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_OK);
    ck_assert_uint_eq(exchange->server.length, 0);
    ck_assert_uint_eq(exchange->server.attributes, 0);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_chooses_kerberos_where_there_is_a_ticket)
{
    struct exchange *exchange = exchange_of("Negotiate", 0);

    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "Kerberos");
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_accepts_raw_kerberos)
{
    struct exchange *exchange = mixed_pair("Kerberos", "Negotiate");

    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    exchange_free(exchange);
}
END_TEST

START_TEST(negotiate_accepts_raw_kerberos_in_dces_style)
{
    struct exchange *exchange = mixed_pair("Kerberos", "Negotiate");

    exchange->client.requested = ISC_REQ_USE_DCE_STYLE | ISC_REQ_MUTUAL_AUTH;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(exchange->client.token[0], 0x6e);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->server), "Kerberos");
    ck_assert_uint_eq(exchange->client.attributes & ISC_RET_USED_DCE_STYLE,
                      ISC_RET_USED_DCE_STYLE);
    ck_assert_uint_eq(exchange->server.attributes & ASC_RET_USED_DCE_STYLE,
                      ASC_RET_USED_DCE_STYLE);
    exchange_free(exchange);
}
END_TEST

START_TEST(pinput_must_bring_the_peers_token_in_dces_style_too)
{
    struct exchange *exchange =
        exchange_of("Kerberos", ISC_REQ_USE_DCE_STYLE | ISC_REQ_MUTUAL_AUTH);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    exchange->client.bare = true;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

START_TEST(kerberos_accepts_only_kerberos)
{
    struct exchange *exchange = mixed_pair("Negotiate", "Kerberos");

    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    memcpy(exchange->client.token, "NTLMSSP\0\1\0\0\0\0\0\0\0", 16);
    exchange->client.length = 16;
    ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

/* What both sides have in the end when the client asked for this. */
static void gives(const char *package, ULONG requested, ULONG clients, ULONG servers)
{
    struct exchange *exchange = exchange_of(package, requested);

    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes, clients);
    ck_assert_uint_eq(exchange->server.attributes, servers);
    exchange_free(exchange);
}

START_TEST(nothing_asked_gives_nothing)
{
    gives(packages[_i], 0, 0, 0);
    gives(packages[_i], ISC_REQ_NO_INTEGRITY | ISC_REQ_INTEGRITY, 0, 0);
}
END_TEST

START_TEST(isc_req_mutual_auth_authenticates_the_server)
{
    gives(packages[_i], ISC_REQ_MUTUAL_AUTH, ISC_RET_MUTUAL_AUTH, ASC_RET_MUTUAL_AUTH);
}
END_TEST

START_TEST(isc_req_protection_is_what_both_sides_have)
{
    gives(packages[_i], ISC_REQ_INTEGRITY, ISC_RET_INTEGRITY, ASC_RET_INTEGRITY);
    gives(packages[_i], ISC_REQ_CONFIDENTIALITY, ISC_RET_CONFIDENTIALITY | ISC_RET_INTEGRITY,
          ASC_RET_CONFIDENTIALITY | ASC_RET_INTEGRITY);
    gives(packages[_i], ISC_REQ_REPLAY_DETECT, ISC_RET_REPLAY_DETECT | ISC_RET_INTEGRITY,
          ASC_RET_REPLAY_DETECT | ASC_RET_INTEGRITY);
    gives(packages[_i], ISC_REQ_SEQUENCE_DETECT, ISC_RET_SEQUENCE_DETECT | ISC_RET_INTEGRITY,
          ASC_RET_SEQUENCE_DETECT | ASC_RET_INTEGRITY);
}
END_TEST

START_TEST(isc_req_identify_is_told_to_the_server)
{
    gives(packages[_i], ISC_REQ_IDENTIFY, ISC_RET_IDENTIFY, ASC_RET_IDENTIFY);
}
END_TEST

START_TEST(isc_req_delegate_needs_mutual_auth)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_DELEGATE);

    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
    /* There is no ticket to forward: the answer tells the truth. */
    gives(packages[_i], ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH, ISC_RET_MUTUAL_AUTH,
          ASC_RET_MUTUAL_AUTH);
}
END_TEST

START_TEST(isc_req_null_session_is_not_for_kerberos)
{
    struct exchange *exchange = exchange_of("Kerberos", ISC_REQ_NULL_SESSION);

    ck_assert_int_eq(exchange_client(exchange), SEC_E_UNSUPPORTED_FUNCTION);
    exchange_free(exchange);
    fixture_accounts("HOME:alice:secret\n");
    exchange = exchange_of("Negotiate", ISC_REQ_NULL_SESSION);
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(!token_has_kerberos(&exchange->client));
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_is_needed_for_kerberos)
{
    struct exchange *exchange = exchange_of("Kerberos", 0);

    exchange->target = NULL;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_TARGET_UNKNOWN);
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_that_is_null_leaves_negotiate_with_ntlm)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = exchange_identity("HOME.TEST", "alice", "secret");
    struct exchange *exchange;

    fixture_accounts("HOME.TEST:alice:secret\n");
    exchange = exchange_new("Negotiate", &alice);
    exchange->target = NULL;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert(!token_has_kerberos(&exchange->client));
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    exchange_free(exchange);
}
END_TEST

START_TEST(psztargetname_forms_are_principals)
{
    static const struct {
        const char *target, *principal;
    } forms[] = {
        {"HTTP/server.home.test:8080", "HTTP/server.home.test:8080@HOME.TEST"},
        {"ldap/dc.home.test/home.test", "ldap/dc.home.test/home.test@HOME.TEST"},
        {"HTTP/www.home.test@HOME.TEST", "HTTP/www.home.test@HOME.TEST"},
        {"server", "server@HOME.TEST"},
        {"bob@HOME.TEST", "bob@HOME.TEST"},
        {"HOME.TEST\\bob", "bob@HOME.TEST"},
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
        SecPkgContext_NativeNamesA names;
        tickets_add(forms[i].principal, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
        exchange->target = (char *)(uintptr_t)forms[i].target;
        exchange_establish(exchange);
        ck_assert_int_eq(QueryContextAttributesA(&exchange->server.context,
                                                 SECPKG_ATTR_NATIVE_NAMES, &names),
                         SEC_E_OK);
        ck_assert_str_eq(names.sServerName, forms[i].principal);
        ck_assert_str_eq(names.sClientName, "alice@HOME.TEST");
        FreeContextBuffer(names.sServerName);
        FreeContextBuffer(names.sClientName);
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(negotiate_falls_back_to_ntlm_without_a_ticket_for_the_service)
{
    struct exchange *exchange;

    fixture_accounts("HOME:alice:secret\n");
    exchange = exchange_of("Negotiate", 0);
    exchange->target = (char *)(uintptr_t) "HTTP/other.home.test";
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

/* One exchange with these bindings (NULL: none). */
static SECURITY_STATUS bound(const char *package, const char *clients, const char *servers,
                             ULONG asked)
{
    struct bindings {
        SEC_CHANNEL_BINDINGS header;
        char data[16];
    } one = {.header = {.dwApplicationDataOffset = offsetof(struct bindings, data)}};
    struct bindings other = one;
    struct exchange *exchange = exchange_of(package, 0);
    SECURITY_STATUS status;

    if (clients) {
        one.header.cbApplicationDataLength = (ULONG)strlen(strcpy(one.data, clients));
        exchange->client.extra = (SecBuffer){sizeof(one), SECBUFFER_CHANNEL_BINDINGS, &one};
    }
    if (servers) {
        other.header.cbApplicationDataLength = (ULONG)strlen(strcpy(other.data, servers));
        exchange->server.extra = (SecBuffer){sizeof(other), SECBUFFER_CHANNEL_BINDINGS, &other};
    }
    exchange->server.requested = asked;
    status = exchange_run(exchange);
    exchange_free(exchange);
    return status;
}

START_TEST(channel_bindings_rule_as_they_do_with_ntlm)
{
    const ULONG missing = ASC_REQ_ALLOW_MISSING_BINDINGS, proxy = ASC_REQ_PROXY_BINDINGS;

    ck_assert_int_eq(bound(packages[_i], "tls:1", "tls:1", 0), SEC_E_OK);
    ck_assert_int_eq(bound(packages[_i], "tls:1", "tls:2", missing), SEC_E_BAD_BINDINGS);
    ck_assert_int_eq(bound(packages[_i], "tls:1", NULL, 0), SEC_E_OK);
    ck_assert_int_eq(bound(packages[_i], NULL, "tls:1", 0), SEC_E_BAD_BINDINGS);
    ck_assert_int_eq(bound(packages[_i], NULL, "tls:1", missing), SEC_E_OK);
    ck_assert_int_eq(bound(packages[_i], "proxy's", "tls:1", proxy), SEC_E_OK);
}
END_TEST

/* The server's key of the service is another than the ticket's. */
START_TEST(mutual_authentication_with_another_principal_is_told_to_the_client)
{
    struct exchange *exchange;

    setenv("KRB5_KTNAME", scratch_path("other-keys"), 1);
    setenv("KRB5CCNAME", scratch_path("other-tickets"), 1);
    tickets_begin("alice@HOME.TEST");
    tickets_add(SERVICE, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    setenv("KRB5CCNAME", scratch_path("no-tickets"), 1);
    exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    exchange->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_lt(exchange_server(exchange), 0);
    ck_assert_uint_gt(exchange->server.said, 0);
    exchange->server.length = exchange->server.said;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_WRONG_PRINCIPAL);
    exchange_free(exchange);
}
END_TEST

/* The token was ten minutes on its way, or one of the clocks is wrong. */
START_TEST(sec_e_time_skew_for_both_when_the_clocks_differ)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);

    exchange->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    clock_shift(10L * 60);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_TIME_SKEW);
    ck_assert_uint_gt(exchange->server.said, 0);
    exchange->server.length = exchange->server.said;
    clock_shift(0);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_TIME_SKEW);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_context_expired_when_the_ticket_ended_on_its_way)
{
    struct exchange *exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    clock_shift(TOMORROW);
    ck_assert_int_eq(exchange_server(exchange), SEC_E_CONTEXT_EXPIRED);
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_no_credentials_when_the_tickets_have_expired)
{
    struct exchange *exchange;

    clock_shift(TOMORROW);
    exchange = exchange_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    clock_shift(0);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    const TTest *const alone[] = {
        kerberos_logs_in_with_one_token,
        negotiate_chooses_kerberos_where_there_is_a_ticket,
        negotiate_accepts_raw_kerberos,
        negotiate_accepts_raw_kerberos_in_dces_style,
        pinput_must_bring_the_peers_token_in_dces_style_too,
        kerberos_accepts_only_kerberos,
        isc_req_null_session_is_not_for_kerberos,
        psztargetname_is_needed_for_kerberos,
        psztargetname_that_is_null_leaves_negotiate_with_ntlm,
        negotiate_falls_back_to_ntlm_without_a_ticket_for_the_service,
    };
    const TTest *const both[] = {
        nothing_asked_gives_nothing,
        isc_req_mutual_auth_authenticates_the_server,
        isc_req_protection_is_what_both_sides_have,
        isc_req_identify_is_told_to_the_server,
        isc_req_delegate_needs_mutual_auth,
        psztargetname_forms_are_principals,
        channel_bindings_rule_as_they_do_with_ntlm,
        mutual_authentication_with_another_principal_is_told_to_the_client,
        sec_e_time_skew_for_both_when_the_clocks_differ,
        sec_e_context_expired_when_the_ticket_ended_on_its_way,
        sec_e_no_credentials_when_the_tickets_have_expired,
    };
    Suite *suite = suite_create("sspi kerberos");
    TCase *cases = kerberos_case("kerberos");

    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
        tcase_add_test(cases, alone[i]);
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
