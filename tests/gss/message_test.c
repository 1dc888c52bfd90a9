/* SPDX-License-Identifier: MIT */
/* message_test.c - gss_wrap, gss_unwrap, gss_get_mic, gss_verify_mic and the
 * forms with associated data. Buffers in place are in iov_test.c. */

#include "config.h"

#include <stdlib.h>

#include "gss_exchange.h"

#define SIGNATURE 16

/* Raw NTLM, signing alone and sealing, and SPNEGO's. */
#define WAYS 3
static const struct request ways[WAYS] = {
    {.flags = GSS_C_INTEG_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_REPLAY_FLAG},
    {.flags = GSS_C_CONF_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_REPLAY_FLAG},
    {.mech = (gss_OID)(uintptr_t)&spnego_oid,
     .flags = GSS_C_CONF_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_REPLAY_FLAG},
};

static gss_buffer_desc wrapped(gss_ctx_id_t context, gss_buffer_desc text)
{
    gss_buffer_desc token;
    int conf_state = 0;

    assert_complete(
        gss_wrap(&minor, context, 1, GSS_C_QOP_DEFAULT, &text, &conf_state, &token));
    ck_assert_int_eq(conf_state, 1);
    return token;
}

static OM_uint32 unwrap(gss_ctx_id_t context, gss_buffer_desc token, gss_buffer_t out)
{
    int conf_state = 0;
    gss_qop_t qop = 99;
    OM_uint32 major = gss_unwrap(&minor, context, &token, out, &conf_state, &qop);

    if (major == GSS_S_COMPLETE) {
        ck_assert_int_eq(conf_state, 1);
        ck_assert_uint_eq(qop, GSS_C_QOP_DEFAULT);
    } else {
        ck_assert_uint_eq(out->length, 0);
        ck_assert_ptr_null(out->value);
    }
    return major;
}

static void assert_unwraps(gss_ctx_id_t context, gss_buffer_desc token, gss_buffer_desc text)
{
    gss_buffer_desc out;

    assert_complete(unwrap(context, token, &out));
    assert_bytes(out, text.value, text.length);
    release_buffer(&out);
}

static void assert_bad(gss_ctx_id_t context, gss_buffer_desc token, OM_uint32 major,
                       enum ntlm_error error)
{
    gss_buffer_desc out;

    assert_status(major, unwrap(context, token, &out));
    if (minor != (OM_uint32)error) /* SPNEGO changes the number */
        ck_assert_str_eq(status_text(minor, SPNEGO), ntlm_error_text(error));
}

START_TEST(messages_of_all_sizes_arrive)
{
    static const size_t sizes[] = {0, 1, 7, 15, 16, 17, 4096, 65536, 1 << 20, 3};
    uint8_t *bytes = malloc(1 << 20);
    struct exchange exchange;

    ck_assert_ptr_nonnull(bytes);
    for (size_t i = 0; i < 1 << 20; i++)
        bytes[i] = (uint8_t)(i * 7 + (i >> 8));
    exchange_establish(&exchange, &ways[_i]);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        gss_buffer_desc text = bytes_buffer(bytes, sizes[i]), token;

        token = wrapped(exchange.client.context, text);
        ck_assert_uint_eq(token.length, sizes[i] + SIGNATURE);
        if (sizes[i] > 8)
            ck_assert_mem_ne((uint8_t *)token.value + SIGNATURE, bytes, sizes[i]);
        assert_unwraps(exchange.server.context, token, text);
        release_buffer(&token);
        token = wrapped(exchange.server.context, text);
        assert_unwraps(exchange.client.context, token, text);
        release_buffer(&token);
    }
    exchange_end(&exchange);
    free(bytes);
}
END_TEST

