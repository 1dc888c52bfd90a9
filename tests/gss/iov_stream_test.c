/* SPDX-License-Identifier: MIT */
/* iov_stream_test.c - whole messages unwrapped where they lie, buffers and
 * messages in exchange for each other, and signatures over buffers. */

#include "config.h"

#include "gss_buffers.h"

START_TEST(a_stream_is_unwrapped_where_it_lies)
{
    gss_buffer_desc token;
    struct buffers buffers = {.count = 2};

    buffers_begin(GSS_C_CONF_FLAG);
    token = stream_of("twinkle, twinkle");
    buffers.iov[0] = (gss_iov_buffer_desc){.type = STREAM, .buffer = token};
    buffers.iov[1].type = DATA;
    assert_complete(buffers_unwrap(&buffers));
    assert_bytes(buffers.iov[1].buffer, "twinkle, twinkle", 16);
    ck_assert_ptr_eq(buffers.iov[1].buffer.value, (char *)token.value + SIGNATURE);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_stream_may_be_unwrapped_into_a_buffer_of_its_own)
{
    static const char *const texts[] = {"twinkle, twinkle", ""};
    gss_buffer_desc token;

    buffers_begin(GSS_C_CONF_FLAG);
    for (int i = 0; i < 2; i++) {
        struct buffers buffers = {.count = 2};

        token = stream_of(texts[i]);
        buffers.iov[0] = (gss_iov_buffer_desc){.type = STREAM, .buffer = token};
        buffers.iov[1].type = DATA | ALLOCATE;
        assert_complete(buffers_unwrap(&buffers));
        ck_assert_int_eq((buffers.iov[1].type & GSS_IOV_BUFFER_FLAG_ALLOCATED) != 0,
                         *texts[i] != '\0');
        assert_bytes(buffers.iov[1].buffer, texts[i], strlen(texts[i]));
        gss_release_iov_buffer(&minor, &buffers.iov[1], 1);
        release_buffer(&token);
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_stream_that_was_altered_is_refused_and_nothing_is_left)
{
    gss_buffer_desc token;
    struct buffers buffers = {.count = 2};

    buffers_begin(GSS_C_CONF_FLAG);
    token = stream_of("twinkle, twinkle");
    ((char *)token.value)[SIGNATURE] ^= 1;
    buffers.iov[0] = (gss_iov_buffer_desc){.type = STREAM, .buffer = token};
    buffers.iov[1].type = DATA | ALLOCATE;
    assert_status(GSS_S_BAD_SIG, buffers_unwrap(&buffers));
    ck_assert_ptr_null(buffers.iov[1].buffer.value);
    ck_assert_uint_eq(buffers.iov[1].type & GSS_IOV_BUFFER_FLAG_ALLOCATED, 0);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_stream_needs_a_signature_and_one_data_buffer)
{
    gss_buffer_desc token;
    struct buffers buffers = {.count = 2};

    buffers_begin(GSS_C_CONF_FLAG);
    token = stream_of("twinkle, twinkle");
    buffers.iov[0] =
        (gss_iov_buffer_desc){.type = STREAM, .buffer = {SIGNATURE - 1, token.value}};
    buffers.iov[1].type = DATA;
    assert_status(GSS_S_DEFECTIVE_TOKEN, buffers_unwrap(&buffers));
    assert_minor(NTLM_ERR_MESSAGE_TRUNCATED);
    buffers.iov[0].buffer = token;
    buffers.iov[1].type = EMPTY;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_unwrap(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    buffers.iov[1].type = buffers.iov[2].type = DATA;
    buffers.count = 3;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_unwrap(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    buffers.count = 2;
    assert_complete(buffers_unwrap(&buffers)); /* nothing was used up */
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(buffers_and_streams_are_the_same_messages)
{
    struct layout layout = {2, {HEADER, DATA}, {NULL, "twinkle"}};
    struct buffers buffers;
    char message[SIGNATURE + 7] = "";
    gss_buffer_desc token = bytes_buffer(message, sizeof(message)), out;

    buffers_begin(GSS_C_CONF_FLAG);
    buffers_fill(&buffers, &layout);
    assert_complete(buffers_wrap(&buffers));
    memcpy(message, buffers.iov[0].buffer.value, SIGNATURE);
    memcpy(message + SIGNATURE, buffers.iov[1].buffer.value, 7);
    assert_complete(gss_unwrap(&minor, exchange.server.context, &token, &out, NULL, NULL));
    assert_bytes(out, "twinkle", 7);
    release_buffer(&out);

    token = stream_of("twinkle");
    memcpy(buffers.storage[0], token.value, SIGNATURE);
    memcpy(buffers.storage[1], (char *)token.value + SIGNATURE, 7);
    assert_complete(buffers_unwrap(&buffers));
    assert_bytes(buffers.iov[1].buffer, "twinkle", 7);
    release_buffer(&token);
    exchange_end(&exchange);
}
END_TEST

START_TEST(associated_data_are_a_buffer_that_is_signed_only)
{
    struct layout layout = {3, {HEADER, SIGN_ONLY, DATA}, {NULL, "envelope", "letter"}};
    struct buffers buffers;
    gss_buffer_desc envelope = text_buffer("envelope"), out;
    char message[SIGNATURE + 6] = "";
    gss_buffer_desc token = bytes_buffer(message, sizeof(message));

    buffers_begin(GSS_C_CONF_FLAG);
    buffers_fill(&buffers, &layout);
    assert_complete(buffers_wrap(&buffers));
    memcpy(message, buffers.iov[0].buffer.value, SIGNATURE);
    memcpy(message + SIGNATURE, buffers.iov[2].buffer.value, 6);
    assert_complete(
        gss_unwrap_aead(&minor, exchange.server.context, &token, &envelope, &out, NULL, NULL));
    assert_bytes(out, "letter", 6);
    release_buffer(&out);
    exchange_end(&exchange);
}
END_TEST

#ifdef HAVE_MIC_IOV

static OM_uint32 sign(struct buffers *buffers)
{
    return gss_get_mic_iov(&minor, exchange.client.context, GSS_C_QOP_DEFAULT, buffers->iov,
                           buffers->count);
}

static OM_uint32 verify(struct buffers *buffers)
{
    return gss_verify_mic_iov(&minor, exchange.server.context, NULL, buffers->iov,
                              buffers->count);
}

START_TEST(buffers_are_signed_where_they_lie)
{
    struct layout layout = {
        4, {DATA, MIC_TOKEN, SIGN_ONLY, DATA}, {"twinkle", NULL, "head", "bat"}};
    struct buffers buffers;

    buffers_begin(GSS_C_INTEG_FLAG);
    for (int i = 0; i < 2; i++) {
        buffers_fill(&buffers, &layout);
        assert_complete(sign(&buffers));
        assert_contents(&buffers, &layout); /* in clear */
        assert_complete(verify(&buffers));
    }
    buffers_fill(&buffers, &layout);
    assert_complete(sign(&buffers));
    buffers.storage[3][0] ^= 1;
    assert_status(GSS_S_BAD_SIG, verify(&buffers));
    exchange_end(&exchange);
}
END_TEST

START_TEST(a_signature_of_buffers_is_that_of_their_text)
{
    struct layout layout = {3, {DATA, DATA, MIC_TOKEN | ALLOCATE}, {"twinkle ", "little"}};
    gss_buffer_desc text = text_buffer("twinkle little"), mic;
    struct buffers buffers;

    buffers_begin(GSS_C_INTEG_FLAG);
    buffers_fill(&buffers, &layout);
    assert_complete(sign(&buffers));
    assert_complete(
        gss_verify_mic(&minor, exchange.server.context, &text, &buffers.iov[2].buffer, NULL));
    gss_release_iov_buffer(&minor, buffers.iov, 3);

    assert_complete(gss_get_mic(&minor, exchange.client.context, 0, &text, &mic));
    buffers.iov[2] = (gss_iov_buffer_desc){.type = MIC_TOKEN, .buffer = mic};
    assert_complete(verify(&buffers));
    release_buffer(&mic);
    exchange_end(&exchange);
}
END_TEST

START_TEST(the_length_of_a_signature_is_told)
{
    struct layout layout = {2, {DATA, MIC_TOKEN}, {"twinkle"}};
    struct buffers buffers;

    buffers_begin(GSS_C_INTEG_FLAG);
    buffers_fill(&buffers, &layout);
    buffers.iov[1].buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    assert_complete(gss_get_mic_iov_length(&minor, exchange.client.context, 0, buffers.iov, 2));
    ck_assert_uint_eq(buffers.iov[1].buffer.length, SIGNATURE);
    buffers.iov[1].type = HEADER;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                  gss_get_mic_iov_length(&minor, exchange.client.context, 0, buffers.iov, 2));
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, sign(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, verify(&buffers));
    exchange_end(&exchange);
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("gss_iov_stream");
    TCase *cases = fixture_case(suite, "streams");
    tcase_add_test(cases, a_stream_is_unwrapped_where_it_lies);
    tcase_add_test(cases, a_stream_may_be_unwrapped_into_a_buffer_of_its_own);
    tcase_add_test(cases, a_stream_that_was_altered_is_refused_and_nothing_is_left);
    tcase_add_test(cases, a_stream_needs_a_signature_and_one_data_buffer);
    tcase_add_test(cases, buffers_and_streams_are_the_same_messages);
    tcase_add_test(cases, associated_data_are_a_buffer_that_is_signed_only);
#ifdef HAVE_MIC_IOV
    cases = fixture_case(suite, "mic");
    tcase_add_test(cases, buffers_are_signed_where_they_lie);
    tcase_add_test(cases, a_signature_of_buffers_is_that_of_their_text);
    tcase_add_test(cases, the_length_of_a_signature_is_told);
#endif
    return suite_run(suite);
}
