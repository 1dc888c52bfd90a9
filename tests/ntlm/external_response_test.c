/* SPDX-License-Identifier: MIT */
/* external_response_test.c - an initiator with an external responder, whose
 * AUTHENTICATE becomes ours, with our target's name and our MIC, and only when
 * it is as was agreed. */

#include "config.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/keys.h"
#include "ntlm/text.h"
#include "ntlm_exchange.h"
#include "suite.h"

static const uint8_t channel[16] = "on this channel";

/* The external responder is an initiator too, which knows neither our channel
 * nor our target, but repeats a target that the CHALLENGE has, as winbind does.
 * A test may change what it makes. */
static struct responder {
    struct exchange *x;
    struct ntlm_initiator_config config;
    enum ntlm_error failure; /* returned instead of an AUTHENTICATE */
    void (*edit)(struct ntlm_authenticate *message);
    struct ntlm_bytes instead; /* of its own AUTHENTICATE; empty: its own */
    uint8_t challenge[512];    /* as it was shown */
    size_t challenge_len;
} responder;

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
    responder = (struct responder){.x = &x, .config = x.client};
    responder.config.target_name = NULL;
    responder.config.workstation = "RESPONDER";
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

static void make_authenticate(struct ntlm_bytes negotiate, struct ntlm_bytes challenge,
                              uint8_t **token, size_t *len, uint8_t session_key[16])
{
    uint8_t nt_hash[16], *own = NULL;
    char *target = read_target(challenge);
    struct ntlm_secret secret = {.user = "User", .domain = "Domain", .nt_hash = nt_hash};
    struct ntlm_initiator *initiator;

    *token = NULL;
    responder.config.target_name = target;
    ck_assert_int_eq(ntlm_nt_hash("Password", 8, nt_hash), NTLM_OK);
    ck_assert_int_eq(ntlm_initiator_new(&x.client_side.env, &responder.config, &initiator),
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
    responder.edit(&message);
    ntlm_authenticate_encode(&message, out);
}

static enum ntlm_error respond(const void *arg, struct ntlm_bytes negotiate,
                               struct ntlm_bytes challenge, struct ntlm_writer *authenticate,
                               uint8_t session_key[16])
{
    uint8_t *token;
    size_t len;

    ck_assert_ptr_eq(arg, &responder);
    ck_assert_uint_le(challenge.len, sizeof(responder.challenge));
    memcpy(responder.challenge, challenge.data, challenge.len);
    responder.challenge_len = challenge.len;
    if (responder.failure)
        return responder.failure;
    make_authenticate(negotiate, challenge, &token, &len, session_key);
    if (responder.instead.len > 0)
        ntlm_write(authenticate, responder.instead.data, responder.instead.len);
    else if (responder.edit)
        write_edited(ntlm_bytes(token, len), authenticate);
    else
        ntlm_write(authenticate, token, len);
    free(token);
    return authenticate->error;
}

/* The responder's AUTHENTICATE is on its way. */
static enum ntlm_error authenticate(void)
{
    const struct ntlm_secret secret = {
        .user = "User", .domain = "Domain", .respond = respond, .arg = &responder};
    uint8_t *token;
    size_t len;
    enum ntlm_error error = NTLM_OK;

    if (!x.acceptor)
        error = exchange_run_to(&x, CHALLENGE_SENT);
    ck_assert_int_eq(error, NTLM_OK);
    ntlm_initiator_bind(x.initiator, x.client_bindings);
    error = ntlm_initiator_authenticate(x.initiator, exchange_token(&x, CHALLENGE_SENT),
                                        &secret, &token, &len);
    ck_assert((!error) == (token != NULL));
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

START_TEST(an_external_response_is_accepted_with_a_mic_over_the_true_tokens)
{
    assert_accepted();
    ck_assert(ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->anonymous);
    ck_assert_str_eq(x.logon->workstation, "RESPONDER");
}
END_TEST

static void drop_timestamp(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes("\2\0\2\0D\0\1\0\2\0S\0\0\0\0\0", 16);
}

/* It is the responder who announces a MIC, or does not. */
START_TEST(a_mic_that_the_responder_does_not_announce_is_not_made)
{
    ck_assert_int_eq(exchange_run_to(&x, CHALLENGE_SENT), NTLM_OK);
    exchange_edit_challenge(&x, drop_timestamp);
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert_uint_eq(exchange_decoded(&x).mic_offset, 0);
}
END_TEST

START_TEST(our_target_is_in_the_external_response)
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

START_TEST(what_a_server_may_not_say_for_us_is_not_shown_to_the_responder)
{
    struct ntlm_challenge shown;
    struct ntlm_bytes value;

    ck_assert_int_eq(exchange_run_to(&x, CHALLENGE_SENT), NTLM_OK);
    exchange_edit_challenge(&x, smuggle_pairs);
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert_int_eq(
        ntlm_challenge_decode(ntlm_bytes(responder.challenge, responder.challenge_len), &shown),
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

    x.client.integrity = x.client.confidentiality = false;
    responder.config.integrity = responder.config.confidentiality = false;
    ck_assert_int_eq(exchange_run_to(&x, CHALLENGE_SENT), NTLM_OK);
    exchange_edit_challenge(&x, drop_target_info);
    ck_assert_int_eq(authenticate(), NTLM_OK);
    sent = exchange_token(&x, CHALLENGE_SENT);
    ck_assert_uint_eq(responder.challenge_len, sent.len);
    ck_assert_mem_eq(responder.challenge, sent.data, sent.len);
}
END_TEST

/* The responder knows nothing of this check. */
START_TEST(a_server_without_names_is_refused_where_protection_was_asked_for)
{
    responder.config.integrity = responder.config.confidentiality = false;
    responder.config.detection = true;
    responder.config.default_flags = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM |
                                     NTLMSSP_NEGOTIATE_ALWAYS_SIGN | NTLM_PROTECTION |
                                     NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                                     NTLMSSP_NEGOTIATE_128 | NTLMSSP_NEGOTIATE_56;
    ck_assert_int_eq(exchange_run_to(&x, CHALLENGE_SENT), NTLM_OK);
    exchange_edit_challenge(&x, drop_target_info);
    assert_refused(NTLM_ERR_NO_SERVER_NAMES);
}
END_TEST

START_TEST(a_responders_failure_is_ours_in_his_own_words)
{
    responder.failure = NTLM_ERR_NO_AUTHORITY;
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

START_TEST(an_external_response_with_other_flags_than_agreed_is_not_sent)
{
    responder.edit = disagreements[_i];
    assert_refused(NTLM_ERR_EXTERNAL_FLAGS);
}
END_TEST

static void drop_mic(struct ntlm_authenticate *message)
{
    message->mic_offset = 0;
}

START_TEST(an_external_response_that_announces_a_mic_must_have_room_for_it)
{
    responder.edit = drop_mic;
    assert_refused(NTLM_ERR_MIC_MISSING);
}
END_TEST

START_TEST(an_external_response_of_an_older_generation_is_not_sent)
{
    responder.config.lm_compat_level = 2;
    assert_refused(NTLM_ERR_EXTERNAL_NTLMV1);
}
END_TEST

START_TEST(an_external_response_of_an_older_generation_is_sent_where_that_is_allowed)
{
    x.client.lm_compat_level = responder.config.lm_compat_level = 2;
    x.server.lm_compat_level = 4;
    assert_accepted();
}
END_TEST

START_TEST(an_external_response_that_is_none_is_not_sent)
{
    responder.instead = ntlm_bytes("NTLMSSP\0\3\0\0\0rubbish", 19);
    ck_assert_int_eq(authenticate(), NTLM_ERR_TRUNCATED);
    ck_assert_str_eq(x.client_side.detail, "in the external response");
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(datagrams_are_not_for_responders)
{
    x.client.datagram = x.server.datagram = true;
    assert_refused(NTLM_ERR_NO_IDENTITY);
    ck_assert_uint_eq(responder.challenge_len, 0);
}
END_TEST

START_TEST(an_anonymous_logon_needs_no_responder)
{
    exchange_ask_as_nobody(&x);
    x.server.allow_anonymous = true;
    ck_assert_int_eq(authenticate(), NTLM_OK);
    ck_assert_int_eq(exchange_accept(&x), NTLM_OK);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->anonymous);
    ck_assert_uint_eq(responder.challenge_len, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("responder");
    TCase *cases = tcase_create("external responses");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, an_external_response_is_accepted_with_a_mic_over_the_true_tokens);
    tcase_add_test(cases, a_mic_that_the_responder_does_not_announce_is_not_made);
    tcase_add_test(cases, a_server_without_names_is_refused_where_protection_was_asked_for);
    tcase_add_test(cases, our_target_is_in_the_external_response);
    tcase_add_test(cases, a_target_that_is_not_trusted_is_left_out);
    tcase_add_test(cases, channel_bindings_are_not_sent_and_that_is_noted);
    tcase_add_test(cases, what_a_server_may_not_say_for_us_is_not_shown_to_the_responder);
    tcase_add_test(cases, a_challenge_without_pairs_is_shown_as_it_is);
    tcase_add_test(cases, a_responders_failure_is_ours_in_his_own_words);
    tcase_add_loop_test(cases, an_external_response_with_other_flags_than_agreed_is_not_sent, 0,
                        sizeof(disagreements) / sizeof(disagreements[0]));
    tcase_add_test(cases, an_external_response_that_announces_a_mic_must_have_room_for_it);
    tcase_add_test(cases, an_external_response_of_an_older_generation_is_not_sent);
    tcase_add_test(cases,
                   an_external_response_of_an_older_generation_is_sent_where_that_is_allowed);
    tcase_add_test(cases, an_external_response_that_is_none_is_not_sent);
    tcase_add_test(cases, datagrams_are_not_for_responders);
    tcase_add_test(cases, an_anonymous_logon_needs_no_responder);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
