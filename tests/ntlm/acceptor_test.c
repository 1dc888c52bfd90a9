/* SPDX-License-Identifier: MIT */
/* acceptor_test.c - what an acceptor says of itself, what it holds while it waits,
 * and how a half-made one goes on in another process. */

#include "config.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm/received_authenticate.h"
#include "ntlm/text.h"
#include "ntlm_exchange.h"
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

/* Of a client that leaves its names' fields uninitialized, since their flags are
 * clear: e2088297, with a length of 65535 at an offset beyond the end. */
static const uint8_t with_garbage[] = {
    0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0x00, 0x01, 0x00, 0x00, 0x00, 0x97, 0x82,
    0x08, 0xe2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x0a, 0x00, 0x61, 0x4a, 0x00, 0x00, 0x00, 0x0f};

START_TEST(a_client_that_leaves_garbage_in_unused_fields_logs_in)
{
    x.client.integrity = x.client.confidentiality = false;
    x.carried_by_spnego = true; /* no MIC, for it is over another NEGOTIATE */
    exchange_run_to(&x, NEGOTIATE_SENT);
    exchange_replace(&x, NEGOTIATE_SENT, ntlm_bytes(with_garbage, sizeof(with_garbage)));
    ck_assert_int_eq(exchange_run(&x), NTLM_OK);
    ck_assert_str_eq(x.logon->user, "User");
}
END_TEST

/* _i: whether there is a DNS name. */
START_TEST(a_challenge_always_has_a_dns_computer_name)
{
    struct ntlm_challenge message;
    struct ntlm_bytes value;
    char *text;

    if (_i == 0)
        x.server.dns_computer = x.server.dns_domain = NULL;
    exchange_run_to(&x, CHALLENGE_SENT);
    ck_assert_int_eq(ntlm_challenge_decode(exchange_token(&x, CHALLENGE_SENT), &message),
                     NTLM_OK);
    ck_assert(ntlm_av_find(message.target_info, MSV_AV_DNS_COMPUTER_NAME, &value));
    ck_assert_int_eq(ntlm_text_from_utf16(value, &text), NTLM_OK);
    ck_assert_str_eq(text, _i ? "server.example.org" : "SERVER");
    free(text);
}
END_TEST

/* ---- what a half-open acceptor holds ---- */

static char longest[NTLM_MAX_HOST_NAME + 1];

/* What was allocated for the CHALLENGE of another acceptor is free again, and
 * counts as held all the same, since the allocator keeps it at hand. */
static void make_another_challenge(void)
{
    struct exchange other = x;

    other.initiator = NULL;
    other.acceptor = NULL;
    memset(other.tokens, 0, sizeof(other.tokens));
    ck_assert_int_eq(exchange_run_to(&other, CHALLENGE_SENT), NTLM_OK);
    exchange_end(&other);
}

START_TEST(a_half_open_acceptor_holds_little)
{
    static uint8_t largest[NTLM_MAX_NEGOTIATE];
    size_t before, held;

    memset(longest, 'x', NTLM_MAX_HOST_NAME);
    x.server.netbios_computer = x.server.netbios_domain = "FIFTEEN-LETTERS";
    x.server.dns_computer = x.server.dns_domain = longest;
    exchange_run_to(&x, NEGOTIATE_SENT);
    memcpy(largest, x.tokens[NEGOTIATE_SENT].data, x.tokens[NEGOTIATE_SENT].len);
    exchange_replace(&x, NEGOTIATE_SENT, ntlm_bytes(largest, sizeof(largest)));
    make_another_challenge();
    before = mallinfo2().uordblks;
    ck_assert_int_eq(exchange_challenge(&x), NTLM_OK);
    ck_assert_uint_eq(x.tokens[NEGOTIATE_SENT].len, sizeof(largest));
    free(x.tokens[CHALLENGE_SENT].data);
    x.tokens[CHALLENGE_SENT].data = NULL;
    held = mallinfo2().uordblks - before;
    ck_assert_msg(held <= NTLM_ACCEPTOR_HALF_OPEN, "%zu bytes", held);
}
END_TEST

/* _i: whether it is the AUTHENTICATE that is too large. */
START_TEST(nothing_is_kept_of_what_is_refused)
{
    static uint8_t large[NTLM_MAX_TOKEN];
    const int message = _i ? AUTHENTICATE_SENT : NEGOTIATE_SENT;
    size_t before;
    enum ntlm_error error;

    exchange_run_to(&x, message);
    if (!x.acceptor)
        ck_assert_int_eq(ntlm_acceptor_new(&x.server_side.env, &x.server, &x.acceptor),
                         NTLM_OK);
    memcpy(large, x.tokens[message].data, x.tokens[message].len);
    exchange_replace(&x, message, ntlm_bytes(large, sizeof(large)));
    before = mallinfo2().uordblks;
    error = _i ? exchange_accept(&x) : exchange_challenge(&x);
    ck_assert_uint_le(mallinfo2().uordblks, before);
    ck_assert_int_eq(error, NTLM_ERR_TOO_LARGE);
    assert_acceptor_dead(&x);
}
END_TEST

