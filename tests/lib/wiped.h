/* SPDX-License-Identifier: MIT */
/* wiped.h - what ntlm_cleanse was given to wipe, for programs that are linked with
 * WIPED_WRAPS: a wipe that is missing is seen although what is called next overwrites what it
 * should have wiped, or another wipe does. Not under valgrind: what is wiped may never have
 * been written. */

#ifndef WIPED_H
#define WIPED_H

#include <stdbool.h>
#include <stddef.h>

/* What is wiped from now on is kept, or no longer. */
void wiped_watch(bool on);

/* Something else is about to wipe this. */
void wiped_take(const void *secret, size_t len);

/* How many of the blocks had which secret of secrets.h, by the first in each: a line each,
 * the latest first (static). And how many had none. */
const char *wiped_secrets(void);
unsigned wiped_others(void);

void wiped_forget(void);

#endif
