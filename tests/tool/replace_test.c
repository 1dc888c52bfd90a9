/* SPDX-License-Identifier: MIT */
/* replace_test.c - an account file that somebody who knows nothing of its lock changes while
 * gss-negotiate writes the new content: what they wrote stays, and the user is told. How the
 * command changes files otherwise is account.sh's. */

#include "config.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "account_file.h"
#include "scratch.h"
#include "suite.h"

#define OLD "A:a:old\n"
#define OURS "A:a:ours\n"

static const char *path;
static char complaint[512];

static void take_complaint(const char *text)
{
    snprintf(complaint, sizeof(complaint), "%s", text);
}

/* ---- what others do meanwhile ---- */

static struct stat status_of(void)
{
    struct stat st;

    ck_assert_int_eq(stat(path, &st), 0);
    return st;
}

static void set_time(const char *file, struct timespec time)
{
    const struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, time};

    ck_assert_int_eq(utimensat(AT_FDCWD, file, times, 0), 0);
}

/* The same file with another content. */
static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void do_nothing(void)
{
}

static void append(void)
{
    const struct timespec before = status_of().st_mtim;

    write_text("A:a:old\nB:b:theirs\n");
    set_time(path, before);
}

static void write_later(void)
{
    struct timespec time = status_of().st_mtim;

    write_text("A:a:new\n");
    time.tv_sec++;
    set_time(path, time);
}

static void write_a_moment_later(void)
{
    struct timespec time = status_of().st_mtim;

    write_text("A:a:new\n");
    time.tv_nsec = (time.tv_nsec + 1000) % 1000000000;
    set_time(path, time);
}

static void put_another_in_its_place(void)
{
    const char *other = scratch_write("other", "A:a:new\n");

    set_time(other, status_of().st_mtim);
    ck_assert_int_eq(rename(other, path), 0);
}

static void take_it_away(void)
{
    ck_assert_int_eq(unlink(path), 0);
}

static const struct row {
    void (*meddle)(void);
    enum exit_status status;
    const char *left; /* what the file has afterwards */
} rows[] = {
    {do_nothing, STATUS_OK, OURS},
    {append, STATUS_TROUBLE, "A:a:old\nB:b:theirs\n"},
    {write_later, STATUS_TROUBLE, "A:a:new\n"},
    {write_a_moment_later, STATUS_TROUBLE, "A:a:new\n"},
    {put_another_in_its_place, STATUS_TROUBLE, "A:a:new\n"},
    {take_it_away, STATUS_TROUBLE, ""},
};
#define ROWS ((int)(sizeof(rows) / sizeof(rows[0])))

static enum exit_status fill(void *arg, const struct account_file *file, const char *name,
                             int fd)
{
    const struct row *row = arg;

    (void)file;
    (void)name;
    ck_assert_int_eq(write(fd, OURS, strlen(OURS)), (ssize_t)strlen(OURS));
    row->meddle();
    return STATUS_OK;
}

/* The new content has a name of its own until it is in its place. */
static bool has_temporary(void)
{
    DIR *directory = opendir(scratch_path("."));
    const struct dirent *entry;
    bool found = false;

    ck_assert_ptr_nonnull(directory);
    while ((entry = readdir(directory)))
        found |= strncmp(entry->d_name, ".accounts", strlen(".accounts")) == 0;
    closedir(directory);
    return found;
}

START_TEST(what_others_write_meanwhile_is_kept)
{
    const struct row *row = &rows[_i];
    struct account_file file;

    complaint[0] = '\0';
    path = scratch_write("accounts", OLD);
    ck_assert_int_eq(account_file_open(path, false, &file), STATUS_OK);
    output_complaints(take_complaint);
    ck_assert_int_eq(account_file_replace_by(&file, fill, (void *)(uintptr_t)row), row->status);
    output_complaints(NULL);
    account_file_close(&file);
    ck_assert_str_eq(scratch_read("accounts"), row->left);
    ck_assert(!has_temporary());
    if (row->status)
        ck_assert_ptr_nonnull(strstr(complaint, "another program has changed it meanwhile"));
    else
        ck_assert_str_eq(complaint, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tool_replace");
    TCase *cases = tcase_create("replace");

    scratch_begin();
    tcase_add_loop_test(cases, what_others_write_meanwhile_is_kept, 0, ROWS);
    suite_add_tcase(suite, cases);
    return suite_run(suite);
}
