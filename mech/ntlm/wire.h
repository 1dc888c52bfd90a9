/* SPDX-License-Identifier: MIT */
/* wire.h - the two cursors under every message: a reader that remembers its
 * first error, so that a decoder reads field after field and asks once, and a
 * growing writer that does the same. Little-endian throughout
 * ([MS-NLMP] 2.2). Neither is shared between threads. */

#ifndef NTLM_WIRE_H
#define NTLM_WIRE_H

#include "bytes.h"
#include "error.h"

/* The largest token that is decoded; a larger one is NTLM_ERR_TOO_LARGE. */
#define NTLM_MAX_TOKEN 65536

struct ntlm_reader {
    struct ntlm_bytes all;
    size_t at;
    enum ntlm_error error; /* the first; NTLM_OK so far */
};

void ntlm_reader_init(struct ntlm_reader *in, struct ntlm_bytes all);

/* Each takes that much and moves on. Past the end they set
 * NTLM_ERR_TRUNCATED (unless an error is set already) and give 0 or NULL. */
uint16_t ntlm_read16(struct ntlm_reader *in);
uint32_t ntlm_read32(struct ntlm_reader *in);
uint64_t ntlm_read64(struct ntlm_reader *in);
struct ntlm_bytes ntlm_read_bytes(struct ntlm_reader *in, size_t len);
void ntlm_read_copy(struct ntlm_reader *in, uint8_t *out, size_t len);
size_t ntlm_reader_left(const struct ntlm_reader *in);

/* An error of the caller's own becomes the reader's, if it is one and the first. */
void ntlm_reader_fail(struct ntlm_reader *in, enum ntlm_error error);

/* One message field: Len(2) MaxLen(2) Offset(4) ([MS-NLMP] 2.2.1.1).
 * MaxLen is ignored. The bytes are inside `all`; with Len 0 the offset is not
 * checked and *offset is 0. A field that does not lie inside `all` sets
 * NTLM_ERR_FIELD_OUTSIDE. offset may be NULL. */
struct ntlm_bytes ntlm_read_field(struct ntlm_reader *in, size_t *offset);

struct ntlm_writer {
    uint8_t *data; /* heap; the writer's until ntlm_writer_take */
    size_t len, room;
    bool borrowed;         /* data is not heap, but ntlm_writer_begin_in's */
    enum ntlm_error error; /* the first; NTLM_OK so far */
};

/* An empty writer that begins in `size` bytes of the caller's, which must outlive it,
 * and goes on in heap memory only when they are full. */
void ntlm_writer_begin_in(struct ntlm_writer *out, uint8_t *room, size_t size);

/* {0} is an empty writer. Each appends; when memory ends, the error is set
 * and everything after does nothing. */
void ntlm_write8(struct ntlm_writer *out, uint8_t value);
void ntlm_write16(struct ntlm_writer *out, uint16_t value);
void ntlm_write32(struct ntlm_writer *out, uint32_t value);
void ntlm_write64(struct ntlm_writer *out, uint64_t value);
void ntlm_write(struct ntlm_writer *out, const void *data, size_t len);
void ntlm_write_zeros(struct ntlm_writer *out, size_t len);

/* Appends len bytes, which the caller fills before the next call; NULL after an error.
 * The last ones that it does not need it gives back. */
uint8_t *ntlm_write_room(struct ntlm_writer *out, size_t len);
void ntlm_write_back(struct ntlm_writer *out, size_t len);

/* An error of the caller's own becomes the writer's, if it is one and the first. */
void ntlm_writer_fail(struct ntlm_writer *out, enum ntlm_error error);

/* A field's eight bytes at `header` (already written, as zeros) now point to
 * the bytes appended here. Sets NTLM_ERR_TOO_LARGE beyond 65535 bytes. */
void ntlm_write_payload(struct ntlm_writer *out, size_t header, struct ntlm_bytes payload);

/* Hands the bytes over, to be freed with free(); the writer is empty again.
 * On an error nothing is handed over (*data NULL, *len 0). */
enum ntlm_error ntlm_writer_take(struct ntlm_writer *out, uint8_t **data, size_t *len);

/* Cleanses and frees what was written. Safe on an empty writer. */
void ntlm_writer_clear(struct ntlm_writer *out);

#endif
