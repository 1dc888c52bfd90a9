/* SPDX-License-Identifier: MIT */
/* acceptor_policy.c - the refusals of [MS-NLMP] 3.2.5.1.2 that are policy, each with
 * its own error. */

#include "config.h"

#include "acceptor_policy.h"

#include <stdlib.h>
#include <string.h>

#include "flags.h"
#include "secret.h"
#include "spn.h"
#include "text.h"

#define HOURS (3600ull * 10000000)

static enum ntlm_error check_generation(const struct ntlm_env *env,
                                        const struct ntlm_acceptor_config *config,
                                        enum ntlm_response_kind kind)
{
    switch (kind) {
    case NTLM_RESPONSE_ANONYMOUS:
        if (!config->allow_anonymous)
            return ntlm_fail(env, NTLM_ERR_ANONYMOUS_REFUSED, NULL);
        break;
    case NTLM_RESPONSE_LM:
        if (config->lm_compat_level > 3)
            return ntlm_fail(env, NTLM_ERR_LM_REFUSED, "it is %u", config->lm_compat_level);
        break;
    case NTLM_RESPONSE_V1:
    case NTLM_RESPONSE_V1_ESS:
        if (config->lm_compat_level > 4)
            return ntlm_fail(env, NTLM_ERR_NTLMV1_REFUSED, "it is %u", config->lm_compat_level);
        break;
    case NTLM_RESPONSE_V2:
        break;
    }
    return NTLM_OK;
}

static enum ntlm_error check_strength(const struct ntlm_env *env,
                                      const struct ntlm_acceptor_config *config, uint32_t flags)
{
    if (config->require_sign && !(flags & NTLM_PROTECTION))
        return ntlm_fail(env, NTLM_ERR_WEAK_NO_SIGN, NULL);
    if (config->require_seal && !(flags & NTLMSSP_NEGOTIATE_SEAL))
        return ntlm_fail(env, NTLM_ERR_WEAK_NO_SEAL, NULL);
    if (!(flags & NTLM_PROTECTION)) /* key strength matters to nothing */
        return NTLM_OK;
    if (config->require_128 && !(flags & NTLMSSP_NEGOTIATE_128))
        return ntlm_fail(env, NTLM_ERR_WEAK_NO_128, NULL);
    if (config->require_ess && !(flags & NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY))
        return ntlm_fail(env, NTLM_ERR_WEAK_NO_ESS, NULL);
    return NTLM_OK;
}

static enum ntlm_error check_time(const struct ntlm_env *env,
                                  const struct ntlm_acceptor_config *config,
                                  const struct ntlm_policy_facts *facts)
{
    uint64_t theirs = facts->response->time;
    uint64_t skew = theirs > facts->now ? theirs - facts->now : facts->now - theirs;

    if (facts->response->kind != NTLM_RESPONSE_V2 || config->max_skew == 0 ||
        skew <= config->max_skew)
        return NTLM_OK;
    return ntlm_fail(env, NTLM_ERR_TIME_SKEW, "the client's is %llu hours %s",
                     (unsigned long long)(skew / HOURS),
                     theirs > facts->now ? "ahead" : "behind");
}

enum ntlm_error ntlm_policy_before_logon(const struct ntlm_env *env,
                                         const struct ntlm_acceptor_config *config,
                                         const struct ntlm_policy_facts *facts)
{
    enum ntlm_error error = check_generation(env, config, facts->response->kind);

    if (!error)
        error = check_strength(env, config, facts->flags);
    if (!error)
        error = check_time(env, config, facts);
    return error;
}

