/* SPDX-License-Identifier: MIT */
/* iov_test.c - message protection in place: gss_wrap_iov and gss_unwrap_iov in
 * every layout that NTLM takes, and what they make of the others. Streams and
 * signatures alone are in iov_stream_test.c. */

#include "config.h"

#include "gss_buffers.h"

static const struct layout layouts[] = {
    {2, {HEADER, DATA}, {NULL, "twinkle"}},
    {2, {DATA, HEADER}, {"twinkle", NULL}},
    {4, {HEADER, DATA, PADDING, TRAILER}, {NULL, "twinkle"}},
    {4, {PADDING, TRAILER, DATA, HEADER}, {NULL, NULL, "twinkle"}},
    {5, {HEADER, SIGN_ONLY, DATA, SIGN_ONLY, TRAILER}, {NULL, "head", "twinkle", "tail"}},
    {4, {SIGN_ONLY, DATA, SIGN_ONLY, HEADER}, {"head", "twinkle", "tail"}},
    {4, {HEADER, DATA, SIGN_ONLY, DATA}, {NULL, "twinkle", "between", "little bat"}},
    {3, {HEADER, DATA, DATA}, {NULL, "", "twinkle"}},
    {2, {HEADER, SIGN_ONLY}, {NULL, "how I wonder"}},
    {1, {HEADER}, {NULL}},
    {4, {EMPTY, HEADER, EMPTY, DATA}, {NULL, NULL, NULL, "twinkle"}},
};
#define LAYOUTS ((int)(sizeof(layouts) / sizeof(layouts[0])))

START_TEST(every_layout_goes_there_and_back)
{
    const OM_uint32 flags[] = {GSS_C_INTEG_FLAG, GSS_C_CONF_FLAG};
    const struct layout *layout = &layouts[_i];
    struct buffers buffers;

    for (int i = 0; i < 2; i++) {
        buffers_begin(flags[i]);
        for (int round = 0; round < 3; round++) {
            buffers_fill(&buffers, layout);
            assert_complete(buffers_wrap(&buffers));
            assert_encrypted(&buffers, layout);
            assert_complete(buffers_unwrap(&buffers));
            assert_contents(&buffers, layout);
        }
        assert_talk(exchange.client.context, exchange.server.context);
        exchange_end(&exchange);
    }
}
END_TEST

