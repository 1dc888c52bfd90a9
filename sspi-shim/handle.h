/* SPDX-License-Identifier: MIT */
/* handle.h - the table behind every CredHandle and CtxtHandle, and the
 * reference counts of what stands in it.
 *
 * A handle is a key, never an address: its two words are compared with the
 * table's and nothing is read through them, so one that is dead, doubled, made
 * up or of the other kind is told from a live one and never crashes. All
 * functions are safe from any thread. */

#ifndef SHIM_HANDLE_H
#define SHIM_HANDLE_H

#include <stdatomic.h>
#include <stddef.h>

#include <sspi.h>

enum handle_kind { HANDLE_CREDENTIAL = 1, HANDLE_CONTEXT };

/* The first member of everything a handle can stand for. */
struct object {
    enum handle_kind kind;
    atomic_uint references;
    void (*destroy)(struct object *object); /* when the last reference goes */
    /* In a forked child, when another thread may have been at work on it: that
     * thread is gone and keeps its reference for ever. NULL: that does not matter. */
    void (*lost)(struct object *object);
};

/* One reference, the caller's. */
void object_init(struct object *object, enum handle_kind kind,
                 void (*destroy)(struct object *object));
void object_retain(struct object *object);
void object_release(struct object *object); /* NULL is fine */

/* Puts the object in the table and writes its key to *handle. The table takes
 * over the caller's reference, but only on SEC_E_OK. SEC_E_INSUFFICIENT_MEMORY
 * leaves *handle as it was. */
SECURITY_STATUS handle_open(SecHandle *handle, struct object *object);

/* What the handle stands for, with a reference that the caller releases: it
 * stays whole although another thread closes the handle meanwhile. NULL for
 * whatever is not a live handle of this kind, NULL itself included. */
struct object *handle_get(const SecHandle *handle, enum handle_kind kind);

/* Lets a live handle stand for another object of its kind; what it stood for
 * lives on with whoever has a reference. Takes over the caller's reference and
 * gives up the table's. SEC_E_INVALID_HANDLE as above, and nothing taken over. */
SECURITY_STATUS handle_replace(const SecHandle *handle, struct object *object);

/* Takes the object out of the table and gives up the table's reference.
 * SEC_E_INVALID_HANDLE as above; of two threads that close, one succeeds. */
SECURITY_STATUS handle_close(const SecHandle *handle, enum handle_kind kind);

size_t handle_count(void); /* live handles, of both kinds */

#endif
