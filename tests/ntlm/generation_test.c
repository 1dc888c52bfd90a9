/* SPDX-License-Identifier: MIT */
/* generation_test.c - answers of each generation (LM, NTLMv1, NTLMv1 with
 * extended session security, NTLMv2) at each lm_compat_level of both sides,
 * and the keys of the older ones. */

#include "config.h"

#include "ntlm_exchange.h"

#include <string.h>

#include "ntlm/keys.h"
#include "suite.h"

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))
#define LEVELS 6
#define REFUSED NTLM_ERR_NTLMV1_REFUSED

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

/* What a client of each level answers, and what a server of each level makes
 * of it. */
static const struct {
    const char *name;
    enum ntlm_response_kind kind;
    enum ntlm_error servers[LEVELS];
} clients[LEVELS] = {
    {"0, LM and NTLMv1", NTLM_RESPONSE_V1, {0, 0, 0, 0, 0, REFUSED}},
    {"1, NTLMv1 with ESS", NTLM_RESPONSE_V1_ESS, {0, 0, 0, 0, 0, REFUSED}},
    {"2, NTLMv1 with ESS", NTLM_RESPONSE_V1_ESS, {0, 0, 0, 0, 0, REFUSED}},
    {"3, NTLMv2", NTLM_RESPONSE_V2, {0, 0, 0, 0, 0, 0}},
    {"4, NTLMv2", NTLM_RESPONSE_V2, {0, 0, 0, 0, 0, 0}},
    {"5, NTLMv2", NTLM_RESPONSE_V2, {0, 0, 0, 0, 0, 0}},
};

static void assert_ends_with(enum ntlm_error expected, enum ntlm_response_kind kind,
                             const char *client)
{
    enum ntlm_error error = exchange_run(&x);

    ck_assert_msg(error == expected, "a client of level %s, a server of level %u: %s", client,
                  x.server.lm_compat_level, ntlm_error_text(error));
    if (error) {
        ck_assert_int_eq(x.server_side.error, expected);
        assert_acceptor_dead(&x);
    } else {
        ck_assert_int_eq(x.logon->kind, kind);
        assert_ends_agree(&x);
    }
}

/* _i: the client's level. */
START_TEST(a_level_says_what_a_client_answers_and_a_server_takes)
{
    for (unsigned level = 0; level < LEVELS; level++) {
        exchange_begin(&x);
        x.client.lm_compat_level = (unsigned)_i;
        x.server.lm_compat_level = level;
        assert_ends_with(clients[_i].servers[level], clients[_i].kind, clients[_i].name);
        exchange_end(&x);
    }
}
END_TEST

static void drop_nt_response(struct ntlm_authenticate *message)
{
    message->nt_response = ntlm_bytes(NULL, 0);
}

/* Windows 95 sends no more; our own client never does. _i: the server's level. */
START_TEST(an_lm_answer_alone_is_taken_up_to_level_three)
{
    x.client.lm_compat_level = 0;
    x.server.lm_compat_level = (unsigned)_i;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, drop_nt_response);
    assert_ends_with(_i <= 3 ? NTLM_OK : NTLM_ERR_LM_REFUSED, NTLM_RESPONSE_LM, "0, LM");
}
END_TEST

/* NegotiateFlags to start from, of a client of old. */
#define OLD_FLAGS                                                                              \
    (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_REQUEST_TARGET | NTLMSSP_NEGOTIATE_NTLM |             \
     NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLMSSP_NEGOTIATE_56 | NTLMSSP_NEGOTIATE_128)

static void begin_old(unsigned level, uint32_t more_flags)
{
    exchange_begin(&x);
    x.client.lm_compat_level = level;
    x.client.default_flags = OLD_FLAGS | more_flags;
    x.client.require_ess = false;
    x.server.lm_compat_level = 3;
}

static bool lm_response_is_the_nt_response(void)
{
    const struct ntlm_authenticate message = exchange_decoded(&x);

    ck_assert_uint_eq(message.lm_response.len, 24);
    ck_assert_uint_eq(message.nt_response.len, 24);
    return memcmp(message.lm_response.data, message.nt_response.data, 24) == 0;
}

static void assert_lm_response(bool known_hash, unsigned level, bool made_of_the_lm_hash)
{
    uint8_t hash[16], challenge[8], response[24];

    begin_old(level, 0);
    x.no_lm_hash = !known_hash;
    assert_ends_with(NTLM_OK, NTLM_RESPONSE_V1, "old");
    memcpy(challenge, x.tokens[CHALLENGE_SENT].data + 24, sizeof(challenge));
    ntlm_lm_hash("Password", 8, hash);
    ntlm_v1_response(hash, challenge, response);
    ck_assert_int_eq(memcmp(exchange_decoded(&x).lm_response.data, response, 24) == 0,
                     made_of_the_lm_hash);
    ck_assert_int_eq(lm_response_is_the_nt_response(), !made_of_the_lm_hash);
    exchange_end(&x);
}

START_TEST(an_lm_response_is_sent_below_level_two_where_the_lm_hash_is_known)
{
    for (unsigned level = 0; level <= 2; level++) {
        assert_lm_response(true, level, level < 2);
        assert_lm_response(false, level, false);
    }
}
END_TEST