START_TEST(buffers_may_be_many)
{
    struct layout layout = {.count = BUFFERS_MAX, .types = {HEADER}};
    struct buffers buffers;

    for (int i = 1; i < BUFFERS_MAX; i++) {
        layout.types[i] = i % 3 == 0 ? SIGN_ONLY : DATA;
        layout.contents[i] = "twinkle, twinkle";
    }
    buffers_begin(GSS_C_CONF_FLAG);
    for (layout.count = 14; layout.count <= BUFFERS_MAX; layout.count++) {
        buffers_fill(&buffers, &layout);
        assert_complete(buffers_wrap(&buffers));
        assert_encrypted(&buffers, &layout);
        assert_complete(buffers_unwrap(&buffers));
        assert_contents(&buffers, &layout);
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(buffers_that_ntlm_does_not_need_become_empty)
{
    struct layout layout = {5,
                            {HEADER, DATA, PADDING, TRAILER, EMPTY},
                            {NULL, "twinkle", "padding", "trailer", "other"}};
    struct buffers buffers;
    int conf_state = 0;

    buffers_begin(GSS_C_CONF_FLAG);
    buffers_fill(&buffers, &layout);
    assert_complete(gss_wrap_iov(&minor, exchange.client.context, 0, GSS_C_QOP_DEFAULT,
                                 &conf_state, buffers.iov, buffers.count));
    ck_assert_int_eq(conf_state, 1);
    ck_assert_uint_eq(buffers.iov[0].buffer.length, SIGNATURE);
    ck_assert_uint_eq(buffers.iov[2].buffer.length, 0);
    ck_assert_uint_eq(buffers.iov[3].buffer.length, 0);
    ck_assert_uint_eq(buffers.iov[4].buffer.length, 5);
    exchange_end(&exchange);
}
END_TEST

START_TEST(the_header_may_be_allocated)
{
    struct layout layout = {4,
                            {HEADER | ALLOCATE, DATA, PADDING | ALLOCATE, TRAILER | ALLOCATE},
                            {NULL, "twinkle"}};
    struct buffers buffers;

    buffers_begin(GSS_C_CONF_FLAG);
    buffers_fill(&buffers, &layout);
    assert_complete(buffers_wrap(&buffers));
    ck_assert_uint_ne(buffers.iov[0].type & GSS_IOV_BUFFER_FLAG_ALLOCATED, 0);
    ck_assert_uint_eq(buffers.iov[0].buffer.length, SIGNATURE);
    assert_complete(buffers_unwrap(&buffers));
    assert_contents(&buffers, &layout);
    assert_complete(gss_release_iov_buffer(&minor, buffers.iov, buffers.count));
    exchange_end(&exchange);
}
END_TEST

START_TEST(lengths_are_told_before_anything_is_written)
{
    struct layout layout = {5,
                            {HEADER, SIGN_ONLY, DATA, PADDING, TRAILER},
                            {NULL, "head", "twinkle", "padding", "trailer"}};
    struct buffers buffers;
    int conf_state = 0;

    buffers_begin(GSS_C_CONF_FLAG);
    buffers_fill(&buffers, &layout);
    buffers.iov[0].buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    assert_complete(gss_wrap_iov_length(&minor, exchange.client.context, 1, GSS_C_QOP_DEFAULT,
                                        &conf_state, buffers.iov, buffers.count));
    ck_assert_int_eq(conf_state, 1);
    ck_assert_uint_eq(buffers.iov[0].buffer.length, SIGNATURE);
    ck_assert_ptr_null(buffers.iov[0].buffer.value);
    ck_assert_uint_eq(buffers.iov[1].buffer.length, 4);
    ck_assert_uint_eq(buffers.iov[2].buffer.length, 7);
    ck_assert_uint_eq(buffers.iov[3].buffer.length, 0);
    ck_assert_uint_eq(buffers.iov[4].buffer.length, 0);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(layouts_that_are_wrong_are_refused_and_use_nothing_up)
{
    static const struct layout wrong[] = {
        {1, {DATA}, {"twinkle"}},
        {3, {HEADER, HEADER, DATA}, {NULL, NULL, "twinkle"}},
        {2, {EMPTY, DATA}, {NULL, "twinkle"}},
        {2, {MIC_TOKEN, DATA}, {NULL, "twinkle"}},
    };
    struct buffers buffers;

    buffers_begin(GSS_C_CONF_FLAG);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        buffers_fill(&buffers, &wrong[i]);
        assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_wrap(&buffers));
        assert_minor(NTLM_ERR_BAD_IOV);
        assert_contents(&buffers, &wrong[i]); /* and nothing encrypted */
        assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_unwrap(&buffers));
        assert_minor(NTLM_ERR_BAD_IOV);
        assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                      gss_wrap_iov_length(&minor, exchange.client.context, 1, 0, NULL,
                                          buffers.iov, buffers.count));
    }
    buffers.count = 0;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_wrap(&buffers));
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(buffers_without_room_or_place_are_refused)
{
    struct layout layout = {2, {HEADER, DATA}, {NULL, "twinkle"}};
    struct buffers buffers;

    buffers_begin(GSS_C_CONF_FLAG);
    buffers_fill(&buffers, &layout);
    buffers.iov[0].buffer.length = SIGNATURE - 1;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_wrap(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    assert_status(GSS_S_DEFECTIVE_TOKEN, buffers_unwrap(&buffers));
    buffers_fill(&buffers, &layout);
    buffers.iov[0].buffer.value = NULL;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_wrap(&buffers));
    assert_status(GSS_S_DEFECTIVE_TOKEN, buffers_unwrap(&buffers));
    buffers_fill(&buffers, &layout);
    buffers.iov[1].buffer.value = NULL;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_wrap(&buffers));
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_unwrap(&buffers));
    /* What was allocated for the signature is given back. */
    buffers.iov[0] = (gss_iov_buffer_desc){.type = HEADER | ALLOCATE};
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, buffers_wrap(&buffers));
    ck_assert_ptr_null(buffers.iov[0].buffer.value);
    ck_assert_uint_eq(buffers.iov[0].type & GSS_IOV_BUFFER_FLAG_ALLOCATED, 0);
    assert_talk(exchange.client.context, exchange.server.context);
    exchange_end(&exchange);
}
END_TEST

