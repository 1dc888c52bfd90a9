/* iov_test.c - message protection in place: gss_wrap_iov and its kin, in every
 * layout that NTLM takes, and what they make of the others. */

#include "config.h"

#include "pair.h"

#define SIGNATURE 16
#define CONTENT_MAX 64
#define BUFFERS_MAX 40

/* One message in buffers: what is sent is a copy of what was written. */
struct layout {
    int count;
    OM_uint32 types[BUFFERS_MAX];
    const char *contents[BUFFERS_MAX]; /* NULL: none */
};

struct buffers {
    gss_iov_buffer_desc iov[BUFFERS_MAX];
    int count;
    char storage[BUFFERS_MAX][CONTENT_MAX];
};

static struct pair pair;

static void begin(OM_uint32 flags)
{
    pair_establish(&pair, &(struct exchange){.flags = flags | GSS_C_SEQUENCE_FLAG});
}

static void fill(struct buffers *buffers, const struct layout *layout)
{
    memset(buffers, 0, sizeof(*buffers));
    buffers->count = layout->count;
    for (int i = 0; i < layout->count; i++) {
        const char *content = layout->contents[i];
        bool header = layout->types[i] == GSS_IOV_BUFFER_TYPE_HEADER ||
                      layout->types[i] == GSS_IOV_BUFFER_TYPE_MIC_TOKEN;

        buffers->iov[i].type = layout->types[i];
        if (content)
            strcpy(buffers->storage[i], content);
        if (content || header)
            buffers->iov[i].buffer =
                bytes_buffer(buffers->storage[i], header ? SIGNATURE : strlen(content));
    }
}

static OM_uint32 wrap(struct buffers *buffers)
{
    return gss_wrap_iov(&minor, pair.client.context, 1, GSS_C_QOP_DEFAULT, NULL, buffers->iov,
                        buffers->count);
}

static OM_uint32 unwrap(struct buffers *buffers)
{
    return gss_unwrap_iov(&minor, pair.server.context, NULL, NULL, buffers->iov,
                          buffers->count);
}

static void assert_contents(const struct buffers *buffers, const struct layout *layout)
{
    for (int i = 0; i < layout->count; i++)
        if (layout->contents[i])
            assert_bytes(buffers->iov[i].buffer, layout->contents[i],
                         strlen(layout->contents[i]));
}

/* DATA is changed by wrapping, SIGN_ONLY is not. */
static void assert_encrypted(const struct buffers *buffers, const struct layout *layout)
{
    for (int i = 0; i < layout->count; i++) {
        const char *content = layout->contents[i];

        if (!content || strlen(content) < 4)
            continue;
        ck_assert_uint_eq(buffers->iov[i].buffer.length, strlen(content));
        ck_assert_int_eq(memcmp(buffers->iov[i].buffer.value, content, strlen(content)) == 0,
                         GSS_IOV_BUFFER_TYPE(layout->types[i]) != GSS_IOV_BUFFER_TYPE_DATA);
    }
}

#define HEADER GSS_IOV_BUFFER_TYPE_HEADER
#define DATA GSS_IOV_BUFFER_TYPE_DATA
#define SIGN_ONLY GSS_IOV_BUFFER_TYPE_SIGN_ONLY
#define PADDING GSS_IOV_BUFFER_TYPE_PADDING
#define TRAILER GSS_IOV_BUFFER_TYPE_TRAILER
#define EMPTY GSS_IOV_BUFFER_TYPE_EMPTY
#define STREAM GSS_IOV_BUFFER_TYPE_STREAM
#define MIC_TOKEN GSS_IOV_BUFFER_TYPE_MIC_TOKEN
#define ALLOCATE GSS_IOV_BUFFER_FLAG_ALLOCATE

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
        begin(flags[i]);
        for (int round = 0; round < 3; round++) {
            fill(&buffers, layout);
            assert_complete(wrap(&buffers));
            assert_encrypted(&buffers, layout);
            assert_complete(unwrap(&buffers));
            assert_contents(&buffers, layout);
        }
        assert_talk(pair.client.context, pair.server.context);
        pair_end(&pair);
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
    begin(GSS_C_CONF_FLAG);
    for (layout.count = 14; layout.count <= BUFFERS_MAX; layout.count++) {
        fill(&buffers, &layout);
        assert_complete(wrap(&buffers));
        assert_encrypted(&buffers, &layout);
        assert_complete(unwrap(&buffers));
        assert_contents(&buffers, &layout);
    }
    pair_end(&pair);
}
END_TEST

