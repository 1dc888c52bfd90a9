/* SPDX-License-Identifier: MIT */
/* cache.h - the indexes of the account files that this process has read, each
 * with the look that its file had. A snapshot is immutable and shared by
 * reference count. Safe from any thread, and in a child of fork, which has its
 * parent's snapshots and goes on by itself. */

#ifndef USERFILE_CACHE_H
#define USERFILE_CACHE_H

#include <stdatomic.h>

#include "userfile/index.h"
#include "userfile/stat.h"

struct snapshot {
    atomic_uint references;
    struct index *index;
    struct look look; /* what the file looked like when it was read */
    bool whole;       /* a good one, which a half-written file must not replace */
    bool lasting;     /* good for as long as the file looks like this */
};

/* Takes the index over; the rest is the caller's to set. NULL when memory ends;
 * the index is freed then. */
struct snapshot *snapshot_new(struct index *index);
struct snapshot *snapshot_ref(struct snapshot *snapshot); /* NULL is fine */
void snapshot_unref(struct snapshot *snapshot);           /* NULL is fine */

/* The place of a path, and a reference to its snapshot (NULL: none yet). A path
 * that has no place gets that of the one not asked for longest.
 * NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error cache_get(const char *path, unsigned *place, struct snapshot **snapshot);
/* Puts a reference of its own there. If the place has become another path's,
 * the snapshot serves who made it and is forgotten. */
void cache_put(unsigned place, const char *path, struct snapshot *snapshot);

/* While one thread reads a file anew, others who want the new one wait for it
 * instead of reading it too. Nothing but their time is guarded by this. */
void cache_lock(unsigned place);
void cache_unlock(unsigned place);

#endif
