/* SPDX-License-Identifier: MIT */
/* server_test.c - an initiator that meets a hostile server, or somebody who
 * sits before an honest one: what it refuses, and what it does not let itself
 * be talked into. */

#include "config.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm_forge.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

/* The initiator gives up for this reason, says so, and is dead. */
static void assert_gives_up(enum ntlm_error error)
{
    enum ntlm_error actual = exchange_authenticate(&x);

    ck_assert_msg(actual == error, "expected: %s; got: %s", ntlm_error_text(error),
                  ntlm_error_text(actual));
    ck_assert_ptr_null(x.tokens[AUTHENTICATE_SENT].data);
    ck_assert_uint_gt(x.client_side.failed, 0);
    ck_assert_int_eq(x.client_side.error, error);
    assert_initiator_dead(&x);
}

static void challenge_with_flags(uint32_t flags)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_set_flags(&x, CHALLENGE_SENT, flags);
}

static void challenge_without(uint32_t flags)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    challenge_with_flags(exchange_flags(&x, CHALLENGE_SENT) & ~flags);
}

/* Messages */

START_TEST(a_token_that_is_no_challenge_is_refused)
{
    static const struct {
        struct ntlm_bytes token;
        enum ntlm_error error;
    } rows[] = {
        {{(const uint8_t *)"", 0}, NTLM_ERR_TRUNCATED},
        {{(const uint8_t *)"NTLMSSP", 8}, NTLM_ERR_TRUNCATED},
        {{(const uint8_t *)"NTLMSSX\0\2\0\0\0", 12}, NTLM_ERR_NOT_NTLM},
        {{(const uint8_t *)"NTLMSSP\0\2\0\0\0", 12}, NTLM_ERR_TRUNCATED},
        {{(const uint8_t *)"NTLMSSP\0\4\0\0\0", 12}, NTLM_ERR_WRONG_MESSAGE},
    };

    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_replace(&x, CHALLENGE_SENT, rows[_i].token);
    assert_gives_up(rows[_i].error);
}
END_TEST

START_TEST(our_own_negotiate_come_back_is_refused)
{
    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_replace(&x, CHALLENGE_SENT, exchange_token(&x, NEGOTIATE_SENT));
    assert_gives_up(NTLM_ERR_WRONG_MESSAGE);
}
END_TEST

START_TEST(an_authenticate_is_no_challenge)
{
    struct exchange other;

    exchange_begin(&other);
    exchange_run_to(&other, AUTHENTICATE_SENT);
    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_replace(&x, CHALLENGE_SENT, exchange_token(&other, AUTHENTICATE_SENT));
    assert_gives_up(NTLM_ERR_WRONG_MESSAGE);
    exchange_end(&other);
}
END_TEST

static uint8_t large[NTLM_MAX_TOKEN + 1];

START_TEST(a_challenge_beyond_64_kib_is_refused)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    memcpy(large, x.tokens[CHALLENGE_SENT].data, x.tokens[CHALLENGE_SENT].len);
    exchange_replace(&x, CHALLENGE_SENT, ntlm_bytes(large, sizeof(large)));
    assert_gives_up(NTLM_ERR_TOO_LARGE);
}
END_TEST

/* _i: target name or target info; lengths as they lie on the wire. */
START_TEST(a_field_outside_of_the_challenge_is_refused)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    x.tokens[CHALLENGE_SENT].data[(_i ? 40 : 12) + 6] = 1; /* offset + 64 KiB */
    assert_gives_up(NTLM_ERR_FIELD_OUTSIDE);
}
END_TEST

/* States */

START_TEST(a_challenge_before_the_negotiate_is_refused)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    ntlm_initiator_free(x.initiator);
    ntlm_initiator_new(&x.client_side.env, &x.client, &x.initiator);
    assert_gives_up(NTLM_ERR_WRONG_MESSAGE);
}
END_TEST

START_TEST(a_second_challenge_is_refused)
{
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    assert_gives_up(NTLM_ERR_ALREADY_COMPLETE);
}
END_TEST