START_TEST(buffers_that_ntlm_does_not_need_become_empty)
{
    struct layout layout = {5,
                            {HEADER, DATA, PADDING, TRAILER, EMPTY},
                            {NULL, "twinkle", "padding", "trailer", "other"}};
    struct buffers buffers;
    int conf_state = 0;

    begin(GSS_C_CONF_FLAG);
    fill(&buffers, &layout);
    assert_complete(gss_wrap_iov(&minor, pair.client.context, 0, GSS_C_QOP_DEFAULT, &conf_state,
                                 buffers.iov, buffers.count));
    ck_assert_int_eq(conf_state, 1);
    ck_assert_uint_eq(buffers.iov[0].buffer.length, SIGNATURE);
    ck_assert_uint_eq(buffers.iov[2].buffer.length, 0);
    ck_assert_uint_eq(buffers.iov[3].buffer.length, 0);
    ck_assert_uint_eq(buffers.iov[4].buffer.length, 5);
    pair_end(&pair);
}
END_TEST

START_TEST(the_header_may_be_allocated)
{
    struct layout layout = {4,
                            {HEADER | ALLOCATE, DATA, PADDING | ALLOCATE, TRAILER | ALLOCATE},
                            {NULL, "twinkle"}};
    struct buffers buffers;

    begin(GSS_C_CONF_FLAG);
    fill(&buffers, &layout);
    assert_complete(wrap(&buffers));
    ck_assert_uint_ne(buffers.iov[0].type & GSS_IOV_BUFFER_FLAG_ALLOCATED, 0);
    ck_assert_uint_eq(buffers.iov[0].buffer.length, SIGNATURE);
    assert_complete(unwrap(&buffers));
    assert_contents(&buffers, &layout);
    assert_complete(gss_release_iov_buffer(&minor, buffers.iov, buffers.count));
    pair_end(&pair);
}
END_TEST

START_TEST(lengths_are_told_before_anything_is_written)
{
    struct layout layout = {5,
                            {HEADER, SIGN_ONLY, DATA, PADDING, TRAILER},
                            {NULL, "head", "twinkle", "padding", "trailer"}};
    struct buffers buffers;
    int conf_state = 0;

    begin(GSS_C_CONF_FLAG);
    fill(&buffers, &layout);
    buffers.iov[0].buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    assert_complete(gss_wrap_iov_length(&minor, pair.client.context, 1, GSS_C_QOP_DEFAULT,
                                        &conf_state, buffers.iov, buffers.count));
    ck_assert_int_eq(conf_state, 1);
    ck_assert_uint_eq(buffers.iov[0].buffer.length, SIGNATURE);
    ck_assert_ptr_null(buffers.iov[0].buffer.value);
    ck_assert_uint_eq(buffers.iov[1].buffer.length, 4);
    ck_assert_uint_eq(buffers.iov[2].buffer.length, 7);
    ck_assert_uint_eq(buffers.iov[3].buffer.length, 0);
    ck_assert_uint_eq(buffers.iov[4].buffer.length, 0);
    assert_talk(pair.client.context, pair.server.context);
    pair_end(&pair);
}
END_TEST

/* The message of a gss_wrap, to be unwrapped as a stream. */
static gss_buffer_desc stream_of(const char *text)
{
    gss_buffer_desc in = text_buffer(text), token;

    assert_complete(gss_wrap(&minor, pair.client.context, 1, 0, &in, NULL, &token));
    return token;
}

START_TEST(a_stream_is_unwrapped_where_it_lies)
{
    gss_buffer_desc token;
    struct buffers buffers = {.count = 2};

    begin(GSS_C_CONF_FLAG);
    token = stream_of("twinkle, twinkle");
    buffers.iov[0] = (gss_iov_buffer_desc){.type = STREAM, .buffer = token};
    buffers.iov[1].type = DATA;
    assert_complete(unwrap(&buffers));
    assert_bytes(buffers.iov[1].buffer, "twinkle, twinkle", 16);
    ck_assert_ptr_eq(buffers.iov[1].buffer.value, (char *)token.value + SIGNATURE);
    release_buffer(&token);
    pair_end(&pair);
}
END_TEST

START_TEST(a_stream_may_be_unwrapped_into_a_buffer_of_its_own)
{
    static const char *const texts[] = {"twinkle, twinkle", ""};
    gss_buffer_desc token;

    begin(GSS_C_CONF_FLAG);
    for (int i = 0; i < 2; i++) {
        struct buffers buffers = {.count = 2};

        token = stream_of(texts[i]);
        buffers.iov[0] = (gss_iov_buffer_desc){.type = STREAM, .buffer = token};
        buffers.iov[1].type = DATA | ALLOCATE;
        assert_complete(unwrap(&buffers));
        ck_assert_int_eq((buffers.iov[1].type & GSS_IOV_BUFFER_FLAG_ALLOCATED) != 0,
                         *texts[i] != '\0');
        assert_bytes(buffers.iov[1].buffer, texts[i], strlen(texts[i]));
        gss_release_iov_buffer(&minor, &buffers.iov[1], 1);
        release_buffer(&token);
    }
    pair_end(&pair);
}
END_TEST

