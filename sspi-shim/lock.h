/* SPDX-License-Identifier: MIT */
/* lock.h - the locks that all threads of a process share, and what a fork does
 * with them and with the contexts.
 *
 * They are taken in this order, a context's own (context.h) before any of them.
 * Each is held for a few instructions that call nothing but the C library, so
 * fork waits for it: a child, which has one thread only, finds it free. A
 * context's own lock is held for as long as a mechanism takes, which may wait
 * for a KDC, and fork does not wait for that: see `lost` in handle.h. */

#ifndef SHIM_LOCK_H
#define SHIM_LOCK_H

#include <pthread.h>

extern pthread_mutex_t lock_of_additions;       /* of what a CredHandle stands for */
extern pthread_mutex_t lock_of_handles;         /* of the table of handles */
extern pthread_mutex_t lock_of_context_buffers; /* of the tree of buffers */

#endif
