/* sspi_kerberos_test.c - Kerberos' side of the rows, without a KDC: tickets and
 * keys are there from the beginning. What only a KDC can say is in
 * sspi_kdc_test.c. */

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <gssapi/gssapi_krb5.h>

#include "scratch.h"
#include "shifted_clock.h"
#include "sspi_machine.h"
#include "sspi_pair.h"
#include "sspi_tickets.h"
#include "sspi_token.h"
#include "suite.h"
#include "timestamp.h"

#define SERVICE "HTTP/server.home.test@HOME.TEST"
#define TOMORROW (25L * 60 * 60)

static const char *const packages[] = {"Kerberos", "Negotiate"};

/* After the machine's own: alice has tickets, and the server a key. */
static void set_up(void)
{
    scratch_write("krb5.conf", "[libdefaults]\n"
                               " default_realm = HOME.TEST\n"
                               " dns_lookup_kdc = false\n"
                               " dns_lookup_realm = false\n"
                               " dns_canonicalize_hostname = false\n"
                               "[domain_realm]\n"
                               " .home.test = HOME.TEST\n");
    tickets_begin("alice@HOME.TEST");
    tickets_add(SERVICE, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
}

static struct pair *pair_of(const char *package, ULONG requested)
{
    struct pair *pair = pair_new(package, NULL);

    pair->client.requested = requested;
    return pair;
}

/* A client and a server with different packages. */
static struct pair *mixed_pair(const char *clients, const char *servers)
{
    struct pair *pair = pair_of(clients, 0);

    side_credential(&pair->server, servers, SECPKG_CRED_INBOUND, NULL);
    return pair;
}

static bool offers_kerberos(const struct side *side)
{
    return token_has(side, gss_mech_krb5->elements, gss_mech_krb5->length);
}

START_TEST(kerberos_logs_in_with_one_token)
{
    struct pair *pair = pair_of("Kerberos", 0);

    ck_assert_int_eq(pair_client(pair), SEC_E_OK);
    ck_assert_uint_eq(pair->client.attributes, 0);
    ck_assert_int_eq(pair_server(pair), SEC_E_OK);
    ck_assert_uint_eq(pair->server.length, 0);
    ck_assert_uint_eq(pair->server.attributes, 0);
    ck_assert_str_eq(pair_package(&pair->client), "Kerberos");
    pair_free(pair);
}
END_TEST

START_TEST(negotiate_chooses_kerberos_where_there_is_a_ticket)
{
    struct pair *pair = pair_of("Negotiate", 0);

    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "Kerberos");
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
    pair_free(pair);
}
END_TEST

START_TEST(negotiate_accepts_raw_kerberos)
{
    struct pair *pair = mixed_pair("Kerberos", "Negotiate");

    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
    pair_free(pair);
}
END_TEST

START_TEST(negotiate_accepts_raw_kerberos_in_dces_style)
{
    struct pair *pair = mixed_pair("Kerberos", "Negotiate");

    pair->client.requested = ISC_REQ_USE_DCE_STYLE | ISC_REQ_MUTUAL_AUTH;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(pair->client.token[0], 0x6e);
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->server), "Kerberos");
    ck_assert_uint_eq(pair->client.attributes & ISC_RET_USED_DCE_STYLE, ISC_RET_USED_DCE_STYLE);
    ck_assert_uint_eq(pair->server.attributes & ASC_RET_USED_DCE_STYLE, ASC_RET_USED_DCE_STYLE);
    pair_free(pair);
}
END_TEST

START_TEST(pinput_must_bring_the_peers_token_in_dces_style_too)
{
    struct pair *pair = pair_of("Kerberos", ISC_REQ_USE_DCE_STYLE | ISC_REQ_MUTUAL_AUTH);

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    pair->client.bare = true;
    ck_assert_int_eq(pair_client(pair), SEC_E_INVALID_TOKEN);
    pair_free(pair);
}
END_TEST

START_TEST(kerberos_accepts_only_kerberos)
{
    struct pair *pair = mixed_pair("Negotiate", "Kerberos");

    ck_assert_int_ge(pair_client(pair), 0);
    ck_assert_int_eq(pair_server(pair), SEC_E_INVALID_TOKEN);
    memcpy(pair->client.token, "NTLMSSP\0\1\0\0\0\0\0\0\0", 16);
    pair->client.length = 16;
    ck_assert_int_eq(pair_server(pair), SEC_E_INVALID_TOKEN);
    pair_free(pair);
}
END_TEST

