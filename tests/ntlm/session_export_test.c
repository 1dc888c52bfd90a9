/* SPDX-License-Identifier: MIT */
/* session_export_test.c - a session's way to another process. */

#include "config.h"

#include <check.h>
#include <string.h>

#include "ntlm_session_fixture.h"
#include "suite.h"

/* Where things are in an exported session: see ntlm_session_export. */
#define FLAGS_AT 4
#define ROLE_AT 8
#define SEQUENCE_AT(direction) (28 + 12 * (direction))
#define POSITION_AT(direction) (32 + 12 * (direction))
#define EXPORT_SIZE 52

static void export(const struct ntlm_session *session, uint8_t exported[EXPORT_SIZE])
{
    struct ntlm_writer writer = {0};
    uint8_t *data = NULL;
    size_t len = 0;

    ntlm_session_export(session, &writer);
    ck_assert_int_eq(ntlm_writer_take(&writer, &data, &len), NTLM_OK);
    ck_assert_uint_eq(len, EXPORT_SIZE);
    memcpy(exported, data, len);
    free(data);
}

static enum ntlm_error import(const uint8_t *exported, size_t len,
                              struct ntlm_session **session)
{
    struct ntlm_reader reader;

    ntlm_reader_init(&reader, ntlm_bytes(exported, len));
    return ntlm_session_import(&reader, session);
}

static void move_to_another_process(struct ntlm_session **session)
{
    uint8_t exported[EXPORT_SIZE];

    export(*session, exported);
    ntlm_session_free(*session);
    ck_assert_int_eq(import(exported, sizeof(exported), session), NTLM_OK);
}

START_TEST(an_imported_session_goes_on_where_the_exported_one_was)
{
    open_both(mode(_i));
    move_to_another_process(&client);
    converse();
    move_to_another_process(&server);
    converse();
    move_to_another_process(&client);
    move_to_another_process(&server);
    converse();
    ck_assert_uint_eq(ntlm_session_ssf(client), ntlm_session_ssf(server));
    close_both();
}
END_TEST

START_TEST(a_message_on_its_way_arrives_at_the_imported_session)
{
    struct message there, back;

    open_both(mode(_i));
    converse();
    there = seal_text(client, "sent before the export");
    move_to_another_process(&server);
    assert_arrives(server, &there);
    back = seal_text(server, "sent by the imported session");
    move_to_another_process(&client);
    assert_arrives(client, &back);
    converse();
    close_both();
}
END_TEST

START_TEST(a_session_is_exported_after_a_reset)
{
    open_both(mode(_i));
    converse();
    ck_assert_int_eq(ntlm_session_reset(client, false), NTLM_OK);
    ck_assert_int_eq(ntlm_session_reset(server, true), NTLM_OK);
    move_to_another_process(&client);
    move_to_another_process(&server);
    converse();
    close_both();
}
END_TEST

START_TEST(a_datagram_session_keeps_its_number)
{
    struct message message;

    open_both(mode(_i) | ESS | DATAGRAM);
    ck_assert_int_eq(ntlm_session_set_sequence(client, 0x01020304), NTLM_OK);
    converse();
    move_to_another_process(&client);
    message = seal_text(client, "next");
    ck_assert_int_eq(message.signature[12], 0x04 + SHAPES);
    ck_assert_int_eq(message.signature[15], 0x01);
    assert_arrives(server, &message);
    converse();
    close_both();
}
END_TEST

START_TEST(sessions_that_do_not_protect_are_exported_too)
{
    struct message message;

    open_both(ALWAYS_SIGN | DATAGRAM);
    ck_assert_int_eq(ntlm_session_set_sequence(client, 7), NTLM_OK);
    move_to_another_process(&client);
    message = seal_text(client, "Signed");
    assert_arrives(server, &message);
    close_both();
}
END_TEST

/* The blob is small enough to know which bytes matter. */
static void assert_bad(const uint8_t *exported, size_t len)
{
    struct ntlm_session *session = client;

    ck_assert_int_eq(import(exported, len, &session), NTLM_ERR_BAD_EXPORT);
    ck_assert_ptr_null(session);
}

/* Writes `value` there, asks import, and takes it back. */
static void assert_bad_with(uint8_t *exported, size_t at, uint8_t value)
{
    uint8_t was = exported[at];

    ck_assert_uint_ne(was, value);
    exported[at] = value;
    assert_bad(exported, EXPORT_SIZE);
    exported[at] = was;
}

START_TEST(a_truncated_export_is_refused)
{
    uint8_t exported[EXPORT_SIZE];

    open_both(mode(_i));
    converse();
    export(client, exported);
    for (size_t len = 0; len < EXPORT_SIZE; len++)
        assert_bad(exported, len);
    close_both();
}
END_TEST