START_TEST(an_altered_buffer_is_noticed)
{
    struct layout layout = {3, {HEADER, SIGN_ONLY, DATA}, {NULL, "head", "twinkle"}};
    struct buffers buffers;

    for (int i = 0; i < 3; i++) {
        buffers_begin(GSS_C_CONF_FLAG);
        buffers_fill(&buffers, &layout);
        assert_complete(buffers_wrap(&buffers));
        buffers.storage[i][2] ^= 1;
        assert_status(GSS_S_BAD_SIG, buffers_unwrap(&buffers));
        assert_minor(NTLM_ERR_BAD_SIGNATURE);
        ck_assert_ptr_null(strstr(buffers.storage[2], "winkle")); /* nothing is revealed */
        exchange_end(&exchange);
    }
}
END_TEST

START_TEST(without_protection_nothing_is_wrapped)
{
    static const struct layout each[] = {{2, {HEADER, DATA}, {NULL, "twinkle"}},
                                         {2, {HEADER, SIGN_ONLY}, {NULL, "twinkle"}},
                                         {1, {HEADER}, {NULL}}};
    struct buffers buffers;

    exchange_establish(&exchange, &(struct request){0});
    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
        buffers_fill(&buffers, &each[i]);
        assert_status(GSS_S_UNAVAILABLE, buffers_wrap(&buffers));
        assert_minor(NTLM_ERR_NO_PROTECTION);
        assert_status(GSS_S_UNAVAILABLE,
                      gss_wrap_iov_length(&minor, exchange.client.context, 1, 0, NULL,
                                          buffers.iov, buffers.count));
        memcpy(buffers.storage[0], "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0", SIGNATURE);
        assert_status(GSS_S_UNAVAILABLE, buffers_unwrap(&buffers));
    }
    exchange_end(&exchange);
}
END_TEST

START_TEST(spnego_passes_buffers_through)
{
    struct layout layout = {3, {HEADER, SIGN_ONLY, DATA}, {NULL, "head", "twinkle"}};
    struct buffers buffers;

    exchange_establish(&exchange, &(struct request){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    buffers_fill(&buffers, &layout);
    assert_complete(buffers_wrap(&buffers));
    assert_encrypted(&buffers, &layout);
    assert_complete(buffers_unwrap(&buffers));
    assert_contents(&buffers, &layout);
    exchange_end(&exchange);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gss_iov");
    TCase *cases = fixture_case(suite, "layouts");
    tcase_add_loop_test(cases, every_layout_goes_there_and_back, 0, LAYOUTS);
    tcase_add_test(cases, buffers_may_be_many);
    tcase_add_test(cases, buffers_that_ntlm_does_not_need_become_empty);
    tcase_add_test(cases, the_header_may_be_allocated);
    tcase_add_test(cases, lengths_are_told_before_anything_is_written);
    tcase_add_test(cases, spnego_passes_buffers_through);
    cases = fixture_case(suite, "mistakes");
    tcase_add_test(cases, layouts_that_are_wrong_are_refused_and_use_nothing_up);
    tcase_add_test(cases, buffers_without_room_or_place_are_refused);
    tcase_add_test(cases, an_altered_buffer_is_noticed);
    tcase_add_test(cases, without_protection_nothing_is_wrapped);
    return suite_run(suite);
}
