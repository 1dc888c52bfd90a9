/* SPDX-License-Identifier: MIT */
/* stat.c - a file's look, and signs that somebody is writing it. */

#include "config.h"

#include "userfile/stat.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdint.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MILLISECOND INT64_C(1000000)
#define SECOND (1000 * MILLISECOND)

/* More than a tick of any kernel's clock, which is 10 ms at most. */
#define REST (20 * MILLISECOND)
/* Where times have whole seconds: two of FAT's, which are even. */
#define BLIND (2 * SECOND)
/* Who has stopped for so long in the middle of a line will not go on. */
#define PATIENCE (10 * SECOND)

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Nanoseconds since then; negative when that is yet to come. */
static int64_t age(const struct timespec *then)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return ((int64_t)now.tv_sec - then->tv_sec) * SECOND + now.tv_nsec - then->tv_nsec;
}

static void set_look(struct look *look, const struct stat *st)
{
    *look = (struct look){.device = st->st_dev,
                          .inode = st->st_ino,
                          .size = st->st_size,
                          .modified = st->st_mtim,
                          .changed = st->st_ctim,
                          .eye = geteuid()};
}

bool look_at_path(const char *path, struct look *look)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    set_look(look, &st);
    return true;
}

bool look_at_file(int fd, struct look *look, struct stat *st)
{
    struct statx stx;

    if (fstat(fd, st) != 0)
        return false;
    set_look(look, st);
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &stx) == 0 && stx.stx_mask & STATX_BTIME)
        look->born = (struct timespec){.tv_sec = (time_t)stx.stx_btime.tv_sec,
                                       .tv_nsec = (long)stx.stx_btime.tv_nsec};
    return true;
}

bool look_same_content(const struct look *a, const struct look *b)
{
    return a->size == b->size && same_time(&a->modified, &b->modified);
}

bool look_same(const struct look *a, const struct look *b)
{
    return a->device == b->device && a->inode == b->inode && look_same_content(a, b) &&
           same_time(&a->changed, &b->changed) && a->eye == b->eye;
}

/* The same file, whatever became of it, and not another one that was given
 * the inode of a deleted one. */
static bool is_same_file(const struct look *a, const struct look *b)
{
    return a->device == b->device && a->inode == b->inode && same_time(&a->born, &b->born);
}

bool watch_written_between(const struct look *a, const struct look *b)
{
    return is_same_file(a, b) && !look_same_content(a, b);
}

static void sleep_for(int64_t nanoseconds)
{
    struct timespec left = {.tv_nsec = (long)nanoseconds};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

bool watch_rest(const struct look *look)
{
    /* If that time is yet to come, the clock was set: one can only wait. */
    if (age(&look->changed) >= REST)
        return false;
    sleep_for(REST);
    return true;
}

bool watch_is_blind(const struct look *look)
{
    int64_t since = age(&look->changed);

    return look->changed.tv_nsec == 0 && since >= 0 && since < BLIND;
}

/* Whether the file lies on a file server, whose clients refuse leases whenever
 * they hold none from it themselves (NFS's delegations, SMB's oplocks). */
static bool is_served(int fd)
{
    struct statfs in;

    if (fstatfs(fd, &in) != 0)
        return false;
    switch ((uint32_t)in.f_type) {
    case NFS_SUPER_MAGIC:
    case CIFS_SUPER_MAGIC:
    case SMB2_SUPER_MAGIC:
        return true;
    default:
        return false;
    }
}

/* A lease for reading is given on a file that nobody has open for writing, to
 * its owner and to root; otherwise, and where there are no leases, we cannot
 * know. It is given back at once. Should somebody open the file in between,
 * the kernel sends a signal, by default one that ends the process: so it is to
 * be SIGURG, which is ignored by default, and goes to this thread alone. */
static bool is_open_for_writing(int fd)
{
    struct f_owner_ex self = {.type = F_OWNER_TID, .pid = gettid()};

    if (fcntl(fd, F_SETOWN_EX, &self) != 0 || fcntl(fd, F_SETSIG, SIGURG) != 0)
        return false;
    if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
        return errno == EAGAIN && !is_served(fd);
    fcntl(fd, F_SETLEASE, F_UNLCK);
    return false;
}

static bool ends_with_a_line(int fd, const struct look *look)
{
    char last;

    return look->size > 0 && pread(fd, &last, 1, look->size - 1) == 1 && last == '\n';
}

bool watch_unfinished(int fd, const struct look *look, const struct look *before)
{
    int64_t since = age(&look->modified);

    if (since <= -PATIENCE || since >= PATIENCE)
        return false;
    return is_open_for_writing(fd) ||
           (before && is_same_file(look, before) && !ends_with_a_line(fd, look));
}