static enum ntlm_error check_bindings(const struct ntlm_env *env,
                                      const struct ntlm_acceptor_config *config,
                                      const struct ntlm_policy_facts *facts, bool *bound)
{
    const struct ntlm_bytes theirs = facts->response->bindings;
    bool required = config->check_bindings == NTLM_CHECK_REQUIRED;

    *bound = false;
    if (!facts->bindings) {
        /* Fail closed: bindings that are required must not be lost silently to a
         * program that does not pass them on. */
        if (required)
            return ntlm_fail(env, NTLM_ERR_BINDINGS_MISSING, "the server program gave none");
        return NTLM_OK;
    }
    if (theirs.len == 0) {
        if (required)
            return ntlm_fail(env, NTLM_ERR_BINDINGS_MISSING, "the client sent none");
        ntlm_note(env, "the client sent no channel bindings; none are required");
        return NTLM_OK;
    }
    if (!ntlm_equal(theirs.data, facts->bindings, 16))
        return ntlm_fail(env, NTLM_ERR_BINDINGS_DIFFER, NULL);
    ntlm_note(env, "channel bindings match");
    *bound = true;
    return NTLM_OK;
}

/* Whether this is one of the names that we go by. Without a host no target is ours:
 * a server's own name may be a service alone. */
static enum ntlm_error find_host(const char *host, const char *const *hosts, bool *ours)
{
    for (; hosts && *hosts && *host && !*ours; hosts++) {
        char *own = ntlm_spn_host(*hosts);

        if (!own)
            return NTLM_ERR_OUT_OF_MEMORY;
        *ours = ntlm_text_same(host, own);
        free(own);
    }
    return NTLM_OK;
}

/* Whether the host in "service/host[:port][/name]" or "host[:port]" is a name we go by. */
static enum ntlm_error find_target(const char *target, const char *const *hosts, bool *ours)
{
    const char *slash = strchr(target, '/');
    char *host = ntlm_spn_host(slash ? slash + 1 : target);
    enum ntlm_error error;

    *ours = false;
    if (!host)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = find_host(host, hosts, ours);
    free(host);
    return error;
}

static enum ntlm_error check_target(const struct ntlm_env *env,
                                    const struct ntlm_acceptor_config *config,
                                    const struct ntlm_policy_facts *facts)
{
    const char *target = facts->target_name;
    bool named = target && *target, ours;
    enum ntlm_error error;

    if (config->check_target == NTLM_CHECK_OFF ||
        (!named && config->check_target == NTLM_CHECK_IF_SENT))
        return NTLM_OK;
    if (!named)
        return ntlm_fail(env, NTLM_ERR_TARGET_NAME,
                         "none was sent, and check_target_name requires one");
    if (facts->response->target_unverified)
        return ntlm_fail(env, NTLM_ERR_TARGET_NAME,
                         "the client does not trust the source of the one it sent");
    error = find_target(target, config->target_hosts, &ours);
    if (!error && !ours)
        error = ntlm_fail(env, NTLM_ERR_TARGET_NAME,
                          "the client sent \"%s\" (our names: see target_names)", target);
    return error;
}

/* A response that this very machine made, for a server that is not us, came
 * to us through a man in the middle. A process that honestly runs both roles
 * names itself, or no server; so the two can be told apart only where we know every
 * name that we go by. */
static enum ntlm_error check_reflection(const struct ntlm_env *env,
                                        const struct ntlm_acceptor_config *config,
                                        const struct ntlm_policy_facts *facts)
{
    const char *target = facts->target_name;
    enum ntlm_error error;
    bool ours;

    if (!config->check_reflection || !config->machine_id ||
        facts->response->machine_id.len != 32 ||
        !ntlm_equal(facts->response->machine_id.data, config->machine_id, 32))
        return NTLM_OK;
    if (!target || !*target)
        return NTLM_OK;
    error = find_target(target, config->target_hosts, &ours);
    if (!error && !ours)
        error = ntlm_fail(env, NTLM_ERR_REFLECTION, "it was for \"%s\"", target);
    return error;
}

enum ntlm_error ntlm_policy_after_logon(const struct ntlm_env *env,
                                        const struct ntlm_acceptor_config *config,
                                        const struct ntlm_policy_facts *facts, bool *bound)
{
    enum ntlm_error error = check_bindings(env, config, facts, bound);

    if (!error)
        error = check_target(env, config, facts);
    if (!error)
        error = check_reflection(env, config, facts);
    return error;
}
