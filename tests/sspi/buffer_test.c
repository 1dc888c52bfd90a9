/* SPDX-License-Identifier: MIT */
/* buffer_test.c - a caller's buffers: found by type, bindings read within
 * their bounds, tokens given back as the caller asked. */

#include "config.h"

#include <string.h>

#include "buffer.h"
#include "context_buffer.h"
#include "suite.h"

struct bindings {
    SEC_CHANNEL_BINDINGS header;
    char data[32];
};

static SecBufferDesc describe(SecBuffer *buffers, ULONG count)
{
    return (SecBufferDesc){SECBUFFER_VERSION, count, buffers};
}

START_TEST(a_buffer_is_found_by_type_whatever_its_attributes)
{
    SecBuffer buffers[] = {{0, SECBUFFER_DATA | SECBUFFER_READONLY, NULL},
                           {0, SECBUFFER_TOKEN | SECBUFFER_READONLY_WITH_CHECKSUM, NULL},
                           {0, SECBUFFER_TOKEN, NULL}};
    SecBufferDesc message = describe(buffers, 3), none = describe(NULL, 3);

    ck_assert_ptr_eq(buffer_find(&message, SECBUFFER_TOKEN), &buffers[1]);
    ck_assert_ptr_eq(buffer_find(&message, SECBUFFER_DATA), &buffers[0]);
    ck_assert_ptr_null(buffer_find(&message, SECBUFFER_PADDING));
    ck_assert_ptr_null(buffer_find(NULL, SECBUFFER_TOKEN));
    ck_assert_ptr_null(buffer_find(&none, SECBUFFER_TOKEN));
}
END_TEST

START_TEST(channel_bindings_are_translated)
{
    struct bindings message = {.header = {.dwInitiatorAddrType = 2,
                                          .cbInitiatorLength = 4,
                                          .dwInitiatorOffset = 32,
                                          .dwAcceptorAddrType = 3,
                                          .cbAcceptorLength = 2,
                                          .dwAcceptorOffset = 36,
                                          .cbApplicationDataLength = 10,
                                          .dwApplicationDataOffset = 38},
                               .data = "\x7f\0\0\1abtls-unique"};
    SecBuffer buffer = {sizeof(message), SECBUFFER_CHANNEL_BINDINGS, &message};
    SecBufferDesc input = describe(&buffer, 1);
    struct gss_channel_bindings_struct bindings;
    bool given;

    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_OK);
    ck_assert(given);
    ck_assert_uint_eq(bindings.initiator_addrtype, 2);
    ck_assert_mem_eq(bindings.initiator_address.value, "\x7f\0\0\1", 4);
    ck_assert_uint_eq(bindings.acceptor_addrtype, 3);
    ck_assert_uint_eq(bindings.acceptor_address.length, 2);
    ck_assert_uint_eq(bindings.application_data.length, 10);
    ck_assert_mem_eq(bindings.application_data.value, "tls-unique", 10);
}
END_TEST

START_TEST(extended_channel_bindings_are_known_by_their_magic_number)
{
    struct {
        SEC_CHANNEL_BINDINGS_EX header;
        char data[4];
    } message = {.header = {.magicNumber = SEC_CHANNEL_BINDINGS_EX_MAGIC,
                            .cbHeaderLength = 48,
                            .cbStructureLength = 52,
                            .cbApplicationDataLength = 4,
                            .dwApplicationDataOffset = 48},
                 .data = {'d', 'a', 't', 'a'}};
    SecBuffer buffer = {sizeof(message), SECBUFFER_CHANNEL_BINDINGS, &message};
    SecBufferDesc input = describe(&buffer, 1);
    struct gss_channel_bindings_struct bindings;
    bool given;

    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_OK);
    ck_assert_uint_eq(bindings.application_data.length, 4);
    ck_assert_mem_eq(bindings.application_data.value, "data", 4);
}
END_TEST

START_TEST(bindings_that_leave_their_buffer_are_refused)
{
    static const struct {
        ULONG offset, length;
    } outside[] = {{32, 33}, {65, 1}, {0xffffffff, 1}, {1, 0xffffffff}};
    struct bindings message;
    SecBuffer buffer = {sizeof(message), SECBUFFER_CHANNEL_BINDINGS, &message};
    SecBufferDesc input = describe(&buffer, 1);
    struct gss_channel_bindings_struct bindings;
    bool given;

    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        memset(&message, 0, sizeof(message));
        message.header.dwApplicationDataOffset = outside[i].offset;
        message.header.cbApplicationDataLength = outside[i].length;
        ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_INVALID_PARAMETER);
    }
    memset(&message, 0, sizeof(message));
    message.header.dwInitiatorOffset = 65;
    message.header.cbInitiatorLength = 1;
    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_INVALID_PARAMETER);
    memset(&message, 0, sizeof(message));
    message.header.dwAcceptorOffset = 65;
    message.header.cbAcceptorLength = 1;
    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_INVALID_PARAMETER);
    memset(&message, 0, sizeof(message));
    buffer.cbBuffer = sizeof(message.header);
    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_OK);
    ck_assert_uint_eq(bindings.application_data.length, 0);
    buffer.cbBuffer = sizeof(message.header) - 1;
    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_INVALID_PARAMETER);
    buffer = (SecBuffer){64, SECBUFFER_CHANNEL_BINDINGS, NULL};
    ck_assert_int_eq(buffer_bindings(&input, &bindings, &given), SEC_E_INVALID_PARAMETER);
}
END_TEST

