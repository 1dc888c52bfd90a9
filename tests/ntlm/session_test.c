/* SPDX-License-Identifier: MIT */
/* session_test.c - message protection: known answers, and conversations in
 * every mode. What a receiver refuses is in session_refusal_test.c, export in
 * session_export_test.c. */

#include "config.h"

#include <check.h>
#include <string.h>

#include "ntlm_session_fixture.h"
#include "suite.h"
#include "vectors.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* [MS-NLMP] 4.2.2.4, 4.2.3.4 and 4.2.4.4: the first message of a client. */
static const struct {
    const char *flags, *key, *sealed_data, *signature;
} published[] = {
    {"v1.flags", "exported_session_key", "v1.sealed_data", "v1.signature_random_pad_zeroed"},
    {"v1ess.flags", "v1ess.key_exchange_key", "v1ess.sealed_data", "v1ess.signature"},
    {"v2.flags", "exported_session_key", "v2.sealed_data", "v2.signature"},
};

START_TEST(sealing_gives_the_published_answers)
{
    struct ntlm_bytes plain = vector("plaintext");
    uint8_t sealed[ROOM], signature[16];
    struct ntlm_part part = {plain.data, sealed, plain.len};

    ck_assert_int_eq(ntlm_session_new(vector(published[_i].key).data,
                                      vector_number(published[_i].flags), NTLM_CLIENT, &client),
                     NTLM_OK);
    ck_assert_int_eq(ntlm_session_seal(client, &part, 1, signature), NTLM_OK);
    assert_vector(sealed, plain.len, published[_i].sealed_data);
    assert_vector(signature, sizeof(signature), published[_i].signature);
    ntlm_session_free(client);
}
END_TEST

/* What the specification's examples leave out: later messages, the other
 * direction, pieces, each key length, datagrams. Computed from 3.4 with a few
 * lines of Python (its hmac, hashlib and zlib, RC4 written out) for the key of
 * conversation.c. */
static const struct {
    bool from_server;
    struct message message;
} script[] = {
    {false, {.pieces = {"first"}}},
    {false, {.pieces = {"Signed alone"}}},
    {true, {.pieces = {"the answer"}}},
    {false, {.pieces = {"Header ", "body", "", " trailer"}}},
};

