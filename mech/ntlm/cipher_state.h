/* SPDX-License-Identifier: MIT */
/* cipher_state.h - one direction of a protected conversation ([MS-NLMP] 3.4): its RC4
 * stream, the key of its signatures and its sequence number. Which messages
 * go where, and in what order, is session.c's. */

#ifndef NTLM_CIPHER_STATE_H
#define NTLM_CIPHER_STATE_H

#include "hmac.h"
#include "keys.h"
#include "part.h"
#include "rc4.h"

/* Where SeqNum is in a signature. With extended session security it is in
 * clear. */
#define NTLM_SEQ_NUM_AT 12

/* Bad signatures after this much of the stream end the direction: to wind it
 * back for every forged message would keep a processor busy. */
#define NTLM_REWIND_REACH ((uint64_t)1 << 20)

/* All zeros: not opened. Secret: cleanse it. */
struct ntlm_cipher_state {
    bool opened, datagram, checksum_encrypted;
    bool extended; /* signed with HMAC-MD5, and not with a CRC */
    uint8_t sealing_key[NTLM_KEY_SIZE];
    size_t sealing_key_len;
    struct ntlm_rc4 stream;       /* the Handle of 3.4 */
    uint64_t position;            /* bytes of the stream that are used up */
    struct ntlm_hmac_key signing; /* with extended session security */
    uint32_t sequence;            /* of the next message */
};

/* Makes the keys, for a stream at its start. `sequence` is left alone. */
enum ntlm_error ntlm_cipher_state_open(struct ntlm_cipher_state *state, uint32_t flags,
                                       const uint8_t exported_key[16], enum ntlm_role from);

/* Runs the stream to that many bytes from its start. */
enum ntlm_error ntlm_cipher_state_seek(struct ntlm_cipher_state *state, uint64_t position);

/* Both work on the message that has this number, and leave `sequence` alone.
 * A message that does not open leaves nothing decrypted behind, and the
 * stream where it was. One whose signature is wrong is left as it came where
 * each piece's out is its in, so that another use of it can be tried. */
enum ntlm_error ntlm_cipher_state_seal(struct ntlm_cipher_state *state, uint32_t number,
                                       const struct ntlm_part *parts, size_t count,
                                       uint8_t signature[16]);
enum ntlm_error ntlm_cipher_state_unseal(struct ntlm_cipher_state *state, uint32_t number,
                                         const struct ntlm_part *parts, size_t count,
                                         const uint8_t signature[16]);

#endif
