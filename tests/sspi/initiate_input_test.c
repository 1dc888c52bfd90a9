/* SPDX-License-Identifier: MIT */
/* initiate_input_test.c - the buffers beside the token in pInput: supplied
 * credentials, and channel bindings on either side. SECBUFFER_TARGET is in
 * sspi_initiate_target_test.c. */

#include "config.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "sspi_identity_fields.h"
#include "sspi_token.h"
#include "suite.h"
#include "system_log.h"

static const char *const packages[] = {"NTLM", "Negotiate"};

static bool has_log; /* of this program's own */
static int system_log = -1;

/* There from the first login on: where no log is, none is looked for again for a second. */
static void listen_to_log(void)
{
    if (has_log)
        system_log = system_log_listen("/dev/log", SOCK_DGRAM);
}

/* What the tests before have left there. */
static void drain_log(void)
{
    while (*system_log_next(system_log))
        continue;
}

static void is_user(struct exchange *exchange, const char *name)
{
    SecPkgContext_NamesA names;

    ck_assert_int_eq(
        QueryContextAttributesA(&exchange->server.context, SECPKG_ATTR_NAMES, &names),
        SEC_E_OK);
    ck_assert_str_eq(names.sUserName, name);
    FreeContextBuffer(names.sUserName);
}

/* Logs in with these supplied, in place of alice. */
static void logs_in_with(const char *package, void *params, size_t size, const char *name)
{
    struct exchange *exchange = exchange_of_alice(package);

    exchange->client.requested = ISC_REQ_USE_SUPPLIED_CREDS;
    exchange->client.extra = (SecBuffer){(ULONG)size, SECBUFFER_PKG_PARAMS, params};
    exchange_establish(exchange);
    ck_assert_uint_eq(exchange->client.attributes & ISC_RET_USED_SUPPLIED_CREDS,
                      ISC_RET_USED_SUPPLIED_CREDS);
    is_user(exchange, name);
    exchange_free(exchange);
}

START_TEST(isc_req_use_supplied_creds_takes_a_narrow_identity)
{
    SEC_WINNT_AUTH_IDENTITY_A bob = exchange_identity("CORP", "bob", "geheim");

    logs_in_with(packages[_i], &bob, sizeof(bob), "CORP\\bob");
}
END_TEST

START_TEST(isc_req_use_supplied_creds_takes_a_wide_identity)
{
    SEC_WINNT_AUTH_IDENTITY_W bob = {(USHORT[]){'b', 'o', 'b'},
                                     3,
                                     (USHORT[]){'C', 'O', 'R', 'P'},
                                     4,
                                     (USHORT[]){'g', 'e', 'h', 'e', 'i', 'm'},
                                     6,
                                     SEC_WINNT_AUTH_IDENTITY_UNICODE};

    logs_in_with(packages[_i], &bob, sizeof(bob), "CORP\\bob");
}
END_TEST

START_TEST(isc_req_use_supplied_creds_takes_an_identity_with_a_package_list)
{
    SEC_WINNT_AUTH_IDENTITY_EXA ex =
        identity_of_fields((struct identity_fields){"bob", "CORP", "geheim", "!Kerberos"});

    logs_in_with(packages[_i], &ex, sizeof(ex), "CORP\\bob");
}
END_TEST

START_TEST(isc_req_use_supplied_creds_takes_an_identity_in_one_block)
{
    PSEC_WINNT_AUTH_IDENTITY_OPAQUE made;
    SEC_WINNT_AUTH_IDENTITY_EX2 bob[4];
    ULONG size;

    ck_assert_int_eq(SspiEncodeStringsAsAuthIdentity(u"bob", u"CORP", u"geheim", &made),
                     SEC_E_OK);
    memcpy(bob, made, sizeof(bob[0]));
    ck_assert_uint_eq(bob[0].Version, SEC_WINNT_AUTH_IDENTITY_VERSION_2);
    size = bob[0].cbStructureLength;
    ck_assert_uint_le(size, sizeof(bob));
    memcpy(bob, made, size);
    SspiFreeAuthIdentity(made);
    logs_in_with(packages[_i], bob, size, "CORP\\bob");
}
END_TEST