START_TEST(a_stream_that_was_altered_is_refused_and_nothing_is_left)
{
    gss_buffer_desc token;
    struct buffers buffers = {.count = 2};

    begin(GSS_C_CONF_FLAG);
    token = stream_of("twinkle, twinkle");
    ((char *)token.value)[SIGNATURE] ^= 1;
    buffers.iov[0] = (gss_iov_buffer_desc){.type = STREAM, .buffer = token};
    buffers.iov[1].type = DATA | ALLOCATE;
    assert_status(GSS_S_BAD_SIG, unwrap(&buffers));
    ck_assert_ptr_null(buffers.iov[1].buffer.value);
    ck_assert_uint_eq(buffers.iov[1].type & GSS_IOV_BUFFER_FLAG_ALLOCATED, 0);
    release_buffer(&token);
    pair_end(&pair);
}
END_TEST

START_TEST(a_stream_needs_a_signature_and_one_data_buffer)
{
    gss_buffer_desc token;
    struct buffers buffers = {.count = 2};

    begin(GSS_C_CONF_FLAG);
    token = stream_of("twinkle, twinkle");
    buffers.iov[0] =
        (gss_iov_buffer_desc){.type = STREAM, .buffer = {SIGNATURE - 1, token.value}};
    buffers.iov[1].type = DATA;
    assert_status(GSS_S_DEFECTIVE_TOKEN, unwrap(&buffers));
    assert_minor(NTLM_ERR_MESSAGE_TRUNCATED);
    buffers.iov[0].buffer = token;
    buffers.iov[1].type = EMPTY;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, unwrap(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    buffers.iov[1].type = buffers.iov[2].type = DATA;
    buffers.count = 3;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, unwrap(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    buffers.count = 2;
    assert_complete(unwrap(&buffers)); /* nothing was used up */
    release_buffer(&token);
    pair_end(&pair);
}
END_TEST

START_TEST(buffers_and_streams_are_the_same_messages)
{
    struct layout layout = {2, {HEADER, DATA}, {NULL, "twinkle"}};
    struct buffers buffers;
    char message[SIGNATURE + 7] = "";
    gss_buffer_desc token = bytes_buffer(message, sizeof(message)), out;

    begin(GSS_C_CONF_FLAG);
    fill(&buffers, &layout);
    assert_complete(wrap(&buffers));
    memcpy(message, buffers.iov[0].buffer.value, SIGNATURE);
    memcpy(message + SIGNATURE, buffers.iov[1].buffer.value, 7);
    assert_complete(gss_unwrap(&minor, pair.server.context, &token, &out, NULL, NULL));
    assert_bytes(out, "twinkle", 7);
    release_buffer(&out);

    token = stream_of("twinkle");
    memcpy(buffers.storage[0], token.value, SIGNATURE);
    memcpy(buffers.storage[1], (char *)token.value + SIGNATURE, 7);
    assert_complete(unwrap(&buffers));
    assert_bytes(buffers.iov[1].buffer, "twinkle", 7);
    release_buffer(&token);
    pair_end(&pair);
}
END_TEST

START_TEST(associated_data_are_a_buffer_that_is_signed_only)
{
    struct layout layout = {3, {HEADER, SIGN_ONLY, DATA}, {NULL, "envelope", "letter"}};
    struct buffers buffers;
    gss_buffer_desc envelope = text_buffer("envelope"), out;
    char message[SIGNATURE + 6] = "";
    gss_buffer_desc token = bytes_buffer(message, sizeof(message));

    begin(GSS_C_CONF_FLAG);
    fill(&buffers, &layout);
    assert_complete(wrap(&buffers));
    memcpy(message, buffers.iov[0].buffer.value, SIGNATURE);
    memcpy(message + SIGNATURE, buffers.iov[2].buffer.value, 6);
    assert_complete(
        gss_unwrap_aead(&minor, pair.server.context, &token, &envelope, &out, NULL, NULL));
    assert_bytes(out, "letter", 6);
    release_buffer(&out);
    pair_end(&pair);
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

    begin(GSS_C_CONF_FLAG);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        fill(&buffers, &wrong[i]);
        assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, wrap(&buffers));
        assert_minor(NTLM_ERR_BAD_IOV);
        assert_contents(&buffers, &wrong[i]); /* and nothing encrypted */
        assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, unwrap(&buffers));
        assert_minor(NTLM_ERR_BAD_IOV);
        assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                      gss_wrap_iov_length(&minor, pair.client.context, 1, 0, NULL, buffers.iov,
                                          buffers.count));
    }
    buffers.count = 0;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, wrap(&buffers));
    assert_talk(pair.client.context, pair.server.context);
    pair_end(&pair);
}
END_TEST

