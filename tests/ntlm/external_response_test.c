/* SPDX-License-Identifier: MIT */
/* external_response_test.c - an initiator for which somebody else answers: his answer
 * becomes ours, with our target's name and our MIC, and only when it is what
 * was agreed. */

#include "config.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"
#include "ntlm_exchange.h"
#include "suite.h"

static const uint8_t channel[16] = "on this channel";

/* The deputy is an initiator too, which knows neither our channel nor our
 * target: but it repeats one that a CHALLENGE has, as winbind does. Before it gives its answer
 * away, a test may have it changed. */
static struct deputy {
    struct exchange *x;
    struct ntlm_initiator_config config;
    enum ntlm_error failure; /* instead of an answer */
    void (*edit)(struct ntlm_authenticate *message);
    struct ntlm_bytes answer; /* instead of its own; empty: its own */
    uint8_t challenge[512];   /* as it was shown */
    size_t challenge_len;
} deputy;

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
    deputy = (struct deputy){.x = &x, .config = x.client};
    deputy.config.target_name = NULL;
    deputy.config.workstation = "DEPUTY";
}

static void end(void)
{
    exchange_end(&x);
}

/* Heap memory; NULL: there is none. */
static char *read_target(struct ntlm_bytes challenge)
{
    struct ntlm_challenge message;
    struct ntlm_bytes value;
    char *text = NULL;

    ck_assert_int_eq(ntlm_challenge_decode(challenge, &message), NTLM_OK);
    if (ntlm_av_find(message.target_info, MSV_AV_TARGET_NAME, &value))
        ck_assert_int_eq(ntlm_text_from_utf16(value, &text), NTLM_OK);
    return text;
}

static void make_answer(struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                        uint8_t **token, size_t *len, uint8_t session_key[16])
{
    uint8_t nt_hash[16], *own = NULL;
    char *target = read_target(challenge);
    struct ntlm_secret secret = {.user = "User", .domain = "Domain", .nt_hash = nt_hash};
    struct ntlm_initiator *initiator;

    *token = NULL;
    deputy.config.target_name = target;
    ck_assert_int_eq(ntlm_nt_hash("Password", 8, nt_hash), NTLM_OK);
    ck_assert_int_eq(ntlm_initiator_new(&x.client_side.host, &deputy.config, &initiator),
                     NTLM_OK);
    ck_assert_int_eq(ntlm_initiator_negotiate(initiator, &own, len), NTLM_OK);
    ck_assert_uint_eq(*len, negotiate.len);
    free(own);
    ck_assert_int_eq(ntlm_initiator_authenticate(initiator, challenge, &secret, token, len),
                     NTLM_OK);
    memcpy(session_key, ntlm_initiator_outcome(initiator)->session_key, 16);
    ntlm_initiator_free(initiator);
    free(target);
}

/* The token again, changed. Its MIC stays what it was. */
static void write_edited(struct ntlm_bytes token, struct ntlm_writer *out)
{
    struct ntlm_authenticate message;

    ck_assert_int_eq(ntlm_authenticate_decode(token, &message), NTLM_OK);
    deputy.edit(&message);
    ntlm_authenticate_encode(&message, out);
}

static enum ntlm_error answer(const void *arg, struct ntlm_bytes negotiate,
                              struct ntlm_bytes challenge, struct ntlm_writer *authenticate,
                              uint8_t session_key[16])
{
    uint8_t *token;
    size_t len;

    ck_assert_ptr_eq(arg, &deputy);
    ck_assert_uint_le(challenge.len, sizeof(deputy.challenge));
    memcpy(deputy.challenge, challenge.data, challenge.len);
    deputy.challenge_len = challenge.len;
    if (deputy.failure)
        return deputy.failure;
    make_answer(negotiate, challenge, &token, &len, session_key);
    if (deputy.answer.len > 0)
        ntlm_write(authenticate, deputy.answer.data, deputy.answer.len);
    else if (deputy.edit)
        write_edited(ntlm_bytes(token, len), authenticate);
    else
        ntlm_write(authenticate, token, len);
    free(token);
    return authenticate->error;
}

/* The deputy's AUTHENTICATE is on its way. */
static enum ntlm_error authenticate(void)
{
    const struct ntlm_secret secret = {
        .user = "User", .domain = "Domain", .answer = answer, .arg = &deputy};
    uint8_t *token;
    size_t len;
    enum ntlm_error error = NTLM_OK;

