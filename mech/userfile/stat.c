/* SPDX-License-Identifier: MIT */
/* stat.c - fingerprints of files, and signs that a file is being written. */

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

/* More than one tick of the kernel's clock, which is 10 ms at most. */
#define SETTLE_TIME (20 * MILLISECOND)
/* The coarsest times are FAT's, which counts in two seconds. */
#define COARSE_TIME (2 * SECOND)
/* A writer that has paused for this long in the middle of a line is gone. */
#define WRITER_TIMEOUT (10 * SECOND)

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* Nanoseconds since then; negative when that is in the future. */
static int64_t age(const struct timespec *then)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return ((int64_t)now.tv_sec - then->tv_sec) * SECOND + now.tv_nsec - then->tv_nsec;
}

void fingerprint_status(const struct stat *st, struct fingerprint *fingerprint)
{
    *fingerprint = (struct fingerprint){.device = st->st_dev,
                                        .inode = st->st_ino,
                                        .size = st->st_size,
                                        .modified = st->st_mtim,
                                        .changed = st->st_ctim,
                                        .euid = geteuid()};
}

bool fingerprint_path(const char *path, struct fingerprint *fingerprint)
{
    struct stat st;

    if (stat(path, &st) != 0)
        return false;
    fingerprint_status(&st, fingerprint);
    return true;
}

bool fingerprint_file(int fd, struct fingerprint *fingerprint, struct stat *st)
{
    struct statx stx;

    if (fstat(fd, st) != 0)
        return false;
    fingerprint_status(st, fingerprint);
    if (statx(fd, "", AT_EMPTY_PATH, STATX_BTIME, &stx) == 0 && stx.stx_mask & STATX_BTIME)
        fingerprint->born = (struct timespec){.tv_sec = (time_t)stx.stx_btime.tv_sec,
                                              .tv_nsec = (long)stx.stx_btime.tv_nsec};
    return true;
}

bool fingerprint_same_content(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->size == b->size && same_time(&a->modified, &b->modified);
}

bool fingerprint_same_place(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->device == b->device && a->inode == b->inode && a->euid == b->euid;
}

bool fingerprint_same(const struct fingerprint *a, const struct fingerprint *b)
{
    return fingerprint_same_place(a, b) && fingerprint_same_content(a, b) &&
           same_time(&a->changed, &b->changed);
}

/* The time of birth tells it from a file that was given a deleted one's inode. */
static bool is_same_file(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->device == b->device && a->inode == b->inode && same_time(&a->born, &b->born);
}

bool fingerprint_rewritten(const struct fingerprint *a, const struct fingerprint *b)
{
    return is_same_file(a, b) && !fingerprint_same_content(a, b);
}

static void sleep_for(int64_t nanoseconds)
{
    struct timespec left = {.tv_nsec = (long)nanoseconds};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        continue;
}

bool stat_wait_if_new(const struct fingerprint *fingerprint)
{
    /* A time in the future: the clock was set back. Waiting is all one can do. */
    if (age(&fingerprint->changed) >= SETTLE_TIME)
        return false;
    sleep_for(SETTLE_TIME);
    return true;
}

bool fingerprint_is_coarse(const struct fingerprint *fingerprint)
{
    int64_t since = age(&fingerprint->changed);

    return fingerprint->changed.tv_nsec == 0 && since >= 0 && since < COARSE_TIME;
}

/* Whether the file lies on a file server. A client of NFS or SMB refuses leases
 * unless the server has given it a delegation or an oplock. */
static bool is_on_server(int fd)
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

/* The kernel gives a read lease, to the owner and to root, unless the file is
 * open for writing. Any other refusal tells nothing. The lease is given back at
 * once. If somebody opens the file in between, the kernel sends a signal, by
 * default one that ends the process: therefore SIGURG, which is ignored by
 * default, and to this thread alone. */
static bool is_open_for_writing(int fd)
{
    struct f_owner_ex self = {.type = F_OWNER_TID, .pid = gettid()};

    if (fcntl(fd, F_SETOWN_EX, &self) != 0 || fcntl(fd, F_SETSIG, SIGURG) != 0)
        return false;
    if (fcntl(fd, F_SETLEASE, F_RDLCK) != 0)
        return errno == EAGAIN && !is_on_server(fd);
    fcntl(fd, F_SETLEASE, F_UNLCK);
    return false;
}

static bool ends_with_newline(int fd, const struct fingerprint *fingerprint)
{
    char last;

    return fingerprint->size > 0 && pread(fd, &last, 1, fingerprint->size - 1) == 1 &&
           last == '\n';
}

bool stat_is_being_written(int fd, const struct fingerprint *fingerprint,
                           const struct fingerprint *before)
{
    int64_t since = age(&fingerprint->modified);

    if (since <= -WRITER_TIMEOUT || since >= WRITER_TIMEOUT)
        return false;
    return is_open_for_writing(fd) ||
           (before && is_same_file(fingerprint, before) && !ends_with_newline(fd, fingerprint));
}
