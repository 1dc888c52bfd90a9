/* SPDX-License-Identifier: MIT */
/* der.h - the part of DER (X.690) that SPNEGO's tokens are written in: one-byte
 * tags, definite lengths in their shortest form. Bytes only: nothing is copied,
 * allocated or kept. */

#ifndef SPNEGO_DER_H
#define SPNEGO_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of somebody else's; NULL data: not there, which is not the same as
 * being empty. */
struct der_bytes {
    const uint8_t *data;
    size_t len;
};

enum der_tag {
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0a,
    DER_GENERAL_STRING = 0x1b,
    DER_SEQUENCE = 0x30,
    DER_APPLICATION_0 = 0x60, /* constructed, as RFC 2743 3.1 frames a token */
    DER_CONTEXT_0 = 0xa0,     /* constructed; [1] is one more, and so on */
};

bool der_equal(struct der_bytes a, struct der_bytes b);

/* Whether the next element of `in` has this tag. */
static inline bool der_next_is(struct der_bytes in, unsigned tag)
{
    return in.len > 0 && in.data[0] == tag;
}

/* Takes the further bytes of a long length off `in`; *len is its first byte, and then
 * the length. */
bool der_take_long_length(struct der_bytes *in, size_t *len);

/* Takes the next element off `in`: its content, where it has this tag, is whole
 * and has a length in its shortest form. Otherwise false, and `in` is as it was. */
static inline bool der_take(struct der_bytes *in, unsigned tag, struct der_bytes *content)
{
    struct der_bytes rest;
    size_t len;

    if (in->len < 2 || in->data[0] != tag)
        return false;
    len = in->data[1];
    rest = (struct der_bytes){in->data + 2, in->len - 2};
    if ((len >= 0x80 && !der_take_long_length(&rest, &len)) || len > rest.len)
        return false;
    *content = (struct der_bytes){rest.data, len};
    *in = (struct der_bytes){rest.data + len, rest.len - len};
    return true;
}

/* The same for an element that is all there is in `in`. */
static inline bool der_take_only(struct der_bytes in, unsigned tag, struct der_bytes *content)
{
    return der_take(&in, tag, content) && in.len == 0;
}

/* Whether this is the content of an OBJECT IDENTIFIER: not empty, each arc whole
 * and in its shortest form. */
bool der_is_oid(struct der_bytes content);

/* What writes from the last byte to the first, since a length is known only when
 * its content is. Without an end nothing is written, only counted. */
struct der_writer {
    uint8_t *end;
    size_t used;
};

/* Puts these bytes in front of what is there. */
void der_prepend(struct der_writer *out, const void *data, size_t len);
/* Puts the header of an element in front of its `len` bytes, which are 128 or more. */
void der_enclose_long(struct der_writer *out, unsigned tag, size_t len);
/* Makes the content of an element of all that came since `used` was `since`. */
static inline void der_enclose(struct der_writer *out, unsigned tag, size_t since)
{
    size_t len = out->used - since;

    if (len >= 0x80) {
        der_enclose_long(out, tag, len);
        return;
    }
    out->used += 2;
    if (out->end) {
        uint8_t *at = out->end - out->used;

        at[0] = (uint8_t)tag;
        at[1] = (uint8_t)len;
    }
}

#endif
