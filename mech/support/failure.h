/* SPDX-License-Identifier: MIT */
/* failure.h - the detail behind an error, kept for the thread that asks.
 * gss_display_status can then say "/etc/ntlm/users may be written by others"
 * and not only "the account file may be written by others". Each failure is
 * traced as it is recorded. Safe from any thread. */

#ifndef FAILURE_H
#define FAILURE_H

#include "ntlm/error.h"

/* Records the detail (NULL format: none) for this thread and traces it.
 * Returns `error`. No secrets. */
enum ntlm_error fail(enum ntlm_error error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What was last recorded by this thread for this error; NULL when the last
 * failure was another, or had no detail. Valid until the thread's next
 * failure. */
const char *failure_detail(enum ntlm_error error);

#endif
