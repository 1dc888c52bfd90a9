/* SPDX-License-Identifier: MIT */
/* serial.h - how this module's exported contexts and credentials are written:
 * strings and names, little-endian, on the protocol's cursors. An exported
 * object begins with its four-byte kind, the last of which is its version. */

#ifndef GSS_SERIAL_H
#define GSS_SERIAL_H

#include "gss/name.h"
#include "ntlm/wire.h"

#define SERIAL_CONTEXT 0x0158544eu        /* "NTX" 1 */
#define SERIAL_HALF_CONTEXT 0x0148544eu   /* "NTH" 1 */
#define SERIAL_HALF_INITIATOR 0x0149544eu /* "NTI" 1 */
#define SERIAL_CREDENTIAL 0x0143544eu     /* "NTC" 1 */

/* NULL is kept apart from "". */
void serial_write_text(struct ntlm_writer *out, const char *text);
/* Heap, the caller's; NULL for NULL and on an error, which in->error tells
 * (NTLM_ERR_BAD_EXPORT, _OUT_OF_MEMORY). */
char *serial_read_text(struct ntlm_reader *in);

/* No name is an empty one; its attributes go along. */
void serial_write_name(struct ntlm_writer *out, const struct name *name);
struct name *serial_read_name(struct ntlm_reader *in);

#endif
