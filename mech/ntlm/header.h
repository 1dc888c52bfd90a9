/* SPDX-License-Identifier: MIT */
/* header.h - the fixed part of a message ([MS-NLMP] 2.2.1), which comes in
 * several lengths. Only the three messages' own files include this. */

#ifndef NTLM_HEADER_H
#define NTLM_HEADER_H

#include "message.h"

/* A header that is being read. */
struct ntlm_header {
    struct ntlm_reader in;
    size_t end; /* no further than here: where the payload begins, as far as
                 * the fields read so far tell, or the token's end */
};

/* Reads the signature and the type; a wrong one sets in.error. */
void ntlm_header_begin(struct ntlm_header *header, struct ntlm_bytes token,
                       enum ntlm_message_type type);

/* Reads one field; the header ends before its payload. */
struct ntlm_bytes ntlm_header_field(struct ntlm_header *header);

/* Whether `size` more bytes of header are there. Shorter headers are valid,
 * so this is no error, unless the token ends amid these bytes. */
bool ntlm_header_goes_on(struct ntlm_header *header, size_t size);

/* Version, where there is one; else zeros and false. */
bool ntlm_header_version(struct ntlm_header *header, uint8_t version[NTLM_VERSION_SIZE]);

/* Writes the signature and the type. */
void ntlm_header_write(struct ntlm_writer *out, enum ntlm_message_type type);

#endif
