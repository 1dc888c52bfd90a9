/* SPDX-License-Identifier: MIT */
/* large_test.c - an account file of many lines: each is found, and the
 * memory stays in bounds. What it takes in time is tests/bench's to say. */

#include "config.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ntlm/keys.h"
#include "sanitized.h"
#include "scratch.h"
#include "suite.h"
#include "userfile/index.h"
#include "userfile_query.h"

#define COUNT 100000   /* for which the tables are as empty as they can be */
#define AN_ACCOUNT 150 /* bytes of memory, over the file's own */

#define LM_HEX "e52cac67419a9a224a3b108f3fa6cb6d"
#define NT_HEX "a4f49c406510bdcab6824ee7c30fd852" /* of "Password" */

/* What this program has allocated, and the most of it that there was. The
 * linker leads its calls here (--wrap). */
static size_t allocated, most;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *block);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t len);
void *__real_mmap(void *where, size_t size, int protection, int flags, int fd, long offset);
void *__real_mmap64(void *where, size_t size, int protection, int flags, int fd,
                    off64_t offset);
int __real_munmap(void *mapping, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *block);
void *__wrap_mmap(void *where, size_t size, int protection, int flags, int fd, long offset);
void *__wrap_mmap64(void *where, size_t size, int protection, int flags, int fd,
                    off64_t offset);
int __wrap_munmap(void *mapping, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t len);

static void *count_in(void *block)
{
    allocated += malloc_usable_size(block);
    if (allocated > most)
        most = allocated;
    return block;
}

