/* SPDX-License-Identifier: MIT */
/* damage_test.c - an account database that was cut off or altered: nobody gets in by it who
 * should not, and nothing worse happens than an error. */

#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "database_fixture.h"
#include "sanitized.h"
#include "scratch.h"
#include "suite.h"
#include "support/failure.h"
#include "userfile_lookup.h"

#define USERS 400 /* enough for a branch and some leaves */
#define PAGE 4096 /* where it is */

int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left);

/* The pauses before a damaged file is looked at again take long. */
int __wrap_nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

static char *path;
static size_t used; /* bytes of the file that pages are in */
static unsigned errors, answers;
static uint32_t step; /* longer where all takes longer */

/* User i is disabled if i is odd. */
static void make(void)
{
    char *text = malloc(USERS * 120), *end = text;
    uint8_t *bytes;
    struct stat st;
    int fd;

    for (int i = 0; i < USERS; i++)
        end += sprintf(end, "DOM\\user%03d:1:%032d:%032d:[U%c         ]:LCT-0:\n", i, i, i,
                       i % 2 ? 'D' : ' ');
    free(path);
    path = strdup(database_of("database", text));
    free(text);
    errors = answers = 0;
    step = is_sanitized() ? 8 : 1;
    fd = open(path, O_RDONLY);
    ck_assert_int_eq(fstat(fd, &st), 0);
    bytes = malloc((size_t)st.st_size);
    ck_assert_int_eq(pread(fd, bytes, (size_t)st.st_size, 0), st.st_size);
    for (used = (size_t)st.st_size; bytes[used - 1] == 0;)
        used--;
    free(bytes);
    close(fd);
}

/* Whoever is found has the hash and the state that was put there. */
static void ask(int user)
{
    char name[16], hex[33];
    struct account account;
    enum ntlm_error error;

    snprintf(name, sizeof(name), "user%03d", user);
    error = userfile_find(path, &LM_QUERY(name, user % 3 ? "DOM" : ""), &account);
    errors += error == NTLM_ERR_FILE_UNREADABLE;
    answers += !error;
    if (!error) {
        for (int i = 0; i < 16; i++)
            sprintf(hex + 2 * i, "%02x", account.nt_hash[i]);
        ck_assert_int_eq(atoi(hex), user);
        ck_assert_str_eq(account.user, name);
        ck_assert_int_eq(account.disabled, user % 2);
    } else {
        ck_assert(error == NTLM_ERR_FILE_UNREADABLE || error == NTLM_ERR_NO_SUCH_LINE);
        ck_assert(!account.has_nt_hash && !account.has_lm_hash);
    }
    account_clear(&account);
}

static uint32_t random_state = 1;

static uint32_t random_number(uint32_t below)
{
    random_state = random_state * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)random_state * below) >> 32);
}

static void write_at(int fd, size_t at, const void *bytes, size_t len)
{
    ck_assert_int_eq(pwrite(fd, bytes, len, (off_t)at), (ssize_t)len);
}

START_TEST(any_byte_may_be_wrong)
{
    uint8_t before, after;
    int fd;

    if (skipped_without_databases("any_byte_may_be_wrong"))
        return;
    make();
    fd = open(path, O_RDWR);
    for (size_t at = 0; at < used; at += 1 + random_number(11 * step)) {
        ck_assert_int_eq(pread(fd, &before, 1, (off_t)at), 1);
        after = (uint8_t)(before ^ (random_number(3) ? 1 << random_number(8) : 0xff));
        write_at(fd, at, &after, 1);
        for (int i = 0; i < 4; i++)
            ask((int)random_number(USERS));
        write_at(fd, at, &before, 1);
    }
    close(fd);
    ck_assert_uint_gt(errors, 0);
    ck_assert_uint_gt(answers, errors);
}
END_TEST

START_TEST(any_number_may_be_wrong)
{
    static const uint16_t values[] = {0,    1,      2,      15,     16,    17,
                                      0xff, 0x7fff, 0x8000, 0xfffe, 0xffff};
    uint16_t before;
    int fd;

    if (skipped_without_databases("any_number_may_be_wrong"))
        return;
    make();
    fd = open(path, O_RDWR);
    for (size_t at = 0; at + 2 <= used; at += 2) {
        if (at % PAGE > 64 ? random_number(20 * step) : random_number(step))
            continue;
        ck_assert_int_eq(pread(fd, &before, 2, (off_t)at), 2);
        for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
            write_at(fd, at, &values[i], 2);
            ask((int)random_number(USERS));
        }
        write_at(fd, at, &before, 2);
    }
    close(fd);
    ck_assert_uint_gt(errors, 0);
}
END_TEST

START_TEST(any_page_may_be_another_one)
{
    uint8_t before[PAGE], after[PAGE];
    int fd;

    if (skipped_without_databases("any_page_may_be_another_one"))
        return;
    make();
    fd = open(path, O_RDWR);
    for (size_t at = 0; at < used; at += PAGE) {
        ck_assert_int_eq(pread(fd, before, PAGE, (off_t)at), PAGE);
        for (uint32_t kind = random_number(step); kind < 20; kind += step) {
            memset(after, kind == 0 ? 0 : 0xff, PAGE);
            if (kind >= 10)
                ck_assert_int_eq(
                    pread(fd, after, PAGE, random_number((uint32_t)used / PAGE) * PAGE), PAGE);
            else if (kind >= 2)
                for (size_t i = kind < 5 ? 0 : 16; i < PAGE; i++)
                    after[i] = (uint8_t)random_number(256);
            if (kind >= 5 && kind < 15)
                memcpy(after, before, 16); /* with the right header */
            write_at(fd, at, after, PAGE);
            for (int i = 0; i < 10; i++)
                ask((int)random_number(USERS));
        }
        write_at(fd, at, before, PAGE);
    }
    close(fd);
}
END_TEST

START_TEST(a_file_that_is_cut_off_lets_nobody_in)
{
    struct account account;

    if (skipped_without_databases("a_file_that_is_cut_off_lets_nobody_in"))
        return;
    make();
    ask(0);
    ck_assert_uint_eq(answers, 1);
    for (size_t size = used / PAGE * PAGE; size > 0;
         size = size > 3 * PAGE ? size - PAGE : size / 2) {
        ck_assert_int_eq(truncate(path, (off_t)size), 0);
        for (int i = 0; i < USERS; i += 37) {
            char name[16];

            snprintf(name, sizeof(name), "user%03d", i);
            ck_assert_int_eq(userfile_find(path, &QUERY(name, "DOM"), &account),
                             NTLM_ERR_FILE_UNREADABLE);
            ck_assert_ptr_nonnull(
                strstr(failure_detail(NTLM_ERR_FILE_UNREADABLE), "is damaged: it is cut off"));
        }
        ck_assert_int_eq(userfile_check(path), NTLM_ERR_FILE_UNREADABLE);
    }
    ck_assert_int_eq(truncate(path, 0), 0); /* a text without lines */
    ck_assert_int_eq(userfile_find(path, &QUERY("user000", "DOM"), &account),
                     NTLM_ERR_NO_SUCH_LINE);
    account_clear(&account);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("userfile damage");
    TCase *cases = tcase_create("damage");

    scratch_begin();
    tcase_add_test(cases, any_byte_may_be_wrong);
    tcase_add_test(cases, any_number_may_be_wrong);
    tcase_add_test(cases, any_page_may_be_another_one);
    tcase_add_test(cases, a_file_that_is_cut_off_lets_nobody_in);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
