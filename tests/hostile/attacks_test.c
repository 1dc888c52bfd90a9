/* SPDX-License-Identifier: MIT */
/* attacks_test.c - what an acceptor must refuse, each for its own reason: the
 * known attacks on the exchange as a whole. Messages altered byte by byte:
 * tampering_test.c; replays, reflections and
 * clocks: replay_test.c; malformed ones: malformed_test.c; a hostile server:
 * server_test.c. */

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

/* Who may come in */

START_TEST(a_wrong_password_and_an_unknown_user_get_the_same_answer)
{
    if (_i == 0)
        x.password = "guess";
    else
        x.user = "Nobody";
    assert_refused_for(&x, NTLM_ERR_LOGON_DENIED);
}
END_TEST

START_TEST(what_the_accounts_say_is_passed_on)
{
    static const enum ntlm_error errors[] = {
        NTLM_ERR_ACCOUNT_DISABLED, NTLM_ERR_ACCOUNT_EXPIRED, NTLM_ERR_ACCOUNT_LOCKED,
        NTLM_ERR_PASSWORD_EXPIRED, NTLM_ERR_NO_AUTHORITY,
    };

    exchange_run_to(&x, AUTHENTICATE_SENT);
    ck_assert_int_eq(
        ntlm_acceptor_authenticate(x.acceptor, exchange_token(&x, AUTHENTICATE_SENT), &x.logon),
        NTLM_OK);
    ck_assert_int_eq(ntlm_acceptor_denied(x.acceptor, errors[_i]), errors[_i]);
    assert_acceptor_dead(&x);
}
END_TEST

START_TEST(nobody_comes_in_without_keys_but_the_anonymous)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    ck_assert_int_eq(
        ntlm_acceptor_authenticate(x.acceptor, exchange_token(&x, AUTHENTICATE_SENT), &x.logon),
        NTLM_OK);
    ck_assert_int_eq(ntlm_acceptor_finish(x.acceptor, NULL), NTLM_ERR_BAD_ARGUMENT);
    assert_acceptor_dead(&x);
}
END_TEST

/* To make somebody else's logon anonymous gives nothing away. */
static void make_anonymous(struct ntlm_authenticate *message)
{
    message->user = message->nt_response = ntlm_bytes(NULL, 0);
    message->lm_response = BYTES("\0");
    message->flags |= NTLMSSP_ANONYMOUS;
}

START_TEST(who_is_made_anonymous_on_the_way_is_so_and_unprotected)
{
    const struct ntlm_outcome *outcome;

    x.server.allow_anonymous = _i;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, make_anonymous);
    if (!_i) {
        assert_refused_for(&x, NTLM_ERR_ANONYMOUS_REFUSED);
        return;
    }
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    outcome = ntlm_acceptor_outcome(x.acceptor);
    ck_assert(outcome->anonymous);
    ck_assert_uint_eq(outcome->flags & NTLM_PROTECTION, 0);
}
END_TEST

static void drop_responses(struct ntlm_authenticate *message)
{
    message->nt_response = message->lm_response = ntlm_bytes(NULL, 0);
}

START_TEST(who_has_a_name_and_no_answer_is_not_anonymous)
{
    x.server.allow_anonymous = true;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, drop_responses);
    assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
}
END_TEST

START_TEST(the_anonymous_are_not_let_in_where_protection_is_required)
{
    exchange_ask_as_nobody(&x);
    x.server.allow_anonymous = x.server.require_sign = true;
    assert_refused_for(&x, NTLM_ERR_WEAK_NO_SIGN);
}
END_TEST

/* The MIC. To drop it (CVE-2019-1040) Version and the flags that ask for
 * protection go too. */

static void drop_mic(struct ntlm_authenticate *message)
{
    message->mic_offset = 0;
}

static void drop_mic_and_version(struct ntlm_authenticate *message)
{
    message->mic_offset = 0;
    message->has_version = false;
    message->flags &= ~NTLMSSP_NEGOTIATE_VERSION;
}

