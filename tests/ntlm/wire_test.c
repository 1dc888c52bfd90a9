/* SPDX-License-Identifier: MIT */
/* wire_test.c - the reader stops at the first error, the writer grows. */

#include "config.h"

#include <string.h>

#include "ntlm/wire.h"
#include "suite.h"

/* The bytes in a block of exactly their size, so that the address sanitizer
 * sees a read beyond them. */
static uint8_t *exact(const void *bytes, size_t len)
{
    uint8_t *block = malloc(len ? len : 1);

    ck_assert_ptr_nonnull(block);
    if (len)
        memcpy(block, bytes, len);
    return block;
}

START_TEST(numbers_are_little_endian_and_need_no_alignment)
{
    const uint8_t bytes[] = {0xff, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 0x88};
    uint8_t *block = exact(bytes, sizeof(bytes));
    struct ntlm_reader in;

    ntlm_reader_init(&in, ntlm_bytes(block, sizeof(bytes)));
    ck_assert_ptr_eq(ntlm_read_bytes(&in, 1).data, block);
    ck_assert_uint_eq(ntlm_read16(&in), 0x0201);
    ck_assert_uint_eq(ntlm_read32(&in), 0x06050403);
    ck_assert_uint_eq(ntlm_read64(&in), 0x8807060504030201);
    ck_assert_uint_eq(ntlm_reader_left(&in), 0);
    ck_assert_int_eq(in.error, NTLM_OK);
    free(block);
}
END_TEST

START_TEST(a_read_past_the_end_gives_zero_and_is_remembered)
{
    uint8_t *block = exact("\1\2\3", 3);
    uint8_t copy[2] = {9, 9};
    struct ntlm_reader in;

    ntlm_reader_init(&in, ntlm_bytes(block, 3));
    ck_assert_uint_eq(ntlm_read32(&in), 0);
    ck_assert_int_eq(in.error, NTLM_ERR_TRUNCATED);
    ck_assert_uint_eq(ntlm_read16(&in), 0);
    ck_assert_ptr_null(ntlm_read_bytes(&in, 1).data);
    ck_assert_uint_eq(ntlm_read_bytes(&in, 1).len, 0);
    ntlm_read_copy(&in, copy, sizeof(copy));
    ck_assert_uint_eq(copy[0] | copy[1], 0);
    ck_assert_uint_eq(ntlm_reader_left(&in), 0);
    free(block);
}
END_TEST

START_TEST(a_length_near_the_largest_does_not_wrap_around)
{
    struct ntlm_reader in;
    uint8_t *block = exact("\1\2\3", 3);

    ntlm_reader_init(&in, ntlm_bytes(block, 3));
    ntlm_read16(&in);
    ck_assert_ptr_null(ntlm_read_bytes(&in, SIZE_MAX).data);
    ck_assert_int_eq(in.error, NTLM_ERR_TRUNCATED);
    free(block);
}
END_TEST

START_TEST(an_empty_run_is_read_without_error)
{
    struct ntlm_reader in;

    ntlm_reader_init(&in, ntlm_bytes(NULL, 0));
    ck_assert_uint_eq(ntlm_read_bytes(&in, 0).len, 0);
    ck_assert_int_eq(in.error, NTLM_OK);
    ck_assert_uint_eq(ntlm_read16(&in), 0);
    ck_assert_int_eq(in.error, NTLM_ERR_TRUNCATED);
}
END_TEST

