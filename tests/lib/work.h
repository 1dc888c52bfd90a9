/* SPDX-License-Identifier: MIT */
/* work.h - what a call asks of the libraries that it stands on: without a clock, what
 * the time that it takes is made of. Link with $(WORK_WRAPS), by which the linker leads
 * those calls here. */

#ifndef WORK_H
#define WORK_H

/* How often, in the thread that looks. */
struct work {
    unsigned digests;     /* MD5, MD4 and others are finished */
    unsigned blocks;      /* DES or RC4 encrypts something */
    unsigned letters;     /* one that is not ASCII is read, to compare a name or to show it */
    unsigned copies;      /* strdup */
    unsigned allocations; /* malloc and calloc */
};

/* From now on. */
void work_begin(void);
/* Since then. */
struct work work_done(void);

/* The same, and what each field has. */
void assert_same_work(const struct work *one, const struct work *other);

#endif