void *__wrap_malloc(size_t size)
{
    return count_in(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return count_in(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
    allocated -= malloc_usable_size(old);
    return count_in(__real_realloc(old, size));
}

void __wrap_free(void *block)
{
    allocated -= malloc_usable_size(block);
    __real_free(block);
}

static void *count_mapping(void *mapping, size_t size)
{
    allocated += size;
    if (allocated > most)
        most = allocated;
    return mapping;
}

void *__wrap_mmap(void *where, size_t size, int protection, int flags, int fd, long offset)
{
    return count_mapping(__real_mmap(where, size, protection, flags, fd, offset), size);
}

void *__wrap_mmap64(void *where, size_t size, int protection, int flags, int fd, off64_t offset)
{
    return count_mapping(__real_mmap64(where, size, protection, flags, fd, offset), size);
}

int __wrap_munmap(void *mapping, size_t size)
{
    allocated -= size;
    return __real_munmap(mapping, size);
}

char *__wrap_strdup(const char *text)
{
    return count_in(__real_strdup(text));
}

char *__wrap_strndup(const char *text, size_t len)
{
    return count_in(__real_strndup(text, len));
}

/* COUNT lines, in which # stands for their number, and a last one. */
static const char *file_of(const char *line, const char *last)
{
    static int files; /* each has a name of its own, and so an index */
    const char *path;
    char name[32];
    FILE *file;

    snprintf(name, sizeof(name), "accounts%d", ++files);
    path = scratch_path(name);
    file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < COUNT; i++)
        for (const char *at = line; *at; at++)
            if (*at == '#')
                fprintf(file, "%06d", i);
            else
                fputc(*at, file);
    fputs(last, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(chmod(path, 0600), 0);
    return path;
}

static bool has(const char *path, const char *user, const char *domain, const char *password)
{
    struct account account;
    uint8_t hash[16];
    bool same = !userfile_find(path, &QUERY(user, domain), &account) &&
                !ntlm_nt_hash(password, strlen(password), hash) &&
                memcmp(account.nt_hash, hash, sizeof(hash)) == 0;

    account_clear(&account);
    return same;
}

static double for_each(size_t bytes)
{
    return (double)bytes / COUNT;
}

START_TEST(every_account_of_many_is_found)
{
    const char *path = file_of("EXAMPLE:user#:pw#\n", "");

    for (int i = 0; i < COUNT; i += i < 100 ? 1 : 37) {
        char user[32], password[32];

        snprintf(user, sizeof(user), "USER%06d", i);
        snprintf(password, sizeof(password), "pw%06d", i);
        ck_assert_msg(has(path, user, "example", password), "%s", user);
        ck_assert_msg(has(path, user, "", password), "%s", user);
        ck_assert(!has(path, user, "OTHER", password));
    }
    ck_assert(!has(path, "user999999", "EXAMPLE", ""));
}
END_TEST

START_TEST(every_account_of_many_without_a_domain_is_found)
{
    const char *path = file_of("user#:1000:" LM_HEX ":" NT_HEX ":[U          ]:LCT-0:\n", "");

    for (int i = 0; i < COUNT; i += 37) {
        char user[32];

        snprintf(user, sizeof(user), "User%06d", i);
        ck_assert_msg(has(path, user, "", "Password"), "%s", user);
        ck_assert_msg(has(path, user, "ANY", "Password"), "%s", user);
    }
    ck_assert(!has(path, "user999999", "", "Password"));
}
END_TEST

START_TEST(memory_stays_in_bounds_also_while_the_file_is_read_again)
{
    const char *path = file_of("EXAMPLE:user#:secret#\n", "");
    size_t before = allocated;
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    most = allocated;
    ck_assert(has(path, "user000000", "EXAMPLE", "secret000000"));
    ck_assert_msg(allocated - before < (size_t)AN_ACCOUNT * COUNT, "%.1f bytes an account",
                  for_each(allocated - before));
    ck_assert_int_eq(chmod(path, 0400), 0);
    ck_assert(has(path, "user099999", "EXAMPLE", "secret099999"));
    ck_assert_msg(allocated - before < (size_t)AN_ACCOUNT * COUNT, "%.1f bytes an account",
                  for_each(allocated - before));
    ck_assert_msg(most - before < (size_t)st.st_size + (size_t)AN_ACCOUNT * COUNT,
                  "%.1f bytes an account at most, %.1f of them the file's",
                  for_each(most - before), for_each((size_t)st.st_size));
}
END_TEST

/* Bytes of this process that are in memory. */
static size_t resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long pages = 0;

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fscanf(file, "%*u %lu", &pages), 1);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void *read_changed(void *arg)
{
    const char *path = arg;
    static int changes;

    ck_assert_int_eq(chmod(path, changes++ % 2 ? 0600 : 0400), 0);
    ck_assert(has(path, "user000000", "EXAMPLE", "secret000000"));
    return NULL;
}

/* Each by a thread of its own, for which malloc has memory of its own. */
START_TEST(memory_goes_back_to_the_system_when_the_file_has_changed)
{
    char *path = strdup(file_of("EXAMPLE:user#:secret#\n", ""));
    size_t before = resident(), once, in_the_end;
    pthread_t thread;

    if (is_sanitized()) {
        printf("ok - memory goes back to the system # SKIP a sanitizer has it\n");
        free(path);
        return;
    }
    read_changed(path);
    once = resident() - before;
    for (int i = 0; i < 12; i++) {
        ck_assert_int_eq(pthread_create(&thread, NULL, read_changed, path), 0);
        pthread_join(thread, NULL);
    }
    in_the_end = resident() - before;
    ck_assert_msg(in_the_end <= once + once * 3 / 10, "%.1f bytes an account, first %.1f",
                  for_each(in_the_end), for_each(once));
    free(path);
}
END_TEST

START_TEST(one_name_in_many_domains_is_found_in_each)
{
    const char *path = file_of("DOM#:admin:pw#\n", ":admin:any\nDOM000077:admin:again\n");

    ck_assert(has(path, "admin", "DOM000000", "pw000000"));
    ck_assert(has(path, "Admin", "dom000077", "pw000077"));
    ck_assert(has(path, "admin", "DOM099999", "pw099999"));
    ck_assert(has(path, "admin", "", "any"));
    ck_assert(has(path, "admin", "DOM100000", "any"));
    ck_assert(has(path, "admin@DOM000005", "", "pw000005"));
}
END_TEST

START_TEST(of_one_line_many_times_the_first_counts)
{
    const char *path = file_of("DOM:same:#\n", "DOM:other:pw\n");

    ck_assert(has(path, "same", "DOM", "000000"));
    ck_assert(has(path, "same", "", "000000"));
    ck_assert(has(path, "other", "DOM", "pw"));
}
END_TEST

START_TEST(a_file_of_bad_lines_has_nobody)
{
    struct account account;

    ck_assert_int_eq(
        userfile_find(file_of("no account #\n", ""), &QUERY("no", "DOM"), &account),
        NTLM_ERR_NO_SUCH_LINE);
    account_clear(&account);
    ck_assert(has(file_of("no account #\n", "DOM:one:pw\n"), "one", "DOM", "pw"));
}
END_TEST

/* Where an account lies is a number of 32 bits. */
START_TEST(an_index_that_would_be_too_large_is_not_begun)
{
    const size_t accounts = 100 << 20, bytes = (size_t)2 << 30;

    ck_assert(index_can_hold(accounts, bytes, false));
    ck_assert(!index_can_hold(accounts, bytes, true));
    ck_assert(!index_can_hold(2 * accounts, bytes, false));
    ck_assert(!index_can_hold(accounts, UINT32_MAX, false));
    ck_assert(!index_can_hold(SIZE_MAX, SIZE_MAX, false));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("large account file");
    TCase *cases = tcase_create("large");

    scratch_begin();
    tcase_add_test(cases, every_account_of_many_is_found);
    tcase_add_test(cases, every_account_of_many_without_a_domain_is_found);
    tcase_add_test(cases, memory_stays_in_bounds_also_while_the_file_is_read_again);
    tcase_add_test(cases, memory_goes_back_to_the_system_when_the_file_has_changed);
    tcase_add_test(cases, one_name_in_many_domains_is_found_in_each);
    tcase_add_test(cases, of_one_line_many_times_the_first_counts);
    tcase_add_test(cases, a_file_of_bad_lines_has_nobody);
    tcase_add_test(cases, an_index_that_would_be_too_large_is_not_begun);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
