/* SPDX-License-Identifier: MIT */
/* file_faults.c - what opens, examines and reads files, sockets, the kernel's random
 * numbers and its keys. */

#include "config.h"

#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>

/* The last argument: errno. Names with 64 and time64 are those of i386. */
#define MINUS(name, number) FAULT_BEFORE(FAULT_FILES, name, -1, errno = (number))
#define NOTHING(name, number) FAULT_BEFORE(FAULT_FILES, name, 0, errno = (number))
#define NUMBER(name, number) FAULT_BEFORE(FAULT_FILES, name, number, errno = (number))

MINUS(open, EMFILE)
MINUS(open64, EMFILE)
MINUS(openat, EMFILE)
MINUS(openat64, EMFILE)
NOTHING(fopen, EMFILE)
NOTHING(fopen64, EMFILE)
NOTHING(opendir, EMFILE)
NOTHING(readdir, EIO)
NOTHING(readdir64, EIO)
MINUS(stat, EIO)
MINUS(stat64, EIO)
MINUS(__stat64_time64, EIO)
MINUS(lstat, EIO)
MINUS(lstat64, EIO)
MINUS(__lstat64_time64, EIO)
MINUS(fstat, EIO)
MINUS(fstat64, EIO)
MINUS(__fstat64_time64, EIO)
MINUS(fstatat, EIO)
MINUS(fstatat64, EIO)
MINUS(__fstatat64_time64, EIO)
MINUS(fstatfs, EIO)
MINUS(fstatfs64, EIO)
MINUS(statx, EIO)
MINUS(readlinkat, EIO)
MINUS(getxattr, EIO)
MINUS(mmap, ENOMEM)
MINUS(mmap64, ENOMEM)
MINUS(fcntl, EIO)
MINUS(fcntl64, EIO)
MINUS(gethostname, EIO)
NOTHING(getcwd, EIO)
NUMBER(getpwnam_r, EIO)
NUMBER(getpwuid_r, EIO)
MINUS(iconv_open, EMFILE)
MINUS(getentropy, EIO)
MINUS(socket, EMFILE)
MINUS(connect, EIO)
MINUS(sendmsg, EIO)
MINUS(add_key, EDQUOT)
MINUS(keyctl, EIO)
MINUS(keyctl_describe, EIO)
MINUS(keyctl_get_keyring_ID, EIO)
MINUS(keyctl_get_persistent, EIO)
MINUS(keyctl_invalidate, EIO)
MINUS(keyctl_link, EIO)
MINUS(keyctl_read, EIO)
MINUS(keyctl_read_alloc, EIO)
MINUS(keyctl_search, EIO)
MINUS(keyctl_set_timeout, EIO)
MINUS(keyctl_setperm, EIO)
MINUS(keyctl_unlink, EIO)

/* ---- what reads bytes: (descriptor or buffer, buffer or size, ...) ---- */

/* A read that comes to nothing. */
static ssize_t none(enum fault_way way)
{
    errno = way == FAULT_INTERRUPTED ? EINTR : EIO;
    return way == FAULT_ENDS ? 0 : -1;
}

/* Where the count is the argument `len`. Each second one is whole where every one is to be
 * interrupted: nothing would ever be read. */
#define READS(name, len)                                                                       \
    __attribute__((visibility("default"))) long fault_before_##name(FAULT_WORDS) __asm__(      \
        #name);                                                                                \
    long fault_before_##name(FAULT_WORDS)                                                      \
    {                                                                                          \
        static long (*real)(FAULT_WORDS);                                                      \
        static bool interrupted;                                                               \
        enum fault_way way;                                                                    \
        bool due;                                                                              \
                                                                                               \
        fault_descriptor = (int)a;                                                             \
        due = fault_due(FAULT_FILES, #name, __builtin_return_address(0), true, &way);          \
        if (!real)                                                                             \
            *(void **)&real = fault_real(#name);                                               \
        interrupted = due && way == FAULT_INTERRUPTED && !interrupted;                         \
        if (!due || (way == FAULT_INTERRUPTED && !interrupted))                                \
            return real(a, b, c, d, e, f, g, h);                                               \
        if (way != FAULT_SHORT)                                                                \
            return none(way);                                                                  \
        if ((len) > 1)                                                                         \
            (len) = 1;                                                                         \
        return real(a, b, c, d, e, f, g, h);                                                   \
    }

READS(read, c)
READS(__read_chk, c)
READS(pread, c)
READS(pread64, c)
READS(__pread_chk, c)
READS(__pread64_chk, c)
READS(recv, c)
READS(getrandom, b)

/* ---- lines: the file has the error afterwards, as after a read that failed ---- */

/* What the product reads so is open for reading alone. A file that may be written is gcov's. */
static bool is_read_only(FILE *file)
{
    int flags = fcntl(fileno(file), F_GETFL);

    return flags >= 0 && (flags & O_ACCMODE) == O_RDONLY;
}

static void spoil(FILE *file)
{
    putc('x', file); /* nothing is written */
    errno = EIO;
}

#define LINES(name, stream, failure)                                                           \
    __attribute__((visibility("default"))) long fault_before_##name(FAULT_WORDS) __asm__(      \
        #name);                                                                                \
    long fault_before_##name(FAULT_WORDS)                                                      \
    {                                                                                          \
        static long (*real)(FAULT_WORDS);                                                      \
        FILE *file = (FILE *)(uintptr_t)(stream);                                              \
        enum fault_way way;                                                                    \
                                                                                               \
        if (!real)                                                                             \
            *(void **)&real = fault_real(#name);                                               \
        if (!is_read_only(file) ||                                                             \
            !fault_due(FAULT_FILES, #name, __builtin_return_address(0), false, &way))          \
            return real(a, b, c, d, e, f, g, h);                                               \
        spoil(file);                                                                           \
        return (failure);                                                                      \
    }

LINES(fgets, c, 0)
LINES(__fgets_chk, d, 0)
LINES(getline, c, -1)
LINES(__getdelim, d, -1)
LINES(getdelim, d, -1)
LINES(fread, d, 0)
LINES(__fread_chk, e, 0)
