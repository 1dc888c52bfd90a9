/* SPDX-License-Identifier: MIT */
/* tampering_test.c - somebody between the two who alters the messages, bit by
 * bit: with a MIC, no bit of the three can be changed without one of the two
 * sides refusing. */

#include "config.h"

#include "ntlm_exchange.h"

#include "suite.h"

static struct exchange x;

/* Runs an exchange in which one bit of one message is turned over. */
static enum ntlm_error run_altered(int message, size_t at, int bit)
{
    enum ntlm_error error;

    exchange_begin(&x);
    error = exchange_run_to(&x, message);
    ck_assert_int_eq(error, NTLM_OK);
    x.tokens[message].data[at] ^= (uint8_t)(1 << bit);
    return exchange_run(&x);
}

/* _i: the message. */
START_TEST(no_bit_can_be_turned_over)
{
    size_t len = 1;

    for (size_t at = 0; at < len; at++) {
        for (int bit = 0; bit < 8; bit++) {
            enum ntlm_error error = run_altered(_i, at, bit);

            ck_assert_msg(error, "bit %d of byte %zu", bit, at);
            if (x.server_side.failed) {
                ck_assert_int_eq(x.server_side.error, error);
                assert_acceptor_dead(&x);
            } else {
                ck_assert_int_eq(x.client_side.error, error);
                assert_initiator_dead(&x);
            }
            len = x.tokens[_i].len;
            exchange_end(&x);
        }
    }
    ck_assert_uint_gt(len, 16);
}
END_TEST

START_TEST(no_byte_can_be_added)
{
    struct ntlm_writer longer = {0};

    exchange_begin(&x);
    ck_assert_int_eq(exchange_run_to(&x, _i), NTLM_OK);
    ntlm_write(&longer, x.tokens[_i].data, x.tokens[_i].len);
    ntlm_write8(&longer, 0);
    exchange_replace(&x, _i, ntlm_bytes(longer.data, longer.len));
    ntlm_writer_clear(&longer);
    assert_refused_for(&x, NTLM_ERR_MIC_WRONG);
    exchange_end(&x);
}
END_TEST

START_TEST(no_byte_can_be_taken_away)
{
    size_t len = 1;

    for (size_t cut = 0; cut < len; cut++) {
        exchange_begin(&x);
        ck_assert_int_eq(exchange_run_to(&x, _i), NTLM_OK);
        len = x.tokens[_i].len;
        exchange_replace(&x, _i, ntlm_bytes(x.tokens[_i].data, cut));
        enum ntlm_error error = exchange_run(&x);
        /* a NEGOTIATE of 16 bytes or more is one, though not the client's */
        ck_assert_msg(error == NTLM_ERR_TRUNCATED || error == NTLM_ERR_FIELD_OUTSIDE ||
                          (_i == NEGOTIATE_SENT && cut >= 16 && error == NTLM_ERR_MIC_WRONG),
                      "cut to %zu: %s", cut, ntlm_error_text(error));
        if (_i == CHALLENGE_SENT)
            assert_initiator_dead(&x);
        else
            assert_acceptor_dead(&x);
        exchange_end(&x);
    }
    ck_assert_uint_gt(len, 16);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tampering");
    TCase *cases = tcase_create("tampering");

    tcase_add_loop_test(cases, no_bit_can_be_turned_over, 0, TOKENS);
    tcase_add_loop_test(cases, no_byte_can_be_added, 0, TOKENS);
    tcase_add_loop_test(cases, no_byte_can_be_taken_away, 0, TOKENS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
