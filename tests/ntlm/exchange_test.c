/* SPDX-License-Identifier: MIT */
/* exchange_test.c - both sides of an exchange as they are meant to be used,
 * talking to each other: what the tokens say of time, MIC and AV pairs. Responses
 * older than NTLMv2: generation_test.c; strengths: strength_test.c; attacks:
 * tests/hostile. */

#include "config.h"

#include "ntlm_exchange.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/keys.h"
#include "suite.h"

static struct exchange x;

static void begin(void)
{
    exchange_begin(&x);
}

static void end(void)
{
    exchange_end(&x);
}

/* What the NTLMv2 response says of time. */
static uint64_t response_time(void)
{
    struct ntlm_reader in;

    ntlm_reader_init(&in, exchange_decoded(&x).nt_response);
    ntlm_read_bytes(&in, 24);
    return ntlm_read64(&in);
}

static bool has_pair(uint16_t id)
{
    struct ntlm_bytes value;

    return ntlm_av_find(exchange_pairs(&x), id, &value);
}

/* Time and MIC */

START_TEST(an_answer_to_a_timestamp_has_that_time_and_a_mic)
{
    static const uint8_t zeros[24];

    x.client_side.now += 10000000;
    assert_agreed(&x);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    ck_assert(ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert_uint_eq(message.mic_offset, 72);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), MSV_AV_FLAG_MIC);
    ck_assert_uint_eq(response_time(), x.server_side.now);
    ck_assert_uint_eq(message.lm_response.len, sizeof(zeros));
    ck_assert_mem_eq(message.lm_response.data, zeros, sizeof(zeros));
}
END_TEST

/* The AV pairs of a server that does not say what time it is. */
static void drop_timestamp(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes("\2\0\2\0D\0\1\0\2\0S\0\0\0\0\0", 16);
}

START_TEST(an_answer_without_a_timestamp_has_our_time_and_no_mic)
{
    struct ntlm_bytes lm;

    x.client_side.now += 10000000;
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_edit_challenge(&x, drop_timestamp);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    ck_assert(!ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert(!has_pair(MSV_AV_FLAGS));
    ck_assert_uint_eq(exchange_decoded(&x).mic_offset, 0);
    ck_assert_uint_eq(response_time(), x.client_side.now);
    lm = exchange_decoded(&x).lm_response; /* LMv2 ends in ChallengeFromClient */
    ck_assert_uint_eq(lm.len, 24);
    ck_assert_mem_eq(lm.data + 16, exchange_decoded(&x).nt_response.data + 32, 8);
}
END_TEST

static void drop_target_info(struct ntlm_challenge *message)
{
    message->target_info = ntlm_bytes(NULL, 0);
    message->flags &= ~NTLMSSP_NEGOTIATE_TARGET_INFO;
}

START_TEST(a_server_without_target_info_is_answered)
{
    x.client.integrity = x.client.confidentiality = false;
    exchange_run_to(&x, CHALLENGE_SENT);
    exchange_edit_challenge(&x, drop_target_info);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    ck_assert_int_eq(ntlm_av_check(exchange_pairs(&x)), NTLM_OK);
}
END_TEST

/* A server that sends a timestamp gets a MIC whatever protection there is. */
START_TEST(without_protection_there_is_a_mic_all_the_same)
{
    x.client.integrity = x.client.confidentiality = false;
    assert_agreed(&x);
    ck_assert_uint_eq(exchange_flags(&x, AUTHENTICATE_SENT) & NTLM_PROTECTION, 0);
    ck_assert(ntlm_initiator_outcome(x.initiator)->mic);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), MSV_AV_FLAG_MIC);
}
END_TEST

static void fill_mic(struct ntlm_authenticate *message)
{
    message->mic_offset = 72;
}

START_TEST(a_mic_that_was_not_announced_need_not_be_right)
{
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true; /* so there is none */
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, fill_mic);
    x.tokens[AUTHENTICATE_SENT].data[80] = 0x55;
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    ck_assert(!ntlm_acceptor_outcome(x.acceptor)->mic);
}
END_TEST