/* ---- export and import ---- */

static struct ntlm_writer export(void)
{
    struct ntlm_writer out = {0};

    ck_assert_int_eq(ntlm_acceptor_export(x.acceptor, &out), NTLM_OK);
    return out;
}

static enum ntlm_error import(struct ntlm_bytes bytes, struct ntlm_acceptor **acceptor)
{
    struct ntlm_reader in;

    ntlm_reader_init(&in, bytes);
    return ntlm_acceptor_import(&x.server_side.env, &x.server, &in, acceptor);
}

/* _i: with a NEGOTIATE, or of datagrams. */
START_TEST(a_half_made_acceptor_goes_on_elsewhere)
{
    static const uint8_t channel[16] = {1, 2, 3};
    struct ntlm_acceptor *other;
    struct ntlm_writer exported;

    x.client.datagram = x.server.datagram = _i;
    x.client_bindings = x.server_bindings = channel;
    exchange_run_to(&x, CHALLENGE_SENT);
    ntlm_acceptor_bind(x.acceptor, channel);
    exported = export();
    x.server.datagram = false;
    ck_assert_int_eq(import(ntlm_bytes(exported.data, exported.len), &other), NTLM_OK);
    ntlm_writer_clear(&exported);
    ntlm_acceptor_free(x.acceptor);
    x.acceptor = other;
    assert_agreed(&x);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->mic);
    ck_assert(ntlm_acceptor_outcome(x.acceptor)->bound);
}
END_TEST

START_TEST(only_a_half_made_acceptor_is_exported)
{
    struct ntlm_writer out = {0};
    struct ntlm_acceptor *untouched;

    assert_agreed(&x);
    ck_assert_int_eq(ntlm_acceptor_export(x.acceptor, &out), NTLM_ERR_ALREADY_COMPLETE);
    ck_assert_int_eq(ntlm_acceptor_new(&x.server_side.env, &x.server, &untouched), NTLM_OK);
    ck_assert_int_eq(ntlm_acceptor_export(untouched, &out), NTLM_ERR_WRONG_MESSAGE);
    ntlm_acceptor_free(untouched);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

START_TEST(a_damaged_export_is_refused)
{
    struct ntlm_acceptor *other;
    struct ntlm_writer exported;

    exchange_run_to(&x, CHALLENGE_SENT);
    exported = export();
    for (size_t len = 0; len < exported.len; len++) {
        ck_assert_int_eq(import(ntlm_bytes(exported.data, len), &other), NTLM_ERR_BAD_EXPORT);
        ck_assert_ptr_null(other);
    }
    for (size_t at = 0; at < exported.len; at++) { /* no crash, and no leak */
        exported.data[at] ^= 0xff;
        if (!import(ntlm_bytes(exported.data, exported.len), &other))
            ntlm_acceptor_free(other);
        exported.data[at] ^= 0xff;
    }
    ntlm_writer_clear(&exported);
}
END_TEST

/* ---- an initiator of datagrams ---- */

START_TEST(a_datagram_initiator_takes_a_challenge_first)
{
    x.client.datagram = x.server.datagram = true;
    ck_assert_int_eq(ntlm_initiator_new(&x.client_side.env, &x.client, &x.initiator), NTLM_OK);
    ck_assert_int_eq(exchange_challenge(&x), NTLM_OK);
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_OK);
    assert_agreed(&x);
}
END_TEST

START_TEST(another_initiator_does_not)
{
    struct exchange other;

    exchange_begin(&other);
    exchange_run_to(&other, CHALLENGE_SENT);
    ck_assert_int_eq(ntlm_initiator_new(&x.client_side.env, &x.client, &x.initiator), NTLM_OK);
    exchange_replace(&x, CHALLENGE_SENT, exchange_token(&other, CHALLENGE_SENT));
    ck_assert_int_eq(exchange_authenticate(&x), NTLM_ERR_WRONG_MESSAGE);
    exchange_end(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("acceptor");
    TCase *cases = tcase_create("acceptor");

    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_client_that_leaves_garbage_in_unused_fields_logs_in);
    tcase_add_loop_test(cases, a_challenge_always_has_a_dns_computer_name, 0, 2);
    tcase_add_test(cases, a_half_open_acceptor_holds_little);
    tcase_add_loop_test(cases, nothing_is_kept_of_what_is_refused, 0, 2);
    tcase_add_loop_test(cases, a_half_made_acceptor_goes_on_elsewhere, 0, 2);
    tcase_add_test(cases, only_a_half_made_acceptor_is_exported);
    tcase_add_test(cases, a_damaged_export_is_refused);
    tcase_add_test(cases, a_datagram_initiator_takes_a_challenge_first);
    tcase_add_test(cases, another_initiator_does_not);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
