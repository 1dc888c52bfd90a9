/* SPDX-License-Identifier: MIT */
/* audit.c - what the records say. Their fields are described in mech_ntlmssp(8), "The record
 * of logons". */

#include "config.h"

#include "audit/audit.h"

#include <stdio.h>

#include "audit/record.h"
#include "ntlm/flags.h"

#define IDENTIFIER "mech_ntlmssp"
/* Random, as systemd.journal-fields(7) asks for. */
#define LOGON_ID "c79aa70533704bbe86a3e85758b53087"
#define SENDING_ID "87a567ed970446309929541f05f81805"

/* Who the restriction would keep out is recorded even where audit_logons is off: it was
 * asked for by name. */
static bool is_wanted(const struct settings *settings, enum ntlm_error error)
{
    if (!settings || settings->restrict_receiving_ntlm == RESTRICTION_AUDIT)
        return true;
    return settings->audit_logons == AUDIT_ALL ||
           (settings->audit_logons == AUDIT_FAILURES && error);
}

/* NULL for a response that is malformed. */
static const char *response_text(const struct audit_logon *ended)
{
    if (ended->channel == NTLM_CHANNEL_UNKNOWN)
        return NULL;
    switch (ended->logon->kind) {
    case NTLM_RESPONSE_ANONYMOUS:
        return "anonymous";
    case NTLM_RESPONSE_LM:
        return "LM";
    case NTLM_RESPONSE_V1:
        return "NTLMv1";
    case NTLM_RESPONSE_V1_ESS:
        return "NTLMv1-ESS";
    case NTLM_RESPONSE_V2:
        return "NTLMv2";
    }
    return NULL;
}

static const char *protection_text(const struct ntlm_logon *logon)
{
    if (logon->flags & NTLMSSP_NEGOTIATE_SEAL)
        return "seal";
    return logon->flags & NTLM_PROTECTION ? "sign" : "none";
}

static const char *channel_text(enum ntlm_channel channel)
{
    switch (channel) {
    case NTLM_CHANNEL_NONE:
        return "none";
    case NTLM_CHANNEL_NOT_CHECKED:
        return "not-checked";
    case NTLM_CHANNEL_MISSING:
        return "missing";
    case NTLM_CHANNEL_MATCHES:
        return "match";
    case NTLM_CHANNEL_DIFFERS:
        return "differ";
    case NTLM_CHANNEL_UNKNOWN:
        break;
    }
    return NULL;
}

static void add_client(struct audit_record *record, const struct ntlm_logon *logon)
{
    audit_record_add(record, "user", logon->user);
    audit_record_add(record, "domain", logon->domain);
    audit_record_add(record, "workstation", logon->workstation);
}

static void add_reason(struct audit_record *record, const struct audit_logon *ended)
{
    char number[16], reason[1024];

    if (!ended->error)
        return;
    snprintf(number, sizeof(number), "%d", (int)ended->error - NTLM_ERROR_BASE);
    snprintf(reason, sizeof(reason), "%s%s%s", ntlm_error_text(ended->error),
             ended->detail ? ": " : "", ended->detail ? ended->detail : "");
    audit_record_add(record, "error", number);
    audit_record_add(record, "reason", reason);
}

static void fill(struct audit_record *record, const struct settings *settings,
                 const struct audit_logon *ended)
{
    char account[1024];

    audit_record_add(record, "outcome", ended->error ? "failure" : "success");
    if (ended->logon)
        add_client(record, ended->logon);
    audit_record_add(record, "peer", ended->peer);
    if (!ended->error && ended->user) {
        const char *domain = ended->domain ? ended->domain : "";

        snprintf(account, sizeof(account), "%s%s%s", domain, *domain ? "\\" : "", ended->user);
        audit_record_add(record, "account", account);
    }
    audit_record_add(record, "source", ended->source);
    audit_record_add(record, "service", ended->service);
    audit_record_add(record, "target", ended->target);
    if (ended->logon) {
        audit_record_add(record, "bindings", channel_text(ended->channel));
        audit_record_add(record, "response", response_text(ended));
        audit_record_add(record, "protection", protection_text(ended->logon));
    }
    if (!ended->error)
        audit_record_add(record, "mic", ended->mic ? "yes" : "no");
    if (settings && settings->restrict_receiving_ntlm == RESTRICTION_AUDIT)
        audit_record_add(record, "restriction", "deny would refuse this");
    add_reason(record, ended);
}

void audit_logon(const struct settings *settings, const struct audit_logon *ended)
{
    struct audit_record record;
    struct audit_socket log;

    if (!is_wanted(settings, ended->error))
        return;
    log = audit_socket_open_system();
    if (log.fd < 0)
        return;
    audit_record_begin(&record, IDENTIFIER, LOGON_ID, ended->error ? AUDIT_NOTICE : AUDIT_INFO,
                       "logon");
    fill(&record, settings, ended);
    audit_record_send(&record, &log);
}

void audit_sending(const char *host, const char *user, const char *domain)
{
    struct audit_record record;
    struct audit_socket log = audit_socket_open_system();

    if (log.fd < 0)
        return;
    audit_record_begin(&record, IDENTIFIER, SENDING_ID, AUDIT_NOTICE, "sending");
    audit_record_add(&record, "server", *host ? host : "(without a name)");
    audit_record_add(&record, "user", user);
    audit_record_add(&record, "domain", domain);
    audit_record_add(&record, "restriction", "deny would refuse this");
    audit_record_send(&record, &log);
}
