/* SPDX-License-Identifier: MIT */
/* negotiate_test.c - what the shim reads of SPNEGO's tokens, by hand-made
 * ones, and where it leaves the rest to GSSAPI: servers that speak first,
 * exchanges begun anew, the package list. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <gssapi/gssapi_krb5.h>

#include "negotiate.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"
#include "sspi_token.h"
#include "suite.h"

/* DER, written back to front: each piece goes before what there is already. */
struct token {
    unsigned char bytes[512];
    size_t length;
};

static void put(struct token *token, const void *bytes, size_t length)
{
    memmove(token->bytes + length, token->bytes, token->length);
    memcpy(token->bytes, bytes, length);
    token->length += length;
}

/* Makes all there is the content of this tag. */
static void wrap(struct token *token, unsigned char tag)
{
    unsigned char length = (unsigned char)token->length;

    ck_assert_uint_lt(token->length, 0x100);
    put(token, &length, 1);
    if (length >= 0x80)
        put(token, (unsigned char[]){0x81}, 1);
    put(token, &tag, 1);
}

static void put_oid(struct token *token, gss_const_OID oid)
{
    put(token, oid->elements, oid->length);
    put(token, (unsigned char[]){0x06, (unsigned char)oid->length}, 2);
}

static const gss_OID_desc unknown = {3, (void *)(uintptr_t) "\x2a\x03\x04"};

enum kind { END, UNKNOWN, NTLM, KERBEROS, MS_KERBEROS };

static gss_const_OID oid_of(enum kind kind)
{
    switch (kind) {
    case NTLM:
        return package_of(PACKAGE_NTLM)->mech;
    case KERBEROS:
        return gss_mech_krb5;
    case MS_KERBEROS:
        return gss_mech_krb5_wrong;
    default:
        return &unknown;
    }
}

/* A NegTokenInit2 with these mechTypes, END-terminated, and negHints. */
static struct token offer(const enum kind *kinds)
{
    static const unsigned char hints[] = {0xa3, 7, 0x30, 5, 0xa0, 3, 0x1b, 1, 'x'};
    struct token token = {.length = 0};
    size_t count = 0;

    while (kinds[count] != END)
        count++;
    while (count > 0)
        put_oid(&token, oid_of(kinds[--count]));
    wrap(&token, 0x30);
    wrap(&token, 0xa0);
    memcpy(token.bytes + token.length, hints, sizeof(hints));
    token.length += sizeof(hints);
    wrap(&token, 0x30);
    wrap(&token, 0xa0);
    put_oid(&token, package_of(PACKAGE_NEGOTIATE)->mech);
    wrap(&token, 0x60);
    return token;
}

/* A NegTokenResp: accept-incomplete, and perhaps a supportedMech. */
static struct token response(gss_const_OID picked)
{
    static const unsigned char state[] = {0xa0, 3, 0x0a, 1, 1};
    struct token token = {.length = 0};

    if (picked) {
        put_oid(&token, picked);
        wrap(&token, 0xa1);
    }
    put(&token, state, sizeof(state));
    wrap(&token, 0x30);
    wrap(&token, 0xa1);
    return token;
}

static SECURITY_STATUS follow(struct exchange *exchange, const struct token *token)
{
    memcpy(exchange->server.token, token->bytes, token->length);
    exchange->server.length = (ULONG)token->length;
    return exchange_client(exchange);
}

