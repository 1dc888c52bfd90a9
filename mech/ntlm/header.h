/* SPDX-License-Identifier: MIT */
/* header.h - the fixed part of a message ([MS-NLMP] 2.2.1), which comes in
 * several lengths. Only the three messages' own files include this. */

#ifndef NTLM_HEADER_H
#define NTLM_HEADER_H

#include "message.h"

/* A header that is being read. */
struct ntlm_header {
    struct ntlm_reader in;
    size_t end;             /* no further than here: where the payload begins, as far as
                             * the fields read so far tell, or the token's end */
    size_t end_of_optional; /* the same for what no flag announces: the fields that
                             * are ignored count, too, if they could be true */
};

/* Reads the signature and the type; a wrong one sets in.error, as does a token
 * that is longer than this type may be. */
void ntlm_header_begin(struct ntlm_header *header, struct ntlm_bytes token,
                       enum ntlm_message_type type);

/* Reads one field; the header ends before its payload. One that is not
 * supplied, because a flag is clear, may hold anything: it is skipped, and
 * empty. */
struct ntlm_bytes ntlm_header_field(struct ntlm_header *header, bool supplied);

/* The four bytes at this offset of the token, without moving on; 0 where they
 * are not all there. */
uint32_t ntlm_header_peek32(const struct ntlm_header *header, size_t offset);

/* Whether `size` more bytes of header are there; announced: a flag says so. Shorter headers are
 * valid, so this is no error, unless the token ends amid these bytes, and not only with NULs
 * behind a shorter header. */
bool ntlm_header_goes_on(struct ntlm_header *header, size_t size, bool announced);

/* Version, where all of it is there; else zeros and false. */
bool ntlm_header_version(struct ntlm_header *header, bool announced,
                         uint8_t version[NTLM_VERSION_SIZE]);

/* Writes the signature and the type. */
void ntlm_header_write(struct ntlm_writer *out, enum ntlm_message_type type);

#endif
