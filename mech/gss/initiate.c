/* SPDX-License-Identifier: MIT */
/* initiate.c - gss_init_sec_context (RFC 2744 5.19): the first call makes the
 * NEGOTIATE, the second takes the CHALLENGE and makes the AUTHENTICATE. */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "gss/context.h"
#include "gss/initiate.h"
#include "gss/module.h"
#include "gss/restrict.h"
#include "gss/status.h"
#include "ntlm/secret.h"
#include "support/outputs.h"
#include "support/system.h"
#include "support/trace.h"

/* Which protection the request flags ask for. Replay and sequence detection
 * take a signature where they can have one; but not for a credential that has
 * NO_CI_FLAGS set, whose owner says exactly what it wants. */
static void ask_for_protection(const struct credential *credential, OM_uint32 asked,
                               struct ntlm_initiator_config *config)
{
    config->integrity = (asked & (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG)) != 0;
    config->confidentiality = (asked & GSS_C_CONF_FLAG) != 0;
    config->detection =
        !credential->no_ci_flags && (asked & (GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG)) != 0;
}

/* What the administrator requires is asked for as if the program had. But not where it
 * would not know what to do with it, and where there can be none. */
static enum ntlm_error require_protection(const struct settings *settings,
                                          const struct credential *credential,
                                          struct ntlm_initiator_config *config)
{
    bool sign = settings->client_require_sign || settings->client_require_seal;

    if ((!sign || config->integrity) &&
        (!settings->client_require_seal || config->confidentiality))
        return NTLM_OK;
    if (credential->no_ci_flags)
        return fail(NTLM_ERR_CLIENT_POLICY, "the program wants none of it");
    if (config->anonymous)
        return fail(NTLM_ERR_CLIENT_POLICY, "an anonymous login can be neither");
    config->integrity = sign;
    config->confidentiality |= settings->client_require_seal;
    return NTLM_OK;
}

static enum ntlm_error start_exchange(struct context *made, const struct credential *credential)
{
    const struct settings *settings = made->settings;
    struct ntlm_initiator_config config = {
        .workstation = settings->netbios_computer,
        .target_name = made->spn,
        .target_unverified = (made->asked & NTLM_GSS_C_UNVERIFIED_TARGET_FLAG) != 0,
        .machine_id = settings->machine_id,
        .version = context_version,
        .identify = (made->asked & GSS_C_IDENTIFY_FLAG) != 0,
        .anonymous = !made->identity,
        .datagram = (made->asked & NTLM_GSS_C_DATAGRAM_FLAG) != 0,
        .require_128 = settings->require_128,
        .require_ess = settings->require_ess,
        .lm_compat_level = settings->lm_compat_level,
        .default_flags = credential->neg_flags,
    };
    enum ntlm_error error;

    ask_for_protection(credential, made->asked, &config);
    error = require_protection(settings, credential, &config);
    if (error)
        return error;
    return ntlm_initiator_new(production_env(), &config, &made->client);
}

/* Whether the login is anonymous: when the caller asks for that, whatever the
 * credential is. */
static enum ntlm_error choose_identity(struct context *made,
                                       const struct credential *credential,
                                       const struct name *target)
{
    enum ntlm_error error;

    if ((made->asked & GSS_C_ANON_FLAG) || credential->anonymous) {
        made->asked |= GSS_C_ANON_FLAG;
        return name_of_anonymous(&made->source);
    }
    error = credential_identity(credential, made->settings, target, &made->identity);
    if (error)
        return error;
    return name_of_user(identity_user(made->identity), identity_domain(made->identity),
                        &made->source);
}

/* The settings are those of now, however old the credential is. */
static enum ntlm_error fill(struct context *made, const struct credential *credential,
                            const struct name *target)
{
    enum ntlm_error error = settings_get(&made->settings);

    if (!error)
        error = choose_identity(made, credential, target);
    if (!error)
        error = restrict_target(made->settings, target, made->source);
    if (error)
        return error;
    made->target = name_ref(target);
    made->spn = target ? name_spn(target) : strdup("");
    if (!made->spn)
        return NTLM_ERR_OUT_OF_MEMORY;
    return start_exchange(made, credential);
}

/* The credential that GSS_C_NO_CREDENTIAL stands for here. */
static enum ntlm_error default_credential(OM_uint32 asked, struct credential **made)
{
    struct credential_request request = {.usage = GSS_C_INITIATE};
    struct name *nobody = NULL;
    enum ntlm_error error = NTLM_OK;

    if (asked & GSS_C_ANON_FLAG)
        error = name_of_anonymous(&nobody);
    request.name = nobody;
    if (!error)
        error = credential_make(&request, made);
    name_free(nobody);
    return error;
}

static enum ntlm_error begin(const struct credential *credential, const struct name *target,
                             OM_uint32 asked, struct context **out)
{
    struct context *made = calloc(1, sizeof(*made));
    struct credential *mine = NULL;
    enum ntlm_error error = NTLM_OK;

    *out = NULL;
    if (!made)
        return NTLM_ERR_OUT_OF_MEMORY;
    made->initiator = true;
    made->asked = asked;
    if (!credential) {
        error = default_credential(asked, &mine);
        credential = mine;
    }
    if (!error)
        error = fill(made, credential, target);
    if (!error) {
        *out = made;
        made = NULL;
    }
    context_free(made);
    credential_free(mine);
    return error;
}