START_TEST(buffers_without_room_or_place_are_refused)
{
    struct layout layout = {2, {HEADER, DATA}, {NULL, "twinkle"}};
    struct buffers buffers;

    begin(GSS_C_CONF_FLAG);
    fill(&buffers, &layout);
    buffers.iov[0].buffer.length = SIGNATURE - 1;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, wrap(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    assert_status(GSS_S_DEFECTIVE_TOKEN, unwrap(&buffers));
    fill(&buffers, &layout);
    buffers.iov[0].buffer.value = NULL;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, wrap(&buffers));
    assert_status(GSS_S_DEFECTIVE_TOKEN, unwrap(&buffers));
    fill(&buffers, &layout);
    buffers.iov[1].buffer.value = NULL;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, wrap(&buffers));
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, unwrap(&buffers));
    /* What was allocated for the signature is given back. */
    buffers.iov[0] = (gss_iov_buffer_desc){.type = HEADER | ALLOCATE};
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, wrap(&buffers));
    ck_assert_ptr_null(buffers.iov[0].buffer.value);
    ck_assert_uint_eq(buffers.iov[0].type & GSS_IOV_BUFFER_FLAG_ALLOCATED, 0);
    assert_talk(pair.client.context, pair.server.context);
    pair_end(&pair);
}
END_TEST

START_TEST(an_altered_buffer_is_noticed)
{
    struct layout layout = {3, {HEADER, SIGN_ONLY, DATA}, {NULL, "head", "twinkle"}};
    struct buffers buffers;

    for (int i = 0; i < 3; i++) {
        begin(GSS_C_CONF_FLAG);
        fill(&buffers, &layout);
        assert_complete(wrap(&buffers));
        buffers.storage[i][2] ^= 1;
        assert_status(GSS_S_BAD_SIG, unwrap(&buffers));
        assert_minor(NTLM_ERR_BAD_SIGNATURE);
        ck_assert_ptr_null(strstr(buffers.storage[2], "winkle")); /* nothing is revealed */
        pair_end(&pair);
    }
}
END_TEST

START_TEST(without_protection_nothing_is_wrapped)
{
    static const struct layout each[] = {{2, {HEADER, DATA}, {NULL, "twinkle"}},
                                         {2, {HEADER, SIGN_ONLY}, {NULL, "twinkle"}},
                                         {1, {HEADER}, {NULL}}};
    struct buffers buffers;

    pair_establish(&pair, &(struct exchange){0});
    for (size_t i = 0; i < sizeof(each) / sizeof(each[0]); i++) {
        fill(&buffers, &each[i]);
        assert_status(GSS_S_UNAVAILABLE, wrap(&buffers));
        assert_minor(NTLM_ERR_NO_PROTECTION);
        assert_status(GSS_S_UNAVAILABLE, gss_wrap_iov_length(&minor, pair.client.context, 1, 0,
                                                             NULL, buffers.iov, buffers.count));
        memcpy(buffers.storage[0], "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0", SIGNATURE);
        assert_status(GSS_S_UNAVAILABLE, unwrap(&buffers));
    }
    pair_end(&pair);
}
END_TEST

START_TEST(spnego_passes_buffers_through)
{
    struct layout layout = {3, {HEADER, SIGN_ONLY, DATA}, {NULL, "head", "twinkle"}};
    struct buffers buffers;

    pair_establish(&pair, &(struct exchange){.mech = SPNEGO, .flags = GSS_C_CONF_FLAG});
    fill(&buffers, &layout);
    assert_complete(wrap(&buffers));
    assert_encrypted(&buffers, &layout);
    assert_complete(unwrap(&buffers));
    assert_contents(&buffers, &layout);
    pair_end(&pair);
}
END_TEST

#ifdef HAVE_MIC_IOV

static OM_uint32 sign(struct buffers *buffers)
{
    return gss_get_mic_iov(&minor, pair.client.context, GSS_C_QOP_DEFAULT, buffers->iov,
                           buffers->count);
}

static OM_uint32 verify(struct buffers *buffers)
{
    return gss_verify_mic_iov(&minor, pair.server.context, NULL, buffers->iov, buffers->count);
}

