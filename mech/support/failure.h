/* SPDX-License-Identifier: MIT */
/* failure.h - the detail behind an error, kept for the thread that asks.
 * gss_display_status can then say "/etc/ntlm/users: group 100 may write it" and not
 * only that the file is unsafe. A detail belongs to the error that it was recorded
 * for and to the call that returns that error: failure_returned binds the two, and a
 * call that returns an error without a detail leaves none of a former call's. Each
 * failure is traced as it is recorded. Safe from any thread. */

#ifndef FAILURE_H
#define FAILURE_H

#include "ntlm/error.h"

/* Records the detail (NULL format: none) for this thread and traces it.
 * Returns `error`. No secrets. */
enum ntlm_error fail(enum ntlm_error error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For gss/status.c alone, through which every function of GSSAPI returns: the call
 * in progress returns this error, or NTLM_OK. From now on the detail that was
 * recorded for it, or none, is its detail. */
void failure_returned(enum ntlm_error error);

/* The detail of this error: as the call in progress recorded it, else as this
 * thread's last call that returned this error did, as long as no more than three
 * others were returned since. NULL when there is none. Valid until the thread's
 * next failure. */
const char *failure_detail(enum ntlm_error error);

/* The same, but only as the call in progress recorded it. */
const char *failure_recorded(enum ntlm_error error);

#endif