START_TEST(the_mic_lies_behind_a_version_of_zeros_where_there_is_none)
{
    static const uint8_t zeros[8];

    x.client.version = NULL;
    assert_agreed(&x);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
    ck_assert_uint_eq(exchange_decoded(&x).mic_offset, 72);
    ck_assert_mem_eq(x.tokens[AUTHENTICATE_SENT].data + 64, zeros, sizeof(zeros));
}
END_TEST

/* Puts the MIC of the AUTHENTICATE, as it now is, there. */
static void sign_again(size_t mic_offset)
{
    uint8_t mic[NTLM_MIC_SIZE];

    ck_assert_int_eq(ntlm_mic(ntlm_initiator_outcome(x.initiator)->session_key,
                              exchange_token(&x, NEGOTIATE_SENT),
                              exchange_token(&x, CHALLENGE_SENT),
                              exchange_token(&x, AUTHENTICATE_SENT), mic_offset, mic),
                     NTLM_OK);
    memcpy(x.tokens[AUTHENTICATE_SENT].data + mic_offset, mic, sizeof(mic));
}

START_TEST(the_mic_of_an_old_client_lies_where_version_would_be)
{
    x.client.version = NULL;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_cut_header(&x, 64, 8);
    sign_again(64);
    assert_agreed(&x);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
}
END_TEST

START_TEST(the_server_s_pairs_are_given_back_and_ours_are_added)
{
    static const uint8_t machine_id[32] = {1, 2, 3}, bindings[16] = {4, 5, 6};
    struct ntlm_challenge challenge;
    struct ntlm_av_pair theirs, ours;
    struct ntlm_bytes value;

    x.client.machine_id = machine_id;
    x.client_bindings = x.server_bindings = bindings;
    assert_agreed(&x);
    ntlm_challenge_decode(exchange_token(&x, CHALLENGE_SENT), &challenge);
    struct ntlm_bytes pairs = exchange_pairs(&x), list = challenge.target_info;
    ck_assert_int_eq(ntlm_av_check(pairs), NTLM_OK);
    for (int i = 0; i < 5; i++) { /* four names and the time */
        ck_assert(ntlm_av_next(&list, &theirs) && ntlm_av_next(&pairs, &ours));
        ck_assert_uint_eq(ours.id, theirs.id);
        ck_assert_uint_eq(ours.value.len, theirs.value.len);
        ck_assert_mem_eq(ours.value.data, theirs.value.data, theirs.value.len);
    }
    ck_assert(!ntlm_av_next(&list, &theirs));
    ck_assert(ntlm_av_find(pairs, MSV_AV_SINGLE_HOST, &value));
    ck_assert_uint_eq(value.len, 48);
    ck_assert_uint_eq(value.data[0], 48); /* Size */
    ck_assert_mem_eq(value.data + 16, machine_id, sizeof(machine_id));
    ck_assert(ntlm_av_find(pairs, MSV_AV_CHANNEL_BINDINGS, &value));
    ck_assert_uint_eq(value.len, sizeof(bindings));
    ck_assert_mem_eq(value.data, bindings, sizeof(bindings));
    ck_assert(ntlm_av_find(pairs, MSV_AV_TARGET_NAME, &value));
    ck_assert_uint_eq(value.len, 2 * strlen(x.client.target_name));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("exchange");
    TCase *cases = tcase_create("exchange");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, an_answer_to_a_timestamp_has_that_time_and_a_mic);
    tcase_add_test(cases, an_answer_without_a_timestamp_has_our_time_and_no_mic);
    tcase_add_test(cases, a_server_without_target_info_is_answered);
    tcase_add_test(cases, without_protection_there_is_a_mic_all_the_same);
    tcase_add_test(cases, a_mic_that_was_not_announced_need_not_be_right);
    tcase_add_test(cases, the_mic_lies_behind_a_version_of_zeros_where_there_is_none);
    tcase_add_test(cases, the_mic_of_an_old_client_lies_where_version_would_be);
    tcase_add_test(cases, the_server_s_pairs_are_given_back_and_ours_are_added);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
