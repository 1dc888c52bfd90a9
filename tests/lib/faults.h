/* SPDX-License-Identifier: MIT */
/* faults.h - calls that fail when they are told to: one call of those that certain
 * libraries make, by its number. Functions of these names in the test program stand
 * before the libraries' own: OpenSSL's in openssl_faults.c, what reads files and sockets
 * in file_faults.c. A call that fails is not made.
 *
 * One test at a time; calls of every thread count. */

#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Which calls count; several, with | between them. */
enum fault_kind {
    FAULT_OPENSSL = 1, /* calls of OpenSSL */
    FAULT_FILES = 2,   /* files, sockets, the kernel's random numbers and keys */
    FAULT_MEMORY = 4   /* allocations */
};

/* What becomes of it. All but the first are for what reads bytes alone: other calls do not
 * count then. */
enum fault_way {
    FAULT_FAILS,
    FAULT_ENDS,       /* the end of the file, wherever it is */
    FAULT_SHORT,      /* one byte */
    FAULT_INTERRUPTED /* EINTR, once */
};

/* From now on the nth call fails; 0: none, EVERY_CALL: each one. Whose calls: parts of
 * libraries' file names, NULL at the end, "" is the program itself. */
#define EVERY_CALL (~0U)
void faults_arm(const char *const callers[], enum fault_kind kind, enum fault_way way,
                unsigned n);
/* None any more. Whether one failed. */
bool faults_disarm(void);
/* How many calls counted since then, up to the one that failed. */
unsigned faults_counted(void);
/* Begins a text that tells of a fault of others. */
#define FAULT_THEIRS "not ours: "

/* Where to write which call it is and who calls, as soon as one is to fail; a static place
 * else. */
#define FAULT_TEXT 256
void faults_tell(char text[FAULT_TEXT]);
/* What was written; "" before one fails. */
const char *faults_told(void);

/* For what reads bytes: which descriptor it reads. */
extern _Thread_local int fault_descriptor;
/* From now on what standard input and descriptor 3 are is a program's input, which may well
 * end; and not what is opened later in their places. */
void faults_spare_input(void);

/* For the functions that stand before others: whether this call of `caller` counts, and is
 * to fail. `reads`: it reads bytes. *way: how. */
bool fault_due(enum fault_kind kind, const char *name, void *caller, bool reads,
               enum fault_way *way);

/* The function that the program's one of this name stands before. */
void *fault_real(const char *name);

/* A function before the one of this name: when it is to fail it does what `spoils` does, such
 * as to set errno, and answers `failure`. Arguments are passed on as words, whatever they
 * are: more than any of these functions has. */
#define FAULT_WORDS long a, long b, long c, long d, long e, long f, long g, long h
#define FAULT_BEFORE(kind, name, failure, spoils)                                              \
    __attribute__((visibility("default"))) long fault_before_##name(FAULT_WORDS) __asm__(      \
        #name);                                                                                \
    long fault_before_##name(FAULT_WORDS)                                                      \
    {                                                                                          \
        static long (*real)(FAULT_WORDS);                                                      \
        enum fault_way way;                                                                    \
                                                                                               \
        if (!real)                                                                             \
            *(void **)&real = fault_real(#name);                                               \
        if (!fault_due(kind, #name, __builtin_return_address(0), false, &way))                 \
            return real(a, b, c, d, e, f, g, h);                                               \
        spoils;                                                                                \
        return (failure);                                                                      \
    }

/* Whether openssl_faults.c can make this function fail, or knows that it cannot. */
bool fault_knows_openssl(const char *name);

#endif