START_TEST(with_extended_session_security_the_lm_response_is_a_challenge)
{
    static const uint8_t zeros[16];

    x.client.lm_compat_level = 1;
    x.server.lm_compat_level = 4;
    assert_agreed(&x);
    const struct ntlm_bytes lm = exchange_decoded(&x).lm_response;
    ck_assert_uint_eq(lm.len, 24);
    ck_assert_mem_ne(lm.data, zeros, 8);
    ck_assert_mem_eq(lm.data + 8, zeros, sizeof(zeros));
}
END_TEST

START_TEST(extended_session_security_that_was_not_agreed_does_not_count)
{
    begin_old(0, 0);
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_set_flags(&x, AUTHENTICATE_SENT,
                       exchange_flags(&x, AUTHENTICATE_SENT) |
                           NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    assert_ends_with(NTLM_OK, NTLM_RESPONSE_V1, "0, with a flag too many");
}
END_TEST

START_TEST(an_older_answer_has_no_mic)
{
    begin_old((unsigned)_i, NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    assert_agreed(&x);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert_uint_eq(exchange_decoded(&x).mic_offset, 0);
}
END_TEST

/* Keys: what the flags ask for, and what they come to. */

#define LM_KEY NTLMSSP_NEGOTIATE_LM_KEY
#define NON_NT NTLMSSP_REQUEST_NON_NT_SESSION_KEY
#define ESS NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY

static const struct {
    uint32_t asked, agreed;
    bool no_lm_hash;
} keys[] = {
    {0, 0, false},
    {LM_KEY, LM_KEY, false},
    {LM_KEY, 0, true}, /* given up */
    {NON_NT, NON_NT, false},
    {LM_KEY | NON_NT, LM_KEY | NON_NT, false},
    {ESS, ESS, false},
    {ESS | LM_KEY | NON_NT, ESS, false}, /* the stronger excludes the weaker */
};

static void drop_key_exch(struct ntlm_challenge *message)
{
    message->flags &= ~NTLMSSP_NEGOTIATE_KEY_EXCH;
}

static void assert_keys(int row, bool exchanged)
{
    begin_old(0, keys[row].asked);
    x.no_lm_hash = keys[row].no_lm_hash;
    exchange_run_to(&x, CHALLENGE_SENT);
    if (!exchanged)
        exchange_edit_challenge(&x, drop_key_exch);
    assert_agreed(&x);
    const uint32_t flags = ntlm_initiator_outcome(x.initiator)->flags;
    ck_assert_uint_eq(flags & (LM_KEY | NON_NT | ESS), keys[row].agreed);
    ck_assert_int_eq((flags & NTLMSSP_NEGOTIATE_KEY_EXCH) != 0, exchanged);
    ck_assert_uint_eq(exchange_decoded(&x).session_key.len, exchanged ? 16 : 0);
    exchange_end(&x);
}

START_TEST(both_sides_come_to_the_key_that_the_flags_ask_for)
{
    assert_keys(_i, true);
    assert_keys(_i, false);
}
END_TEST

/* An OEM client's session key may not be of the NT hash; without an LM hash
 * there is none. */
START_TEST(a_non_nt_session_key_needs_the_lm_hash)
{
    begin_old(0, NON_NT);
    x.no_lm_hash = true;
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_NO_LM_HASH);
    ck_assert_int_eq(x.client_side.error, NTLM_ERR_NO_LM_HASH);
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(an_account_without_an_lm_hash_has_no_lm_key)
{
    begin_old(0, LM_KEY);
    exchange_run_to(&x, AUTHENTICATE_SENT);
    x.no_lm_hash = true;
    assert_refused_for(&x, NTLM_ERR_NO_LM_HASH);
}
END_TEST

START_TEST(a_password_beyond_lm_is_answered_without_it)
{
    begin_old((unsigned)_i, LM_KEY);
    x.password = x.account_password = "more than fourteen characters";
    assert_agreed(&x);
    ck_assert(lm_response_is_the_nt_response());
}
END_TEST

START_TEST(a_wrong_password_is_denied_in_every_generation)
{
    exchange_begin(&x);
    x.client.lm_compat_level = (unsigned)_i;
    x.server.lm_compat_level = 0;
    x.password = "password";
    assert_refused_for(&x, NTLM_ERR_LOGON_DENIED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("generation");
    TCase *cases = tcase_create("generation");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, a_level_says_what_a_client_answers_and_a_server_takes, 0,
                        LEVELS);
    tcase_add_loop_test(cases, an_lm_answer_alone_is_taken_up_to_level_three, 0, LEVELS);
    tcase_add_test(cases, an_lm_response_is_sent_below_level_two_where_the_lm_hash_is_known);
    tcase_add_test(cases, with_extended_session_security_the_lm_response_is_a_challenge);
    tcase_add_test(cases, extended_session_security_that_was_not_agreed_does_not_count);
    tcase_add_loop_test(cases, an_older_answer_has_no_mic, 0, 3);
    tcase_add_loop_test(cases, both_sides_come_to_the_key_that_the_flags_ask_for, 0,
                        COUNT(keys));
    tcase_add_test(cases, a_non_nt_session_key_needs_the_lm_hash);
    tcase_add_test(cases, an_account_without_an_lm_hash_has_no_lm_key);
    tcase_add_loop_test(cases, a_password_beyond_lm_is_answered_without_it, 0, 3);
    tcase_add_loop_test(cases, a_wrong_password_is_denied_in_every_generation, 0, LEVELS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
