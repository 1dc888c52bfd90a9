/* SPDX-License-Identifier: MIT */
/* calendar.c - dates by the calendar's rules, also where the C library's time_t ends
 * in 2038. */

#include "config.h"

#include "calendar.h"

#include <limits.h>

/* 1601 begins a cycle of the calendar; the longer century and the leap year come
 * last in theirs. */
#define DAYS_OF_400_YEARS 146097
#define DAYS_OF_100_YEARS 36524
#define DAYS_OF_4_YEARS 1461
#define DAYS_OF_1_YEAR 365

/* How many whole periods are in the days, `most` at most; leaves the rest. */
static unsigned take(unsigned *days, unsigned period, unsigned most)
{
    const unsigned all = *days / period;
    const unsigned taken = all < most ? all : most;

    *days -= taken * period;
    return taken;
}

void calendar_set_date(unsigned days, SYSTEMTIME *time)
{
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned year = 1601, month = 0, length;
    BOOL leap;

    time->wDayOfWeek = (WORD)((days + 1) % 7);
    year += 400 * take(&days, DAYS_OF_400_YEARS, UINT_MAX);
    year += 100 * take(&days, DAYS_OF_100_YEARS, 3);
    year += 4 * take(&days, DAYS_OF_4_YEARS, 24);
    year += take(&days, DAYS_OF_1_YEAR, 3);
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    for (;; month++) {
        length = lengths[month];
        if (leap && month == 1)
            length++;
        if (days < length)
            break;
        days -= length;
    }
    time->wYear = (WORD)year;
    time->wMonth = (WORD)(month + 1);
    time->wDay = (WORD)(days + 1);
}