START_TEST(isc_req_use_supplied_creds_without_the_buffer_has_no_credentials)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    exchange->client.requested = ISC_REQ_USE_SUPPLIED_CREDS;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    exchange_free(exchange);
}
END_TEST

START_TEST(sec_e_unknown_credentials_for_supplied_ones_beyond_their_buffer)
{
    SEC_WINNT_AUTH_IDENTITY_A bob = exchange_identity("CORP", "bob", "geheim");
    SEC_WINNT_AUTH_IDENTITY_EXA ex = {.Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
                                      .Length = sizeof(ex),
                                      .User = bob.User,
                                      .UserLength = bob.UserLength,
                                      .Flags = SEC_WINNT_AUTH_IDENTITY_ANSI};
    SEC_WINNT_AUTH_IDENTITY_EX2 block = {.Version = SEC_WINNT_AUTH_IDENTITY_VERSION_2,
                                         .cbHeaderLength = sizeof(block),
                                         .cbStructureLength = sizeof(block) + 1};
    const SecBuffer bad[] = {{sizeof(bob) - 1, SECBUFFER_PKG_PARAMS, &bob},
                             {3, SECBUFFER_PKG_PARAMS, &bob},
                             {sizeof(bob), SECBUFFER_PKG_PARAMS, NULL},
                             {sizeof(ex) - 1, SECBUFFER_PKG_PARAMS, &ex},
                             {sizeof(block) - 1, SECBUFFER_PKG_PARAMS, &block},
                             {sizeof(block), SECBUFFER_PKG_PARAMS, &block}};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        exchange->client.requested = ISC_REQ_USE_SUPPLIED_CREDS;
        exchange->client.extra = bad[i];
        ck_assert_int_eq(exchange_client(exchange), SEC_E_UNKNOWN_CREDENTIALS);
        exchange_free(exchange);
    }
}
END_TEST

START_TEST(supplied_credentials_do_not_make_an_inbound_credential_outbound)
{
    SEC_WINNT_AUTH_IDENTITY_A bob = exchange_identity("CORP", "bob", "geheim");
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    CredHandle outbound = exchange->client.credential;

    exchange->client.credential = exchange->server.credential;
    exchange->client.requested = ISC_REQ_USE_SUPPLIED_CREDS;
    exchange->client.extra = (SecBuffer){sizeof(bob), SECBUFFER_PKG_PARAMS, &bob};
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    exchange->client.requested = ISC_REQ_NULL_SESSION;
    ck_assert_int_eq(exchange_client(exchange), SEC_E_NO_CREDENTIALS);
    exchange->client.credential = outbound;
    exchange_free(exchange);
}
END_TEST

START_TEST(supplied_credentials_that_were_not_asked_for_are_left_alone)
{
    SEC_WINNT_AUTH_IDENTITY_A bob = exchange_identity("CORP", "bob", "geheim");
    struct exchange *exchange = exchange_of_alice(packages[_i]);

    exchange->client.extra = (SecBuffer){sizeof(bob), SECBUFFER_PKG_PARAMS, &bob};
    exchange_establish(exchange);
    is_user(exchange, "CORP\\alice");
    exchange_free(exchange);
}
END_TEST

/* SEC_CHANNEL_BINDINGS with some application data behind. */
struct bindings {
    SEC_CHANNEL_BINDINGS header;
    char data[32];
};

static SecBuffer bound(struct bindings *bindings, const char *data)
{
    memset(bindings, 0, sizeof(*bindings));
    bindings->header.cbApplicationDataLength = (ULONG)strlen(data);
    bindings->header.dwApplicationDataOffset = offsetof(struct bindings, data);
    strcpy(bindings->data, data);
    return (SecBuffer){sizeof(*bindings), SECBUFFER_CHANNEL_BINDINGS, bindings};
}

