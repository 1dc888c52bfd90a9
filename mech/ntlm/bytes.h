/* SPDX-License-Identifier: MIT */
/* bytes.h - a run of bytes, owned elsewhere. */

#ifndef NTLM_BYTES_H
#define NTLM_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ntlm_bytes {
    const uint8_t *data; /* may be NULL when len is 0 */
    size_t len;          /* bytes */
};

static inline struct ntlm_bytes ntlm_bytes(const void *data, size_t len)
{
    return (struct ntlm_bytes){.data = data, .len = len};
}

#endif
