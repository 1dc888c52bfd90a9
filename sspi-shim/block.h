/* SPDX-License-Identifier: MIT */
/* block.h - the memory that callers give back with FreeContextBuffer (and
 * SspiFreeAuthIdentity, SspiLocalFree): tokens, package information, names,
 * keys. Each live block is known, so what is not one, or no longer, is refused
 * instead of freed. Safe from any thread. */

#ifndef SHIM_BLOCK_H
#define SHIM_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include <sspi.h>

/* Zeroed, aligned for anything; NULL when memory ends. A size of 0 is fine. */
void *block_alloc(size_t size);

/* A block with a copy; NULL when memory ends. */
void *block_copy(const void *data, size_t size);

/* Cleanses the block and frees it. False, and nothing done, when it is not a
 * live one; true for NULL. */
bool block_free(void *block);

size_t block_count(void); /* live blocks */

#endif
