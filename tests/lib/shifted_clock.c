/* SPDX-License-Identifier: MIT */
/* shifted_clock.c - see shifted_clock.h. The functions here are found before
 * libc's by the libraries that the program is linked with. */

#include "config.h"

#include "shifted_clock.h"

#include <sys/time.h>
#include <time.h>

#define FOUND __attribute__((visibility("default")))

static long shift;

void clock_shift(long seconds)
{
    shift = seconds;
}

FOUND int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec real;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &real);
    now->tv_sec = real.tv_sec + shift;
    now->tv_usec = real.tv_nsec / 1000;
    return 0;
}

FOUND time_t time(time_t *now)
{
    struct timeval real;

    gettimeofday(&real, NULL);
    if (now)
        *now = real.tv_sec;
    return real.tv_sec;
}
