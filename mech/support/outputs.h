/* SPDX-License-Identifier: MIT */
/* outputs.h - what a call that fails leaves in its output parameters: nothing, whatever was
 * there before (no handle, a buffer without length or value, 0). Each exported function
 * empties them first. */

#ifndef SUPPORT_OUTPUTS_H
#define SUPPORT_OUTPUTS_H

#include <string.h>

/* What the pointer points to becomes all zeros; NULL: the caller does not want it. */
#define EMPTY(pointer) empty_output(pointer, sizeof(*(pointer)))

static inline void empty_output(void *output, size_t size)
{
    if (output)
        memset(output, 0, size);
}

#endif
