/* SPDX-License-Identifier: MIT */
/* every_allocation.h - memory that ends when it is told to, for every library of the
 * process (shortage.h: for the program's own objects alone). Not under sanitizers, which
 * have malloc's place themselves: there nothing fails. */

#ifndef EVERY_ALLOCATION_H
#define EVERY_ALLOCATION_H

#include "sanitized.h"

/* This thread's allocations until one fails, and no other; 0: none will. */
extern _Thread_local unsigned every_allocation_left;

#endif
