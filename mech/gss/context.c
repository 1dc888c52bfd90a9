/* SPDX-License-Identifier: MIT */
/* context.c - what initiate.c and accept.c share: the end of an exchange,
 * whichever way it ended. */

#include "config.h"

#include "gss/context.h"

#include <stdlib.h>
#include <string.h>

#include "ntlm/describe_flags.h"
#include "ntlm/flags.h"
#include "ntlm/secret.h"
#include "support/failure.h"
#include "support/trace.h"

const uint8_t context_version[8] = {10, 0, 0x61, 0x4a, 0, 0, 0, 15};

void context_drop_exchange(struct context *context)
{
    ntlm_initiator_free(context->client);
    ntlm_acceptor_free(context->server);
    identity_release(context->identity);
    accounts_close(context->accounts);
    winbind_domain_put(context->domain);
    settings_put(context->settings);
    free(context->spn);
    free(context->hosts);
    free(context->account_file);
    context->client = NULL;
    context->server = NULL;
    context->identity = NULL;
    context->accounts = NULL;
    context->domain = NULL;
    context->settings = NULL;
    context->spn = NULL;
    context->hosts = NULL;
    context->account_file = NULL;
}

void context_kill(struct context *context)
{
    context_drop_exchange(context);
    ntlm_session_free(context->session);
    context->session = NULL;
    ntlm_cleanse(context->session_key, sizeof(context->session_key));
    context->stage = STAGE_DEAD;
    context->flags = 0;
}

void context_free(struct context *context)
{
    if (!context)
        return;
    context_kill(context);
    name_free(context->source);
    name_free(context->target);
    free(context);
}

enum ntlm_error context_established(const struct context *context)
{
    if (!context || context->stage < STAGE_COMPLETE)
        return NTLM_ERR_NOT_COMPLETE;
    return context->stage == STAGE_DEAD ? NTLM_ERR_DEAD_CONTEXT : NTLM_OK;
}

/* The flags truly in force (RFC 2744 5.19): NTLM has neither mutual
 * authentication nor delegation. An acceptor cannot know what order the
 * initiator cares for, so it has both detections wherever there is a
 * sequence number to look at. */
static OM_uint32 flags_in_force(const struct context *context,
                                const struct ntlm_outcome *outcome)
{
    const OM_uint32 detection = GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG;
    OM_uint32 flags = GSS_C_PROT_READY_FLAG | GSS_C_TRANS_FLAG;

    if (outcome->flags & NTLM_PROTECTION)
        flags |=
            GSS_C_INTEG_FLAG | (context->initiator ? context->asked & detection : detection);
    if (outcome->flags & NTLMSSP_NEGOTIATE_SEAL)
        flags |= GSS_C_CONF_FLAG;
    if (outcome->flags & NTLMSSP_NEGOTIATE_IDENTIFY)
        flags |= GSS_C_IDENTIFY_FLAG;
    if (outcome->flags & NTLMSSP_NEGOTIATE_DATAGRAM)
        flags |= NTLM_GSS_C_DATAGRAM_FLAG;
    if (outcome->anonymous)
        flags |= GSS_C_ANON_FLAG;
    if (outcome->bound)
        flags |= GSS_C_CHANNEL_BOUND_FLAG;
    return flags | (context->asked & GSS_C_DCE_STYLE);
}

static void trace_completion(const struct context *context)
{
    char names[512];

    if (!trace_on())
        return;
    ntlm_describe_flags(context->neg_flags, names, sizeof(names));
    trace("%s: context complete, MIC %s, channel bindings %s; agreed: %s",
          context->initiator ? "initiator" : "acceptor", context->mic ? "made" : "none",
          context->flags & GSS_C_CHANNEL_BOUND_FLAG ? "matched" : "not compared", names);
}

enum ntlm_error context_complete(struct context *context, const struct ntlm_outcome *outcome)
{
    enum ntlm_error error =
        ntlm_session_new(outcome->session_key, outcome->flags,
                         context->initiator ? NTLM_CLIENT : NTLM_SERVER, &context->session);

    if (error)
        return error;
    memcpy(context->session_key, outcome->session_key, sizeof(context->session_key));
    context->neg_flags = outcome->flags;
    context->mic = outcome->mic;
    context->flags = flags_in_force(context, outcome);
    context->stage = STAGE_COMPLETE;
    trace_completion(context);
    return NTLM_OK;
}

bool context_bindings(gss_channel_bindings_t bindings, uint8_t hash[16], enum ntlm_error *error)
{
    struct ntlm_bindings input;

    *error = NTLM_OK;
    if (bindings == GSS_C_NO_CHANNEL_BINDINGS)
        return false;
    if (!buffer_readable(&bindings->initiator_address) ||
        !buffer_readable(&bindings->acceptor_address) ||
        !buffer_readable(&bindings->application_data)) {
        *error = fail(NTLM_ERR_BAD_ARGUMENT, "the channel bindings have a NULL address");
        return false;
    }
    input.initiator_type = bindings->initiator_addrtype;
    input.initiator =
        ntlm_bytes(bindings->initiator_address.value, bindings->initiator_address.length);
    input.acceptor_type = bindings->acceptor_addrtype;
    input.acceptor =
        ntlm_bytes(bindings->acceptor_address.value, bindings->acceptor_address.length);
    input.application_data =
        ntlm_bytes(bindings->application_data.value, bindings->application_data.length);
    *error = ntlm_bindings_hash(&input, hash);
    return !*error;
}
