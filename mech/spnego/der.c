/* SPDX-License-Identifier: MIT */
/* der.c - reading and writing DER elements. What SPNEGO makes of them is in
 * token.c. */

#include "config.h"

#include "spnego/der.h"

#include <string.h>

/* More than 2^32 - 1 bytes are no token. */
#define LENGTH_BYTES_MAX 4

bool der_equal(struct der_bytes a, struct der_bytes b)
{
    return a.data && b.data && a.len == b.len &&
           (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* X.690 8.1.3.5, and 10.1: the shortest form. *len is the first byte, with the number of
 * those that follow. */
bool der_take_long_length(struct der_bytes *in, size_t *len)
{
    size_t count = *len - 0x80;

    if (count == 0 || count > LENGTH_BYTES_MAX || count > in->len || in->data[0] == 0)
        return false;
    *len = 0;
    for (size_t i = 0; i < count; i++)
        *len = *len << 8 | in->data[i];
    *in = (struct der_bytes){in->data + count, in->len - count};
    return *len >= 0x80;
}

bool der_is_oid(struct der_bytes content)
{
    bool begins = true; /* an arc; its first byte may not be padding */

    for (size_t i = 0; i < content.len; i++) {
        if (begins && content.data[i] == 0x80)
            return false;
        begins = content.data[i] < 0x80;
    }
    return content.len > 0 && begins;
}

void der_prepend(struct der_writer *out, const void *data, size_t len)
{
    out->used += len;
    if (out->end && len > 0)
        memcpy(out->end - out->used, data, len);
}

static void prepend_byte(struct der_writer *out, size_t byte)
{
    out->used++;
    if (out->end)
        *(out->end - out->used) = (uint8_t)byte;
}

void der_enclose_long(struct der_writer *out, unsigned tag, size_t len)
{
    size_t count = 0;

    for (; len > 0; len >>= 8, count++)
        prepend_byte(out, len & 0xff);
    prepend_byte(out, 0x80 + count);
    prepend_byte(out, tag);
}
