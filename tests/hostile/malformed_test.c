/* SPDX-License-Identifier: MIT */
/* malformed_test.c - messages that come when they should not, that are too
 * large, and whose parts are not what they have to be, at the acceptor. The
 * decoders alone: tests/ntlm/hostile_test.c. */

#include "config.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/received_authenticate.h"
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

/* States */

enum state { NEW, CHALLENGED, ASKING, COMPLETE, STATES };
enum call { CHALLENGE, AUTHENTICATE, FINISH, CALLS };

static void reach(enum state state)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    if (state == NEW) {
        ntlm_acceptor_free(x.acceptor);
        ntlm_acceptor_new(&x.server_side.env, &x.server, &x.acceptor);
    }
    if (state == ASKING)
        ntlm_acceptor_authenticate(x.acceptor, exchange_token(&x, AUTHENTICATE_SENT), &x.logon);
    if (state == COMPLETE)
        ck_assert_int_eq(exchange_accept(&x), NTLM_OK);
}

/* With a token of this kind, where there is one. */
static enum ntlm_error make_call(enum call call, int message)
{
    static const struct ntlm_logon_keys keys;
    struct ntlm_bytes token = exchange_token(&x, message);
    uint8_t *made;
    size_t len;

    switch (call) {
    case CHALLENGE:
        return ntlm_acceptor_challenge(x.acceptor, token, &made, &len);
    case AUTHENTICATE:
        return ntlm_acceptor_authenticate(x.acceptor, token, &x.logon);
    default:
        return ntlm_acceptor_finish(x.acceptor, &keys);
    }
}

