/* SPDX-License-Identifier: MIT */
/* memory_faults.h - memory that ends when faults.h says so, for any library, and what is
 * not given back. Not under sanitizers, which have malloc's place themselves: there nothing
 * fails and nothing is counted (LeakSanitizer looks for leaks). */

#ifndef MEMORY_FAULTS_H
#define MEMORY_FAULTS_H

#include <stdbool.h>

/* From now on blocks are remembered until they are given back. */
void memory_remember(void);

/* How many blocks each place in a library has: kept between processes in shared memory. */
#define MEMORY_PLACES 65536
struct memory_places {
    unsigned short blocks[MEMORY_PLACES];
};

/* What is remembered now. */
void memory_count(struct memory_places *places);
/* The first place that has more than `usual`, but for these libraries (NULL at the end):
 * a static text that names it, and its library; NULL: there is none. */
const char *memory_lost(const struct memory_places *usual, const char *const but_for[]);

#endif