/* A field header and two bytes behind it, and what the reader makes of it. */
static const struct {
    const char *bytes; /* 10 */
    enum ntlm_error error;
    size_t len, offset;
} fields[] = {
    {"\2\0\2\0\x08\0\0\0ab", NTLM_OK, 2, 8},
    {"\2\0\0\0\x08\0\0\0ab", NTLM_OK, 2, 8},     /* MaxLen too small */
    {"\1\0\xff\xff\x09\0\0\0ab", NTLM_OK, 1, 9}, /* MaxLen too large */
    {"\2\0\2\0\0\0\0\0ab", NTLM_OK, 2, 0},       /* over the header */
    {"\0\0\7\0\xff\xff\xff\xff"
     "ab",
     NTLM_OK, 0, 0}, /* empty: the offset means nothing */
    {"\3\0\3\0\x08\0\0\0ab", NTLM_ERR_FIELD_OUTSIDE, 0, 0},
    {"\1\0\1\0\x0a\0\0\0ab", NTLM_ERR_FIELD_OUTSIDE, 0, 0},
    {"\1\0\1\0\x0b\0\0\0ab", NTLM_ERR_FIELD_OUTSIDE, 0, 0},
    {"\2\0\2\0\xff\xff\xff\xff"
     "ab",
     NTLM_ERR_FIELD_OUTSIDE, 0, 0}, /* wraps in 32 bits */
    {"\xff\xff\xff\xff\x08\0\0\0ab", NTLM_ERR_FIELD_OUTSIDE, 0, 0},
};

START_TEST(a_field_must_lie_inside)
{
    uint8_t *block = exact(fields[_i].bytes, 10);
    struct ntlm_reader in;
    size_t offset = 99;

    ntlm_reader_init(&in, ntlm_bytes(block, 10));
    struct ntlm_bytes field = ntlm_read_field(&in, &offset);
    ck_assert_int_eq(in.error, fields[_i].error);
    ck_assert_uint_eq(field.len, fields[_i].len);
    ck_assert_uint_eq(offset, fields[_i].offset);
    if (field.len)
        ck_assert_ptr_eq(field.data, block + offset);
    free(block);
}
END_TEST

START_TEST(a_field_whose_header_is_cut_is_truncated)
{
    uint8_t *block = exact("\2\0\2\0\0\0\0", 7);
    struct ntlm_reader in;

    ntlm_reader_init(&in, ntlm_bytes(block, 7));
    ck_assert_uint_eq(ntlm_read_field(&in, NULL).len, 0);
    ck_assert_int_eq(in.error, NTLM_ERR_TRUNCATED);
    free(block);
}
END_TEST

START_TEST(what_is_written_is_read_again)
{
    struct ntlm_writer out = {0};
    struct ntlm_reader in;
    uint8_t *data;
    size_t len;

    ntlm_write8(&out, 0x7f);
    ntlm_write16(&out, 0x8001);
    ntlm_write32(&out, 0x80000001);
    ntlm_write64(&out, 0x8000000000000001);
    ntlm_write(&out, "abc", 3);
    ntlm_write(&out, NULL, 0);
    ntlm_write_zeros(&out, 2);
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    ck_assert_uint_eq(len, 20);
    ck_assert_ptr_null(out.data);

    ntlm_reader_init(&in, ntlm_bytes(data, len));
    ck_assert_uint_eq(ntlm_read_bytes(&in, 1).data[0], 0x7f);
    ck_assert_uint_eq(ntlm_read16(&in), 0x8001);
    ck_assert_uint_eq(ntlm_read32(&in), 0x80000001);
    ck_assert_uint_eq(ntlm_read64(&in), 0x8000000000000001);
    ck_assert_mem_eq(ntlm_read_bytes(&in, 5).data, "abc\0\0", 5);
    free(data);
}
END_TEST

START_TEST(the_writer_grows_and_keeps_what_it_has)
{
    struct ntlm_writer out = {0};
    uint8_t *data;
    size_t len;

    for (uint32_t i = 0; i < 5000; i++)
        ntlm_write32(&out, i);
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    ck_assert_uint_eq(len, 20000);
    for (size_t i = 0; i < 5000; i++)
        ck_assert_uint_eq((unsigned)(data[4 * i] | data[4 * i + 1] << 8), i);
    free(data);
}
END_TEST

START_TEST(a_payload_is_pointed_to_by_its_header)
{
    struct ntlm_writer out = {0};
    uint8_t *data;
    size_t len;

    ntlm_write_zeros(&out, 9);
    ntlm_write_payload(&out, 1, ntlm_bytes("xyz", 3));
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    ck_assert_uint_eq(len, 12);
    ck_assert_mem_eq(data, "\0\3\0\3\0\x09\0\0\0xyz", 12);
    free(data);
}
END_TEST

