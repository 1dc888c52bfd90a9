/* SPDX-License-Identifier: MIT */
/* status.h - from this module's errors to GSSAPI's major and minor status
 * (RFC 2744 3.9), and their texts. */

#ifndef GSS_STATUS_H
#define GSS_STATUS_H

#include <gssapi/gssapi.h>

#include "support/failure.h"

/* Sets *minor (may be NULL) to the error and returns the major status that
 * goes with it; GSS_S_COMPLETE for NTLM_OK. */
OM_uint32 status_of(OM_uint32 *minor, enum ntlm_error error);

/* The same with a major status of the caller's choosing. */
OM_uint32 status_as(OM_uint32 *minor, OM_uint32 major, enum ntlm_error error);

#endif