static void drop_mic_version_and_protection(struct ntlm_authenticate *message)
{
    drop_mic_and_version(message);
    message->flags &=
        ~(NTLM_PROTECTION | NTLMSSP_NEGOTIATE_KEY_EXCH | NTLMSSP_NEGOTIATE_ALWAYS_SIGN);
}

START_TEST(an_announced_mic_must_not_be_missing)
{
    static void (*const ways[])(struct ntlm_authenticate *) = {drop_mic, drop_mic_and_version,
                                                               drop_mic_version_and_protection};
    static const size_t headers[] = {72, 64, 64};

    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, ways[_i]);
    ck_assert_uint_eq(exchange_decoded(&x).header_len, headers[_i]);
    assert_refused_for(&x, NTLM_ERR_MIC_MISSING);
}
END_TEST

START_TEST(an_announced_mic_must_not_go_with_the_flags)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_cut_header(&x, 52, 36);
    ck_assert_uint_eq(exchange_decoded(&x).header_len, 52);
    assert_refused_for(&x, NTLM_ERR_MIC_MISSING);
}
END_TEST

START_TEST(a_mic_of_zeros_is_wrong)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    memset(x.tokens[AUTHENTICATE_SENT].data + 72, 0, NTLM_MIC_SIZE);
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
}
END_TEST

static void drop_version(struct ntlm_authenticate *message)
{
    message->has_version = false;
    message->flags &= ~NTLMSSP_NEGOTIATE_VERSION;
}

START_TEST(version_cannot_be_taken_from_under_the_mic)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, drop_version);
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
}
END_TEST

/* The pairs of our CHALLENGE with others in front of them, and without their
 * timestamp when that is to go. */
static struct ntlm_writer edited_pairs;

static void put_edited_pairs(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes(edited_pairs.data, edited_pairs.len);
}

static void smuggle(uint16_t id, struct ntlm_bytes value, bool timestamp)
{
    struct ntlm_challenge challenge;
    struct ntlm_av_pair pair;

    exchange_run_to(&x, CHALLENGE_SENT);
    ntlm_challenge_decode(exchange_token(&x, CHALLENGE_SENT), &challenge);
    ntlm_av_write(&edited_pairs, id, value);
    while (ntlm_av_next(&challenge.target_info, &pair))
        if (timestamp || pair.id != MSV_AV_TIMESTAMP)
            ntlm_av_write(&edited_pairs, pair.id, pair.value);
    ntlm_av_write_eol(&edited_pairs);
    exchange_edit_challenge(&x, put_edited_pairs);
    ntlm_writer_clear(&edited_pairs);
}

/* CVE-2019-1166: a client must not take MsvAvFlags from a CHALLENGE. */
START_TEST(smuggled_flags_do_not_speak_for_the_client)
{
    smuggle(MSV_AV_FLAGS, BYTES("\0\0\0\0"), true);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    struct ntlm_bytes pairs = exchange_pairs(&x);
    struct ntlm_av_pair pair;
    int count = 0;
    while (ntlm_av_next(&pairs, &pair))
        count += pair.id == MSV_AV_FLAGS;
    ck_assert_int_eq(count, 1);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), MSV_AV_FLAG_MIC);
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
}
END_TEST

/* An acceptor must not believe them of a client that did. */
START_TEST(smuggled_flags_do_not_hide_the_client_s_own)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    if (_i == 0)
        forge_first(&x, MSV_AV_FLAGS, BYTES("\0\0\0\0"));
    else
        forge_last(&x, MSV_AV_FLAGS, BYTES("\0\0\0\0"));
    exchange_edit_authenticate(&x, drop_mic);
    assert_refused_for(&x, NTLM_ERR_MIC_MISSING);
}
END_TEST