START_TEST(no_bindings_are_none)
{
    struct gss_channel_bindings_struct bindings;
    bool given = true;

    ck_assert_int_eq(buffer_bindings(NULL, &bindings, &given), SEC_E_OK);
    ck_assert(!given);
}
END_TEST

START_TEST(a_token_is_copied_into_the_callers_buffer)
{
    char memory[8] = "........";
    SecBuffer buffer = {sizeof(memory), SECBUFFER_TOKEN, memory};
    SecBufferDesc output = describe(&buffer, 1);
    gss_buffer_desc token = {5, (char[]){"token"}}, empty = GSS_C_EMPTY_BUFFER;

    ck_assert_int_eq(buffer_give(&output, false, &token), SEC_E_OK);
    ck_assert_uint_eq(buffer.cbBuffer, 5);
    ck_assert_mem_eq(memory, "token...", 8);
    ck_assert_int_eq(buffer_give(&output, false, &empty), SEC_E_OK);
    ck_assert_uint_eq(buffer.cbBuffer, 0);
    ck_assert_mem_eq(memory, "token...", 8);
}
END_TEST

START_TEST(a_token_is_given_in_a_block_where_that_was_asked)
{
    SecBuffer buffer = {0, SECBUFFER_TOKEN, NULL};
    SecBufferDesc output = describe(&buffer, 1);
    gss_buffer_desc token = {5, (char[]){"token"}}, empty = GSS_C_EMPTY_BUFFER;

    ck_assert_int_eq(buffer_give(&output, true, &token), SEC_E_OK);
    ck_assert_uint_eq(buffer.cbBuffer, 5);
    ck_assert_mem_eq(buffer.pvBuffer, "token", 5);
    ck_assert_int_eq(FreeContextBuffer(buffer.pvBuffer), SEC_E_OK);
    ck_assert_int_eq(buffer_give(&output, true, &empty), SEC_E_OK);
    ck_assert_uint_eq(buffer.cbBuffer, 0);
    ck_assert_ptr_null(buffer.pvBuffer);
}
END_TEST

START_TEST(a_token_that_does_not_fit_leaves_the_buffer_as_it_was)
{
    char memory[4] = "....";
    SecBuffer buffer = {sizeof(memory), SECBUFFER_TOKEN, memory};
    SecBufferDesc output = describe(&buffer, 1);
    gss_buffer_desc token = {5, (char[]){"token"}};

    ck_assert_int_eq(buffer_give(&output, false, &token), SEC_E_BUFFER_TOO_SMALL);
    ck_assert_uint_eq(buffer.cbBuffer, 4);
    ck_assert_mem_eq(memory, "....", 4);
}
END_TEST

START_TEST(a_token_needs_a_place)
{
    SecBuffer data = {0, SECBUFFER_DATA, NULL}, nowhere = {100, SECBUFFER_TOKEN, NULL};
    SecBufferDesc no_token = describe(&data, 1), no_memory = describe(&nowhere, 1);

    ck_assert_int_eq(buffer_can_give(NULL, true), SEC_E_BUFFER_TOO_SMALL);
    ck_assert_int_eq(buffer_can_give(&no_token, true), SEC_E_BUFFER_TOO_SMALL);
    ck_assert_int_eq(buffer_can_give(&no_memory, false), SEC_E_INTERNAL_ERROR);
    ck_assert_int_eq(buffer_can_give(&no_memory, true), SEC_E_OK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sspi buffer");
    TCase *cases = tcase_create("buffer");
    tcase_add_test(cases, a_buffer_is_found_by_type_whatever_its_attributes);
    tcase_add_test(cases, channel_bindings_are_translated);
    tcase_add_test(cases, extended_channel_bindings_are_known_by_their_magic_number);
    tcase_add_test(cases, bindings_that_leave_their_buffer_are_refused);
    tcase_add_test(cases, no_bindings_are_none);
    tcase_add_test(cases, a_token_is_copied_into_the_callers_buffer);
    tcase_add_test(cases, a_token_is_given_in_a_block_where_that_was_asked);
    tcase_add_test(cases, a_token_that_does_not_fit_leaves_the_buffer_as_it_was);
    tcase_add_test(cases, a_token_needs_a_place);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
