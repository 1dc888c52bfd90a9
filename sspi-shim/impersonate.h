/* SPDX-License-Identifier: MIT */
/* impersonate.h - what the client that a thread impersonates gave it, besides
 * its account. */

#ifndef SHIM_IMPERSONATE_H
#define SHIM_IMPERSONATE_H

#include "delegation.h"

/* The calling thread's, without a reference; NULL when it impersonates nobody,
 * or who delegated nothing. */
struct delegation *impersonate_delegation(void);

#endif
