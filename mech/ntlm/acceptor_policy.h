/* SPDX-License-Identifier: MIT */
/* acceptor_policy.h - an acceptor's reasons to refuse a client that are not its
 * password: what it dropped, what it bound to, whom it meant, when. For
 * acceptor.c alone. */

#ifndef NTLM_ACCEPTOR_POLICY_H
#define NTLM_ACCEPTOR_POLICY_H

#include "acceptor_config.h"
#include "env.h"
#include "received_response.h"

struct ntlm_policy_facts {
    uint32_t flags; /* as agreed */
    const struct ntlm_received_response *response;
    const char *target_name; /* MsvAvTargetName, UTF-8, or NULL */
    const uint8_t *bindings; /* our side's, 16 bytes, or NULL: none given */
    uint64_t now;            /* FILETIME */
};

/* What can be checked before the password is: NTLM_ERR_NTLMV1_REFUSED,
 * _LM_REFUSED, _ANONYMOUS_REFUSED, _WEAK_*, _TIME_SKEW, each with a line for
 * the trace. */
enum ntlm_error ntlm_policy_before_logon(const struct ntlm_env *env,
                                         const struct ntlm_acceptor_config *config,
                                         const struct ntlm_policy_facts *facts);

/* What needs a response that is known to be the account's own:
 * NTLM_ERR_BINDINGS_DIFFER, _BINDINGS_MISSING, _TARGET_NAME, _REFLECTION.
 * *bound: channel bindings matched. */
enum ntlm_error ntlm_policy_after_logon(const struct ntlm_env *env,
                                        const struct ntlm_acceptor_config *config,
                                        const struct ntlm_policy_facts *facts, bool *bound);

#endif
