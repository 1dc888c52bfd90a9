/* SPDX-License-Identifier: MIT */
/* clock.c - see clock.h. */

#include "config.h"

#include "clock.h"

#include <stdio.h>
#include <time.h>

static double seconds_on(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

double wall_clock(void)
{
    return seconds_on(CLOCK_MONOTONIC);
}

double processor_clock(void)
{
    return seconds_on(CLOCK_PROCESS_CPUTIME_ID);
}

/* How long this thread has waited for a processor, in nanoseconds: the second number that
 * Linux says. */
static double queued(void)
{
    double ran = 0, waited = 0;
    FILE *file = fopen("/proc/thread-self/schedstat", "re");

    if (!file)
        return 0;
    if (fscanf(file, "%lf %lf", &ran, &waited) != 2)
        waited = 0;
    fclose(file);
    return waited;
}

double thread_clock(void)
{
    return wall_clock() - queued() / 1e9;
}
