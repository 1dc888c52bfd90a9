/* SPDX-License-Identifier: MIT */
/* main_again.h - preloaded into a program: runs its main again and again, each time in a
 * child of its own in which another call fails, until all have. Each time it must do what it
 * does when none fails, say in its answer what failed, or exit with the status of failures
 * and say something on standard error. Which calls fail is main_shortage.c's or
 * main_faults.c's to know.
 *
 *   MAIN_AGAIN          the status of failures
 *   MAIN_AGAIN_LESS     if this is set, the answer may leave something out, with status 1
 *                       as well
 *   MAIN_AGAIN_SAYS     what the answer has in it whenever the status is that of no failure
 *   MAIN_AGAIN_FAILS    if this is set, the status is to be that of no failure
 *   MAIN_AGAIN_STEP     each such call only: 5 is every fifth
 *   MAIN_AGAIN_BEFORE   a command that is run before each, and must succeed
 *
 * Standard input, and descriptor 3, are files, which each reads from their beginning. In the
 * last one nothing fails; what is printed then comes last. */

#ifndef MAIN_AGAIN_H
#define MAIN_AGAIN_H

#define MAIN_AGAIN_LIMIT 100000 /* of calls: no end is in sight */

/* In the child, before main: from now on the call of this number fails. What it is may be
 * written to `told`, of 256 bytes. */
void main_again_begin(unsigned number, char *told);
/* In the child, after it: none fails any more. How many there were. */
unsigned main_again_end(void);
/* What an answer says of such a failure, NULL-terminated. */
extern const char *const main_again_texts[];

#endif
