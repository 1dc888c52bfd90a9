/* SPDX-License-Identifier: MIT */
/* accept.c - gss_accept_sec_context (RFC 2744 5.1): the first call takes the
 * NEGOTIATE and makes the CHALLENGE, the second takes the AUTHENTICATE and
 * asks accounts/ about it. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gss/accept.h"
#include "gss/module.h"
#include "gss/record_logon.h"
#include "gss/restrict.h"
#include "gss/status.h"
#include "ntlm/message.h"
#include "ntlm/secret.h"
#include "support/outputs.h"
#include "support/system.h"
#include "support/trace.h"

/* The names we go by, for as long as this context lives: the strings are the
 * settings', the domain's and those of our copy of the credential's name. */
static enum ntlm_error copy_hosts(struct context *made)
{
    char *const *known = made->settings->hosts;
    size_t count = 0;

    while (known && known[count])
        count++;
    made->hosts = calloc(count + 3, sizeof(*made->hosts));
    if (!made->hosts)
        return NTLM_ERR_OUT_OF_MEMORY;
    for (size_t i = 0; i < count; i++)
        made->hosts[i] = known[i];
    if (made->domain)
        made->hosts[count++] = made->domain->netbios_computer;
    if (made->target && made->target->kind == NAME_SERVICE)
        made->hosts[count] = made->target->host;
    return NTLM_OK;
}

/* Who we are to the client: what an administrator named, else what the domain
 * calls us. Its controller refuses a logon whose response was made for another
 * computer than the one that asks it. */
static void name_us(const struct settings *settings, const struct winbind_domain *domain,
                    struct ntlm_acceptor_config *config)
{
    config->netbios_computer = domain && !settings->netbios_computer_name
                                   ? domain->netbios_computer
                                   : settings->netbios_computer;
    config->dns_computer = settings->dns_computer;
    if (domain && !settings->netbios_domain_name) {
        config->netbios_domain = domain->netbios_domain;
        config->dns_domain = domain->dns_domain;
        config->domain_member = true;
    } else {
        config->netbios_domain = settings->netbios_domain;
        config->dns_domain = settings->dns_domain;
        config->domain_member = settings->domain_member;
    }
}

static enum ntlm_error start_exchange(struct context *made, bool datagram,
                                      struct ntlm_reader *half)
{
    const struct settings *settings = made->settings;
    struct ntlm_acceptor_config config = {
        .version = context_version,
        .check_bindings =
            settings->require_channel_bindings ? NTLM_CHECK_REQUIRED : NTLM_CHECK_IF_SENT,
        .check_target = settings->check_target_name,
        .check_reflection =
            made->knows_hosts || settings->check_reflection == REFLECTION_ALWAYS,
        .target_hosts = made->hosts,
        .machine_id = settings->machine_id,
        .allow_anonymous = settings->allow_anonymous,
        .require_sign = settings->require_sign,
        .require_seal = settings->require_seal,
        .require_128 = settings->require_128,
        .require_ess = settings->require_ess,
        .datagram = datagram,
        .lm_compat_level = settings->lm_compat_level,
        .default_flags = made->default_flags,
        .max_skew = settings->max_clock_skew * UINT64_C(10000000),
    };

    name_us(settings, made->domain, &config);
    return half ? ntlm_acceptor_import(production_env(), &config, half, &made->server)
                : ntlm_acceptor_new(production_env(), &config, &made->server);
}

/* A server may keep its credential for as long as it runs: so the accounts are
 * those of the credential's sources, and the settings those of now. */
