/* SPDX-License-Identifier: MIT */
/* avpair_test.c - AV pair lists, whole and malformed. */

#include "config.h"

#include <string.h>

#include "ntlm/avpair.h"
#include "ntlm_token.h"
#include "suite.h"
#include "vectors.h"

/* Each list lies in a block of exactly its size. */
static enum ntlm_error check(struct ntlm_bytes list)
{
    struct ntlm_bytes block = exact(list);
    enum ntlm_error error = ntlm_av_check(block);

    exact_free(block);
    return error;
}

START_TEST(the_published_target_info_is_read)
{
    struct ntlm_bytes list = exact(vector("v2.target_info"));
    struct ntlm_bytes rest = list, value;
    struct ntlm_av_pair pair;

    ck_assert_int_eq(ntlm_av_check(list), NTLM_OK);
    ck_assert(ntlm_av_next(&rest, &pair));
    ck_assert_uint_eq(pair.id, MSV_AV_NB_DOMAIN_NAME);
    ck_assert(ntlm_av_next(&rest, &pair));
    ck_assert_uint_eq(pair.id, MSV_AV_NB_COMPUTER_NAME);
    ck_assert_uint_eq(pair.value.len, 12);
    ck_assert_mem_eq(pair.value.data, "S\0e\0r\0v\0e\0r\0", 12);
    ck_assert(!ntlm_av_next(&rest, &pair));
    ck_assert(!ntlm_av_next(&rest, &pair));
    ck_assert(ntlm_av_find(list, MSV_AV_NB_DOMAIN_NAME, &value));
    ck_assert_mem_eq(value.data, "D\0o\0m\0a\0i\0n\0", 12);
    ck_assert(!ntlm_av_find(list, MSV_AV_DNS_DOMAIN_NAME, &value));
    exact_free(list);
}
END_TEST

START_TEST(the_published_target_info_is_written)
{
    struct ntlm_writer out = {0};

    ntlm_av_write_text(&out, MSV_AV_NB_DOMAIN_NAME, "Domain");
    ntlm_av_write_text(&out, MSV_AV_NB_COMPUTER_NAME, "Server");
    ntlm_av_write_eol(&out);
    ck_assert_int_eq(out.error, NTLM_OK);
    assert_vector(out.data, out.len, "v2.target_info");
    ntlm_writer_clear(&out);
}
END_TEST

START_TEST(flags_time_and_unknown_pairs_are_read_as_they_were_written)
{
    struct ntlm_writer out = {0};
    struct ntlm_bytes value;
    uint64_t time = 0;

    ntlm_av_write(&out, 0x1234, BYTES("anything"));
    ntlm_av_write_flags(&out, MSV_AV_FLAG_MIC);
    ntlm_av_write_timestamp(&out, 0x0123456789abcdef);
    ntlm_av_write(&out, MSV_AV_TARGET_NAME, ntlm_bytes(NULL, 0));
    ntlm_av_write_eol(&out);
    struct ntlm_bytes list = exact(ntlm_bytes(out.data, out.len));
    ck_assert_int_eq(ntlm_av_check(list), NTLM_OK);
    ck_assert_uint_eq(ntlm_av_flags(list), MSV_AV_FLAG_MIC);
    ck_assert(ntlm_av_timestamp(list, &time));
    ck_assert_uint_eq(time, 0x0123456789abcdef);
    ck_assert(ntlm_av_find(list, 0x1234, &value));
    ck_assert_mem_eq(value.data, "anything", 8);
    ck_assert(ntlm_av_find(list, MSV_AV_TARGET_NAME, &value));
    ck_assert_uint_eq(value.len, 0);
    exact_free(list);
    ntlm_writer_clear(&out);
}
END_TEST

START_TEST(a_list_without_flags_or_time_has_none)
{
    uint64_t time;

    ck_assert_uint_eq(ntlm_av_flags(BYTES("\0\0\0\0")), 0);
    ck_assert(!ntlm_av_timestamp(BYTES("\0\0\0\0"), &time));
}
END_TEST

START_TEST(of_pairs_that_repeat_the_first_is_found)
{
    struct ntlm_bytes value;

    ck_assert(ntlm_av_find(BYTES("\1\0\1\0a\1\0\1\0b\0\0\0\0"), 1, &value));
    ck_assert_uint_eq(value.data[0], 'a');
}
END_TEST

