/* SPDX-License-Identifier: MIT */
/* timestamp.h - GSSAPI's lifetimes as SSPI's points in time: 100 ns since
 * 1601, in local time. */

#ifndef SHIM_TIMESTAMP_H
#define SHIM_TIMESTAMP_H

#include <time.h>

#include <gssapi/gssapi.h>

#include <sspi.h>

/* The largest value, for what never ends. */
#define TIMESTAMP_NEVER INT64_MAX

TimeStamp timestamp_at(time_t when);

/* So many seconds from now; TIMESTAMP_NEVER for GSS_C_INDEFINITE. */
TimeStamp timestamp_after(OM_uint32 lifetime);

#endif