START_TEST(a_call_out_of_turn_is_refused)
{
    static const enum ntlm_error outcomes[STATES][CALLS] = {
        [NEW] = {NTLM_OK, NTLM_ERR_WRONG_MESSAGE, NTLM_ERR_WRONG_MESSAGE},
        [CHALLENGED] = {NTLM_ERR_WRONG_MESSAGE, NTLM_OK, NTLM_ERR_WRONG_MESSAGE},
        [ASKING] = {NTLM_ERR_WRONG_MESSAGE, NTLM_ERR_WRONG_MESSAGE, NTLM_OK},
        [COMPLETE] = {NTLM_ERR_ALREADY_COMPLETE, NTLM_ERR_ALREADY_COMPLETE,
                      NTLM_ERR_ALREADY_COMPLETE},
    };
    static const int tokens[CALLS] = {NEGOTIATE_SENT, AUTHENTICATE_SENT, AUTHENTICATE_SENT};

    for (int call = 0; call < CALLS; call++) {
        const enum ntlm_error expected = outcomes[_i][call];

        if (!expected)
            continue;
        exchange_begin(&x);
        reach((enum state)_i);
        ck_assert_int_eq(make_call((enum call)call, tokens[call]), expected);
        ck_assert_int_eq(x.server_side.error, expected);
        assert_acceptor_dead(&x);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(a_message_of_another_type_is_refused)
{
    static const struct {
        enum state state;
        enum call call;
        int message;
    } rows[] = {
        {NEW, CHALLENGE, CHALLENGE_SENT},
        {NEW, CHALLENGE, AUTHENTICATE_SENT},
        {CHALLENGED, AUTHENTICATE, NEGOTIATE_SENT},
        {CHALLENGED, AUTHENTICATE, CHALLENGE_SENT},
    };

    reach(rows[_i].state);
    ck_assert_int_eq(make_call(rows[_i].call, rows[_i].message), NTLM_ERR_WRONG_MESSAGE);
    ck_assert_int_eq(x.server_side.error, NTLM_ERR_WRONG_MESSAGE);
    assert_acceptor_dead(&x);
}
END_TEST

START_TEST(a_token_that_is_not_ntlm_is_refused)
{
    const int message = _i ? AUTHENTICATE_SENT : NEGOTIATE_SENT;

    exchange_run_to(&x, message);
    exchange_replace(&x, message, BYTES("\x60\x48\x06\x06\x2b\x06\x01\x05\x05\x02"));
    assert_refused_for(&x, NTLM_ERR_NOT_NTLM);
}
END_TEST

START_TEST(an_empty_token_is_refused)
{
    const int message = _i ? AUTHENTICATE_SENT : NEGOTIATE_SENT;

    exchange_run_to(&x, message);
    exchange_replace(&x, message, ntlm_bytes(NULL, 0));
    assert_refused_for(&x, NTLM_ERR_TRUNCATED);
}
END_TEST

static uint8_t large[NTLM_MAX_TOKEN + 1];

START_TEST(a_message_may_have_so_many_bytes_and_no_more)
{
    const int message = _i ? AUTHENTICATE_SENT : NEGOTIATE_SENT;
    const size_t limit = _i ? NTLM_MAX_AUTHENTICATE : NTLM_MAX_NEGOTIATE;

    for (size_t more = 0; more <= 1; more++) {
        exchange_begin(&x);
        x.client.integrity = x.client.confidentiality = false;
        x.carried_by_spnego = true; /* no MIC */
        exchange_run_to(&x, message);
        memcpy(large, x.tokens[message].data, x.tokens[message].len);
        exchange_replace(&x, message, ntlm_bytes(large, limit + more));
        if (more)
            assert_refused_for(&x, NTLM_ERR_TOO_LARGE);
        else
            ck_assert_int_eq(exchange_run(&x), NTLM_OK);
        exchange_end(&x);
    }
}
END_TEST

static void no_charset(uint32_t flags)
{
    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_set_flags(&x, NEGOTIATE_SENT, flags);
    assert_refused_for(&x, NTLM_ERR_NO_CHARSET);
}

START_TEST(a_client_without_a_charset_is_refused)
{
    no_charset(0);
    exchange_end(&x);
    exchange_begin(&x);
    no_charset(~(NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_OEM));
}
END_TEST

/* Names */

static const struct ntlm_bytes bad_names[] = {
    {(const uint8_t *)"U\0s", 3},        /* odd */
    {(const uint8_t *)"U\0\x34\xd8", 4}, /* a high surrogate alone */
    {(const uint8_t *)"\x1e\xdd"
                      "U\0",
     4},                                          /* a low one */
    {(const uint8_t *)"r\0o\0o\0t\0\0\0x\0", 12}, /* a NUL inside */
};
static struct ntlm_bytes name;

static void put_user(struct ntlm_authenticate *message)
{
    message->user = name;
}

static void put_domain(struct ntlm_authenticate *message)
{
    message->domain = name;
}

static void put_workstation(struct ntlm_authenticate *message)
{
    message->workstation = name;
}

START_TEST(a_name_that_is_no_text_is_refused)
{
    static void (*const puts[])(struct ntlm_authenticate *) = {put_user, put_domain};

    for (int i = 0; i < COUNT(puts); i++) {
        exchange_begin(&x);
        exchange_run_to(&x, AUTHENTICATE_SENT);
        name = bad_names[_i];
        exchange_edit_authenticate(&x, puts[i]);
        assert_refused_for(&x, NTLM_ERR_BAD_TEXT);
        exchange_end(&x);
    }
}
END_TEST

/* No MIC, so that only the name is another. */
static void begin_without_mic(void)
{
    exchange_begin(&x);
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true;
    exchange_run_to(&x, AUTHENTICATE_SENT);
}

START_TEST(a_malformed_workstation_name_decides_nothing)
{
    begin_without_mic();
    name = bad_names[_i];
    exchange_edit_authenticate(&x, put_workstation);
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->workstation, "");
}
END_TEST

static uint8_t long_name[2 * NTLM_MAX_USER_NAME + 2]; /* of 'xx', U+7878 */

START_TEST(a_workstation_name_that_is_too_long_decides_nothing)
{
    begin_without_mic();
    name = ntlm_bytes(long_name, 2 * NTLM_MAX_HOST_NAME + 2);
    exchange_edit_authenticate(&x, put_workstation);
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->workstation, "");
}
END_TEST

START_TEST(a_trailing_nul_in_a_name_is_cut)
{
    begin_without_mic();
    name = BYTES("U\0s\0e\0r\0\0\0");
    exchange_edit_authenticate(&x, put_user);
    name = BYTES("D\0o\0m\0a\0i\0n\0\0\0");
    exchange_edit_authenticate(&x, put_domain);
    name = BYTES("P\0C\0\0\0");
    exchange_edit_authenticate(&x, put_workstation);
    assert_agreed(&x);
    ck_assert_str_eq(x.logon->user, "User");
    ck_assert_str_eq(x.logon->domain, "Domain");
    ck_assert_str_eq(x.logon->workstation, "PC");
}
END_TEST