/* CVE-2019-1166 */
START_TEST(a_second_flags_pair_does_not_hide_the_first)
{
    ck_assert_uint_eq(ntlm_av_flags(BYTES("\6\0\4\0\2\0\0\0\6\0\4\0\0\0\0\0\0\0\0\0")),
                      MSV_AV_FLAG_MIC);
    ck_assert_uint_eq(ntlm_av_flags(BYTES("\6\0\4\0\1\0\0\0\6\0\4\0\2\0\0\0\0\0\0\0")),
                      MSV_AV_FLAG_MIC | MSV_AV_FLAG_CONSTRAINED);
}
END_TEST

static const struct {
    const char *bytes;
    size_t len;
    enum ntlm_error error;
} lists[] = {
#define LIST(literal, expected)                                                                \
    {                                                                                          \
        literal, sizeof(literal) - 1, expected                                                 \
    }
    LIST("\0\0\0\0", NTLM_OK),
    LIST("\0\0\0\0what follows", NTLM_OK),
    LIST("\x55\0\0\0\0\0\0\0", NTLM_OK), /* unknown and empty */
    LIST("", NTLM_ERR_BAD_AV_PAIRS),
    LIST("\0\0\0", NTLM_ERR_BAD_AV_PAIRS),
    LIST("\1\0\2\0a\0", NTLM_ERR_BAD_AV_PAIRS),     /* no MsvAvEOL */
    LIST("\1\0\2\0a\0\0\0", NTLM_ERR_BAD_AV_PAIRS), /* half of one */
    LIST("\1\0\xff\xff"
         "a\0\0\0\0\0",
         NTLM_ERR_BAD_AV_PAIRS),
    LIST("\1\0\7\0a\0\0\0\0\0", NTLM_ERR_BAD_AV_PAIRS), /* by one byte too long */
    LIST("\6\0\3\0\2\0\0\0\0\0\0", NTLM_ERR_BAD_AV_PAIRS),
    LIST("\6\0\0\0\0\0\0\0", NTLM_ERR_BAD_AV_PAIRS),
    LIST("\7\0\7\0ttttttt\0\0\0\0", NTLM_ERR_BAD_AV_PAIRS),
    LIST("\x0a\0\x0f\0bbbbbbbbbbbbbbb\0\0\0\0", NTLM_ERR_BAD_AV_PAIRS),
    LIST("\x0a\0\x11\0bbbbbbbbbbbbbbbbb\0\0\0\0", NTLM_ERR_BAD_AV_PAIRS),
};

START_TEST(a_list_must_end_and_its_pairs_have_their_size)
{
    ck_assert_int_eq(check(ntlm_bytes(lists[_i].bytes, lists[_i].len)), lists[_i].error);
}
END_TEST

START_TEST(a_list_cut_anywhere_is_malformed_and_is_never_read_beyond)
{
    const struct ntlm_bytes list =
        BYTES("\2\0\2\0D\0\7\0\x08\0tttttttt\6\0\4\0\2\0\0\0\0\0\0\0");

    ck_assert_int_eq(check(list), NTLM_OK);
    for (size_t len = 0; len < list.len; len++) {
        struct ntlm_bytes cut = exact(ntlm_bytes(list.data, len)), value;
        uint64_t time;

        ck_assert_int_eq(ntlm_av_check(cut), NTLM_ERR_BAD_AV_PAIRS);
        ck_assert(!ntlm_av_find(cut, MSV_AV_TARGET_NAME, &value));
        ck_assert(ntlm_av_timestamp(cut, &time) == (len >= 18));
        ck_assert_uint_eq(ntlm_av_flags(cut), len >= 26 ? 2 : 0);
        exact_free(cut);
    }
}
END_TEST

START_TEST(pairs_of_a_wrong_size_are_not_read_beyond)
{
    struct ntlm_bytes list = exact(BYTES("\6\0\2\0\2\0\7\0\1\0t"));
    uint64_t time;

    ck_assert_uint_eq(ntlm_av_flags(list), 0);
    ck_assert(!ntlm_av_timestamp(list, &time));
    exact_free(list);
}
END_TEST