/* One exchange with these bindings (NULL: none) and what the server asks for. */
static SECURITY_STATUS exchange(const char *package, const char *clients, const char *servers,
                                ULONG asked)
{
    struct exchange *exchange = exchange_of_alice(package);
    struct bindings one, other;
    SECURITY_STATUS status;

    if (clients)
        exchange->client.extra = bound(&one, clients);
    if (servers)
        exchange->server.extra = bound(&other, servers);
    exchange->server.requested = asked;
    status = exchange_run(exchange);
    exchange_free(exchange);
    return status;
}

START_TEST(channel_bindings_that_match_are_accepted)
{
    ck_assert_int_eq(exchange(packages[_i], "tls-unique:1", "tls-unique:1", 0), SEC_E_OK);
}
END_TEST

START_TEST(sec_e_bad_bindings_for_channel_bindings_that_differ)
{
    const ULONG missing = ASC_REQ_ALLOW_MISSING_BINDINGS;

    ck_assert_int_eq(exchange(packages[_i], "tls-unique:1", "tls-unique:2", 0),
                     SEC_E_BAD_BINDINGS);
    ck_assert_int_eq(exchange(packages[_i], "tls-unique:1", "tls-unique:2", missing),
                     SEC_E_BAD_BINDINGS);
}
END_TEST

START_TEST(channel_bindings_of_the_client_alone_are_not_compared)
{
    ck_assert_int_eq(exchange(packages[_i], "tls-unique:1", NULL, 0), SEC_E_OK);
}
END_TEST

START_TEST(asc_req_allow_missing_bindings_lets_a_client_without_any_in)
{
    const ULONG missing = ASC_REQ_ALLOW_MISSING_BINDINGS;

    ck_assert_int_eq(exchange(packages[_i], NULL, "tls-unique:1", 0), SEC_E_BAD_BINDINGS);
    ck_assert_int_eq(exchange(packages[_i], NULL, "tls-unique:1", missing), SEC_E_OK);
}
END_TEST

/* The last word in the record of logons is that of the server's program. */
START_TEST(a_client_without_bindings_that_is_refused_is_recorded_as_refused)
{
    if (!has_log)
        return;
    drain_log();
    exchange(packages[_i], NULL, "tls-unique:1", 0);
    ck_assert_ptr_nonnull(strstr(system_log_next(system_log), "outcome=\"success\""));
    ck_assert_ptr_nonnull(strstr(system_log_next(system_log),
                                 "]: refusal outcome=\"failure\" account="
                                 "\"CORP\\\\alice\" reason=\"the "
                                 "client sent no channel bindings"));
    exchange(packages[_i], NULL, "tls-unique:1", ASC_REQ_ALLOW_MISSING_BINDINGS);
    ck_assert_ptr_nonnull(strstr(system_log_next(system_log), "outcome=\"success\""));
    ck_assert_str_eq(system_log_next(system_log), "");
}
END_TEST

START_TEST(asc_req_proxy_bindings_compares_nothing)
{
    const ULONG proxy = ASC_REQ_PROXY_BINDINGS;

    ck_assert_int_eq(exchange(packages[_i], "the proxy's", "our own", proxy), SEC_E_OK);
    ck_assert_int_eq(exchange(packages[_i], NULL, "our own", proxy), SEC_E_OK);
}
END_TEST

START_TEST(channel_bindings_reach_the_authenticate)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    struct bindings bindings;
    size_t length = 0;

    exchange->client.extra = bound(&bindings, "tls-unique:1");
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_ge(exchange_client(exchange), 0);
    ck_assert_ptr_nonnull(token_av(&exchange->client, TOKEN_AV_CHANNEL_BINDINGS, &length));
    ck_assert_uint_eq(length, 16);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_fresh_exchange_needs_no_bindings_because_the_one_before_had_some)
{
    struct exchange *exchange = exchange_of_alice(packages[_i]);
    struct bindings one, other;

    exchange->client.extra = bound(&one, "tls-unique:1");
    exchange->server.extra = bound(&other, "tls-unique:1");
    exchange_establish(exchange);
    exchange->client.extra = exchange->server.extra = (SecBuffer){0, 0, NULL};
    exchange->server.length = 0;
    exchange->servers_turn = false;
    ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
    ck_assert_int_eq(exchange_server(exchange), SEC_I_CONTINUE_NEEDED);
    exchange_establish(exchange);
    exchange_free(exchange);
}
END_TEST

