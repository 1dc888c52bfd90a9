/* SPDX-License-Identifier: MIT */
/* initiator_policy_test.c - what an initiator refuses of a CHALLENGE: protection
 * that was asked for and is not granted, and NetBIOS names that are missing; and
 * when it makes a MIC. */

#include "config.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm_exchange.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

/* A server with both names and a timestamp, which grants neither SIGN nor SEAL:
 * flags a2898205. */
static const uint8_t grants_nothing[] = {
    0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x38, 0x00, 0x00, 0x00, 0x05, 0x82, 0x89, 0xa2, 0x01, 0x23, 0x45, 0x67,
    0x89, 0xab, 0xcd, 0xef, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x2a, 0x00,
    0x2a, 0x00, 0x38, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x63, 0x45, 0x00, 0x00, 0x00, 0x0f,
    0x02, 0x00, 0x0c, 0x00, 0x53, 0x00, 0x52, 0x00, 0x56, 0x00, 0x44, 0x00, 0x4f, 0x00,
    0x4d, 0x00, 0x01, 0x00, 0x06, 0x00, 0x53, 0x00, 0x52, 0x00, 0x56, 0x00, 0x07, 0x00,
    0x08, 0x00, 0x10, 0x72, 0x21, 0x58, 0xbf, 0x7e, 0xdd, 0x01, 0x00, 0x00, 0x00, 0x00};

/* A server that grants SIGN and SEAL, and has a MsvAvDnsComputerName alone:
 * flags e2898235. */
static const uint8_t has_no_names[] = {
    0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x38, 0x00, 0x00, 0x00, 0x35, 0x82, 0x89, 0xe2, 0x01, 0x23, 0x45, 0x67,
    0x89, 0xab, 0xcd, 0xef, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x1a, 0x00,
    0x1a, 0x00, 0x38, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x63, 0x45, 0x00, 0x00, 0x00, 0x0f,
    0x03, 0x00, 0x12, 0x00, 0x61, 0x00, 0x2e, 0x00, 0x65, 0x00, 0x78, 0x00, 0x61, 0x00,
    0x6d, 0x00, 0x70, 0x00, 0x6c, 0x00, 0x65, 0x00, 0x00, 0x00, 0x00, 0x00};

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

/* What a caller may ask for. */
enum { NOTHING, DETECTION, INTEGRITY, CONFIDENTIALITY, ASKED };

static void ask(int asked)
{
    x.client.detection = asked == DETECTION;
    x.client.integrity = asked >= INTEGRITY;
    x.client.confidentiality = asked == CONFIDENTIALITY;
}

static enum ntlm_error answer(const uint8_t *challenge, size_t len)
{
    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_replace(&x, CHALLENGE_SENT, ntlm_bytes(challenge, len));
    return exchange_authenticate(&x);
}

/* _i: what was asked for. */
START_TEST(protection_that_was_asked_for_and_is_not_granted_ends_the_login)
{
    ask(_i);
    if (_i < INTEGRITY) {
        ck_assert_int_eq(answer(grants_nothing, sizeof(grants_nothing)), NTLM_OK);
        ck_assert_uint_eq(ntlm_initiator_outcome(x.initiator)->flags & NTLM_PROTECTION, 0);
        return;
    }
    ck_assert_int_eq(answer(grants_nothing, sizeof(grants_nothing)), NTLM_ERR_SERVER_FLAGS);
    ck_assert_int_eq(x.client_side.error, NTLM_ERR_SERVER_FLAGS);
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(sealing_that_was_asked_for_is_not_replaced_by_signing)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_set_flags(&x, CHALLENGE_SENT,
                       exchange_flags(&x, CHALLENGE_SENT) & ~NTLMSSP_NEGOTIATE_SEAL);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_ERR_SERVER_FLAGS);
    ck_assert_str_eq(x.client_side.detail, "no sealing");
}
END_TEST

/* There is no key to protect anything with, whatever the server grants. A SPNEGO asks
 * for integrity by itself. */
START_TEST(an_anonymous_caller_who_asks_for_protection_is_refused)
{
    const int asked = _i % ASKED;
    bool refused;

    ask(asked);
    x.client.anonymous = true;
    x.carried_by_spnego = _i / ASKED;
    refused = asked == CONFIDENTIALITY || (asked == INTEGRITY && !x.carried_by_spnego);
    exchange_run_to(&x, CHALLENGE_SENT);
    ck_assert_int_eq(exchange_authenticate(&x),
                     refused ? NTLM_ERR_ANONYMOUS_PROTECTION : NTLM_OK);
    if (refused)
        assert_initiator_dead(&x);
    else
        ck_assert_uint_eq(ntlm_initiator_outcome(x.initiator)->flags & NTLM_PROTECTION, 0);
}
END_TEST

