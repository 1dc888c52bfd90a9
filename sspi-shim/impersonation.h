/* SPDX-License-Identifier: MIT */
/* impersonation.h - what the client that a thread impersonates gave it, besides
 * its account. */

#ifndef SHIM_IMPERSONATION_H
#define SHIM_IMPERSONATION_H

#include "delegation.h"

/* The calling thread's, without a reference; NULL when it impersonates nobody,
 * or who delegated nothing. */
struct delegation *impersonation_delegation(void);

#endif