static enum ntlm_error fill(struct context *made, const struct credential *credential,
                            bool datagram, struct ntlm_reader *half)
{
    enum ntlm_error error;

    if (!credential->accounts && !credential->accounts_due)
        return fail(NTLM_ERR_NOT_ACCEPTOR, NULL);
    error = settings_get(&made->settings);
    if (!error)
        error = restrict_acceptor(made->settings);
    if (!error)
        error = credential_accounts(credential, made->settings, &made->accounts);
    if (error)
        return error;
    made->domain = accounts_domain(made->accounts);
    made->target = name_ref(credential->acceptor_name);
    made->knows_hosts = credential->knows_hosts;
    made->default_flags = credential->neg_flags;
    if (credential->account_file) {
        made->account_file = strdup(credential->account_file);
        if (!made->account_file)
            return NTLM_ERR_OUT_OF_MEMORY;
    }
    error = copy_hosts(made);
    if (!error)
        error = start_exchange(made, datagram, half);
    return error;
}

static enum ntlm_error begin(const struct credential *credential, bool datagram,
                             struct context **out)
{
    struct credential_request request = {.usage = GSS_C_ACCEPT};
    struct context *made = calloc(1, sizeof(*made));
    struct credential *mine = NULL;
    enum ntlm_error error = NTLM_OK;

    *out = NULL;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    if (!credential) {
        error = credential_make(&request, &mine);
        credential = mine;
    }
    if (!error)
        error = fill(made, credential, datagram, NULL);
    if (!error) {
        *out = made;
        made = NULL;
    }
    context_free(made);
    credential_free(mine);
    return error;
}

enum ntlm_error accept_resume(const struct credential *credential, struct ntlm_reader *half,
                              struct context **context)
{
    struct context *made = calloc(1, sizeof(*made));
    enum ntlm_error error;

    *context = NULL;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    error = fill(made, credential, false, half);
    if (error) {
        context_free(made);
        return error;
    }
    made->stage = STAGE_HALF;
    *context = made;
    return NTLM_OK;
}

static enum ntlm_error send_challenge(struct context *context, struct ntlm_bytes input,
                                      gss_buffer_t output)
{
    uint8_t *token = NULL;
    size_t len = 0;
    enum ntlm_error error = ntlm_acceptor_challenge(context->server, input, &token, &len);

    if (error)
        return error;
    trace_token("acceptor sends", ntlm_bytes(token, len));
    output->value = token;
    output->length = len;
    context->stage = STAGE_HALF;
    return NTLM_OK;
}

/* Attributes of the name (RFC 6680): who the domain says that this is, and whom
 * the client meant to log in to (MsvAvTargetName). */
#define ATTRIBUTE_SID "sid"
#define ATTRIBUTE_GROUP_SIDS "group-sids"
#define ATTRIBUTE_TARGET_NAME "target-name"

static enum ntlm_error name_source(const struct account_reply *reply, const char *target,
                                   struct name **source)
{
    enum ntlm_error error = name_of_user(reply->user, reply->domain, source);

    for (size_t i = 0; !error && reply->sids && reply->sids[i]; i++)
        error = name_add_attribute(*source, i == 0 ? ATTRIBUTE_SID : ATTRIBUTE_GROUP_SIDS,
                                   ntlm_bytes(reply->sids[i], strlen(reply->sids[i])),
                                   reply->sids[i], true, true);
    if (!error && target && *target)
        error = name_add_attribute(*source, ATTRIBUTE_TARGET_NAME,
                                   ntlm_bytes(target, strlen(target)), target, true, true);
    return error;
}

/* Asks accounts/ and tells the acceptor what it said. */
static enum ntlm_error ask(struct context *context, const struct ntlm_logon *logon)
{
    struct account_reply reply = {0};
    enum ntlm_error error;

    restrict_audit(context->settings, logon);
    if (logon->kind == NTLM_RESPONSE_ANONYMOUS) {
        error = ntlm_acceptor_finish(context->server, NULL);
        return error ? error : name_of_anonymous(&context->source);
    }
    error = accounts_logon(context->accounts, context->settings, logon, &reply);
    context->account_source = reply.source;
    if (error)
        return ntlm_acceptor_denied(context->server, error);
    error = ntlm_acceptor_finish(context->server, &reply.keys);
    if (!error)
        error =
            name_source(&reply, ntlm_acceptor_target_name(context->server), &context->source);
    account_reply_clear(&reply);
    return error;
}

