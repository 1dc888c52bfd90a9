/* SPDX-License-Identifier: MIT */
/* stat.h - what stat(2) tells about the account file: whether it is still the
 * one that was read, and whether somebody is writing it. Of the file's content
 * only the last byte is read here. */

#ifndef USERFILE_STAT_H
#define USERFILE_STAT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

/* Two equal fingerprints: nothing has happened to the file in between. */
struct fingerprint {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified; /* the content */
    struct timespec changed;  /* anything, mode and owner included */
    struct timespec born;     /* zeros where not known */
    uid_t euid;               /* whose rights it was taken with */
};

/* Of the file at this path, following links; without `born`. False and errno. */
bool fingerprint_path(const char *path, struct fingerprint *fingerprint);
/* Of what fstat has told; without `born`. */
void fingerprint_status(const struct stat *st, struct fingerprint *fingerprint);
/* Of an open file. *st is fstat's. False and errno. */
bool fingerprint_file(int fd, struct fingerprint *fingerprint, struct stat *st);

/* Whether file and effective user are the same, and nothing was changed. */
bool fingerprint_same(const struct fingerprint *a, const struct fingerprint *b);
/* Whether it is one file, with whatever content, and the same effective user. */
bool fingerprint_same_place(const struct fingerprint *a, const struct fingerprint *b);
/* Whether size and time of modification are the same. */
bool fingerprint_same_content(const struct fingerprint *a, const struct fingerprint *b);
/* Whether it is one file with another content: it was written in place. */
bool fingerprint_rewritten(const struct fingerprint *a, const struct fingerprint *b);
/* Whether the file system's times are too coarse to show the next change. */
bool fingerprint_is_coarse(const struct fingerprint *fingerprint);

/* Waits 20 ms if the file was changed less than 20 ms ago, and returns whether
 * it did. A file that is being written continuously then differs, and a later
 * change has a later time, although the kernel's clock ticks every 10 ms. */
bool stat_wait_if_new(const struct fingerprint *fingerprint);

/* Whether a file that was modified in the last ten seconds is probably not
 * complete: it is open for writing, or it is the file that had the fingerprint
 * `before` (NULL: none), was written in place and is empty or ends within a
 * line. */
bool stat_is_being_written(int fd, const struct fingerprint *fingerprint,
                           const struct fingerprint *before);

#endif