/* As many as a token can hold. */
START_TEST(an_endless_list_is_refused)
{
    struct ntlm_writer out = {0};
    struct ntlm_bytes value;

    for (size_t i = 0; i < NTLM_MAX_TOKEN / 4 - 3; i++)
        ntlm_av_write(&out, 0x55, ntlm_bytes(NULL, 0));
    struct ntlm_bytes endless = exact(ntlm_bytes(out.data, out.len));
    ck_assert_int_eq(ntlm_av_check(endless), NTLM_ERR_BAD_AV_PAIRS);
    ck_assert(!ntlm_av_find(endless, MSV_AV_FLAGS, &value));
    exact_free(endless);

    ntlm_av_write_flags(&out, MSV_AV_FLAG_MIC);
    ntlm_av_write_eol(&out);
    ck_assert_int_eq(check(ntlm_bytes(out.data, out.len)), NTLM_ERR_BAD_AV_PAIRS);
    ntlm_writer_clear(&out);
}
END_TEST

START_TEST(a_list_may_have_so_many_pairs_and_no_more)
{
    for (size_t more = 0; more <= 1; more++) {
        struct ntlm_writer out = {0};

        for (size_t i = 1; i < NTLM_MAX_AV_PAIRS + more; i++)
            ntlm_av_write(&out, 0x55, ntlm_bytes(NULL, 0));
        ntlm_av_write_eol(&out);
        ck_assert_int_eq(check(ntlm_bytes(out.data, out.len)),
                         more ? NTLM_ERR_BAD_AV_PAIRS : NTLM_OK);
        ntlm_writer_clear(&out);
    }
}
END_TEST

START_TEST(a_list_may_have_so_many_bytes_and_no_more)
{
    static const uint8_t zeros[NTLM_MAX_AV_LIST];

    for (size_t more = 0; more <= 1; more++) {
        struct ntlm_writer out = {0};

        ntlm_av_write(&out, 0x55, ntlm_bytes(zeros, NTLM_MAX_AV_LIST - 8 + more));
        ntlm_av_write_eol(&out);
        ck_assert_int_eq(check(ntlm_bytes(out.data, out.len)),
                         more ? NTLM_ERR_BAD_AV_PAIRS : NTLM_OK);
        ntlm_writer_clear(&out);
    }
}
END_TEST

START_TEST(text_that_is_not_utf8_is_not_written)
{
    struct ntlm_writer out = {0};

    ntlm_av_write_text(&out, MSV_AV_TARGET_NAME, "\xff");
    ck_assert_int_eq(out.error, NTLM_ERR_BAD_TEXT);
    ck_assert_uint_eq(out.len, 0);
    ntlm_writer_clear(&out);
}
END_TEST

START_TEST(a_value_beyond_16_bits_is_not_written)
{
    static const uint8_t zeros[UINT16_MAX + 1];
    struct ntlm_writer out = {0};

    ntlm_av_write(&out, 0x55, ntlm_bytes(zeros, sizeof(zeros)));
    ck_assert_int_eq(out.error, NTLM_ERR_TOO_LARGE);
    ntlm_writer_clear(&out);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("avpair");
    TCase *cases = tcase_create("avpair");

    tcase_add_test(cases, the_published_target_info_is_read);
    tcase_add_test(cases, the_published_target_info_is_written);
    tcase_add_test(cases, flags_time_and_unknown_pairs_are_read_as_they_were_written);
    tcase_add_test(cases, a_list_without_flags_or_time_has_none);
    tcase_add_test(cases, of_pairs_that_repeat_the_first_is_found);
    tcase_add_test(cases, a_second_flags_pair_does_not_hide_the_first);
    tcase_add_loop_test(cases, a_list_must_end_and_its_pairs_have_their_size, 0,
                        sizeof(lists) / sizeof(lists[0]));
    tcase_add_test(cases, a_list_cut_anywhere_is_malformed_and_is_never_read_beyond);
    tcase_add_test(cases, pairs_of_a_wrong_size_are_not_read_beyond);
    tcase_add_test(cases, an_endless_list_is_refused);
    tcase_add_test(cases, a_list_may_have_so_many_pairs_and_no_more);
    tcase_add_test(cases, a_list_may_have_so_many_bytes_and_no_more);
    tcase_add_test(cases, text_that_is_not_utf8_is_not_written);
    tcase_add_test(cases, a_value_beyond_16_bits_is_not_written);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
