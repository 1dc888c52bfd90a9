/* SPDX-License-Identifier: MIT */
/* wire.c - the reader and the writer of wire.h. All length arithmetic of the
 * messages is here; what the bytes mean is not. */

#include "config.h"

#include "wire.h"

#include <stdlib.h>
#include <string.h>

#include "secret.h"

#define FIRST_ROOM 256

void ntlm_reader_init(struct ntlm_reader *in, struct ntlm_bytes all)
{
    *in = (struct ntlm_reader){.all = all, .error = NTLM_OK};
}

size_t ntlm_reader_left(const struct ntlm_reader *in)
{
    return in->error ? 0 : in->all.len - in->at;
}

void ntlm_reader_fail(struct ntlm_reader *in, enum ntlm_error error)
{
    if (!in->error)
        in->error = error;
}

/* The next len bytes, or NULL when they are not there. */
static inline const uint8_t *take(struct ntlm_reader *in, size_t len)
{
    if (in->error || len > in->all.len - in->at) {
        ntlm_reader_fail(in, NTLM_ERR_TRUNCATED);
        return NULL;
    }
    const uint8_t *taken = len ? in->all.data + in->at : in->all.data;
    in->at += len;
    return taken;
}

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

uint16_t ntlm_read16(struct ntlm_reader *in)
{
    const uint8_t *at = take(in, 2);

    return at ? (uint16_t)(at[0] | at[1] << 8) : 0;
}

uint32_t ntlm_read32(struct ntlm_reader *in)
{
    const uint8_t *at = take(in, 4);

    return at ? get32(at) : 0;
}

uint64_t ntlm_read64(struct ntlm_reader *in)
{
    const uint8_t *at = take(in, 8);

    return at ? get32(at) | (uint64_t)get32(at + 4) << 32 : 0;
}

struct ntlm_bytes ntlm_read_bytes(struct ntlm_reader *in, size_t len)
{
    const uint8_t *bytes = take(in, len);

    return ntlm_bytes(bytes, bytes ? len : 0);
}

void ntlm_read_copy(struct ntlm_reader *in, uint8_t *out, size_t len)
{
    const uint8_t *bytes = take(in, len);

    if (bytes && len)
        memcpy(out, bytes, len);
    else if (len)
        memset(out, 0, len);
}

struct ntlm_bytes ntlm_read_field(struct ntlm_reader *in, size_t *offset)
{
    const size_t len = ntlm_read16(in);
    size_t at;

    ntlm_read16(in); /* MaxLen */
    at = ntlm_read32(in);
    if (offset)
        *offset = 0;
    if (in->error || len == 0)
        return ntlm_bytes(NULL, 0);
    if (at > in->all.len || len > in->all.len - at) {
        ntlm_reader_fail(in, NTLM_ERR_FIELD_OUTSIDE);
        return ntlm_bytes(NULL, 0);
    }
    if (offset)
        *offset = at;
    return ntlm_bytes(in->all.data + at, len);
}

void ntlm_writer_fail(struct ntlm_writer *out, enum ntlm_error error)
{
    if (!out->error)
        out->error = error;
}

static void discard(struct ntlm_writer *out)
{
    if (out->data)
        ntlm_cleanse(out->data, out->len);
    if (!out->borrowed)
        free(out->data);
    out->data = NULL;
    out->len = out->room = 0;
    out->borrowed = false;
}

/* Moves to another block by hand: realloc would leave a copy of what may be
 * a secret behind. */
static bool move(struct ntlm_writer *out, size_t room)
{
    const size_t len = out->len;
    uint8_t *data = malloc(room);

    if (!data) {
        ntlm_writer_fail(out, NTLM_ERR_OUT_OF_MEMORY);
        return false;
    }
    if (len)
        memcpy(data, out->data, len);
    discard(out);
    out->data = data;
    out->len = len;
    out->room = room;
    return true;
}

static bool grow(struct ntlm_writer *out, size_t needed)
{
    size_t room = out->borrowed ? 0 : out->room;

    if (room == 0) /* what is written at once takes no more than it needs */
        room = needed > FIRST_ROOM ? needed : FIRST_ROOM;
    while (room < needed)
        room = room > SIZE_MAX / 2 ? needed : room * 2;
    return move(out, room);
}

/* Room for len bytes at the end, which now belong to what is written; NULL
 * when there is none. */
static uint8_t *extend(struct ntlm_writer *out, size_t len)
{
    if (out->error)
        return NULL;
    if (len > SIZE_MAX - out->len) {
        ntlm_writer_fail(out, NTLM_ERR_OUT_OF_MEMORY);
        return NULL;
    }
    if (len > out->room - out->len && !grow(out, out->len + len))
        return NULL;
    out->len += len;
    return out->data + (out->len - len);
}

static void put_number(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static void write_number(struct ntlm_writer *out, uint64_t value, size_t size)
{
    uint8_t *at = extend(out, size);

    if (at)
        put_number(at, value, size);
}

void ntlm_write8(struct ntlm_writer *out, uint8_t value)
{
    write_number(out, value, 1);
}

void ntlm_write16(struct ntlm_writer *out, uint16_t value)
{
    write_number(out, value, 2);
}

void ntlm_write32(struct ntlm_writer *out, uint32_t value)
{
    write_number(out, value, 4);
}

void ntlm_write64(struct ntlm_writer *out, uint64_t value)
{
    write_number(out, value, 8);
}

void ntlm_write(struct ntlm_writer *out, const void *data, size_t len)
{
    uint8_t *at = len ? extend(out, len) : NULL;

    if (at)
        memcpy(at, data, len);
}

void ntlm_write_zeros(struct ntlm_writer *out, size_t len)
{
    uint8_t *at = len ? extend(out, len) : NULL;

    if (at)
        memset(at, 0, len);
}

void ntlm_write_payload(struct ntlm_writer *out, size_t header, struct ntlm_bytes payload)
{
    const size_t offset = out->len;

    if (payload.len > UINT16_MAX || offset + payload.len > NTLM_MAX_TOKEN)
        ntlm_writer_fail(out, NTLM_ERR_TOO_LARGE);
    ntlm_write(out, payload.data, payload.len);
    if (out->error)
        return;
    put_number(out->data + header, payload.len, 2);
    put_number(out->data + header + 2, payload.len, 2); /* MaxLen */
    put_number(out->data + header + 4, offset, 4);
}

void ntlm_writer_begin_in(struct ntlm_writer *out, uint8_t *room, size_t size)
{
    *out = (struct ntlm_writer){.data = room, .room = size, .borrowed = true};
}

uint8_t *ntlm_write_room(struct ntlm_writer *out, size_t len)
{
    return extend(out, len);
}

void ntlm_write_back(struct ntlm_writer *out, size_t len)
{
    out->len -= len;
}

enum ntlm_error ntlm_writer_take(struct ntlm_writer *out, uint8_t **data, size_t *len)
{
    enum ntlm_error error;

    if (out->borrowed && !out->error)
        move(out, out->len ? out->len : 1);
    error = out->error;
    if (error)
        discard(out);
    *data = out->data;
    *len = out->len;
    *out = (struct ntlm_writer){0};
    return error;
}

void ntlm_writer_clear(struct ntlm_writer *out)
{
    discard(out);
    *out = (struct ntlm_writer){0};
}
