/* SPDX-License-Identifier: MIT */
/* cache.h - the account files that this process has read. A loaded file is
 * immutable and shared by reference count. Safe from any thread, and in a child
 * of fork, which starts with its parent's loaded files. */

#ifndef USERFILE_CACHE_H
#define USERFILE_CACHE_H

#include <stdatomic.h>

#include "userfile/index.h"
#include "userfile/stat.h"

struct loaded_file {
    atomic_uint references;
    struct index *index;            /* NULL: it is a database, of which nothing is kept */
    struct fingerprint fingerprint; /* of the file when it was read */
    unsigned long begun;            /* when its reading began, in the order of refresh.c */
    bool complete;       /* nobody was writing it; stays in force while the file is written */
    atomic_uint checked; /* the second in which its path was checked last */
    bool reusable;       /* answers as long as the file has this fingerprint */
};

/* Takes the index over (NULL: a database's); the rest is the caller's to set. NULL when memory
 * ends; the index is freed then. */
struct loaded_file *loaded_file_new(struct index *index);
struct loaded_file *loaded_file_ref(struct loaded_file *loaded); /* NULL is fine */
void loaded_file_unref(struct loaded_file *loaded);              /* NULL is fine */

/* The slot of a path, and a reference to what was loaded from it (NULL: nothing
 * yet). A path without a slot gets the least recently used one.
 * NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error cache_get(const char *path, unsigned *slot, struct loaded_file **loaded);
/* Puts a reference of its own there (NULL: forgets the file); does nothing if the slot has
 * become another path's. */
void cache_put(unsigned slot, const char *path, struct loaded_file *loaded);

/* The thread that reads a file holds its slot's lock, so that the others wait
 * instead of reading it, too. The lock protects no data. */
void cache_lock(unsigned slot);
void cache_unlock(unsigned slot);

#endif
