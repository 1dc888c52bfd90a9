/* SPDX-License-Identifier: MIT */
/* oversize_test.c - messages beyond their limits and endless lists of AV pairs
 * (tests/gss/oversize_test.c) are SEC_E_INVALID_TOKEN. */

#include "config.h"

#include "oversize.h"
#include "sspi_exchange.h"
#include "sspi_fixture.h"
#include "suite.h"

START_TEST(what_is_too_large_is_sec_e_invalid_token)
{
    const struct oversize *row = &oversizes[_i];
    struct exchange *exchange = exchange_of_alice("NTLM");
    struct side *sender = row->step == 1 ? &exchange->server : &exchange->client;

    exchange->client.requested = ISC_REQ_INTEGRITY;
    for (int step = 0; step <= row->step; step++)
        ck_assert_int_ge(step == 1 ? exchange_server(exchange) : exchange_client(exchange), 0);
    sender->length = (ULONG)oversize_make(row, sender->token, sender->length);
    ck_assert_int_eq(row->step == 1 ? exchange_client(exchange) : exchange_server(exchange),
                     SEC_E_INVALID_TOKEN);
    exchange_free(exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi oversize");
    TCase *cases = fixture_case("oversize");

    tcase_add_loop_test(cases, what_is_too_large_is_sec_e_invalid_token, 0, OVERSIZES);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
