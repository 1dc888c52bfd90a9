/* SPDX-License-Identifier: MIT */
/* strength_test.c - which protection the two sides agree to, how strong it is,
 * and what they insist on; datagrams and identification. */

#include "config.h"

#include "ntlm_exchange.h"

#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

#define SIGN NTLMSSP_NEGOTIATE_SIGN
#define SEAL NTLMSSP_NEGOTIATE_SEAL
#define ESS NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY
#define KEY_EXCH NTLMSSP_NEGOTIATE_KEY_EXCH
#define B128 NTLMSSP_NEGOTIATE_128
#define B56 NTLMSSP_NEGOTIATE_56

/* NegotiateFlags of a client that leaves the rest to the test. */
#define PLAIN                                                                                  \
    (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET | NTLMSSP_NEGOTIATE_NTLM |             \
     NTLMSSP_NEGOTIATE_ALWAYS_SIGN)

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

static uint32_t agreed(void)
{
    return ntlm_acceptor_outcome(x.acceptor)->flags;
}

static void begin_with(uint32_t flags, bool integrity, bool confidentiality)
{
    exchange_begin(&x);
    x.client.default_flags = PLAIN | flags;
    x.client.require_128 = x.client.require_ess = false;
    x.client.integrity = integrity;
    x.client.confidentiality = confidentiality;
}

static const struct {
    bool integrity, confidentiality;
    uint32_t flags;
} protections[] = {
    {false, false, 0},
    {true, false, SIGN | KEY_EXCH},
    {false, true, SIGN | SEAL | KEY_EXCH},
    {true, true, SIGN | SEAL | KEY_EXCH},
};

START_TEST(protection_is_what_the_client_asks_for)
{
    static const uint32_t strengths[] = {B128 | B56, B128, B56, 0};

    for (int i = 0; i < COUNT(strengths); i++) {
        for (uint32_t ess = 0; ess <= ESS; ess += ESS) {
            begin_with(strengths[i] | ess, protections[_i].integrity,
                       protections[_i].confidentiality);
            assert_agreed(&x);
            ck_assert_uint_eq(agreed() & (SIGN | SEAL | KEY_EXCH | B128 | B56 | ESS),
                              protections[_i].flags | strengths[i] | ess);
            exchange_end(&x);
        }
    }
}
END_TEST

/* The rows in which somebody insists. */
static const struct {
    const char *name;
    uint32_t flags; /* the client's */
    bool integrity, confidentiality;
    bool sign, seal, b128, ess; /* as the server requires */
    enum ntlm_error error;
} required[] = {
    {"signing, and there is none", B128 | ESS, 0, 0, 1, 0, 0, 0, NTLM_ERR_WEAK_NO_SIGN},
    {"signing, and there is", B128 | ESS, 1, 0, 1, 0, 0, 0, NTLM_OK},
    {"signing, and there is sealing", B128 | ESS, 0, 1, 1, 0, 0, 0, NTLM_OK},
    {"sealing, and there is none", B128 | ESS, 0, 0, 0, 1, 0, 0, NTLM_ERR_WEAK_NO_SEAL},
    {"sealing, and there is signing", B128 | ESS, 1, 0, 0, 1, 0, 0, NTLM_ERR_WEAK_NO_SEAL},
    {"sealing, and there is", B128 | ESS, 0, 1, 0, 1, 0, 0, NTLM_OK},
    {"both, and there is neither", B128 | ESS, 0, 0, 1, 1, 0, 0, NTLM_ERR_WEAK_NO_SIGN},
    {"128 bits, and there are 56", B56 | ESS, 1, 0, 0, 0, 1, 0, NTLM_ERR_WEAK_NO_128},
    {"128 bits, and there are 40", ESS, 0, 1, 0, 0, 1, 0, NTLM_ERR_WEAK_NO_128},
    {"128 bits, and they are of no use", B56 | ESS, 0, 0, 0, 0, 1, 0, NTLM_OK},
    {"128 bits, and there are", B128 | ESS, 0, 1, 0, 0, 1, 0, NTLM_OK},
    {"ESS, and there is none", B128, 0, 1, 0, 0, 0, 1, NTLM_ERR_WEAK_NO_ESS},
    {"ESS, and it is of no use", B128, 0, 0, 0, 0, 0, 1, NTLM_OK},
    {"ESS, and there is", B128 | ESS, 0, 1, 0, 0, 0, 1, NTLM_OK},
};

