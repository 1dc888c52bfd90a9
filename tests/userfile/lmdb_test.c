/* SPDX-License-Identifier: MIT */
/* lmdb_test.c - LMDB's files of machines with other words and of other pages, which this
 * one does not make, and what is wrong in a file so that no real one is so. What liblmdb
 * makes here: database_test.c; each byte of it altered: damage_test.c. */

#include "config.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "shortage.h"
#include "suite.h"
#include "userfile/lmdb.h"

#define MAGIC 0xBEEFC0DEu
#define PAGES 9 /* so that two meta pages of 4 KiB could be there */
#define BRANCH 1
#define LEAF 2
#define META 8

/* A file of two meta pages, a branch (2) and two leaves (3, 4). */
static uint8_t file[PAGES * 65536];
static size_t page_size, word;

static uint8_t *page(size_t number)
{
    return file + number * page_size;
}

static void put16(uint8_t *at, unsigned value)
{
    memcpy(at, &(uint16_t){(uint16_t)value}, 2);
}

static void put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, 4);
}

static void put_word(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, word); /* little-endian; the test is skipped elsewhere */
}

static void put_meta(size_t number, uint64_t transaction)
{
    uint8_t *at = page(number) + word + 8, *tree = at + 8 + 2 * word;

    put_word(page(number), number);
    put16(page(number) + word + 2, META);
    put32(at, MAGIC);
    put32(at + 4, 1);
    put32(tree, (uint32_t)page_size);
    put_word(tree + 8 + 4 * word, UINT64_MAX);
    tree += 8 + 5 * word;
    put16(tree + 6, 2);               /* depth */
    put_word(tree + 8 + 3 * word, 4); /* entries */
    put_word(tree + 8 + 4 * word, 2); /* root */
    put_word(tree + 8 + 5 * word, 4); /* the last page */
    put_word(tree + 8 + 6 * word, transaction);
}

static void begin_page(size_t number, unsigned kind)
{
    put_word(page(number), number);
    put16(page(number) + word + 2, kind);
    put16(page(number) + word + 4, (unsigned)word + 8);
    put16(page(number) + word + 6, (unsigned)page_size);
}

/* A node: the page behind it on a branch, else the value's length, and both. */
static void add(size_t number, const char *key, const char *value, uint32_t first)
{
    uint8_t *at = page(number), *node;
    uint16_t lower, upper;
    const size_t len = strlen(key) + strlen(value);

    memcpy(&lower, at + word + 4, 2);
    memcpy(&upper, at + word + 6, 2);
    upper = (uint16_t)((upper - 8 - len) & ~(size_t)1);
    put16(at + lower, upper);
    put16(at + word + 4, lower + 2u);
    put16(at + word + 6, upper);
    node = at + upper;
    put32(node, first);
    put16(node + 6, (unsigned)strlen(key));
    memcpy(node + 8, key, strlen(key));
    memcpy(node + 8 + strlen(key), value, strlen(value));
}

static void make(size_t bytes_of_word, size_t bytes_of_page)
{
    memset(file, 0, sizeof(file));
    word = bytes_of_word;
    page_size = bytes_of_page;
    put_meta(0, 6);
    put_meta(1, 7);
    begin_page(2, BRANCH);
    add(2, "", "", 3);
    add(2, "c", "", 4);
    begin_page(3, LEAF);
    add(3, "a", "first", 5);
    add(3, "b", "", 0);
    begin_page(4, LEAF);
    add(4, "c", "third", 5);
    add(4, "dd", "fourth", 6);
}

static struct lmdb lmdb;
static int fd = -1;