    if (!x.acceptor)
        error = exchange_run_to(&x, CHALLENGE_SENT);
    ck_assert_int_eq(error, NTLM_OK);
    ntlm_initiator_bind(x.initiator, x.client_bindings);
    error = ntlm_initiator_authenticate(x.initiator, exchange_token(&x, CHALLENGE_SENT),
                                        &secret, &token, &len);
    ck_assert((error == NTLM_OK) == (token != NULL));
    if (!error)
        exchange_replace(&x, AUTHENTICATE_SENT, ntlm_bytes(token, len));
    free(token);
    return error;
}

static void assert_accepted(void)
{
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert_int_eq(exchange_accept(&x), NTLM_OK);
    assert_ends_agree(&x);
}

static void assert_refused(enum ntlm_error error)
{
    ck_assert_int_eq(authenticate(), error);
    ck_assert_int_eq(x.client_side.error, error);
    assert_initiator_dead(&x);
}

START_TEST(a_deputys_answer_is_accepted_with_a_mic_over_the_true_tokens)
{
    assert_accepted();
    ck_assert(ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->anonymous);
    ck_assert_str_eq(x.logon->workstation, "DEPUTY");
}
END_TEST

START_TEST(without_protection_there_is_no_mic)
{
    x.client.integrity = x.client.confidentiality = false;
    deputy.config.integrity = deputy.config.confidentiality = false;
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert_int_eq(exchange_accept(&x), NTLM_OK);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->mic);
}
END_TEST

START_TEST(our_target_is_in_the_deputys_answer)
{
    x.server.check_target = NTLM_CHECK_REQUIRED;
    assert_accepted();
    ck_assert_str_eq(ntlm_acceptor_target_name(x.acceptor), "HTTP/server.example.org");
}
END_TEST

START_TEST(a_target_that_is_not_trusted_is_left_out)
{
    x.client.target_unverified = true;
    assert_accepted();
    ck_assert_ptr_null(ntlm_acceptor_target_name(x.acceptor));
}
END_TEST

START_TEST(channel_bindings_are_not_sent_and_that_is_noted)
{
    x.client_bindings = x.server_bindings = channel;
    assert_accepted();
    ck_assert(!ntlm_acceptor_outcome(x.acceptor)->bound);
    ck_assert_ptr_nonnull(strstr(x.client_side.note, "no channel bindings"));
}
END_TEST

static void smuggle_pairs(struct ntlm_challenge *message)
{
    static struct ntlm_writer list;

    ntlm_writer_clear(&list);
    ntlm_av_write_flags(&list, MSV_AV_FLAG_MIC);
    ntlm_av_write(&list, MSV_AV_CHANNEL_BINDINGS, ntlm_bytes(channel, sizeof(channel)));
    ntlm_av_write_text(&list, MSV_AV_TARGET_NAME, "HTTP/elsewhere");
    ntlm_write(&list, message->target_info.data, message->target_info.len);
    message->target_info = ntlm_bytes(list.data, list.len);
}

START_TEST(what_a_server_may_not_say_for_us_is_not_shown_to_the_deputy)
{
    struct ntlm_challenge shown;
    struct ntlm_bytes value;

    ck_assert_int_eq(exchange_run_to(&x, CHALLENGE_SENT), NTLM_OK);
    exchange_edit_challenge(&x, smuggle_pairs);
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert_int_eq(
        ntlm_challenge_decode(ntlm_bytes(deputy.challenge, deputy.challenge_len), &shown),
        NTLM_OK);
    ck_assert_uint_eq(ntlm_av_flags(shown.target_info), 0);
    ck_assert(!ntlm_av_find(shown.target_info, MSV_AV_CHANNEL_BINDINGS, &value));
    ck_assert(ntlm_av_find(shown.target_info, MSV_AV_TARGET_NAME, &value));
    ck_assert_uint_eq(value.len, 2 * strlen("HTTP/server.example.org"));
}
END_TEST

static void drop_target_info(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes(NULL, 0);
}

START_TEST(a_challenge_without_pairs_is_shown_as_it_is)
{
    struct ntlm_bytes sent;

    ck_assert_int_eq(exchange_run_to(&x, CHALLENGE_SENT), NTLM_OK);
    exchange_edit_challenge(&x, drop_target_info);
    ck_assert_int_eq(authenticate(), NTLM_OK);
    sent = exchange_token(&x, CHALLENGE_SENT);
    ck_assert_uint_eq(deputy.challenge_len, sent.len);
    ck_assert_mem_eq(deputy.challenge, sent.data, sent.len);
}
END_TEST

