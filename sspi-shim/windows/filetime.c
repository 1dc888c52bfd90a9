/* SPDX-License-Identifier: MIT */
/* filetime.c - FILETIME, 100 ns since 1601, to and from local time. Local time is
 * the C library's; where its time_t has 32 bits the offset of moments before 1901
 * and after 2038 is that of the first and the last it knows. */

#include "config.h"

#include <time.h>

#include <winbase.h>

#include "calendar.h"

#define SECONDS_1601_TO_1970 INT64_C(11644473600)
#define TICKS_A_SECOND INT64_C(10000000)
#define TICKS_A_MILLISECOND 10000

/* Seconds since 1970, and the ticks beyond. FALSE when the highest bit is set. */
static BOOL split(const FILETIME *time, int64_t *seconds, int64_t *ticks)
{
    int64_t all = (int64_t)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);

    *ticks = all % TICKS_A_SECOND;
    *seconds = all / TICKS_A_SECOND - SECONDS_1601_TO_1970;
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

/* The moment itself, or the nearest that a time_t can hold. */
static time_t nearest(int64_t seconds)
{
    if (sizeof(time_t) == sizeof(int64_t))
        return (time_t)seconds;
    if (seconds < INT32_MIN)
        return INT32_MIN;
    return seconds > INT32_MAX ? INT32_MAX : (time_t)seconds;
}

static int64_t offset_at(int64_t seconds)
{
    const time_t moment = nearest(seconds);
    struct tm local;

    return localtime_r(&moment, &local) ? local.tm_gmtoff : 0;
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME *lpFileTime, LPFILETIME lpLocalFileTime)
{
    int64_t ticks, seconds;

    if (!split(lpFileTime, &seconds, &ticks))
        return FALSE;
    return join(seconds + offset_at(seconds), ticks, lpLocalFileTime);
}

BOOL WINAPI LocalFileTimeToFileTime(const FILETIME *lpLocalFileTime, LPFILETIME lpFileTime)
{
    int64_t ticks, seconds;
    time_t local;
    struct tm fields;

    if (!split(lpLocalFileTime, &seconds, &ticks))
        return FALSE;
    local = nearest(seconds);
    if (local == seconds && gmtime_r(&local, &fields)) {
        fields.tm_isdst = -1;
        seconds = mktime(&fields); /* which every such year has; -1 is before 1970 */
    } else
        seconds -= offset_at(seconds);
    return join(seconds, ticks, lpFileTime);
}

BOOL WINAPI FileTimeToSystemTime(const FILETIME *lpFileTime, LPSYSTEMTIME lpSystemTime)
{
    int64_t ticks, seconds;
    unsigned in_day;

    if (!split(lpFileTime, &seconds, &ticks))
        return FALSE;
    seconds += SECONDS_1601_TO_1970;
    in_day = (unsigned)(seconds % 86400);
    calendar_set_date((unsigned)(seconds / 86400), lpSystemTime);
    lpSystemTime->wHour = (WORD)(in_day / 3600);
    lpSystemTime->wMinute = (WORD)(in_day / 60 % 60);
    lpSystemTime->wSecond = (WORD)(in_day % 60);
    lpSystemTime->wMilliseconds = (WORD)(ticks / TICKS_A_MILLISECOND);
    return TRUE;
}
