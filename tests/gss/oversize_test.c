/* SPDX-License-Identifier: MIT */
/* oversize_test.c - messages beyond their limits and endless lists of AV pairs, raw and
 * inside of SPNEGO: refused for their size, before anything else is found wrong with
 * them, and so before anything is hashed or kept. The limits themselves:
 * tests/hostile/malformed_test.c. */

#include "config.h"

#include "gss_exchange.h"
#include "oversize.h"
#include "spnego_token.h"

/* Spoils the NTLM message in a token. */
static void spoil(gss_buffer_t token, const struct oversize *row, bool in_spnego)
{
    static uint8_t message[OVERSIZE_ROOM];
    struct spnego_token outer = {.mech_token = *token};
    size_t len;

    if (in_spnego)
        spnego_read(*token, &outer);
    ck_assert_uint_lt(outer.mech_token.length, sizeof(message));
    memcpy(message, outer.mech_token.value, outer.mech_token.length);
    len = oversize_make(row, message, outer.mech_token.length);
    outer.mech_token = bytes_buffer(message, len);
    if (in_spnego) {
        gss_buffer_desc written = spnego_write(&outer);
        release_buffer(token);
        *token = written;
    } else {
        free(token->value);
        token->value = malloc(len);
        ck_assert_ptr_nonnull(token->value);
        memcpy(token->value, message, len);
        token->length = len;
    }
}

START_TEST(what_is_too_large_is_refused_for_it)
{
    const struct oversize *row = &oversizes[_i % OVERSIZES];
    const bool in_spnego = _i >= OVERSIZES;
    const bool by_client = row->step == 1;
    struct exchange exchange;

    exchange_begin(&exchange, &(struct request){.mech = in_spnego ? SPNEGO : NTLMSSP,
                                                .flags = GSS_C_INTEG_FLAG});
    for (int i = 0; i <= row->step; i++)
        ck_assert(exchange_step(&exchange));
    spoil(&exchange.tokens[row->step], row, in_spnego);
    exchange_step(&exchange);
    assert_refused(&exchange, by_client ? &exchange.client : &exchange.server,
                   GSS_S_DEFECTIVE_TOKEN, row->error);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss oversize");
    TCase *cases = fixture_case(suite, "oversize");

    tcase_add_loop_test(cases, what_is_too_large_is_refused_for_it, 0, 2 * OVERSIZES);
    return suite_run(suite);
}