START_TEST(a_payload_beyond_16_bits_is_too_large)
{
    static const uint8_t zeros[UINT16_MAX + 1];
    struct ntlm_writer out = {0};
    uint8_t *data;
    size_t len;

    ntlm_write_zeros(&out, 8);
    ntlm_write_payload(&out, 0, ntlm_bytes(zeros, sizeof(zeros)));
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_ERR_TOO_LARGE);
    ck_assert_ptr_null(data);
    ck_assert_uint_eq(len, 0);
}
END_TEST

START_TEST(payloads_that_make_the_token_too_large_are_refused)
{
    static const uint8_t zeros[NTLM_MAX_TOKEN / 2];
    struct ntlm_writer out = {0};

    ntlm_write_zeros(&out, 16);
    ntlm_write_payload(&out, 0, ntlm_bytes(zeros, sizeof(zeros)));
    ck_assert_int_eq(out.error, NTLM_OK);
    ntlm_write_payload(&out, 8, ntlm_bytes(zeros, sizeof(zeros)));
    ck_assert_int_eq(out.error, NTLM_ERR_TOO_LARGE);
    ntlm_writer_clear(&out);
}
END_TEST

START_TEST(after_an_error_the_writer_does_nothing_until_it_is_cleared)
{
    struct ntlm_writer out = {0};

    ntlm_write8(&out, 1);
    out.error = NTLM_ERR_BAD_TEXT;
    ntlm_write32(&out, 2);
    ck_assert_uint_eq(out.len, 1);
    ntlm_writer_clear(&out);
    ck_assert_int_eq(out.error, NTLM_OK);
    ntlm_write32(&out, 2);
    ck_assert_uint_eq(out.len, 4);
    ntlm_writer_clear(&out);
    ntlm_writer_clear(&out);
}
END_TEST

/* _i: how many bytes are written, into room for eight. */
START_TEST(a_writer_may_begin_in_its_callers_memory)
{
    uint8_t room[8], expected[20], *data;
    struct ntlm_writer out;
    size_t len;

    memset(expected, 'x', sizeof(expected));
    ntlm_writer_begin_in(&out, room, sizeof(room));
    for (int i = 0; i < _i; i++)
        ntlm_write8(&out, 'x');
    ck_assert_int_eq(out.data == room, _i <= 8);
    ck_assert_int_eq(ntlm_writer_take(&out, &data, &len), NTLM_OK);
    ck_assert_uint_eq(len, (size_t)_i);
    ck_assert_ptr_ne(data, room);
    if (_i > 0)
        ck_assert_mem_eq(data, expected, len);
    for (size_t i = 0; i < sizeof(room) && i < len; i++)
        ck_assert_uint_eq(room[i], 0); /* nothing stays behind */
    free(data);
    ntlm_writer_clear(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("wire");
    TCase *reader = tcase_create("reader");
    TCase *writer = tcase_create("writer");

    tcase_add_test(reader, numbers_are_little_endian_and_need_no_alignment);
    tcase_add_test(reader, a_read_past_the_end_gives_zero_and_is_remembered);
    tcase_add_test(reader, a_length_near_the_largest_does_not_wrap_around);
    tcase_add_test(reader, an_empty_run_is_read_without_error);
    tcase_add_loop_test(reader, a_field_must_lie_inside, 0, sizeof(fields) / sizeof(fields[0]));
    tcase_add_test(reader, a_field_whose_header_is_cut_is_truncated);
    suite_add_tcase(suite, reader);
    tcase_add_loop_test(writer, a_writer_may_begin_in_its_callers_memory, 0, 20);
    tcase_add_test(writer, what_is_written_is_read_again);
    tcase_add_test(writer, the_writer_grows_and_keeps_what_it_has);
    tcase_add_test(writer, a_payload_is_pointed_to_by_its_header);
    tcase_add_test(writer, a_payload_beyond_16_bits_is_too_large);
    tcase_add_test(writer, payloads_that_make_the_token_too_large_are_refused);
    tcase_add_test(writer, after_an_error_the_writer_does_nothing_until_it_is_cleared);
    suite_add_tcase(suite, writer);
    return suite_run(suite);
}
