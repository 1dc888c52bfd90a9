/* SPDX-License-Identifier: MIT */
/* trial.h - does something in a child process, so that a module that crashes or hangs is a
 * finding and not the end of the command. */

#ifndef TOOL_TRIAL_H
#define TOOL_TRIAL_H

#include <stdbool.h>

#define TRIAL_TEXT_SIZE 4096

enum trial_end {
    TRIAL_RETURNED, /* what `work` returned is in `status` */
    TRIAL_CRASHED,  /* by the signal in `status` */
    TRIAL_EXITED,   /* it called exit */
    TRIAL_LATE,     /* stopped, for it took too long */
    TRIAL_FAILED    /* no child could be had; errno in `status` */
};

struct trial {
    enum trial_end end;
    int status;
    char text[TRIAL_TEXT_SIZE]; /* what it said, cut */
};

/* Runs work(arg, text) in a child, for so many seconds at most; it returns a number from 0
 * to 100 and leaves its words in text, TRIAL_TEXT_SIZE bytes. Standard output is closed to
 * it. */
void trial_run(int (*work)(void *arg, char *text), void *arg, unsigned seconds,
               struct trial *trial);

/* How it ended, where that is not TRIAL_RETURNED, in words that follow a subject:
 * "crashes (signal 11)". In `out` or static. */
const char *trial_end_text(const struct trial *trial, char *out, unsigned long size);

#endif