START_TEST(a_server_without_netbios_names_is_refused_where_protection_was_asked_for)
{
    ask(_i);
    if (_i < INTEGRITY) {
        ck_assert_int_eq(answer(has_no_names, sizeof(has_no_names)), NTLM_OK);
        return;
    }
    ck_assert_int_eq(answer(has_no_names, sizeof(has_no_names)), NTLM_ERR_NO_SERVER_NAMES);
    ck_assert_int_eq(x.client_side.error, NTLM_ERR_NO_SERVER_NAMES);
    assert_initiator_dead(&x);
}
END_TEST

#define DOMAIN_NAME "\2\0\2\0D\0"
#define COMPUTER_NAME "\1\0\2\0S\0"
#define EMPTY_COMPUTER_NAME "\1\0\0\0"
#define END "\0\0\0\0"

static const struct {
    const char *pairs;
    size_t len;
    enum ntlm_error error;
} lists[] = {
    {COMPUTER_NAME DOMAIN_NAME END, 16, NTLM_OK},
    {DOMAIN_NAME COMPUTER_NAME END, 16, NTLM_OK},
    {DOMAIN_NAME END, 10, NTLM_ERR_NO_SERVER_NAMES},
    {COMPUTER_NAME END, 10, NTLM_ERR_NO_SERVER_NAMES},
    {DOMAIN_NAME EMPTY_COMPUTER_NAME END, 14, NTLM_ERR_NO_SERVER_NAMES},
    {DOMAIN_NAME END COMPUTER_NAME, 16, NTLM_ERR_NO_SERVER_NAMES},
    {"", 0, NTLM_ERR_NO_SERVER_NAMES},
};

static int list;

static void put_list(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes(lists[list].pairs, lists[list].len);
}

START_TEST(both_names_are_needed)
{
    list = _i;
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_edit_challenge(&x, put_list);
    ck_assert_int_eq(exchange_authenticate(&x), lists[_i].error);
}
END_TEST

START_TEST(an_older_generation_needs_no_names)
{
    list = COUNT(lists) - 1;
    x.client.lm_compat_level = 2;
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_edit_challenge(&x, put_list);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
}
END_TEST

/* The MIC */

START_TEST(a_timestamp_is_answered_with_a_mic_whatever_is_granted)
{
    static const uint8_t time[8] = {0x10, 0x72, 0x21, 0x58, 0xbf, 0x7e, 0xdd, 0x01};
    static const uint8_t no_lm[24];

    ask(_i);
    ck_assert_int_eq(answer(grants_nothing, sizeof(grants_nothing)), NTLM_OK);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    ck_assert(ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert_uint_eq(message.mic_offset, 72);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), MSV_AV_FLAG_MIC);
    ck_assert_mem_eq(message.nt_response.data + 24, time, sizeof(time));
    ck_assert_uint_eq(message.lm_response.len, sizeof(no_lm));
    ck_assert_mem_eq(message.lm_response.data, no_lm, sizeof(no_lm));
}
END_TEST

START_TEST(under_a_spnego_that_asks_there_is_no_mic_without_protection)
{
    x.carried_by_spnego = true;
    ask(_i);
    ck_assert_int_eq(answer(grants_nothing, sizeof(grants_nothing)), NTLM_OK);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert_uint_eq(exchange_decoded(&x).mic_offset, 0);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), 0);
}
END_TEST

START_TEST(under_a_spnego_that_asks_there_is_a_mic_with_protection)
{
    x.carried_by_spnego = true;
    ask(_i);
    assert_agreed(&x);
    ck_assert(ntlm_initiator_outcome(x.initiator)->mic);
}
END_TEST

/* Of a caller that asks for nothing the protection may be taken away, but not
 * unseen. */
START_TEST(a_man_in_the_middle_who_strips_protection_breaks_the_mic)
{
    ask(DETECTION);
    exchange_run_to(&x, _i);
    exchange_set_flags(&x, _i, exchange_flags(&x, _i) & ~NTLM_PROTECTION);
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("initiator's policy");
    TCase *cases = tcase_create("initiator's policy");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, protection_that_was_asked_for_and_is_not_granted_ends_the_login,
                        0, ASKED);
    tcase_add_test(cases, sealing_that_was_asked_for_is_not_replaced_by_signing);
    tcase_add_loop_test(cases, an_anonymous_caller_who_asks_for_protection_is_refused, 0,
                        2 * ASKED);
    tcase_add_loop_test(
        cases, a_server_without_netbios_names_is_refused_where_protection_was_asked_for, 0,
        ASKED);
    tcase_add_loop_test(cases, both_names_are_needed, 0, COUNT(lists));
    tcase_add_test(cases, an_older_generation_needs_no_names);
    tcase_add_loop_test(cases, a_timestamp_is_answered_with_a_mic_whatever_is_granted, NOTHING,
                        INTEGRITY);
    tcase_add_loop_test(cases, under_a_spnego_that_asks_there_is_no_mic_without_protection,
                        NOTHING, INTEGRITY);
    tcase_add_loop_test(cases, under_a_spnego_that_asks_there_is_a_mic_with_protection,
                        DETECTION, ASKED);
    tcase_add_loop_test(cases, a_man_in_the_middle_who_strips_protection_breaks_the_mic,
                        NEGOTIATE_SENT, AUTHENTICATE_SENT + 1);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
