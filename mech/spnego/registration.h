/* SPDX-License-Identifier: MIT */
/* registration.h - whether this process may have its SPNEGO taken over. */

#ifndef SPNEGO_REGISTRATION_H
#define SPNEGO_REGISTRATION_H

#include <stdbool.h>

/* False where a file that registers this module is newer than the process, or
 * where that cannot be told: a credential that the process acquired before would
 * have no element of ours, and the mechglue would log in with the default one
 * instead. A process that was forked is as old as the one whose program it goes on
 * with. Calls nothing of the mechglue's. */
bool registration_is_ours(void);

#endif
