/* SPDX-License-Identifier: MIT */
/* fault_run.h - runs an operation again and again, each time with another call that fails,
 * until none fails any more. Each run has a process of its own, so that what is done only
 * at a first use is done in each, and a crash is told with its call. */

#ifndef FAULT_RUN_H
#define FAULT_RUN_H

#include "faults.h"

struct fault_plan {
    const char *name; /* of the operation, for what is told */
    const char *const *callers;
    enum fault_kind kind;
    enum fault_way way;
    /* Returns whether all went well; what is wrong goes to `wrong`, of 256 bytes;
     * what begins with FAULT_THEIRS is told, and is no failure. */
    bool (*operation)(const void *argument, char *wrong);
    const void *argument;
    bool few;      /* some calls are enough where not every one is asked for */
    unsigned most; /* so many are; 0: as many as usual */
    bool warm;     /* it has run before: nothing is done for the first time */
    bool always;   /* the operation is to succeed whichever call it is */
    /* When a call whose name begins so fails, the operation may not succeed; NULL: none. */
    const char *needed;
    /* What these libraries, NULL at the end, fail to do they do not try again, as the
     * mechglue, which reads its mechanisms once for a process: then the next operation may
     * fail too. NULL: none. */
    const char *const *lasting;
    /* Libraries of others, NULL at the end: that they crash, or keep blocks of their own,
     * when a call of theirs fails is told, and is no failure. NULL: none. */
    const char *const *theirs;
};

/* Runs it with the first, second, ... call failing, and after each once more without.
 * FAULTS in the environment: all, or how many calls at most. Else some of them. FAULTS_OF:
 * operations alone whose name has this in it.
 * Asserts that nothing was wrong, that no run crashed, left a descriptor open or, where
 * memory fails, kept a block, and that there are at least `least` calls. */
void fault_run(const struct fault_plan *plan, unsigned least);

#endif
