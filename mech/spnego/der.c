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

bool der_next_is(struct der_bytes in, unsigned tag)
{
    return in.len > 0 && in.data[0] == tag;
}

/* X.690 8.1.3.5, and 10.1: the shortest form. *len is the first byte, with the number of
 * those that follow. */
static bool take_long_length(struct der_bytes *in, size_t *len)
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

bool der_take(struct der_bytes *in, unsigned tag, struct der_bytes *content)
{
    struct der_bytes rest;
    size_t len;

    if (in->len < 2 || in->data[0] != tag)
        return false;
    len = in->data[1];
    rest = (struct der_bytes){in->data + 2, in->len - 2};
    if ((len >= 0x80 && !take_long_length(&rest, &len)) || len > rest.len)
        return false;
    *content = (struct der_bytes){rest.data, len};
    *in = (struct der_bytes){rest.data + len, rest.len - len};
    return true;
}

bool der_take_only(struct der_bytes in, unsigned tag, struct der_bytes *content)
{
    return der_take(&in, tag, content) && in.len == 0;
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

static void prepend_long_length(struct der_writer *out, size_t len)
{
    size_t count = 0;

    for (; len > 0; len >>= 8, count++)
        prepend_byte(out, len & 0xff);
    prepend_byte(out, 0x80 + count);
}

void der_enclose(struct der_writer *out, unsigned tag, size_t since)
{
    size_t len = out->used - since;

    if (len < 0x80)
        prepend_byte(out, len);
    else
        prepend_long_length(out, len);
    prepend_byte(out, tag);
}