START_TEST(what_export_does_not_write_is_refused)
{
    uint8_t exported[EXPORT_SIZE];

    open_both(SIGN | SEAL | B128); /* without extended session security */
    converse();
    export(client, exported);
    for (size_t i = 0; i < FLAGS_AT; i++) /* another version */
        assert_bad_with(exported, i, exported[i] ^ 0x55);
    assert_bad_with(exported, FLAGS_AT, 0xb1); /* a flag that plays no part */
    assert_bad_with(exported, ROLE_AT, 2);
    assert_bad_with(exported, ROLE_AT + 3, 1);
    assert_bad_with(exported, POSITION_AT(0) + 3, 0x11); /* too far to go there */
    assert_bad_with(exported, POSITION_AT(0) + 7, 0xff);
    for (size_t i = SEQUENCE_AT(1); i < EXPORT_SIZE; i++) /* there is one direction */
        assert_bad_with(exported, i, 1);
    close_both();
}
END_TEST

START_TEST(a_dummy_sessions_export_has_no_numbers)
{
    uint8_t exported[EXPORT_SIZE];

    open_both(ALWAYS_SIGN | ESS);
    export(client, exported);
    for (size_t i = SEQUENCE_AT(0); i < EXPORT_SIZE; i++)
        assert_bad_with(exported, i, 1);
    close_both();
}
END_TEST

START_TEST(what_follows_the_session_is_left_in_the_reader)
{
    uint8_t exported[EXPORT_SIZE + 2] = {0};
    struct ntlm_session *session = NULL;
    struct ntlm_reader reader;

    open_both(mode(0));
    export(client, exported);
    exported[EXPORT_SIZE] = 0x34;
    exported[EXPORT_SIZE + 1] = 0x12;
    ntlm_reader_init(&reader, ntlm_bytes(exported, sizeof(exported)));
    ck_assert_int_eq(ntlm_session_import(&reader, &session), NTLM_OK);
    ck_assert_uint_eq(ntlm_read16(&reader), 0x1234);
    ntlm_session_free(session);
    close_both();
}
END_TEST

/* An export with the client's stream at the farthest place that is imported. */
START_TEST(a_session_that_encrypted_too_much_is_not_exported)
{
    uint8_t exported[EXPORT_SIZE];
    struct ntlm_writer writer = {0};
    uint8_t *data = NULL;
    size_t len = 0;

    open_both(ESS | KEY_EXCH | SIGN | SEAL | B128);
    export(client, exported);
    exported[POSITION_AT(0) + 3] = 0x10; /* 2^28 */
    ntlm_session_free(client);
    ck_assert_int_eq(import(exported, EXPORT_SIZE, &client), NTLM_OK);
    export(client, exported);
    seal_text(client, "one more");
    ntlm_session_export(client, &writer);
    ck_assert_int_eq(ntlm_writer_take(&writer, &data, &len), NTLM_ERR_EXPORT_TOO_LATE);
    close_both();
}
END_TEST

/* Import is also the way to a session that has sent 2^32 messages. */
START_TEST(sequence_numbers_begin_again_after_the_last)
{
    struct ntlm_session **sessions[] = {&client, &server};
    struct message last, zero;
    struct ntlm_order order;
    uint8_t exported[EXPORT_SIZE];

    open_both(ESS | SIGN | B128);
    for (int i = 0; i < 2; i++) {
        export(*sessions[i], exported);
        memset(exported + SEQUENCE_AT(NTLM_CLIENT), 0xff, 4);
        ntlm_session_free(*sessions[i]);
        ck_assert_int_eq(import(exported, EXPORT_SIZE, sessions[i]), NTLM_OK);
    }
    last = seal_text(client, "Last");
    zero = seal_text(client, "Zero");
    ck_assert_int_eq(unseal(server, &zero, &order, NULL), NTLM_ERR_OUT_OF_SEQUENCE);
    ck_assert_int_eq(order.gap, 1);
    assert_arrives(server, &last);
    assert_arrives(server, &zero);
    ck_assert_int_eq(unseal(server, &last, &order, NULL), NTLM_ERR_OUT_OF_SEQUENCE);
    ck_assert_int_eq(order.gap, -1);
    converse();
    close_both();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("session export");
    TCase *cases = tcase_create("session export");

    tcase_add_loop_test(cases, an_imported_session_goes_on_where_the_exported_one_was, 0,
                        MODES);
    tcase_add_loop_test(cases, a_message_on_its_way_arrives_at_the_imported_session, 0, MODES);
    tcase_add_loop_test(cases, a_session_is_exported_after_a_reset, 0, MODES);
    tcase_add_loop_test(cases, a_datagram_session_keeps_its_number, 0, MODES);
    tcase_add_test(cases, sessions_that_do_not_protect_are_exported_too);
    tcase_add_loop_test(cases, a_truncated_export_is_refused, 0, MODES);
    tcase_add_test(cases, what_export_does_not_write_is_refused);
    tcase_add_test(cases, a_dummy_sessions_export_has_no_numbers);
    tcase_add_test(cases, what_follows_the_session_is_left_in_the_reader);
    tcase_add_test(cases, a_session_that_encrypted_too_much_is_not_exported);
    tcase_add_test(cases, sequence_numbers_begin_again_after_the_last);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