START_TEST(buffers_are_signed_where_they_lie)
{
    struct layout layout = {
        4, {DATA, MIC_TOKEN, SIGN_ONLY, DATA}, {"twinkle", NULL, "head", "bat"}};
    struct buffers buffers;

    begin(GSS_C_INTEG_FLAG);
    for (int i = 0; i < 2; i++) {
        fill(&buffers, &layout);
        assert_complete(sign(&buffers));
        assert_contents(&buffers, &layout); /* in clear */
        assert_complete(verify(&buffers));
    }
    fill(&buffers, &layout);
    assert_complete(sign(&buffers));
    buffers.storage[3][0] ^= 1;
    assert_status(GSS_S_BAD_SIG, verify(&buffers));
    pair_end(&pair);
}
END_TEST

START_TEST(a_signature_of_buffers_is_that_of_their_text)
{
    struct layout layout = {3, {DATA, DATA, MIC_TOKEN | ALLOCATE}, {"twinkle ", "little"}};
    gss_buffer_desc text = text_buffer("twinkle little"), mic;
    struct buffers buffers;

    begin(GSS_C_INTEG_FLAG);
    fill(&buffers, &layout);
    assert_complete(sign(&buffers));
    assert_complete(
        gss_verify_mic(&minor, pair.server.context, &text, &buffers.iov[2].buffer, NULL));
    gss_release_iov_buffer(&minor, buffers.iov, 3);

    assert_complete(gss_get_mic(&minor, pair.client.context, 0, &text, &mic));
    buffers.iov[2] = (gss_iov_buffer_desc){.type = MIC_TOKEN, .buffer = mic};
    assert_complete(verify(&buffers));
    release_buffer(&mic);
    pair_end(&pair);
}
END_TEST

START_TEST(the_length_of_a_signature_is_told)
{
    struct layout layout = {2, {DATA, MIC_TOKEN}, {"twinkle"}};
    struct buffers buffers;

    begin(GSS_C_INTEG_FLAG);
    fill(&buffers, &layout);
    buffers.iov[1].buffer = (gss_buffer_desc)GSS_C_EMPTY_BUFFER;
    assert_complete(gss_get_mic_iov_length(&minor, pair.client.context, 0, buffers.iov, 2));
    ck_assert_uint_eq(buffers.iov[1].buffer.length, SIGNATURE);
    buffers.iov[1].type = HEADER;
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE,
                  gss_get_mic_iov_length(&minor, pair.client.context, 0, buffers.iov, 2));
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, sign(&buffers));
    assert_minor(NTLM_ERR_BAD_IOV);
    assert_status(GSS_S_CALL_BAD_STRUCTURE | GSS_S_FAILURE, verify(&buffers));
    pair_end(&pair);
}
END_TEST

#endif

int main(void)
{
    Suite *suite = suite_create("gss_iov");
    TCase *cases = world_case(suite, "layouts");
    tcase_add_loop_test(cases, every_layout_goes_there_and_back, 0, LAYOUTS);
    tcase_add_test(cases, buffers_may_be_many);
    tcase_add_test(cases, buffers_that_ntlm_does_not_need_become_empty);
    tcase_add_test(cases, the_header_may_be_allocated);
    tcase_add_test(cases, lengths_are_told_before_anything_is_written);
    tcase_add_test(cases, spnego_passes_buffers_through);
    cases = world_case(suite, "streams");
    tcase_add_test(cases, a_stream_is_unwrapped_where_it_lies);
    tcase_add_test(cases, a_stream_may_be_unwrapped_into_a_buffer_of_its_own);
    tcase_add_test(cases, a_stream_that_was_altered_is_refused_and_nothing_is_left);
    tcase_add_test(cases, a_stream_needs_a_signature_and_one_data_buffer);
    tcase_add_test(cases, buffers_and_streams_are_the_same_messages);
    tcase_add_test(cases, associated_data_are_a_buffer_that_is_signed_only);
    cases = world_case(suite, "mistakes");
    tcase_add_test(cases, layouts_that_are_wrong_are_refused_and_use_nothing_up);
    tcase_add_test(cases, buffers_without_room_or_place_are_refused);
    tcase_add_test(cases, an_altered_buffer_is_noticed);
    tcase_add_test(cases, without_protection_nothing_is_wrapped);
#ifdef HAVE_MIC_IOV
    cases = world_case(suite, "mic");
    tcase_add_test(cases, buffers_are_signed_where_they_lie);
    tcase_add_test(cases, a_signature_of_buffers_is_that_of_their_text);
    tcase_add_test(cases, the_length_of_a_signature_is_told);
#endif
    return suite_run(suite);
}
