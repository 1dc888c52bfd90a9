/* SPDX-License-Identifier: MIT */
/* target.h - which host a program means by the name of its target. */

#ifndef GSS_TARGET_H
#define GSS_TARGET_H

#include "gss/name.h"

/* The host of a target (NULL: none was named), without a port and what else an SPN has;
 * "" when it names none. Heap, the caller's. NULL when memory ends. */
char *target_host(const struct name *target);

#endif
