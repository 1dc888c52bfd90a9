/* SPDX-License-Identifier: MIT */
/* child.h - asks something in a forked child. */

#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>

/* Whether holds(arg) says so in a child of this process, within four minutes.
 * The child comes to no end of its own: what the parent's other threads had is lost
 * to it, and a checker of leaks or of threads would tell that at an exit. */
bool holds_in_child(bool (*holds)(void *arg), void *arg);

#endif