static const struct {
    uint32_t flags, first_number;
    struct {
        const char *data, *signature;
    } sent[COUNT(script)];
} computed[] = {
    {SIGN | SEAL | ESS | KEY_EXCH | B128 | B56,
     0,
     {{"431c812dac", "01000000803583c8c7f169fb00000000"},
      {"5369676e656420616c6f6e65", "01000000875cd4e8dff68f6701000000"},
      {"46f8b9c0245f8d9703d2", "01000000d0da9b778bd85f0b00000000"},
      {"4865616465722018b5ced04110c54604ac776b", "01000000382fa960967cebf502000000"}}},
    {SIGN | SEAL | ESS | KEY_EXCH | B56,
     0,
     {{"c0259e61f4", "01000000e59cee3f2600ef7300000000"},
      {"5369676e656420616c6f6e65", "01000000aa9d520262bd8f7b01000000"},
      {"c9538d1c8b04f7212569", "010000003686c82f5ad9f7b100000000"},
      {"48656164657220d572cd489c14c0f52e1fc3c6", "010000008ec7d07e70c3a05d02000000"}}},
    {SIGN | SEAL | ESS | KEY_EXCH,
     0,
     {{"c3248b9c1e", "01000000299a0dcfc4e98b5e00000000"},
      {"5369676e656420616c6f6e65", "010000008ee1f3701c5f0aa601000000"},
      {"2a0054a7853d3caa11a4", "01000000db011c977758c60a00000000"},
      {"48656164657220dabf22960521f197a38d481e", "010000002ddc1610676f98ce02000000"}}},
    {SIGN | SEAL | ESS | B128,
     0,
     {{"431c812dac", "01000000abd12f4d6bc0412300000000"},
      {"5369676e656420616c6f6e65", "01000000822f315d40cc7c9401000000"},
      {"46f8b9c0245f8d9703d2", "0100000070d4e8db43ebadab00000000"},
      {"48656164657220498bc8fc8c455ab96c1f80c7", "01000000e682f02333f4c09002000000"}}},
    {SIGN | SEAL | KEY_EXCH | B128,
     0,
     {{"fcaebee914", "0100000000000000c4c6e85fe41b9752"},
      {"5369676e656420616c6f6e65", "0100000000000000bf3b88628b84f11d"},
      {"6ef6792bfc8d972244d2", "010000000000000096e40e0bf7b514bc"},
      {"4865616465722056d34675aefb41d0e3b9124f", "0100000000000000bc44730e8b053061"}}},
    {SIGN | SEAL | B56 | LM_KEY,
     0,
     {{"6565f5850c", "0100000000000000e96ec9ff9a1c00d0"},
      {"5369676e656420616c6f6e65", "0100000000000000ab9cf2087eeab5c4"},
      {"6589b46b14bd41d2639e", "010000000000000072eba677bcb7bce6"},
      {"48656164657220b493531ab0c296c1e4484443", "0100000000000000991e7f99bf5223fd"}}},
    {SIGN | SEAL | B128 | LM_KEY,
     0,
     {{"8ad66e9eed", "01000000000000000de1f8aecc8affc3"},
      {"5369676e656420616c6f6e65", "010000000000000086e35f0b005657a3"},
      {"5d85053ca50be87ec200", "010000000000000097230ab98737eb07"},
      {"48656164657220901ebcd681fd35d2ba3dec6e", "0100000000000000f1f032f456ec8653"}}},
    {SIGN | SEAL | ESS | KEY_EXCH | B128 | DATAGRAM,
     1000,
     {{"0d898408ea", "01000000798e86dde91de91fe8030000"},
      {"5369676e656420616c6f6e65", "010000002e8759c1ba9c0b43e9030000"},
      {"e06f754e533811bae124", "010000005c78f0e63b174f2ce8030000"},
      {"48656164657220fbc6c161c8ef004c233ce3f1", "010000005835cc18597f125aea030000"}}},
    {SIGN | ESS | DATAGRAM,
     7,
     {{"e6f07cd251", "010000006b884a48c8f11f8c07000000"},
      {"5369676e656420616c6f6e65", "01000000f746eef14f1b4c3708000000"},
      {"c0070016b30e644183e2", "010000002275468931a8b13307000000"},
      {"4865616465722095f67ae51d9c79245ed59edb", "0100000062ed1d6ef59511dc09000000"}}},
};

START_TEST(conversations_are_as_computed_independently)
{
    open_both(computed[_i].flags);
    if (computed[_i].flags & DATAGRAM) {
        ck_assert_int_eq(ntlm_session_set_sequence(client, computed[_i].first_number), NTLM_OK);
        ck_assert_int_eq(ntlm_session_set_sequence(server, computed[_i].first_number), NTLM_OK);
    }
    for (size_t i = 0; i < COUNT(script); i++) {
        bool back = script[i].from_server;
        struct message message = seal(back ? server : client, &script[i].message);

        assert_hex(message.data, message.len, computed[_i].sent[i].data);
        assert_hex(message.signature, 16, computed[_i].sent[i].signature);
        assert_arrives(back ? client : server, &message);
    }
    close_both();
}
END_TEST

START_TEST(what_one_side_seals_the_other_unseals)
{
    open_both(mode(_i));
    ck_assert(ntlm_session_protects(client));
    for (int round = 0; round < 20; round++)
        converse();
    close_both();
}
END_TEST

START_TEST(one_side_may_send_many_messages_before_the_other_answers)
{
    struct message sent[3 * SHAPES];

    open_both(mode(_i));
    for (size_t i = 0; i < COUNT(sent); i++)
        sent[i] = seal(client, &shapes[i % SHAPES]);
    for (size_t i = 0; i < COUNT(sent); i++)
        assert_arrives(server, &sent[i]);
    converse();
    close_both();
}
END_TEST

