/* SPDX-License-Identifier: MIT */
/* userfile_fixture.c - an account file for tests. */

#include "config.h"

#include "userfile_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ntlm/keys.h"
#include "scratch.h"
#include "suite.h"
#include "support/trace.h"

const char *accounts;

/* It is always the moment when the file was changed last, so that no change is an
 * old one however busy the machine is. The linker leads that call here
 * (--wrap). */
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
    struct stat st;

    if (clock != CLOCK_REALTIME || !accounts || stat(accounts, &st) != 0)
        return __real_clock_gettime(clock, time);
    *time = st.st_ctim;
    return 0;
}

void begin(const char *text)
{
    accounts = scratch_write("accounts", text);
}

static bool is_hash_of(const struct account *account, const char *password)
{
    uint8_t hash[16];

    return !ntlm_nt_hash(password, strlen(password), hash) &&
           memcmp(account->nt_hash, hash, sizeof(hash)) == 0;
}

bool has(const char *path, const char *user, const char *password)
{
    struct account account;
    bool same = !userfile_find(path, &QUERY(user, "DOM"), &account) && account.has_nt_hash &&
                is_hash_of(&account, password);

    account_clear(&account);
    return same;
}

enum ntlm_error error_of(const char *user)
{
    struct account account;
    enum ntlm_error error = userfile_find(accounts, &QUERY(user, "DOM"), &account);

    account_clear(&account);
    return error;
}

bool knows(const char *user)
{
    return !error_of(user);
}

int open_in_place(int flags)
{
    int fd = open(accounts, O_WRONLY | flags);

    ck_assert_int_ge(fd, 0);
    return fd;
}

void put(int fd, const char *text)
{
    ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

void write_in_place(int flags, const char *text)
{
    int fd = open_in_place(flags);

    put(fd, text);
    close(fd);
}

void rename_over(const char *text)
{
    const char *next = scratch_write("accounts.new", text);

    ck_assert_int_eq(rename(next, accounts), 0);
}

void let_time_pass(void)
{
    const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT},
                                      {.tv_sec = time(NULL) - 60, .tv_nsec = 1}};

    ck_assert_int_eq(utimensat(AT_FDCWD, accounts, times, 0), 0);
}

void begin_trace(void)
{
    unlink(scratch_path("log"));
    ck_assert_int_eq(trace_open(scratch_path("log")), 0);
}

int count_traced(const char *part)
{
    int count = 0;

    for (const char *at = scratch_read("log"); (at = strstr(at, part)); at++)
        count++;
    return count;
}