/* What both sides have in the end when the client asked for this. */
static void gives(const char *package, ULONG requested, ULONG clients, ULONG servers)
{
    struct pair *pair = pair_of(package, requested);

    pair_establish(pair);
    ck_assert_uint_eq(pair->client.attributes, clients);
    ck_assert_uint_eq(pair->server.attributes, servers);
    pair_free(pair);
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
    struct pair *pair = pair_of(packages[_i], ISC_REQ_DELEGATE);

    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair_free(pair);
    /* There is no ticket to forward: the answer tells the truth. */
    gives(packages[_i], ISC_REQ_DELEGATE | ISC_REQ_MUTUAL_AUTH, ISC_RET_MUTUAL_AUTH,
          ASC_RET_MUTUAL_AUTH);
}
END_TEST

START_TEST(isc_req_null_session_is_not_for_kerberos)
{
    struct pair *pair = pair_of("Kerberos", ISC_REQ_NULL_SESSION);

    ck_assert_int_eq(pair_client(pair), SEC_E_UNSUPPORTED_FUNCTION);
    pair_free(pair);
    machine_accounts("HOME:alice:secret\n");
    pair = pair_of("Negotiate", ISC_REQ_NULL_SESSION);
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(!offers_kerberos(&pair->client));
    ck_assert_uint_eq(token_type(&pair->client), 1);
    pair_free(pair);
}
END_TEST

START_TEST(psztargetname_is_needed_for_kerberos)
{
    struct pair *pair = pair_of("Kerberos", 0);

    pair->target = NULL;
    ck_assert_int_eq(pair_client(pair), SEC_E_TARGET_UNKNOWN);
    pair_free(pair);
}
END_TEST

START_TEST(psztargetname_that_is_null_leaves_negotiate_with_ntlm)
{
    SEC_WINNT_AUTH_IDENTITY_A alice = pair_identity("HOME.TEST", "alice", "secret");
    struct pair *pair;

    machine_accounts("HOME.TEST:alice:secret\n");
    pair = pair_new("Negotiate", &alice);
    pair->target = NULL;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert(!offers_kerberos(&pair->client));
    ck_assert_uint_eq(token_type(&pair->client), 1);
    pair_free(pair);
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
        struct pair *pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
        SecPkgContext_NativeNamesA names;
        tickets_add(forms[i].principal, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
        pair->target = (char *)(uintptr_t)forms[i].target;
        pair_establish(pair);
        ck_assert_int_eq(
            QueryContextAttributesA(&pair->server.context, SECPKG_ATTR_NATIVE_NAMES, &names),
            SEC_E_OK);
        ck_assert_str_eq(names.sServerName, forms[i].principal);
        ck_assert_str_eq(names.sClientName, "alice@HOME.TEST");
        FreeContextBuffer(names.sServerName);
        FreeContextBuffer(names.sClientName);
        pair_free(pair);
    }
}
END_TEST

START_TEST(negotiate_falls_back_to_ntlm_without_a_ticket_for_the_service)
{
    struct pair *pair;

    machine_accounts("HOME:alice:secret\n");
    pair = pair_of("Negotiate", 0);
    pair->target = (char *)(uintptr_t) "HTTP/other.home.test";
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_type(&pair->client), 1);
    pair_establish(pair);
    ck_assert_str_eq(pair_package(&pair->client), "NTLM");
    pair_free(pair);
}
END_TEST

START_TEST(ptsexpiry_is_the_tickets)
{
    struct pair *pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    SecPkgContext_Lifespan span;

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    pair_establish(pair);
    ck_assert_int_gt(pair->client.expiry.QuadPart, timestamp_after(35000).QuadPart);
    ck_assert_int_le(pair->client.expiry.QuadPart, timestamp_after(36000).QuadPart);
    ck_assert_int_eq(
        QueryContextAttributesA(&pair->client.context, SECPKG_ATTR_LIFESPAN, &span), SEC_E_OK);
    ck_assert_int_eq(span.tsExpiry.QuadPart, pair->client.expiry.QuadPart);
    pair_free(pair);
}
END_TEST

START_TEST(secpkg_attr_sizes_of_kerberos)
{
    struct pair *pair = pair_of(packages[_i], ISC_REQ_CONFIDENTIALITY);
    SecPkgContext_Sizes sizes;

    pair_establish(pair);
    ck_assert_int_eq(QueryContextAttributesA(&pair->client.context, SECPKG_ATTR_SIZES, &sizes),
                     SEC_E_OK);
    ck_assert_uint_eq(sizes.cbMaxToken, 48000);
    ck_assert_uint_eq(sizes.cbMaxSignature, 28);    /* RFC 4121 4.2.6.1, AES */
    ck_assert_uint_eq(sizes.cbSecurityTrailer, 60); /* 4.2.6.2: header, confounder, HMAC */
    ck_assert_uint_eq(sizes.cbBlockSize, 1);
    pair_free(pair);
}
END_TEST

