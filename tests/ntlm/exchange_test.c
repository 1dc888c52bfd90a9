/* SPDX-License-Identifier: MIT */
/* exchange_test.c - both sides of an exchange as they are meant to be used,
 * talking to each other: what the tokens say, and what comes of it. Answers
 * older than NTLMv2: generation_test.c; strengths: strength_test.c; whoever
 * means ill: tests/hostile. */

#include "config.h"

#include "ntlm_exchange.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/keys.h"
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

/* Channel bindings */

static const uint8_t here[16] = {1}, elsewhere[16] = {2}, zeros[16];

static const struct {
    const char *name;
    const uint8_t *client, *server;
    enum ntlm_check check;
    enum ntlm_error error;
    bool bound;
} bindings[] = {
    {"alike", here, here, NTLM_CHECK_IF_SENT, NTLM_OK, true},
    {"alike, required", here, here, NTLM_CHECK_REQUIRED, NTLM_OK, true},
    {"different", here, elsewhere, NTLM_CHECK_IF_SENT, NTLM_ERR_BINDINGS_DIFFER, false},
    {"different, required", here, elsewhere, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_DIFFER,
     false},
    {"none here", NULL, here, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"none here, required", NULL, here, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING, false},
    {"none there", here, NULL, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"none there, required", here, NULL, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING, false},
    {"none at all", NULL, NULL, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"none at all, required", NULL, NULL, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING,
     false},
    {"zeros, which are none", zeros, here, NTLM_CHECK_IF_SENT, NTLM_OK, false},
    {"zeros, required", zeros, here, NTLM_CHECK_REQUIRED, NTLM_ERR_BINDINGS_MISSING, false},
};

START_TEST(channel_bindings_are_compared)
{
    x.client_bindings = bindings[_i].client;
    x.server_bindings = bindings[_i].server;
    x.server.check_bindings = bindings[_i].check;
    ck_assert_msg(exchange_run(&x) == bindings[_i].error, "%s", bindings[_i].name);
    ck_assert_msg(has_pair(MSV_AV_CHANNEL_BINDINGS) == (bindings[_i].client != NULL), "%s",
                  bindings[_i].name);
    if (!bindings[_i].error)
        ck_assert_msg(ntlm_acceptor_outcome(x.acceptor)->bound == bindings[_i].bound, "%s",
                      bindings[_i].name);
    else
        ck_assert_int_eq(x.server_side.error, bindings[_i].error);
}
END_TEST

/* Target names */

static const struct {
    const char *name;
    bool ours;
} targets[] = {
    {"HTTP/server", true},
    {"HTTP/server.example.org", true},
    {"http/SERVER.Example.ORG", true},
    {"HTTP/server:8080", true},
    {"ldap/server.example.org/example.org", true},
    {"ldap/server:389/example.org", true},
    {"server", true},
    {"server:80", true},
    {"HTTP/[2001:db8::1]", true},
    {"HTTP/[2001:DB8::1]:443", true},
    {"HTTP/[2001:db8::2]", false},
    {"HTTP/2001:db8::1", false},
    {"HTTP/other", false},
    {"HTTP/serve", false},
    {"HTTP/server2", false},
    {"HTTP/server.example.org.evil.example", false},
    {"server/other", false},
    {"HTTP/", false},
    {"HTTP/:80", false},
    {"/", false},
};

START_TEST(a_target_name_has_to_be_ours_where_it_is_checked)
{
    const enum ntlm_error refused = targets[_i].ours ? NTLM_OK : NTLM_ERR_TARGET_NAME;
    static const enum ntlm_check checks[] = {NTLM_CHECK_OFF, NTLM_CHECK_IF_SENT,
                                             NTLM_CHECK_REQUIRED};

    for (int i = 0; i < COUNT(checks); i++) {
        struct exchange *one = &x;

        exchange_begin(one);
        one->client.target_name = targets[_i].name;
        one->server.check_target = checks[i];
        ck_assert_msg(exchange_run(one) == (checks[i] == NTLM_CHECK_OFF ? NTLM_OK : refused),
                      "%s, checked: %d", targets[_i].name, i);
        ck_assert_str_eq(ntlm_acceptor_target_name(one->acceptor), targets[_i].name);
        exchange_end(one);
    }
}
END_TEST

