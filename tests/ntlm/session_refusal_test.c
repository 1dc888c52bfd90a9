/* SPDX-License-Identifier: MIT */
/* session_refusal_test.c - what a receiver of protected messages refuses. */

#include "config.h"

#include <check.h>
#include <string.h>

#include "ntlm_session_fixture.h"
#include "suite.h"
#include "vectors.h"

START_TEST(an_altered_byte_is_refused_and_leaves_no_trace)
{
    struct message message;

    open_both(mode(_i));
    for (size_t shape = 0; shape < SHAPES; shape++) {
        converse();
        if (!shapes[shape].pieces[0])
            continue;
        message = seal(client, &shapes[shape]);
        for (size_t i = 0; i < message.len; i++)
            assert_refused(server, &message, &message.data[i]);
        for (size_t i = 0; i < 16; i++)
            if (mode(_i) & ESS || i < 4 || i >= 8) /* RandomPad is ignored */
                assert_refused(server, &message, &message.signature[i]);
        assert_arrives(server, &message);
    }
    converse();
    close_both();
}
END_TEST

START_TEST(what_was_decrypted_elsewhere_is_cleansed)
{
    uint8_t out[ROOM], zeros[ROOM] = {0};
    struct ntlm_order order;
    struct message message;
    struct ntlm_part part;

    open_both(mode(_i));
    message = seal_text(client, "text");
    message.signature[10] ^= 1;
    part = (struct ntlm_part){message.data, out, message.len};
    memset(out, 0xa5, sizeof(out));
    ck_assert_int_eq(ntlm_session_unseal(server, &part, 1, message.signature, &order),
                     NTLM_ERR_BAD_SIGNATURE);
    ck_assert_mem_eq(out, zeros, message.len);
    close_both();
}
END_TEST

START_TEST(a_random_pad_is_ignored)
{
    struct message message;

    open_both(mode(_i) & ~ESS);
    for (int round = 0; round < 3; round++) {
        message = seal_text(client, "text");
        assert_hex(message.signature + 4, 4, "00000000");
        memset(message.signature + 4, 0xa5, 4);
        assert_arrives(server, &message);
    }
    close_both();
}
END_TEST

START_TEST(a_piece_moved_to_another_place_is_refused)
{
    struct message message;
    struct ntlm_order order;

    open_both(mode(_i));
    message = seal(client, &(struct message){.pieces = {"Ab", "Cd"}});
    memcpy(message.data, "CdAb", 4);
    ck_assert_int_eq(unseal(server, &message, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    close_both();
}
END_TEST

START_TEST(ones_own_message_is_refused_with_extended_security)
{
    struct message message;
    struct ntlm_order order;

    open_both(mode(_i) | ESS);
    message = seal_text(client, "reflected");
    ck_assert_int_eq(unseal(client, &message, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    close_both();
}
END_TEST

static void assert_out_of_sequence(struct ntlm_session *to, const struct message *message,
                                   int direction, bool verified)
{
    struct ntlm_order order;

    ck_assert_int_eq(unseal(to, message, &order, NULL), NTLM_ERR_OUT_OF_SEQUENCE);
    ck_assert_int_eq(order.gap, direction);
    ck_assert_int_eq(order.verified, verified);
}

/* Numbers are in clear with extended session security; only a signature that
 * no stream runs through can be verified out of its place. */
START_TEST(a_message_out_of_sequence_is_told_and_changes_nothing)
{
    uint32_t flags = mode(_i) | ESS;
    bool verifiable = !(flags & KEY_EXCH);
    struct message first, second, third;

    open_both(flags);
    converse();
    first = seal_text(client, "Number one");
    second = seal_text(client, "number two");
    third = seal_text(client, "Number three");
    assert_out_of_sequence(server, &second, 1, false);
    assert_out_of_sequence(server, &third, 1, verifiable);
    assert_arrives(server, &first);
    assert_out_of_sequence(server, &first, -1, verifiable);
    assert_out_of_sequence(server, &third, 1, verifiable);
    assert_arrives(server, &second);
    assert_out_of_sequence(server, &first, -1, verifiable);
    assert_out_of_sequence(server, &second, -1, false);
    assert_arrives(server, &third);
    converse();
    close_both();
}
END_TEST

START_TEST(a_forged_message_out_of_sequence_has_a_bad_signature_where_that_can_be_told)
{
    struct message message;
    struct ntlm_order order;

    open_both(ESS | SIGN | B128);
    seal_text(client, "Lost");
    message = seal_text(client, "Late");
    message.data[0] ^= 1;
    ck_assert_int_eq(unseal(server, &message, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    ck_assert(!order.verified);
    close_both();
}
END_TEST

START_TEST(a_message_out_of_sequence_has_a_bad_signature_without_extended_security)
{
    struct message first, second;
    struct ntlm_order order;

    open_both(mode(_i) & ~ESS);
    converse();
    first = seal_text(client, "one");
    second = seal_text(client, "two");
    ck_assert_int_eq(unseal(server, &second, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    assert_arrives(server, &first);
    ck_assert_int_eq(unseal(server, &first, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    assert_arrives(server, &second);
    converse();
    close_both();
}
END_TEST

/* How far a stream is wound back is bounded; see session.h. */
START_TEST(after_much_traffic_an_altered_message_ends_the_direction)
{
    static uint8_t bulk[(1 << 20) + 1];
    struct ntlm_part part = {bulk, bulk, sizeof(bulk)};
    struct message message, altered;
    struct ntlm_order order;
    uint8_t signature[16];

    open_both(ESS | KEY_EXCH | SIGN | SEAL | B128);
    ck_assert_int_eq(ntlm_session_seal(client, &part, 1, signature), NTLM_OK);
    ck_assert_int_eq(ntlm_session_unseal(server, &part, 1, signature, &order), NTLM_OK);
    message = altered = seal_text(client, "text");
    altered.data[0] ^= 1;
    ck_assert_int_eq(unseal(server, &altered, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    ck_assert_int_eq(unseal(server, &message, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    message = seal_text(server, "the other direction");
    assert_arrives(client, &message);
    close_both();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session refusals");
    TCase *cases = tcase_create("session refusals");

    tcase_add_loop_test(cases, an_altered_byte_is_refused_and_leaves_no_trace, 0, MODES);
    tcase_add_loop_test(cases, what_was_decrypted_elsewhere_is_cleansed, 0, MODES);
    tcase_add_loop_test(cases, a_random_pad_is_ignored, 0, MODES);
    tcase_add_loop_test(cases, a_piece_moved_to_another_place_is_refused, 0, MODES);
    tcase_add_loop_test(cases, ones_own_message_is_refused_with_extended_security, 0, MODES);
    tcase_add_loop_test(cases, a_message_out_of_sequence_is_told_and_changes_nothing, 0, MODES);
    tcase_add_test(cases,
                   a_forged_message_out_of_sequence_has_a_bad_signature_where_that_can_be_told);
    tcase_add_loop_test(cases,
                        a_message_out_of_sequence_has_a_bad_signature_without_extended_security,
                        0, MODES);
    tcase_add_test(cases, after_much_traffic_an_altered_message_ends_the_direction);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
