/* SPDX-License-Identifier: MIT */
/* functions.h - the library's functions by name, for programs that look them up
 * at run time. */

#ifndef SHIM_FUNCTIONS_H
#define SHIM_FUNCTIONS_H

typedef void (*function)(void); /* to any type of function, and back */

/* One of SSPI's or of secext.h's; NULL for another. In the case that they are
 * written in. */
function function_of(const char *name);

#endif