static enum lmdb_result open_it(void)
{
    fd = open(scratch_write_bytes("file", file, PAGES * page_size), O_RDONLY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    return lmdb_open(&lmdb, fd, (off_t)(PAGES * page_size));
}

/* Another writes to the open file. */
static void write_over(void)
{
    const ssize_t len = (ssize_t)(PAGES * page_size);
    int other = open(scratch_path("file"), O_WRONLY | O_CLOEXEC);

    ck_assert_int_eq(pwrite(other, file, (size_t)len, 0), len);
    ck_assert_int_eq(close(other), 0);
}

static void close_it(void)
{
    lmdb_close(&lmdb);
    ck_assert_int_eq(close(fd), 0);
}

static bool skipped(const char *test)
{
    if (htole16(1) == 1)
        return false;
    printf("ok - %s # SKIP the files are made little-endian\n", test);
    return true;
}

static void assert_value(const char *key, const char *wanted)
{
    const uint8_t *value;
    size_t len;

    ck_assert_int_eq(lmdb_get(&lmdb, (const uint8_t *)key, strlen(key), &value, &len),
                     wanted ? LMDB_OK : LMDB_NOT_FOUND);
    ck_assert_uint_eq(len, wanted ? strlen(wanted) : 0);
    ck_assert(!wanted || memcmp(value, wanted, len) == 0);
}

static enum lmdb_result count(void *arg, const uint8_t *key, size_t key_len,
                              const uint8_t *value, size_t len)
{
    (void)key, (void)key_len, (void)value, (void)len;
    ++*(unsigned *)arg;
    return LMDB_OK;
}

static const struct {
    size_t word, page;
} layouts[] = {{8, 4096}, {4, 4096}, {8, 512}, {4, 512}, {8, 65536}, {4, 32768}};

START_TEST(files_of_other_words_and_pages_are_read)
{
    unsigned entries = 0;

    if (skipped("files_of_other_words_and_pages_are_read"))
        return;
    make(layouts[_i].word, layouts[_i].page);
    ck_assert_int_eq(open_it(), LMDB_OK);
    ck_assert_uint_eq(lmdb.word, word);
    ck_assert_uint_eq(lmdb.meta.transaction, 7);
    assert_value("a", "first");
    assert_value("b", "");
    assert_value("bb", NULL);
    assert_value("c", "third");
    assert_value("dd", "fourth");
    assert_value("e", NULL);
    ck_assert(lmdb_is_whole(&lmdb));
    ck_assert_int_eq(lmdb_walk(&lmdb, count, &entries), LMDB_OK);
    ck_assert_uint_eq(entries, 4);
    close_it();
}
END_TEST

/* So many bytes at that place of a page of a file with words of 8 bytes. */
static const struct {
    size_t page, at, size;
    uint64_t value;
    const char *fault;
} wrong[] = {
    {0, 16, 4, 0xDEC0EFBEu, "it was made on a machine of another byte order"},
    {0, 16, 4, 0, "its first page is damaged"},
    {0, 20, 4, 2, "its format is not that of LMDB 0.9"},
    {1, 16, 4, 0, "a meta page of it is none"},
    {1, 10, 2, LEAF, "a meta page of it is none"},
    {0, 40, 4, 4097, "its meta page has no size of pages"},
    {0, 40, 4, 256, "its meta page has no size of pages"},
    {0, 40, 4, 131072, "its meta page has no size of pages"},
    {1, 40, 4, 8192, "its meta pages are not of one file"},
    {1, 92, 2, 4, "it was made for another purpose"},
    {1, 94, 2, 17, "its meta page is damaged"},
    {1, 94, 2, 0, "its meta page is damaged"},
    {1, 128, 8, UINT64_MAX, "its meta page is damaged"},
    {1, 128, 8, 1, "its meta page is damaged"},
    {1, 128, 8, 5, "its meta page is damaged"},
    {1, 136, 8, UINT64_MAX / 2, "its meta page is damaged"},
    {1, 136, 8, PAGES, "it is cut off"},
};

START_TEST(a_meta_page_that_is_wrong_is_told)
{
    if (skipped("a_meta_page_that_is_wrong_is_told"))
        return;
    make(8, 4096);
    memcpy(page(wrong[_i].page) + wrong[_i].at, &wrong[_i].value, wrong[_i].size);
    ck_assert_int_eq(open_it(), LMDB_DAMAGED);
    ck_assert_str_eq(lmdb.fault, wrong[_i].fault);
    close_it();
}
END_TEST

START_TEST(the_byte_order_is_told_of_other_words_too)
{
    if (skipped("the_byte_order_is_told_of_other_words_too"))
        return;
    make(4, 4096);
    put32(page(0) + 12, 0xDEC0EFBEu);
    ck_assert_int_eq(open_it(), LMDB_DAMAGED);
    ck_assert_str_eq(lmdb.fault, "it was made on a machine of another byte order");
    close_it();
}
END_TEST

START_TEST(a_page_that_leads_back_ends_the_walk)
{
    unsigned entries = 0;

    if (skipped("a_page_that_leads_back_ends_the_walk"))
        return;
    make(8, 4096);
    put16(page(1) + 94, 16);
    put32(page(2) + 4096 - 8, 2); /* the first node leads to its own page */
    ck_assert_int_eq(open_it(), LMDB_OK);
    ck_assert_int_eq(lmdb_walk(&lmdb, count, &entries), LMDB_DAMAGED);
    ck_assert_str_eq(lmdb.fault, "a page leads back");
    ck_assert_uint_eq(entries, 0);
    close_it();
}
END_TEST

/* What was read is of one state as long as at most one more was written since: the pages
 * that it has are reused only then. */
static const struct {
    uint64_t transaction, root;
    bool whole;
} later[] = {{7, 2, true},  {8, 2, true},  {8, 5, true},
             {7, 5, false}, {9, 2, false}, {6, 2, false}};

START_TEST(a_state_is_whole_until_the_second_write)
{
    if (skipped("a_state_is_whole_until_the_second_write"))
        return;
    make(8, 4096);
    ck_assert_int_eq(open_it(), LMDB_OK);
    put_word(page(1) + 144, later[_i].transaction);
    put_word(page(1) + 128, later[_i].root);
    write_over();
    ck_assert(lmdb_is_whole(&lmdb) == later[_i].whole);
    memset(page(0), 0, page_size);
    write_over();
    ck_assert(!lmdb_is_whole(&lmdb));
    ck_assert_uint_eq(lmdb.page_size, page_size);
    close_it();
}
END_TEST

/* Cut off since it was opened, closed, or without memory. */
START_TEST(what_cannot_be_read_is_told)
{
    const uint8_t *value;
    unsigned entries = 0;
    size_t len;

    if (skipped("what_cannot_be_read_is_told"))
        return;
    make(8, 4096);
    fd = open(scratch_write_bytes("file", file, PAGES * page_size), O_RDONLY | O_CLOEXEC);
    allocations_left = 1;
    ck_assert_int_eq(lmdb_open(&lmdb, fd, PAGES * 4096), LMDB_NO_MEMORY);
    close_it();
    ck_assert_int_eq(open_it(), LMDB_OK);
    for (unsigned n = 1; n <= 3; n++) {
        allocations_left = n;
        ck_assert_int_eq(lmdb_walk(&lmdb, count, &entries), LMDB_NO_MEMORY);
        ck_assert_uint_eq(allocations_left, 0);
    }
    ck_assert_int_eq(truncate(scratch_path("file"), 3 * 4096), 0);
    ck_assert_int_eq(lmdb_get(&lmdb, (const uint8_t *)"a", 1, &value, &len), LMDB_DAMAGED);
    ck_assert_str_eq(lmdb.fault, "it is cut off");
    close_it();
    ck_assert_int_eq(lmdb_open(&lmdb, -1, PAGES * 4096), LMDB_UNREADABLE);
    ck_assert_int_eq(errno, EBADF);
    lmdb_close(&lmdb);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("userfile lmdb");
    TCase *cases = tcase_create("lmdb");

    scratch_begin();
    tcase_add_loop_test(cases, files_of_other_words_and_pages_are_read, 0,
                        sizeof(layouts) / sizeof(layouts[0]));
    tcase_add_loop_test(cases, a_meta_page_that_is_wrong_is_told, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    tcase_add_test(cases, the_byte_order_is_told_of_other_words_too);
    tcase_add_test(cases, a_page_that_leads_back_ends_the_walk);
    tcase_add_loop_test(cases, a_state_is_whole_until_the_second_write, 0,
                        sizeof(later) / sizeof(later[0]));
    tcase_add_test(cases, what_cannot_be_read_is_told);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