/* NEGOTIATE is out. */
static void become_half(struct context *context)
{
    context->stage = STAGE_HALF;
    /* RFC 2744 5.19: what is expected to be in force if all goes well. */
    context->flags =
        GSS_C_TRANS_FLAG |
        (context->asked &
         (GSS_C_INTEG_FLAG | GSS_C_CONF_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG |
          GSS_C_ANON_FLAG | GSS_C_IDENTIFY_FLAG | GSS_C_DCE_STYLE | NTLM_GSS_C_DATAGRAM_FLAG));
}

enum ntlm_error initiate_resume(const struct credential *credential, const struct name *target,
                                OM_uint32 asked, struct ntlm_reader *half,
                                struct context **context)
{
    enum ntlm_error error = begin(credential, target, asked, context);

    if (!error)
        error = ntlm_initiator_resume((*context)->client, half);
    if (!error) {
        become_half(*context);
        return NTLM_OK;
    }
    context_free(*context);
    *context = NULL;
    return error;
}

static enum ntlm_error send_negotiate(struct context *context, uint8_t **token, size_t *len)
{
    enum ntlm_error error = ntlm_initiator_negotiate(context->client, token, len);

    if (!error)
        become_half(context);
    return error;
}

static enum ntlm_error answer_challenge(struct context *context, gss_buffer_t input,
                                        uint8_t **token, size_t *len)
{
    struct ntlm_secret secret;
    enum ntlm_error error = NTLM_OK;

    if (context->stage >= STAGE_COMPLETE)
        return context->stage == STAGE_DEAD ? NTLM_ERR_DEAD_CONTEXT : NTLM_ERR_ALREADY_COMPLETE;
    if (!input || input->length == 0)
        return fail(NTLM_ERR_WRONG_MESSAGE, "no CHALLENGE was given");
    trace_token("initiator receives", ntlm_bytes(input->value, input->length));
    if (context->identity) {
        error = identity_check_time(context->identity); /* it may have ended meanwhile */
        identity_secret(context->identity, &secret);
    }
    if (!error)
        error = ntlm_initiator_authenticate(context->client,
                                            ntlm_bytes(input->value, input->length),
                                            context->identity ? &secret : NULL, token, len);
    if (!error)
        error = context_complete(context, ntlm_initiator_outcome(context->client));
    if (!error)
        context_drop_exchange(context);
    return error;
}

static enum ntlm_error bind_channel(struct context *context, gss_channel_bindings_t bindings)
{
    uint8_t hash[16];
    enum ntlm_error error = NTLM_OK;

    if (context->client && context_bindings(bindings, hash, &error))
        ntlm_initiator_bind(context->client, hash);
    return error;
}

/* Whether a NEGOTIATE is due. Of datagrams there is none, so the first call may
 * have the CHALLENGE already. */
static bool negotiate_is_due(const struct context *context, gss_buffer_t input)
{
    bool challenged = (context->asked & NTLM_GSS_C_DATAGRAM_FLAG) && input && input->length > 0;

    return context->client && context->stage == STAGE_NEW && !challenged;
}

static enum ntlm_error step(struct context *context, gss_channel_bindings_t bindings,
                            gss_buffer_t input, gss_buffer_t output)
{
    bool first = negotiate_is_due(context, input);
    uint8_t *token = NULL;
    size_t len = 0;
    enum ntlm_error error = bind_channel(context, bindings);

    if (!error)
        error = first ? send_negotiate(context, &token, &len)
                      : answer_challenge(context, input, &token, &len);
    if (error) {
        free(token);
        return error;
    }
    trace_token("initiator sends", ntlm_bytes(token, len));
    output->value = token;
    output->length = len;
    return NTLM_OK;
}

EXPORTED OM_uint32 gss_init_sec_context(OM_uint32 *minor, gss_cred_id_t credential,
                                        gss_ctx_id_t *handle, gss_name_t target,
                                        gss_OID mech_type, OM_uint32 req_flags,
                                        OM_uint32 time_req, gss_channel_bindings_t bindings,
                                        gss_buffer_t input, gss_OID *actual_mech,
                                        gss_buffer_t output, OM_uint32 *ret_flags,
                                        OM_uint32 *time_rec)
{
    struct context *context;
    bool first;
    enum ntlm_error error = NTLM_OK;

    (void)mech_type; /* the mechglue calls us for ours only */
    (void)time_req;  /* NTLM contexts do not expire */
    EMPTY(actual_mech);
    EMPTY(output);
    EMPTY(ret_flags);
    EMPTY(time_rec);
    if (!handle || !output || (input && !buffer_readable(input)))
        return status_bad_call(minor, GSS_S_CALL_INACCESSIBLE_WRITE,
                               "the context or the output is NULL");
    context = (struct context *)*handle;
    first = !context;
    if (first)
        error = begin((const struct credential *)credential, (const struct name *)target,
                      req_flags, &context);
    if (!error)
        error = step(context, bindings, input, output);
    ntlm_cleanse_stack();
    if (error) {
        /* RFC 2744 5.19: a first call that fails leaves no context; a later
         * one leaves a dead one, for the caller to delete. */
        if (first)
            context_free(context);
        else
            context_kill(context);
        return status_of(minor, error);
    }
    *handle = (gss_ctx_id_t)context;
    if (actual_mech)
        *actual_mech = oid_out(&oid_ntlmssp);
    if (ret_flags)
        *ret_flags = context->flags;
    if (time_rec)
        *time_rec = GSS_C_INDEFINITE;
    return context->stage == STAGE_COMPLETE ? status_of(minor, NTLM_OK)
                                            : status_as(minor, GSS_S_CONTINUE_NEEDED, NTLM_OK);
}