START_TEST(a_deputys_failure_is_ours_in_his_own_words)
{
    deputy.failure = NTLM_ERR_NO_AUTHORITY;
    ck_assert_int_eq(authenticate(), NTLM_ERR_NO_AUTHORITY);
    ck_assert_uint_eq(x.client_side.failed, 0);
    assert_initiator_dead(&x);
}
END_TEST

static void drop_seal(struct ntlm_authenticate *message)
{
    message->flags &= ~NTLMSSP_NEGOTIATE_SEAL;
}

static void drop_128(struct ntlm_authenticate *message)
{
    message->flags &= ~NTLMSSP_NEGOTIATE_128;
}

static void add_lm_key(struct ntlm_authenticate *message)
{
    message->flags |= NTLMSSP_NEGOTIATE_LM_KEY;
}

static void (*const disagreements[])(struct ntlm_authenticate *) = {drop_seal, drop_128,
                                                                    add_lm_key};

START_TEST(an_answer_with_other_flags_than_agreed_is_not_sent)
{
    deputy.edit = disagreements[_i];
    assert_refused(NTLM_ERR_SERVER_FLAGS);
}
END_TEST

static void drop_mic(struct ntlm_authenticate *message)
{
    message->mic_offset = 0;
}

START_TEST(an_answer_that_announces_a_mic_must_have_room_for_it)
{
    deputy.edit = drop_mic;
    assert_refused(NTLM_ERR_MIC_MISSING);
}
END_TEST

START_TEST(an_answer_of_an_older_generation_is_not_sent)
{
    deputy.config.lm_compat_level = 2;
    assert_refused(NTLM_ERR_NTLMV1_REFUSED);
}
END_TEST

START_TEST(an_answer_of_an_older_generation_is_sent_where_that_is_allowed)
{
    x.client.lm_compat_level = deputy.config.lm_compat_level = 2;
    x.server.lm_compat_level = 4;
    assert_accepted();
}
END_TEST

START_TEST(an_answer_that_is_none_is_not_sent)
{
    deputy.answer = ntlm_bytes("NTLMSSP\0\3\0\0\0rubbish", 19);
    ck_assert_int_eq(authenticate(), NTLM_ERR_TRUNCATED);
    ck_assert_str_eq(x.client_side.detail, "in the answer that was made for us");
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(datagrams_are_not_for_deputies)
{
    x.client.datagram = x.server.datagram = true;
    assert_refused(NTLM_ERR_NO_IDENTITY);
    ck_assert_uint_eq(deputy.challenge_len, 0);
}
END_TEST

START_TEST(an_anonymous_logon_needs_no_deputy)
{
    x.client.anonymous = x.server.allow_anonymous = true;
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert_int_eq(exchange_accept(&x), NTLM_OK);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->anonymous);
    ck_assert_uint_eq(deputy.challenge_len, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("deputy");
    TCase *cases = tcase_create("answers");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_deputys_answer_is_accepted_with_a_mic_over_the_true_tokens);
    tcase_add_test(cases, without_protection_there_is_no_mic);
    tcase_add_test(cases, our_target_is_in_the_deputys_answer);
    tcase_add_test(cases, a_target_that_is_not_trusted_is_left_out);
    tcase_add_test(cases, channel_bindings_are_not_sent_and_that_is_noted);
    tcase_add_test(cases, what_a_server_may_not_say_for_us_is_not_shown_to_the_deputy);
    tcase_add_test(cases, a_challenge_without_pairs_is_shown_as_it_is);
    tcase_add_test(cases, a_deputys_failure_is_ours_in_his_own_words);
    tcase_add_loop_test(cases, an_answer_with_other_flags_than_agreed_is_not_sent, 0,
                        sizeof(disagreements) / sizeof(disagreements[0]));
    tcase_add_test(cases, an_answer_that_announces_a_mic_must_have_room_for_it);
    tcase_add_test(cases, an_answer_of_an_older_generation_is_not_sent);
    tcase_add_test(cases, an_answer_of_an_older_generation_is_sent_where_that_is_allowed);
    tcase_add_test(cases, an_answer_that_is_none_is_not_sent);
    tcase_add_test(cases, datagrams_are_not_for_deputies);
    tcase_add_test(cases, an_anonymous_logon_needs_no_deputy);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