START_TEST(secpkg_attr_key_info_of_kerberos)
{
    struct pair *pair = pair_of(packages[_i], ISC_REQ_CONFIDENTIALITY);
    SecPkgContext_KeyInfoA info;

    pair_establish(pair);
    ck_assert_int_eq(
        QueryContextAttributesA(&pair->server.context, SECPKG_ATTR_KEY_INFO, &info), SEC_E_OK);
    ck_assert_str_eq(info.sSignatureAlgorithmName, "HMAC-SHA1-96");
    ck_assert_str_eq(info.sEncryptAlgorithmName, "Kerberos AES256-CTS-HMAC-SHA1-96");
    ck_assert_uint_eq(info.KeySize, 256);
    ck_assert_uint_eq(info.EncryptAlgorithm, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    ck_assert_uint_eq(info.SignatureAlgorithm, CKSUMTYPE_HMAC_SHA1_96_AES256);
    FreeContextBuffer(info.sSignatureAlgorithmName);
    FreeContextBuffer(info.sEncryptAlgorithmName);
    pair_free(pair);
}
END_TEST

START_TEST(secpkg_attr_names_and_session_key_of_kerberos)
{
    struct pair *pair = pair_of(packages[_i], 0);
    SecPkgContext_SessionKey ours, theirs;
    SecPkgContext_NamesA names;

    pair_establish(pair);
    ck_assert_int_eq(QueryContextAttributesA(&pair->server.context, SECPKG_ATTR_NAMES, &names),
                     SEC_E_OK);
    ck_assert_str_eq(names.sUserName, "alice@HOME.TEST");
    FreeContextBuffer(names.sUserName);
    ck_assert_int_eq(
        QueryContextAttributesA(&pair->client.context, SECPKG_ATTR_SESSION_KEY, &ours),
        SEC_E_OK);
    ck_assert_int_eq(
        QueryContextAttributesA(&pair->server.context, SECPKG_ATTR_SESSION_KEY, &theirs),
        SEC_E_OK);
    ck_assert_uint_eq(ours.SessionKeyLength, 32);
    ck_assert_uint_eq(theirs.SessionKeyLength, 32);
    ck_assert_mem_eq(ours.SessionKey, theirs.SessionKey, 32);
    FreeContextBuffer(ours.SessionKey);
    FreeContextBuffer(theirs.SessionKey);
    pair_free(pair);
}
END_TEST

START_TEST(secpkg_attr_client_specified_target_is_told_by_the_ticket)
{
    struct pair *pair = pair_of(packages[_i], 0);
    static const WCHAR expected[] = u"HTTP/server.home.test";
    SecPkgContext_ClientSpecifiedTarget target;

    pair_establish(pair);
    ck_assert_int_eq(QueryContextAttributesA(&pair->server.context,
                                             SECPKG_ATTR_CLIENT_SPECIFIED_TARGET, &target),
                     SEC_E_OK);
    ck_assert_mem_eq(target.sTargetName, expected, sizeof(expected));
    FreeContextBuffer(target.sTargetName);
    pair_free(pair);
}
END_TEST

START_TEST(secpkg_attr_last_client_token_status_of_kerberos)
{
    struct pair *pair = pair_of("Kerberos", ISC_REQ_MUTUAL_AUTH);
    SecPkgContext_LastClientTokenStatus last;

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(QueryContextAttributesA(&pair->client.context,
                                             SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_OK);
    ck_assert_int_eq(last.LastClientTokenStatus, SecPkgAttrLastClientTokenYes);
    pair_free(pair);

    pair = pair_of("Kerberos", ISC_REQ_MUTUAL_AUTH | ISC_REQ_USE_DCE_STYLE);
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(QueryContextAttributesA(&pair->client.context,
                                             SECPKG_ATTR_LAST_CLIENT_TOKEN_STATUS, &last),
                     SEC_E_OK);
    ck_assert_int_eq(last.LastClientTokenStatus, SecPkgAttrLastClientTokenNo);
    pair_free(pair);
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
    struct pair *pair = pair_of(package, 0);
    SECURITY_STATUS status;

    if (clients) {
        one.header.cbApplicationDataLength = (ULONG)strlen(strcpy(one.data, clients));
        pair->client.extra = (SecBuffer){sizeof(one), SECBUFFER_CHANNEL_BINDINGS, &one};
    }
    if (servers) {
        other.header.cbApplicationDataLength = (ULONG)strlen(strcpy(other.data, servers));
        pair->server.extra = (SecBuffer){sizeof(other), SECBUFFER_CHANNEL_BINDINGS, &other};
    }
    pair->server.requested = asked;
    status = pair_run(pair);
    pair_free(pair);
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
    struct pair *pair;

    setenv("KRB5_KTNAME", scratch_path("other-keys"), 1);
    setenv("KRB5CCNAME", scratch_path("other-tickets"), 1);
    tickets_begin("alice@HOME.TEST");
    tickets_add(SERVICE, ENCTYPE_AES256_CTS_HMAC_SHA1_96);
    setenv("KRB5CCNAME", scratch_path("no-tickets"), 1);
    pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    pair->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_lt(pair_server(pair), 0);
    ck_assert_uint_gt(pair->server.said, 0);
    pair->server.length = pair->server.said;
    ck_assert_int_eq(pair_client(pair), SEC_E_WRONG_PRINCIPAL);
    pair_free(pair);
}
END_TEST

/* The token was ten minutes on its way, or one of the clocks is wrong. */
START_TEST(sec_e_time_skew_for_both_when_the_clocks_differ)
{
    struct pair *pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);

    pair->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    clock_shift(10L * 60);
    ck_assert_int_eq(pair_server(pair), SEC_E_TIME_SKEW);
    ck_assert_uint_gt(pair->server.said, 0);
    pair->server.length = pair->server.said;
    clock_shift(0);
    ck_assert_int_eq(pair_client(pair), SEC_E_TIME_SKEW);
    pair_free(pair);
}
END_TEST

START_TEST(sec_e_context_expired_when_the_ticket_ended_on_its_way)
{
    struct pair *pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);

    ck_assert_int_eq(pair_client(pair), SEC_I_CONTINUE_NEEDED);
    clock_shift(TOMORROW);
    ck_assert_int_eq(pair_server(pair), SEC_E_CONTEXT_EXPIRED);
    clock_shift(0);
    pair_free(pair);
}
END_TEST

