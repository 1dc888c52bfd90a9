/* SPDX-License-Identifier: MIT */
/* status.h - from this module's errors to GSSAPI's major and minor status
 * (RFC 2744 3.9). */

#ifndef GSS_STATUS_H
#define GSS_STATUS_H

#include <gssapi/gssapi.h>

#include "support/failure.h"

/* Every exported function returns through one of these: here the error that is
 * returned and the detail that was recorded for it are bound together, so that no
 * former failure's detail is shown for it (support/failure.h). */

/* Sets *minor (may be NULL) to the error and returns the major status that
 * goes with it; GSS_S_COMPLETE for NTLM_OK. */
OM_uint32 status_of(OM_uint32 *minor, enum ntlm_error error);

/* The same with a major status of the caller's choosing. */
OM_uint32 status_as(OM_uint32 *minor, OM_uint32 major, enum ntlm_error error);

/* The program called us wrongly: BAD_ARGUMENT, with `what` as its detail.
 * calling_error is GSS_S_CALL_INACCESSIBLE_READ, _WRITE or _BAD_STRUCTURE. */
OM_uint32 status_bad_call(OM_uint32 *minor, OM_uint32 calling_error, const char *what);

#endif
