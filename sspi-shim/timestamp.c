/* SPDX-License-Identifier: MIT */
/* timestamp.c - points in time. */

#include "config.h"

#include "timestamp.h"

#define SECONDS_1601_TO_1970 INT64_C(11644473600)
#define TICKS_A_SECOND INT64_C(10000000)

TimeStamp timestamp_at(time_t when)
{
    TimeStamp stamp;
    struct tm local;
    int64_t offset = 0;

    if (localtime_r(&when, &local))
        offset = local.tm_gmtoff;
    stamp.QuadPart = ((int64_t)when + offset + SECONDS_1601_TO_1970) * TICKS_A_SECOND;
    return stamp;
}

TimeStamp timestamp_after(OM_uint32 lifetime)
{
    TimeStamp never;

    if (lifetime != GSS_C_INDEFINITE)
        return timestamp_at(time(NULL) + (time_t)lifetime);
    never.QuadPart = TIMESTAMP_NEVER;
    return never;
}
