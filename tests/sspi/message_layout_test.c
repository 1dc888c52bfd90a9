/* SPDX-License-Identifier: MIT */
/* message_layout_test.c - which buffers a message may have, in which order,
 * and what becomes of each kind. */

#include "config.h"

#include <string.h>

#include "message_layout.h"
#include "sspi_contexts.h"
#include "suite.h"

#define MANY (3 * MESSAGE_BUFFERS)

static struct contexts contexts;
static BYTE token[128], padding[16];

/* Text in memory of its own, writable. */
static SecBuffer text(ULONG type, char *memory)
{
    return (SecBuffer){(ULONG)strlen(memory), type, memory};
}

static SecBuffer token_room(void)
{
    return (SecBuffer){sizeof(token), SECBUFFER_TOKEN, token};
}

static SecBuffer padding_room(void)
{
    return (SecBuffer){sizeof(padding), SECBUFFER_PADDING, padding};
}

static SecBufferDesc all_of(SecBuffer *buffers, size_t count)
{
    return (SecBufferDesc){SECBUFFER_VERSION, (ULONG)count, buffers};
}

static SECURITY_STATUS encrypt(SecBufferDesc *desc)
{
    return EncryptMessage(&contexts.client, 0, desc, 0);
}

static SECURITY_STATUS decrypt(SecBufferDesc *desc)
{
    return DecryptMessage(&contexts.server, desc, 0, NULL);
}

static SECURITY_STATUS sign(SecBufferDesc *desc)
{
    return MakeSignature(&contexts.client, 0, desc, 0);
}

static SECURITY_STATUS verify(SecBufferDesc *desc)
{
    return VerifySignature(&contexts.server, desc, 0, NULL);
}

START_TEST(buffers_come_in_any_order)
{
    char first[] = "first", second[] = "and second";
    SecBuffer buffers[] = {padding_room(), text(SECBUFFER_DATA, first), token_room(),
                           text(SECBUFFER_DATA, second)};
    SecBufferDesc desc = all_of(buffers, 4);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    ck_assert_str_ne(first, "first");
    ck_assert_int_eq(decrypt(&desc), SEC_E_OK);
    ck_assert_str_eq(first, "first");
    ck_assert_str_eq(second, "and second");

    buffers[2] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    ck_assert_int_eq(verify(&desc), SEC_E_OK);
    buffers[2] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    second[1] ^= 1;
    ck_assert_int_eq(verify(&desc), SEC_E_MESSAGE_ALTERED);
    contexts_end(&contexts);
}
END_TEST

