/* SPDX-License-Identifier: MIT */
/* negoex_test.c - mechanisms of NegoEx beside our SPNEGO. */

#include "config.h"

#include <stdio.h>

#include "spnego_exchange.h"

/* MIT's SPNEGO speaks it, and has such a credential whole: then the list of mechanisms
 * has NegoEx' own identifier in place of the mechanism's. */
START_TEST(a_mechanism_of_negoex_is_left_to_mits)
{
    static const gss_OID_desc negoex = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e");
    struct der_bytes cursor = NO_BYTES, oid;
    struct exchange exchange;
    struct token init;
    char text[4096];
    size_t used;
    FILE *file = fopen(SPNEGO_MECH_CONF, "r");
    bool found = false;

    ck_assert_ptr_nonnull(file);
    if (skipped_without_fork("a_mechanism_of_negoex_is_left_to_mits")) {
        fclose(file);
        return;
    }
    used = fread(text, 1, sizeof(text) / 2, file);
    fclose(file);
    snprintf(text + used, sizeof(text) - used, "negoex 1.3.6.1.4.1.32473.1 %s\n", NEGOEX_MECH);
    setenv("GSS_MECH_CONFIG", fixture_file("mechs", 0600, text), 1);
    negotiation_begin(&exchange, SIGNED, 1);
    init = sent(&exchange, 0);
    while (token_next_mech(init.mech_types, &cursor, &oid))
        found = found || der_equal(oid, content_of(&negoex));
    ck_assert(found);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_negoex");
    TCase *cases;

    setenv("MECHANISM", SPNEGO_MECH_CONF, 1);
    cases = fixture_case(suite, "NegoEx");
    tcase_add_test(cases, a_mechanism_of_negoex_is_left_to_mits);
    return suite_run(suite);
}
