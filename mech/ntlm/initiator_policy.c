/* SPDX-License-Identifier: MIT */
/* initiator_policy.c - what an initiator insists on. An acceptor's refusals are
 * in acceptor_policy.c. */

#include "config.h"

#include "initiator_policy.h"

#include "avpair.h"
#include "flags.h"

/* The caller's request decides, not what NEGOTIATE offered: replay and sequence
 * detection offer SIGN too, and do without. */
static enum ntlm_error check_granted(const struct ntlm_env *env,
                                     const struct ntlm_initiator_config *config,
                                     uint32_t agreed)
{
    if (config->confidentiality && !(agreed & NTLMSSP_NEGOTIATE_SEAL))
        return ntlm_fail(env, NTLM_ERR_SERVER_FLAGS, "no sealing");
    if (config->integrity && !(agreed & NTLM_PROTECTION))
        return ntlm_fail(env, NTLM_ERR_SERVER_FLAGS, "no signing");
    return NTLM_OK;
}

/* Nobody has no key. A SPNEGO may ask for integrity by itself, for its mechListMIC, and
 * then looks after what its own caller asked for; none asks for confidentiality. */
static enum ntlm_error check_nobody(const struct ntlm_env *env,
                                    const struct ntlm_initiator_config *config,
                                    bool carried_by_spnego)
{
    if (config->confidentiality || (config->integrity && !carried_by_spnego))
        return ntlm_fail(env, NTLM_ERR_ANONYMOUS_PROTECTION, NULL);
    return NTLM_OK;
}

static enum ntlm_error check_strength(const struct ntlm_env *env,
                                      const struct ntlm_initiator_config *config,
                                      uint32_t agreed)
{
    if (!(agreed & NTLM_PROTECTION)) /* there is no key whose strength would matter */
        return NTLM_OK;
    if (config->require_128 && !(agreed & NTLMSSP_NEGOTIATE_128))
        return ntlm_fail(env, NTLM_ERR_WEAK_NO_128, "the server's CHALLENGE lacks the flag");
    if (config->require_ess && config->lm_compat_level > 0 &&
        !(agreed & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY))
        return ntlm_fail(env, NTLM_ERR_WEAK_NO_ESS, "the server's CHALLENGE lacks the flag");
    return NTLM_OK;
}

enum ntlm_error ntlm_initiator_check_flags(const struct ntlm_env *env,
                                           const struct ntlm_initiator_config *config,
                                           bool carried_by_spnego, uint32_t agreed)
{
    enum ntlm_error error;

    if (config->datagram && !(agreed & NTLMSSP_NEGOTIATE_DATAGRAM))
        return ntlm_fail(env, NTLM_ERR_NO_DATAGRAM, NULL);
    error = config->anonymous ? check_nobody(env, config, carried_by_spnego)
                              : check_granted(env, config, agreed);
    return error ? error : check_strength(env, config, agreed);
}

static bool is_named(struct ntlm_bytes av_pairs, uint16_t id)
{
    struct ntlm_bytes name;

    return ntlm_av_find(av_pairs, id, &name) && name.len > 0;
}

enum ntlm_error ntlm_initiator_check_names(const struct ntlm_env *env,
                                           const struct ntlm_initiator_config *config,
                                           struct ntlm_bytes av_pairs)
{
    if (config->anonymous || (!config->integrity && !config->confidentiality))
        return NTLM_OK;
    if (!is_named(av_pairs, MSV_AV_NB_COMPUTER_NAME))
        return ntlm_fail(env, NTLM_ERR_NO_SERVER_NAMES, "MsvAvNbComputerName is missing");
    if (!is_named(av_pairs, MSV_AV_NB_DOMAIN_NAME))
        return ntlm_fail(env, NTLM_ERR_NO_SERVER_NAMES, "MsvAvNbDomainName is missing");
    return NTLM_OK;
}
