/* SPDX-License-Identifier: MIT */
/* edit.c - see edit.h. */

#include "config.h"

#include "edit.h"

#define MOST 70000 /* bytes of a token: longer than any that is taken */

enum { TURN, CUT, TAKE_OUT, PUT_IN, COPY, REPLACE, KINDS };

/* The same bytes with some of them replaced by others. */
static void splice(uint8_t **data, size_t *len, size_t at, size_t out, const uint8_t *bytes,
                   size_t in)
{
    size_t made = *len - out + in;
    uint8_t *block;

    if (made > MOST)
        return;
    block = malloc(made ? made : 1);
    MUST(block);
    if (at)
        memcpy(block, *data, at);
    if (in)
        memcpy(block + at, bytes, in);
    if (*len - at - out)
        memcpy(block + at + in, *data + at + out, *len - at - out);
    free(*data);
    *data = block;
    *len = made;
}

static void copy_within(uint8_t **data, size_t *len, size_t from, size_t to)
{
    size_t count = *len - from;

    if (count > 16)
        count = 16;
    if (to + count > *len)
        count = *len - to;
    memmove(*data + to, *data + from, count);
}

static void change(struct input *in, uint8_t **data, size_t *len)
{
    const unsigned kind = take_byte(in) % KINDS;
    size_t at = take_number(in) % (*len + 1);
    size_t amount = take_number(in), left = *len - at, taken = 0;
    const uint8_t *bytes = NULL;

    if (kind == PUT_IN || kind == REPLACE)
        bytes = take_bytes(in, amount, &taken);
    if (kind == TURN && left > 0)
        (*data)[at] ^= (uint8_t)amount;
    else if (kind == CUT)
        splice(data, len, at, left, NULL, 0);
    else if (kind == TAKE_OUT)
        splice(data, len, at, amount < left ? amount : left, NULL, 0);
    else if (kind == PUT_IN)
        splice(data, len, at, 0, bytes, taken);
    else if (kind == COPY && *len > 0)
        copy_within(data, len, at % *len, amount % *len);
    else if (kind == REPLACE)
        splice(data, len, 0, *len, bytes, taken);
}

void edit_token(struct input *in, uint8_t **data, size_t *len)
{
    for (unsigned count = take_byte(in) & 3; count > 0; count--)
        change(in, data, len);
}