/* What is sent in pieces is received in one: their sum counts. */
START_TEST(there_may_be_any_number_of_buffers)
{
    char letters[MANY + 1];
    SecBuffer buffers[MANY + 2], whole[3];
    SecBufferDesc desc = all_of(buffers, MANY + 2), received = all_of(whole, 3);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    memset(letters, 'x', MANY);
    letters[MANY] = '\0';
    for (size_t i = 0; i < MANY; i++)
        buffers[i] = (SecBuffer){1, SECBUFFER_DATA, letters + i};
    buffers[MANY] = token_room();
    buffers[MANY + 1] = padding_room();
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    whole[0] = buffers[MANY];
    whole[1] = text(SECBUFFER_DATA, letters);
    whole[1].cbBuffer = MANY;
    whole[2] = buffers[MANY + 1];
    ck_assert_int_eq(decrypt(&received), SEC_E_OK);
    for (size_t i = 0; i < MANY; i++)
        ck_assert_int_eq(letters[i], 'x');

    buffers[MANY] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    ck_assert_int_eq(verify(&desc), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_message_may_be_empty)
{
    SecBuffer buffers[] = {token_room(), {0, SECBUFFER_DATA, NULL}, padding_room()};
    SecBufferDesc desc = all_of(buffers, 3);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    ck_assert_int_eq(decrypt(&desc), SEC_E_OK);
    ck_assert_uint_eq(buffers[1].cbBuffer, 0);
    buffers[0] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    ck_assert_int_eq(verify(&desc), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(readonly_with_checksum_is_signed_and_stays_in_clear)
{
    char header[] = "header", body[] = "body", trailer[] = "trailer";
    SecBuffer buffers[] = {text(SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, header),
                           text(SECBUFFER_DATA, body),
                           text(SECBUFFER_DATA | SECBUFFER_READONLY_WITH_CHECKSUM, trailer),
                           token_room(), padding_room()};
    SecBufferDesc desc = all_of(buffers, 5);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    ck_assert_str_eq(header, "header");
    ck_assert_str_eq(trailer, "trailer");
    ck_assert_str_ne(body, "body");
    ck_assert_int_eq(decrypt(&desc), SEC_E_OK);
    ck_assert_str_eq(body, "body");

    buffers[3] = token_room();
    buffers[4] = padding_room();
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    header[0] ^= 1;
    ck_assert_int_eq(decrypt(&desc), SEC_E_MESSAGE_ALTERED);
    contexts_end(&contexts);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    buffers[3] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    ck_assert_int_eq(verify(&desc), SEC_E_OK);
    buffers[3] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    trailer[0] ^= 1;
    ck_assert_int_eq(verify(&desc), SEC_E_MESSAGE_ALTERED);
    contexts_end(&contexts);
}
END_TEST

/* [MS-NLMP] 3.4.6: by NTLM with extended session security, and by nothing else. */
START_TEST(readonly_is_signed_by_ntlm_with_extended_security_alone)
{
    bool is_signed = _i == CONTEXTS_NTLM || _i == CONTEXTS_NEGOTIATE_NTLM;
    SECURITY_STATUS told = is_signed ? SEC_E_MESSAGE_ALTERED : SEC_E_OK;
    char header[] = "header", body[] = "body";
    SecBuffer buffers[] = {text(SECBUFFER_DATA | SECBUFFER_READONLY, header),
                           text(SECBUFFER_DATA, body), token_room(), padding_room()};
    SecBufferDesc desc = all_of(buffers, 4);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    ck_assert_str_eq(header, "header");
    header[0] ^= 1;
    ck_assert_int_eq(decrypt(&desc), told);
    contexts_end(&contexts);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    buffers[2] = token_room();
    ck_assert_int_eq(sign(&desc), SEC_E_OK);
    header[0] ^= 1;
    ck_assert_int_eq(verify(&desc), told);
    contexts_end(&contexts);
}
END_TEST

/* Seals a text and lays token, data and padding out as they travel. */
static ULONG sealed_stream(BYTE *stream, char *body)
{
    SecBuffer buffers[] = {token_room(), text(SECBUFFER_DATA, body), padding_room()};
    SecBufferDesc desc = all_of(buffers, 3);
    ULONG length = 0;

    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    for (size_t i = 0; i < 3; i++) {
        memcpy(stream + length, buffers[i].pvBuffer, buffers[i].cbBuffer);
        length += buffers[i].cbBuffer;
    }
    return length;
}

START_TEST(a_stream_is_decrypted_and_data_points_into_it)
{
    char body[] = "as it came";
    BYTE stream[256];
    SecBuffer buffers[2];
    SecBufferDesc desc = all_of(buffers, 2);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    for (size_t place = 0; place < 2; place++) {
        strcpy(body, "as it came");
        buffers[place] = (SecBuffer){sealed_stream(stream, body), SECBUFFER_STREAM, stream};
        /* what a caller left there means nothing */
        buffers[!place] = (SecBuffer){place ? 99 : 0, SECBUFFER_DATA, NULL};
        ck_assert_int_eq(decrypt(&desc), SEC_E_OK);
        ck_assert_uint_eq(buffers[!place].cbBuffer, 10);
        ck_assert((BYTE *)buffers[!place].pvBuffer >= stream);
        ck_assert((BYTE *)buffers[!place].pvBuffer < stream + buffers[place].cbBuffer);
        ck_assert_int_eq(memcmp(buffers[!place].pvBuffer, "as it came", 10), 0);
        ck_assert_ptr_eq(buffers[place].pvBuffer, stream);
    }
    contexts_end(&contexts);
}
END_TEST

START_TEST(an_altered_stream_gives_no_data)
{
    char body[] = "as it came";
    BYTE stream[256];
    SecBuffer buffers[] = {{0, SECBUFFER_STREAM, stream}, {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc desc = all_of(buffers, 2);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    buffers[0].cbBuffer = sealed_stream(stream, body);
    stream[buffers[0].cbBuffer - 3] ^= 1;
    ck_assert_int_eq(decrypt(&desc), SEC_E_MESSAGE_ALTERED);
    ck_assert_ptr_null(buffers[1].pvBuffer);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_stream_needs_one_data_beside_it_and_no_token)
{
    char body[] = "body", more[] = "more";
    BYTE stream[256];
    SecBuffer buffers[] = {{0, SECBUFFER_STREAM, stream},
                           {0, SECBUFFER_DATA, NULL},
                           text(SECBUFFER_DATA, more),
                           token_room()};
    SecBufferDesc desc = all_of(buffers, 1);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    buffers[0].cbBuffer = sealed_stream(stream, body);
    ck_assert_int_eq(decrypt(&desc), SEC_E_INVALID_TOKEN);
    desc.cBuffers = 3;
    ck_assert_int_eq(decrypt(&desc), SEC_E_INVALID_TOKEN);
    desc.cBuffers = 4;
    buffers[2].BufferType = SECBUFFER_EMPTY;
    ck_assert_int_eq(decrypt(&desc), SEC_E_INVALID_TOKEN);
    desc.cBuffers = 2;
    ck_assert_int_eq(decrypt(&desc), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

START_TEST(there_must_be_exactly_one_token)
{
    char body[] = "body";
    SecBuffer buffers[] = {text(SECBUFFER_DATA, body), token_room(), token_room()};
    SecBufferDesc one = all_of(buffers, 1), three = all_of(buffers, 3), none = all_of(NULL, 3),
                  *descs[] = {&one, &three, &none, NULL};

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    for (size_t i = 0; i < 4; i++) {
        ck_assert_int_eq(encrypt(descs[i]), SEC_E_INVALID_TOKEN);
        ck_assert_int_eq(decrypt(descs[i]), SEC_E_INVALID_TOKEN);
        ck_assert_int_eq(sign(descs[i]), SEC_E_INVALID_TOKEN);
        ck_assert_int_eq(verify(descs[i]), SEC_E_INVALID_TOKEN);
    }
    ck_assert_str_eq(body, "body");
    contexts_end(&contexts);
}
END_TEST

START_TEST(there_is_at_most_one_padding)
{
    char body[] = "body";
    SecBuffer buffers[] = {token_room(), text(SECBUFFER_DATA, body), padding_room(),
                           padding_room()};
    SecBufferDesc desc = all_of(buffers, 4);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_INVALID_TOKEN);
    contexts_end(&contexts);
}
END_TEST

START_TEST(a_length_without_memory_is_an_invalid_parameter)
{
    SecBuffer buffers[] = {token_room(), {4, SECBUFFER_DATA, NULL}};
    SecBufferDesc desc = all_of(buffers, 2);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(sign(&desc), SEC_E_INVALID_PARAMETER);
    ck_assert_int_eq(verify(&desc), SEC_E_INVALID_PARAMETER);
    buffers[1].cbBuffer = 0;
    buffers[0].pvBuffer = NULL;
    ck_assert_int_eq(decrypt(&desc), SEC_E_INVALID_PARAMETER);
    contexts_end(&contexts);
}
END_TEST

START_TEST(unknown_buffers_are_left_alone)
{
    char body[] = "body", other[] = "other";
    SecBuffer buffers[] = {token_room(),
                           text(SECBUFFER_DATA, body),
                           text(SECBUFFER_MECHLIST, other),
                           {7, SECBUFFER_EMPTY, NULL},
                           padding_room()};
    SecBufferDesc desc = all_of(buffers, 5);

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    ck_assert_int_eq(encrypt(&desc), SEC_E_OK);
    ck_assert_str_eq(other, "other");
    ck_assert_uint_eq(buffers[2].cbBuffer, 5);
    ck_assert_uint_eq(buffers[3].cbBuffer, 7);
    other[0] ^= 1;
    ck_assert_int_eq(decrypt(&desc), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

/* MIT's gss_unwrap_iov is strict about lengths within a token and about what
 * the token says of itself; none of it may end the process. */
START_TEST(no_altered_byte_ends_the_process)
{
    static char original[] = "whatever comes";
    char body[sizeof(original)];
    BYTE stream[256], copy[256];
    SecBuffer buffers[] = {{0, SECBUFFER_STREAM, copy}, {0, SECBUFFER_DATA, NULL}};
    SecBuffer split[] = {{0, SECBUFFER_TOKEN, copy}, {0, SECBUFFER_DATA, NULL}};
    SecBufferDesc as_stream = all_of(buffers, 2), as_parts = all_of(split, 2);
    ULONG length, body_length = sizeof(original) - 1;

    contexts = contexts_make((enum contexts_kind)_i, CONTEXTS_SEAL);
    strcpy(body, original);
    length = sealed_stream(stream, body);
    for (ULONG at = 0; at < length; at++) {
        if (_i == CONTEXTS_NTLM_OLD && at >= 4 && at < 8)
            continue; /* RandomPad, which nobody looks at */
        for (unsigned bit = 0; bit < 8; bit++) {
            memcpy(copy, stream, length);
            copy[at] ^= (BYTE)(1u << bit);
            buffers[0].cbBuffer = length;
            ck_assert_int_ne(decrypt(&as_stream), SEC_E_OK);
            memcpy(copy, stream, length);
            copy[at] ^= (BYTE)(1u << bit);
            split[0].cbBuffer = length - body_length;
            split[1] = (SecBuffer){body_length, SECBUFFER_DATA, copy + split[0].cbBuffer};
            ck_assert_int_ne(decrypt(&as_parts), SEC_E_OK);
        }
    }
    memcpy(copy, stream, length);
    ck_assert_int_eq(decrypt(&as_stream), SEC_E_OK);
    contexts_end(&contexts);
}
END_TEST

int main(void)
{
    static const char *const users[] = {"alice", NULL};
    Suite *suite = suite_create("sspi message layout");
    TCase *cases = tcase_create("each mechanism");

    contexts_begin(users);
    tcase_add_loop_test(cases, buffers_come_in_any_order, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, there_may_be_any_number_of_buffers, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_message_may_be_empty, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, readonly_with_checksum_is_signed_and_stays_in_clear, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(cases, readonly_is_signed_by_ntlm_with_extended_security_alone, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_stream_is_decrypted_and_data_points_into_it, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(cases, an_altered_stream_gives_no_data, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_stream_needs_one_data_beside_it_and_no_token, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(cases, there_must_be_exactly_one_token, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, there_is_at_most_one_padding, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, a_length_without_memory_is_an_invalid_parameter, 0,
                        CONTEXTS_KINDS);
    tcase_add_loop_test(cases, unknown_buffers_are_left_alone, 0, CONTEXTS_KINDS);
    tcase_add_loop_test(cases, no_altered_byte_ends_the_process, 0, CONTEXTS_KINDS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