/* Without a timestamp a client makes no MIC. */
START_TEST(a_timestamp_taken_out_of_the_challenge_is_missed)
{
    smuggle(0x20, BYTES("in its place"), false);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->mic);
    assert_refused_for(&x, NTLM_ERR_CHALLENGE_ALTERED);
}
END_TEST

START_TEST(without_a_mic_a_response_has_to_give_our_timestamp_back)
{
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    if (_i == 0)
        forge_without(&x, MSV_AV_TIMESTAMP);
    else
        forge_first(&x, MSV_AV_TIMESTAMP, BYTES("\1\2\3\4\5\6\7\1"));
    assert_refused_for(&x, NTLM_ERR_CHALLENGE_ALTERED);
}
END_TEST

/* Channel bindings and target names */

static const uint8_t ours[16] = {1}, theirs[16] = {2};

START_TEST(a_client_of_another_tls_channel_is_refused)
{
    x.client_bindings = theirs;
    x.server_bindings = ours;
    assert_refused_for(&x, NTLM_ERR_BINDINGS_DIFFER);
}
END_TEST

START_TEST(smuggled_bindings_do_not_speak_for_the_client)
{
    x.client_bindings = theirs;
    x.server_bindings = ours;
    smuggle(MSV_AV_CHANNEL_BINDINGS, ntlm_bytes(ours, sizeof(ours)), true);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    struct ntlm_bytes bindings;
    ck_assert(ntlm_av_find(exchange_pairs(&x), MSV_AV_CHANNEL_BINDINGS, &bindings));
    ck_assert_mem_eq(bindings.data, theirs, sizeof(theirs));
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
}
END_TEST

/* Of a client that gives back whatever it got. */
START_TEST(bindings_and_target_names_are_not_taken_twice)
{
    static const struct {
        uint16_t id;
        struct ntlm_bytes value;
    } rows[] = {
        {MSV_AV_CHANNEL_BINDINGS, {ours, sizeof(ours)}},
        {MSV_AV_TARGET_NAME, {(const uint8_t *)"s\0e\0r\0v\0e\0r", 12}},
    };

    x.client_bindings = theirs;
    x.server_bindings = ours;
    x.client.target_name = "HTTP/elsewhere";
    x.server.check_target = NTLM_CHECK_REQUIRED;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    forge_first(&x, rows[_i].id, rows[_i].value);
    assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
}
END_TEST

START_TEST(a_client_that_meant_another_server_is_refused)
{
    x.client.target_name = "HTTP/elsewhere";
    x.server.check_target = NTLM_CHECK_IF_SENT;
    assert_refused_for(&x, NTLM_ERR_TARGET_NAME);
}
END_TEST

/* Protection taken out of one message, where it is required and where not.
 * _i: the message. */

static const struct {
    const char *name;
    uint32_t flags;
    enum ntlm_error required;
} strengths[] = {
    {"sign", NTLM_PROTECTION, NTLM_ERR_WEAK_NO_SIGN},
    {"seal", NTLMSSP_NEGOTIATE_SEAL, NTLM_ERR_WEAK_NO_SEAL},
    {"128 bits", NTLMSSP_NEGOTIATE_128, NTLM_ERR_WEAK_NO_128},
    {"ESS", NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY, NTLM_ERR_WEAK_NO_ESS},
};

/* Of a client that asks for nothing, and takes what it gets: the server finds
 * out alone. */
static void strip(int message, uint32_t flags)
{
    x.client.integrity = x.client.confidentiality = false;
    x.client.detection = true;
    x.client.default_flags = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM |
                             NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLM_PROTECTION |
                             NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                             NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56;
    x.client.require_128 = x.client.require_ess = false;
    exchange_run_to(&x, message);
    exchange_set_flags(&x, message, exchange_flags(&x, message) & ~flags);
}