START_TEST(a_server_that_refuses_missing_bindings_sends_no_acceptance)
{
    struct exchange *exchange = exchange_of_alice("Negotiate");
    struct bindings bindings;

    exchange->server.extra = bound(&bindings, "tls-unique:1");
    exchange->server.requested = ASC_REQ_EXTENDED_ERROR;
    ck_assert_int_eq(exchange_run(exchange), SEC_E_BAD_BINDINGS);
    ck_assert_uint_eq(exchange->server.said, 0);
    exchange_free(exchange);
}
END_TEST

/* Offsets and lengths that leave the buffer, and buffers too small for them. */
static const struct {
    ULONG length, offset, size;
} hostile[] = {
    {1, sizeof(struct bindings), sizeof(struct bindings)},
    {33, offsetof(struct bindings, data), sizeof(struct bindings)},
    {UINT32_MAX, 1, sizeof(struct bindings)},
    {1, UINT32_MAX, sizeof(struct bindings)},
    {0, 0, sizeof(SEC_CHANNEL_BINDINGS) - 1},
    {0, 0, 0},
};

START_TEST(hostile_channel_bindings_are_an_invalid_parameter)
{
    struct bindings bindings;

    for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
        struct exchange *exchange = exchange_of_alice(packages[_i]);
        SecBuffer buffer = bound(&bindings, "");
        bindings.header.cbApplicationDataLength = hostile[i].length;
        bindings.header.dwApplicationDataOffset = hostile[i].offset;
        buffer.cbBuffer = hostile[i].size;
        exchange->client.extra = buffer;
        ck_assert_int_eq(exchange_client(exchange), SEC_E_INVALID_PARAMETER);
        exchange->client.extra = (SecBuffer){0, 0, NULL};
        ck_assert_int_eq(exchange_client(exchange), SEC_I_CONTINUE_NEEDED);
        exchange->server.extra = buffer;
        ck_assert_int_eq(exchange_server(exchange), SEC_E_INVALID_PARAMETER);
        exchange_free(exchange);
    }
}
END_TEST

int main(void)
{
    const TTest *const both[] = {
        isc_req_use_supplied_creds_takes_a_narrow_identity,
        isc_req_use_supplied_creds_takes_a_wide_identity,
        isc_req_use_supplied_creds_takes_an_identity_with_a_package_list,
        isc_req_use_supplied_creds_takes_an_identity_in_one_block,
        isc_req_use_supplied_creds_without_the_buffer_has_no_credentials,
        sec_e_unknown_credentials_for_supplied_ones_beyond_their_buffer,
        supplied_credentials_that_were_not_asked_for_are_left_alone,
        channel_bindings_that_match_are_accepted,
        sec_e_bad_bindings_for_channel_bindings_that_differ,
        channel_bindings_of_the_client_alone_are_not_compared,
        asc_req_allow_missing_bindings_lets_a_client_without_any_in,
        a_client_without_bindings_that_is_refused_is_recorded_as_refused,
        asc_req_proxy_bindings_compares_nothing,
        channel_bindings_reach_the_authenticate,
        hostile_channel_bindings_are_an_invalid_parameter,
        a_fresh_exchange_needs_no_bindings_because_the_one_before_had_some,
        supplied_credentials_do_not_make_an_inbound_credential_outbound,
    };
    Suite *suite;
    TCase *cases;

    has_log = system_log_begin();
    if (!has_log)
        printf("ok - a_client_without_bindings_that_is_refused_is_recorded_as_refused # SKIP a "
               "log of its own takes a mount namespace\n");
    suite = suite_create("sspi initiate input");
    cases = fixture_case("input");
    tcase_add_unchecked_fixture(cases, listen_to_log, NULL);
    for (size_t i = 0; i < sizeof(both) / sizeof(both[0]); i++)
        tcase_add_loop_test(cases, both[i], 0, 2);
    tcase_add_test(cases, a_server_that_refuses_missing_bindings_sends_no_acceptance);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
