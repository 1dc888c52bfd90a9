/* SPDX-License-Identifier: MIT */
/* shifted_clock.h - a clock that a test can set: libkrb5 and GSSAPI, which ask
 * for the time by time() and gettimeofday(), get it from here. */

#ifndef SHIFTED_CLOCK_H
#define SHIFTED_CLOCK_H

/* From here on it is so many seconds later than it is. */
void clock_shift(long seconds);

#endif