/* _i: an empty name, or no pair at all. */
START_TEST(a_target_name_may_be_missing_unless_required)
{
    static const enum ntlm_error errors[] = {NTLM_OK, NTLM_OK, NTLM_ERR_TARGET_NAME};

    for (int i = 0; i < COUNT(errors); i++) {
        exchange_begin(&x);
        x.client.target_name = _i ? "" : NULL;
        x.server.check_target = (enum ntlm_check)i;
        ck_assert_int_eq(exchange_run(&x), errors[i]);
        ck_assert_int_eq(has_pair(MSV_AV_TARGET_NAME), _i);
        ck_assert_int_eq(ntlm_acceptor_target_name(x.acceptor) != NULL, _i);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(who_knows_no_name_of_his_own_is_nobodys_target)
{
    x.server.target_hosts = NULL;
    x.server.check_target = NTLM_CHECK_IF_SENT;
    assert_refused_for(&x, NTLM_ERR_TARGET_NAME);
    ck_assert_ptr_nonnull(strstr(x.server_side.detail, x.client.target_name));
}
END_TEST

START_TEST(the_unverified_bit_is_set_only_beside_a_target_name)
{
    static const struct {
        const char *target;
        uint32_t flags;
    } rows[] = {
        {"cifs/server", MSV_AV_FLAG_MIC | MSV_AV_FLAG_UNVERIFIED_TARGET},
        {"", MSV_AV_FLAG_MIC},
        {NULL, MSV_AV_FLAG_MIC},
    };

    x.client.target_unverified = true;
    x.client.target_name = rows[_i].target;
    assert_agreed(&x);
    ck_assert_uint_eq(ntlm_av_flags(exchange_pairs(&x)), rows[_i].flags);
}
END_TEST

START_TEST(a_target_name_that_the_client_does_not_trust_is_refused_where_it_is_checked)
{
    x.client.target_unverified = true;
    x.server.check_target = _i ? NTLM_CHECK_REQUIRED : NTLM_CHECK_IF_SENT;
    assert_refused_for(&x, NTLM_ERR_TARGET_NAME);
}
END_TEST

/* Names and passwords */

#define E_ACUTE "\xc3\xa9"
#define E_ACUTE_UPPER "\xc3\x89"
#define PAROL "\xd0\x9f\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c"
#define G_CLEF "\xf0\x9d\x84\x9e"

static const struct {
    const char *user, *domain, *password, *account;
} people[] = {
    {"User", "Domain", "Password", "User"},
    {"USER", "Domain", "Password", "user"},
    {"user", "domain", "Password", "USER"},
    {"User", "", "Password", "User"},
    {"user@realm.example", "", "Password", "user@realm.example"},
    {"Zo" E_ACUTE, "Domaine-" E_ACUTE, "Passe-" E_ACUTE, "ZO" E_ACUTE_UPPER},
    {PAROL, PAROL, PAROL, PAROL},
    {G_CLEF, G_CLEF, G_CLEF, G_CLEF},
    {"stra\xc3\x9f"
     "e",
     "Domain", "",
     "stra\xc3\x9f"
     "e"},
    {"a user of twenty and more characters, which was the limit once", "D",
     "a password of more than fourteen characters, which was the limit once",
     "A user of twenty and more characters, which was the limit once"},
};

START_TEST(names_and_passwords_may_be_of_any_text_and_users_in_any_case)
{
    x.user = people[_i].user;
    x.domain = people[_i].domain;
    x.password = x.account_password = people[_i].password;
    x.account = people[_i].account;
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->user, x.user);
    ck_assert_str_eq(x.logon->domain, x.domain);
    ck_assert_str_eq(x.logon->workstation, "CLIENT");
    ck_assert_str_eq(x.logon->server_name, "SERVER");
    ck_assert_str_eq(x.logon->server_domain, "DOMAIN");
}
END_TEST

START_TEST(a_password_in_another_case_is_another_password)
{
    x.password = "PASSWORD";
    assert_refused_for(&x, NTLM_ERR_LOGON_DENIED);
}
END_TEST

/* Without Unicode: ASCII, code page 850. */
START_TEST(an_oem_client_is_spoken_to_in_oem)
{
    const bool ascii = _i == 0;
    const struct ntlm_bytes wire =
        ascii ? ntlm_bytes("User", 4) : ntlm_bytes("Zo\x82", 3); /* e acute in it */

    x.client.oem_only = true;
    x.client.workstation = x.user = x.account = ascii ? "User" : "Zo" E_ACUTE;
    assert_agreed(&x);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    ck_assert_uint_eq(message.flags & (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM),
                      NTLMSSP_NEGOTIATE_OEM);
    ck_assert_uint_eq(message.user.len, wire.len);
    ck_assert_mem_eq(message.user.data, wire.data, wire.len);
    ck_assert_str_eq(x.logon->user, x.user);
    ck_assert_str_eq(x.logon->workstation, x.user);
}
END_TEST

/* The server chooses (2.2.2.5), whatever the answer's flags say. */
START_TEST(the_charset_is_the_one_that_the_server_chose)
{
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true; /* no MIC */
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_set_flags(&x, AUTHENTICATE_SENT,
                       exchange_flags(&x, AUTHENTICATE_SENT) ^
                           (NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM));
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->user, "User");
}
END_TEST

