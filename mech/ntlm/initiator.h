/* SPDX-License-Identifier: MIT */
/* initiator.h - the client's side of an exchange ([MS-NLMP] 3.1), from the
 * first token to the session. Bytes in, bytes out. One initiator belongs to
 * one thread at a time. */

#ifndef NTLM_INITIATOR_H
#define NTLM_INITIATOR_H

#include "exchange.h"
#include "initiator_config.h"

struct ntlm_initiator;

/* Copies the configuration and the hashes in it; its strings are borrowed and must
 * outlive the initiator. */
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

/* Appends an initiator whose NEGOTIATE is sent, so that another process can go on. It has
 * no secret of the user's. Errors: those of a step at the wrong time,
 * NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error ntlm_initiator_export(const struct ntlm_initiator *initiator,
                                      struct ntlm_writer *out);

/* Brings a new initiator of the same configuration to where the exported one was.
 * NTLM_ERR_BAD_EXPORT for anything that ntlm_initiator_export did not write, also where
 * one is a datagram's and the other is not. */
enum ntlm_error ntlm_initiator_resume(struct ntlm_initiator *initiator, struct ntlm_reader *in);

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
