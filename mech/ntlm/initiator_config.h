/* SPDX-License-Identifier: MIT */
/* initiator_config.h - what is asked of an initiator, and who logs in by it. */

#ifndef NTLM_INITIATOR_CONFIG_H
#define NTLM_INITIATOR_CONFIG_H

#include "bytes.h"
#include "wire.h"

struct ntlm_initiator_config {
    const char *workstation;   /* UTF-8, may be NULL: none is sent */
    const char *target_name;   /* MsvAvTargetName, "service/host"; "" when the
                                * application named none; NULL: no such pair */
    bool target_unverified;    /* bit 0x4 of MsvAvFlags, beside a target only */
    const uint8_t *machine_id; /* 32 bytes for MsvAvSingleHost, or NULL */
    const uint8_t *version;    /* Version, 8 bytes, or NULL: not negotiated */
    /* Protection that the caller asked for. The login fails where the server
     * does not grant it. */
    bool integrity, confidentiality;
    bool detection; /* replay or sequence detection: offers SIGN, and does
                     * without where the server does not grant it */
    bool identify;
    bool anonymous; /* the identity is then not asked for */
    bool datagram;
    bool require_128, require_ess; /* of the server, where there is protection */
    bool oem_only;                 /* leave Unicode out */
    unsigned lm_compat_level;      /* 0..5 as Windows numbers LmCompatibilityLevel */
    uint32_t default_flags;        /* NegotiateFlags to start from; 0: our own */
};

/* Who logs in. Borrowed during a call. */
struct ntlm_secret {
    const char *user, *domain;           /* UTF-8, not NULL */
    const uint8_t *nt_hash;              /* 16 bytes */
    const uint8_t *lm_hash;              /* 16 bytes, or NULL when not known */
    const struct ntlm_hmac_key *ntowfv2; /* of user and domain; NULL: is to be made */

    /* An external responder, in place of the hashes: it knows them, does not
     * give them away, and makes the whole AUTHENTICATE. It is given the
     * NEGOTIATE, and the CHALLENGE with our target's name added. It appends the
     * AUTHENTICATE to an empty writer, gives the ExportedSessionKey, and records
     * its failures. NULL: the hashes are here. */
    enum ntlm_error (*respond)(const void *arg, struct ntlm_bytes negotiate,
                               struct ntlm_bytes challenge, struct ntlm_writer *authenticate,
                               uint8_t session_key[16]);
    const void *arg; /* passed to respond */
};

#endif
