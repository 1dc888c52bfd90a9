/* SPDX-License-Identifier: MIT */
/* impersonation.h - whom the calling thread impersonates. */

#ifndef SHIM_IMPERSONATION_H
#define SHIM_IMPERSONATION_H

#include "delegation.h"

/* What the client that the calling thread impersonates delegated, without a
 * reference. NULL when the thread impersonates nobody, or a client that delegated
 * nothing. */
struct delegation *impersonation_delegation(void);

#endif
