/* SPDX-License-Identifier: MIT */
/* message.h - the three messages ([MS-NLMP] 2.2.1), as they lie on the wire.
 *
 * A decoded message points into the token it was decoded from: the token must
 * outlive it, nothing is to be freed. Names are still wire text (see
 * ntlm_message_text). Every header length met in practice is taken; what a
 * shorter header leaves out is zero or empty here.
 *
 * The header ends where the payload begins: at the smallest offset of a field
 * that is not empty, or at the token's end when all are. Version is there when
 * there is room for all of it. A field whose flag is clear is ignored, whatever
 * it holds (2.2.1.1 to 2.2.1.3): senders leave it uninitialized.
 *
 * Errors of every decoder: NTLM_ERR_TOO_LARGE, _NOT_NTLM, _WRONG_MESSAGE,
 * _TRUNCATED, _FIELD_OUTSIDE; the message is then all zeros. An encoder appends to an empty
 * writer, writes the longest header that the flags ask for, and leaves errors in the writer. */

#ifndef NTLM_MESSAGE_H
#define NTLM_MESSAGE_H

#include "wire.h"

enum ntlm_message_type { NTLM_NEGOTIATE = 1, NTLM_CHALLENGE = 2, NTLM_AUTHENTICATE = 3 };

#define NTLM_MESSAGE_SIGNATURE "NTLMSSP" /* with its NUL */
#define NTLM_MESSAGE_SIGNATURE_SIZE 8
#define NTLM_FIELD_SIZE 8
#define NTLM_VERSION_SIZE 8
#define NTLM_MIC_SIZE 16

/* No message is larger than this, in bytes. Windows makes none beyond 2888
 * (cbMaxToken of its NTLM package). A NEGOTIATE has two names of at most 255
 * bytes; an AUTHENTICATE has the longest names and AV pairs that are taken
 * (acceptor.h, avpair.h). */
#define NTLM_MAX_NEGOTIATE 1024
#define NTLM_MAX_CHALLENGE 8192
#define NTLM_MAX_AUTHENTICATE 8192

struct ntlm_negotiate {
    uint32_t flags;
    struct ntlm_bytes domain, workstation; /* OEM text; empty if not supplied */
    bool has_version;
    uint8_t version[NTLM_VERSION_SIZE];
    size_t header_len; /* as decoded; the encoder ignores it */
};

struct ntlm_challenge {
    uint32_t flags;
    uint8_t server_challenge[8];
    struct ntlm_bytes target_name; /* empty without REQUEST_TARGET */
    struct ntlm_bytes target_info; /* AV pairs, unchecked; empty without TARGET_INFO */
    bool has_version;
    uint8_t version[NTLM_VERSION_SIZE];
    size_t header_len; /* as decoded; the encoder ignores it */
};

struct ntlm_authenticate {
    uint32_t flags;
    bool has_flags; /* false with the 52-byte header */
    struct ntlm_bytes lm_response, nt_response;
    struct ntlm_bytes domain, user, workstation;
    struct ntlm_bytes session_key; /* EncryptedRandomSessionKey; empty without KEY_EXCH */
    bool has_version;
    uint8_t version[NTLM_VERSION_SIZE];
    size_t mic_offset; /* where in the token the MIC field lies, 72 or (old
                        * clients without Version) 64; 0: no room for one */
    size_t header_len;
};

/* Whether the token begins as an NTLM message does, and which it is. */
enum ntlm_error ntlm_message_type(struct ntlm_bytes token, enum ntlm_message_type *type);

enum ntlm_error ntlm_negotiate_decode(struct ntlm_bytes token, struct ntlm_negotiate *message);
enum ntlm_error ntlm_challenge_decode(struct ntlm_bytes token, struct ntlm_challenge *message);
enum ntlm_error ntlm_authenticate_decode(struct ntlm_bytes token,
                                         struct ntlm_authenticate *message);

/* NEGOTIATE of 40 bytes with Version when has_version, else of 32. */
void ntlm_negotiate_encode(const struct ntlm_negotiate *message, struct ntlm_writer *out);
/* CHALLENGE of 56 bytes with Version when has_version, else of 48. */
void ntlm_challenge_encode(const struct ntlm_challenge *message, struct ntlm_writer *out);
/* AUTHENTICATE. With mic_offset 72: 88 bytes, the MIC zeros, to be set by the
 * caller (Version is zeros when !has_version). With mic_offset 0: 72 bytes
 * with has_version, else 64. The payload order is that of the specification's
 * own examples: domain, user, workstation, LM, NT, session key. */
void ntlm_authenticate_encode(const struct ntlm_authenticate *message, struct ntlm_writer *out);

/* A name of a CHALLENGE or AUTHENTICATE message without the NULs at its end, which
 * are no part of it. */
struct ntlm_bytes ntlm_message_name(uint32_t flags, struct ntlm_bytes wire);
/* A name of a CHALLENGE or AUTHENTICATE message as UTF-8: UTF-16LE when
 * `flags` has NTLMSSP_NEGOTIATE_UNICODE, else OEM. The caller frees *out. NTLM_ERR_BAD_TEXT,
 * _OUT_OF_MEMORY. */
enum ntlm_error ntlm_message_text(uint32_t flags, struct ntlm_bytes wire, char **out);
/* The way back, appended to what is written; the writer has the error. */
void ntlm_message_write_text(uint32_t flags, const char *text, struct ntlm_writer *out);

#endif
