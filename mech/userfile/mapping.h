/* SPDX-License-Identifier: MIT */
/* mapping.h - memory for the text of an account file and for its index: zeroed, and if it
 * is large, a mapping of its own, which goes back to the system with its end. malloc would
 * keep it: after some changes of a large file a process would hold several times what it
 * uses. */

#ifndef USERFILE_MAPPING_H
#define USERFILE_MAPPING_H

#include <stdbool.h>
#include <stddef.h>

struct mapping {
    void *data; /* NULL: there is none */
    size_t size;
    bool mapped; /* not from malloc */
};

/* False when memory ends. A large one that is not for once (`lasting`) is put on large
 * pages where the system has them: a lookup in it waits less. */
bool mapping_new(struct mapping *mapping, size_t size, bool lasting);
/* Gives back what is behind the first `size` bytes. False when memory ends: then it is as
 * it was. */
bool mapping_shrink(struct mapping *mapping, size_t size);
/* Cleanses the first `used` bytes. One of zeros is fine. */
void mapping_free(struct mapping *mapping, size_t used);

#endif