/* In place and to another buffer, the other test sessions work in place. */
START_TEST(sealing_to_another_buffer_leaves_the_first_alone)
{
    static const char text[] = "not to be written over";
    uint8_t sealed[sizeof(text)], opened[sizeof(text)] = "", signature[16];
    char before[sizeof(text)];
    struct ntlm_order order;
    struct ntlm_part to = {(uint8_t *)before, sealed, sizeof(text)};
    struct ntlm_part back = {sealed, opened, sizeof(text)};

    open_both(mode(_i));
    for (int round = 0; round < 3; round++) {
        strcpy(before, text);
        ck_assert_int_eq(ntlm_session_seal(client, &to, 1, signature), NTLM_OK);
        ck_assert_str_eq(before, text);
        ck_assert_mem_ne(sealed, text, sizeof(text));
        ck_assert_int_eq(ntlm_session_unseal(server, &back, 1, signature, &order), NTLM_OK);
        ck_assert_str_eq((const char *)opened, text);
    }
    close_both();
}
END_TEST

START_TEST(a_part_without_an_out_is_signed_and_not_encrypted)
{
    struct message message;

    open_both(mode(_i));
    message = seal(client, &(struct message){.pieces = {"Clear", "hidden", "Clear"}});
    ck_assert_mem_eq(message.data, "Clear", 5);
    ck_assert_mem_ne(message.data + 5, "hidden", 6);
    ck_assert_mem_eq(message.data + 11, "Clear", 5);
    close_both();
}
END_TEST

START_TEST(a_message_is_the_same_however_it_is_cut)
{
    struct message whole, cut;

    open_both(mode(_i));
    whole = seal(client, &(struct message){.pieces = {"one message"}});
    close_both();
    open_both(mode(_i));
    cut = seal(client, &(struct message){.pieces = {"one", "", " ", "message"}});
    ck_assert_mem_eq(cut.data, whole.data, whole.len);
    ck_assert_mem_eq(cut.signature, whole.signature, 16);
    assert_arrives(server, &whole);
    close_both();
}
END_TEST

/* A long message is worked on in stretches: wherever these end, it is one. */
#define LONG ((3 << 15) + 5)

static void fill(uint8_t text[LONG])
{
    for (size_t i = 0; i < LONG; i++)
        text[i] = (uint8_t)(i * i >> 7);
}

START_TEST(a_long_message_is_the_same_however_it_is_cut)
{
    const size_t piece = LONG / 24;
    static uint8_t plain[LONG], whole[LONG], cut[LONG];
    struct ntlm_part one = {whole, whole, LONG}, many[25];
    uint8_t signature[2][NTLM_SIGNATURE_SIZE];
    struct ntlm_order order;

    fill(plain);
    memcpy(whole, plain, LONG);
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = (struct ntlm_part){plain + i * piece, cut + i * piece,
                                     i + 1 < COUNT(many) ? piece : LONG % piece};
    open_both(mode(_i));
    ck_assert_int_eq(ntlm_session_seal(client, &one, 1, signature[0]), NTLM_OK);
    close_both();
    open_both(mode(_i));
    ck_assert_int_eq(ntlm_session_seal(client, many, COUNT(many), signature[1]), NTLM_OK);
    ck_assert_mem_eq(whole, cut, LONG);
    ck_assert_mem_eq(signature[0], signature[1], NTLM_SIGNATURE_SIZE);
    ck_assert_int_eq(ntlm_session_unseal(server, &one, 1, signature[0], &order), NTLM_OK);
    ck_assert_mem_eq(whole, plain, LONG);
    close_both();
}
END_TEST

/* SPNEGO signs the list of mechanisms and then starts both streams anew, while
 * the numbers go on ([MS-SPNG] 3.3.5.1). Without extended session security
 * that is one stream, which each MIC restarts. */
static void exchange_mics(void)
{
    struct message mic = seal_text(client, "Mechanisms");

    ck_assert_int_eq(ntlm_session_reset(client, false), NTLM_OK);
    assert_arrives(server, &mic);
    ck_assert_int_eq(ntlm_session_reset(server, true), NTLM_OK);
    mic = seal_text(server, "Mechanisms");
    ck_assert_int_eq(ntlm_session_reset(server, false), NTLM_OK);
    assert_arrives(client, &mic);
    ck_assert_int_eq(ntlm_session_reset(client, true), NTLM_OK);
}

START_TEST(a_reset_restarts_the_stream_and_not_the_numbers)
{
    struct message fresh, first;

    open_both(mode(_i));
    fresh = seal_text(client, "the first message");
    close_both();
    open_both(mode(_i));
    exchange_mics();
    first = seal_text(client, "the first message");
    ck_assert_mem_eq(first.data, fresh.data, first.len);
    if (mode(_i) & ESS)
        assert_hex(first.signature + 12, 4, "01000000");
    ck_assert_mem_ne(first.signature, fresh.signature, 16);
    assert_arrives(server, &first);
    converse();
    close_both();
}
END_TEST

