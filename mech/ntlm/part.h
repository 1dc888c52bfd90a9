/* SPDX-License-Identifier: MIT */
/* part.h - a message that is to be protected, as the pieces of which it
 * consists. */

#ifndef NTLM_PART_H
#define NTLM_PART_H

#include <stddef.h>
#include <stdint.h>

#define NTLM_SIGNATURE_SIZE 16 /* NTLMSSP_MESSAGE_SIGNATURE ([MS-NLMP] 2.2.2.9) */

/* One piece of a message. A message is its pieces one after the other; all
 * are signed. With out set the piece is also encrypted (seal: in is plain,
 * out cipher) or decrypted (unseal: the other way). in and out may be the
 * same, and must not overlap otherwise. */
struct ntlm_part {
    const uint8_t *in;
    uint8_t *out; /* NULL: signed only */
    size_t len;
};

#endif
