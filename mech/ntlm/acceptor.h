/* SPDX-License-Identifier: MIT */
/* acceptor.h - the server's side of an exchange ([MS-NLMP] 3.2), from the
 * NEGOTIATE to the session. Bytes in, bytes out; who may log in is asked
 * between ntlm_acceptor_authenticate and ntlm_acceptor_finish. One acceptor
 * belongs to one thread at a time. */

#ifndef NTLM_ACCEPTOR_H
#define NTLM_ACCEPTOR_H

#include "acceptor_config.h"
#include "exchange.h"
#include "logon.h"

/* Until AUTHENTICATE comes, an acceptor holds the NEGOTIATE (NTLM_MAX_NEGOTIATE at
 * most), its CHALLENGE (as long as the names in its configuration) and itself:
 * together, with DNS names of 255 characters, no more than NTLM_ACCEPTOR_HALF_OPEN
 * bytes. A client that comes no further costs no more, and nothing is hashed for
 * it. */
#define NTLM_ACCEPTOR_HALF_OPEN 4096

struct ntlm_acceptor;

/* Copies the configuration and the hashes in it; its strings are borrowed and must
 * outlive the acceptor. */
enum ntlm_error ntlm_acceptor_new(const struct ntlm_env *env,
                                  const struct ntlm_acceptor_config *config,
                                  struct ntlm_acceptor **acceptor);
void ntlm_acceptor_free(struct ntlm_acceptor *acceptor); /* cleanses; NULL is fine */

/* Takes the NEGOTIATE (no bytes in datagram mode) and makes the CHALLENGE,
 * the caller's, freed with free(). */
enum ntlm_error ntlm_acceptor_challenge(struct ntlm_acceptor *acceptor,
                                        struct ntlm_bytes negotiate, uint8_t **token,
                                        size_t *token_len);

/* The hash (ntlm_bindings_hash) of this side's channel bindings; NULL: the
 * application gave none. Before ntlm_acceptor_finish. */
void ntlm_acceptor_bind(struct ntlm_acceptor *acceptor, const uint8_t hash[16]);

/* Takes the AUTHENTICATE, refuses what can be refused without the account's
 * key, and gives the logon request. For an anonymous logon the answer is
 * known already: call finish with keys NULL. */
enum ntlm_error ntlm_acceptor_authenticate(struct ntlm_acceptor *acceptor,
                                           struct ntlm_bytes authenticate,
                                           const struct ntlm_logon **logon);

/* Takes the account's keys and checks the MIC (where none was announced, that
 * our timestamp came back), bindings, target and reflection. After NTLM_OK the
 * outcome is there. After any error, here or above, every further call is
 * NTLM_ERR_DEAD_CONTEXT. */
enum ntlm_error ntlm_acceptor_finish(struct ntlm_acceptor *acceptor,
                                     const struct ntlm_logon_keys *keys);

/* Takes the news that the logon was refused with `error`, kills the acceptor,
 * and returns the error that the caller is to report: NTLM_ERR_REPLAY for a
 * denied logon whose response was made for another challenge, else `error`. */
enum ntlm_error ntlm_acceptor_denied(struct ntlm_acceptor *acceptor, enum ntlm_error error);

/* Appends an acceptor whose CHALLENGE is sent, so that another process can go on.
 * No secret is in it, but a change in it can change who may log in. Errors: those of
 * a step at the wrong time, NTLM_ERR_OUT_OF_MEMORY. */
enum ntlm_error ntlm_acceptor_export(const struct ntlm_acceptor *acceptor,
                                     struct ntlm_writer *out);

/* Makes an acceptor of it again, as ntlm_acceptor_new does, but that config->datagram
 * is as it was. NTLM_ERR_BAD_EXPORT for anything that ntlm_acceptor_export did not
 * write; what follows in the reader is left there. */
enum ntlm_error ntlm_acceptor_import(const struct ntlm_env *env,
                                     const struct ntlm_acceptor_config *config,
                                     struct ntlm_reader *in, struct ntlm_acceptor **acceptor);

/* How the channel bindings ([MS-NLMP] 2.2.2.1 MsvAvChannelBindings) of the two sides
 * stand to each other, whatever the configuration makes of it. */
enum ntlm_channel {
    NTLM_CHANNEL_NONE,        /* neither gave any */
    NTLM_CHANNEL_NOT_CHECKED, /* the client did; our program gave none */
    NTLM_CHANNEL_MISSING,     /* our program did; the client sent none */
    NTLM_CHANNEL_MATCHES,
    NTLM_CHANNEL_DIFFERS,
    NTLM_CHANNEL_UNKNOWN /* the client's response is malformed */
};

/* For a record of the logon, after an error too: what the AUTHENTICATE says, as far as it
 * could be read. The request is NULL before. */
const struct ntlm_logon *ntlm_acceptor_logon(const struct ntlm_acceptor *acceptor);
enum ntlm_channel ntlm_acceptor_channel(const struct ntlm_acceptor *acceptor);

/* The outcome; NULL before there is one. Lives as long as the acceptor. */
const struct ntlm_outcome *ntlm_acceptor_outcome(const struct ntlm_acceptor *acceptor);
/* MsvAvTargetName of the client as UTF-8; NULL when it sent none. */
const char *ntlm_acceptor_target_name(const struct ntlm_acceptor *acceptor);

#endif