static enum ntlm_error take_authenticate(struct context *context, struct ntlm_bytes input)
{
    const struct ntlm_logon *logon = NULL;
    enum ntlm_error error;

    if (context->stage != STAGE_HALF)
        return fail(context->stage == STAGE_DEAD ? NTLM_ERR_DEAD_CONTEXT
                                                 : NTLM_ERR_ALREADY_COMPLETE,
                    NULL);
    error = ntlm_acceptor_authenticate(context->server, input, &logon);
    if (!error)
        error = ask(context, logon);
    if (!error)
        error = context_complete(context, ntlm_acceptor_outcome(context->server));
    return error;
}

static enum ntlm_error step(struct context *context, gss_channel_bindings_t bindings,
                            struct ntlm_bytes input, gss_buffer_t output)
{
    uint8_t hash[16];
    enum ntlm_error error = NTLM_OK;

    trace_token("acceptor receives", input);
    if (context->server && context_bindings(bindings, hash, &error))
        ntlm_acceptor_bind(context->server, hash);
    if (error)
        return error;
    return context->stage == STAGE_NEW ? send_challenge(context, input, output)
                                       : take_authenticate(context, input);
}

/* Whether a token is a NEGOTIATE for a context that is not complete. HTTP servers keep a
 * context for a connection, the refused one too, and browsers try again on it. */
static bool begins_anew(const struct context *context, struct ntlm_bytes token)
{
    enum ntlm_message_type type;

    return !context->initiator && context->stage != STAGE_COMPLETE &&
           !ntlm_message_type(token, &type) && type == NTLM_NEGOTIATE;
}

EXPORTED OM_uint32 gss_accept_sec_context(OM_uint32 *minor, gss_ctx_id_t *handle,
                                          gss_cred_id_t credential, gss_buffer_t input,
                                          gss_channel_bindings_t bindings, gss_name_t *source,
                                          gss_OID *mech_type, gss_buffer_t output,
                                          OM_uint32 *ret_flags, OM_uint32 *time_rec,
                                          gss_cred_id_t *delegated)
{
    struct context *former, *context;
    struct ntlm_bytes token;
    bool begins;
    enum ntlm_error error = NTLM_OK;

    EMPTY(source);
    EMPTY(mech_type);
    EMPTY(output);
    EMPTY(ret_flags);
    EMPTY(time_rec);
    EMPTY(delegated); /* NTLM delegates nothing */
    if (!handle || !output || !buffer_readable(input))
        return status_bad_call(minor, GSS_S_CALL_BAD_STRUCTURE,
                               "the context, the input or the output is NULL");
    token = ntlm_bytes(input->value, input->length);
    former = context = (struct context *)*handle;
    begins = !former || begins_anew(former, token);
    if (begins)
        error = begin((const struct credential *)credential, token.len == 0, &context);
    if (!error)
        error = step(context, bindings, token, output);
    ntlm_cleanse_stack();
    if (error || context->stage == STAGE_COMPLETE)
        record_logon(context, (const struct credential *)credential, bindings, error);
    if (error) {
        free(output->value);
        output->value = NULL;
        output->length = 0;
        /* As in initiate.c: a first call that fails leaves no context. */
        if (begins)
            context_free(context);
        if (former)
            context_kill(former);
        return status_of(minor, error);
    }
    if (context->stage == STAGE_COMPLETE)
        context_drop_exchange(context);
    if (begins)
        context_free(former);
    *handle = (gss_ctx_id_t)context;
    if (source && context->stage == STAGE_COMPLETE)
        *source = (gss_name_t)name_ref(context->source);
    if (mech_type)
        *mech_type = oid_out(&oid_ntlmssp);
    if (ret_flags)
        *ret_flags = context->flags;
    if (time_rec)
        *time_rec = GSS_C_INDEFINITE;
    return context->stage == STAGE_COMPLETE ? status_of(minor, NTLM_OK)
                                            : status_as(minor, GSS_S_CONTINUE_NEEDED, NTLM_OK);
}
