/* SPDX-License-Identifier: MIT */
/* lock.h - the locks that all threads of a process share.
 *
 * They are taken in this order, and a context's own lock (context.h) before any of
 * them. Each is held for a few instructions that call nothing but the C
 * library, and fork waits for it. A context's lock is held while a
 * mechanism works, perhaps waiting for a KDC, and fork does not wait for that:
 * see `lost` in handle.h. */

#ifndef SHIM_LOCK_H
#define SHIM_LOCK_H

#include <pthread.h>

extern pthread_mutex_t lock_of_additions;       /* of what a CredHandle stands for */
extern pthread_mutex_t lock_of_handles;         /* of the table of handles */
extern pthread_mutex_t lock_of_context_buffers; /* of the tree of buffers */

#endif
