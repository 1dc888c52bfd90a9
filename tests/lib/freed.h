/* SPDX-License-Identifier: MIT */
/* freed.h - what was in memory when it was given back: a free, realloc and munmap in the
 * C library's place, for every library of the process, that keep what each block held
 * until the test knows all secrets that must not have been there. Not under sanitizers
 * or valgrind, which have malloc's place themselves: is_sanitized(). */

#ifndef FREED_H
#define FREED_H

#include <stdbool.h>

#include "sanitized.h"

/* In main, first: runs the program again, with all functions bound. What binds them when
 * they are first called saves the registers on the stack, and what libc's memcpy last had
 * in them. */
void freed_begin(char **argv);

/* What is given back from now on is kept, or no longer. */
void freed_watch(bool on);

/* A call has just returned: its dead frames are given back, too. */
void freed_stack(void);

/* No secret of secrets.h was in any of it; forgets it. */
void freed_assert_clean(void);
bool freed_is_clean(void);

#endif
