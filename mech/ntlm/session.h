/* SPDX-License-Identifier: MIT */
/* session.h - message protection ([MS-NLMP] 3.4): the keys, RC4 streams and
 * sequence numbers of one established context, in both directions.
 *
 * One session belongs to one thread at a time. Nothing is allocated after
 * ntlm_session_new. */

#ifndef NTLM_SESSION_H
#define NTLM_SESSION_H

#include "keys.h"
#include "part.h"
#include "wire.h"

struct ntlm_session;

/* From the ExportedSessionKey and the agreed flags; `us` says which side we
 * are. The keys of a direction are made with its first message. Without SIGN and SEAL the
 * session still signs, with the dummy signature, when ALWAYS_SIGN is on. */
enum ntlm_error ntlm_session_new(const uint8_t exported_key[16], uint32_t flags,
                                 enum ntlm_role us, struct ntlm_session **session);
void ntlm_session_free(struct ntlm_session *session); /* cleanses; NULL is fine */

/* Makes the signature over the pieces and encrypts those that have an out.
 * NTLM_ERR_NO_PROTECTION when there is an out and neither SEAL nor SIGN was
 * agreed (NTLM seals under SIGN alone too: gss_wrap always does), when there
 * is none and not even ALWAYS_SIGN was, or when a datagram is to be encrypted
 * without extended session security (3.4.3). */
enum ntlm_error ntlm_session_seal(struct ntlm_session *session, const struct ntlm_part *parts,
                                  size_t count, uint8_t signature[16]);

/* Decrypts and verifies. NTLM_ERR_BAD_SIGNATURE (what was decrypted is then
 * cleansed); NTLM_ERR_OUT_OF_SEQUENCE with *order, whose verified says whether
 * the signature could be checked all the same (extended session security
 * without KEY_EXCH: a signature that no stream runs through). Without extended
 * session security the number is encrypted, so a message out of sequence has a
 * bad signature. A refused message changes nothing: the right one may follow.
 * (Only a bad signature after more than a MiB was received in the stream ends
 * the direction: winding the stream back would take too long.)
 *
 * A datagram is never out of sequence: with extended session security it
 * brings its number along, without it has to have the number that is next. */
struct ntlm_order {
    int gap;       /* -1: old or seen already, 0: in order, 1: some are missing before it */
    bool verified; /* the signature is right */
};
enum ntlm_error ntlm_session_unseal(struct ntlm_session *session, const struct ntlm_part *parts,
                                    size_t count, const uint8_t signature[16],
                                    struct ntlm_order *order);

/* Resets one direction's RC4 stream to its start; its sequence number goes on
 * ([MS-SPNG] 3.3.5.1). Without extended session security both directions
 * share the one stream. */
enum ntlm_error ntlm_session_reset(struct ntlm_session *session, bool receiving);

/* Sets the number of the next datagram that is sealed, and without extended
 * session security also of the next that is unsealed. NTLM_ERR_NOT_DATAGRAM.
 * The number makes the datagram's key: never seal two with one. */
enum ntlm_error ntlm_session_set_sequence(struct ntlm_session *session, uint32_t sequence);

/* Whether a part with an out can be sealed, so that gss_wrap works; and the
 * strength as SASL counts it: 128-bit sealing 64, 56, 40; signing alone 1;
 * none 0. */
bool ntlm_session_protects(const struct ntlm_session *session);
unsigned ntlm_session_ssf(const struct ntlm_session *session);

/* Appends the whole state, keys and stream positions included (secret), and
 * makes a session of it again. Importing runs the streams to where they were,
 * so export sets NTLM_ERR_EXPORT_TOO_LATE once 256 MiB went through one of
 * them. import: NTLM_ERR_BAD_EXPORT for anything that export did not write;
 * what follows the session in the reader is left there. */
void ntlm_session_export(const struct ntlm_session *session, struct ntlm_writer *out);
enum ntlm_error ntlm_session_import(struct ntlm_reader *in, struct ntlm_session **session);

#endif
