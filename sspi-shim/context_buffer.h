/* SPDX-License-Identifier: MIT */
/* context_buffer.h - memory that the library allocates and callers free, with
 * FreeContextBuffer, SspiFreeAuthIdentity or SspiLocalFree: tokens, package
 * information, names, keys. Every live buffer is registered, so a pointer that
 * is not one is refused and not freed. Safe from any thread. */

#ifndef SHIM_CONTEXT_BUFFER_H
#define SHIM_CONTEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include <sspi.h>

/* size bytes, zeroed and aligned for any type. NULL when memory runs out. A size
 * of 0 is valid. */
void *context_buffer_alloc(size_t size);

/* A buffer with a copy of size bytes of data. NULL when memory runs out. */
void *context_buffer_copy(const void *data, size_t size);

/* Cleanses the buffer and frees it. False, and nothing is done, when it is not
 * a live buffer; true for NULL. */
bool context_buffer_free(void *buffer);

size_t context_buffer_count(void); /* live buffers */

#endif
