/* SPDX-License-Identifier: MIT */
/* initiator_test.c - what the initiator of a negotiation takes from an acceptor, and
 * what it refuses, with NTLM under it. */

#include "config.h"

#include "spnego_exchange.h"

/* ---- what may be left out, and what peers do ---- */

static void leave_out_the_choice(struct token *answer)
{
    answer->supported_mech = NO_BYTES;
}

static void leave_out_the_state(struct token *answer)
{
    answer->state = STATE_NONE;
}

static void repeat_the_token(struct token *answer)
{
    answer->mic = answer->mech_token;
}

static void ask_for_a_mic(struct token *answer)
{
    answer->state = STATE_REQUEST_MIC;
}

static void (*const tolerated_in_the_first_answer[])(struct token *) = {
    leave_out_the_choice, leave_out_the_state, repeat_the_token, ask_for_a_mic};

START_TEST(the_first_answer_may_be_like_this)
{
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, SIGNED, 2);
    answer = sent(&exchange, 1);
    tolerated_in_the_first_answer[_i](&answer);
    replace_token(&exchange, 1, &answer);
    negotiation_finish(&exchange);
    negotiation_is_complete(&exchange);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

/* Windows 2003 says so with NTLM's last token, Samba nothing, old IIS sends an empty
 * token. */
START_TEST(the_last_answer_may_be_like_this)
{
    static const enum token_state states[] = {STATE_ACCEPT_INCOMPLETE, STATE_NONE,
                                              STATE_ACCEPT_COMPLETED};
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, SIGNED, 4);
    answer = sent(&exchange, 3);
    answer.state = states[_i];
    if (answer.state == STATE_ACCEPT_COMPLETED)
        answer.mech_token = (struct der_bytes){(const uint8_t *)"", 0};
    replace_token(&exchange, 3, &answer);
    negotiation_finish(&exchange);
    negotiation_is_complete(&exchange);
    exchange_end(&exchange);
}
END_TEST

/* What krb5 1.21's do, that lose ours. */
START_TEST(an_acceptor_without_a_mic_is_tolerated_where_nobody_asked)
{
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, 0, 4);
    answer = sent(&exchange, 3);
    ck_assert_ptr_nonnull(answer.mic.data);
    answer.mic = NO_BYTES;
    replace_token(&exchange, 3, &answer);
    negotiation_finish(&exchange);
    negotiation_is_complete(&exchange);
    exchange_end(&exchange);
}
END_TEST

/* _i: messages are to be protected, as the caller says; or it says that it is not through;
 * or the administrator says that messages are to be protected. */
START_TEST(an_acceptor_without_a_mic_is_refused_else)
{
    struct exchange exchange;
    struct token answer;

    if (_i == 2)
        fixture_settings("client_require_sign = true\n");
    negotiation_begin(&exchange, _i ? 0 : SIGNED, 4);
    answer = sent(&exchange, 3);
    answer.mic = NO_BYTES;
    if (_i == 1)
        answer.state = STATE_ACCEPT_INCOMPLETE;
    replace_token(&exchange, 3, &answer);
    exchange_step(&exchange);
    negotiation_fails(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN,
                      "mechListMIC is missing");
    assert_contains(side_text(&exchange, &exchange.client), "krb5 1.21");
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_acceptor_that_asked_must_send_its_mic)
{
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, 0, 2);
    answer = sent(&exchange, 1);
    answer.state = STATE_REQUEST_MIC;
    replace_token(&exchange, 1, &answer);
    ck_assert(exchange_step(&exchange));
    ck_assert(exchange_step(&exchange));
    answer = sent(&exchange, 3);
    answer.mic = NO_BYTES;
    replace_token(&exchange, 3, &answer);
    exchange_step(&exchange);
    negotiation_fails(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN,
                      "mechListMIC is missing");
    exchange_end(&exchange);
}
END_TEST

/* ---- what cannot be ---- */

static void choose_what_was_not_offered(struct token *answer)
{
    answer->supported_mech = content_of(&other_oid);
}

static void complete_too_early(struct token *answer)
{
    answer->state = STATE_ACCEPT_COMPLETED;
}

static void add_a_token(struct token *answer)
{
    answer->mech_token = (struct der_bytes){(const uint8_t *)"NTLMSSP", 8};
}

static const struct {
    int step; /* the acceptor's answer that is altered */
    void (*alter)(struct token *answer);
    const char *text;
} refused_answers[] = {
    {1, choose_what_was_not_offered, "was not offered"},
    {1, complete_too_early, "though the mechanism is not complete"},
    {1, leave_out_the_token, "lacks the mechanism's own token"},
    {1, add_a_mic, "the acceptor cannot have made one yet"},
    {1, begin_anew, "not a NegTokenResp"},
    {3, choose_what_was_not_offered, "it had chosen before"},
    {3, ask_for_a_mic, "comes with the first answer only"},
    {3, add_a_token, "though the mechanism is complete"},
    {3, add_a_mic, "mechListMIC is wrong"},
};