START_TEST(sec_e_context_expired_for_what_is_asked_of_an_expired_context)
{
    struct pair *pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    SecPkgContext_Lifespan span;
    SecPkgContext_NamesA names;

    pair_establish(pair);
    clock_shift(TOMORROW);
    ck_assert_int_eq(QueryContextAttributesA(&pair->client.context, SECPKG_ATTR_NAMES, &names),
                     SEC_E_CONTEXT_EXPIRED);
    ck_assert_int_eq(QueryContextAttributesA(&pair->server.context, SECPKG_ATTR_NAMES, &names),
                     SEC_E_CONTEXT_EXPIRED);
    ck_assert_int_eq(ImpersonateSecurityContext(&pair->server.context),
                     SEC_E_NO_IMPERSONATION);
    ck_assert_int_eq(
        QueryContextAttributesA(&pair->client.context, SECPKG_ATTR_LIFESPAN, &span), SEC_E_OK);
    ck_assert_int_lt(span.tsExpiry.QuadPart, timestamp_at(time(NULL)).QuadPart);
    clock_shift(0);
    pair_free(pair);
}
END_TEST

START_TEST(sec_e_no_credentials_when_the_tickets_have_expired)
{
    struct pair *pair;

    clock_shift(TOMORROW);
    pair = pair_of(packages[_i], ISC_REQ_MUTUAL_AUTH);
    ck_assert_int_eq(pair_client(pair), SEC_E_NO_CREDENTIALS);
    clock_shift(0);
    pair_free(pair);
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
        secpkg_attr_last_client_token_status_of_kerberos,
    };
    const TTest *const both[] = {
        nothing_asked_gives_nothing,
        isc_req_mutual_auth_authenticates_the_server,
        isc_req_protection_is_what_both_sides_have,
        isc_req_identify_is_told_to_the_server,
        isc_req_delegate_needs_mutual_auth,
        psztargetname_forms_are_principals,
        ptsexpiry_is_the_tickets,
        secpkg_attr_sizes_of_kerberos,
        secpkg_attr_key_info_of_kerberos,
        secpkg_attr_names_and_session_key_of_kerberos,
        secpkg_attr_client_specified_target_is_told_by_the_ticket,
        channel_bindings_rule_as_they_do_with_ntlm,
        mutual_authentication_with_another_principal_is_told_to_the_client,
        sec_e_time_skew_for_both_when_the_clocks_differ,
        sec_e_context_expired_when_the_ticket_ended_on_its_way,
        sec_e_context_expired_for_what_is_asked_of_an_expired_context,
        sec_e_no_credentials_when_the_tickets_have_expired,
    };
    Suite *suite = suite_create("sspi kerberos");
    TCase *cases = machine_case("kerberos");

    tcase_add_checked_fixture(cases, set_up, NULL);
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
        tcase_add_test(cases, alone[i]);
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