START_TEST(a_server_insists_on_what_it_requires)
{
    begin_with(required[_i].flags, required[_i].integrity, required[_i].confidentiality);
    x.server.require_sign = required[_i].sign;
    x.server.require_seal = required[_i].seal;
    x.server.require_128 = required[_i].b128;
    x.server.require_ess = required[_i].ess;
    ck_assert_msg(exchange_run(&x) == required[_i].error, "%s: %s", required[_i].name,
                  ntlm_error_text(x.server_side.error));
    if (required[_i].error) {
        ck_assert_int_eq(x.server_side.error, required[_i].error);
        assert_acceptor_dead(&x);
    }
}
END_TEST

/* What clients insist on: tests/hostile/server_test.c */

START_TEST(a_key_is_never_exchanged_for_nothing)
{
    begin_with(KEY_EXCH | B128 | ESS, false, false);
    assert_agreed(&x);
    for (int i = 0; i < TOKENS; i++)
        ck_assert_uint_eq(exchange_flags(&x, i) & KEY_EXCH, 0);
    ck_assert_uint_eq(exchange_decoded(&x).session_key.len, 0);
}
END_TEST

START_TEST(a_client_that_asks_to_exchange_a_key_for_nothing_is_not_offered_it)
{
    begin_with(B128 | ESS, false, false);
    x.carried_by_spnego = true; /* no MIC */
    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_set_flags(&x, NEGOTIATE_SENT, exchange_flags(&x, NEGOTIATE_SENT) | KEY_EXCH);
    exchange_run_to(&x, CHALLENGE_SENT);
    ck_assert_uint_eq(exchange_flags(&x, CHALLENGE_SENT) & KEY_EXCH, 0);
    assert_agreed(&x);
}
END_TEST

START_TEST(a_key_exchanged_for_nothing_all_the_same_does_not_count)
{
    begin_with(B128 | ESS, false, false);
    x.carried_by_spnego = true; /* no MIC */
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_set_flags(&x, AUTHENTICATE_SENT, exchange_flags(&x, AUTHENTICATE_SENT) | KEY_EXCH);
    assert_agreed(&x);
}
END_TEST

START_TEST(identification_is_agreed_and_protects_nothing_less)
{
    x.client.identify = true;
    assert_agreed(&x);
    ck_assert(agreed() & NTLMSSP_NEGOTIATE_IDENTIFY);
    ck_assert(ntlm_initiator_outcome(x.initiator)->flags & NTLMSSP_NEGOTIATE_IDENTIFY);
    ck_assert(agreed() & SEAL);
}
END_TEST

/* Version is offered by whoever has one. */
START_TEST(version_is_there_where_both_have_one)
{
    const bool client = _i & 1, server = _i & 2;

    if (!client)
        x.client.version = NULL;
    if (!server)
        x.server.version = NULL;
    assert_agreed(&x);
    ck_assert_int_eq((exchange_flags(&x, NEGOTIATE_SENT) & NTLMSSP_NEGOTIATE_VERSION) != 0,
                     client);
    ck_assert_int_eq((exchange_flags(&x, CHALLENGE_SENT) & NTLMSSP_NEGOTIATE_VERSION) != 0,
                     server);
    ck_assert_int_eq((exchange_flags(&x, AUTHENTICATE_SENT) & NTLMSSP_NEGOTIATE_VERSION) != 0,
                     client && server);
}
END_TEST

START_TEST(a_server_says_whether_it_is_a_domain_s)
{
    struct ntlm_challenge message;

    x.server.domain_member = _i;
    assert_agreed(&x);
    ntlm_challenge_decode(exchange_token(&x, CHALLENGE_SENT), &message);
    ck_assert_uint_eq(message.flags & (NTLMSSP_TARGET_TYPE_DOMAIN | NTLMSSP_TARGET_TYPE_SERVER),
                      _i ? NTLMSSP_TARGET_TYPE_DOMAIN : NTLMSSP_TARGET_TYPE_SERVER);
    ck_assert_uint_eq(message.target_name.len, 12);
    ck_assert_mem_eq(message.target_name.data, _i ? "D\0O\0M\0A\0I\0N" : "S\0E\0R\0V\0E\0R",
                     12);
}
END_TEST

