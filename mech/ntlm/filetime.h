/* SPDX-License-Identifier: MIT */
/* filetime.h - a FILETIME ([MS-DTYP] 2.3.3), the time in NTLM's messages: units of
 * 100 nanoseconds since 1601, in UTC. */

#ifndef NTLM_FILETIME_H
#define NTLM_FILETIME_H

#include <stdint.h>

#define NTLM_FILETIME_SECOND 10000000
#define NTLM_FILETIME_TEXT 40 /* bytes, with the closing NUL */

/* As a date and time of the Gregorian calendar, "2026-11-28 01:35:00 UTC". Any
 * value has one; the last year is 60056. */
void ntlm_filetime_text(uint64_t filetime, char text[NTLM_FILETIME_TEXT]);

#endif
