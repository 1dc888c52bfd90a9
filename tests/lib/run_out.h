/* SPDX-License-Identifier: MIT */
/* run_out.h - an operation when memory ends: each of its allocations in turn
 * fails, and each time the answer is that memory ended. That nothing is lost is
 * the sanitizer's to see. The program is linked with SHORTAGE_WRAPS. */

#ifndef RUN_OUT_H
#define RUN_OUT_H

#include <stdbool.h>

#include "ntlm/error.h"

/* For the operation: an error came with a result, or neither came. */
extern bool inconsistent;

/* Runs the operation with its first, second, ... allocation failing, until it
 * has had enough of them. Its answer is then `expected`. Check's own
 * allocations are counted too: the operation may not assert anything. */
void run_out(enum ntlm_error (*operation)(void), enum ntlm_error expected);

#endif
