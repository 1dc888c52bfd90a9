/* SPDX-License-Identifier: MIT */
/* altered_test.c - a byte is changed in a token on its way: the login is refused. */

#include "config.h"

#include <stdio.h>

#include "spnego_exchange.h"

/* Bytes that mean nothing: the state in a token, as long as it is another of those
 * that there can be then. Everything else is covered by a MIC, or fixed. */
static bool means_nothing(const struct token *before, const struct token *after)
{
    return before->kind == TOKEN_RESPONSE && after->kind == TOKEN_RESPONSE &&
           before->state != after->state && after->state != STATE_REJECT;
}

START_TEST(a_changed_byte_is_refused)
{
    enum { EXCHANGES = 40000 };
    unsigned accepted = 0, seed = 1;

    for (int i = 0; i < EXCHANGES; i++) {
        struct exchange exchange;
        struct token before, after;
        gss_buffer_desc *token;
        uint8_t *byte;
        int step = i % 4;

        negotiation_begin(&exchange, SIGNED, step + 1);
        token = &exchange.tokens[step];
        before = sent(&exchange, step);
        seed = seed * 1103515245 + 12345;
        byte = (uint8_t *)token->value + (seed >> 8) % token->length;
        seed = seed * 1103515245 + 12345;
        *byte ^= (uint8_t)(1 + (seed >> 8) % 255);
        negotiation_finish(&exchange);
        if (exchange.client.complete && exchange.server.complete) {
            accepted++;
            ck_assert_msg(!token_read(bytes_of(*token), &after) &&
                              means_nothing(&before, &after),
                          "exchange %d: byte %td of token %d does not matter, now %#x", i,
                          byte - (uint8_t *)token->value, step, *byte);
        }
        exchange_end(&exchange);
    }
    printf("# %u of %d changed bytes meant nothing\n", accepted, EXCHANGES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_altered");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "bytes");
    tcase_set_timeout(cases, 1200);
    tcase_add_test(cases, a_changed_byte_is_refused);
    return suite_run(suite);
}