START_TEST(an_initiator_refuses_an_answer_that_cannot_be)
{
    int step = refused_answers[_i].step;
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, SIGNED, step + 1);
    answer = sent(&exchange, step);
    refused_answers[_i].alter(&answer);
    replace_token(&exchange, step, &answer);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.client.major));
    assert_contains(side_text(&exchange, &exchange.client), refused_answers[_i].text);
    ck_assert_int_eq(sent(&exchange, step + 1).state, STATE_REJECT);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_rejection_ends_the_login)
{
    const struct token rejection = {.kind = TOKEN_RESPONSE, .state = STATE_REJECT};
    int step = _i == 0 ? 1 : 3;
    struct exchange exchange;

    negotiation_begin(&exchange, SIGNED, step + 1);
    replace_token(&exchange, step, &rejection);
    exchange_step(&exchange);
    negotiation_fails(&exchange, &exchange.client, step == 1 ? GSS_S_BAD_MECH : GSS_S_FAILURE,
                      "the peer rejected the negotiation");
    ck_assert_uint_eq(exchange.tokens[step + 1].length, 0);
    exchange_end(&exchange);
}
END_TEST

/* Another mechanism than the first may be chosen, but then the acceptor proves that
 * it had our list. */
START_TEST(a_choice_that_is_not_the_first_must_be_proved)
{
    const struct token choice = {.kind = TOKEN_RESPONSE,
                                 .state = STATE_ACCEPT_COMPLETED,
                                 .supported_mech = content_of(&ntlmssp_oid)};
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, SIGNED, 2);
    answer = choice;
    replace_token(&exchange, 1, &answer);
    exchange_step(&exchange);
    ck_assert(GSS_ERROR(exchange.client.major));
    exchange_end(&exchange);
}
END_TEST

/* A rejection that comes with a token is looked at as any answer. */
START_TEST(a_rejection_with_a_token_names_what_was_offered)
{
    struct exchange exchange;
    struct token answer;

    negotiation_begin(&exchange, SIGNED, 2);
    answer = sent(&exchange, 1);
    answer.state = STATE_REJECT;
    answer.supported_mech = content_of(&other_oid);
    replace_token(&exchange, 1, &answer);
    exchange_step(&exchange);
    negotiation_fails(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN, "was not offered");
    ck_assert_uint_eq(exchange.tokens[2].length, 0);
    exchange_end(&exchange);
}
END_TEST

/* Nobody asked for integrity, SPNEGO neither: then there is nothing to prove the list by.
 * _i: with the CHALLENGE, or at the end. */
START_TEST(a_mic_is_refused_where_there_is_no_integrity)
{
    gss_cred_id_t credential = credential_without_integrity();
    const int step = _i ? 3 : 1;
    struct exchange exchange;
    struct token answer;

    exchange_begin(&exchange,
                   &(struct request){.mech = SPNEGO, .client_credential = credential});
    for (int i = 0; i <= step; i++)
        ck_assert(exchange_step(&exchange));
    answer = sent(&exchange, step);
    add_a_mic(&answer);
    replace_token(&exchange, step, &answer);
    exchange_step(&exchange);
    negotiation_fails(&exchange, &exchange.client, GSS_S_DEFECTIVE_TOKEN,
                      "the mechanism has no integrity");
    exchange_end(&exchange);
    release(credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_initiator");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "peers");
    tcase_add_loop_test(cases, the_first_answer_may_be_like_this, 0, 4);
    tcase_add_loop_test(cases, the_last_answer_may_be_like_this, 0, 3);
    tcase_add_test(cases, an_acceptor_without_a_mic_is_tolerated_where_nobody_asked);
    tcase_add_loop_test(cases, an_acceptor_without_a_mic_is_refused_else, 0, 3);
    tcase_add_test(cases, an_acceptor_that_asked_must_send_its_mic);
    cases = fixture_case(suite, "initiator");
    tcase_add_loop_test(cases, an_initiator_refuses_an_answer_that_cannot_be, 0,
                        sizeof(refused_answers) / sizeof(refused_answers[0]));
    tcase_add_loop_test(cases, a_rejection_ends_the_login, 0, 2);
    tcase_add_test(cases, a_rejection_with_a_token_names_what_was_offered);
    tcase_add_loop_test(cases, a_mic_is_refused_where_there_is_no_integrity, 0, 2);
    tcase_add_test(cases, a_choice_that_is_not_the_first_must_be_proved);
    return suite_run(suite);
}
