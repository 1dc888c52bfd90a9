/* SPDX-License-Identifier: MIT */
/* negoex_test.c - mechanisms of NegoEx beside our SPNEGO. */

#include "config.h"

#include <stdio.h>

#include "spnego_exchange.h"

/* The trace stays open. */
const char suite_kept_open[] = "/trace";

/* MIT's SPNEGO speaks it, and has such a credential whole: then the list of mechanisms
 * has NegoEx' own identifier in place of the mechanism's. The trace says who decided it. */
START_TEST(a_mechanism_of_negoex_is_left_to_mits)
{
    static const gss_OID_desc negoex = OID("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e");
    struct der_bytes cursor = NO_BYTES, oid;
    struct exchange exchange;
    struct token init;
    char text[4096] = "";
    bool found = false;
    FILE *file;

    if (skipped_without_fork("a_mechanism_of_negoex_is_left_to_mits"))
        return;
    setenv("NTLM_TRACE", fixture_file("trace", 0600, ""), 1);
    negotiation_begin(&exchange, SIGNED, 1);
    init = sent(&exchange, 0);
    while (token_next_mech(init.mech_types, &cursor, &oid))
        found = found || der_equal(oid, content_of(&negoex));
    ck_assert(found);
    file = fopen(fixture_path("trace"), "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_gt(fread(text, 1, sizeof(text) - 1, file), 0);
    fclose(file);
    ck_assert_ptr_nonnull(strstr(text, "SPNEGO: left to MIT's"));
    exchange_end(&exchange);
}
END_TEST

/* Also where it is asked of the acceptor. What follows is MIT's too. */
START_TEST(an_acceptor_with_such_a_mechanism_is_mits_too)
{
    struct exchange exchange;

    if (skipped_without_fork("an_acceptor_with_such_a_mechanism_is_mits_too"))
        return;
    negotiation_begin(&exchange, SIGNED, 2);
    ck_assert_uint_eq(exchange.server.major, GSS_S_CONTINUE_NEEDED);
    ck_assert(
        exchange_step(&exchange)); /* whose messages are right depends on krb5's version */
    ck_assert(!GSS_ERROR(exchange.client.major));
    ck_assert_uint_gt(exchange.tokens[2].length, 0);
    exchange_end(&exchange);
}
END_TEST

/* MIT's credential, which is beside ours, is told as well. */
START_TEST(what_is_set_on_such_a_credential_counts)
{
    gss_OID_desc no_ci_flags =
        OID("\x2a\x85\x70\x2b\x0d\x1d"); /* GSS_KRB5_CRED_NO_CI_FLAGS_X */
    gss_OID_set_desc ntlm = {1, NTLMSSP};
    gss_cred_id_t credential = credential_of(SPNEGO, GSS_C_INITIATE, NULL, NULL);
    struct der_bytes cursor = NO_BYTES, oid;
    struct exchange exchange;
    struct token init;

    assert_complete(gss_set_neg_mechs(&minor, credential, &ntlm));
    assert_complete(gss_set_cred_option(&minor, &credential, &no_ci_flags, GSS_C_NO_BUFFER));
    exchange_begin(&exchange,
                   &(struct request){.mech = SPNEGO, .client_credential = credential});
    ck_assert(exchange_step(&exchange));
    init = sent(&exchange, 0);
    ck_assert(token_next_mech(init.mech_types, &cursor, &oid));
    ck_assert(der_equal(oid, content_of(NTLMSSP)));
    ck_assert(!token_next_mech(init.mech_types, &cursor, &oid));
    exchange_end(&exchange);
    release(credential);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spnego_negoex");
    TCase *cases;

    setenv("MECHANISM", NEGOEX_MECH_CONF, 1);
    cases = fixture_case(suite, "NegoEx");
    tcase_add_test(cases, a_mechanism_of_negoex_is_left_to_mits);
    tcase_add_test(cases, what_is_set_on_such_a_credential_counts);
    tcase_add_test(cases, an_acceptor_with_such_a_mechanism_is_mits_too);
    return suite_run(suite);
}
