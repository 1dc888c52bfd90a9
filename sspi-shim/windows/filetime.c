/* SPDX-License-Identifier: MIT */
/* filetime.c - FILETIME, 100 ns since 1601, to and from local time. */

#include "config.h"

#include <time.h>

#include <winbase.h>

#define SECONDS_1601_TO_1970 INT64_C(11644473600)
#define TICKS_A_SECOND INT64_C(10000000)
#define TICKS_A_MILLISECOND 10000

/* Seconds since 1970, and the ticks beyond. FALSE when the highest bit is set. */
static BOOL split(const FILETIME *time, time_t *seconds, int64_t *ticks)
{
    int64_t all = (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);

    *ticks = all % TICKS_A_SECOND;
    *seconds = (time_t)(all / TICKS_A_SECOND - SECONDS_1601_TO_1970);
    if (all >= 0)
        return TRUE;
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

static BOOL join(int64_t seconds, int64_t ticks, FILETIME *time)
{
    int64_t all;

    if (__builtin_mul_overflow(seconds + SECONDS_1601_TO_1970, TICKS_A_SECOND, &all) ||
        __builtin_add_overflow(all, ticks, &all) || all < 0) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    time->dwLowDateTime = (DWORD)all;
    time->dwHighDateTime = (DWORD)((uint64_t)all >> 32);
    return TRUE;
}

void WINAPI GetSystemTimeAsFileTime(LPFILETIME lpSystemTimeAsFileTime)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    join(now.tv_sec, now.tv_nsec / 100, lpSystemTimeAsFileTime);
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *lpFileTime, LPFILETIME lpLocalFileTime)
{
    int64_t ticks;
    time_t seconds;
    struct tm local;

    if (!split(lpFileTime, &seconds, &ticks))
        return FALSE;
    if (!localtime_r(&seconds, &local))
        local.tm_gmtoff = 0;
    return join((int64_t)seconds + local.tm_gmtoff, ticks, lpLocalFileTime);
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *lpLocalFileTime, LPFILETIME lpFileTime)
{
    int64_t ticks;
    time_t seconds, utc;
    struct tm fields, again;

    if (!split(lpLocalFileTime, &seconds, &ticks))
        return FALSE;
    utc = seconds;
    if (gmtime_r(&seconds, &fields)) {
        fields.tm_isdst = -1;
        utc = mktime(&fields);
        /* -1 is also the second before 1970 */
        if (utc == -1 && (!localtime_r(&utc, &again) || again.tm_year != fields.tm_year))
            utc = seconds;
    }
    return join(utc, ticks, lpFileTime);
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime)
{
    int64_t ticks;
    time_t seconds;
    struct tm utc;

    if (!split(lpFileTime, &seconds, &ticks))
        return FALSE;
    if (!gmtime_r(&seconds, &utc)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    *lpSystemTime = (SYSTEMTIME){
        .wYear = (WORD)(utc.tm_year + 1900),
        .wMonth = (WORD)(utc.tm_mon + 1),
        .wDayOfWeek = (WORD)utc.tm_wday,
        .wDay = (WORD)utc.tm_mday,
        .wHour = (WORD)utc.tm_hour,
        .wMinute = (WORD)utc.tm_min,
        .wSecond = (WORD)utc.tm_sec,
        .wMilliseconds = (WORD)(ticks / TICKS_A_MILLISECOND),
    };
    return TRUE;
}