START_TEST(a_server_that_offers_ntlm_gets_ntlm)
{
    static const enum kind lists[][6] = {
        {NTLM}, {UNKNOWN, NTLM}, {NTLM, NTLM, NTLM, NTLM, NTLM}, {MS_KERBEROS, KERBEROS, NTLM}};
    struct token token = offer(lists[_i]);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_eq(follow(exchange, &token), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_secpkg_not_found_when_a_server_offers_nothing_of_ours)
{
    static const enum kind kinds[] = {UNKNOWN, END};
    struct token token = offer(kinds);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_eq(follow(exchange, &token), SEC_E_SECPKG_NOT_FOUND);
    exchange_free(exchange);
}
END_TEST

START_TEST(an_offer_of_nothing_is_an_invalid_token)
{
    static const enum kind kinds[] = {END};
    struct token token = offer(kinds);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_eq(follow(exchange, &token), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_that_offers_kerberos_alone_gets_nothing_else)
{
    static const enum kind kerberos[] = {KERBEROS, END};
    struct token token = offer(kerberos);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_lt(follow(exchange, &token), 0); /* there is no KDC to ask */
    exchange->target = NULL;
    ck_assert_int_eq(follow(exchange, &token), SEC_E_SECPKG_NOT_FOUND);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_that_offers_what_there_is_no_credential_for)
{
    static const enum kind kerberos[] = {KERBEROS, END};
    struct token token = offer(kerberos);
    struct exchange *exchange;

    fixture_accounts("CORP:alice:secret\n"); /* for NTLM the first of them is the default */
    exchange = exchange_new("Negotiate", NULL);
    ck_assert_int_eq(follow(exchange, &token), SEC_E_NO_CREDENTIALS);
    exchange->server.length = 0;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_package_list_restricts_what_a_server_offers)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex =
        identity_of_fields((struct identity_fields){"alice", "CORP", "secret", "!kerberos"});
    static const enum kind kerberos[] = {KERBEROS, END};
    struct token token = offer(kerberos);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    side_credential(&exchange->client, "Negotiate", SECPKG_CRED_OUTBOUND, &ex);
    ck_assert_int_eq(follow(exchange, &token), SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

/* In memory of just that size, so that a tool sees a byte read too many. */
static SECURITY_STATUS follow_exactly(struct exchange *exchange, const unsigned char *bytes,
                                      size_t length)
{
    unsigned char *copy = malloc(length ? length : 1);
    SecBuffer in = {(ULONG)length, SECBUFFER_TOKEN, copy};
    SecBuffer out = {EXCHANGE_TOKEN_MAX, SECBUFFER_TOKEN, exchange->client.token};
    SecBufferDesc input = {SECBUFFER_VERSION, 1, &in}, output = {SECBUFFER_VERSION, 1, &out};
    SECURITY_STATUS status;
    CtxtHandle context;

    memcpy(copy, bytes, length);
    status = InitializeSecurityContextA(&exchange->client.credential, NULL, exchange->target, 0,
                                        0, 0, &input, 0, &context, &output, NULL, NULL);
    free(copy);
    if (status >= 0)
        DeleteSecurityContext(&context);
    return status;
}

START_TEST(an_offer_that_is_cut_short_is_an_invalid_token)
{
    static const enum kind kinds[] = {UNKNOWN, NTLM, END};
    struct token token = offer(kinds);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    for (size_t length = 1; length < token.length; length++)
        ck_assert_int_eq(follow_exactly(exchange, token.bytes, length), SEC_E_INVALID_TOKEN);
    ck_assert_int_eq(follow_exactly(exchange, token.bytes, token.length),
                     SEC_I_CONTINUE_NEEDED);
    exchange_free(exchange);
}
END_TEST

START_TEST(an_offer_of_another_mechanism_is_an_invalid_token)
{
    static const enum kind kinds[] = {NTLM, END};
    struct token token = offer(kinds);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_uint_eq(token.bytes[4 + 5], 0x02); /* the end of SPNEGO's OID */
    token.bytes[4 + 5] = 0x03;
    ck_assert_int_eq(follow(exchange, &token), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

START_TEST(an_offer_of_no_definite_length_is_an_invalid_token)
{
    static const enum kind kinds[] = {NTLM, END};
    static const unsigned char indefinite[] = {0x60, 0x80};
    static const unsigned char large[] = {0x60, 0x89, 1, 0, 0, 0, 0, 0, 0, 0};
    struct token token = offer(kinds), changed = token;
    struct exchange *exchange = exchange_of_alice("Negotiate");

    changed.length -= 2;
    memmove(changed.bytes, token.bytes + 2, changed.length);
    token = changed;
    put(&changed, indefinite, sizeof(indefinite));
    ck_assert_int_eq(follow(exchange, &changed), SEC_E_INVALID_TOKEN);
    changed = token;
    put(&changed, &(unsigned char){(unsigned char)token.length}, 1);
    put(&changed, large, sizeof(large));
    ck_assert_int_eq(follow(exchange, &changed), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

/* X.690 10.1: a length in its shortest form, as mech_spnego.so reads it too. */
START_TEST(an_offer_with_a_length_in_a_longer_form_is_an_invalid_token)
{
    static const enum kind kinds[] = {NTLM, END};
    struct token token = offer(kinds), changed = token;
    struct exchange *exchange = exchange_of_alice("Negotiate");

    changed.length -= 2;
    memmove(changed.bytes, token.bytes + 2, changed.length);
    put(&changed, (unsigned char[]){0x60, 0x81, token.bytes[1]}, 3);
    ck_assert_int_eq(follow(exchange, &changed), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

START_TEST(an_offer_with_any_byte_changed_does_no_harm)
{
    static const enum kind kinds[] = {UNKNOWN, NTLM, END};
    static const unsigned char values[] = {0, 0x30, 0x7f, 0x80, 0x84, 0xff};
    struct token token = offer(kinds);
    struct exchange *exchange = exchange_of_alice("Negotiate");

    for (size_t i = 0; i < token.length; i++)
        for (size_t v = 0; v < sizeof(values); v++) {
            struct token changed = token;
            SECURITY_STATUS status;
            changed.bytes[i] = values[v];
            status = follow_exactly(exchange, changed.bytes, changed.length);
            ck_assert(status == SEC_I_CONTINUE_NEEDED || status == SEC_E_INVALID_TOKEN ||
                      status == SEC_E_SECPKG_NOT_FOUND);
        }
    exchange_free(exchange);
}
END_TEST

START_TEST(a_first_token_that_is_no_offer_is_an_invalid_token)
{
    struct token picks = response(oid_of(NTLM));
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_eq(follow(exchange, &picks), SEC_E_INVALID_TOKEN);
    exchange->server.length = 12;
    memcpy(exchange->server.token, "NTLMSSP\0\2\0\0", 12);
    ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

static const struct package *pick(const struct token *token, size_t length)
{
    unsigned char *copy = malloc(length ? length : 1);
    gss_buffer_desc buffer = {length, copy};
    const struct package *package;

    memcpy(copy, token->bytes, length);
    package = negotiate_selected(&buffer);
    free(copy);
    return package;
}

START_TEST(a_response_tells_which_package_it_picks)
{
    struct token ntlm = response(oid_of(NTLM)), old = response(oid_of(MS_KERBEROS));
    struct token silent = response(NULL), strange = response(&unknown);

    ck_assert_ptr_eq(pick(&ntlm, ntlm.length), package_of(PACKAGE_NTLM));
    ck_assert_ptr_eq(pick(&old, old.length), package_of(PACKAGE_KERBEROS));
    ck_assert_ptr_null(pick(&silent, silent.length));
    ck_assert_ptr_null(pick(&strange, strange.length));
    for (size_t length = 0; length < ntlm.length; length++)
        ck_assert_ptr_null(pick(&ntlm, length));
}
END_TEST

START_TEST(negotiation_info_says_what_was_chosen_as_soon_as_it_is_known)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");

    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_str_eq(exchange_package(&exchange->client), "Negotiate");
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_str_eq(exchange_package(&exchange->server), "NTLM");
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_establish(exchange);
    ck_assert_str_eq(exchange_package(&exchange->client), "NTLM");
    exchange_free(exchange);
}
END_TEST

static const char *const packages[] = {"NTLM", "Negotiate"};

static void session_key(struct side *side, unsigned char key[static 16])
{
    SecPkgContext_SessionKey answer;

    ck_assert_int_eq(QueryContextAttributesA(&side->context, SECPKG_ATTR_SESSION_KEY, &answer),
                     SEC_E_OK);
    ck_assert_uint_eq(answer.SessionKeyLength, 16);
    memcpy(key, answer.SessionKey, 16);
    FreeContextBuffer(answer.SessionKey);
}

START_TEST(a_call_after_success_begins_a_fresh_exchange_on_the_same_handle)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    unsigned char before[16], after[16], servers[16];
    CtxtHandle clients_handle, servers_handle;

    exchange->client.requested = ISC_REQ_INTEGRITY;
    exchange_establish(exchange);
    session_key(&exchange->client, before);
    clients_handle = exchange->client.context;
    servers_handle = exchange->server.context;

    exchange->server.length = 0;
    exchange->servers_turn = false;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_uint_eq(token_type(&exchange->client), 1);
    ck_assert_str_eq(exchange_package(&exchange->client), packages[_i]);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange_establish(exchange);
    session_key(&exchange->client, after);
    session_key(&exchange->server, servers);
    ck_assert_mem_ne(before, after, 16);
    ck_assert_mem_eq(after, servers, 16);
    ck_assert_mem_eq(&clients_handle, &exchange->client.context, sizeof(clients_handle));
    ck_assert_mem_eq(&servers_handle, &exchange->server.context, sizeof(servers_handle));
    exchange_free(exchange);
}
END_TEST

START_TEST(a_fresh_exchange_may_have_another_credential_and_target)
{
    SEC_WINNT_AUTH_IDENTITY_A bob = exchange_identity("CORP", "bob", "geheim");
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    SecPkgContext_NamesA names;

    exchange_establish(exchange);
    side_credential(&exchange->client, packages[_i], SECPKG_CRED_OUTBOUND, &bob);
    exchange->target = (char *)(uintptr_t) "HTTP/other.test";
    exchange->server.length = 0;
    exchange->servers_turn = false;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_str_eq(token_target(&exchange->client), "HTTP/other.test");
    exchange_establish(exchange);
    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_OK);
    ck_assert_str_eq(names.sUserName, "CORP\\bob");
    FreeContextBuffer(names.sUserName);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi negotiate");
    TCase *cases = fixture_case("negotiate");

    tcase_add_loop_test(cases, a_server_that_offers_ntlm_gets_ntlm, 0, 4);
    tcase_add_test(cases, sec_e_secpkg_not_found_when_a_server_offers_nothing_of_ours);
    tcase_add_test(cases, an_offer_of_nothing_is_an_invalid_token);
    tcase_add_test(cases, a_server_that_offers_kerberos_alone_gets_nothing_else);
    tcase_add_test(cases, a_server_that_offers_what_there_is_no_credential_for);
    tcase_add_test(cases, a_package_list_restricts_what_a_server_offers);
    tcase_add_test(cases, an_offer_that_is_cut_short_is_an_invalid_token);
    tcase_add_test(cases, an_offer_of_another_mechanism_is_an_invalid_token);
    tcase_add_test(cases, an_offer_of_no_definite_length_is_an_invalid_token);
    tcase_add_test(cases, an_offer_with_a_length_in_a_longer_form_is_an_invalid_token);
    tcase_add_test(cases, an_offer_with_any_byte_changed_does_no_harm);
    tcase_add_test(cases, a_first_token_that_is_no_offer_is_an_invalid_token);
    tcase_add_test(cases, a_response_tells_which_package_it_picks);
    tcase_add_test(cases, negotiation_info_says_what_was_chosen_as_soon_as_it_is_known);
    tcase_add_loop_test(cases, a_call_after_success_begins_a_fresh_exchange_on_the_same_handle,
                        0, 2);
    tcase_add_loop_test(cases, a_fresh_exchange_may_have_another_credential_and_target, 0, 2);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