START_TEST(a_reset_of_one_direction_leaves_the_other_alone)
{
    struct message message;

    open_both(mode(_i) | ESS);
    converse();
    ck_assert_int_eq(ntlm_session_reset(client, false), NTLM_OK);
    message = seal_text(server, "still in step");
    assert_arrives(client, &message);
    ck_assert_int_eq(ntlm_session_reset(server, true), NTLM_OK);
    converse();
    close_both();
}
END_TEST

START_TEST(without_signing_and_sealing_there_is_the_dummy_signature)
{
    struct message message;
    struct ntlm_order order;
    struct ntlm_part part = {message.data, message.data, 1};

    open_both(ALWAYS_SIGN | (_i ? ESS | KEY_EXCH | B128 : 0));
    ck_assert(!ntlm_session_protects(client));
    for (int round = 0; round < 2; round++) {
        message = seal_text(client, "Signed");
        assert_hex(message.signature, 16, "01000000000000000000000000000000");
        assert_arrives(server, &message);
        assert_arrives(server, &message);
    }
    for (size_t i = 0; i < 16; i++)
        assert_refused(server, &message, &message.signature[i]);
    ck_assert_int_eq(ntlm_session_seal(client, &part, 1, message.signature),
                     NTLM_ERR_NO_PROTECTION);
    ck_assert_int_eq(ntlm_session_unseal(client, &part, 1, message.signature, &order),
                     NTLM_ERR_NO_PROTECTION);
    ck_assert_int_eq(ntlm_session_reset(client, false), NTLM_OK);
    close_both();
}
END_TEST

START_TEST(without_any_protection_nothing_is_signed)
{
    struct ntlm_order order;
    uint8_t signature[16] = {1};

    open_both(ESS | KEY_EXCH | B128 | B56);
    ck_assert_int_eq(ntlm_session_seal(client, NULL, 0, signature), NTLM_ERR_NO_PROTECTION);
    ck_assert_int_eq(ntlm_session_unseal(client, NULL, 0, signature, &order),
                     NTLM_ERR_NO_PROTECTION);
    close_both();
}
END_TEST

START_TEST(datagrams_arrive_in_any_order)
{
    static const uint32_t numbers[] = {5, 0, 0xffffffff, 5000, 4};
    struct message sent[COUNT(numbers)];

    open_both(mode(_i) | DATAGRAM | ESS);
    for (size_t i = 0; i < COUNT(numbers); i++) {
        ck_assert_int_eq(ntlm_session_set_sequence(client, numbers[i]), NTLM_OK);
        sent[i] = seal(client, &shapes[i]);
    }
    for (size_t i = COUNT(numbers); i-- > 0;)
        assert_arrives(server, &sent[i]);
    for (size_t i = 0; i < COUNT(numbers); i++)
        if (shapes[i].pieces[0]) {
            assert_refused(server, &sent[i], &sent[i].signature[7]);
            sent[i].signature[12] ^= 1; /* another number is another key */
            assert_refused(server, &sent[i], &sent[i].signature[7]);
        }
    converse();
    close_both();
}
END_TEST

/* Computed like the conversations above. */
START_TEST(datagrams_without_extended_security_are_signed_under_the_number_that_was_set)
{
    struct message message;
    struct ntlm_order order;

    open_both(SIGN | SEAL | DATAGRAM | (_i ? B56 : 0));
    ck_assert(!ntlm_session_protects(client));
    ck_assert_int_eq(ntlm_session_set_sequence(client, 7), NTLM_OK);
    message = seal_text(client, "Datagram");
    assert_hex(message.signature, 16,
               _i ? "0100000000000000252c745437760eb7" : "010000000000000015e2b9d241703582");
    ck_assert_int_eq(unseal(server, &message, &order, NULL), NTLM_ERR_BAD_SIGNATURE);
    ck_assert_int_eq(ntlm_session_set_sequence(server, 7), NTLM_OK);
    assert_arrives(server, &message);
    message = seal_text(client, "Datagram");
    assert_hex(message.signature, 16,
               _i ? "0100000000000000dca27465df0a0b21" : "01000000000000007600c6f0061dcb29");
    assert_arrives(server, &message);
    close_both();
}
END_TEST

