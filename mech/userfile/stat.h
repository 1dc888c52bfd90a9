/* SPDX-License-Identifier: MIT */
/* stat.h - what a file looks like from outside: whether it is still as it
 * was, and whether somebody is at work on it. Nothing of a file's content is
 * known here but its last byte. */

#ifndef USERFILE_STAT_H
#define USERFILE_STAT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

struct look {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified; /* its content */
    struct timespec changed;  /* anything of it, its mode and owner too */
    struct timespec born;     /* zeros where that is not known */
    uid_t eye;                /* the effective user who looks */
};

/* Looks at a path, following links; without `born`. False and errno. */
bool look_at_path(const char *path, struct look *look);
/* Looks at an open file. *st is fstat's. False and errno. */
bool look_at_file(int fd, struct look *look, struct stat *st);

/* Whether nothing has happened in between: neither to the file nor to what
 * its looker may do. */
bool look_same(const struct look *a, const struct look *b);
/* Whether the content alone is as it was. */
bool look_same_content(const struct look *a, const struct look *b);

/* Whether it is one file, whose content has become another. */
bool watch_written_between(const struct look *a, const struct look *b);

/* Waits a moment if the file was changed only just now, and says so. Then who
 * writes without pause is found out by a second look, and a change that follows
 * is later than this one by the file system's clock, whose ticks are coarse. */
bool watch_rest(const struct look *look);

/* Whether the file's times are too coarse to show what happens next. */
bool watch_is_blind(const struct look *look);

/* Whether a file that was modified a short while ago is not whole yet: it is
 * open for writing, or it is the one that was seen `before` (NULL: none),
 * written over in place, and now is empty or ends within a line. */
bool watch_unfinished(int fd, const struct look *look, const struct look *before);

#endif