START_TEST(required_protection_must_not_be_dropped)
{
    for (int i = 0; i < COUNT(strengths); i++) {
        exchange_begin(&x);
        x.server.require_sign = i == 0;
        x.server.require_seal = i == 1;
        x.server.require_128 = i == 2;
        x.server.require_ess = i == 3;
        strip(_i, strengths[i].flags);
        assert_refused_for(&x, strengths[i].required);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(protection_that_is_not_required_is_not_dropped_unseen)
{
    for (int i = 0; i < COUNT(strengths); i++) {
        exchange_begin(&x);
        strip(_i, strengths[i].flags);
        ck_assert_msg(exchange_run(&x) == NTLM_ERR_MIC_WRONG, "%s: %s", strengths[i].name,
                      x.server_side.detail);
        assert_acceptor_dead(&x);
        exchange_end(&x);
    }
}
END_TEST

/* _i: the message out of which SIGN and SEAL are taken, or SEAL alone. */
START_TEST(protection_that_the_caller_asked_for_is_had_or_the_login_fails)
{
    for (int i = 0; i < 2; i++) {
        exchange_begin(&x);
        exchange_run_to(&x, _i);
        exchange_set_flags(&x, _i, exchange_flags(&x, _i) & ~strengths[i].flags);
        ck_assert_int_eq(exchange_run(&x), NTLM_ERR_SERVER_FLAGS);
        ck_assert_int_eq(x.client_side.error, NTLM_ERR_SERVER_FLAGS);
        assert_initiator_dead(&x);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(flags_that_were_not_offered_do_not_count)
{
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true; /* no MIC */
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_set_flags(&x, AUTHENTICATE_SENT, UINT32_MAX);
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    ck_assert_uint_eq(ntlm_acceptor_outcome(x.acceptor)->flags & NTLM_PROTECTION, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attacks");
    TCase *cases = tcase_create("attacks");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, a_wrong_password_and_an_unknown_user_get_the_same_answer, 0, 2);
    tcase_add_loop_test(cases, what_the_accounts_say_is_passed_on, 0, 5);
    tcase_add_test(cases, nobody_comes_in_without_keys_but_the_anonymous);
    tcase_add_loop_test(cases, who_is_made_anonymous_on_the_way_is_so_and_unprotected, 0, 2);
    tcase_add_test(cases, who_has_a_name_and_no_answer_is_not_anonymous);
    tcase_add_test(cases, the_anonymous_are_not_let_in_where_protection_is_required);
    tcase_add_loop_test(cases, an_announced_mic_must_not_be_missing, 0, 3);
    tcase_add_test(cases, an_announced_mic_must_not_go_with_the_flags);
    tcase_add_test(cases, a_mic_of_zeros_is_wrong);
    tcase_add_test(cases, version_cannot_be_taken_from_under_the_mic);
    tcase_add_test(cases, smuggled_flags_do_not_speak_for_the_client);
    tcase_add_loop_test(cases, smuggled_flags_do_not_hide_the_client_s_own, 0, 2);
    tcase_add_test(cases, a_timestamp_taken_out_of_the_challenge_is_missed);
    tcase_add_loop_test(cases, without_a_mic_a_response_has_to_give_our_timestamp_back, 0, 2);
    tcase_add_test(cases, a_client_of_another_tls_channel_is_refused);
    tcase_add_test(cases, smuggled_bindings_do_not_speak_for_the_client);
    tcase_add_loop_test(cases, bindings_and_target_names_are_not_taken_twice, 0, 2);
    tcase_add_test(cases, a_client_that_meant_another_server_is_refused);
    tcase_add_loop_test(cases, required_protection_must_not_be_dropped, 0, TOKENS);
    tcase_add_loop_test(cases, protection_that_is_not_required_is_not_dropped_unseen, 0,
                        TOKENS);
    tcase_add_loop_test(cases, protection_that_the_caller_asked_for_is_had_or_the_login_fails,
                        0, AUTHENTICATE_SENT);
    tcase_add_test(cases, flags_that_were_not_offered_do_not_count);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