START_TEST(a_name_longer_than_windows_allows_is_refused)
{
    const size_t limit = _i ? NTLM_MAX_HOST_NAME : NTLM_MAX_USER_NAME;

    for (size_t more = 0; more <= 1; more++) {
        exchange_begin(&x);
        exchange_run_to(&x, AUTHENTICATE_SENT);
        name = ntlm_bytes(long_name, 2 * (limit + more));
        exchange_edit_authenticate(&x, _i ? put_domain : put_user);
        assert_refused_for(&x, more ? NTLM_ERR_NAME_TOO_LONG : NTLM_ERR_LOGON_DENIED);
        ck_assert_int_eq(x.logon == NULL, more == 1);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(a_target_name_that_is_no_text_is_refused)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    forge_without(&x, MSV_AV_TARGET_NAME);
    forge_last(&x, MSV_AV_TARGET_NAME, bad_names[_i]);
    assert_refused_for(&x, NTLM_ERR_BAD_TEXT);
}
END_TEST

START_TEST(an_oem_name_with_a_nul_is_refused)
{
    x.client.oem_only = true;
    exchange_run_to(&x, AUTHENTICATE_SENT);
    name = BYTES("root\0x");
    exchange_edit_authenticate(&x, put_user);
    assert_refused_for(&x, NTLM_ERR_BAD_TEXT);
}
END_TEST

/* AV pairs */

static const struct ntlm_bytes bad_lists[] = {
    {(const uint8_t *)"", 0},
    {(const uint8_t *)"\0\0\0", 3},      /* half an EOL */
    {(const uint8_t *)"\2\0\2\0D\0", 6}, /* no EOL */
    {(const uint8_t *)"\2\0\xff\xff"
                      "D\0\0\0\0\0",
     10},                                                    /* beyond the end */
    {(const uint8_t *)"\0\0\1\0", 4},                        /* EOL too */
    {(const uint8_t *)"\6\0\3\0\2\0\0\0\0\0\0", 11},         /* flags of 3 bytes */
    {(const uint8_t *)"\6\0\5\0\2\0\0\0\0\0\0\0\0", 13},     /* of 5 */
    {(const uint8_t *)"\7\0\7\0\1\2\3\4\5\6\7\0\0\0\0", 15}, /* a time of 7 */
    {(const uint8_t *)"\x0a\0\x0f\0"
                      "123456789012345\0\0\0\0",
     23},                                       /* bindings of 15 */
    {(const uint8_t *)"\x0a\0\0\0\0\0\0\0", 8}, /* of none */
};

START_TEST(a_response_with_bad_pairs_is_refused)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    forge_response(&x, x.server_side.now, bad_lists[_i]);
    assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
}
END_TEST

/* Of a size that AUTHENTICATE may have. */
#define HUGE_LIST 6000

START_TEST(an_endless_list_of_pairs_is_refused)
{
    const bool has_end = _i;
    struct ntlm_writer list = {0};
    struct ntlm_bytes pairs;

    exchange_run_to(&x, AUTHENTICATE_SENT);
    pairs = exchange_pairs(&x);
    while (list.len < HUGE_LIST)
        ntlm_av_write(&list, 0x55, ntlm_bytes(NULL, 0)); /* empty, and unknown */
    if (has_end)
        ntlm_write(&list, pairs.data, pairs.len);
    forge_response(&x, x.server_side.now, ntlm_bytes(list.data, list.len));
    ntlm_writer_clear(&list);
    assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
}
END_TEST

/* Responses */

static void raise_byte(size_t at)
{
    const struct ntlm_bytes response = exchange_decoded(&x).nt_response;

    x.tokens[AUTHENTICATE_SENT]
        .data[(response.data - x.tokens[AUTHENTICATE_SENT].data) + (ptrdiff_t)at]++;
}

START_TEST(a_response_of_another_version_is_refused)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    raise_byte(16 + (size_t)_i);
    assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
}
END_TEST

static size_t cut_to;

static void cut_nt_response(struct ntlm_authenticate *message)
{
    message->nt_response.len = cut_to;
}

static void cut_lm_response(struct ntlm_authenticate *message)
{
    message->lm_response.len = cut_to;
}

static void cut_session_key(struct ntlm_authenticate *message)
{
    message->session_key.len = cut_to;
}