START_TEST(a_name_that_oem_lacks_cannot_be_sent_in_it)
{
    x.client.oem_only = true;
    x.user = PAROL;
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_BAD_TEXT);
    assert_initiator_dead(&x);
}
END_TEST

START_TEST(a_name_that_is_not_utf8_cannot_be_sent)
{
    x.user = "\xff";
    ck_assert_int_eq(exchange_run(&x), NTLM_ERR_BAD_TEXT);
    assert_initiator_dead(&x);
}
END_TEST

/* Anonymous logons */

START_TEST(an_anonymous_logon_names_nobody_and_has_no_protection)
{
    x.client.anonymous = x.server.allow_anonymous = true;
    assert_agreed(&x);
    const struct ntlm_authenticate message = exchange_decoded(&x);
    const struct ntlm_outcome *outcome = ntlm_acceptor_outcome(x.acceptor);
    ck_assert(message.flags & NTLMSSP_ANONYMOUS);
    ck_assert_uint_eq(message.user.len + message.domain.len + message.nt_response.len, 0);
    ck_assert_uint_eq(message.lm_response.len, 1);
    ck_assert_uint_eq(message.lm_response.data[0], 0);
    ck_assert_uint_eq(message.session_key.len, 0);
    ck_assert(outcome->anonymous && !outcome->mic && !outcome->bound);
    ck_assert_uint_eq(outcome->flags & (NTLM_PROTECTION | NTLMSSP_NEGOTIATE_KEY_EXCH), 0);
    ck_assert_mem_eq(outcome->session_key, zeros, sizeof(zeros));
    ck_assert_str_eq(x.logon->user, "");
}
END_TEST

START_TEST(an_anonymous_logon_is_refused_unless_switched_on)
{
    x.client.anonymous = true;
    assert_refused_for(&x, NTLM_ERR_ANONYMOUS_REFUSED);
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
    tcase_add_loop_test(cases, channel_bindings_are_compared, 0, COUNT(bindings));
    tcase_add_loop_test(cases, a_target_name_has_to_be_ours_where_it_is_checked, 0,
                        COUNT(targets));
    tcase_add_loop_test(cases, a_target_name_may_be_missing_unless_required, 0, 2);
    tcase_add_test(cases, who_knows_no_name_of_his_own_is_nobodys_target);
    tcase_add_loop_test(cases, the_unverified_bit_is_set_only_beside_a_target_name, 0, 3);
    tcase_add_loop_test(
        cases, a_target_name_that_the_client_does_not_trust_is_refused_where_it_is_checked, 0,
        2);
    tcase_add_loop_test(cases, names_and_passwords_may_be_of_any_text_and_users_in_any_case, 0,
                        COUNT(people));
    tcase_add_test(cases, a_password_in_another_case_is_another_password);
    tcase_add_loop_test(cases, an_oem_client_is_spoken_to_in_oem, 0, 2);
    tcase_add_test(cases, the_charset_is_the_one_that_the_server_chose);
    tcase_add_test(cases, a_name_that_oem_lacks_cannot_be_sent_in_it);
    tcase_add_test(cases, a_name_that_is_not_utf8_cannot_be_sent);
    tcase_add_test(cases, an_anonymous_logon_names_nobody_and_has_no_protection);
    tcase_add_test(cases, an_anonymous_logon_is_refused_unless_switched_on);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