START_TEST(many_messages_may_be_on_their_way)
{
    gss_buffer_desc tokens[20], text = text_buffer("all the king's horses");
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    for (int i = 0; i < 20; i++)
        tokens[i] = wrapped(exchange.client.context, text);
    assert_said(exchange.server.context, exchange.client.context, "and all the king's men");
    for (int i = 0; i < 20; i++) {
        assert_unwraps(exchange.server.context, tokens[i], text);
        release_buffer(&tokens[i]);
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_message_is_sealed_even_when_no_confidentiality_is_asked_for)
{
    gss_buffer_desc text = text_buffer("a text of some length"), token;
    struct exchange exchange;
    int conf_state = 0;

    exchange_establish(&exchange, &ways[_i]);
    assert_complete(gss_wrap(&minor, exchange.client.context, 0, GSS_C_QOP_DEFAULT, &text,
                             &conf_state, &token));
    ck_assert_int_eq(conf_state, 1);
    ck_assert_mem_ne((uint8_t *)token.value + SIGNATURE, text.value, text.length);
    assert_unwraps(exchange.server.context, token, text);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

static void assert_signed(gss_ctx_id_t from, gss_ctx_id_t to, const char *text)
{
    gss_buffer_desc message = text_buffer(text), mic;
    gss_qop_t qop = 99;

    assert_complete(gss_get_mic(&minor, from, GSS_C_QOP_DEFAULT, &message, &mic));
    ck_assert_uint_eq(mic.length, SIGNATURE);
    assert_complete(gss_verify_mic(&minor, to, &message, &mic, &qop));
    ck_assert_uint_eq(qop, GSS_C_QOP_DEFAULT);
    release_buffer(&mic);
}

START_TEST(signatures_verify_and_mix_with_wrapping)
{
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    for (int i = 0; i < 3; i++) {
        assert_signed(exchange.client.context, exchange.server.context, "");
        assert_talk(exchange.client.context, exchange.server.context);
        assert_signed(exchange.server.context, exchange.client.context, "signed");
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_signature_is_for_its_text_alone)
{
    gss_buffer_desc text = text_buffer("pepper"), other = text_buffer("peppes"), mic;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    assert_complete(
        gss_get_mic(&minor, exchange.client.context, GSS_C_QOP_DEFAULT, &text, &mic));
    assert_status(GSS_S_BAD_SIG,
                  gss_verify_mic(&minor, exchange.server.context, &other, &mic, NULL));
    mic.length--;
    assert_status(GSS_S_DEFECTIVE_TOKEN,
                  gss_verify_mic(&minor, exchange.server.context, &text, &mic, NULL));
    release_buffer(&mic);
    exchange_end(&exchange);
}
END_TEST

START_TEST(other_qualities_of_protection_are_refused)
{
    gss_buffer_desc text = text_buffer("pepper"), out = GSS_C_EMPTY_BUFFER;
    OM_uint32 size;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    assert_status(GSS_S_BAD_QOP,
                  gss_wrap(&minor, exchange.client.context, 1, 7, &text, NULL, &out));
    assert_minor(NTLM_ERR_BAD_QOP);
    ck_assert_ptr_null(out.value);
    assert_status(GSS_S_BAD_QOP, gss_get_mic(&minor, exchange.client.context, 7, &text, &out));
    assert_status(GSS_S_BAD_QOP,
                  gss_wrap_size_limit(&minor, exchange.client.context, 1, 7, 100, &size));
    assert_talk(exchange.client.context, exchange.server.context); /* nothing was used up */
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_wrapped_message_is_a_signature_longer)
{
    struct exchange exchange;
    OM_uint32 size;

    exchange_establish(&exchange, &ways[_i]);
    assert_complete(gss_wrap_size_limit(&minor, exchange.client.context, 1, 0, 1000, &size));
    ck_assert_uint_eq(size, 1000 - SIGNATURE);
    assert_complete(gss_wrap_size_limit(&minor, exchange.client.context, 0, 0, 17, &size));
    ck_assert_uint_eq(size, 1);
    assert_complete(gss_wrap_size_limit(&minor, exchange.server.context, 1, 0, 16, &size));
    ck_assert_uint_eq(size, 0);
    assert_complete(gss_wrap_size_limit(&minor, exchange.server.context, 1, 0, 3, &size));
    ck_assert_uint_eq(size, 0);
    exchange_end(&exchange);
}
END_TEST

START_TEST(every_altered_byte_is_noticed)
{
    gss_buffer_desc text = text_buffer("Off with her head!"), token;
    struct exchange exchange;

    for (size_t i = 0; i < SIGNATURE + text.length; i++) {
        exchange_establish(&exchange, &(struct request){.flags = ways[_i].flags});
        token = wrapped(exchange.client.context, text);
        ((uint8_t *)token.value)[i] ^= 0x40;
        if (i >= 12 && i < SIGNATURE) /* the sequence number */
            assert_bad(exchange.server.context, token, GSS_S_BAD_SIG | GSS_S_GAP_TOKEN,
                       NTLM_ERR_OUT_OF_SEQUENCE);
        else
            assert_bad(exchange.server.context, token, GSS_S_BAD_SIG, NTLM_ERR_BAD_SIGNATURE);
        release_buffer(&token);
        exchange_end(&exchange);
    }
}
END_TEST

START_TEST(a_message_cut_short_is_noticed)
{
    gss_buffer_desc text = text_buffer("Off with her head!"), token;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    token = wrapped(exchange.client.context, text);
    for (size_t len = 1; len < SIGNATURE; len++)
        assert_bad(exchange.server.context, bytes_buffer(token.value, len),
                   GSS_S_DEFECTIVE_TOKEN, NTLM_ERR_MESSAGE_TRUNCATED);
    assert_unwraps(exchange.server.context, token, text); /* nothing was used up */
    release_buffer(&token);
    token = wrapped(exchange.client.context, text);
    assert_bad(exchange.server.context, bytes_buffer(token.value, token.length - 1),
               GSS_S_BAD_SIG, NTLM_ERR_BAD_SIGNATURE);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_message_that_comes_again_is_told_from_a_new_one)
{
    gss_buffer_desc text = text_buffer("Off with her head!"), token;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    token = wrapped(exchange.client.context, text);
    assert_unwraps(exchange.server.context, token, text);
    assert_bad(exchange.server.context, token, GSS_S_BAD_SIG | GSS_S_UNSEQ_TOKEN,
               NTLM_ERR_OUT_OF_SEQUENCE);
    release_buffer(&token);
    assert_talk(exchange.client.context, exchange.server.context); /* it did no harm */
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_message_that_is_ahead_of_others_is_told_and_can_wait)
{
    gss_buffer_desc text = text_buffer("first"), first, second;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    first = wrapped(exchange.client.context, text);
    second = wrapped(exchange.client.context, text);
    assert_bad(exchange.server.context, second, GSS_S_BAD_SIG | GSS_S_GAP_TOKEN,
               NTLM_ERR_OUT_OF_SEQUENCE);
    assert_unwraps(exchange.server.context, first, text);
    assert_unwraps(exchange.server.context, second, text);
    release_buffer(&first);
    release_buffer(&second);
    exchange_end(&exchange);
}
END_TEST

START_TEST(who_did_not_ask_for_order_is_told_of_a_bad_signature)
{
    gss_buffer_desc text = text_buffer("first"), first, second;
    struct exchange exchange;

    exchange_establish(&exchange, &(struct request){.flags = GSS_C_CONF_FLAG});
    first = wrapped(exchange.server.context, text);
    second = wrapped(exchange.server.context, text);
    assert_bad(exchange.client.context, second, GSS_S_BAD_SIG, NTLM_ERR_OUT_OF_SEQUENCE);
    release_buffer(&first);
    release_buffer(&second);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_message_does_not_come_back_as_its_own_answer)
{
    gss_buffer_desc text = text_buffer("Off with her head!"), token;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    token = wrapped(exchange.client.context, text);
    assert_bad(exchange.client.context, token, GSS_S_BAD_SIG, NTLM_ERR_BAD_SIGNATURE);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(without_protection_nothing_is_wrapped)
{
    gss_buffer_desc text = text_buffer("in the open"), out = GSS_C_EMPTY_BUFFER;
    gss_buffer_desc token = bytes_buffer("\1\0\0\0 0123456789 0123456789", 26);
    struct exchange exchange;
    OM_uint32 size;

    exchange_establish(&exchange, &(struct request){0});
    assert_status(GSS_S_UNAVAILABLE,
                  gss_wrap(&minor, exchange.client.context, 1, 0, &text, NULL, &out));
    assert_minor(NTLM_ERR_NO_PROTECTION);
    assert_status(GSS_S_UNAVAILABLE,
                  gss_wrap(&minor, exchange.client.context, 0, 0, &text, NULL, &out));
    assert_status(GSS_S_UNAVAILABLE,
                  gss_unwrap(&minor, exchange.server.context, &token, &out, NULL, NULL));
    assert_status(GSS_S_UNAVAILABLE,
                  gss_wrap_size_limit(&minor, exchange.client.context, 1, 0, 100, &size));
    exchange_end(&exchange);
}
END_TEST

static gss_buffer_desc aead_wrapped(gss_ctx_id_t context, const char *associated,
                                    gss_buffer_desc text)
{
    gss_buffer_desc beside = text_buffer(associated ? associated : ""), token;
    int conf_state = 0;

    assert_complete(gss_wrap_aead(&minor, context, 1, GSS_C_QOP_DEFAULT,
                                  associated ? &beside : GSS_C_NO_BUFFER, &text, &conf_state,
                                  &token));
    ck_assert_int_eq(conf_state, 1);
    return token;
}

static OM_uint32 aead_unwrap(gss_ctx_id_t context, const char *associated,
                             gss_buffer_desc token, gss_buffer_t out)
{
    gss_buffer_desc beside = text_buffer(associated ? associated : "");

    return gss_unwrap_aead(&minor, context, &token, associated ? &beside : GSS_C_NO_BUFFER, out,
                           NULL, NULL);
}

static void assert_aead(gss_ctx_id_t from, gss_ctx_id_t to, const char *associated,
                        const char *text)
{
    gss_buffer_desc token = aead_wrapped(from, associated, text_buffer(text)), out;

    ck_assert_uint_eq(token.length, SIGNATURE + strlen(text));
    assert_complete(aead_unwrap(to, associated, token, &out));
    assert_bytes(out, text, strlen(text));
    release_buffer(&token);
    release_buffer(&out);
}

START_TEST(associated_data_are_signed_and_stay_behind)
{
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    for (int i = 0; i < 2; i++) {
        assert_aead(exchange.client.context, exchange.server.context, "the envelope",
                    "the letter");
        assert_aead(exchange.server.context, exchange.client.context, "", "the letter");
        assert_aead(exchange.server.context, exchange.client.context, NULL, "the letter");
        assert_aead(exchange.client.context, exchange.server.context, "the envelope", "");
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(associated_data_that_differ_are_noticed)
{
    static const char *const others[] = {"the envelopf", "the envelop", "", NULL};

    for (int i = 0; i < 4; i++) {
        struct exchange exchange;
        gss_buffer_desc token, out;

        exchange_establish(&exchange, &(struct request){.flags = ways[_i].flags});
        token =
            aead_wrapped(exchange.client.context, "the envelope", text_buffer("the letter"));
        assert_status(GSS_S_BAD_SIG,
                      aead_unwrap(exchange.server.context, others[i], token, &out));
        ck_assert_ptr_null(out.value);
        release_buffer(&token);
        exchange_end(&exchange);
    }
}
END_TEST

START_TEST(without_associated_data_it_is_a_wrapped_message)
{
    gss_buffer_desc text = text_buffer("the letter"), token, out;
    struct exchange exchange;

    exchange_establish(&exchange, &ways[_i]);
    token = aead_wrapped(exchange.client.context, NULL, text);
    assert_unwraps(exchange.server.context, token, text);
    release_buffer(&token);
    token = wrapped(exchange.client.context, text);
    assert_complete(aead_unwrap(exchange.server.context, NULL, token, &out));
    assert_bytes(out, text.value, text.length);
    release_buffer(&token);
    release_buffer(&out);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_message");
    TCase *cases = fixture_case(suite, "wrap");
    tcase_add_loop_test(cases, messages_of_all_sizes_arrive, 0, WAYS);
    tcase_add_loop_test(cases, many_messages_may_be_on_their_way, 0, WAYS);
    tcase_add_loop_test(cases, a_message_is_sealed_even_when_no_confidentiality_is_asked_for, 0,
                        WAYS);
    tcase_add_loop_test(cases, a_wrapped_message_is_a_signature_longer, 0, WAYS);
    tcase_add_test(cases, without_protection_nothing_is_wrapped);
    cases = fixture_case(suite, "mic");
    tcase_add_loop_test(cases, signatures_verify_and_mix_with_wrapping, 0, WAYS);
    tcase_add_loop_test(cases, a_signature_is_for_its_text_alone, 0, WAYS);
    tcase_add_test(cases, other_qualities_of_protection_are_refused);
    cases = fixture_case(suite, "tampering");
    tcase_add_loop_test(cases, every_altered_byte_is_noticed, 0, 2);
    tcase_add_loop_test(cases, a_message_cut_short_is_noticed, 0, WAYS);
    tcase_add_loop_test(cases, a_message_that_comes_again_is_told_from_a_new_one, 0, WAYS);
    tcase_add_loop_test(cases, a_message_that_is_ahead_of_others_is_told_and_can_wait, 0, WAYS);
    tcase_add_test(cases, who_did_not_ask_for_order_is_told_of_a_bad_signature);
    tcase_add_loop_test(cases, a_message_does_not_come_back_as_its_own_answer, 0, WAYS);
    cases = fixture_case(suite, "aead");
    tcase_add_loop_test(cases, associated_data_are_signed_and_stay_behind, 0, WAYS);
    tcase_add_loop_test(cases, associated_data_that_differ_are_noticed, 0, 2);
    tcase_add_loop_test(cases, without_associated_data_it_is_a_wrapped_message, 0, WAYS);
    return suite_run(suite);
}
