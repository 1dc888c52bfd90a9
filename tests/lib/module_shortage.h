/* SPDX-License-Identifier: MIT */
/* module_shortage.h - memory that ends when it is told to, for the program, the mechanism
 * modules and the libraries that only they call: MIT's mechglue crashes without memory
 * (every_allocation.h: for every library). Not under sanitizers, which have malloc's place
 * themselves: there nothing fails. */

#ifndef MODULE_SHORTAGE_H
#define MODULE_SHORTAGE_H

#include "sanitized.h"

/* This thread's allocations until one fails, and no other; 0: none will. */
extern _Thread_local unsigned module_allocations_left;

#endif
