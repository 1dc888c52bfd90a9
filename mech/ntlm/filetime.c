/* SPDX-License-Identifier: MIT */
/* filetime.c - the date that a FILETIME stands for. Not with gmtime: a time_t of
 * 32 bits ends in 2038. */

#include "config.h"

#include "filetime.h"

#include <stdbool.h>
#include <stdio.h>

/* 1601 begins a cycle of the calendar; the longer century and the leap year come
 * last in theirs. */
#define DAYS_OF_400_YEARS 146097
#define DAYS_OF_100_YEARS 36524
#define DAYS_OF_4_YEARS 1461
#define DAYS_OF_1_YEAR 365

struct date {
    unsigned year, month, day;
};

/* How many whole periods are in the days, `most` at most; leaves the rest. */
static unsigned take(unsigned *days, unsigned period, unsigned most)
{
    const unsigned all = *days / period;
    const unsigned taken = all < most ? all : most;

    *days -= taken * period;
    return taken;
}

static struct date date_of(unsigned days)
{
    static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    struct date date = {1601, 1, 1};
    unsigned fours, ones, length;
    bool leap;

    date.year += 400 * take(&days, DAYS_OF_400_YEARS, UINT32_MAX);
    date.year += 100 * take(&days, DAYS_OF_100_YEARS, 3);
    fours = take(&days, DAYS_OF_4_YEARS, 24);
    ones = take(&days, DAYS_OF_1_YEAR, 3);
    date.year += 4 * fours + ones;
    leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
    for (;; date.month++) {
        length = lengths[date.month - 1];
        if (leap && date.month == 2)
            length++;
        if (days < length)
            break;
        days -= length;
    }
    date.day += days;
    return date;
}

void ntlm_filetime_text(uint64_t filetime, char text[NTLM_FILETIME_TEXT])
{
    const uint64_t seconds = filetime / NTLM_FILETIME_SECOND;
    const unsigned in_day = (unsigned)(seconds % 86400);
    const struct date date = date_of((unsigned)(seconds / 86400));

    snprintf(text, NTLM_FILETIME_TEXT, "%04u-%02u-%02u %02u:%02u:%02u UTC", date.year,
             date.month, date.day, in_day / 3600, in_day / 60 % 60, in_day % 60);
}
