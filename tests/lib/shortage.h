/* SPDX-License-Identifier: MIT */
/* shortage.h - memory that ends when it is told to. The linker leads a program's
 * calls to allocate here (SHORTAGE_WRAPS in the Makefile fragment): those of the
 * objects in it, Check's macros among them, and not those of other libraries. */

#ifndef SHORTAGE_H
#define SHORTAGE_H

#include <stdbool.h>

/* Allocations left until one fails; 0: none will. */
extern unsigned allocations_left;

/* Counts one more, and says whether it fails: for what else a program wraps. */
bool allocation_fails(void);

#endif