START_TEST(a_client_that_does_not_ask_is_not_told_the_target)
{
    struct ntlm_challenge message;

    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_set_flags(&x, NEGOTIATE_SENT,
                       exchange_flags(&x, NEGOTIATE_SENT) & ~NTLMSSP_REQUEST_TARGET);
    exchange_run_to(&x, CHALLENGE_SENT);
    ntlm_challenge_decode(exchange_token(&x, CHALLENGE_SENT), &message);
    ck_assert_uint_eq(message.target_name.len, 0);
}
END_TEST

START_TEST(the_52_and_64_byte_headers_of_old_clients_are_taken)
{
    const size_t header = _i ? 64 : 52;

    begin_with(B128 | ESS, false, false);
    x.client.version = NULL;
    x.carried_by_spnego = true; /* no MIC */
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_cut_header(&x, header, 64 - header);
    ck_assert_uint_eq(exchange_decoded(&x).header_len, header);
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    ck_assert_uint_eq(agreed() & KEY_EXCH, 0);
}
END_TEST

/* Datagrams */

START_TEST(a_datagram_exchange_begins_with_the_challenge)
{
    x.client.datagram = x.server.datagram = true;
    assert_agreed(&x);
    ck_assert_uint_eq(exchange_token(&x, NEGOTIATE_SENT).len, 0);
    ck_assert(agreed() & NTLMSSP_NEGOTIATE_DATAGRAM);
    ck_assert(agreed() & SEAL);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
}
END_TEST

START_TEST(a_datagram_server_takes_a_negotiate_too)
{
    x.server.datagram = true;
    exchange_run_to(&x, NEGOTIATE_SENT);
    ck_assert_int_eq(exchange_challenge(&x), NTLM_OK);
    ck_assert(exchange_flags(&x, CHALLENGE_SENT) & NTLMSSP_NEGOTIATE_DATAGRAM);
}
END_TEST

START_TEST(a_server_without_datagrams_takes_no_empty_token)
{
    x.client.datagram = true;
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_TRUNCATED);
    ck_assert_int_eq(x.server_side.error, NTLM_ERR_TRUNCATED);
    assert_acceptor_dead(&x);
}
END_TEST

/* Random bytes */

START_TEST(without_random_bytes_there_is_no_exchange)
{
    exchange_run_to(&x, NEGOTIATE_SENT);
    if (_i == 0)
        x.server_side.random_ends = true;
    else
        x.client_side.random_ends = true;
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_RANDOM);
    if (_i == 0)
        assert_acceptor_dead(&x);
    else
        assert_initiator_dead(&x);
}
END_TEST

START_TEST(without_random_bytes_there_is_no_session_key)
{
    static const uint8_t client_challenge[8];

    exchange_run_to(&x, CHALLENGE_SENT);
    x.client_side.script = ntlm_bytes(client_challenge, sizeof(client_challenge));
    x.client_side.random_ends = true;
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_RANDOM);
    assert_initiator_dead(&x);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("strength");
    TCase *cases = tcase_create("strength");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, protection_is_what_the_client_asks_for, 0, COUNT(protections));
    tcase_add_loop_test(cases, a_server_insists_on_what_it_requires, 0, COUNT(required));
    tcase_add_test(cases, a_key_is_never_exchanged_for_nothing);
    tcase_add_test(cases, a_client_that_asks_to_exchange_a_key_for_nothing_is_not_offered_it);
    tcase_add_test(cases, a_key_exchanged_for_nothing_all_the_same_does_not_count);
    tcase_add_test(cases, identification_is_agreed_and_protects_nothing_less);
    tcase_add_loop_test(cases, version_is_there_where_both_have_one, 0, 4);
    tcase_add_loop_test(cases, a_server_says_whether_it_is_a_domain_s, 0, 2);
    tcase_add_test(cases, a_client_that_does_not_ask_is_not_told_the_target);
    tcase_add_loop_test(cases, the_52_and_64_byte_headers_of_old_clients_are_taken, 0, 2);
    tcase_add_test(cases, a_datagram_exchange_begins_with_the_challenge);
    tcase_add_test(cases, a_datagram_server_takes_a_negotiate_too);
    tcase_add_test(cases, a_server_without_datagrams_takes_no_empty_token);
    tcase_add_loop_test(cases, without_random_bytes_there_is_no_exchange, 0, 2);
    tcase_add_test(cases, without_random_bytes_there_is_no_session_key);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