START_TEST(a_second_negotiate_is_refused)
{
    static const enum ntlm_error errors[] = {
        [NEGOTIATE_SENT] = NTLM_ERR_WRONG_MESSAGE,
        [AUTHENTICATE_SENT] = NTLM_ERR_ALREADY_COMPLETE,
    };
    const int reached = _i ? AUTHENTICATE_SENT : NEGOTIATE_SENT;

    exchange_run_to(&x, reached);
    ck_assert_int_eq(exchange_negotiate(&x), errors[reached]);
    ck_assert_int_eq(x.client_side.error, errors[reached]);
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(nobody_answers_without_an_identity)
{
    uint8_t *token;
    size_t len;

    exchange_run_to(&x, CHALLENGE_SENT);
    ck_assert_int_eq(ntlm_initiator_authenticate(
                         x.initiator, exchange_token(&x, CHALLENGE_SENT), NULL, &token, &len),
                     NTLM_ERR_NO_IDENTITY);
    ck_assert_int_eq(x.client_side.error, NTLM_ERR_NO_IDENTITY);
    assert_initiator_dead(&x);
}
END_TEST

/* Flags */

START_TEST(a_server_without_a_charset_is_refused)
{
    challenge_without(NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM);
    assert_gives_up(NTLM_ERR_NO_CHARSET);
}
END_TEST

START_TEST(a_server_may_not_choose_a_charset_that_was_not_offered)
{
    x.client.oem_only = true;
    exchange_run_to(&x, CHALLENGE_SENT);
    challenge_with_flags(exchange_flags(&x, CHALLENGE_SENT) ^
                         (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM));
    assert_gives_up(NTLM_ERR_NO_CHARSET);
}
END_TEST

START_TEST(a_server_that_drops_what_is_required_is_refused)
{
    challenge_without(_i ? NTLMSSP_NEGOTIATE_128 : NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    assert_gives_up(_i ? NTLM_ERR_WEAK_NO_128 : NTLM_ERR_WEAK_NO_ESS);
}
END_TEST

START_TEST(key_strength_is_required_only_of_a_session_that_is_protected)
{
    x.client.integrity = x.client.confidentiality = false;
    challenge_without(NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
}
END_TEST

START_TEST(a_server_that_does_no_datagrams_is_refused_by_a_client_that_does)
{
    x.client.datagram = x.server.datagram = true;
    challenge_without(NTLMSSP_NEGOTIATE_DATAGRAM);
    assert_gives_up(NTLM_ERR_NO_DATAGRAM);
}
END_TEST

/* The session key is then that of the response. */
START_TEST(a_key_that_the_server_does_not_exchange_is_not_sent)
{
    const struct ntlm_outcome *outcome;

    challenge_without(NTLMSSP_NEGOTIATE_KEY_EXCH);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    outcome = ntlm_initiator_outcome(x.initiator);
    ck_assert_uint_eq(outcome->flags & NTLMSSP_NEGOTIATE_KEY_EXCH, 0);
    ck_assert_uint_eq(exchange_decoded(&x).session_key.len, 0);
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
}
END_TEST

START_TEST(flags_that_were_not_offered_do_not_count)
{
    const uint32_t offered =
        (exchange_run_to(&x, NEGOTIATE_SENT), exchange_flags(&x, NEGOTIATE_SENT));

    challenge_with_flags(UINT32_MAX);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    ck_assert_uint_eq(ntlm_initiator_outcome(x.initiator)->flags &
                          ~(offered | NTLMSSP_NEGOTIATE_TARGET_INFO),
                      0);
}
END_TEST

START_TEST(a_server_that_agrees_to_both_gets_the_stronger_key)
{
    x.client.default_flags = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM |
                             NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_LM_KEY |
                             NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY;
    x.client.integrity = x.client.confidentiality = false;
    exchange_run_to(&x, CHALLENGE_SENT);
    challenge_with_flags(exchange_flags(&x, NEGOTIATE_SENT));
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    ck_assert_uint_eq(
        exchange_flags(&x, AUTHENTICATE_SENT) &
            (NTLMSSP_NEGOTIATE_LM_KEY | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY),
        NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
}
END_TEST

/* A server of the older generation gets no older answer. */
START_TEST(no_flag_talks_a_client_into_an_older_answer)
{
    static const uint32_t flags[] = {
        NTLMSSP_NEGOTIATE_UNICODE,
        NTLMSSP_NEGOTIATE_OEM | NTLMSSP_NEGOTIATE_LM_KEY,
        NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM | NTLMSSP_ANONYMOUS,
    };

    x.client.integrity = x.client.confidentiality = false;
    challenge_with_flags(flags[_i]);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    ck_assert_uint_gt(exchange_decoded(&x).nt_response.len, 44);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->anonymous);
}
END_TEST

/* Target info */

static struct ntlm_bytes target_info;

static void put_target_info(struct ntlm_challenge *message)
{
    message->target_info = target_info;
}

static void challenge_with_info(struct ntlm_bytes info)
{
    exchange_run_to(&x, CHALLENGE_SENT);
    target_info = info;
    exchange_edit_challenge(&x, put_target_info);
}

static const struct ntlm_bytes bad_lists[] = {
    {(const uint8_t *)"\0", 1},
    {(const uint8_t *)"\2\0\2\0D\0", 6}, /* no EOL */
    {(const uint8_t *)"\2\0\xff\xff"
                      "D\0\0\0\0\0",
     10}, /* beyond the end */
    {(const uint8_t *)"\7\0\7\0\1\2\3\4\5\6\7\0\0\0\0", 15},
    {(const uint8_t *)"\7\0\0\0\0\0\0\0", 8},
    {(const uint8_t *)"\6\0\1\0\2\0\0\0\0", 9},
    {(const uint8_t *)"\x0a\0\1\0\2\0\0\0\0", 9},
};

START_TEST(a_challenge_with_bad_pairs_is_refused)
{
    challenge_with_info(bad_lists[_i]);
    assert_gives_up(NTLM_ERR_BAD_AV_PAIRS);
}
END_TEST

/* More pairs than a list may have (1), and than a CHALLENGE may (2). */
START_TEST(too_long_a_list_of_pairs_is_refused)
{
    static const size_t sizes[] = {NTLM_MAX_AV_LIST, NTLM_MAX_AV_LIST + 1, NTLM_MAX_CHALLENGE};
    static const uint8_t zeros[NTLM_MAX_CHALLENGE];
    struct ntlm_writer list = {0};

    x.client.integrity = x.client.confidentiality = false;
    const uint16_t len = (uint16_t)(sizes[_i] - 8);

    ntlm_av_write(&list, MSV_AV_DNS_TREE_NAME, ntlm_bytes(zeros, len));
    ntlm_av_write_eol(&list);
    ck_assert_uint_eq(list.len, sizes[_i]);
    challenge_with_info(ntlm_bytes(list.data, list.len));
    ntlm_writer_clear(&list);
    if (_i == 0)
        ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    else
        assert_gives_up(_i == 1 ? NTLM_ERR_BAD_AV_PAIRS : NTLM_ERR_TOO_LARGE);
}
END_TEST

/* Pairs that are the client's to add are dropped. */
START_TEST(the_server_does_not_speak_for_the_client)
{
    static const char info[] = "\6\0\4\0\7\0\0\0"             /* flags */
                               "\x09\0\4\0e\0v\0"             /* target name */
                               "\x0a\0\x10\0BBBBBBBBBBBBBBBB" /* bindings */
                               "\x08\0\4\0SSSS"               /* single host */
                               "\x20\0\2\0??"                 /* unknown */
                               "\2\0\2\0D\0"                  /* domain */
                               "\0\0\0";                      /* and the literal's NUL */
    struct ntlm_bytes value;

    x.client.target_name = NULL;
    x.client.integrity = x.client.confidentiality = false;
    challenge_with_info(ntlm_bytes(info, sizeof(info)));
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    const struct ntlm_bytes pairs = exchange_pairs(&x);
    ck_assert(!ntlm_av_find(pairs, MSV_AV_FLAGS, &value));
    ck_assert(!ntlm_av_find(pairs, MSV_AV_TARGET_NAME, &value));
    ck_assert(!ntlm_av_find(pairs, MSV_AV_CHANNEL_BINDINGS, &value));
    ck_assert(!ntlm_av_find(pairs, MSV_AV_SINGLE_HOST, &value));
    ck_assert(ntlm_av_find(pairs, 0x20, &value));
    ck_assert(ntlm_av_find(pairs, MSV_AV_NB_DOMAIN_NAME, &value));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server");
    TCase *cases = tcase_create("server");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, a_token_that_is_no_challenge_is_refused, 0, 5);
    tcase_add_test(cases, our_own_negotiate_come_back_is_refused);
    tcase_add_test(cases, an_authenticate_is_no_challenge);
    tcase_add_test(cases, a_challenge_beyond_64_kib_is_refused);
    tcase_add_loop_test(cases, a_field_outside_of_the_challenge_is_refused, 0, 2);
    tcase_add_test(cases, a_challenge_before_the_negotiate_is_refused);
    tcase_add_test(cases, a_second_challenge_is_refused);
    tcase_add_loop_test(cases, a_second_negotiate_is_refused, 0, 2);
    tcase_add_test(cases, nobody_answers_without_an_identity);
    tcase_add_test(cases, a_server_without_a_charset_is_refused);
    tcase_add_test(cases, a_server_may_not_choose_a_charset_that_was_not_offered);
    tcase_add_loop_test(cases, a_server_that_drops_what_is_required_is_refused, 0, 2);
    tcase_add_test(cases, key_strength_is_required_only_of_a_session_that_is_protected);
    tcase_add_test(cases, a_server_that_does_no_datagrams_is_refused_by_a_client_that_does);
    tcase_add_test(cases, a_key_that_the_server_does_not_exchange_is_not_sent);
    tcase_add_test(cases, flags_that_were_not_offered_do_not_count);
    tcase_add_test(cases, a_server_that_agrees_to_both_gets_the_stronger_key);
    tcase_add_loop_test(cases, no_flag_talks_a_client_into_an_older_answer, 0, 3);
    tcase_add_loop_test(cases, a_challenge_with_bad_pairs_is_refused, 0, COUNT(bad_lists));
    tcase_add_loop_test(cases, too_long_a_list_of_pairs_is_refused, 0, 3);
    tcase_add_test(cases, the_server_does_not_speak_for_the_client);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
