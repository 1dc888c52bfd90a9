/* SPDX-License-Identifier: MIT */
/* initiator_policy.h - an initiator's reasons to refuse a CHALLENGE: what it
 * does not grant, and the names that it lacks ([MS-NLMP] 3.1.5.1.2). For the
 * initiator's own files alone. */

#ifndef NTLM_INITIATOR_POLICY_H
#define NTLM_INITIATOR_POLICY_H

#include "env.h"
#include "initiator_config.h"

/* Whether `agreed`, the flags on both sides, has what was asked for and what is
 * required: NTLM_ERR_SERVER_FLAGS, _NO_DATAGRAM, _WEAK_NO_128, _WEAK_NO_ESS. An anonymous
 * logon has no key to protect anything with: NTLM_ERR_ANONYMOUS_PROTECTION where that was
 * asked for, except for the integrity that the SPNEGO that carries it asks for. Failures
 * are recorded. */
enum ntlm_error ntlm_initiator_check_flags(const struct ntlm_env *env,
                                           const struct ntlm_initiator_config *config,
                                           bool carried_by_spnego, uint32_t agreed);

/* For an NTLMv2 response: a CHALLENGE without MsvAvNbComputerName or
 * MsvAvNbDomainName in its AV pairs is refused where integrity or
 * confidentiality was asked for: NTLM_ERR_NO_SERVER_NAMES, recorded. With the
 * names gone, a domain controller could not tell for which server the response
 * was meant, and give its session key to another one (CVE-2019-1019). */
enum ntlm_error ntlm_initiator_check_names(const struct ntlm_env *env,
                                           const struct ntlm_initiator_config *config,
                                           struct ntlm_bytes av_pairs);

#endif
