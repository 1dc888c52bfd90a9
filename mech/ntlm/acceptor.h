/* SPDX-License-Identifier: MIT */
/* acceptor.h - the server's side of an exchange ([MS-NLMP] 3.2), from the
 * NEGOTIATE to the session. Bytes in, bytes out; who may come in is asked
 * between ntlm_acceptor_authenticate and ntlm_acceptor_finish. One acceptor
 * belongs to one thread at a time. */

#ifndef NTLM_ACCEPTOR_H
#define NTLM_ACCEPTOR_H

#include "exchange.h"
#include "logon.h"

enum ntlm_check { NTLM_CHECK_OFF, NTLM_CHECK_IF_SENT, NTLM_CHECK_REQUIRED };

/* ntlm_acceptor_new copies the struct and the hashes; the strings are borrowed
 * and must outlive the acceptor. */
struct ntlm_acceptor_config {
    const char *netbios_computer, *netbios_domain; /* UTF-8, not NULL */
    const char *dns_computer, *dns_domain;         /* or NULL */
    bool domain_member;                            /* TARGET_TYPE_DOMAIN instead of _SERVER */
    const uint8_t *version;                        /* 8 bytes, or NULL: never sent */
    enum ntlm_check check_bindings;                /* IF_SENT, or REQUIRED */
    enum ntlm_check check_target;
    bool check_reflection;           /* target_hosts are all the names we go by */
    const char *const *target_hosts; /* NULL-terminated names we go by, for
                                      * check_target and for reflection */
    const uint8_t *machine_id;       /* 32 bytes, ours; or NULL */
    bool allow_anonymous;
    bool require_sign, require_seal, require_128, require_ess; /* the last two
                                                                * where there is protection */
    bool datagram;
    unsigned lm_compat_level; /* 0..5; LM taken up to 3, NTLMv1 up to 4 */
    uint64_t max_skew;        /* in 100 ns; 0: the time is not checked */
};

struct ntlm_acceptor;

enum ntlm_error ntlm_acceptor_new(const struct ntlm_env *env,
                                  const struct ntlm_acceptor_config *config,
                                  struct ntlm_acceptor **acceptor);
void ntlm_acceptor_free(struct ntlm_acceptor *acceptor); /* cleanses; NULL is fine */

/* Takes the NEGOTIATE (no bytes in datagram mode) and makes the CHALLENGE,
 * the caller's, freed with free(). */
enum ntlm_error ntlm_acceptor_challenge(struct ntlm_acceptor *acceptor,
                                        struct ntlm_bytes negotiate, uint8_t **token,
                                        size_t *token_len);

/* The channel bindings' hash (ntlm_bindings_hash) of this side; NULL: the
 * application gave none. At any step before ntlm_acceptor_authenticate. */
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

const struct ntlm_outcome *ntlm_acceptor_outcome(const struct ntlm_acceptor *acceptor);
/* MsvAvTargetName of the client as UTF-8; NULL when it sent none. */
const char *ntlm_acceptor_target_name(const struct ntlm_acceptor *acceptor);

#endif