START_TEST(datagrams_without_extended_security_are_not_encrypted)
{
    uint8_t data[] = "text", signature[16];
    struct ntlm_part part = {data, data, sizeof(data)};

    open_both(SIGN | SEAL | DATAGRAM | B56);
    ck_assert_int_eq(ntlm_session_seal(client, &part, 1, signature), NTLM_ERR_NO_PROTECTION);
    close_both();
}
END_TEST

START_TEST(only_a_datagram_sessions_number_can_be_set)
{
    open_both(mode(_i));
    ck_assert_int_eq(ntlm_session_set_sequence(client, 7), NTLM_ERR_NOT_DATAGRAM);
    converse();
    close_both();
}
END_TEST

static const struct {
    uint32_t flags;
    unsigned ssf;
} strengths[] = {
    {ESS | SIGN | SEAL | B128 | B56, 64},
    {ESS | SEAL | B128 | LM_KEY, 64},
    {ESS | SIGN | SEAL | B56, 56},
    {ESS | SIGN | SEAL, 40},
    {SIGN | SEAL | B128, 64},
    {SIGN | SEAL | B128 | B56 | LM_KEY, 56},
    {SIGN | SEAL | B128 | LM_KEY, 40},
    {ESS | SIGN | B128, 1},
    {SIGN | SEAL | B128 | DATAGRAM, 1},
    {ESS | ALWAYS_SIGN | B128, 0},
    {0, 0},
};

START_TEST(the_strength_is_counted_as_sasl_does)
{
    open_both(strengths[_i].flags);
    ck_assert_uint_eq(ntlm_session_ssf(client), strengths[_i].ssf);
    close_both();
}
END_TEST

static TCase *known_answers(void)
{
    TCase *cases = tcase_create("known answers");

    tcase_add_loop_test(cases, sealing_gives_the_published_answers, 0, COUNT(published));
    tcase_add_loop_test(cases, conversations_are_as_computed_independently, 0, COUNT(computed));
    return cases;
}

static TCase *conversations(void)
{
    TCase *cases = tcase_create("conversations");

    tcase_add_loop_test(cases, what_one_side_seals_the_other_unseals, 0, MODES);
    tcase_add_loop_test(cases, one_side_may_send_many_messages_before_the_other_answers, 0,
                        MODES);
    tcase_add_loop_test(cases, sealing_to_another_buffer_leaves_the_first_alone, 0, MODES);
    tcase_add_loop_test(cases, a_part_without_an_out_is_signed_and_not_encrypted, 0, MODES);
    tcase_add_loop_test(cases, a_message_is_the_same_however_it_is_cut, 0, MODES);
    tcase_add_loop_test(cases, a_long_message_is_the_same_however_it_is_cut, 0, MODES);
    tcase_add_loop_test(cases, a_reset_restarts_the_stream_and_not_the_numbers, 0, MODES);
    tcase_add_loop_test(cases, a_reset_of_one_direction_leaves_the_other_alone, 0, MODES);
    tcase_add_loop_test(cases, without_signing_and_sealing_there_is_the_dummy_signature, 0, 2);
    tcase_add_test(cases, without_any_protection_nothing_is_signed);
    tcase_add_loop_test(cases, the_strength_is_counted_as_sasl_does, 0, COUNT(strengths));
    return cases;
}

static TCase *datagrams(void)
{
    TCase *cases = tcase_create("datagrams");

    tcase_add_loop_test(cases, datagrams_arrive_in_any_order, 0, MODES);
    tcase_add_loop_test(
        cases, datagrams_without_extended_security_are_signed_under_the_number_that_was_set, 0,
        2);
    tcase_add_test(cases, datagrams_without_extended_security_are_not_encrypted);
    tcase_add_loop_test(cases, only_a_datagram_sessions_number_can_be_set, 0, MODES);
    return cases;
}

int main(void)
{
    Suite *suite = suite_create("session");

    suite_add_tcase(suite, known_answers());
    suite_add_tcase(suite, conversations());
    suite_add_tcase(suite, datagrams());
    return suite_run(suite);
}
