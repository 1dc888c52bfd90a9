/* SPDX-License-Identifier: MIT */
/* record_logon.c - see record_logon.h. What a record looks like is audit/'s. */

#include "config.h"

#include "gss/record_logon.h"

#include <stdio.h>
#include <sys/socket.h>

#include <arpa/inet.h>

#include "audit/audit.h"
#include "support/failure.h"

/* The number of IPv6 in GSSAPI's own list, which RFC 2744 has not, as other
 * implementations have it. */
#define AF_INET6_OF_GSSAPI 24

/* A record shows no more of a name. */
#define SERVICE_MAX 512

/* The client's address, if the channel bindings have one. */
static const char *peer_text(gss_channel_bindings_t bindings, char out[INET6_ADDRSTRLEN])
{
    const gss_buffer_desc *address;
    OM_uint32 type;

    if (bindings == GSS_C_NO_CHANNEL_BINDINGS)
        return NULL;
    address = &bindings->initiator_address;
    type = bindings->initiator_addrtype;
    if (!address->value)
        return NULL;
    if (type == GSS_C_AF_INET && address->length == sizeof(struct in_addr))
        return inet_ntop(AF_INET, address->value, out, INET6_ADDRSTRLEN);
    if ((type == AF_INET6_OF_GSSAPI || type == AF_INET6) &&
        address->length == sizeof(struct in6_addr))
        return inet_ntop(AF_INET6, address->value, out, INET6_ADDRSTRLEN);
    return NULL;
}

static bool came_after_the_end(enum ntlm_error error)
{
    return error == NTLM_ERR_DEAD_CONTEXT || error == NTLM_ERR_ALREADY_COMPLETE;
}

static void add_context(const struct context *context, struct audit_logon *ended)
{
    const struct ntlm_outcome *outcome;

    if (!context->server)
        return;
    outcome = ntlm_acceptor_outcome(context->server);
    ended->logon = ntlm_acceptor_logon(context->server);
    ended->channel = ntlm_acceptor_channel(context->server);
    ended->target = ntlm_acceptor_target_name(context->server);
    ended->source = context->account_source;
    ended->mic = outcome && outcome->mic;
    if (context->source && context->source->kind == NAME_USER) {
        ended->user = context->source->user;
        ended->domain = context->source->domain;
    }
}

/* The server's own name in out, as an SPN; NULL without one. */
static const char *service_text(const struct name *name, char out[SERVICE_MAX])
{
    if (!name || name->kind != NAME_SERVICE)
        return NULL;
    snprintf(out, SERVICE_MAX, "%s%s%s", name->service, *name->host ? "/" : "", name->host);
    return out;
}

void record_logon(const struct context *context, const struct credential *credential,
                  gss_channel_bindings_t bindings, enum ntlm_error error)
{
    char peer[INET6_ADDRSTRLEN], service[SERVICE_MAX];
    struct audit_logon ended = {.error = error};
    const struct settings *settings = NULL;

    if (came_after_the_end(error))
        return;
    if (error)
        ended.detail = failure_recorded(error);
    if (context)
        add_context(context, &ended);
    if (context)
        ended.service = service_text(context->target, service);
    else if (credential)
        ended.service = service_text(credential->acceptor_name, service);
    ended.peer = peer_text(bindings, peer);
    /* Without a context, settings that can be read are those of now. */
    if (context && context->settings)
        settings = settings_ref(context->settings);
    else if (error != NTLM_ERR_BAD_SETTING)
        settings_get(&settings);
    audit_logon(settings, &ended);
    settings_put(settings);
}
