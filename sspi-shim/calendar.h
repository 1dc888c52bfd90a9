/* SPDX-License-Identifier: MIT */
/* calendar.h - dates. */

#ifndef SHIM_CALENDAR_H
#define SHIM_CALENDAR_H

#include <winbase.h>

/* The year, the month, the day and the day of the week, from the days since
 * 1601-01-01, which was a Monday. The time of the day stays. */
void calendar_set_date(unsigned days, SYSTEMTIME *time);

#endif