START_TEST(an_ntlmv2_response_cut_anywhere_is_refused)
{
    size_t len = 1;

    for (cut_to = 0; cut_to < len; cut_to++) {
        exchange_begin(&x);
        exchange_run_to(&x, AUTHENTICATE_SENT);
        len = exchange_decoded(&x).nt_response.len;
        exchange_edit_authenticate(&x, cut_nt_response);
        /* at two lengths it is taken for another generation's, and without its
         * last zeros it is well formed, but was never proved */
        assert_refused_for(&x, cut_to == 0         ? NTLM_ERR_LM_REFUSED
                               : cut_to == 24      ? NTLM_ERR_NTLMV1_REFUSED
                               : cut_to >= len - 4 ? NTLM_ERR_LOGON_DENIED
                                                   : NTLM_ERR_BAD_RESPONSE);
        exchange_end(&x);
    }
    ck_assert_uint_gt(len, 100);
}
END_TEST

START_TEST(an_ntlmv1_response_cut_anywhere_is_refused)
{
    for (cut_to = 0; cut_to < 24; cut_to++) {
        exchange_begin(&x);
        x.client.lm_compat_level = 1;
        x.server.lm_compat_level = 3;
        exchange_run_to(&x, AUTHENTICATE_SENT);
        exchange_edit_authenticate(&x, _i ? cut_nt_response : cut_lm_response);
        assert_refused_for(&x,
                           _i && cut_to > 0 ? NTLM_ERR_BAD_RESPONSE : NTLM_ERR_LOGON_DENIED);
        exchange_end(&x);
    }
}
END_TEST

START_TEST(a_session_key_cut_anywhere_is_refused)
{
    for (cut_to = 0; cut_to < 16; cut_to++) {
        exchange_begin(&x);
        exchange_run_to(&x, AUTHENTICATE_SENT);
        exchange_edit_authenticate(&x, cut_session_key);
        assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
        exchange_end(&x);
    }
}
END_TEST

static void lengthen_session_key(struct ntlm_authenticate *message)
{
    message->session_key = BYTES("a key of seventeen");
    message->session_key.len = 17;
}

START_TEST(a_session_key_that_is_too_long_is_refused)
{
    exchange_run_to(&x, AUTHENTICATE_SENT);
    exchange_edit_authenticate(&x, lengthen_session_key);
    assert_refused_for(&x, NTLM_ERR_BAD_RESPONSE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("malformed");

    memset(long_name, 'x', sizeof(long_name));
    TCase *cases = tcase_create("malformed");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_loop_test(cases, a_call_out_of_turn_is_refused, 0, STATES);
    tcase_add_loop_test(cases, a_message_of_another_type_is_refused, 0, 4);
    tcase_add_loop_test(cases, a_token_that_is_not_ntlm_is_refused, 0, 2);
    tcase_add_loop_test(cases, an_empty_token_is_refused, 0, 2);
    tcase_add_loop_test(cases, a_message_may_have_so_many_bytes_and_no_more, 0, 2);
    tcase_add_test(cases, a_client_without_a_charset_is_refused);
    tcase_add_loop_test(cases, a_name_that_is_no_text_is_refused, 0, COUNT(bad_names));
    tcase_add_loop_test(cases, a_malformed_workstation_name_decides_nothing, 0,
                        COUNT(bad_names));
    tcase_add_test(cases, a_workstation_name_that_is_too_long_decides_nothing);
    tcase_add_test(cases, a_trailing_nul_in_a_name_is_cut);
    tcase_add_loop_test(cases, a_name_longer_than_windows_allows_is_refused, 0, 2);
    tcase_add_loop_test(cases, a_target_name_that_is_no_text_is_refused, 0, COUNT(bad_names));
    tcase_add_test(cases, an_oem_name_with_a_nul_is_refused);
    tcase_add_loop_test(cases, a_response_with_bad_pairs_is_refused, 0, COUNT(bad_lists));
    tcase_add_loop_test(cases, an_endless_list_of_pairs_is_refused, 0, 2);
    tcase_add_loop_test(cases, a_response_of_another_version_is_refused, 0, 2);
    tcase_add_test(cases, an_ntlmv2_response_cut_anywhere_is_refused);
    tcase_add_loop_test(cases, an_ntlmv1_response_cut_anywhere_is_refused, 0, 2);
    tcase_add_test(cases, a_session_key_cut_anywhere_is_refused);
    tcase_add_test(cases, a_session_key_that_is_too_long_is_refused);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
