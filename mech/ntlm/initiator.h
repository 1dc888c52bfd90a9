/* SPDX-License-Identifier: MIT */
/* initiator.h - the client's side of an exchange ([MS-NLMP] 3.1), from the
 * first token to the session. Bytes in, bytes out. One initiator belongs to
 * one thread at a time. */

#ifndef NTLM_INITIATOR_H
#define NTLM_INITIATOR_H

#include "exchange.h"

/* What is asked for. ntlm_initiator_new copies the struct and the hashes; the
 * strings are borrowed and must outlive the initiator. */
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
    const char *user, *domain; /* UTF-8, not NULL */
    const uint8_t *nt_hash;    /* 16 bytes */
    const uint8_t *lm_hash;    /* 16 bytes, or NULL when not known */

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

struct ntlm_initiator;

enum ntlm_error ntlm_initiator_new(const struct ntlm_env *env,
                                   const struct ntlm_initiator_config *config,
                                   struct ntlm_initiator **initiator);
void ntlm_initiator_free(struct ntlm_initiator *initiator); /* cleanses; NULL is fine */

/* The hash of the channel bindings (ntlm_bindings_hash) that go into the
 * response; NULL: none. Before ntlm_initiator_authenticate. */
void ntlm_initiator_bind(struct ntlm_initiator *initiator, const uint8_t hash[16]);

/* Tells that a SPNEGO carries the exchange, to which a MIC in AUTHENTICATE means
 * a mechListMIC of its own ([MS-SPNG] 3.3.5.1). Without signing that cannot be
 * made, so the MIC is then left out, unless integrity or confidentiality was
 * asked for. Before ntlm_initiator_authenticate; later it has no effect. */
void ntlm_initiator_carried_by_spnego(struct ntlm_initiator *initiator);

/* The NEGOTIATE message, or no bytes at all in datagram mode. *token is the
 * caller's, freed with free(). */
enum ntlm_error ntlm_initiator_negotiate(struct ntlm_initiator *initiator, uint8_t **token,
                                         size_t *token_len);

/* Takes the CHALLENGE and makes the AUTHENTICATE, the caller's, freed with
 * free(). After it the outcome is there. In datagram mode it may be the first
 * call. secret may be NULL for an anonymous initiator. Errors: the decoders',
 * those of ntlm_initiator_check_flags and _check_names, NTLM_ERR_NO_CHARSET,
 * _BAD_AV_PAIRS, _NO_LM_HASH, _NO_IDENTITY, _ALREADY_COMPLETE, _WRONG_MESSAGE,
 * an external responder's; after any of them _DEAD_CONTEXT. */
enum ntlm_error ntlm_initiator_authenticate(struct ntlm_initiator *initiator,
                                            struct ntlm_bytes challenge,
                                            const struct ntlm_secret *secret, uint8_t **token,
                                            size_t *token_len);

/* The outcome; NULL before there is one. Lives as long as the initiator. */
const struct ntlm_outcome *ntlm_initiator_outcome(const struct ntlm_initiator *initiator);

#endif
