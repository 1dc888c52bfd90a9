/* SPDX-License-Identifier: MIT */
/* clock.h - what the benchmark's programs time with. Each gives seconds since some moment. */

#ifndef CLOCK_H
#define CLOCK_H

double wall_clock(void);

/* The processor time of this process, for what waits for nobody: other programs don't count. */
double processor_clock(void);

/* For who waits for others: the clock on the wall of a machine that has nothing else to do. It
 * leaves out how long this thread would have run, but had no processor. */
double thread_clock(void);

#endif
